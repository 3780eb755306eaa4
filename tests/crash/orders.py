"""What is to be delivered: drafts, accounts and the fault that waits for each."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

from composer.newsroom.records.approvals import Rendition
from composer.newsroom.records.deliveries import Account
from composer.newsroom.records.drafts import AttachedImage
from composer.newsroom.records.people import Action, Event
from composer.newsroom.review import Review
from composer.newsroom.standing import ReviewRules
from composer.store.store import SqlStore
from tests.crash.square import ManySquares
from tests.crash.worker import CALM, CROSSED, LASTS, MAX_AGE, SILENT, UNDO, limits_of
from tests.fakes.binance_square import FAULTS
from tests.unit.newsroom.house import SmallHouse, house_on

ACCOUNTS_OF_A_DRAFT = 8
SOON = timedelta(minutes=6)
SQUARE, FOLDER, GATE = "binance_square", "folder", "gate_square"
_FOR_THE_DAY = {"daily_limit", "upload_limit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What stands in the way of a delivery. `times` is how often the fault is played."""

    endpoint: str = ""
    fault: str = ""
    times: int = 1
    platform: str = SQUARE
    source: str = CALM
    lasts: timedelta = LASTS
    told: str = ""

    def __str__(self) -> str:
        """Return its row in the table."""
        return self.told or f"{self.endpoint} {self.fault}".strip() or "none"


ORDINARY = (
    Trouble(),
    Trouble(platform=FOLDER, told="none, folder"),
    Trouble(),
    Trouble(platform=GATE, told="none, by hand"),
    Trouble(),
    Trouble(source=CROSSED, told="level crossed"),
    Trouble(),
    Trouble(source=SILENT, told="level unjudged at first"),
    Trouble(),
    Trouble(endpoint="presign", fault="error_500", times=10**6, lasts=SOON, told="always down"),
    Trouble(platform=FOLDER, source=SILENT, told="level unjudged at first, folder"),
    Trouble(),
)
FAULTY = tuple(
    Trouble(endpoint=endpoint, fault=fault, lasts=SOON if fault in _FOR_THE_DAY else LASTS)
    for endpoint, fault in FAULTS
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One delivery, with the bytes that were approved for it."""

    delivery: int
    draft: int
    account: str
    trouble: Trouble
    rendition: Rendition
    png: bytes


@dataclass(slots=True, kw_only=True)
class Clerk:
    """Gives orders in bulk: editions, drafts and approvals like any other."""

    store: SqlStore
    house: SmallHouse
    squares: ManySquares
    orders: list[Order] = field(default_factory=list)

    def order(self, troubles: Sequence[Trouble]) -> None:
        """Queue one delivery per trouble; those that can share a draft do."""
        shared: dict[tuple[str, timedelta], list[Trouble]] = {}
        for trouble in troubles:
            shared.setdefault((trouble.source, trouble.lasts), []).append(trouble)
        base = self.house.make()
        for (source, lasts), alike in shared.items():
            self._open_edition(base, source)
            for start in range(0, len(alike), ACCOUNTS_OF_A_DRAFT):
                batch = alike[start : start + ACCOUNTS_OF_A_DRAFT]
                self._order_draft(base, source, lasts, batch)

    def _open_edition(self, base: int, source: str) -> None:
        view = self.house.review.view(base)
        card = self.store.edition(view.card.edition)
        edition = f"{card.id}-{source}"
        snapshot = replace(view.snapshot, id=f"{view.snapshot.id}-{source}", edition=edition)
        self.store.add_edition(replace(card, id=edition, source=source, drafts=()), snapshot, ())

    def _order_draft(
        self, base: int, source: str, lasts: timedelta, troubles: Sequence[Trouble]
    ) -> None:
        number, first = len(self.orders), self.house.review.view(base)
        kind, png = f"crash-{number}", b"\x89PNG\r\n\x1a\n" + str(number).encode()
        sha256, edition = hashlib.sha256(png).hexdigest(), f"{first.card.edition}-{source}"
        snapshot = self.store.snapshot(f"{first.snapshot.id}-{source}")
        self.store.add_snapshot(snapshot, [(sha256, png)])
        told = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        lead = f"Desk {told} sees shorts of [[upper.intensity_usd]]."
        revision = replace(
            first.revision,
            snapshot=snapshot.id,
            passages=tuple(
                replace(passage, text=lead) if passage.key == "lead" else passage
                for passage in first.revision.passages
            ),
            images=(AttachedImage(sha256=sha256, kind="liquidation_map", alt="A chart."),),
        )
        made = Event(at=self.house.clock.now, person=None, action=Action.MADE)
        draft = self.store.add_draft(edition, "en", kind, revision, made)
        names: dict[str, Trouble] = {}
        for trouble in troubles:
            name = f"a{number + len(names)}"
            names[name] = trouble
            account = Account(name=name, platform=trouble.platform, formats=(kind,))
            self.store.put_account(account)
            if trouble.platform == SQUARE:
                self.squares.open_account(name, trouble.endpoint, trouble.fault, trouble.times)
        review = Review(
            self.store,
            self.house.clock,
            ReviewRules(max_age=MAX_AGE, approval_lasts=lasts, undo=UNDO),
            limits_of,
        )
        approval = review.approve(draft.id, 1, self.house.editor, send_to=names)
        signed = {one.account: one for one in approval.renditions}
        for delivery in self.store.deliveries(draft.id):
            self.orders.append(
                Order(
                    delivery=delivery.id,
                    draft=draft.id,
                    account=delivery.account,
                    trouble=names[delivery.account],
                    rendition=signed[delivery.account],
                    png=png,
                )
            )


def give_orders(
    store: SqlStore, folder: Path, squares: ManySquares, number: int, dice: random.Random
) -> tuple[SmallHouse, tuple[Order, ...]]:
    """Queue `number` deliveries, half of them faulty; return the house and what it ordered."""
    faulty = list(FAULTY)
    dice.shuffle(faulty)
    half = number // 2
    troubles = [*islice(cycle(faulty), half), *islice(cycle(ORDINARY), number - half)]
    with house_on(store, folder) as house:
        # What the house itself brings is for its own drafts, which nobody orders here.
        store.put_account(Account(name="folder", platform=FOLDER, active=False))
        clerk = Clerk(store=store, house=house, squares=squares)
        clerk.order(troubles)
        return house, tuple(clerk.orders)
