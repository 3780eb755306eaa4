"""Editions, the snapshots they own and the images drawn from them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select, true

from composer.errors import NotFoundError, StateError
from composer.figures.calls import UNANSWERED, Call
from composer.figures.facts import Fact
from composer.figures.past import PastFigures
from composer.newsroom.records.drafts import EditionCard, StoredSnapshot
from composer.newsroom.records.editions import Orders
from composer.newsroom.records.slots import Claim
from composer.store import tables
from composer.store.cards import read_cards
from composer.store.database import reading, writing
from composer.store.fact_rows import FactRows, fact_tree, read_fact
from composer.store.slots import keep_edition
from composer.store.subject import Subject, insert_once


class Editions(Subject):
    """What was made, and from what."""

    def add_edition(
        self,
        card: EditionCard,
        snapshot: StoredSnapshot,
        images: Sequence[tuple[str, bytes]],
        *,
        market: bytes | None = None,
        claim: Claim | None = None,
    ) -> None:
        """Add an edition with its first snapshot and the bytes of its images, once.

        `market` is what its making can be taken up from. With a claim the slot keeps the
        edition in the same transaction; ConflictError if the claim is lost.
        """
        with writing(self._engine) as connection:
            if insert_once(
                connection,
                tables.editions,
                id=card.id,
                symbol=card.symbol,
                made_at=card.made_at,
                as_of=card.as_of,
                source=card.source,
                levels=card.levels,
                notional_usd=card.notional_usd,
                **_order_columns(card.orders),
            ):
                _write_snapshot(connection, snapshot, images)
                if market is not None:
                    row = {"snapshot_id": snapshot.id, "market": market}
                    connection.execute(insert(tables.observations).values(row))
            if claim is not None:
                keep_edition(connection, claim, card.id)

    def market_of(self, edition: str) -> bytes:
        """Return the market an edition was begun with."""
        query = (
            select(tables.observations.c.market)
            .join(tables.snapshots)
            .where(tables.snapshots.c.edition_id == edition)
        )
        with reading(self._engine) as connection:
            market = connection.execute(query).scalar_one_or_none()
        if market is None:
            msg = f"the market of edition {edition} was not kept; make another edition"
            raise NotFoundError(msg)
        return bytes(market)

    def first_market(self, symbol: str, since: datetime, *, made_before: datetime) -> bytes | None:
        """Return the market of the first edition of a symbol as of `since` or later, if any.

        Only editions made before a moment count.
        """
        query = (
            select(tables.observations.c.market)
            .select_from(tables.observations)
            .join(tables.snapshots)
            .join(tables.editions)
            .where(
                tables.editions.c.symbol == symbol,
                tables.editions.c.as_of >= since,
                tables.editions.c.made_at < made_before,
            )
            .order_by(tables.editions.c.as_of, tables.editions.c.id)
            .limit(1)
        )
        with reading(self._engine) as connection:
            market = connection.execute(query).scalar_one_or_none()
        return None if market is None else bytes(market)

    def past_figures(
        self, symbol: str, before: datetime, limit: int, *, made_before: datetime | None = None
    ) -> tuple[PastFigures, ...]:
        """Return the figures of the latest editions of a symbol as of before a moment.

        The latest first; of one moment and source one. With `made_before`, of editions that
        were made before that.
        """
        snapshots = tables.snapshots
        query = (
            select(snapshots.c.as_of, snapshots.c.facts)
            .where(snapshots.c.id.in_(_latest(symbol, before, limit, made_before)))
            .order_by(snapshots.c.as_of.desc(), snapshots.c.id)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return tuple(PastFigures(as_of=row.as_of, facts=FactRows(row.facts)) for row in rows)

    def past_calls(
        self, symbol: str, before: datetime, limit: int, *, made_before: datetime
    ) -> tuple[Call, ...]:
        """Return what the same editions said of their levels, but for simulated markets."""
        snapshots, tree = tables.snapshots, tables.snapshots.c.tree
        query = (
            select(
                snapshots.c.as_of,
                tree["price"].as_float().label("price"),
                tree[("lower", "level")].as_float().label("lower"),
                tree[("upper", "level")].as_float().label("upper"),
                tree["skew"].as_float().label("skew"),
            )
            .where(
                snapshots.c.id.in_(_latest(symbol, before, limit, made_before)),
                tree["method"].as_string() != UNANSWERED.value,
            )
            .order_by(snapshots.c.as_of.desc(), snapshots.c.id)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return tuple(
            Call(as_of=row.as_of, price=row.price, lower=row.lower, upper=row.upper, skew=row.skew)
            for row in rows
        )

    def add_snapshot(self, snapshot: StoredSnapshot, images: Sequence[tuple[str, bytes]]) -> None:
        """Add a further snapshot of an edition; the same snapshot again changes nothing."""
        with writing(self._engine) as connection:
            _write_snapshot(connection, snapshot, images)

    def editions(self, *, limit: int, before: datetime | None = None) -> tuple[EditionCard, ...]:
        """Return the latest editions with their drafts, newest first."""
        condition = true() if before is None else tables.editions.c.made_at < before
        with reading(self._engine) as connection:
            return _read_editions(connection, condition, limit)

    def edition(self, edition: str) -> EditionCard:
        """Return one edition with its drafts."""
        with reading(self._engine) as connection:
            for card in _read_editions(connection, tables.editions.c.id == edition, 1):
                return card
        msg = f"there is no edition {edition}; choose one from the list of editions"
        raise NotFoundError(msg)

    def snapshot(self, snapshot: str) -> StoredSnapshot:
        """Return one snapshot."""
        query = select(tables.snapshots).where(tables.snapshots.c.id == snapshot)
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            msg = f"there is no snapshot {snapshot}; look at the revision that pins it"
            raise NotFoundError(msg)
        return _read_snapshot(row)

    def image(self, sha256: str) -> bytes:
        """Return the bytes of one image. Raises StateError if they are not those of its name."""
        query = select(tables.images.c.png).where(tables.images.c.sha256 == sha256)
        with reading(self._engine) as connection:
            png = connection.execute(query).scalar_one_or_none()
        if png is None:
            msg = f"there is no image {sha256}; look at the revision that shows it"
            raise NotFoundError(msg)
        _check_image(sha256, bytes(png))
        return bytes(png)


def _latest(
    symbol: str, before: datetime, limit: int, made_before: datetime | None
) -> Select[tuple[str]]:
    """Return the ids of snapshots that the latest editions as of before a moment began with."""
    snapshots, editions = tables.snapshots, tables.editions
    return (
        select(func.min(snapshots.c.id))
        .join(editions)
        .where(
            editions.c.symbol == symbol,
            editions.c.as_of == snapshots.c.as_of,  # as made, not as refreshed since
            editions.c.as_of < before,
            true() if made_before is None else editions.c.made_at < made_before,
        )
        .group_by(editions.c.as_of, editions.c.source)
        .order_by(editions.c.as_of.desc())
        .limit(limit)
    )


def _write_snapshot(
    connection: Connection, snapshot: StoredSnapshot, images: Sequence[tuple[str, bytes]]
) -> None:
    insert_once(
        connection,
        tables.snapshots,
        id=snapshot.id,
        edition_id=snapshot.edition,
        as_of=snapshot.as_of,
        fetched_at=snapshot.fetched_at,
        looked_from=snapshot.looked_from,
        tree=dict(snapshot.tree),
        facts=[fact_tree(fact) for fact in snapshot.facts.values()],
        warnings=dict(snapshot.warnings),
    )
    for sha256, png in images:
        _check_image(sha256, png)
        insert_once(connection, tables.images, sha256=sha256, png=png)


def _order_columns(orders: Orders) -> dict[str, object]:
    return {
        "plan": orders.plan,
        "accounts": list(orders.accounts),
        "approval_lasts_s": orders.approval_lasts,
        "stale_after_s": orders.max_age,
        "four_eyes": orders.four_eyes,
    }


def _read_orders(row: Row[Any]) -> Orders:
    return Orders(
        plan=row.plan,
        accounts=tuple(row.accounts),
        approval_lasts=row.approval_lasts_s,
        max_age=row.stale_after_s,
        four_eyes=row.four_eyes,
    )


def _check_image(sha256: str, png: bytes) -> None:
    if hashlib.sha256(png).hexdigest() != sha256:
        msg = f"the image is not the one of fingerprint {sha256}; draw it again"
        raise StateError(msg)
    if len(png) > tables.MAX_IMAGE_BYTES:
        msg = f"the image has {len(png)} bytes, more than {tables.MAX_IMAGE_BYTES}; draw it smaller"
        raise StateError(msg)


def _read_facts(trees: Iterable[Mapping[str, str]]) -> dict[str, Fact]:
    return {fact.id: fact for fact in map(read_fact, trees)}


def _read_snapshot(row: Row[Any]) -> StoredSnapshot:
    return StoredSnapshot(
        id=row.id,
        edition=row.edition_id,
        as_of=row.as_of,
        fetched_at=row.fetched_at,
        looked_from=row.looked_from,
        tree=row.tree,
        facts=_read_facts(row.facts),
        warnings=row.warnings,
    )


def _read_editions(
    connection: Connection, condition: ColumnElement[bool], limit: int
) -> tuple[EditionCard, ...]:
    query = (
        select(tables.editions)
        .where(condition)
        .order_by(tables.editions.c.made_at.desc(), tables.editions.c.id)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    cards = read_cards(connection, tables.drafts.c.edition_id.in_([row.id for row in rows]))
    return tuple(
        EditionCard(
            id=row.id,
            symbol=row.symbol,
            made_at=row.made_at,
            as_of=row.as_of,
            source=row.source,
            levels=row.levels,
            notional_usd=row.notional_usd,
            orders=_read_orders(row),
            drafts=tuple(card for card in cards if card.edition == row.id),
        )
        for row in rows
    )
