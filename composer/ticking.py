"""Tick once a minute, in a thread of its own, until told to stop.

The ticks only ask what is due; what is true stands in the store. A tick that comes late
or not at all therefore costs nothing, and one that takes long is not overtaken.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped] # ships no types
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped] # as above
from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.newsroom.schedule import Schedule

_LOG: BoundLogger = get_logger()

_MINUTE = timedelta(minutes=1)
LONGEST_WAIT_S = 60.0


class _SteadyScheduler(BackgroundScheduler):  # type: ignore[misc] # untyped, as above
    """A scheduler that a clock set back does not put to sleep until that hour comes again."""

    def _process_jobs(self) -> float:
        now = datetime.now(UTC)
        for job in self.get_jobs():
            if job.next_run_time - now > _MINUTE:
                job.modify(next_run_time=now)
        wait_s: float | None = super()._process_jobs()
        return LONGEST_WAIT_S if wait_s is None else min(wait_s, LONGEST_WAIT_S)


@contextmanager
def ticking(schedule: Schedule) -> Iterator[None]:
    """Let a schedule tick while something else goes on; then end after the step at hand."""
    # It would warn of every minute in which an edition is still being made.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = _SteadyScheduler(timezone=UTC)
    scheduler.add_job(
        _tick,
        CronTrigger(second=0, timezone=UTC),
        args=(schedule,),
        next_run_time=datetime.now(UTC),  # at once: something may have come due while we were away
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    scheduler.start()
    try:
        yield
    finally:
        schedule.stop()
        scheduler.shutdown()


def _tick(schedule: Schedule) -> None:
    try:
        schedule.tick()
    except Exception as error:  # noqa: BLE001 - a clock that stops silently helps nobody
        _LOG.error("tick_troubled", reason=repr(error), exc_info=error)
