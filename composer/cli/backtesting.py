"""Replay recorded history and see what became of the levels."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from composer.cli.options import Levels, Symbol, explained

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--source", required=True, help="The recorded market: a file, or a source's name.")
@click.option("--from", "first", type=_DAY, required=True, help="First day of editions.")
@click.option("--to", "last", type=_DAY, required=True, help="Last day of editions.")
@click.option("--symbol", type=Symbol(), help="Base coin, as BTC.")
@click.option("--levels", type=Levels(), help="round (default), range:FRACTION or cluster.")
@click.option("--json", "as_json", is_flag=True, help="Print every edition and what came after.")
@explained
def backtest(
    *,
    first: datetime,
    last: datetime,
    as_json: bool,
    **market: Any,  # noqa: ANN401 - source, symbol and levels
) -> None:
    """Make an edition for every day of recorded history and keep score of its levels.

    Each edition knows only what was known at 08:00 UTC of its day; only what came after
    counts for it. Prints Markdown.
    """
    from composer import bootstrap
    from composer.newsroom.backtest import run_backtest
    from composer.newsroom.backtest_report import backtest_page, backtest_tree

    desk = bootstrap.open_desk(bootstrap.Request(**market))
    found = run_backtest(desk.commission, desk.sources, first.date(), last.date())
    data = Path(desk.commission.source).name  # no page may tell where on a disk it was
    if as_json:
        click.echo(json.dumps(backtest_tree(found, data), indent=2, allow_nan=False))
    else:
        click.echo(backtest_page(found, data))
