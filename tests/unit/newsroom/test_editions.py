"""An edition from a market that a small class of ours makes up."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from composer import resources
from composer.charts.scene import Scene
from composer.checks import catalog_gap
from composer.checks.records import Severity
from composer.errors import (
    ConfigError,
    FiguresError,
    RenderError,
    SourceRefusedError,
    SourceUnavailableError,
)
from composer.figures.facts import FactKind, facts_of, kind_of
from composer.figures.levels import LevelPolicy
from composer.market.records import MarketSnapshot, Method, Query
from composer.newsroom.drawing import CHARTS, LONG_CHARTS, draw_chart_of
from composer.newsroom.editions import make_edition
from composer.newsroom.observing import identify, observe
from composer.newsroom.records.editions import Commission, Edition
from composer.text import catalogs
from composer.text.amounts import AmountFormatter
from composer.text.tokens import render_tokens
from composer.text.writing import WrittenChart
from tests.markets import AS_OF, SAMPLE_2, snapshot_of, trading_snapshot

PNG = b"\x89PNG\r\n\x1a\n"


class FakeSource:
    """A source that answers with a market given to it, and remembers what it was asked."""

    def __init__(self, *answers: MarketSnapshot | Exception, name: str = "fake") -> None:
        self.name = name
        self.asked: list[Query] = []
        self._answers = list(answers)

    def snapshot(self, query: Query) -> MarketSnapshot:
        self.asked.append(query)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def commission(
    *,
    locales: tuple[str, ...] = ("en", "zh_Hans"),
    formats: tuple[str, ...] = ("brief",),
    levels: str = "explicit:86137,94681",
    now: datetime = AS_OF,
    as_of: datetime | None = None,
    notional_usd: float | None = None,
) -> Commission:
    return Commission(
        query=Query(now=now, as_of=as_of),
        source="test",
        levels=LevelPolicy.parse(levels),
        notional_usd=notional_usd,
        locales=locales,
        formats=formats,
        max_age=timedelta(hours=2),
    )


@pytest.fixture(scope="module")
def edition() -> Edition:
    return make_edition(commission(), [FakeSource(snapshot_of(SAMPLE_2))])


def test_the_same_market_gives_the_same_edition_byte_for_byte(edition: Edition) -> None:
    """Also an hour later: id, texts, findings and charts are of the figures, not of the clock."""
    again = make_edition(
        commission(now=AS_OF + timedelta(hours=1)), [FakeSource(snapshot_of(SAMPLE_2))]
    )
    assert again.id == edition.id
    assert again.facts == edition.facts
    assert again.figures.tree() == edition.figures.tree()
    # Draft is a record: this compares passages, findings, bodies and every byte of the charts.
    assert again.drafts == edition.drafts
    assert all(image.png.startswith(PNG) for draft in edition.drafts for image in draft.images)
    assert (edition.commission.query.now, again.commission.query.now) == (
        AS_OF,
        AS_OF + timedelta(hours=1),
    )


def test_the_id_tells_time_and_symbol_and_changes_with_any_figure(edition: Edition) -> None:
    assert edition.id.startswith("20260610T0800Z-BTC-")
    other_amount = [SAMPLE_2[0], (90_131.71, 94_681.0, 0.0, 2.705e9 + 1)]
    ids = {
        edition.id,
        identify(observe(commission(), [FakeSource(snapshot_of(other_amount))])[1]),
        identify(
            observe(commission(levels="explicit:86138,94681"), [FakeSource(snapshot_of(SAMPLE_2))])[
                1
            ]
        ),
        identify(
            observe(commission(notional_usd=1e9), [FakeSource(snapshot_of(SAMPLE_2))])[1],
        ),
        identify(observe(commission(), [FakeSource(snapshot_of(SAMPLE_2, source="Elsewhere"))])[1]),
        identify(
            observe(
                commission(), [FakeSource(snapshot_of(SAMPLE_2, as_of=AS_OF - timedelta(hours=1)))]
            )[1]
        ),
    }
    assert len(ids) == 6


def test_there_is_a_draft_for_each_locale_and_format(edition: Edition) -> None:
    made = [(draft.locale, draft.format) for draft in edition.drafts]
    assert made == [("en", "brief"), ("zh_Hans", "brief")]
    assert {draft.edition for draft in edition.drafts} == {edition.id}


def test_facts_are_the_numbers_of_the_published_json_by_id(edition: Edition) -> None:
    tree = json.loads(json.dumps(edition.figures.tree()))

    def at(path: str) -> object:
        value: object = tree
        for part in path.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]  # type: ignore[index] # JSON
        return value

    assert edition.facts["upper.intensity_usd"].value == 2_705_000_000
    for fact_id, fact in edition.facts.items():
        assert fact.id == fact_id
        assert fact.kind is kind_of(fact_id)
        if fact.kind is FactKind.TIME:
            assert at(fact_id) == "2026-06-10T08:00:00Z"
            assert fact.value == AS_OF
        else:
            assert fact.value == Decimal(repr(at(fact_id)))
        assert (fact.symbol, fact.source, fact.as_of) == ("BTC", "Coinglass", AS_OF)
        assert fact.note == "reported"
    assert {draft.facts is edition.facts for draft in edition.drafts} == {True}


def numbers(tree: object, path: str = "") -> set[str]:
    """Return the paths of all numbers of a JSON tree."""
    if isinstance(tree, dict):
        pairs = [(f"{path}.{name}" if path else name, value) for name, value in tree.items()]
    elif isinstance(tree, list):
        pairs = [(f"{path}.{index}", value) for index, value in enumerate(tree)]
    else:
        return {path} if isinstance(tree, int | float) else set()
    return {found for inner, value in pairs for found in numbers(value, inner)}


@pytest.mark.parametrize("snapshot", [snapshot_of(SAMPLE_2), trading_snapshot()])
def test_every_number_of_the_figures_is_a_fact(snapshot: MarketSnapshot) -> None:
    levels = "explicit:86137,94681" if snapshot.candles is None else "round"
    _snapshot, figures = observe(commission(levels=levels), [FakeSource(snapshot)])
    facts = facts_of(figures).values()
    assert {one.id for one in facts if one.kind is not FactKind.TIME} == numbers(figures.tree())


def test_a_body_is_its_source_text_written_out(edition: Edition) -> None:
    for draft in edition.drafts:
        written = render_tokens(draft.source_text, draft.facts, AmountFormatter(draft.locale))
        assert draft.body == written
        assert "[[" not in draft.body.text
        first = render_tokens(
            draft.passages[0].text, draft.facts, AmountFormatter(draft.locale)
        ).text
        assert draft.title == first
        assert draft.body.text.startswith(f"{draft.title}\n")


def test_the_post_says_what_the_market_is(edition: Edition) -> None:
    english, chinese = edition.drafts
    # 2.705 / 1.563 = 1.7306...
    for figure in ("$90,132", "$94,681", "$86,137", "$2.705 billion", "$1.563 billion", "1.73"):
        assert figure in english.body.text
    for figure in ("90,132 美元", "94,681 美元", "27.05 亿美元", "15.63 亿美元", "1.73 倍"):
        assert figure in chinese.body.text
    assert english.findings == chinese.findings == ()


def test_long_posts_carry_all_charts_each_drawn_once() -> None:
    drawn = []

    def draw(kind: str, scene: Scene, chart: WrittenChart, *, edition: str) -> bytes:
        assert scene.market.candles is not None
        drawn.append((kind, chart.locale))
        return f"{kind} {chart.locale} {edition}".encode()

    made = make_edition(
        commission(levels="round", formats=("brief", "headline", "analysis")),
        [FakeSource(trading_snapshot())],
        draw,
    )
    for draft in made.drafts:
        expected = CHARTS if draft.format == "brief" else LONG_CHARTS
        assert tuple(image.kind for image in draft.images) == expected
    assert sorted(drawn) == sorted(
        (kind, locale) for kind in LONG_CHARTS for locale in ("en", "zh_Hans")
    )


def test_a_market_without_candles_has_only_the_map() -> None:
    made = make_edition(
        commission(locales=("en",), formats=("headline",)), [FakeSource(snapshot_of(SAMPLE_2))]
    )
    assert [image.kind for image in made.drafts[0].images] == list(CHARTS)


def test_each_draft_carries_its_charts_in_its_own_language(edition: Edition) -> None:
    for draft in edition.drafts:
        assert [image.kind for image in draft.images] == list(CHARTS)
        assert {image.locale for image in draft.images} == {draft.locale}
        assert all(image.alt and "[[" not in image.alt for image in draft.images)
    english, chinese = (draft.images[0] for draft in edition.drafts)
    assert "$2.705 billion" in english.alt
    assert "27.05 亿美元" in chinese.alt
    assert english.png != chinese.png


def test_a_chart_alone_is_the_chart_of_the_edition(edition: Edition) -> None:
    alone = draw_chart_of(
        "liquidation_map", commission(locales=("zh_Hans",)), [FakeSource(snapshot_of(SAMPLE_2))]
    )
    assert alone == edition.drafts[1].images[0]


def test_a_chart_of_what_the_market_lacks_is_refused_by_its_name() -> None:
    with pytest.raises(RenderError, match="this market has no candles"):
        draw_chart_of("open_interest", commission(), [FakeSource(snapshot_of(SAMPLE_2))])


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        (None, {"en": None, "zh_Hans": None}),
        ("Maria Chén", {"en": "Maria Chén", "zh_Hans": "Maria Chén"}),
        ("市场", {"en": None, "zh_Hans": "市场"}),
        ("Maria 🚀", {"en": None, "zh_Hans": None}),
    ],
    ids=["none", "latin", "chinese", "emoji"],
)
def test_charts_carry_the_name_of_the_creator_where_our_fonts_have_it(
    name: str | None, printed: dict[str, str | None]
) -> None:
    drawn: dict[str, set[str | None]] = {}

    def draw(kind: str, scene: Scene, chart: WrittenChart, *, edition: str) -> bytes:
        drawn.setdefault(chart.locale, set()).add(chart.strings.get("credit"))
        return f"{edition} {kind} {scene.figures.symbol} {chart.locale}".encode()

    asked = replace(commission(), credit=name)
    make_edition(asked, [FakeSource(snapshot_of(SAMPLE_2))], draw)
    assert drawn == {locale: {credit} for locale, credit in printed.items()}


def test_old_data_is_stale_from_the_clock_but_not_from_its_own_moment() -> None:
    late = AS_OF + timedelta(hours=2, seconds=1)
    for as_of, expected in ((None, ["stale_data"]), (AS_OF, [])):
        made = make_edition(
            commission(locales=("en",), now=late, as_of=as_of),
            [FakeSource(snapshot_of(SAMPLE_2))],
        )
        assert [finding.id for finding in made.drafts[0].findings] == expected


def test_a_simulated_market_is_marked_and_warned_of() -> None:
    snapshot = snapshot_of(SAMPLE_2, method=Method.SIMULATED)
    made = make_edition(commission(), [FakeSource(snapshot)])
    for draft in made.drafts:
        assert [(one.id, one.severity) for one in draft.findings] == [
            ("simulated_data", Severity.WARN)
        ]
        assert draft.passages[1].key == "simulated"
        assert not draft.passages[1].editable
        assert draft.facts["price"].note == "simulated"


def test_warnings_of_the_figures_reach_the_draft() -> None:
    """Without clusters the policy falls back; nobody who reviews must overlook it."""
    flat = [(80_000.0, 90_000.0, 1e9, 0.0), (90_000.0, 100_000.0, 0.0, 1e9)]
    snapshot = snapshot_of(flat, price=90_000.0)
    _snapshot, figures = observe(commission(levels="cluster"), [FakeSource(snapshot)])
    made = make_edition(commission(locales=("en",), levels="cluster"), [FakeSource(snapshot)])
    found = {finding.id for finding in made.drafts[0].findings}
    assert found == set(figures.warnings)


def test_sentences_without_translation_reach_the_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "posts.po"
    empty.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n', "utf-8")
    monkeypatch.setattr(resources, "catalog_file", lambda _locale, _domain: empty)
    catalogs._compiled.cache_clear()
    try:
        made = make_edition(commission(locales=("zh_Hans",)), [FakeSource(snapshot_of(SAMPLE_2))])
    finally:
        catalogs._compiled.cache_clear()
    gaps = [finding for finding in made.drafts[0].findings if finding.id == "catalog_gap"]
    assert len(gaps) >= 3
    assert {finding.severity for finding in gaps} == {Severity.BLOCK}
    known_again = catalog_gap.still_there(gaps, made.drafts[0].passages)
    assert list(catalog_gap.told(known_again, "zh_Hans")) == gaps


def test_the_source_is_asked_once_for_what_was_commissioned() -> None:
    source = FakeSource(snapshot_of(SAMPLE_2))
    asked = commission(locales=("en",), as_of=AS_OF, now=AS_OF + timedelta(days=3))
    make_edition(asked, [source])
    assert source.asked == [asked.query]


def test_the_next_source_stands_in_for_one_that_is_down(edition: Edition) -> None:
    down = FakeSource(SourceUnavailableError("no answer within 10 s"), name="first")
    up = FakeSource(snapshot_of(SAMPLE_2), name="second")
    _snapshot, figures = observe(commission(), [down, up])
    assert figures.notes[0] == "Coinglass stands in: first: no answer within 10 s."
    assert identify(replace(figures, notes=edition.figures.notes)) == edition.id
    assert len(down.asked) == 1


def test_without_any_answer_there_is_no_edition() -> None:
    first = FakeSource(SourceUnavailableError("no answer within 10 s"), name="first")
    second = FakeSource(SourceRefusedError("the key is not valid here"), name="second")
    with pytest.raises(SourceUnavailableError, match=r"first: no answer.*second: the key"):
        make_edition(commission(), [first, second])
    with pytest.raises(SourceRefusedError, match="the key"):
        make_edition(commission(), [second])


def test_what_a_room_refuses_comes_through() -> None:
    source = FakeSource(snapshot_of(SAMPLE_2))
    with pytest.raises(FiguresError, match="do not enclose the price"):
        make_edition(commission(levels="explicit:1,2"), [source])
    with pytest.raises(ConfigError, match="no template 'posts/essay'"):
        make_edition(commission(formats=("essay",)), [source])
    with pytest.raises(ConfigError, match="'xx'; shipped are"):
        make_edition(commission(locales=("xx",)), [source])


def test_the_market_is_left_as_it_was(edition: Edition) -> None:
    """A snapshot is shared without copies, so nobody may write into it."""
    chart = edition.snapshot.liquidation_map
    assert chart is not None
    assert not any(
        column.flags.writeable
        for column in (chart.low, chart.high, chart.long_usd, chart.short_usd)
    )
    assert replace(edition.snapshot).price == 90_131.71
