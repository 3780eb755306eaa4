"""A draft as an account shows it: its disclaimer, what it discloses, how it signs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.figures.facts import facts_of
from composer.text.campaigns import Campaign
from composer.text.disclaimers import DisclaimerForm, Jurisdiction, disclaimer_text
from composer.text.notices import DISCLAIMER, SIMULATED
from composer.text.passages import Passage
from composer.text.presence import PLAIN, Audience, Position, Presence, present
from composer.text.writing import write_post
from tests.markets import SAMPLE_2, figures_of

FACTS = facts_of(figures_of(SAMPLE_2))
POST = write_post("brief", locale="en", facts=FACTS).passages
NOW = datetime(2026, 11, 10, tzinfo=UTC)
CUP = Campaign(
    name="cup",
    starts=NOW - timedelta(days=1),
    ends=NOW + timedelta(days=1),
    texts={"en": "The Cup: 50,000 USDT.", "zh_Hans": "杯赛：50,000 USDT。"},
    link="https://www.example.com/cup",
)
SIGNED = Presence(handle="Maria", sign_off={"en": "Trade carefully."}, campaigns=(CUP,))


def shown(presence: Presence, *, locale: str = "en", at: datetime = NOW) -> tuple[Passage, ...]:
    return present(POST, presence, locale=locale, facts=FACTS, publish_at=at)


def text_of(key: str, passages: tuple[Passage, ...]) -> str | None:
    return next((one.text for one in passages if one.key == key), None)


def test_an_account_of_which_nothing_is_said_shows_the_draft() -> None:
    assert shown(PLAIN) == POST


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, None),
        ({"position": Position.NONE}, "The author holds no BTC position."),
        ({"position": Position.LONG}, "The author holds a long BTC position."),
        ({"position": Position.SHORT}, "The author holds a short BTC position."),
        ({"compensated": False}, "Nobody paid the author for this post."),
        ({"compensated": True}, "The author was paid for this post."),
        ({"compensated": True, "sponsor": "1inch"}, "This post was paid for by 1inch."),
        (
            {"compensated": True, "position": Position.LONG},
            "The author was paid for this post. The author holds a long BTC position.",
        ),
    ],
    ids=range(8),
)
def test_what_is_disclosed_is_said_and_nothing_else(
    fields: dict[str, object], sentence: str | None
) -> None:
    passages = shown(replace(PLAIN, **fields))  # type: ignore[arg-type] # the cases above fit
    assert text_of("disclosure", passages) == sentence
    for one in passages:
        if one.key == "disclosure":
            assert (one.editable, one.drop_order) == (False, None)
            assert one.operator is ("sponsor" in fields)


def test_a_position_is_told_before_the_disclaimer_and_payment_under_the_title() -> None:
    keys = [one.key for one in shown(replace(PLAIN, position=Position.LONG))]
    assert keys[-3:] == ["source", "disclosure", DISCLAIMER]
    paid = replace(PLAIN, compensated=True)
    assert [one.key for one in shown(paid)][:2] == ["title", "disclosure"]
    marked = (POST[0], Passage(key=SIMULATED, text="SIMULATED", editable=False), *POST[1:])
    under = present(marked, paid, locale="en", facts=FACTS, publish_at=NOW)
    assert [one.key for one in under][:3] == ["title", SIMULATED, "disclosure"]


def test_the_operators_own_words_follow_the_text_and_may_go_first() -> None:
    passages = shown(SIGNED)
    keys = [one.key for one in passages]
    after = ("tags", "source", DISCLAIMER)
    assert keys == [
        *(one.key for one in POST if one.key not in after),
        *("sign_off", "campaign.cup"),
        *(one.key for one in POST if one.key in after),
    ]
    assert text_of("sign_off", passages) == "Trade carefully.\nMaria"
    assert text_of("campaign.cup", passages) == "The Cup: 50,000 USDT.\nhttps://www.example.com/cup"
    own = [one for one in passages if one.operator]
    assert [one.editable for one in own] == [False, False]
    sign_off, campaign = (one.drop_order for one in own)
    lowest = min(one.drop_order for one in POST if one.drop_order is not None)
    assert campaign is not None
    assert sign_off is not None
    assert campaign < sign_off < lowest


def test_a_locale_without_a_sign_off_has_the_handle_alone() -> None:
    assert text_of("sign_off", shown(SIGNED, locale="zh_Hans")) == "Maria"
    assert text_of("sign_off", shown(replace(SIGNED, handle=""), locale="zh_Hans")) is None


@pytest.mark.parametrize(
    ("at", "runs", "is_over"),
    [
        (CUP.starts - timedelta(microseconds=1), False, False),
        (CUP.starts, True, False),
        (CUP.ends - timedelta(microseconds=1), True, False),
        (CUP.ends, False, True),
    ],
    ids=["before", "start", "last moment", "end"],
)
def test_a_campaign_is_shown_from_its_start_until_before_its_end(
    at: datetime, *, runs: bool, is_over: bool
) -> None:
    assert (CUP.runs_at(at), CUP.is_over_at(at)) == (runs, is_over)
    assert (text_of("campaign.cup", shown(SIGNED, at=at)) is not None) is runs


def test_a_campaign_without_words_of_the_locale_is_left_out() -> None:
    untranslated = replace(CUP, texts={"zh_Hans": "杯赛"})
    assert text_of("campaign.cup", shown(replace(SIGNED, campaigns=(untranslated,)))) is None


@pytest.mark.parametrize("profile", Jurisdiction)
@pytest.mark.parametrize("form", DisclaimerForm)
def test_the_disclaimer_is_that_of_the_account(profile: Jurisdiction, form: DisclaimerForm) -> None:
    passages = present(
        POST,
        replace(PLAIN, jurisdiction=profile),
        locale="en",
        facts=FACTS,
        publish_at=NOW,
        form=form,
    )
    assert text_of(DISCLAIMER, passages) == disclaimer_text("en", profile, form)
    assert [one for one in passages if one.key != DISCLAIMER] == list(POST[:-1])


@pytest.mark.parametrize(
    ("jurisdiction", "audience", "reaches"),
    [
        ("default", "general", False),
        ("eu", "professional", False),
        ("uk", "general", True),
        ("uk", "uk_retail", True),
        ("uk", "professional", False),
        ("us", "uk_retail", True),
    ],
)
def test_who_is_read_by_british_retail_clients(
    jurisdiction: str, audience: str, *, reaches: bool
) -> None:
    presence = Presence(jurisdiction=Jurisdiction(jurisdiction), audience=Audience(audience))
    assert presence.reaches_uk_retail is reaches


presences = st.builds(
    Presence,
    jurisdiction=st.sampled_from(Jurisdiction),
    position=st.none() | st.sampled_from(Position),
    compensated=st.none() | st.booleans(),
    sponsor=st.sampled_from(["", "1inch Labs"]),
    handle=st.sampled_from(["", "Maria"]),
    sign_off=st.sampled_from([{}, {"en": "Bye."}]),
    campaigns=st.sampled_from([(), (CUP,), (CUP, replace(CUP, name="other"))]),
)


@given(presences, st.sampled_from(DisclaimerForm))
def test_nothing_of_the_draft_is_lost_or_moved(presence: Presence, form: DisclaimerForm) -> None:
    passages = present(POST, presence, locale="en", facts=FACTS, publish_at=NOW, form=form)
    ours = {one.key for one in POST}
    kept = [one for one in passages if one.key in ours]
    assert [one.key for one in kept] == [one.key for one in POST]
    assert [one for one in kept if one.key != DISCLAIMER] == list(POST[:-1])
    assert len({one.key for one in passages}) == len(passages)
    assert not any(one.editable for one in passages if one.key not in ours)
