"""Print what a chart costs in one language and in many, beside the naive way."""

import gc
import resource
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from itertools import cycle
from pathlib import Path
from time import process_time

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from benchmarks.timing import shortest
from composer.charts import chart_kinds, draw_chart, draw_charts
from composer.charts.scene import Scene
from composer.figures.heatmap import estimate_heatmap
from composer.market.records import FloatArray, TimeArray
from composer.text.writing import WrittenChart
from tests.unit.charts.shapes import SHAPES, anew
from tests.unit.charts.wordings import LOCALES, written

CHARTS, FIRST_CHARTS = 1_000, 100


def _naive_map(axes: Axes, scene: Scene) -> None:
    map_ = scene.figures.liquidation_map
    middle, width = (map_.low + map_.high) / 2, map_.high - map_.low
    axes.bar(middle, map_.long_usd, width, label="long")
    axes.bar(middle, map_.short_usd, width, label="short")
    other = axes.twinx()
    other.plot(middle, np.cumsum(map_.long_usd[::-1])[::-1])
    other.plot(middle, np.cumsum(map_.short_usd))


def _naive_distance(axes: Axes, scene: Scene) -> None:
    map_ = scene.figures.liquidation_map
    middle = (map_.low + map_.high) / 2
    axes.fill_betweenx(middle, np.cumsum(map_.short_usd), hatch="//", label="short")
    axes.fill_betweenx(middle, np.cumsum(map_.long_usd[::-1])[::-1], hatch="..", label="long")
    axes.axvline(scene.figures.equal_notional.notional_usd)


def _naive_lines(axes: Axes, scene: Scene) -> None:
    market = scene.market
    assert market.candles is not None  # noqa: S101 - as the shape has it
    assert market.open_interest is not None  # noqa: S101
    assert market.funding_rates is not None  # noqa: S101
    axes.plot(_days(market.candles.known_ms), market.candles.close, label="price")
    interest = market.open_interest
    axes.twinx().plot(_days(interest.stamp_ms), interest.open_interest_usd)
    eight_hours = slice(None, None, 8)
    rates = market.funding_rates
    below = axes.twinx()
    below.bar(_days(rates.stamp_ms[eight_hours]), rates.rate[eight_hours], 0.3)


def _naive_candles(axes: Axes, scene: Scene) -> None:
    candles = scene.market.candles
    assert candles is not None  # noqa: S101 - as the shape has it
    two_hours = slice(-168, None, 2)
    days = _days(candles.open_ms[two_hours])
    low, high = candles.low[two_hours], candles.high[two_hours]
    body = candles.close[two_hours] - candles.open[two_hours]
    axes.bar(days, high - low, 0.01, bottom=low)
    axes.bar(days, body, 0.06, bottom=candles.open[two_hours], label="candles")
    for cluster in scene.figures.clusters:
        axes.axhspan(cluster.low, cluster.high, alpha=0.2)
    for level in (scene.figures.lower, scene.figures.upper):
        axes.axhline(level.level)


def _naive_heatmap(axes: Axes, scene: Scene) -> None:
    market = scene.market
    assert market.candles is not None  # noqa: S101 - as the shape has it
    assert market.open_interest is not None  # noqa: S101
    edges = scene.figures.price * np.linspace(0.88, 1.12, 151)
    found = estimate_heatmap(market.candles, market.open_interest, edges=edges)
    axes.pcolormesh((found.long_usd + found.short_usd).T)
    _naive_candles(axes.twinx().twiny(), scene)


# The same things as each kind shows, as a tutorial would draw them.
NAIVE: Mapping[str, Callable[[Axes, Scene], None]] = {
    "liquidation_map": _naive_map,
    "equal_distance": _naive_distance,
    "open_interest": _naive_lines,
    "price_levels": _naive_candles,
    "heatmap": _naive_heatmap,
}


def _days(stamp_ms: TimeArray) -> FloatArray:
    days: FloatArray = (stamp_ms - stamp_ms[0]) / 86_400_000
    return days


def naive(kind: str, scene: Scene, chart: WrittenChart) -> bytes:
    """Draw a plain chart as a tutorial would: pyplot, a legend, tight_layout."""
    figure, axes = plt.subplots(figsize=(12, 6.75))
    NAIVE[kind](axes, scene)
    axes.set_title(f"{chart.strings['title']}\n{chart.strings['subtitle']}")
    axes.set_xlabel(chart.strings["caveat"])
    if axes.get_legend_handles_labels()[0]:
        axes.legend()
    figure.tight_layout()
    buffer = BytesIO()
    figure.savefig(buffer, dpi=100)
    plt.close(figure)
    return buffer.getvalue()


def exhaust(pictures: Iterable[bytes]) -> None:
    """Draw all the pictures and keep none."""
    for _ in pictures:
        pass


def held_megabytes() -> float:
    """Return the memory this process has now, or the most it has had where nobody tells."""
    gc.collect()
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS


def print_charts() -> None:
    """Measure each kind with its first language and each further one, then memory over many."""
    mpl.use("agg")
    for kind in chart_kinds():
        _print_kind(kind)
    _print_memory()


def _print_kind(kind: str) -> None:
    scene = SHAPES["clusters"]
    words = [written(locale, scene, kind) for locale in LOCALES]
    english = words[0]

    def many() -> None:
        exhaust(draw_charts(kind, scene, words, edition="e"))

    def cold() -> bytes:
        return draw_chart(kind, anew(scene), english, edition="e")

    many()
    # Time of the processor, on which neighbours weigh less.
    plain, first = shortest(3, lambda: naive(kind, scene, english), cold, clock=process_time)
    draw_chart(kind, scene, english, edition="e")
    each = shortest(5, many, clock=process_time)[0] / len(LOCALES)
    for what, seconds in (
        (f"{kind} the naive way", plain),
        ("in its first language", first),
        (f"in each of {len(LOCALES)} languages more", each),
    ):
        print(f"{what:<44}{seconds * 1000:>10.1f} ms {plain / seconds:>10.1f} x faster than naive")


def _print_memory() -> None:
    """Draw every kind of new scenes in every language; what is held after some and after many."""
    scene = SHAPES["clusters"]
    words = {kind: [written(locale, scene, kind) for locale in LOCALES] for kind in chart_kinds()}
    kinds, drawn, held = cycle(words), 0, dict.fromkeys((FIRST_CHARTS, CHARTS), 0.0)
    for after in held:
        while drawn < after:
            kind = next(kinds)
            exhaust(draw_charts(kind, anew(scene), words[kind], edition="e"))
            drawn += len(LOCALES)
        held[after] = held_megabytes()
    few, many = held.values()
    what = f"memory after {FIRST_CHARTS} and after {CHARTS:,} charts"
    print(f"{what:<44}{few:>10.1f} MB {many:>10.1f} MB {many - few:>+10.1f} MB")


if __name__ == "__main__":
    print_charts()
