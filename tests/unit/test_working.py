"""Workers: what they say of trouble, and that they go on after it."""

from dataclasses import dataclass, field
from threading import Event

import pytest
from structlog.testing import capture_logs

from composer import working
from composer.errors import StateError
from composer.working import work_until


@dataclass
class Trouble:
    """A courier that meets trouble once, and stops its worker after that."""

    error: Exception
    stop: Event = field(default_factory=Event)
    worked: int = 0

    def work(self, _worker: str) -> None:
        self.worked += 1
        if self.worked == 1:
            raise self.error
        self.stop.set()


@pytest.mark.parametrize(
    ("error", "with_traceback"),
    [(StateError("the database is busy"), False), (KeyError("a fault of ours"), True)],
    ids=["refusal", "fault"],
)
def test_trouble_is_told_and_ends_no_worker(
    error: Exception, *, with_traceback: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "TROUBLED_S", 0.0)
    courier = Trouble(error)
    with capture_logs() as logs:
        work_until(courier.stop, courier)  # type: ignore[arg-type] # all a worker asks of one
    assert courier.worked == 2
    (told,) = logs
    assert str(error) in told["reason"]
    assert ("exc_info" in told) is with_traceback
