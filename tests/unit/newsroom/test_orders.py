"""What a plan orders for its drafts holds when somebody approves one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from composer.errors import RefusedError
from composer.newsroom import archive, editions
from composer.newsroom.records.editions import Orders
from tests.unit.newsroom.house import APPROVAL_LASTS, MAX_AGE, START, SmallHouse, small_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SmallHouse]:
    with small_house(tmp_path) as house:
        yield house


def make(house: SmallHouse, orders: Orders) -> int:
    commission = replace(house.commission, orders=orders)
    edition = editions.make_edition(commission, [house.market])
    return archive.keep_edition(edition, house.store).drafts[0].id


@pytest.mark.parametrize(
    ("lasts", "expected"),
    [(None, APPROVAL_LASTS), (timedelta(minutes=5), timedelta(minutes=5))],
)
def test_an_approval_lasts_as_long_as_the_plan_says(
    house: SmallHouse, lasts: timedelta | None, expected: timedelta
) -> None:
    draft = make(house, Orders(plan="morning", approval_lasts=lasts))
    assert house.review.approve(draft, 1, house.editor).expires_at == START + expected
    house.clock.now = START + expected
    assert house.review.view(draft).card.state == "expired"


def test_a_plan_may_want_four_eyes_where_the_house_does_not(house: SmallHouse) -> None:
    plain, strict = make(house, Orders()), make(house, Orders(plan="m", four_eyes=True))
    for draft in (plain, strict):
        house.review.edit(draft, 1, "title", "Words of Maria", house.editor)
    house.review.approve(plain, 2, house.editor)
    with pytest.raises(RefusedError, match="its plan wants four eyes"):
        house.review.approve(strict, 2, house.editor)
    house.review.approve(strict, 2, house.admin)


@pytest.mark.parametrize(
    ("max_age", "expected"), [(None, MAX_AGE), (timedelta(minutes=5), timedelta(minutes=5))]
)
def test_data_grows_too_old_when_the_plan_says(
    house: SmallHouse, max_age: timedelta | None, expected: timedelta
) -> None:
    draft = make(house, Orders(plan="morning", max_age=max_age))
    house.clock.now = START + expected
    assert house.review.view(draft).card.state == "drafted"
    house.clock.now += timedelta(seconds=1)
    view = house.review.view(draft)
    assert (view.card.state, [one.id for one in view.revision.findings]) == (
        "stale",
        ["stale_data"],
    )
    assert house.review.prospects(view)["folder"].blocked == ("stale_data",)
