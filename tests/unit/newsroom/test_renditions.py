"""What an account gets of a draft: fitted, without rivals' names, or nothing and why."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.checks.records import Finding, Severity
from composer.errors import ConfigError, RefusedError
from composer.figures.facts import Fact, facts_of
from composer.market.records import AND, Method
from composer.newsroom.outlets import plain_presence
from composer.newsroom.records.deliveries import Account
from composer.newsroom.records.drafts import AttachedImage, Revision, RevisionReason, StoredSnapshot
from composer.newsroom.renditions import Prospect, Rendered, Times, prospect_of, render
from composer.publishers.records import NO_LIMITS, Limits, SourceWording
from composer.text.amounts import AmountFormatter
from composer.text.campaigns import Campaign
from composer.text.disclaimers import DisclaimerForm, Jurisdiction, disclaimer_text
from composer.text.notices import DISCLAIMER, SOURCE
from composer.text.passages import Passage
from composer.text.presence import PLAIN, Position, Presence
from composer.text.tokens import render_tokens
from composer.text.writing import generic_source, write_post
from tests.markets import AS_OF, SAMPLE_2, figures_of

FACTS = facts_of(figures_of(SAMPLE_2))
ACCOUNT = Account(name="hand", platform="gate_square")
IMAGES = tuple(AttachedImage(sha256=name * 64, kind="map", alt=name) for name in "abc")
GENERIC = Limits(source_wording=SourceWording.GENERIC)
SNAPSHOT = StoredSnapshot(
    id="s",
    edition="e",
    as_of=AS_OF,
    fetched_at=AS_OF,
    looked_from=None,
    tree={},
    facts=FACTS,
    warnings={},
)
REVISION = Revision(
    number=1,
    snapshot="s",
    author=None,
    reason=RevisionReason.MADE,
    made_at=AS_OF,
    passages=write_post("brief", locale="en", facts=FACTS).passages,
    findings=(),
    images=IMAGES,
)


TIMES = Times(now=AS_OF, publish_at=AS_OF, max_age=timedelta(hours=2))


def rendered(limits: Limits, *passages: Passage, presence: Presence = PLAIN) -> Rendered:
    return render(
        replace(REVISION, passages=passages) if passages else REVISION,
        SNAPSHOT,
        locale="en",
        account=ACCOUNT,
        limits=limits,
        presence=presence,
        publish_at=AS_OF,
    )


def looked_at(
    limits: Limits,
    *passages: Passage,
    platform: str = "gate_square",
    presence: Presence = PLAIN,
) -> Prospect:
    def limits_of(account: Account) -> Limits:
        assert account.name == "hand"
        return limits

    return prospect_of(
        replace(REVISION, passages=(*REVISION.passages, *passages)),
        SNAPSHOT,
        locale="en",
        account=replace(ACCOUNT, platform=platform),
        limits_of=limits_of,
        presence_of=lambda _account: presence,
        times=TIMES,
    )


def test_figures_are_counted_as_they_are_printed() -> None:
    lead = Passage(key="lead", text="At [[price]].")
    more = Passage(key="more", text="More.", drop_order=0)
    text = "At $90,132.\n\nMore."
    assert rendered(Limits(max_characters=len(text)), lead, more).rendition.text == text
    short = rendered(Limits(max_characters=len(text) - 1), lead, more)
    assert (short.rendition.text, short.left_out) == ("At $90,132.", ("more",))


def test_without_limits_everything_is_there() -> None:
    whole = rendered(NO_LIMITS)
    assert (whole.rendition.images, whole.left_out, whole.images_left_out) == (IMAGES, (), 0)
    assert "Coinglass" in whole.rendition.text


@pytest.mark.parametrize(("most", "kept"), [(0, 0), (1, 1), (3, 3), (4, 3)])
def test_the_last_images_are_left_out(most: int, kept: int) -> None:
    fitted = rendered(Limits(max_images=most))
    assert fitted.rendition.images == IMAGES[:kept]
    assert fitted.images_left_out == 3 - kept


def test_what_cannot_fit_goes_nowhere_and_says_how_much_it_is() -> None:
    mandatory = len(rendered(Limits(max_characters=1)).rendition.text)
    fits = looked_at(Limits(max_characters=mandatory))
    assert fits.rendition is not None
    assert len(fits.rendition.text) == mandatory
    unfit = looked_at(Limits(max_characters=mandatory - 1))
    assert unfit.rendition is None
    assert unfit.blocked == ("does_not_fit",)
    (finding,) = unfit.findings
    assert finding.message == (
        f"it has {mandatory:,} characters, {mandatory - 1:,} is the most; "
        "what is left is mandatory, so edit it"
    )


def test_what_dropping_cannot_mend_is_not_dropped_for() -> None:
    bold = Passage(key="bold", text="A **bold** word.", drop_order=0)
    prospect = looked_at(Limits(draws_markdown=False), bold)
    assert (prospect.rendition, prospect.left_out) == (None, ())
    assert [one.message for one in prospect.findings] == [
        "it has Markdown, which would be shown as it is typed"
    ]


def test_an_account_nobody_can_tell_the_limits_of_gets_nothing() -> None:
    def limits_of(_account: Account) -> Limits:
        msg = "settings: account hand: mode 'poem' is unknown"
        raise ConfigError(msg)

    prospect = prospect_of(
        REVISION,
        SNAPSHOT,
        locale="en",
        account=ACCOUNT,
        limits_of=limits_of,
        presence_of=plain_presence,
        times=TIMES,
    )
    assert prospect == Prospect(
        findings=(
            Finding(
                id="does_not_fit",
                severity=Severity.BLOCK,
                message="settings: account hand: mode 'poem' is unknown",
            ),
        )
    )


# Where names of other exchanges are not welcome.


def test_the_source_line_names_nobody_there_and_stays_in_the_record() -> None:
    text = rendered(GENERIC).rendition.text
    assert "Coinglass" not in text
    assert "Data: liquidation map published by a market data provider, 08:00 UTC" in text
    assert any("Coinglass" in one.text for one in REVISION.passages if one.key == SOURCE)
    assert looked_at(GENERIC).findings == ()


def test_the_short_line_may_make_the_text_fit() -> None:
    named, generic = (len(rendered(limits).rendition.text) for limits in (NO_LIMITS, GENERIC))
    tight = replace(GENERIC, max_characters=generic)
    assert rendered(tight).left_out == ()
    assert named != generic


def estimated(*sources: str, method: Method = Method.ESTIMATED) -> Mapping[str, Fact]:
    return {
        key: replace(fact, source=AND.join(sources), note=method.value)
        for key, fact in FACTS.items()
    }


@pytest.mark.parametrize(
    ("locale", "facts", "line"),
    [
        ("en", estimated("OKX"), "map estimated from public data of a major exchange, [["),
        ("en", estimated("OKX", "Bybit"), "estimated from public data of major exchanges, [["),
        ("en", estimated("simulated", method=Method.SIMULATED), "Data: a simulated market, [["),
        ("zh_Hans", estimated("OKX"), "数据：根据一家主要交易所的公开数据估算的清算地图"),
        ("zh_Hans", estimated("OKX", "Bybit"), "数据：根据主要交易所的公开数据估算的清算地图"),
        ("zh_Hans", FACTS, "数据：市场数据服务商发布的清算地图"),
    ],
    ids=range(6),
)
def test_the_line_is_true_of_one_and_of_several(
    locale: str, facts: Mapping[str, Fact], line: str
) -> None:
    assert line in generic_source(locale, facts)


def test_a_rival_in_a_text_is_a_warning_there_only() -> None:
    typed = Passage(key="note", text="Seen on BYBIT and 币安, not on Gate.io.")
    prospect = looked_at(GENERIC, typed)
    assert prospect.rendition is not None
    assert [
        (one.id, one.severity, one.passage, typed.text[slice(*one.span or (0, 0))])
        for one in prospect.findings
    ] == [
        ("rival_name", Severity.WARN, "note", "BYBIT"),
        ("rival_name", Severity.WARN, "note", "币安"),
    ]
    assert looked_at(NO_LIMITS, typed).findings == ()


@pytest.mark.parametrize("text", ["Cokxy", "binancenews", "a gate, opened", "Upbits"])
def test_a_name_within_a_word_is_none(text: str) -> None:
    assert looked_at(GENERIC, Passage(key="note", text=text)).findings == ()


def test_fixed_wording_is_nobodys_to_change() -> None:
    assert looked_at(GENERIC, Passage(key="note", text="OKX", editable=False)).findings == ()


# Cashtags.


@pytest.mark.parametrize(
    ("text", "marked", "fix"),
    [
        ("$BTC: up", "$BTC:", "$BTC —"),
        ("看 $1INCH：涨", "$1INCH：", "$1INCH —"),
    ],
)
def test_a_colon_glued_to_a_cashtag_is_told_with_its_fix(text: str, marked: str, fix: str) -> None:
    passage = Passage(key="note", text=text)
    (finding,) = [
        one
        for one in looked_at(NO_LIMITS, passage, platform="binance_square").findings
        if one.id == "glued_cashtag"
    ]
    assert (finding.severity, finding.passage, finding.fix) == (Severity.WARN, "note", fix)
    assert text[slice(*finding.span or (0, 0))] == marked
    assert "glued_cashtag" not in {one.id for one in looked_at(NO_LIMITS, passage).findings}


@pytest.mark.parametrize("text", ["$BTC — up", "$BTC, up:", "BTC: up", "[[price]]: up"])
def test_other_colons_are_fine(text: str) -> None:
    found = looked_at(NO_LIMITS, Passage(key="note", text=text), platform="binance_square")
    assert "glued_cashtag" not in {one.id for one in found.findings}


# How an account presents itself.

PAID = Presence(
    jurisdiction=Jurisdiction.EU,
    position=Position.LONG,
    compensated=True,
    sponsor="1inch",
    handle="Maria",
    campaigns=(
        Campaign(
            name="cup",
            starts=AS_OF,
            ends=AS_OF + timedelta(hours=1),
            texts={"en": "The Cup."},
        ),
    ),
)


def test_an_account_gets_what_it_discloses_and_how_it_signs() -> None:
    prospect = looked_at(NO_LIMITS, presence=PAID)
    assert prospect.rendition is not None
    text, eu = prospect.rendition.text, disclaimer_text("en", Jurisdiction.EU, DisclaimerForm.FULL)
    title, paid, _lead = text.split("\n\n", 2)
    assert paid == "This post was paid for by 1inch. The author holds a long BTC position."
    assert "\n\nMaria\n\nThe Cup.\n\n" in text
    assert text.endswith(eu)
    assert (prospect.findings, prospect.disclaimer) == ((), "eu 2026-11 full")
    assert looked_at(NO_LIMITS).disclaimer == "default 2026-11 full"
    assert title in rendered(NO_LIMITS).rendition.text


def test_the_short_disclaimer_makes_room_before_anything_goes() -> None:
    whole = rendered(NO_LIMITS, presence=PAID)
    full, short = (disclaimer_text("en", Jurisdiction.EU, form) for form in DisclaimerForm)
    most = len(whole.rendition.text)
    assert whole.disclaimer == "eu 2026-11 full"
    exact = rendered(Limits(max_characters=most), presence=PAID)
    assert (exact.disclaimer, exact.left_out) == ("eu 2026-11 full", ())
    tight = rendered(Limits(max_characters=most - 1), presence=PAID)
    assert (tight.disclaimer, tight.left_out) == ("eu 2026-11 short", ())
    assert tight.rendition.text == whole.rendition.text.replace(full, short)
    less = len(tight.rendition.text) - 1
    for most, gone in ((less, ("campaign.cup",)), (less - 10, ("sign_off", "campaign.cup"))):
        tighter = rendered(Limits(max_characters=most), presence=PAID)
        assert (tighter.disclaimer, tighter.left_out) == ("eu 2026-11 short", gone)


@given(
    st.builds(
        Presence,
        jurisdiction=st.sampled_from(Jurisdiction),
        position=st.none() | st.sampled_from(Position),
        compensated=st.none() | st.booleans(),
        handle=st.sampled_from(["", "Maria"]),
        campaigns=st.sampled_from([(), PAID.campaigns]),
    ),
    st.integers(0, 2_500),
)
def test_whatever_fits_carries_all_that_is_mandatory(presence: Presence, most: int) -> None:
    fitted = rendered(Limits(max_characters=most), presence=presence)
    amounts = AmountFormatter("en")
    for passage in fitted.whole:
        mandatory = passage.drop_order is None
        text = render_tokens(passage.text, FACTS, amounts).text
        assert (text in fitted.rendition.text) or not mandatory
        assert mandatory or (passage.key in fitted.left_out) is not (text in fitted.rendition.text)
    assert bool(fitted.unfit) is (len(fitted.rendition.text) > most)
    is_full = disclaimer_text("en", presence.jurisdiction, DisclaimerForm.FULL)
    assert (is_full in fitted.rendition.text) is fitted.disclaimer.endswith("full")
    whole = rendered(NO_LIMITS, presence=presence).rendition.text
    assert fitted.rendition.text == whole or len(whole) > most


def test_the_full_disclaimer_stays_where_the_short_one_would_keep_nothing_in() -> None:
    tagged = Passage(key="more", text="#one #two #three", drop_order=0)
    disclaimer = next(one for one in REVISION.passages if one.key == DISCLAIMER)
    fitted = rendered(Limits(max_hashtags=2), tagged, disclaimer)
    assert (fitted.left_out, fitted.disclaimer) == (("more",), "default 2026-11 full")
    assert fitted.rendition.text == disclaimer.text


def test_an_account_that_is_gone_gets_nothing() -> None:
    def presence_of(account: Account) -> Presence:
        msg = f"the account {account.name} is not configured any more"
        raise RefusedError(msg)

    prospect = prospect_of(
        REVISION,
        SNAPSHOT,
        locale="en",
        account=ACCOUNT,
        limits_of=lambda _account: NO_LIMITS,
        presence_of=presence_of,
        times=TIMES,
    )
    assert (prospect.rendition, prospect.blocked) == (None, ("does_not_fit",))


def test_british_retail_clients_get_nothing() -> None:
    prospect = looked_at(NO_LIMITS, presence=Presence(jurisdiction=Jurisdiction.UK))
    assert (prospect.rendition, prospect.blocked) == (None, ("uk_retail",))
