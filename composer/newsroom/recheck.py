"""Check a filed draft again, after an edit or the passing of time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from composer.checks import catalog_gap, run_checks
from composer.checks.records import Finding, Severity, Subject
from composer.newsroom.draft_file import FiledDraft
from composer.text.amounts import AmountFormatter
from composer.text.passages import join_passages
from composer.text.tokens import render_tokens

BODY_DIFFERS = "body_differs"


def recheck(draft: FiledDraft, *, looked_from: datetime, max_age: timedelta) -> tuple[Finding, ...]:
    """Return what stands in the way of a filed draft.

    Title, body and source text that are not what the passages say are a blocking
    finding: figures could be changed there without touching a token. A sentence that
    was not translated when the draft was made still is not. Raises FiguresError if the
    facts of the draft do not say what they are figures of.
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
    gaps = [
        Finding(id=catalog_gap.ID, severity=Severity.BLOCK, message=message)
        for finding_id, message in draft.found
        if finding_id == catalog_gap.ID
    ]
    source_text = join_passages(draft.passages)
    amounts = AmountFormatter(draft.locale)
    title = draft.passages[0].text if draft.passages else ""
    written = {
        "title": render_tokens(title, draft.facts, amounts).text,
        "body": render_tokens(source_text, draft.facts, amounts).text,
        "source_text": source_text,
    }
    differs = [
        Finding(
            id=BODY_DIFFERS,
            severity=Severity.BLOCK,
            message=f"the {part} is not what the passages say; edit passages, nothing else",
        )
        for part, text in written.items()
        if text != getattr(draft, part)
    ]
    return (*differs, *gaps, *findings)


def blocks(findings: Iterable[Finding]) -> bool:
    """Tell whether one of the findings prevents approval and sending."""
    return any(finding.severity is Severity.BLOCK for finding in findings)
