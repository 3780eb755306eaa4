"""What options of commands have in common, and how a refusal is told."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec

import click

from composer.errors import ConfigError, SquaredeskError

_Parameters = ParamSpec("_Parameters")


class Moment(click.ParamType[datetime]):
    """A time with its zone."""

    name = "time"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the moment, or say which form was expected."""
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"expected a time such as 2026-06-10T08:00Z, got {value!r}", param, ctx)
        if moment.tzinfo is None:
            expected = "expected a time with its zone, such as 2026-06-10T08:00Z"
            self.fail(f"{expected}, got {value!r}", param, ctx)
        return moment


class ChartKind(click.ParamType[str]):
    """A kind of chart."""

    name = "kind"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's
        """Return the kinds there are, for the help."""
        from composer import bootstrap

        return f"[{'|'.join(bootstrap.chart_kinds())}]"


class Levels(click.ParamType[object]):
    """A level policy."""

    name = "policy"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> object:
        """Return the policy, or say which ones there are."""
        from composer import bootstrap

        try:
            return bootstrap.parse_levels(value)
        except ConfigError as error:
            self.fail(str(error).removeprefix("--levels: "), param, ctx)


class Symbol(click.ParamType[str]):
    """A base coin."""

    name = "coin"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the coin in capitals, or say what one looks like."""
        symbol = value.upper()
        if not (symbol.isascii() and symbol.isalnum()):
            self.fail(f"expected a base coin such as BTC, got {value!r}", param, ctx)
        return symbol


_MARKET_OPTIONS = (
    click.option("--source", help="Where market data comes from: a source's name or a file."),
    click.option("--symbol", type=Symbol(), help="Base coin, as BTC."),
    click.option(
        "--as-of", type=Moment(), help="Look from this time; nothing known later is used."
    ),
    click.option(
        "--levels",
        type=Levels(),
        help="explicit:LOWER,UPPER, round (default), range:FRACTION or cluster.",
    ),
    click.option(
        "--notional",
        "notional_usd",
        type=click.FloatRange(min=0, min_open=True),
        help="USD to compare the two distances for.",
    ),
)


def market_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which market moment it is about."""
    for option in reversed(_MARKET_OPTIONS):
        command = option(command)
    return command


def explained(command: Callable[_Parameters, None]) -> Callable[_Parameters, None]:
    """Turn what squaredesk refuses into its reason on standard error and exit code 1."""

    @wraps(command)
    def run(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except SquaredeskError as error:
            raise click.ClickException(str(error)) from error

    return run
