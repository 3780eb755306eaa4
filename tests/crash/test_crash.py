"""At most one copy of each post, whenever workers die: the proof, on both databases.

`make test-crash` runs it with over a thousand deliveries; in the suite it is short.
SEED names the run, DELIVERIES its size.
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from composer.newsroom.dispatch import Dispatch
from composer.newsroom.records.deliveries import DeliveryState
from composer.newsroom.records.people import Person
from composer.newsroom.review import Review
from composer.newsroom.standing import ReviewRules
from composer.store.database import open_database
from composer.store.store import SqlStore
from tests.crash.campaign import AT_RANDOM, POINTS, Campaign, StuckError
from tests.crash.oracle import ENDED, Oracle
from tests.crash.orders import SQUARE, give_orders
from tests.crash.square import ManySquares
from tests.crash.worker import (
    LASTS,
    MAX_AGE,
    UNDO,
    Doom,
    FastClock,
    Outlets,
    Place,
    courier_of,
    limits_of,
)
from tests.fakes.binance_square import KEY, SIGNATURE
from tests.unit.newsroom.house import START

SEED = int(os.environ.get("SEED") or 20_260_610)
DELIVERIES = int(os.environ.get("DELIVERIES") or 60)
WORKERS = 5
EVERYWHERE = (*POINTS, AT_RANDOM)
POST = "https://www.binance.com/square/post/1{:014}"
GATE_POST = "https://www.gate.com/post/status/{}"
LIMIT_S = 120 + DELIVERIES * 0.6  # many times what an idle machine takes


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


def test_no_death_makes_a_second_copy(
    engine: Engine, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = time.monotonic()
    dice, store = random.Random(SEED), SqlStore(engine)  # noqa: S311 - no secret
    squares = ManySquares(tmp_path / "keys")
    with squares.running():
        house, orders = give_orders(store, tmp_path, squares, DELIVERIES, dice)
        place = Place(
            database=url,
            platform=squares.url,
            folder=tmp_path,
            clock=FastClock(base=START, started=time.monotonic()),
        )
        oracle = Oracle(engine=engine, squares=squares, orders=orders)
        campaign = Campaign(place=place, dice=dice)
        ordered = time.monotonic()
        try:
            campaign.run(WORKERS, oracle.at_its_end, limit_s=LIMIT_S)
        except StuckError as error:
            pytest.fail("\n".join([str(error), *oracle.problems()]))
        ended = time.monotonic()
        with capsys.disabled():
            report(engine, oracle, campaign, (begun, ordered, ended))
        assert oracle.problems() == []
        if DELIVERIES >= 60:
            assert all(campaign.deaths[point] for point in EVERYWHERE), campaign.deaths
        ask_people(campaign, oracle, place, store, house.editor)
        assert oracle.problems() == []
    shown = oracle.shown() + place.log.read_text("utf-8") + repr(courier_of(place, store, Doom()))
    assert KEY not in shown
    assert SIGNATURE not in shown


def ask_people(
    campaign: Campaign, oracle: Oracle, place: Place, store: SqlStore, editor: Person
) -> None:
    """Let people look at the platform: who sees a post confirms it, who sees none sends again."""
    for account in oracle.squares.accounts.values():
        account.heal()
    dispatch = Dispatch(
        store=store,
        review=Review(
            store,
            place.clock,
            ReviewRules(max_age=MAX_AGE, approval_lasts=LASTS, undo=UNDO),
            limits_of,
        ),
        outlet=Outlets(place=place),
        clock=place.clock,
        undo=UNDO,
    )
    rows = oracle.rows()
    asked = []
    for order in oracle.orders:
        state = rows[order.delivery].state
        if state is DeliveryState.AWAITING_PERSON:
            dispatch.confirm(order.delivery, GATE_POST.format(order.delivery), editor)
        elif state is DeliveryState.AMBIGUOUS and oracle.copies(order):
            dispatch.confirm(order.delivery, POST.format(order.delivery), editor)
        elif state is DeliveryState.AMBIGUOUS:
            dispatch.send_again(order.delivery, editor)
        else:
            continue
        asked.append(order)
    campaign.run(WORKERS, oracle.at_its_end, limit_s=LIMIT_S, mortal=False)
    rows = oracle.rows()
    accepted = [order for order in asked if rows[order.delivery].state is DeliveryState.ACCEPTED]
    assert accepted
    for order in asked:
        if order not in accepted:  # on a slow machine an approval may run out meanwhile
            assert rows[order.delivery].state is DeliveryState.EXPIRED, order
        on_square = order in accepted and order.trouble.platform == SQUARE
        assert len(oracle.copies(order)) == on_square


def report(
    engine: Engine, oracle: Oracle, campaign: Campaign, times: tuple[float, float, float]
) -> None:
    """Print the tally: what came of each trouble, and who died where."""
    begun, ordered, ended = times
    states = [state.value for state in DeliveryState if state in ENDED]
    table = oracle.tally()
    wide = max(map(len, table)) + 2
    lines = ["", f"{len(oracle.orders)} deliveries on {engine.dialect.name}, SEED={SEED}"]
    if DELIVERIES >= 1_000:
        lines.append(f"{'trouble':{wide}}" + "".join(f"{state:>17}" for state in states))
        for trouble, ends in table.items():
            cells = "".join(f"{ends[state] or '':>17}" for state in states)
            lines.append(f"{trouble:{wide}}{cells}")
    total = {state: sum(ends[state] for ends in table.values()) for state in states}
    lines.append(f"{'in all':{wide}}" + "".join(f"{total[state]:>17}" for state in states))
    copies = [len(oracle.copies(order)) for order in oracle.orders]
    log, broken = campaign.place.log.read_text("utf-8"), oracle.problems()
    lines += [
        f"killed: {', '.join(f'{point} {campaign.deaths[point]}' for point in EVERYWHERE)}",
        f"duplicates: {sum(number > 1 for number in copies)}, laws broken: {len(broken)}",
        f"busy database told to a worker: {log.count('store_refused')}",
        f"answers kept at a second try: {log.count('answer_not_kept_yet')}",
        f"ordered in {ordered - begun:.1f} s, carried in {ended - ordered:.1f} s",
    ]
    print("\n".join(lines))  # noqa: T201 - the tally is what `make test-crash` is for
