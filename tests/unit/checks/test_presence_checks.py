"""What the checks say of how an account presents itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from composer.checks import run_checks
from composer.checks.records import Finding, Severity, Subject
from composer.figures.facts import facts_of
from composer.text.campaigns import Campaign
from composer.text.disclaimers import Jurisdiction
from composer.text.passages import Passage
from composer.text.presence import PLAIN, Audience, Presence, present
from composer.text.writing import write_post
from tests.markets import AS_OF, SAMPLE_2, figures_of

FACTS = facts_of(figures_of(SAMPLE_2))
POST = write_post("brief", locale="en", facts=FACTS).passages
CUP = Campaign(
    name="cup",
    starts=AS_OF - timedelta(days=1),
    ends=datetime(2026, 11, 30, 23, 30, tzinfo=UTC),
    texts={"en": "The Cup: 50,000 USDT."},
)


def found(presence: Presence, /, *more: Passage, **fields: object) -> list[Finding]:
    passages = present(POST, presence, locale="en", facts=FACTS, publish_at=AS_OF)
    subject = Subject(
        locale="en",
        passages=(*passages, *more),
        facts=FACTS,
        looked_from=AS_OF,
        max_age=timedelta(hours=2),
        presence=presence,
        publish_at=AS_OF,
    )
    return list(run_checks(replace(subject, **fields)))  # type: ignore[arg-type] # of a Subject


def ids(findings: list[Finding]) -> list[tuple[str, Severity]]:
    return [(one.id, one.severity) for one in findings]


def test_the_operators_own_figures_are_none_of_ours() -> None:
    presence = Presence(
        handle="Trader 7",
        sign_off={"en": "Back at 08:00"},
        compensated=True,
        sponsor="1inch",
        campaigns=(CUP,),
    )
    assert found(presence) == []
    typed = Passage(key="note", text="At 95,000.")
    assert ids(found(presence, typed)) == [("unbound_figure", Severity.BLOCK)]


@pytest.mark.parametrize("profile", Jurisdiction)
def test_the_disclaimer_of_the_profile_will_do_and_no_other(profile: Jurisdiction) -> None:
    presence = Presence(jurisdiction=profile, audience=Audience.PROFESSIONAL)
    assert found(presence) == []
    for other in set(Jurisdiction) - {profile}:
        elsewhere = replace(presence, jurisdiction=other)
        assert ids(found(presence, presence=elsewhere)) == [("missing_disclaimer", Severity.BLOCK)]


@pytest.mark.parametrize(
    "presence",
    [Presence(jurisdiction=Jurisdiction.UK), Presence(audience=Audience.UK_RETAIL)],
    ids=["jurisdiction", "audience"],
)
def test_no_disclaimer_mends_what_is_banned(presence: Presence) -> None:
    assert ids(found(presence)) == [("uk_retail", Severity.BLOCK)]


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (AS_OF, []),
        (CUP.ends - timedelta(microseconds=1), []),
        (CUP.ends, [("campaign_over", Severity.WARN)]),
    ],
    ids=["runs", "last moment", "over"],
)
def test_a_campaign_that_is_over_is_told(at: datetime, told: list[tuple[str, Severity]]) -> None:
    findings = found(Presence(campaigns=(CUP,)), publish_at=at)
    assert ids(findings) == told
    if findings:
        assert "the campaign cup ended on 2026-11-30 23:30 UTC" in findings[0].message


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (CUP.starts - timedelta(microseconds=1), []),
        (CUP.starts, [("campaign_untranslated", Severity.WARN)]),
        (CUP.ends, [("campaign_over", Severity.WARN)]),
    ],
    ids=["before", "runs", "over"],
)
def test_a_campaign_without_words_is_told_while_it_runs(
    at: datetime, told: list[tuple[str, Severity]]
) -> None:
    assert ids(found(Presence(campaigns=(replace(CUP, texts={"ar": "x"}),)), publish_at=at)) == told


def test_a_draft_itself_has_no_campaigns_to_judge() -> None:
    assert found(PLAIN, publish_at=None) == []


@pytest.mark.parametrize("emoji", ["🚀", "🇪🇸", "☀️", "✅", "❤️", "⬆️", "⭐", "1️⃣"], ids=range(8))
def test_an_emoji_is_told_where_none_is_wanted(emoji: str) -> None:
    note = Passage(key="note", text=f"Up {emoji} now", operator=True)
    assert found(PLAIN, note) == []
    (finding,) = found(replace(PLAIN, emoji=False), note)
    assert (finding.id, finding.severity, finding.passage) == (
        "unwanted_emoji",
        Severity.WARN,
        "note",
    )
    start, end = finding.span or (0, 0)
    assert note.text[start:end] in emoji


@pytest.mark.parametrize(
    "text", ["→ up", "±", "× 2", "™ ©", "— “so” …", "做空 ↑", "№", "تصفية"], ids=range(8)
)
def test_plain_signs_are_no_emoji(text: str) -> None:
    note = Passage(key="note", text=text, operator=True)
    assert found(replace(PLAIN, emoji=False), note) == []
