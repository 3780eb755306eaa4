"""The command line.

Commands import what they need when they run, so that `squaredesk --help` starts at
once. Exit codes: 0 fine, 1 refused or failed with the reason on standard error, 2 bad
usage.
"""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from composer.errors import ConfigError, SquaredeskError

if TYPE_CHECKING:
    from composer.house import House
    from composer.newsroom.records import Person
    from composer.settings import Settings

_Parameters = ParamSpec("_Parameters")


class _Moment(click.ParamType[datetime]):
    """A time with its zone."""

    name = "time"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"expected a time such as 2026-06-10T08:00Z, got {value!r}", param, ctx)
        if moment.tzinfo is None:
            expected = "expected a time with its zone, such as 2026-06-10T08:00Z"
            self.fail(f"{expected}, got {value!r}", param, ctx)
        return moment


class _Levels(click.ParamType[object]):
    """A level policy."""

    name = "policy"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> object:
        from composer import bootstrap

        try:
            return bootstrap.parse_levels(value)
        except ConfigError as error:
            self.fail(str(error).removeprefix("--levels: "), param, ctx)


class _Symbol(click.ParamType[str]):
    """A base coin."""

    name = "coin"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        symbol = value.upper()
        if not (symbol.isascii() and symbol.isalnum()):
            self.fail(f"expected a base coin such as BTC, got {value!r}", param, ctx)
        return symbol


_MARKET_OPTIONS = (
    click.option("--source", help="Where market data comes from: a source's name or a file."),
    click.option("--symbol", type=_Symbol(), help="Base coin, as BTC."),
    click.option(
        "--as-of", type=_Moment(), help="Look from this time; nothing known later is used."
    ),
    click.option(
        "--levels",
        type=_Levels(),
        help="explicit:LOWER,UPPER, round (default), range:FRACTION or cluster.",
    ),
    click.option(
        "--notional",
        "notional_usd",
        type=click.FloatRange(min=0, min_open=True),
        help="USD to compare the two distances for.",
    ),
)


