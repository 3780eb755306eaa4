"""Draw contact sheets of every chart: `python tools/gallery.py FOLDER [SHEETS]`.

FOLDER gets one sheet for each kind of chart and size: a row for each language, a column for
each theme. SHEETS, if named, gets one small sheet for each kind, as `docs/gallery.md` shows
them. The market is simulated and its funding made up, and every picture says so.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from composer import resources
from composer.charts import chart_kinds, draw_charts
from composer.charts.page import SQUARE, WIDE
from composer.charts.scene import Scene
from composer.charts.theme import DARK, LIGHT
from composer.figures.compute import compute_figures
from composer.figures.facts import facts_of
from composer.figures.levels import LevelPolicy
from composer.market.records import FundingRates, Query
from composer.market.sources import open_source
from composer.text.writing import WrittenChart, write_chart

NOW = datetime(2026, 6, 10, 8, tzinfo=UTC)
SIZES, THEMES = (WIDE.name, SQUARE.name), (LIGHT.name, DARK.name)
WIDTH, SMALL_WIDTH = 800, 320
GAP = 8
SURROUNDINGS = (128, 128, 128)
SMALL_COLORS = 64


def made_up_scene() -> Scene:
    """Return the simulated market with funding that follows its open interest."""
    market = open_source("simulated").snapshot(Query(now=NOW, symbol="BTC"))
    interest = market.open_interest
    if interest is not None:
        every = slice(-1, None, -96)  # a rate for every eight hours of 5-minute bars
        level = interest.open_interest_usd[every][::-1]
        rates = FundingRates(
            symbol=market.symbol,
            stamp_ms=interest.stamp_ms[every][::-1],
            rate=np.asarray(0.0005 * (level / level.mean() - 0.98), dtype=np.float64),
        )
        market = replace(market, funding_rate=float(rates.rate[-1]), funding_rates=rates)
    return Scene(figures=compute_figures(market, levels=LevelPolicy.parse("round")), market=market)


def pictures(kind: str, scene: Scene, size: str, theme: str) -> list[Image.Image]:
    """Return one kind of chart in every shipped language."""
    facts = facts_of(scene.figures)
    words: Iterator[WrittenChart] = (
        write_chart(kind, locale=locale, facts=facts) for locale in resources.shipped_locales()
    )
    drawn = draw_charts(kind, scene, words, edition="gallery", theme=theme, size=size)
    return [Image.open(BytesIO(png)).convert("RGB") for png in drawn]


def contact_sheet(columns: Sequence[Sequence[Image.Image]], width: int) -> Image.Image:
    """Return pictures side by side, each reduced to `width`."""
    reduced = [
        one.resize((width, one.height * width // one.width), Image.Resampling.LANCZOS)
        for column in columns
        for one in column
    ]
    height = max(picture.height for picture in reduced)
    rows = len(columns[0])
    sheet = Image.new(
        "RGB",
        (len(columns) * (width + GAP) + GAP, rows * (height + GAP) + GAP),
        SURROUNDINGS,
    )
    for number, picture in enumerate(reduced):
        column, row = divmod(number, rows)
        sheet.paste(picture, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    return sheet


def build(folder: Path, small: Path | None) -> Iterable[Path]:
    """Write all sheets, and yield where each is."""
    scene = made_up_scene()
    for kind in chart_kinds():
        drawn: Mapping[str, list[list[Image.Image]]] = {
            size: [pictures(kind, scene, size, theme) for theme in THEMES] for size in SIZES
        }
        for size, columns in drawn.items():
            file = folder / f"{kind}.{size}.png"
            contact_sheet(columns, WIDTH).save(file)
            yield file
        if small is not None:
            file = small / f"{kind}.png"
            sheet = contact_sheet(drawn[WIDE.name], SMALL_WIDTH)
            sheet.quantize(SMALL_COLORS, dither=Image.Dither.NONE).save(file, optimize=True)
            yield file


def main(folders: Sequence[str]) -> None:
    """Write the sheets into the folders that were named."""
    folder, small = Path(folders[0]), Path(folders[1]) if folders[1:] else None
    for one in (folder, small):
        if one is not None:
            one.mkdir(parents=True, exist_ok=True)
    for file in build(folder, small):
        print(f"{file} ({file.stat().st_size // 1024} KB)")


if __name__ == "__main__":
    match sys.argv[1:]:
        case [_] | [_, _]:
            main(sys.argv[1:])
        case _:
            sys.exit(__doc__)
