"""An edition made in steps is, wherever its making broke off, the edition made in one go."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from composer.charts.scene import Scene
from composer.errors import ConflictError, NotFoundError
from composer.figures.levels import LevelPolicy
from composer.market.records import MarketSnapshot, Query
from composer.market.sources import Source
from composer.newsroom.archive import keep_edition
from composer.newsroom.editions import make_edition
from composer.newsroom.making import EditionMaker, make_and_keep
from composer.newsroom.observing import look
from composer.newsroom.plans import Plan
from composer.newsroom.records.drafts import EditionCard
from composer.newsroom.records.editions import Commission, Orders
from composer.newsroom.records.slots import Claim, Slot
from composer.store.store import SqlStore, open_store
from composer.text.writing import WrittenChart
from tests.markets import trading_snapshot

PLAN = Plan(name="morning", symbol="BTC", at=time(8), zone=ZoneInfo("UTC"))
DUE = datetime(2026, 6, 10, 8, tzinfo=UTC)
LEASE = timedelta(minutes=10)
STEPS = ("looked", "opened", "en drawn", "en kept", "zh_Hans drawn", "zh_Hans kept")
# How many steps need not be made again by who takes it up after one of them.
DONE = dict(zip(STEPS, (0, 2, 2, 4, 4, 6), strict=True))
ORDERS = Orders(plan="morning", accounts=("folder",), approval_lasts=LEASE, four_eyes=True)


class Death(BaseException):
    """The process is gone."""


class MovingMarket:
    """A source whose price is another at every look."""

    name = "test"

    def __init__(self) -> None:
        self.looks = 0

    def snapshot(self, query: Query) -> MarketSnapshot:
        self.looks += 1
        found = trading_snapshot(days=9)
        return replace(found, funding_rate=self.looks / 10_000, fetched_at=query.now)


def draw(kind: str, scene: Scene, chart: WrittenChart, *, edition: str) -> bytes:
    return f"{kind} {scene.figures.context.funding_rate} {chart.strings} {edition}".encode()


class Desk:
    """A store with one slot due, and all it takes to make its edition."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.market = MovingMarket()
        self.now = DUE
        self.levels = "round"
        store.know_plan("morning", DUE)
        store.add_slots("morning", "BTC", [(DUE.date(), PLAN.at, DUE)])

    def order(self, _plan: Plan) -> tuple[Commission, list[Source]]:
        commission = Commission(
            query=Query(now=self.now, symbol="BTC"),
            source="test",
            levels=LevelPolicy.parse(self.levels),
            notional_usd=1e9,
            locales=("en", "zh_Hans"),
            formats=("brief",),
            max_age=timedelta(hours=2),
            orders=ORDERS,
        )
        return commission, [self.market]

    def claim(self, token: str) -> tuple[Slot, Claim]:
        (slot,) = self.store.open_slots()
        claim = Claim(slot=slot.id, token=token)
        claimed = self.store.claim_slot(claim, now=self.now, until=self.now + LEASE)
        assert claimed is not None
        return claimed, claim

    def make(self, die_at: str = "") -> tuple[EditionCard, list[str]]:
        """Make the edition of the slot as a new process would; return it with the steps."""
        steps: list[str] = []

        def step(name: str) -> None:
            steps.append(name)
            if name == die_at:
                raise Death(name)

        slot, claim = self.claim(f"{self.now}")
        maker = EditionMaker(self.store, self.order, draw)
        return maker(PLAN, slot, claim, step), steps

    def contents(self, card: EditionCard) -> object:
        """Return all that was stored of an edition."""
        revisions = [self.store.revisions(draft.id) for draft in card.drafts]
        snapshots = {one.snapshot for each in revisions for one in each}
        images = {image.sha256 for each in revisions for one in each for image in one.images}
        return (
            nameless(card),
            revisions,
            [self.store.snapshot(one) for one in sorted(snapshots)],
            [self.store.image(one) for one in sorted(images)],
            self.store.market_of(card.id),
        )


def nameless(card: EditionCard) -> EditionCard:
    """Return an edition without the numbers that a database gave its drafts."""
    return replace(card, drafts=tuple(replace(draft, id=0) for draft in card.drafts))


def test_an_edition_is_made_in_its_steps(store: SqlStore) -> None:
    desk = Desk(store)
    card, steps = desk.make()
    assert steps == list(STEPS)
    assert [draft.locale for draft in card.drafts] == ["en", "zh_Hans"]
    assert card.orders == ORDERS
    assert desk.store.open_slots()[0].edition == card.id


@pytest.mark.parametrize("step", STEPS)
def test_whoever_takes_it_up_makes_what_would_have_come(
    store: SqlStore, step: str, tmp_path: object
) -> None:
    whole = Desk(open_store(f"sqlite:///{tmp_path}/whole.db"))
    expected = whole.contents(whole.make()[0])
    whole.store.close()

    desk = Desk(store)
    with pytest.raises(Death):
        desk.make(die_at=step)
    # Hours later, on another market, and the plan looks at other levels by now.
    if step != "looked":
        desk.now += timedelta(hours=5)
        desk.levels = "range:0.05"
    else:
        desk.market.looks = 0
        (slot,) = desk.store.open_slots()
        held = Claim(slot=slot.id, token=f"{desk.now}")
        desk.store.put_off_slot(held, reason="", until=None)
    card, steps = desk.make()
    assert desk.contents(card) == expected
    assert desk.market.looks == 1
    assert len(desk.store.editions(limit=9)) == 1
    assert steps == list(STEPS[DONE[step] :])


def test_who_lost_the_claim_stores_nothing(store: SqlStore) -> None:
    desk = Desk(store)
    slot, lost = desk.claim("slow")
    desk.now += LEASE
    card, _steps = desk.make()
    maker = EditionMaker(desk.store, desk.order, draw)
    with pytest.raises(ConflictError):
        maker(PLAN, slot, lost, lambda _name: None)
    assert [one.id for one in desk.store.editions(limit=9)] == [card.id]


def test_two_plans_of_one_moment_have_an_edition_each(store: SqlStore) -> None:
    desk = Desk(store)
    card, _steps = desk.make()
    store.know_plan("evening", DUE)
    store.add_slots("evening", "BTC", [(DUE.date(), PLAN.at, DUE)])
    desk.market.looks = 0
    (slot,) = [one for one in store.open_slots() if one.plan == "evening"]
    claim = Claim(slot=slot.id, token="e")  # noqa: S106 - no secret
    store.claim_slot(claim, now=DUE, until=DUE + LEASE)
    maker = EditionMaker(store, desk.order, draw)
    other = maker(replace(PLAN, name="evening"), slot, claim, lambda _name: None)
    assert other.as_of == card.as_of
    assert other.id != card.id


def test_what_is_asked_for_by_hand_is_made_and_kept_alike(
    store: SqlStore, tmp_path: object
) -> None:
    desk = Desk(store)
    commission, sources = desk.order(PLAN)
    made = make_and_keep(look(commission, sources), store, draw)
    desk.market.looks = 0
    assert made.drafts == make_edition(commission, sources, draw).drafts
    other = open_store(f"sqlite:///{tmp_path}/other.db")
    kept = keep_edition(made, other)
    assert nameless(store.edition(made.id)) == nameless(kept)
    other.close()


def test_an_edition_from_before_markets_were_kept_cannot_be_taken_up(store: SqlStore) -> None:
    desk = Desk(store)
    slot, claim = desk.claim("a")
    maker = EditionMaker(store, desk.order, draw)
    with pytest.raises(NotFoundError):
        maker(PLAN, replace(slot, edition="gone"), claim, lambda _name: None)
