"""Calls at the same time: each outcome by its name, and never longer than the deadline."""

import time
from threading import Event

import pytest

from composer.errors import SourceDataError, SourceUnavailableError
from composer.market.side_by_side import side_by_side


def fail() -> str:
    msg = "a: not JSON"
    raise SourceDataError(msg)


def test_each_outcome_goes_by_its_name() -> None:
    found = side_by_side({"a": fail, "b": lambda: "fine"}, deadline_s=5, at_once=2)
    assert list(found) == ["a", "b"]
    assert isinstance(found["a"], SourceDataError)
    assert found["b"] == "fine"


def test_who_is_late_is_left_behind() -> None:
    release, began = Event(), time.monotonic()
    found = side_by_side(
        {"slow": lambda: release.wait(5), "quick": lambda: True}, deadline_s=0.1, at_once=2
    )
    release.set()
    assert time.monotonic() - began < 2
    assert found["quick"] is True
    assert isinstance(found["slow"], SourceUnavailableError)
    assert "slow: no answer within 0.1 s" in str(found["slow"])


def test_what_has_not_begun_by_the_deadline_never_does() -> None:
    release = Event()
    begun: list[str] = []
    found = side_by_side(
        {"first": lambda: release.wait(5), "second": lambda: begun.append("second")},
        deadline_s=0.05,
        at_once=1,
    )
    release.set()
    time.sleep(0.05)
    assert not begun
    assert all(isinstance(one, SourceUnavailableError) for one in found.values())


def test_all_run_at_the_same_time() -> None:
    met = Event()
    found = side_by_side(
        {"waits": lambda: met.wait(5), "comes": lambda: met.set() or True},  # type: ignore[func-returns-value] # sets, then says so
        deadline_s=5,
        at_once=2,
    )
    assert found == {"waits": True, "comes": True}


def test_a_bug_is_not_hidden() -> None:
    def broken() -> int:
        return 1 // 0

    with pytest.raises(ZeroDivisionError):
        side_by_side({"a": broken}, deadline_s=5, at_once=1)
