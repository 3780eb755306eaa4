"""Print what a chart costs in one language and in many, beside the naive way."""

import gc
import resource
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from composer.charts import draw_chart, draw_charts
from composer.figures.report import Figures
from composer.text.writing import WrittenChart
from tests.unit.charts.shapes import SHAPES
from tests.unit.charts.wordings import LOCALES, written

KIND = "liquidation_map"
CHARTS = 1_000


def naive(figures: Figures, chart: WrittenChart) -> bytes:
    """Draw a plain chart as a tutorial would: bars, two curves, pyplot, tight_layout."""
    map_ = figures.liquidation_map
    figure, axes = plt.subplots(figsize=(12, 6.75))
    middle, width = (map_.low + map_.high) / 2, map_.high - map_.low
    axes.bar(middle, map_.long_usd, width, label=chart.strings["long_label"])
    axes.bar(middle, map_.short_usd, width, label=chart.strings["short_label"])
    axes.set_title(f"{chart.strings['title']}\n{chart.strings['subtitle']}")
    axes.set_xlabel(chart.strings["price_axis_label"])
    axes.legend()
    other = axes.twinx()
    other.plot(middle, np.cumsum(map_.long_usd[::-1])[::-1])
    other.plot(middle, np.cumsum(map_.short_usd))
    figure.tight_layout()
    buffer = BytesIO()
    figure.savefig(buffer, dpi=100)
    plt.close(figure)
    return buffer.getvalue()


def processor_time(work: Callable[[], object], rounds: int = 3) -> float:
    """Return the shortest time a processor worked, in seconds; neighbours matter less."""
    spans = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        spans.append(time.process_time() - start)
    return min(spans)


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
    """Measure a plot with its first language, each further one, and a thousand pictures."""
    mpl.use("agg")
    figures = SHAPES["clusters"]
    words = [written(locale, figures) for locale in LOCALES]
    english = words[0]

    def many() -> None:
        exhaust(draw_charts(KIND, figures, words, edition="e"))

    def cold() -> bytes:
        return draw_chart(KIND, replace(figures), english, edition="e")

    many()
    plain = processor_time(lambda: naive(figures, english), 5)
    first = processor_time(cold, 5)
    draw_chart(KIND, figures, english, edition="e")
    each = processor_time(many) / len(LOCALES)
    for what, seconds in (
        ("a chart the naive way", plain),
        ("a chart in its first language", first),
        (f"in each of {len(LOCALES)} languages more", each),
    ):
        print(f"{what:<44}{seconds * 1000:>10.1f} ms {plain / seconds:>10.1f} x faster than naive")

    before = held_megabytes()
    for _ in range(CHARTS // len(LOCALES)):
        exhaust(draw_charts(KIND, replace(figures), words, edition="e"))
    after = held_megabytes()
    print(f"{'memory after 1,000 charts more':<44}{after:>10.1f} MB {after - before:>+10.1f} MB")


if __name__ == "__main__":
    print_charts()
