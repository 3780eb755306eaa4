"""Drafts as files: what is written is read back, and what is wrong is named."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.checks.records import Finding, Severity
from composer.errors import ConfigError
from composer.figures.facts import facts_of
from composer.figures.levels import LevelPolicy
from composer.market.records import Query
from composer.newsroom.draft_file import draft_tree, finding_tree, read_drafts
from composer.newsroom.editions import Drafter
from composer.newsroom.observing import Observed
from composer.newsroom.records.editions import Commission, Draft, Image
from composer.text.passages import Passage
from tests.markets import AS_OF, SAMPLE_2, figures_of, snapshot_of

FIGURES = figures_of(SAMPLE_2)
IMAGE = Image(kind="liquidation_map", locale="en", alt="A chart.", png=b"not a real one")


def draft_in(locale: str) -> Draft:
    observed = Observed(
        id="20260610T0800Z-BTC-12345678",
        commission=Commission(
            query=Query(now=AS_OF),
            source="test",
            levels=LevelPolicy(),
            notional_usd=None,
            locales=(locale,),
            formats=("brief",),
            max_age=timedelta(hours=2),
        ),
        snapshot=snapshot_of(SAMPLE_2),
        figures=FIGURES,
        facts=facts_of(FIGURES),
    )
    return Drafter(observed).draft("brief", locale, ())


DRAFT = draft_in("en")
TREE = draft_tree(DRAFT, [])


def write(folder: Path, content: object) -> Path:
    file = folder / "draft.json"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return file


def test_a_draft_has_the_keys_that_were_promised() -> None:
    tree = draft_tree(replace(DRAFT, images=(IMAGE,)), [Path("somewhere") / "en.png"])
    assert list(tree) == [
        "edition",
        "locale",
        "format",
        "title",
        "body",
        "source_text",
        "passages",
        "facts",
        "findings",
        "images",
    ]
    assert tree["images"] == [
        {"path": str(Path.cwd() / "somewhere" / "en.png"), "kind": IMAGE.kind, "alt": IMAGE.alt}
    ]


def test_an_image_without_its_file_is_no_draft() -> None:
    with pytest.raises(ValueError, match="zip"):
        draft_tree(replace(DRAFT, images=(IMAGE,)), [])


def test_numbers_are_numbers_and_times_are_iso() -> None:
    facts = {fact["id"]: fact for fact in json.loads(json.dumps(TREE))["facts"]}
    assert facts["upper.intensity_usd"]["value"] == 2_705_000_000
    assert facts["as_of"]["value"] == "2026-06-10T08:00:00Z"
    assert facts["price"]["value"] == 90_131.71
    assert {type(fact["value"]) for fact in facts.values() if fact["kind"] != "time"} == {float}


def test_a_finding_is_told_whole() -> None:
    finding = Finding(
        id="unknown_fact",
        severity=Severity.BLOCK,
        message="there is no fact prise",
        passage="lead",
        span=(3, 12),
        fix="[[price]]",
    )
    assert finding_tree(finding) == {
        "id": "unknown_fact",
        "severity": "block",
        "passage": "lead",
        "span": [3, 12],
        "message": "there is no fact prise",
        "fix": "[[price]]",
    }
    bare = replace(finding, passage=None, span=None, fix=None)
    assert {finding_tree(bare)[key] for key in ("passage", "span", "fix")} == {None}


@pytest.mark.parametrize("locale", ["en", "zh_Hans"])
def test_a_draft_comes_back_as_it_was(tmp_path: Path, locale: str) -> None:
    draft = draft_in(locale)
    (read,) = read_drafts(write(tmp_path, [draft_tree(draft, [])]))
    assert (read.edition, read.locale, read.format) == (draft.edition, locale, "brief")
    assert read.body == draft.body.text
    assert read.passages == draft.passages
    assert read.facts == draft.facts
    assert list(read.facts) == list(draft.facts)


def test_a_single_draft_needs_no_list(tmp_path: Path) -> None:
    (alone,) = read_drafts(write(tmp_path, TREE))
    assert [alone, alone] == read_drafts(write(tmp_path, [TREE, TREE]))


def test_a_figure_does_not_pass_through_a_binary_fraction(tmp_path: Path) -> None:
    text = json.dumps(TREE).replace("90131.71", "90131.710000000000000000001")
    assert text.count("90131.710000000000000000001") == 1
    file = tmp_path / "draft.json"
    file.write_text(text, encoding="utf-8")
    (read,) = read_drafts(file)
    assert read.facts["price"].value == Decimal("90131.710000000000000000001")


_PASSAGES = st.lists(
    st.builds(
        Passage,
        key=st.text(min_size=1, max_size=8),
        text=st.text(max_size=40),
        editable=st.booleans(),
        drop_order=st.none() | st.integers(min_value=0, max_value=99),
        claims=st.lists(st.text(max_size=8), max_size=3).map(tuple),
    ),
    max_size=4,
).map(tuple)


@given(_PASSAGES, st.text(max_size=40))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_an_editor_types_comes_back(
    tmp_path: Path, passages: tuple[Passage, ...], body: str
) -> None:
    """Quotes, line ends, right-to-left marks, zero-width joiners, characters beyond 16 bits."""
    edited = replace(DRAFT, passages=passages, body=replace(DRAFT.body, text=body))
    (read,) = read_drafts(write(tmp_path, [draft_tree(edited, [])]))
    assert read.passages == passages
    assert read.body == body


# What is wrong, and where.

Damage = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        (lambda tree: tree.pop("body"), "1.body"),
        (lambda tree: tree.pop("facts"), "1.facts"),
        (lambda tree: tree.pop("edition"), "1.edition"),
        (lambda tree: tree.update(locale=7), "1.locale"),
        (lambda tree: tree.update(passages="all"), "1.passages"),
        (lambda tree: tree["passages"][1].pop("text"), "1.passages.1.text"),
        (lambda tree: tree["passages"][1].update(text=None), "1.passages.1.text"),
        (lambda tree: tree["passages"][1].update(txet="A typo."), "1.passages.1.txet"),
        (lambda tree: tree["passages"][0].update(drop_order="soon"), "1.passages.0.drop_order"),
        (lambda tree: tree["passages"][0].update(claims=[None]), "1.passages.0.claims.0"),
        (lambda tree: tree["facts"][0].update(kind="colour"), "1.facts.0.kind"),
        (lambda tree: tree["facts"][0].update(value="much"), "1.facts.0.value"),
        (lambda tree: tree["facts"][0].update(value=None), "1.facts.0.value"),
        (lambda tree: tree["facts"][0].update(value=float("nan")), "1.facts.0.value"),
        (lambda tree: tree["facts"][0].update(as_of="2026-06-10T08:00:00"), "1.facts.0.as_of"),
        (lambda tree: tree["facts"][0].pop("source"), "1.facts.0.source"),
    ],
)
def test_what_is_no_draft_is_named_by_file_draft_and_field(
    tmp_path: Path, damage: Damage, where: str
) -> None:
    damaged = copy.deepcopy(TREE)
    damage(damaged)
    file = write(tmp_path, [TREE, damaged])
    with pytest.raises(ConfigError) as refused:
        read_drafts(file)
    assert str(file) in str(refused.value)
    assert where in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_message_is_short_however_long_the_draft(tmp_path: Path) -> None:
    """Whoever forgot a field is not helped by reading the whole draft again."""
    damaged = {name: value for name, value in TREE.items() if name != "body"}
    file = write(tmp_path, damaged)
    with pytest.raises(ConfigError) as refused:
        read_drafts(file)
    assert len(str(refused.value)) < len(str(file)) + 200


@pytest.mark.parametrize(
    "content",
    [b"", b"   ", b"{", b'{"edition": "x",}', b"\xff\xfe\x00", b"Dear reader,", b"[1, 2"],
)
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "draft.json"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="is not JSON") as refused:
        read_drafts(file)
    assert str(file) in str(refused.value)
    assert "draft --json" in str(refused.value)


@pytest.mark.parametrize("content", ["7", '"text"', "null", "[[]]", "[null]", "{}"])
def test_json_of_another_kind_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "draft.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"draft\.json"):
        read_drafts(file)


def test_a_file_without_any_draft_is_refused(tmp_path: Path) -> None:
    """An empty list has nothing wrong in it; to let it pass would be to check nothing."""
    with pytest.raises(ConfigError, match="no draft"):
        read_drafts(write(tmp_path, []))


@pytest.mark.parametrize(
    "value", ["1e999999999999999999999", "[" * 100_000], ids=["number", "depth"]
)
def test_json_beyond_all_measure_is_refused(tmp_path: Path, value: str) -> None:
    file = tmp_path / "draft.json"
    text = json.dumps(TREE).replace("90131.71", value)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"draft\.json"):
        read_drafts(file)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for file in (tmp_path / "nothing.json", tmp_path):
        with pytest.raises(ConfigError, match="cannot be read") as refused:
            read_drafts(file)
        assert str(file) in str(refused.value)
