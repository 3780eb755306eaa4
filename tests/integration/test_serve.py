"""`squaredesk serve` and `squaredesk worker`: what is approved goes out, and a signal ends them."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from composer.figures.compute import compute_figures
from composer.figures.facts import facts_of
from composer.figures.levels import LevelPolicy
from composer.house import House
from composer.newsroom.records.deliveries import Delivery, DeliveryState
from composer.newsroom.records.drafts import DraftCard
from composer.newsroom.records.people import Role
from composer.settings import PREFIX, Settings
from composer.text.writing import write_post
from tests.markets import SAMPLE_2, snapshot_of
from tests.unit.web.house import EDITION, add_draft, add_edition

PATIENCE_S = 60.0
ENDS_WITHIN_S = 10.0
SIGNALS = [signal.SIGINT, signal.SIGTERM]


@dataclass(frozen=True, kw_only=True)
class Home:
    """A home with one fresh draft, and an editor who sends it."""

    house: House
    draft: DraftCard

    @property
    def folder(self) -> Path:
        """Where the post of the draft is written."""
        outbox = self.house.settings.home / "outbox" / "folder"
        return outbox / f"{EDITION}.en.brief.{self.draft.id}"

    def approve(self) -> None:
        maria = self.house.store.add_person("maria", Role.EDITOR, desk_locale="en")
        self.house.review.approve(self.draft.id, 1, maria, ["folder"])

    def delivery(self) -> Delivery:
        (delivery,) = self.house.store.deliveries(self.draft.id)
        return delivery

    def wait_for(self, state: DeliveryState) -> Delivery:
        wait_until(lambda: self.delivery().state is state, f"the delivery is {state}")
        return self.delivery()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    house = House(Settings(home=tmp_path / "home", undo_minutes=0))
    as_of = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    figures = compute_figures(
        snapshot_of(SAMPLE_2, as_of=as_of), levels=LevelPolicy.parse("explicit:86137,94681")
    )
    facts = facts_of(figures)
    add_edition(house.store, EDITION, facts)
    passages = write_post("brief", locale="en", facts=facts).passages
    yield Home(house=house, draft=add_draft(house.store, EDITION, "en", passages))
    house.close()


@contextmanager
def running(home: Home, *words: str, port: int = 8321) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a group of its own, as a terminal would, and end it whatever happens."""
    with subprocess.Popen(
        [sys.executable, "-m", "composer", *words],
        cwd=home.house.settings.home,
        env=environment(home, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def environment(home: Home, port: int) -> dict[str, str]:
    ours = {
        "HOME": str(home.house.settings.home),
        "UNDO_MINUTES": "0",
        "WATCH_SOURCE": "nobody",  # into a folder of ours goes also what cannot be judged
        "PORT": str(port),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | {f"{PREFIX}{name}": value for name, value in ours.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def end(process: subprocess.Popen[str], number: signal.Signals) -> str:
    """Send a signal; return what was printed until the end, which comes soon."""
    if number is signal.SIGINT:
        os.killpg(process.pid, number)  # Ctrl-C reaches every process of the terminal
    else:
        process.send_signal(number)
    return ended(process)


def ended(process: subprocess.Popen[str]) -> str:
    """Return what was printed until the end, which comes soon and without complaint."""
    printed, complained = process.communicate(timeout=ENDS_WITHIN_S)
    assert (process.returncode, complained) == (0, "")
    return printed


@pytest.mark.parametrize("number", SIGNALS)
def test_serve_sends_what_is_approved_and_ends_when_told(
    home: Home, number: signal.Signals
) -> None:
    port = free_port()
    with running(home, "serve", port=port) as process:
        wait_until(lambda: answers(port) or process.poll() is not None, "the desk answers")
        home.approve()
        delivery = home.wait_for(DeliveryState.ACCEPTED)
        printed = end(process, number)
    assert re.search(rf"http://127\.0\.0\.1:{port}/enter/\S+", printed)
    rendition = home.house.store.rendition_of(delivery.id)
    assert (home.folder / "post.txt").read_bytes() == rendition.text.encode()
    assert delivery.reference == home.folder.as_uri()


def test_what_is_being_sent_is_finished_first(home: Home) -> None:
    """A folder whose post is a pipe is as slow as whoever reads it."""
    home.folder.mkdir(parents=True)
    pipe = home.folder / "post.txt"
    os.mkfifo(pipe)
    home.approve()
    with running(home, "worker") as process:
        home.wait_for(DeliveryState.SENDING)
        process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        text = pipe.read_bytes().decode()
        ended(process)
    delivery = home.delivery()
    assert delivery.state is DeliveryState.ACCEPTED
    assert text == home.house.store.rendition_of(delivery.id).text


@pytest.mark.parametrize("number", SIGNALS)
def test_an_idle_worker_ends_at_once(home: Home, number: signal.Signals) -> None:
    with running(home, "worker") as process:
        assert process.stdout is not None
        assert "Sending what is approved." in process.stdout.readline()
        end(process, number)


def test_worker_once_carries_what_is_due_and_stops(home: Home) -> None:
    for carried in ("0", "1", "0"):
        with running(home, "worker", "--once") as process:
            printed, complained = process.communicate(timeout=PATIENCE_S)
        assert (process.returncode, printed, complained) == (
            0,
            f"{carried} deliveries carried\n",
            "",
        )
        if home.house.store.approval(home.draft.id) is None:
            home.approve()
    assert home.delivery().state is DeliveryState.ACCEPTED
