"""Look at a market, draft, draw, check, record."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from composer.cli.houses import open_house
from composer.cli.options import ChartKind, Moment, Symbol, explained, market_options
from composer.errors import ConfigError, SquaredeskError


@click.command()
@market_options
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@explained
def figures(*, as_json: bool, **market: Any) -> None:  # noqa: ANN401 - the market options
    """Compute the imbalance figures of a market."""
    from composer import bootstrap, console
    from composer.newsroom.observing import look
    from composer.newsroom.remembering import set_beside

    desk = bootstrap.open_desk(bootstrap.Request(**market))
    computed = set_beside(look(desk.commission, desk.sources)).figures
    if as_json:
        click.echo(json.dumps(computed.tree(), indent=2, allow_nan=False))
        console.print_warnings(computed)
    else:
        console.print_figures(computed)


@click.command()
@click.option("--plan", help="Draft what a plan of the settings asks for, now.")
@market_options
@click.option("--locale", "locales", multiple=True, help="Locale of a draft; repeat for more.")
@click.option("--format", "formats", multiple=True, help="Format of a draft; repeat for more.")
@click.option("--no-store", is_flag=True, help="Only print; keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the drafts as JSON.")
@explained
def draft(
    *,
    plan: str | None,
    no_store: bool,
    as_json: bool,
    **asked: Any,  # noqa: ANN401 - the market options, locales and formats
) -> None:
    """Draft the posts of a market moment, with their charts."""
    from composer import bootstrap, console
    from composer.newsroom import files
    from composer.newsroom.editions import make_edition
    from composer.newsroom.observing import look
    from composer.planned import Planned

    if plan is None:
        desk = bootstrap.open_desk(bootstrap.Request(**asked))
    elif any(asked.values()):
        msg = "--plan says which market, locales and formats; give it without options of those"
        raise click.UsageError(msg)
    else:
        desk = Planned(settings=bootstrap.start()).desk(plan)
    if no_store:
        edition = make_edition(desk.commission, desk.sources)
        folder = bootstrap.scratch_folder()
        images = files.file_images(edition, folder)
    else:
        observed = look(desk.commission, desk.sources)  # if that fails, nothing is opened yet
        with open_house(desk.settings) as house:
            edition = house.make(observed)
            folder, images = files.file_edition(edition, desk.editions)
    if as_json:
        trees = [files.filed_tree(draft, images) for draft in edition.drafts]
        click.echo(json.dumps(trees, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        console.print_edition(edition, images, None if no_store else folder)
        console.print_notes(edition.snapshot)


@click.command()
@market_options
@click.option(
    "--kind",
    type=ChartKind(),
    default="liquidation_map",
    show_default=True,
    help="What to draw; a kind may need more than a market offers.",
)
@click.option("--locale", default="en", show_default=True, help="Language of its words.")
@click.option("--theme", default="light", show_default=True, help="Its colours: light or dark.")
@click.option(
    "--size", default="1200x675", show_default=True, help="Its pixels: 1200x675 or 1080x1080."
)
@click.option("--credit", help="Name of its creator, printed in a corner.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; KIND.LOCALE.png in this folder if left out.",
)
@explained
def chart(
    *,
    kind: str,
    locale: str,
    theme: str,
    size: str,
    credit: str | None,
    output: Path | None,
    **market: Any,  # noqa: ANN401 - the market options
) -> None:
    """Draw one chart of a market moment as PNG."""
    from composer import bootstrap
    from composer.newsroom import files
    from composer.newsroom.drawing import draw_chart_of

    desk = bootstrap.open_desk(bootstrap.Request(**market, locales=(locale,)))
    image = draw_chart_of(
        kind, desk.commission, desk.sources, theme=theme, size=size, credit=credit
    )
    file = output or Path(files.image_name(image))
    files.write_file(file, image.png)
    click.echo(str(file.resolve()))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as-of", type=Moment(), help="Measure the age of the data from this time.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@explained
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


@click.command()
@click.option("--source", required=True, help="The exchange to ask, as binance.")
@click.option("--symbol", type=Symbol(), help="Base coin, as BTC.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; use it as --source later.",
)
@explained
def record(*, source: str, symbol: str | None, output: Path) -> None:
    """Keep what an exchange answers now, word for word, to look at it again later."""
    from composer import bootstrap
    from composer.newsroom import files

    if output.suffix.lower() != ".json":
        msg = f"-o {output}: expected a name that ends with .json"
        raise ConfigError(msg)
    files.write_file(output, bootstrap.record_market(source, symbol).encode())
    click.echo(str(output.resolve()))


@click.group()
def tiers() -> None:
    """Leverage tiers: which margin exchanges ask for, by the size of a position."""


@tiers.command("refresh")
@explained
def refresh_tiers() -> None:
    """Ask exchanges for their leverage tiers, and keep them in the home folder."""
    from composer import bootstrap
    from composer.newsroom import files

    folder, found = bootstrap.refresh_tiers()
    for name, result in found.items():
        if isinstance(result, SquaredeskError):
            click.echo(f"{name}: {result}; what was there stays", err=True)
        else:
            files.write_file(folder / f"{name}.json", result.encode())
            click.echo(str(folder / f"{name}.json"))
    click.echo("binance: its tiers want a key, so the shipped ones stay", err=True)
    if any(isinstance(result, SquaredeskError) for result in found.values()):
        sys.exit(1)
