"""The page of editions says what became of the plans: calmly, and loudly where nothing did."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from composer.newsroom.plans import Plan
from composer.newsroom.records.slots import Claim, SlotState
from tests.unit.web.house import EDITION, HouseDesk, speak, token_of
from web import create_app

# NOW of these tests is 2026-06-10 08:02 UTC, a Wednesday: 10:02 in Madrid.
MADRID = Plan(name="morning", symbol="BTC", at=time(7), zone=ZoneInfo("Europe/Madrid"))
NO_CLOCK = "No clock is running"


@pytest.fixture
def desk(desk: HouseDesk) -> HouseDesk:
    return replace(desk, plans=(MADRID,))


def add(
    desk: HouseDesk, day: int, state: SlotState | None = None, reason: str = "", plan: Plan = MADRID
) -> None:
    """Add the slot of a day of June, and end it."""
    date = datetime(2026, 6, day, tzinfo=UTC).date()
    desk.store.know_plan(plan.name, datetime(2026, 6, 1, tzinfo=UTC))
    desk.store.add_slots(plan.name, plan.symbol, [(date, plan.at, plan.due_at(date))])
    if state is not None:
        (slot,) = desk.store.open_slots()
        claim, now = Claim(slot=slot.id, token="t"), desk.clock()  # noqa: S106 - no secret
        desk.store.claim_slot(claim, now=now, until=now + timedelta(minutes=1))
        desk.store.end_slot(claim, state, reason)


def test_without_plans_there_is_no_box(desk: HouseDesk) -> None:
    client = create_app(replace(desk, plans=())).test_client()
    person = desk.store.person_named("creator")
    assert person is not None
    path = f"/enter/{desk.people.issue_link(person)}"
    client.post(path, data={"csrf_token": token_of(client, path)})
    page = client.get("/").text
    assert "Editions</h1>" in page
    assert 'id="plans"' not in page


def test_a_plan_shows_its_latest_slot_and_when_it_is_due_next(
    desk: HouseDesk, creator: FlaskClient
) -> None:
    add(desk, 9, SlotState.DRAFTED)
    add(desk, 10, SlotState.DRAFTED)
    page = creator.get("/").text
    assert page.count("slot-drafted") == 1
    assert "Thu 11 Jun, 07:00 <bdi>Europe/Madrid</bdi>" in page
    assert "10 Jun 2026, 05:00 UTC" in page
    assert NO_CLOCK not in page


@pytest.mark.parametrize(
    ("locale", "due_next", "made"),
    [
        ("zh_Hans", "6月11日周四 07:00", "2026年6月10日 05:00 UTC"),
        ("ja", "6月11日(木) 07:00", "2026年6月10日 05:00 UTC"),
        ("ru", "чт, 11 июн. 07:00", "10 июн. 2026\u202fг. 05:00 UTC"),  # noqa: RUF001 - Russian
        ("es", "jue, 11 jun 07:00", "10 jun 2026 05:00 UTC"),
        ("ar", "الخميس، 11 يونيو 07:00", "10 يونيو 2026 05:00 UTC"),
    ],
)
def test_moments_are_written_as_the_language_of_the_desk_does(
    desk: HouseDesk, creator: FlaskClient, locale: str, due_next: str, made: str
) -> None:
    add(desk, 10, SlotState.DRAFTED)
    speak(desk, "creator", locale)
    page = creator.get("/").text
    assert f'lang="{locale.replace("_", "-")}"' in page
    assert due_next in page
    assert made in page


@pytest.mark.parametrize("state", [SlotState.HELD, SlotState.MISSED, SlotState.FAILED])
def test_what_came_to_nothing_stays_for_seven_days(
    desk: HouseDesk, creator: FlaskClient, state: SlotState
) -> None:
    add(desk, 2, state, "long ago")
    add(desk, 4, state, "no answer <b>at all</b>")
    add(desk, 10, SlotState.DRAFTED)
    page = creator.get("/").text
    assert "no answer &lt;b&gt;at all&lt;/b&gt;" in page
    assert "long ago" not in page
    assert page.count(f"slot-{state}") == 1
    assert ('class="reason bad"' in page) is (state is not SlotState.HELD)


def test_the_latest_trouble_is_shown_once(desk: HouseDesk, creator: FlaskClient) -> None:
    add(desk, 10, SlotState.MISSED, "nobody came")
    assert creator.get("/").text.count("nobody came") == 1


def test_a_plan_that_is_gone_is_still_told_of(desk: HouseDesk, creator: FlaskClient) -> None:
    add(desk, 10, SlotState.FAILED, "gone", plan=replace(MADRID, name="gone"))
    add(desk, 10, SlotState.DRAFTED)
    page = creator.get("/").text
    assert "<bdi>gone</bdi>" in page


def test_a_plan_that_no_clock_has_seen_says_so(desk: HouseDesk, creator: FlaskClient) -> None:
    assert NO_CLOCK in creator.get("/").text
    desk.store.know_plan("morning", desk.clock())
    page = creator.get("/").text
    assert NO_CLOCK not in page
    assert "Nothing has been due yet." in page


def test_a_moment_that_passed_unseen_is_said_loudly(desk: HouseDesk, creator: FlaskClient) -> None:
    add(desk, 9, SlotState.DRAFTED)
    desk.clock.now = datetime(2026, 6, 10, 5, 9, tzinfo=UTC)
    assert NO_CLOCK not in creator.get("/").text
    desk.clock.now = datetime(2026, 6, 10, 5, 11, tzinfo=UTC)
    assert NO_CLOCK in creator.get("/").text


def test_a_slot_leads_to_its_edition(desk: HouseDesk, creator: FlaskClient) -> None:
    add(desk, 10)
    (slot,) = desk.store.open_slots()
    claim, now = Claim(slot=slot.id, token="t"), desk.clock()  # noqa: S106 - no secret
    desk.store.claim_slot(claim, now=now, until=now + timedelta(minutes=1))
    card = desk.store.edition(EDITION)
    stored = desk.store.snapshot(f"{EDITION}:first")
    desk.store.add_edition(card, stored, [], claim=claim)
    page = creator.get("/").text
    assert "slot-making" in page
    assert page.count(f'href="/editions/{EDITION}"') == 2
