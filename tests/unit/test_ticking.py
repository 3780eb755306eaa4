"""A schedule ticks at once and then each minute, and stops when it is told to."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from structlog.testing import capture_logs

from composer import ticking as module
from composer.newsroom.schedule import Schedule
from composer.ticking import ticking


class Ticker(Schedule):
    """A schedule that only says that it ticked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.ticked, self.stopped = threading.Event(), threading.Event()
        self.error = error
        self.ended: list[str] = []

    def tick(self) -> tuple[()]:
        self.ticked.set()
        if self.error is not None:
            raise self.error
        assert self.stopped.wait(5)
        self.ended.append("tick")
        return ()

    def stop(self) -> None:
        self.stopped.set()


def test_it_ticks_at_once_and_ends_after_what_is_at_hand() -> None:
    schedule = Ticker()
    with ticking(schedule):
        assert schedule.ticked.wait(5)
        assert schedule.ended == []
    assert schedule.ended == ["tick"]
    assert not [one for one in threading.enumerate() if "APScheduler" in one.name]


def test_a_tick_that_breaks_is_told_and_not_the_last(capfd: pytest.CaptureFixture[str]) -> None:
    schedule = Ticker(ZeroDivisionError("1/0"))
    with capture_logs() as said, ticking(schedule):
        assert schedule.ticked.wait(5)
    assert said[0]["event"] == "tick_troubled"
    assert said[0]["reason"] == "ZeroDivisionError('1/0')"
    assert capfd.readouterr().err == ""


def test_a_clock_set_back_does_not_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_WAIT_S", 0.05)
    schedule = Ticker()
    schedule.stopped.set()
    seven = datetime(2026, 6, 10, 7, 0, 30, tzinfo=UTC)
    with time_machine.travel(seven) as traveller, ticking(schedule):
        assert schedule.ticked.wait(5)
        schedule.ticked.clear()
        assert not schedule.ticked.wait(0.3)
        traveller.shift(timedelta(hours=-3))
        assert schedule.ticked.wait(5)