def _market_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which market moment it is about."""
    for option in reversed(_MARKET_OPTIONS):
        command = option(command)
    return command


def _explained(command: Callable[_Parameters, None]) -> Callable[_Parameters, None]:
    """Turn what squaredesk refuses into its reason on standard error and exit code 1."""

    @wraps(command)
    def run(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except SquaredeskError as error:
            raise click.ClickException(str(error)) from error

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="squaredesk")
def main() -> None:
    """Daily liquidation-imbalance posts: computed, written, checked."""


@main.command()
@_market_options
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@_explained
def figures(*, as_json: bool, **market: Any) -> None:  # noqa: ANN401 - the market options
    """Compute the imbalance figures of a market."""
    from composer import bootstrap, console
    from composer.newsroom.editions import observe

    desk = bootstrap.open_desk(bootstrap.Request(**market))
    _snapshot, computed = observe(desk.commission, desk.sources)
    if as_json:
        click.echo(json.dumps(computed.tree(), indent=2, allow_nan=False))
        console.print_warnings(computed)
    else:
        console.print_figures(computed)


@main.command()
@_market_options
@click.option("--locale", "locales", multiple=True, help="Locale of a draft; repeat for more.")
@click.option("--format", "formats", multiple=True, help="Format of a draft; repeat for more.")
@click.option("--no-store", is_flag=True, help="Only print; keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the drafts as JSON.")
@_explained
def draft(
    *,
    no_store: bool,
    as_json: bool,
    **asked: Any,  # noqa: ANN401 - the market options, locales and formats
) -> None:
    """Draft the posts of a market moment, with their charts."""
    from composer import bootstrap, console
    from composer.newsroom import files
    from composer.newsroom.editions import look, make_edition

    desk = bootstrap.open_desk(bootstrap.Request(**asked))
    if no_store:
        edition = make_edition(desk.commission, desk.sources)
        folder = bootstrap.scratch_folder()
        images = files.file_images(edition, folder)
    else:
        observed = look(desk.commission, desk.sources)  # if that fails, nothing is opened yet
        with _open_house(desk.settings) as house:
            edition = house.make(observed)
            folder, images = files.file_edition(edition, desk.editions)
    if as_json:
        trees = [files.filed_tree(draft, images) for draft in edition.drafts]
        click.echo(json.dumps(trees, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        console.print_edition(edition, images, None if no_store else folder)
        console.print_notes(edition.snapshot)


@main.command()
@_market_options
@click.option("--kind", default="liquidation_map", show_default=True, help="What to draw.")
@click.option("--locale", default="en", show_default=True, help="Language of its words.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; KIND.LOCALE.png in this folder if left out.",
)
@_explained
def chart(
    *,
    kind: str,
    locale: str,
    output: Path | None,
    **market: Any,  # noqa: ANN401 - the market options
) -> None:
    """Draw one chart of a market moment as PNG."""
    from composer import bootstrap
    from composer.newsroom import files
    from composer.newsroom.editions import draw_chart_of

    desk = bootstrap.open_desk(bootstrap.Request(**market, locales=(locale,)))
    image = draw_chart_of(kind, desk.commission, desk.sources)
    file = output or Path(files.image_name(image))
    files.write_file(file, image.png)
    click.echo(str(file.resolve()))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as-of", type=_Moment(), help="Measure the age of the data from this time.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@_explained
def check(*, file: Path, as_of: datetime | None, as_json: bool) -> None:
    """Check the drafts in FILE again; exit 1 if something blocks one.

    FILE is what `draft --json` printed or what `draft` filed, perhaps edited since.
    """
    from composer import bootstrap, console
    from composer.newsroom.draft_file import finding_tree, read_drafts
    from composer.newsroom.recheck import blocks, recheck

    settings = bootstrap.start()
    drafts = read_drafts(file)
    looked_from = as_of or bootstrap.clock()
    try:
        found = [
            recheck(draft, looked_from=looked_from, max_age=settings.max_age) for draft in drafts
        ]
    except SquaredeskError as error:
        msg = f"{file}: {error}"
        raise ConfigError(msg) from error
    if as_json:
        trees = [
            {
                "edition": draft.edition,
                "locale": draft.locale,
                "format": draft.format,
                "findings": [finding_tree(finding) for finding in findings],
            }
            for draft, findings in zip(drafts, found, strict=True)
        ]
        click.echo(json.dumps(trees, ensure_ascii=False, indent=2))
    else:
        for draft, findings in zip(drafts, found, strict=True):
            console.print_findings(f"{draft.locale} {draft.format}", findings)
    if any(blocks(findings) for findings in found):
        sys.exit(1)


@main.command()
@click.option("--source", required=True, help="The exchange to ask, as binance.")
@click.option("--symbol", type=_Symbol(), help="Base coin, as BTC.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; use it as --source later.",
)
@_explained
def record(*, source: str, symbol: str | None, output: Path) -> None:
    """Keep what an exchange answers now, word for word, to look at it again later."""
    from composer import bootstrap
    from composer.newsroom import files

    if output.suffix.lower() != ".json":
        msg = f"-o {output}: expected a name that ends with .json"
        raise ConfigError(msg)
    files.write_file(output, bootstrap.record_market(source, symbol).encode())
    click.echo(str(output.resolve()))


@contextmanager
def _open_house(settings: "Settings", **parts: Any) -> Iterator["House"]:  # noqa: ANN401 - of House
    """Open the store and all that stands on it; close it again."""
    from composer.house import House

    house = House(settings, **parts)
    try:
        yield house
    finally:
        house.close()


@contextmanager
def _open_lasting_house() -> Iterator["House"]:
    """Open a house for a command that lasts: its charts are drawn in a process of their own."""
    from composer import bootstrap
    from composer.charts.pool import chart_pool

    with chart_pool() as draw, _open_house(bootstrap.start(), draw=draw) as house:
        yield house


@main.command()
@_explained
def web() -> None:
    """Serve the review desk alone, and print where to sign in."""
    with _open_lasting_house() as house:
        _serve_desk(house)


@main.command()
@_explained
def serve() -> None:
    """Serve the review desk, make what is planned and send what is approved, in one process."""
    from composer import working
    from composer.ticking import ticking

    with _open_lasting_house() as house:
        house.outlets.check()
        with working.workers(house.courier, number=2), ticking(house.schedule):
            _print_next(house)
            _serve_desk(house)


@main.command()
@click.option("--once", is_flag=True, help="Make what is due now, then stop.")
@_explained
def clock(*, once: bool) -> None:
    """Make the editions of plans when they are due, until stopped.

    Any number may run, on any machine: each edition is made once.
    """
    from threading import Event

    from composer import bootstrap
    from composer.ticking import ticking

    if once:
        with _open_house(bootstrap.start()) as house:
            _tick_once(house)
        return
    stop = Event()
    with _open_lasting_house() as house, _stopped_by(stop.set), ticking(house.schedule):
        _print_next(house)
        click.echo("Making what is planned. Stop with Ctrl-C.")
        stop.wait()


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


@main.command()
@click.option("--once", is_flag=True, help="Send what is due now, then stop.")
@_explained
def worker(*, once: bool) -> None:
    """Send what is approved and due, until stopped. Any number may run, on any machine."""
    from composer import bootstrap, working

    with _open_house(bootstrap.start()) as house:
        house.outlets.check()
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
    address = f"http://{settings.host}:{settings.port}"
    admin = house.people.first_person()
    if house.people.has_password(admin):
        click.echo(f"The review desk: {address}")
    else:
        # Only here, on the terminal of whoever starts it: no log ever holds a token.
        token = house.people.issue_link(admin)
        click.echo(f"Sign in, once and within 30 minutes: {address}/enter/{token}")
    with _stopped_by(_interrupt):
        serve(house, settings.host, settings.port)


@main.command()
@click.option("--probe", is_flag=True, help="Ask the platforms whether they take our keys.")
@_explained
def accounts(*, probe: bool) -> None:
    """List where posts go, and whether each account can be used; exit 1 if one cannot."""
    from composer import bootstrap

    with _open_house(bootstrap.start()) as house:
        problems = 0
        for account in house.store.accounts():
            if not account.active:
                click.echo(f"{account.name}\t{account.platform}\tnot configured any more")
                continue
            problem = house.outlets.look(account.name, probe=probe)
            problems += bool(problem)
            held = f"held: {account.held_reason}" if account.held else ""
            said = "; ".join(filter(None, [problem, held])) or "ready"
            click.echo(f"{account.name}\t{account.platform}\t{said}")
    if problems:
        sys.exit(1)


@main.group()
def user() -> None:
    """Add people to the review desk and let them in."""


_NAME = click.argument("name")
_ROLE = click.option(
    "--role",
    type=click.Choice(["creator", "editor", "admin"]),
    default="creator",
    show_default=True,
    help="What the person may do.",
)


@user.command("list")
@_explained
def list_users() -> None:
    """List everyone with role."""
    from composer import bootstrap

    with _open_house(bootstrap.start()) as house:
        for person in house.store.people():
            note = "" if person.active else " (may not sign in)"
            click.echo(f"{person.name}\t{person.role}{note}")


@user.command("add")
@_NAME
@_ROLE
@_explained
def add_user(*, name: str, role: str) -> None:
    """Add a person and print a one-time sign-in link."""
    from composer import bootstrap
    from composer.newsroom.records import Role

    with _open_house(bootstrap.start()) as house:
        person = house.store.add_person(name, Role(role), desk_locale="en")
        _print_link(house, person)


@user.command("link")
@_NAME
@_explained
def link_user(*, name: str) -> None:
    """Print a new one-time sign-in link for a person."""
    from composer import bootstrap

    with _open_house(bootstrap.start()) as house:
        _print_link(house, house.people.named(name))


def _print_link(house: "House", person: "Person") -> None:
    settings = house.settings
    token = house.people.issue_link(person)
    click.echo(f"http://{settings.host}:{settings.port}/enter/{token}")
