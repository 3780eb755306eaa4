"""What a platform takes a day, counted before it is used and shared by all processes.

A number is taken before the call it is for, so a crash can waste one but never exceed
the limit. Days are kept side by side: a clock that is set back finds its old count.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Lock

from composer.errors import QuotaError, UnsentError

_KEPT_DAYS = 7
_Counts = dict[str, dict[str, int]]  # by ISO day, then by what is counted


class DailyCount:
    """Counts of one UTC day against limits, in a file or, without one, in memory."""

    def __init__(
        self, limits: Mapping[str, int], *, now: Callable[[], datetime], file: Path | None = None
    ) -> None:
        """Hold counts to `limits`, in `file` where several processes share them."""
        self._limits = limits
        self._now = now
        self._file = file
        self._memory: _Counts = {}
        self._alone = Lock()

    def __repr__(self) -> str:
        """Show the limits and where the counts are."""
        return f"DailyCount({dict(self._limits)}, file={str(self._file) if self._file else None})"

    def take(self, what: str, number: int = 1) -> date:
        """Count `number` more for today and return the day they count for.

        Raises QuotaError, which says when the day ends, if they would exceed the limit.
        """
        with self._counts() as counts:
            today = self._today()
            used = self._used(counts, today, what)
            if used + number > self._limits[what]:
                raise self._exceeded(what, used)
            counts.setdefault(today.isoformat(), {})[what] = used + number
        return today

    def check(self, what: str, number: int = 1) -> None:
        """Raise QuotaError if fewer than `number` are left for today."""
        with self._counts() as counts:
            used = self._used(counts, self._today(), what)
        if used + number > self._limits[what]:
            raise self._exceeded(what, used)

    def give_back(self, what: str, day: date, number: int = 1) -> None:
        """Uncount what surely was not used."""
        with self._counts() as counts:
            row = counts.setdefault(day.isoformat(), {})
            row[what] = max(row.get(what, 0) - number, 0)

    def exhaust(self, what: str) -> QuotaError:
        """Believe a platform that says the day is full, and return what to raise."""
        with self._counts() as counts:
            counts.setdefault(self._today().isoformat(), {})[_full(what)] = 1
        return self._exceeded(what, self._limits[what])

    def _today(self) -> date:
        return self._now().astimezone(UTC).date()

    def _used(self, counts: _Counts, day: date, what: str) -> int:
        row = counts.get(day.isoformat(), {})
        return self._limits[what] if _full(what) in row else row.get(what, 0)

    def _exceeded(self, what: str, used: int) -> QuotaError:
        now = self._now().astimezone(UTC)
        resets = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        return QuotaError(
            f"{used} of {self._limits[what]} {what} of this UTC day are used; "
            f"the count starts anew at {resets:%Y-%m-%d %H:%M} UTC",
            wait_s=(resets - now).total_seconds(),
        )

    @contextmanager
    def _counts(self) -> Iterator[_Counts]:
        """Hold the lock, read, let the caller change, write if something changed."""
        if self._file is None:
            with self._alone:
                yield self._memory
            return
        # flock goes with its process: whoever is killed here locks nobody out.
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            lock = self._file.with_suffix(".lock").open("a")
        except OSError as error:
            raise self._unusable(error.strerror) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            counts = self._load(self._file)
            before = json.dumps(counts)
            yield counts
            if json.dumps(counts) != before:
                self._save(self._file, counts)

    def _load(self, file: Path) -> _Counts:
        try:
            found = json.loads(file.read_text("utf-8"))
            counts = {
                date.fromisoformat(day).isoformat(): {what: int(used) for what, used in row.items()}
                for day, row in found.items()
            }
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self._unusable(error.strerror) from error
        except (ValueError, TypeError, AttributeError) as error:
            raise self._unusable() from error
        return counts

    def _save(self, file: Path, counts: _Counts) -> None:
        oldest = (self._today() - timedelta(days=_KEPT_DAYS)).isoformat()
        kept = {day: row for day, row in counts.items() if day >= oldest}
        try:
            handle, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as new:
                    json.dump(kept, new)
                    new.flush()
                    os.fsync(new.fileno())
                Path(name).replace(file)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise self._unusable(error.strerror) from error

    def _unusable(self, reason: str | None = "it holds no counts") -> UnsentError:
        """Fail closed: what cannot be counted is not sent, and waits until it can be."""
        return UnsentError(
            f"the count of the day in {self._file} cannot be kept ({reason}), so nothing is sent; "
            "mend or remove the file"
        )


def _full(what: str) -> str:
    """Return the name under which a day that the platform called full is remembered."""
    return f"{what} full"
