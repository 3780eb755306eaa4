"""Check a filed draft again, after an edit or the passing of time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from composer.checks import run_checks
from composer.checks.records import Finding, Severity, Subject
from composer.newsroom.draft_file import FiledDraft
from composer.text.amounts import AmountFormatter
from composer.text.passages import join_passages
from composer.text.tokens import render_tokens

BODY_DIFFERS = "body_differs"


def recheck(draft: FiledDraft, *, looked_from: datetime, max_age: timedelta) -> tuple[Finding, ...]:
    """Return what stands in the way of a filed draft.

    A body that is not its passages written out is a blocking finding: figures could
    be changed there without touching a token. Raises FiguresError if the facts of the
    draft do not say what they are figures of.
    """
    findings = run_checks(
        Subject(
            locale=draft.locale,
            passages=draft.passages,
            facts=draft.facts,
            looked_from=looked_from,
            max_age=max_age,
        )
    )
    written = render_tokens(
        join_passages(draft.passages), draft.facts, AmountFormatter(draft.locale)
    )
    if written.text == draft.body:
        return findings
    differs = Finding(
        id=BODY_DIFFERS,
        severity=Severity.BLOCK,
        message="the body is not what its passages say; edit the passages, never the body",
    )
    return differs, *findings


def blocks(findings: Iterable[Finding]) -> bool:
    """Tell whether one of the findings prevents approval and sending."""
    return any(finding.severity is Severity.BLOCK for finding in findings)
