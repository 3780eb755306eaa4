"""Render a draft for one account: the exact text and images that would be sent there."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from composer.checks import run_checks
from composer.checks.records import Finding, Severity, Subject
from composer.newsroom.records import Account, Rendition, Revision, StoredSnapshot
from composer.text.amounts import AmountFormatter
from composer.text.passages import join_passages
from composer.text.tokens import render_tokens


def render(
    revision: Revision, snapshot: StoredSnapshot, *, locale: str, account: Account
) -> Rendition:
    """Return what would be sent to `account`."""
    body = render_tokens(join_passages(revision.passages), snapshot.facts, AmountFormatter(locale))
    return Rendition(account=account.name, text=body.text, images=revision.images)


def findings_of(
    revision: Revision,
    snapshot: StoredSnapshot,
    *,
    locale: str,
    now: datetime,
    max_age: timedelta,
    platform: str | None = None,
) -> tuple[Finding, ...]:
    """Return what the checks say at `now` of a draft, or of its rendition for a platform."""
    return run_checks(
        Subject(
            locale=locale,
            passages=revision.passages,
            facts=snapshot.facts,
            looked_from=snapshot.looked_from or now,
            looked_back=snapshot.looked_from is not None,
            max_age=max_age,
            destination=platform,
            warnings=snapshot.warnings,
        )
    )


def blocking(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the ids of findings that prevent approval and sending, each once."""
    return tuple(
        dict.fromkeys(finding.id for finding in findings if finding.severity is Severity.BLOCK)
    )
