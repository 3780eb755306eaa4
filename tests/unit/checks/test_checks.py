"""Each check: when it finds, when it does not, and at its edge, with the exact place."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import composer.checks
from composer import resources
from composer.checks import all_checks, catalog_gap, run_checks
from composer.checks.records import Finding, Severity, Subject
from composer.figures.compute import compute_figures
from composer.figures.facts import Fact, facts_of
from composer.figures.levels import LevelPolicy
from composer.market.records import Method
from composer.text.disclaimers import DisclaimerForm, Jurisdiction, disclaimer_text
from composer.text.passages import Passage
from composer.text.tokens import find_tokens
from composer.text.writing import write_post
from tests.markets import AS_OF, SAMPLE_2, even_bins, figures_of, snapshot_of

FIGURES = figures_of(SAMPLE_2)
FACTS: Mapping[str, Fact] = facts_of(FIGURES)
LIMIT = timedelta(hours=2)
LOCALES = resources.shipped_locales()


def post(locale: str = "en", form: DisclaimerForm = DisclaimerForm.FULL) -> tuple[Passage, ...]:
    words = disclaimer_text(locale, Jurisdiction.DEFAULT, form)
    return tuple(
        replace(passage, text=words) if passage.key == "disclaimer" else passage
        for passage in write_post("brief", locale=locale, facts=FACTS).passages
    )


POSTS = {locale: post(locale) for locale in LOCALES}


def subject(locale: str = "en", passages: Iterable[Passage] | None = None) -> Subject:
    """Return a post of the second sample, to be changed in one respect by a test."""
    return Subject(
        locale=locale,
        passages=POSTS[locale] if passages is None else tuple(passages),
        facts=FACTS,
        looked_from=AS_OF,
        max_age=LIMIT,
    )


def with_text(key: str, text: str, locale: str = "en") -> tuple[Passage, ...]:
    """Return the post with one passage saying something else."""
    assert any(one.key == key for one in POSTS[locale])
    return tuple(replace(one, text=text) if one.key == key else one for one in POSTS[locale])


def without(key: str, locale: str = "en") -> tuple[Passage, ...]:
    assert any(one.key == key for one in POSTS[locale])
    return tuple(one for one in POSTS[locale] if one.key != key)


def found(check: str, about: Subject) -> list[Finding]:
    return list(all_checks()[check](about))


def typed(text: str, locale: str = "en", *, words: tuple[str, ...] = ("BTC",)) -> list[str]:
    """Return what the check of unbound figures marks in a text."""
    symbol, source = words if len(words) > 1 else (words[0], "Coinglass")
    about = replace(
        subject(locale, [Passage(key="lead", text=text)]),
        facts={
            fact_id: replace(fact, symbol=symbol, source=source) for fact_id, fact in FACTS.items()
        },
    )
    marked = []
    for finding in found("unbound_figure", about):
        assert finding.span is not None
        marked.append(text[slice(*finding.span)])
    return marked


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("form", DisclaimerForm)
def test_a_fresh_post_passes_every_check(locale: str, form: DisclaimerForm) -> None:
    assert run_checks(subject(locale, post(locale, form))) == ()


# Unbound figures.


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("BTC rose 4 percent.", ["4"]),
        ("A 1.73x gap.", ["1.73"]),
        ("Some $2.7B of shorts.", ["2.7"]),
        ("Up to $94,681!", ["94,681"]),
        ("Level2 and 3rd.", ["2", "3"]),
        ("From 86137 to 94681", ["86137", "94681"]),
        ("价格涨了4%。", ["4"]),
        ("多\N{FULLWIDTH DIGIT FOUR}倍", ["\N{FULLWIDTH DIGIT FOUR}"]),
        (
            "\N{ARABIC-INDIC DIGIT THREE}\N{ARABIC-INDIC DIGIT FIVE} up",
            ["\N{ARABIC-INDIC DIGIT THREE}\N{ARABIC-INDIC DIGIT FIVE}"],
        ),
        ("\N{DEVANAGARI DIGIT ONE}", ["\N{DEVANAGARI DIGIT ONE}"]),
        ("about ½ of it", ["½"]),
        ("Q², in fact", ["²"]),
        ("part Ⅳ", ["Ⅳ"]),
        ("point ① here", ["①"]),
        # Glued to a token, a figure is still typed.
        ("[[price]]5", ["5"]),
        ("1[[price]]", ["1"]),
        ("[[ratio|prose]].5", ["5"]),
        ("[[price]][[ratio]]", []),
        # What only looks like a token hides nothing.
        ("[[ratio|prose2]]", ["2"]),
        ("[[ 42 ]]", ["42"]),
        ("[price7]", ["7"]),
        ("No figure at all, 没有数字。", []),
        ("", []),
    ],
)
def test_a_typed_figure_is_found_where_it_stands(locale: str, text: str, marked: list[str]) -> None:
    assert typed(text, locale) == marked


@pytest.mark.parametrize(
    ("locale", "text", "marked"),
    [
        ("en", "down in 24h, at 08h", ["08"]),
        ("en", "the 7-day high, 24-hour low, 24 hours", []),
        ("en", "UTC+8 and UTC+80", ["80"]),
        ("en", "in 124h", ["124"]),
        ("en", "in 24hours", ["24"]),
        ("en", "a 17-day high", ["17"]),
        ("en", "the 7-days", ["7"]),
        ("en", "1.24h", ["1"]),
        ("zh_Hans", "24 小时变化", []),
        ("zh_Hans", "过去24h、7 日高点、7 天", []),
        ("zh_Hans", "124 小时变化", ["124"]),
        ("zh_Hans", "17 日高点", ["17"]),
        # A literal belongs to its own locale.
        ("zh_Hans", "the 7-day high", ["7"]),
        ("en", "24 小时变化", ["24"]),
    ],
)
def test_the_literals_of_a_locale_are_no_figures(locale: str, text: str, marked: list[str]) -> None:
    assert typed(text, locale) == marked


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("1INCH rose.", []),
        ("(1INCH)", []),
        ("涨1INCH了", []),
        ("1INCHES rose", ["1"]),
        ("11INCH rose", ["11"]),
        ("x1INCH", ["1"]),
        ("1inch", ["1"]),
        ("by 8Labs, of Area51.io", ["8"]),
    ],
)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_name_that_came_with_the_data_may_hold_digits(
    locale: str, text: str, marked: list[str]
) -> None:
    assert typed(text, locale, words=("1INCH", "Area51.io")) == marked


def test_a_typed_figure_blocks_and_names_its_passage() -> None:
    about = subject(passages=with_text("downside", "- A fall to 86,137."))
    (finding,) = run_checks(about)
    assert (finding.id, finding.severity, finding.passage) == (
        "unbound_figure",
        Severity.BLOCK,
        "downside",
    )
    assert finding.span == (12, 18)
    assert "'86,137'" in finding.message


# Unknown facts.


@pytest.mark.parametrize(
    ("text", "span", "fix"),
    [
        ("At [[prize]].", (3, 12), "[[price]]"),
        ("[[upper.intensity]]", (0, 19), "[[upper.intensity_usd]]"),
        ("[[uper.intensity_usd|short]]", (0, 28), "[[upper.intensity_usd|short]]"),
        ("x [[zzzzzz]]", (2, 12), None),
        ("[[price|short]]", (0, 15), "[[price]]"),
        ("Both [[ratio|clock]]", (5, 20), "[[ratio]]"),
    ],
)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_token_that_prints_nothing(
    locale: str, text: str, span: tuple[int, int], fix: str | None
) -> None:
    (finding,) = found("unknown_fact", subject(locale, [Passage(key="lead", text=text)]))
    assert (finding.severity, finding.passage) == (Severity.BLOCK, "lead")
    assert (finding.span, finding.fix) == (span, fix)
    assert fix is None or fix.partition("|")[0].strip("[]") in finding.message


def test_tokens_that_print_something_are_not_found() -> None:
    text = "[[price]] [[upper.intensity_usd|short]] [[as_of|clock]] [[totals.within|plain]]"
    assert found("unknown_fact", subject(passages=[Passage(key="lead", text=text)])) == []


@pytest.mark.parametrize(
    "text", ["[[prise|short]]", "[[prize|prose]]", "[[price|prose]]", "[[as_off|short]]"]
)
def test_a_fix_is_itself_in_order(text: str) -> None:
    """An editor who takes the fix must not be shown the next finding at the same place."""
    (finding,) = found("unknown_fact", subject(passages=[Passage(key="lead", text=text)]))
    if finding.fix is not None:
        mended = subject(passages=[Passage(key="lead", text=finding.fix)])
        assert found("unknown_fact", mended) == []


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("At [[price].", [(3, 5)]),
        ("At price]].", [(8, 10)]),
        ("[[ price ]]", [(0, 2), (9, 11)]),
        ("[[price]] is [one] figure", []),
    ],
)
def test_stray_brackets(text: str, spans: list[tuple[int, int]]) -> None:
    findings = found("unknown_fact", subject(passages=[Passage(key="lead", text=text)]))
    assert [finding.span for finding in findings] == spans
    assert all(finding.severity is Severity.BLOCK for finding in findings)


# Age of data.


@pytest.mark.parametrize(
    ("age", "stale"),
    [
        (timedelta(0), False),
        (LIMIT, False),
        (LIMIT + timedelta(seconds=1), True),
        (timedelta(days=400), True),
    ],
)
def test_data_is_stale_past_its_limit(age: timedelta, *, stale: bool) -> None:
    findings = found("stale_data", replace(subject(), looked_from=AS_OF + age))
    assert [(one.id, one.severity, one.passage) for one in findings] == (
        [("stale_data", Severity.BLOCK, None)] if stale else []
    )


def test_a_stale_finding_names_moment_and_limit() -> None:
    (finding,) = found("stale_data", replace(subject(), looked_from=AS_OF + timedelta(hours=3)))
    assert "2026-06-10 08:00 UTC" in finding.message
    assert "2 h 0 min" in finding.message


# Simulated data.

SIMULATED = compute_figures(
    snapshot_of(SAMPLE_2, method=Method.SIMULATED), levels=LevelPolicy.parse("explicit:86137,94681")
)
(MARK,) = (
    one
    for one in write_post("brief", locale="en", facts=facts_of(SIMULATED)).passages
    if one.key == "simulated"
)


@pytest.mark.parametrize(
    ("destination", "severity"),
    [
        (None, Severity.WARN),
        ("folder", Severity.WARN),
        ("binance_square", Severity.BLOCK),
        ("telegram", Severity.BLOCK),
        ("Folder", Severity.BLOCK),
        ("", Severity.BLOCK),
    ],
)
def test_simulated_data_stays_at_home(destination: str | None, severity: Severity) -> None:
    about = replace(
        subject(passages=[*POSTS["en"], MARK]), facts=facts_of(SIMULATED), destination=destination
    )
    assert [(one.id, one.severity) for one in found("simulated_data", about)] == [
        ("simulated_data", severity)
    ]
    assert found("simulated_data", replace(about, facts=FACTS)) == []


@pytest.mark.parametrize("destination", [None, "folder", "telegram"])
def test_simulated_data_without_its_mark_goes_nowhere(destination: str | None) -> None:
    about = replace(subject(), facts=facts_of(SIMULATED), destination=destination)
    findings = found("simulated_data", about)
    assert Severity.BLOCK in {one.severity for one in findings}
    assert any("does not say so" in one.message for one in findings)


@pytest.mark.parametrize("text", ["", "  ", "All of it true."])
def test_a_mark_that_does_not_say_so_is_no_mark(text: str) -> None:
    about = replace(
        subject(passages=[*POSTS["en"], replace(MARK, text=text)]), facts=facts_of(SIMULATED)
    )
    assert any(one.severity is Severity.BLOCK for one in run_checks(about))


# Claims.


def test_a_claim_that_the_figures_no_longer_bear_out() -> None:
    """The post says shorts outweigh; then the figures are refreshed to an even market."""
    even = facts_of(figures_of(even_bins(2e9, 2e9), price=90_000, levels="round"))
    claimed = [one.key for one in POSTS["en"] for _claim in one.claims]
    assert {"title", "lead", "bottom_line"} <= set(claimed)
    findings = found("broken_claim", replace(subject(), facts=even))
    assert all((one.id, one.severity) == ("broken_claim", Severity.BLOCK) for one in findings)
    # Skew is 0 and the levels weigh the same: whatever said "short" is broken.
    assert {"title", "lead", "bottom_line", "lean"} <= {one.passage for one in findings}
    assert all(one.message for one in findings)


def test_only_the_broken_claim_is_found() -> None:
    passages = [
        Passage(key="one", text="True.", claims=("short_heavy", "more_short_at_levels")),
        Passage(key="two", text="False.", claims=("short_heavy", "long_heavy")),
    ]
    (finding,) = found("broken_claim", subject(passages=passages))
    assert finding.passage == "two"
    assert "'long_heavy'" in finding.message


def test_a_claim_about_a_missing_fact_is_broken() -> None:
    passages = [Passage(key="one", text="Touched.", claims=("high_touched_7d",))]
    (finding,) = found("broken_claim", subject(passages=passages))
    assert finding.severity is Severity.BLOCK


def test_a_claim_that_nobody_knows_is_found_with_the_nearest() -> None:
    passages = [Passage(key="one", text="Heavy.", claims=("short_heavey",))]
    (finding,) = found("broken_claim", subject(passages=passages))
    assert (finding.severity, finding.passage) == (Severity.BLOCK, "one")
    assert "'short_heavy'" in finding.message


# Mandatory wording.


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("form", DisclaimerForm)
def test_both_forms_of_the_disclaimer_will_do(locale: str, form: DisclaimerForm) -> None:
    assert found("missing_disclaimer", subject(locale, post(locale, form))) == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", ["disclaimer", "caveat", "source"])
def test_mandatory_wording_is_missed(locale: str, key: str) -> None:
    (finding,) = found("missing_disclaimer", subject(locale, without(key, locale)))
    assert (finding.id, finding.severity, finding.passage) == (
        "missing_disclaimer",
        Severity.BLOCK,
        None,
    )
    assert key in finding.message


@pytest.mark.parametrize("locale", LOCALES)
def test_a_reworded_disclaimer_is_none(locale: str) -> None:
    (whole,) = (one.text for one in POSTS[locale] if one.key == "disclaimer")
    for text in ("", " ", "DYOR.", whole[:-1], f"{whole} Or is it?", whole.upper() + "!"):
        about = subject(locale, with_text("disclaimer", text, locale))
        (finding,) = found("missing_disclaimer", about)
        assert (finding.severity, finding.passage) == (Severity.BLOCK, "disclaimer")


def test_a_disclaimer_is_in_the_language_of_its_post() -> None:
    (english,) = (one.text for one in POSTS["en"] if one.key == "disclaimer")
    about = subject("zh_Hans", with_text("disclaimer", english, "zh_Hans"))
    (finding,) = found("missing_disclaimer", about)
    assert (finding.passage, finding.severity) == ("disclaimer", Severity.BLOCK)
    assert "zh_Hans" in finding.message


@pytest.mark.parametrize("text", ["", "  ", "Caveat: none whatsoever."])
def test_a_caveat_that_warns_of_nothing_is_none(text: str) -> None:
    findings = run_checks(subject(passages=with_text("caveat", text)))
    assert any(one.severity is Severity.BLOCK for one in findings)


@pytest.mark.parametrize("text", ["", "Data: Coinglass.", "Data: Coinglass, as_of now."])
def test_a_source_line_without_its_time_is_none(text: str) -> None:
    (finding,) = found("missing_disclaimer", subject(passages=with_text("source", text)))
    assert (finding.passage, finding.severity) == ("source", Severity.BLOCK)


# What locale and figures had to say.


def test_every_sentence_without_translation_blocks() -> None:
    about = replace(subject("zh_Hans"), gaps=("At {price}.", "Up."))
    findings = found("catalog_gap", about)
    assert [(one.id, one.severity) for one in findings] == [("catalog_gap", Severity.BLOCK)] * 2
    assert "zh_Hans" in findings[0].message
    assert "'At {price}.'" in findings[0].message
    assert found("catalog_gap", subject("zh_Hans")) == []


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("In short: At [[price]], and [[gap]] {off}. So it is.", True),
        ("- At [[price]],\nand it's not far {off}.", True),
        ("At [[price]], and [[gap]] off.", False),
        ("在 [[price]]。", False),
    ],
)
def test_an_untranslated_sentence_is_known_in_a_text(text: str, *, stands: bool) -> None:
    sentence = "At {price}, and {how} {{off}}."
    findings = tuple(catalog_gap.told([sentence, sentence], "zh_Hans"))
    assert catalog_gap.still_there(findings, with_text("lead", text)) == (sentence,) * stands
    assert catalog_gap.still_there((), with_text("lead", text)) == ()


def test_warnings_of_the_figures_warn_under_their_own_ids() -> None:
    about = replace(subject(), warnings={"levels_disagree": "3:2", "something_new": "Look out."})
    disagree, new = found("figure_warning", about)
    assert (disagree.id, disagree.severity) == ("levels_disagree", Severity.WARN)
    assert (new.id, new.severity) == ("something_new", Severity.WARN)
    assert "Look out." in new.message
    assert found("figure_warning", subject()) == []


def test_a_warning_has_words_and_the_figures_it_is_about() -> None:
    """Skew +0.2 with more long than short at uneven levels is a market that disagrees.

    82,000 is 8,000 of the 9,000 dollars of the bin: 2e9 x 8/9 = 1.778e9.
    90,500 is 500 of the 9,000: 3e9 / 18 = 0.1667e9.
    """
    warned = figures_of(even_bins(2e9, 3e9), price=90_000, levels="explicit:82000,90500")
    about = replace(subject(), warnings=warned.warnings, facts=facts_of(warned))
    (finding,) = found("figure_warning", about)
    assert finding.id == "levels_disagree"
    assert "$1.778 billion" in finding.message
    assert "$166.7 million" in finding.message
    assert "+20.0%" in finding.message


# All checks together.


def test_findings_come_in_the_order_a_reviewer_works() -> None:
    """Blocking first; within that the whole draft, then passage by passage, place by place."""
    passages = [
        replace(one, text={"lead": "9 and [[prise]] 8", "title": "[[ 7"}.get(one.key, one.text))
        for one in without("caveat")
    ]
    about = replace(
        subject(passages=passages),
        looked_from=AS_OF + timedelta(days=1),
        warnings={"levels_disagree": ""},
    )
    order = [(one.id, one.passage, one.span) for one in run_checks(about)]
    assert order == [
        ("missing_disclaimer", None, None),
        ("stale_data", None, None),
        ("unknown_fact", "title", (0, 2)),
        ("unbound_figure", "title", (3, 4)),
        ("unbound_figure", "lead", (0, 1)),
        ("unknown_fact", "lead", (6, 15)),
        ("unbound_figure", "lead", (16, 17)),
        ("levels_disagree", None, None),
    ]


def test_every_file_is_a_check_and_there_is_no_second_list() -> None:
    folder = Path(composer.checks.__file__).parent
    files = {file.stem for file in folder.glob("*.py")} - {"__init__", "records"}
    files = {name for name in files if not name.startswith("_")}
    assert set(all_checks()) == files
    assert list(all_checks()) == sorted(files)
    named = (folder / "__init__.py").read_text(encoding="utf-8")
    assert not [name for name in files if name in named]


def test_a_new_file_is_a_new_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "too_loud.py").write_text(
        "from composer.checks.records import Finding, Severity\n"
        "def find(subject):\n"
        "    yield Finding(id='too_loud', severity=Severity.WARN, message='Quiet, please.')\n",
        encoding="utf-8",
    )
    (tmp_path / "_helper.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(composer.checks, "__path__", [*composer.checks.__path__, str(tmp_path)])
    all_checks.cache_clear()
    try:
        assert "too_loud" in all_checks()
        assert "_helper" not in all_checks()
        assert [one.id for one in run_checks(subject())] == ["too_loud"]
    finally:
        all_checks.cache_clear()


@pytest.mark.parametrize("name", all_checks())
def test_a_check_says_what_it_is_for(name: str) -> None:
    module = import_module(f"composer.checks.{name}")
    assert module.__doc__
    assert module.find.__doc__


# Mutations of a good post: what an editor's slip does.

_TOKENS = {
    locale: [
        (place, token) for place, one in enumerate(POSTS[locale]) for token in find_tokens(one.text)
    ]
    for locale in LOCALES
}
_FIGURES_TYPED = st.one_of(
    st.integers(min_value=0, max_value=10**12).map(str),
    st.decimals(min_value=0, max_value=10**6, places=2).map(lambda value: f"${value:,}"),
    st.text(alphabet=st.characters(categories=["N"]), min_size=1, max_size=4),
    st.sampled_from(["2.7B", "1.73x", "27.05 亿美元", "24", "+8", "7", "½", "5%"]),
)


def test_two_swapped_facts_are_no_finding_of_their_own() -> None:
    """Both are true figures of this market; that they are in each other's place, a claim or a
    reader has to see. The checks promise only that every figure has a source.
    """
    swapped = [
        replace(
            one,
            text=one.text.replace("[[upper.level]]", "[[?]]")
            .replace("[[lower.level]]", "[[upper.level]]")
            .replace("[[?]]", "[[lower.level]]"),
        )
        for one in POSTS["en"]
    ]
    assert swapped != list(POSTS["en"])
    assert run_checks(subject(passages=swapped)) == ()


@given(st.data())
@settings(max_examples=80)
def test_a_figure_typed_over_a_token_is_always_found(data: st.DataObject) -> None:
    locale = data.draw(st.sampled_from(LOCALES))
    place, token = data.draw(st.sampled_from(_TOKENS[locale]))
    figure = data.draw(_FIGURES_TYPED)
    changed = list(POSTS[locale])
    text = changed[place].text
    mutant = text[: token.start] + figure + text[token.end :]
    changed[place] = replace(changed[place], text=mutant)
    findings = [
        one
        for one in run_checks(subject(locale, changed))
        if one.id == "unbound_figure" and one.passage == changed[place].key
    ]
    assert findings
    assert all(one.severity is Severity.BLOCK and one.span is not None for one in findings)
    assert any(
        one.span is not None
        and one.span[0] < token.start + len(figure)
        and one.span[1] > token.start
        for one in findings
    )


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_token_is_always_found(data: st.DataObject) -> None:
    """One character lost from a token leaves a wrong name or a stray bracket, never silence."""
    locale = data.draw(st.sampled_from(LOCALES))
    place, token = data.draw(st.sampled_from(_TOKENS[locale]))
    lost = data.draw(st.integers(min_value=token.start, max_value=token.end - 1))
    changed = list(POSTS[locale])
    text = changed[place].text
    changed[place] = replace(changed[place], text=text[:lost] + text[lost + 1 :])
    assert any(one.severity is Severity.BLOCK for one in run_checks(subject(locale, changed)))
