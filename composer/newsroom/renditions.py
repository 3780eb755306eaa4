"""Render a draft for one account: the exact text and images that would be sent there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from composer.checks import run_checks
from composer.checks.records import Finding, Severity, Subject
from composer.errors import ConfigError, RefusedError, RenderError
from composer.newsroom.fitting import fit
from composer.newsroom.outlets import LimitsOf
from composer.newsroom.records import Account, Rendition, Revision, StoredSnapshot
from composer.publishers.records import Limits, SourceWording
from composer.text.amounts import AmountFormatter
from composer.text.passages import Passage, join_passages
from composer.text.tokens import render_tokens
from composer.text.writing import SOURCE, generic_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A draft as it is for one account, with the keys of passages left out to make room.

    `images_left_out` counts images; `unfit` says why it cannot go there all the same.
    """

    rendition: Rendition
    left_out: tuple[str, ...] = ()
    images_left_out: int = 0
    unfit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What an account would get of a draft, and what the checks say of it there.

    Without a rendition it gets nothing: `blocked` are the ids of the findings that keep it.
    """

    rendition: Rendition | None = None
    left_out: tuple[str, ...] = ()
    images_left_out: int = 0
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> tuple[str, ...]:
        """The ids of findings that keep the draft from the account."""
        return blocking(self.findings)


def render(
    revision: Revision,
    snapshot: StoredSnapshot,
    *,
    locale: str,
    account: Account,
    limits: Limits,
) -> Rendered:
    """Return what would be sent to `account`: as much of a draft as fits its limits.

    The last images and whole passages are left out. Raises RenderError if the locale lacks
    a wording that the platform asks for.
    """
    amounts = AmountFormatter(locale)

    def write(passages: Sequence[Passage]) -> str:
        return render_tokens(join_passages(passages), snapshot.facts, amounts).text

    passages = revision.passages
    if limits.source_wording is SourceWording.GENERIC:
        source = generic_source(locale, snapshot.facts)
        passages = tuple(
            replace(one, text=source) if one.key == SOURCE else one for one in passages
        )
    kept = fit(passages, limits, write)
    text, images = write(kept), revision.images[: limits.max_images]
    unfit = "; ".join(limits.wrong_with(text))
    if limits.too_much(text):
        unfit += "; what is left is mandatory, so edit it"
    return Rendered(
        rendition=Rendition(account=account.name, text=text, images=images),
        left_out=tuple(one.key for one in passages if one not in kept),
        images_left_out=len(revision.images) - len(images),
        unfit=unfit,
    )


def prospect_of(
    revision: Revision,
    snapshot: StoredSnapshot,
    *,
    locale: str,
    account: Account,
    limits_of: LimitsOf,
    now: datetime,
    max_age: timedelta,
) -> Prospect:
    """Return what an account would get of a draft at `now`.

    An account whose limits nobody can tell gets nothing; a finding says why.
    """
    subject = _subject(revision, snapshot, locale, now, max_age)
    try:
        limits = limits_of(account)
        rendered = render(revision, snapshot, locale=locale, account=account, limits=limits)
    except (ConfigError, RefusedError, RenderError) as error:
        there = replace(subject, destination=account.platform, unfit=str(error))
        return Prospect(findings=run_checks(there))
    there = replace(
        subject,
        destination=account.platform,
        unfit=rendered.unfit,
        names_rivals=limits.source_wording is SourceWording.NAMED,
    )
    findings = run_checks(there)
    return Prospect(
        rendition=None if blocking(findings) else rendered.rendition,
        left_out=rendered.left_out,
        images_left_out=rendered.images_left_out,
        findings=findings,
    )


def findings_of(
    revision: Revision,
    snapshot: StoredSnapshot,
    *,
    locale: str,
    now: datetime,
    max_age: timedelta,
) -> tuple[Finding, ...]:
    """Return what the checks say of a draft at `now`."""
    return run_checks(_subject(revision, snapshot, locale, now, max_age))


def _subject(
    revision: Revision,
    snapshot: StoredSnapshot,
    locale: str,
    now: datetime,
    max_age: timedelta,
) -> Subject:
    return Subject(
        locale=locale,
        passages=revision.passages,
        facts=snapshot.facts,
        looked_from=snapshot.looked_from or now,
        looked_back=snapshot.looked_from is not None,
        max_age=max_age,
        warnings=snapshot.warnings,
    )


def blocking(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the ids of findings that prevent approval and sending, each once."""
    return tuple(
        dict.fromkeys(finding.id for finding in findings if finding.severity is Severity.BLOCK)
    )
