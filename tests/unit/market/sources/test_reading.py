"""Values of a provider's JSON, read strictly, and errors that say where they stood."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.errors import SourceDataError
from composer.market.sources._reading import Node


def node(value: object) -> Node:
    return Node("x look", value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1.50", 1.5), (1.5, 1.5), ("-3", -3.0), ("1e3", 1_000.0), (0, 0.0), ("90131.71", 90_131.71)],
)
def test_numbers_come_as_numbers_or_as_text(value: object, expected: float) -> None:
    assert node(value).number() == expected


@pytest.mark.parametrize(
    "value",
    [
        *(True, None, "", " 1", "1 ", "0x10", "1_000", "1,5", "nan", "inf", "-", "١٢", [], {}),
        *("1e999", float("nan"), float("inf"), 10**400, 1e19, "9" * 40),
    ],
)
def test_what_is_no_number_is_refused_with_its_place(value: object) -> None:
    with pytest.raises(SourceDataError, match="x look: expected a number, got"):
        node(value).number()


def test_a_path_leads_to_the_value_in_question() -> None:
    body = node({"list": [[1, "a"]]})
    (row,) = body.field("list").rows()
    with pytest.raises(SourceDataError, match="x look: list, row 1, cell 2: expected a number"):
        row.cell(1).number()
    with pytest.raises(SourceDataError, match="x look: list, row 1: expected a row with 4 cells"):
        row.cell(3)
    with pytest.raises(SourceDataError, match="expected the field rows, but it is missing"):
        body.field("rows")


@pytest.mark.parametrize("value", [None, 7, "x", [], {}])
def test_rows_are_a_list_with_something_in_it(value: object) -> None:
    with pytest.raises(SourceDataError, match="a list with at least one item"):
        list(node(value).rows())


@pytest.mark.parametrize(
    ("read", "wrong"),
    [("positive", 0), ("amount", "-0.1"), ("share", "1.01"), ("share", -0.01), ("text", " ")],
)
def test_numbers_out_of_their_range_are_refused(read: str, wrong: object) -> None:
    with pytest.raises(SourceDataError, match="x look: expected"):
        getattr(node(wrong), read)()


def test_stamps_are_times_of_this_age_in_the_unit_they_come_in() -> None:
    assert node("1781078400000").stamp_ms() == 1_781_078_400_000
    assert node(1_781_078_400).stamp_ms(unit_ms=1_000) == 1_781_078_400_000
    for wrong in (1_781_078_400, 0, -1, 1.5, 1_781_078_400_000_000):
        with pytest.raises(SourceDataError, match="a time in epoch ms"):
            node(wrong).stamp_ms()


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_whatever_comes_only_our_error_comes_of_it(value: object) -> None:
    whole = json.loads(json.dumps(value))
    for read in ("number", "amount", "positive", "share", "text", "stamp_ms"):
        with suppress(SourceDataError):
            getattr(node(whole), read)()
