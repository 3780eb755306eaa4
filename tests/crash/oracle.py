"""What has to be true in the end, looked up in the tables and at the platforms."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from sqlalchemy import JSON, Engine, Row, String, Text, cast, select

from composer.newsroom.records.deliveries import DeliveryState
from composer.store import tables
from composer.store.columns import Words
from composer.store.database import reading
from tests.crash.orders import FOLDER, SQUARE, Order
from tests.crash.square import ManySquares
from tests.fakes import Stored

ENDED = {
    DeliveryState.ACCEPTED,
    DeliveryState.REFUSED,
    DeliveryState.EXPIRED,
    DeliveryState.CANCELLED,
    DeliveryState.AMBIGUOUS,
    DeliveryState.AWAITING_PERSON,
}
_OUT = {
    DeliveryState.ACCEPTED: (1, 1),
    DeliveryState.AMBIGUOUS: (0, 1),
}
_BEGUN = {"sent", "awaiting_person"}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A delivery as the table has it."""

    state: DeliveryState
    reason: str | None
    reference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Oracle:
    """Holds what the house says against what the platforms keep."""

    engine: Engine
    squares: ManySquares
    orders: Sequence[Order]

    def rows(self) -> dict[int, State]:
        query = select(tables.deliveries)
        with reading(self.engine) as connection:
            return {
                row.id: State(state=row.state, reason=row.reason, reference=row.reference)
                for row in connection.execute(query)
            }

    def at_its_end(self) -> bool:
        """Tell whether nothing is left to do for any worker."""
        return all(row.state in ENDED for row in self.rows().values())

    def copies(self, order: Order) -> list[Stored]:
        """Return what is out there of a delivery."""
        if order.trouble.platform == SQUARE:
            return self.squares.accounts[order.account].square.posts()
        return []

    def problems(self) -> list[str]:
        """Return every law that a delivery breaks, in words."""
        rows = self.rows()
        begun, told = self._attempts(), self._events()
        found = [] if len(rows) == len(self.orders) else [f"{len(rows)} of {len(self.orders)}"]
        for order in self.orders:
            row, copies = rows[order.delivery], self.copies(order)
            where = f"{order.account} ({order.trouble}) {row.state}: {row.reason}"
            least, most = _OUT.get(row.state, (0, 0))
            right = Stored(text=order.rendition.text, images=(order.png,), content_type=1)
            attempts, events = begun.get(order.delivery, []), told[order.account]
            outcomes = [one.outcome for one in attempts]
            laws = {
                "it is not at its end": row.state in ENDED,
                f"{len(copies)} copies": order.trouble.platform != SQUARE
                or least <= len(copies) <= most,
                "not the approved bytes": all(copy == right for copy in copies),
                "no reason": bool(row.reason)
                or row.state in {DeliveryState.ACCEPTED, DeliveryState.AWAITING_PERSON},
                "no address": bool(row.reference) == (row.state is DeliveryState.ACCEPTED),
                "another fingerprint": {one.payload_sha256 for one in attempts}
                <= {order.rendition.sha256},
                f"attempts {outcomes}": self._fit(row.state, outcomes),
                f"events {events}": events[:1] == ["queued"]
                and sum(one in _BEGUN for one in events) == len(attempts)
                and events[-1] == row.state.value,
            }
            if order.trouble.platform == FOLDER and row.state is DeliveryState.ACCEPTED:
                laws["not the approved bytes in the folder"] = self._is_filed(order, row)
            found += [f"{law}: {where}" for law, holds in laws.items() if not holds]
        return [*found, *(f"the fake met {stray}" for stray in self.squares.strays)]

    def tally(self) -> Mapping[str, Counter[str]]:
        """Return how often each trouble came to which end."""
        rows = self.rows()
        table: dict[str, Counter[str]] = {}
        for order in sorted(self.orders, key=lambda one: str(one.trouble)):
            told = table.setdefault(str(order.trouble), Counter())
            told[rows[order.delivery].state.value] += 1
        return table

    def shown(self) -> str:
        """Return every text in the database."""
        texts = []
        with reading(self.engine) as connection:
            for table in tables.METADATA.tables.values():
                columns = [
                    cast(column, Text)
                    for column in table.columns
                    if isinstance(column.type, String | Words | JSON)
                ]
                if columns:
                    rows = connection.execute(select(*columns)).all()
                    texts += [str(value) for row in rows for value in row]
        return "\n".join(texts)

    @staticmethod
    def _fit(state: DeliveryState, outcomes: Sequence[DeliveryState | None]) -> bool:
        if state is DeliveryState.AWAITING_PERSON:
            return outcomes == [None]
        if None in outcomes:
            return False
        accepted = outcomes.count(DeliveryState.ACCEPTED)
        if state is DeliveryState.ACCEPTED:
            return accepted == 1 and outcomes[-1] is state
        return not accepted and (state is not DeliveryState.AMBIGUOUS or outcomes[-1] is state)

    @staticmethod
    def _is_filed(order: Order, row: State) -> bool:
        folder = Path(unquote(urlparse(row.reference or "").path))
        post, image = folder / "post.txt", folder / "image-1.png"
        return (post.read_bytes().decode(), image.read_bytes()) == (
            order.rendition.text,
            order.png,
        )

    def _attempts(self) -> dict[int, list[Row[Any]]]:
        found: dict[int, list[Row[Any]]] = {}
        query = select(tables.attempts).order_by(tables.attempts.c.number)
        with reading(self.engine) as connection:
            for row in connection.execute(query):
                found.setdefault(row.delivery_id, []).append(row)
        return found

    def _events(self) -> dict[str, list[str]]:
        """Return what was told of each account's delivery, in order; holds are of the account."""
        found: dict[str, list[str]] = {}
        query = select(tables.events).order_by(tables.events.c.id)
        with reading(self.engine) as connection:
            for row in connection.execute(query):
                if row.draft_id is not None and row.detail:
                    found.setdefault(row.detail.split()[0], []).append(row.action.value)
        return found
