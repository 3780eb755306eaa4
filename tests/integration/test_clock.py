"""`squaredesk clock` as a process of its own, which is killed in the middle of its work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from composer.newsroom.records.slots import SlotState
from composer.store.database import writing
from composer.store.store import SqlStore, open_store
from composer.store.tables import slots

SETTINGS = """
log_level = "info"
[[plans]]
name = "morning"
symbol = "BTC"
at = "{at:%H:%M}"
zone = "UTC"
locales = ["en", "zh_Hans"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a plan that was due some minutes ago."""
    at = datetime.now(UTC) - timedelta(minutes=5)
    (tmp_path / "squaredesk.toml").write_text(SETTINGS.format(at=at), encoding="utf-8")
    return tmp_path


@pytest.fixture
def store(folder: Path) -> Iterator[SqlStore]:
    """Return the store of the command, which has known the plan for an hour."""
    store = open_store(f"sqlite:///{folder / 'home' / 'squaredesk.db'}")
    store.know_plan("morning", datetime.now(UTC) - timedelta(hours=1))
    yield store
    store.close()


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "composer", "clock", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(condition: object, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator] # a function without arguments
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_killed_clock_is_followed_by_one_that_finishes(folder: Path, store: SqlStore) -> None:
    with start(folder, "--once") as first:
        wait_for(lambda: store.editions(limit=1))
        first.send_signal(signal.SIGKILL)
    (begun,) = store.editions(limit=9)
    assert len(begun.drafts) < 2
    with start(folder, "--once") as second:  # the lease of the first one still stands
        out, _errors = second.communicate(timeout=60)
    assert "\tmaking\t" in out
    with writing(store._engine) as connection:  # time passes
        connection.execute(update(slots).values(claimed_until=datetime.now(UTC)))
    with start(folder, "--once") as third:
        out, errors = third.communicate(timeout=60)
    assert third.returncode == 0, errors
    (edition,) = store.editions(limit=9)
    assert out.split("\t")[2:] == ["drafted", f"{edition.id}\n"]
    assert [draft.locale for draft in edition.drafts] == ["en", "zh_Hans"]
    assert (edition.id, edition.made_at) == (begun.id, begun.made_at)
    for draft in edition.drafts:
        (image,) = store.revision(draft.id, 1).images
        assert store.image(image.sha256).startswith(b"\x89PNG")
    (slot,) = store.slots(since=datetime.now(UTC) - timedelta(days=1))
    assert (slot.state, slot.edition, slot.tries) == (SlotState.DRAFTED, edition.id, 2)


def test_a_clock_makes_what_is_due_and_ends_when_it_is_told_to(
    folder: Path, store: SqlStore
) -> None:
    with start(folder) as clock:
        assert clock.stdout is not None
        assert clock.stdout.readline().startswith("morning: next on ")
        assert "Making what is planned" in clock.stdout.readline()
        wait_for(
            lambda: (
                [slot.state for slot in store.slots(since=datetime.now(UTC) - timedelta(days=1))]
                == [SlotState.DRAFTED]
            )
        )
        clock.send_signal(signal.SIGTERM)
        _out, errors = clock.communicate(timeout=30)
    assert clock.returncode == 0, errors
    assert "slot_drafted" in errors
    assert "Traceback" not in errors


def test_a_plan_that_cannot_be_made_is_refused_at_once(folder: Path) -> None:
    file = folder / "squaredesk.toml"
    file.write_text(file.read_text("utf-8").replace('"en"', '"xx"'), encoding="utf-8")
    with start(folder) as clock:
        _out, errors = clock.communicate(timeout=30)
    assert clock.returncode == 1
    assert "plans.0 (morning): locales: unknown xx" in errors
