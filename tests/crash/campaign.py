"""Workers at their work, and their death: at every marked point, and at random."""

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.process import BaseProcess
from signal import SIGKILL

from tests.crash.worker import Doom, Place, work

POINTS = ("claimed", "prepared", "judged", "fenced", "answered", "kept")
AT_RANDOM = "at random"
_LOOK_S = 0.1
_MOST_SPARED = 7
_RANDOM_KILLS = 0.06  # of all looks

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.crash.preload"])


class StuckError(AssertionError):
    """Workers did not come to an end in time."""


@dataclass(slots=True, kw_only=True)
class Campaign:
    """Keeps workers at work, kills them and counts where each one died."""

    place: Place
    dice: random.Random
    deaths: Counter[str] = field(default_factory=Counter)
    _numbers: Iterator[int] = field(default_factory=count)
    _at_work: dict[BaseProcess, Doom] = field(default_factory=dict)

    def run(
        self, workers: int, until: Callable[[], bool], *, limit_s: float, mortal: bool = True
    ) -> None:
        """Let workers work `until` nothing is left to do. Raises StuckError after `limit_s`."""
        deadline = time.monotonic() + limit_s
        with self._ended():
            while not until():
                if time.monotonic() > deadline:
                    msg = f"not at its end after {limit_s:.0f} s"
                    raise StuckError(msg)
                self._bury()
                while len(self._at_work) < workers:
                    self._start(mortal=mortal)
                time.sleep(_LOOK_S)
                if mortal and self.dice.random() < _RANDOM_KILLS:
                    self._kill_one()

    def _start(self, *, mortal: bool) -> None:
        number = next(self._numbers)
        doom = Doom()
        if mortal:  # each point early once, then as the dice say
            first = number < len(POINTS)
            point = POINTS[number] if first else self.dice.choice(POINTS)
            doom = Doom(point=point, spared=0 if first else self.dice.randint(1, _MOST_SPARED))
        process = _PROCESSES.Process(target=work, args=(self.place, f"worker-{number}", doom))
        process.start()
        self._at_work[process] = doom

    def _bury(self) -> None:
        for process in [one for one in self._at_work if not one.is_alive()]:
            doom = self._at_work.pop(process)
            assert process.exitcode == -SIGKILL, f"a worker ended by itself; see {self.place.log}"
            self.deaths[doom.point] += 1

    def _kill_one(self) -> None:
        """Kill any worker, but for those that are to die at the first point of their kind."""
        chosen = [process for process, doom in self._at_work.items() if doom.spared]
        if chosen:
            self._kill(self.dice.choice(chosen))
            self.deaths[AT_RANDOM] += 1

    def _kill(self, process: BaseProcess) -> None:
        process.kill()
        process.join()
        del self._at_work[process]

    @contextmanager
    def _ended(self) -> Iterator[None]:
        try:
            yield
        finally:
            for process in list(self._at_work):
                self._kill(process)
