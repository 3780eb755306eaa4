"""A filed draft, checked again after an edit or the passing of time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from composer.checks.records import Finding, Severity
from composer.errors import FiguresError
from composer.figures.compute import compute_figures
from composer.figures.facts import Fact, FactKind, facts_of
from composer.figures.levels import LevelPolicy
from composer.market.records import Method
from composer.newsroom.draft_file import FiledDraft
from composer.newsroom.recheck import BODY_DIFFERS, blocks, recheck
from composer.text.amounts import AmountFormatter
from composer.text.passages import Passage, join_passages
from composer.text.tokens import render_tokens
from composer.text.writing import write_post
from tests.markets import AS_OF, SAMPLE_2, snapshot_of

LIMIT = timedelta(hours=2)


def filed(locale: str = "en", method: Method = Method.REPORTED) -> FiledDraft:
    figures = compute_figures(
        snapshot_of(SAMPLE_2, method=method), levels=LevelPolicy.parse("explicit:86137,94681")
    )
    facts = facts_of(figures)
    passages = write_post("brief", locale=locale, facts=facts).passages
    return written(
        FiledDraft(
            edition="e1",
            locale=locale,
            format="brief",
            title="",
            body="",
            source_text="",
            found=(),
            passages=passages,
            facts=facts,
        )
    )


def written(draft: FiledDraft) -> FiledDraft:
    """Return the draft with the title, body and source text that its passages say."""
    amounts = AmountFormatter(draft.locale)
    source_text = join_passages(draft.passages)
    return replace(
        draft,
        title=render_tokens(draft.passages[0].text, draft.facts, amounts).text,
        body=render_tokens(source_text, draft.facts, amounts).text,
        source_text=source_text,
    )


def with_text(draft: FiledDraft, key: str, text: str) -> FiledDraft:
    passages = [replace(one, text=text) if one.key == key else one for one in draft.passages]
    assert tuple(passages) != draft.passages
    return replace(draft, passages=tuple(passages))


def with_value(draft: FiledDraft, fact_id: str, value: str) -> FiledDraft:
    changed: Mapping[str, Fact] = {
        **draft.facts,
        fact_id: replace(draft.facts[fact_id], value=Decimal(value)),
    }
    return replace(draft, facts=changed)


def again(draft: FiledDraft, *, age: timedelta = timedelta(0)) -> tuple[Finding, ...]:
    return recheck(draft, looked_from=AS_OF + age, max_age=LIMIT)


def ids(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.id for finding in findings]


@pytest.mark.parametrize("locale", ["en", "zh_Hans"])
def test_an_untouched_draft_is_clean(locale: str) -> None:
    assert again(filed(locale)) == ()
    assert again(filed(locale), age=LIMIT) == ()


@pytest.mark.parametrize("locale", ["en", "zh_Hans"])
@pytest.mark.parametrize("old", ["2.705", "27.05", "BTC", "\n"])
def test_a_body_edited_by_hand_differs(locale: str, old: str) -> None:
    draft = filed(locale)
    if old not in draft.body:
        return
    edited = replace(draft, body=draft.body.replace(old, "9", 1))
    (finding,) = again(edited)
    assert (finding.id, finding.severity) == (BODY_DIFFERS, Severity.BLOCK)


def test_a_body_that_is_longer_differs() -> None:
    draft = filed()
    assert ids(again(replace(draft, body=f"{draft.body} To the moon!"))) == [BODY_DIFFERS]


def test_an_honest_edit_of_words_passes() -> None:
    draft = filed()
    edited = written(with_text(draft, "upside", "- Up to [[upper.level]]: fuel."))
    assert again(edited) == ()
    # The same edit without writing the body anew is seen.
    assert ids(again(replace(edited, body=draft.body))) == [BODY_DIFFERS]
    assert ids(again(replace(draft, title="BTC to $1,000,000"))) == [BODY_DIFFERS]
    assert ids(again(replace(draft, source_text=""))) == [BODY_DIFFERS]


def test_a_sentence_that_was_not_translated_still_is_not() -> None:
    (gap,) = again(replace(filed("zh_Hans"), found=(("catalog_gap", "no translation of 'x'"),)))
    assert (gap.id, gap.severity) == ("catalog_gap", Severity.BLOCK)


def test_data_from_the_future_blocks() -> None:
    assert ids(again(filed(), age=-timedelta(seconds=1))) == ["stale_data"]


@pytest.mark.parametrize("locale", ["en", "zh_Hans"])
def test_a_typed_figure_is_found(locale: str) -> None:
    edited = written(with_text(filed(locale), "lead", "[[price]] × 5"))
    (finding,) = again(edited)
    assert (finding.id, finding.severity, finding.span) == (
        "unbound_figure",
        Severity.BLOCK,
        (12, 13),
    )


def test_a_misspelt_token_is_found_with_its_fix() -> None:
    (finding,) = again(written(with_text(filed(), "lead", "At [[prize]].")))
    assert (finding.id, finding.fix) == ("unknown_fact", "[[price]]")


def test_a_changed_fact_breaks_the_claims_on_it() -> None:
    """1.2 times as much is the threshold: at 1.563e9 to 1.8e9 shorts no longer outweigh."""
    draft = filed()
    even = written(with_value(draft, "upper.intensity_usd", "1800000000"))
    findings = again(even)
    assert set(ids(findings)) == {"broken_claim"}
    assert "title" in {finding.passage for finding in findings}
    assert blocks(findings)
    # 1.2 x 1.563e9 = 1.8756e9: one dollar more, and it holds again.
    assert again(written(with_value(draft, "upper.intensity_usd", "1875600001"))) == ()
    assert again(written(with_value(draft, "upper.intensity_usd", "1875600000"))) != ()


def test_a_changed_fact_that_breaks_no_claim_still_has_to_be_in_the_body() -> None:
    changed = with_value(filed(), "price", "90200")
    assert ids(again(changed)) == [BODY_DIFFERS]
    assert again(written(changed)) == ()


def test_time_makes_a_draft_stale() -> None:
    (finding,) = again(filed(), age=LIMIT + timedelta(seconds=1))
    assert (finding.id, finding.severity) == ("stale_data", Severity.BLOCK)


def test_a_draft_of_a_simulation_stays_one() -> None:
    findings = again(filed(method=Method.SIMULATED))
    assert [(one.id, one.severity) for one in findings] == [("simulated_data", Severity.WARN)]
    unmarked = filed(method=Method.SIMULATED)
    unmarked = written(
        replace(
            unmarked,
            passages=tuple(one for one in unmarked.passages if one.key != "simulated"),
        )
    )
    assert blocks(again(unmarked))


@pytest.mark.parametrize("key", ["disclaimer", "caveat", "source"])
def test_mandatory_wording_cannot_be_cut(key: str) -> None:
    draft = filed()
    cut = replace(draft, passages=tuple(one for one in draft.passages if one.key != key))
    (finding,) = again(written(cut))
    assert (finding.id, finding.severity) == ("missing_disclaimer", Severity.BLOCK)


def test_all_findings_are_told_with_the_body_first() -> None:
    draft = with_text(filed(), "lead", "At [[prize]] or 5.")
    assert ids(again(draft, age=timedelta(days=1))) == [
        BODY_DIFFERS,
        BODY_DIFFERS,
        "stale_data",
        "unknown_fact",
        "unbound_figure",
    ]


@pytest.mark.parametrize("as_of", [None, "a number"])
def test_a_draft_whose_age_is_unknown_is_refused(as_of: str | None) -> None:
    draft = filed()
    facts = {fact_id: fact for fact_id, fact in draft.facts.items() if fact_id != "as_of"}
    if as_of:
        facts["as_of"] = replace(
            draft.facts["as_of"], kind=FactKind.PRICE, value=Decimal(1_781_078_400)
        )
    with pytest.raises(FiguresError, match="no as_of"):
        again(replace(draft, facts=facts))


def test_an_empty_draft_is_not_fine() -> None:
    empty = replace(filed(), passages=(), body="")
    assert blocks(again(empty))
    blank = replace(filed(), passages=(Passage(key="title", text=""),), body="")
    assert blocks(again(blank))


def test_warnings_do_not_block() -> None:
    warning = Finding(id="levels_disagree", severity=Severity.WARN, message="Look again.")
    assert not blocks([])
    assert not blocks([warning])
    assert blocks([warning, replace(warning, severity=Severity.BLOCK)])
