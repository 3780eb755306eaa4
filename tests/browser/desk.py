"""A desk at work: `squaredesk draft` and `squaredesk serve` run as people run them.

Where a story needs a platform that loses its answer, or one on which people post, it runs
`squaredesk web` instead, and a courier of its own carries what is due.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from composer.house import House
from composer.newsroom.delivery import Courier
from composer.newsroom.outlets import Outlet
from composer.newsroom.records.deliveries import Delivery
from composer.newsroom.records.drafts import DraftCard
from composer.newsroom.records.people import Person, Role
from composer.settings import PREFIX, load_settings
from tests.conftest import REPOSITORY
from tests.unit.web.outlets import CalmMarket

SAMPLE = REPOSITORY / "examples" / "sample-2-analysis.json"
PATIENCE = 30.0
PLATFORMS = """
[[accounts]]
name = "gate"
platform = "gate_square"

[[accounts]]
name = "square"
platform = "binance_square"
"""
_COMMAND = (sys.executable, "-m", "composer")


@dataclass(frozen=True, kw_only=True)
class RunningDesk:
    """A desk that is being served, and the house behind it as the test may look at it."""

    address: str
    printed: str
    house: House

    @property
    def first_link(self) -> str:
        """The one-time link that the command printed for whoever set the desk up."""
        found = re.search(rf"{re.escape(self.address)}/enter/\S+", self.printed)
        assert found, f"no sign-in link in {self.printed!r}"
        return found[0]

    @property
    def edition(self) -> str:
        """The one edition there is."""
        (card,) = self.house.store.editions(limit=2)
        return card.id

    @property
    def outbox(self) -> Path:
        """Where the account `folder` finds its posts."""
        return self.house.settings.home / "outbox" / "folder"

    def draft(self, locale: str) -> DraftCard:
        drafts = self.house.store.edition(self.edition).drafts
        return next(draft for draft in drafts if draft.locale == locale)

    def text(self, locale: str, key: str) -> str:
        """Return the source text of a passage as the store holds it now."""
        card = self.draft(locale)
        passages = self.house.store.revision(card.id, card.revision).passages
        return next(passage.text for passage in passages if passage.key == key)

    def hire(self, name: str, role: Role) -> Person:
        return self.house.store.add_person(name, role, desk_locale="en")

    def carry(self, outlet: Outlet) -> Delivery:
        """Carry one delivery to an outlet, as a worker would after the undo window."""

        def later() -> datetime:
            return datetime.now(UTC) + self.house.settings.undo

        courier = Courier(
            store=self.house.store,
            review=self.house.review,
            outlet=lambda _account: outlet,
            market=CalmMarket(),
            clock=later,
        )
        carried = courier.work("test")
        assert carried
        return carried

    def link_for(self, person: Person) -> str:
        return f"{self.address}/enter/{self.house.people.issue_link(person)}"


def make_edition(folder: Path) -> Path:
    """Let `squaredesk draft` make an edition of the present; return the home it left."""
    home = folder / "home"
    home.mkdir()
    tree = json.loads(SAMPLE.read_text(encoding="utf-8"))
    as_of = datetime.now(UTC) - timedelta(minutes=2)
    tree |= {"as_of": as_of.strftime("%Y-%m-%dT%H:%M:%SZ"), "method": "reported"}
    (home / "map.json").write_text(json.dumps(tree), encoding="utf-8")
    done = subprocess.run(
        [*_COMMAND, "draft"],
        cwd=home,
        env=_environment(home),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return home


@contextmanager
def running_desk(made: Path, folder: Path, *, sending: bool = True) -> Iterator[RunningDesk]:
    """Serve a copy of a home; whatever the desk logs meanwhile is a failure.

    sending : whether workers send at once what is approved; if not, there are more
        platforms, an undo window, and nothing is sent but what the test carries
    """
    home, log = folder / "desk", folder / "log.txt"
    shutil.copytree(made, home)
    port = _free_port()
    environment = _environment(home, port, undo_minutes=0 if sending else 2)
    if not sending:
        (home / "squaredesk.toml").write_text(PLATFORMS, encoding="utf-8")
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [*_COMMAND, "serve" if sending else "web"],
            cwd=home,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            printed = ""
            while f":{port}" not in printed and (line := process.stdout.readline()):
                printed += line
            _wait_for(process, port, log)
            house = House(load_settings(environment, home))
            try:
                yield RunningDesk(address=f"http://127.0.0.1:{port}", printed=printed, house=house)
            finally:
                house.close()
        finally:
            process.send_signal(signal.SIGINT)
            stopped = process.wait(timeout=PATIENCE)
    logged = log.read_text(encoding="utf-8")
    assert (stopped, logged) == (0, ""), f"the desk ended with {stopped} and logged:\n{logged}"


def _environment(home: Path, port: int = 8321, undo_minutes: int = 0) -> Mapping[str, str]:
    ours = {
        "HOME": str(home),
        "SOURCE": str(home / "map.json"),
        "LEVELS": "explicit:86137,94681",
        "LOCALES": "en,zh_Hans",
        "PORT": str(port),
        "UNDO_MINUTES": str(undo_minutes),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | {f"{PREFIX}{name}": value for name, value in ours.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(process: subprocess.Popen[str], port: int, log: Path) -> None:
    """Return when the desk answers."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    msg = f"the desk does not answer; it logged: {log.read_text(encoding='utf-8')}"
    raise AssertionError(msg)
