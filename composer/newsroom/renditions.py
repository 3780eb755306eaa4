"""Render a draft for one account: the exact text and images that would be sent there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from composer.checks import catalog_gap, run_checks
from composer.checks.records import Finding, Severity, Subject
from composer.errors import ConfigError, RefusedError, RenderError
from composer.newsroom.fitting import fit
from composer.newsroom.outlets import LimitsOf, PresenceOf
from composer.newsroom.records.approvals import Rendition
from composer.newsroom.records.deliveries import Account
from composer.newsroom.records.drafts import Revision, StoredSnapshot
from composer.publishers.records import Limits, SourceWording
from composer.text.amounts import AmountFormatter
from composer.text.disclaimers import DisclaimerForm, disclaimer_label
from composer.text.notices import SOURCE
from composer.text.passages import Passage, join_passages, without_heading_marks
from composer.text.presence import Presence, present
from composer.text.tokens import render_tokens
from composer.text.writing import generic_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The moments a draft is judged by: now, when it could go out, and the age data may have."""

    now: datetime
    publish_at: datetime
    max_age: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A draft as it is for one account, with the keys of passages left out to make room.

    `whole` are its passages before that, with the source named; `disclaimer` is the label
    of the words it carries. `images_left_out` counts images; `unfit` says why it cannot go
    there all the same.
    """

    rendition: Rendition
    whole: tuple[Passage, ...]
    disclaimer: str
    left_out: tuple[str, ...] = ()
    images_left_out: int = 0
    unfit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitted:
    """A text with one form of the disclaimer, and what had to be left out of it."""

    form: DisclaimerForm
    whole: tuple[Passage, ...]
    text: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What an account would get of a draft, and what the checks say of it there.

    Without a rendition it gets nothing: `blocked` are the ids of the findings that keep it.
    `disclaimer` is the label of the words that the rendition carries.
    """

    rendition: Rendition | None = None
    disclaimer: str = ""
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
    presence: Presence,
    publish_at: datetime,
) -> Rendered:
    """Return what would be sent to `account` at `publish_at`: as much as fits its limits.

    The disclaimer is the short one where that keeps passages in; then the last images and
    whole passages are left out. Raises RenderError if the locale lacks a wording that the
    platform or the account asks for.
    """
    amounts = AmountFormatter(locale)
    named = limits.source_wording is SourceWording.NAMED
    source = None if named else generic_source(locale, snapshot.facts)

    def write(passages: Sequence[Passage]) -> str:
        source_text = join_passages(passages)
        if not limits.draws_markdown:
            source_text = without_heading_marks(source_text)
        return render_tokens(source_text, snapshot.facts, amounts).text

    def fitted(form: DisclaimerForm) -> _Fitted:
        whole = present(
            revision.passages,
            presence,
            locale=locale,
            facts=snapshot.facts,
            publish_at=publish_at,
            form=form,
        )
        passages = [
            replace(one, text=source) if source and one.key == SOURCE else one for one in whole
        ]
        kept = fit(passages, limits, write)
        return _Fitted(
            form=form,
            whole=whole,
            text=write(kept),
            left_out=tuple(one.key for one in passages if one not in kept),
        )

    best = fitted(DisclaimerForm.FULL)
    too_much = bool(limits.too_much(best.text))
    if best.left_out or too_much:
        shorter = fitted(DisclaimerForm.SHORT)
        if too_much or len(shorter.left_out) < len(best.left_out):
            best = shorter
    images = revision.images[: limits.max_images]
    unfit = "; ".join(limits.wrong_with(best.text))
    if limits.too_much(best.text):
        unfit += "; what is left is mandatory, so edit it"
    return Rendered(
        rendition=Rendition(account=account.name, text=best.text, images=images),
        whole=best.whole,
        disclaimer=disclaimer_label(presence.jurisdiction, best.form),
        left_out=best.left_out,
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
    presence_of: PresenceOf,
    times: Times,
) -> Prospect:
    """Return what an account would get of a draft.

    An account whose limits nobody can tell gets nothing; a finding says why.
    """
    subject = _subject(revision, snapshot, locale, times)
    subject = replace(subject, destination=account.platform)
    try:
        limits, presence = limits_of(account), presence_of(account)
        rendered = render(
            revision,
            snapshot,
            locale=locale,
            account=account,
            limits=limits,
            presence=presence,
            publish_at=times.publish_at,
        )
    except (ConfigError, RefusedError, RenderError) as error:
        return Prospect(findings=run_checks(replace(subject, unfit=str(error))))
    there = replace(
        subject,
        passages=rendered.whole,
        unfit=rendered.unfit,
        presence=presence,
        names_rivals=limits.source_wording is SourceWording.NAMED,
    )
    findings = run_checks(there)
    return Prospect(
        rendition=None if blocking(findings) else rendered.rendition,
        disclaimer=rendered.disclaimer,
        left_out=rendered.left_out,
        images_left_out=rendered.images_left_out,
        findings=findings,
    )


def renditions_in(prospects: Mapping[str, Prospect]) -> tuple[Rendition, ...]:
    """Return what accounts would get, of those that would get anything."""
    return tuple(one.rendition for one in prospects.values() if one.rendition is not None)


def findings_of(
    revision: Revision,
    snapshot: StoredSnapshot,
    *,
    locale: str,
    times: Times,
) -> tuple[Finding, ...]:
    """Return what the checks say of a draft.

    A sentence that the findings of the revision call untranslated is one as long as a
    passage has it: the text alone does not show that it is in the wrong language.
    """
    return run_checks(_subject(revision, snapshot, locale, times))


def _subject(revision: Revision, snapshot: StoredSnapshot, locale: str, times: Times) -> Subject:
    return Subject(
        locale=locale,
        passages=revision.passages,
        facts=snapshot.facts,
        looked_from=snapshot.looked_from or times.now,
        looked_back=snapshot.looked_from is not None,
        max_age=times.max_age,
        publish_at=times.publish_at,
        gaps=catalog_gap.still_there(revision.findings, revision.passages),
        warnings=snapshot.warnings,
    )


def blocking(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the ids of findings that prevent approval and sending, each once."""
    return tuple(
        dict.fromkeys(finding.id for finding in findings if finding.severity is Severity.BLOCK)
    )
