"""Run the parts of the house until they are told to stop."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from composer.cli.houses import open_house, open_lasting_house
from composer.cli.options import explained

if TYPE_CHECKING:
    from composer.house import House


@click.command()
@explained
def web() -> None:
    """Serve the review desk alone, and print where to sign in."""
    with open_lasting_house() as house:
        house.retire_accounts()
        _serve_desk(house)


@click.command()
@explained
def serve() -> None:
    """Serve the review desk, make what is planned and send what is approved, in one process."""
    from composer import working
    from composer.ticking import ticking

    with open_lasting_house() as house:
        house.outlets.check()
        schedule = house.schedule  # a plan that is wrong is told before anything is sent
        house.retire_accounts()
        with working.workers(house.courier, number=2), ticking(schedule):
            _print_next(house)
            _serve_desk(house)


@click.command()
@click.option("--once", is_flag=True, help="Make what is due now, then stop.")
@explained
def clock(*, once: bool) -> None:
    """Make the editions of plans when they are due, until stopped.

    Any number may run, on any machine: each edition is made once.
    """
    from composer import bootstrap
    from composer.ticking import ticking

    if once:
        with open_house(bootstrap.start()) as house:
            _tick_once(house)
        return
    with open_lasting_house() as house, ticking(house.schedule):
        _print_next(house)
        _wait_for_signal("Making what is planned. Stop with Ctrl-C.")


def _tick_once(house: "House") -> None:
    """Make what is due and print what became of it; exit 1 if something was not made."""
    ended = house.schedule.tick()
    for slot in (*ended, *house.store.open_slots()):
        when = f"{slot.local_date} {slot.local_time:%H:%M}"
        about = " ".join(filter(None, [slot.edition, slot.reason]))
        click.echo(f"{slot.plan}\t{when}\t{slot.state}\t{about}")
    if any(slot.state in {"missed", "failed"} for slot in ended):
        sys.exit(1)


def _print_next(house: "House") -> None:
    """Print when each plan is due next."""
    for plan in house.plans:
        date = plan.next_date(house.clock())
        click.echo(f"{plan.name}: next on {date:%a %Y-%m-%d} at {plan.at:%H:%M}, {plan.zone}")
    if not house.plans:
        click.echo("No plans are set: add [[plans]] to squaredesk.toml to make editions by time.")


@click.command()
@click.option("--once", is_flag=True, help="Send what is due now, then stop.")
@explained
def worker(*, once: bool) -> None:
    """Send what is approved and due, until stopped. Any number may run, on any machine."""
    from composer import bootstrap, working

    with open_house(bootstrap.start()) as house:
        house.outlets.check()
        house.retire_accounts()
        if once:
            click.echo(f"{working.work_off(house.courier)} deliveries carried")
            return
        with working.workers(house.courier, number=1):
            _wait_for_signal("Sending what is approved. Stop with Ctrl-C.")


@contextmanager
def _stopped_by(stop: Callable[[], None]) -> Iterator[None]:
    """Let the signals that end a process end it after what is at hand."""

    def obey(_number: int, _frame: object) -> None:
        stop()

    before = {number: signal.signal(number, obey) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt() -> None:
    raise KeyboardInterrupt


def _wait_for_signal(said: str) -> None:
    """Say what goes on in other threads, and return when a signal ends it.

    No Event is set here: its wait, interrupted at the wrong moment, would block its set.
    """
    with suppress(KeyboardInterrupt), _stopped_by(_interrupt):
        click.echo(said)
        signal.pause()


def _serve_desk(house: "House") -> None:
    """Serve until a signal ends it; whoever has no password yet gets a link on the terminal."""
    from web.serving import serve

    settings = house.settings

    def listening() -> None:
        click.echo(_invitation(house))

    with _stopped_by(_interrupt):
        serve(house, settings.host, settings.port, listening=listening)


def _invitation(house: "House") -> str:
    """Return where the desk is, with a link that lets in whoever has no password yet."""
    address = f"http://{house.settings.host}:{house.settings.port}"
    admin = house.people.first_person()
    if house.people.has_password(admin):
        return f"The review desk: {address}"
    # Only here, on the terminal of whoever starts it: no log ever holds a token.
    token = house.people.issue_link(admin)
    return f"Sign in, once and within 30 minutes: {address}/enter/{token}"
