"""Labels of prices in a column beside a plot, each led to from the height of its price.

Where prices are close their labels move apart, and keep their order. Where there is no
room for all, those of the least rank are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from composer.charts.page import GAP, Box
from composer.charts.sheet import Sheet, Style
from composer.charts.stacking import stack

LEAD = 24.0
BESIDE = 6.0
APART = GAP / 2

Row = tuple[str, Style]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideLabel:
    """What is said of the price at a height of the page: one text below the other.

    `rank` is 0 for what must be said; of others the larger ranks are left out first.
    """

    y: float
    rows: tuple[Row, ...]
    rank: int = 0


def write_side_labels(sheet: Sheet, labels: Sequence[SideLabel], column: Box) -> None:
    """Write labels into a column that begins where their lines end.

    What they are written over is covered. Raises RenderError if one does not fit.
    """
    left = column.left + LEAD + BESIDE
    kept = [_fitted(sheet, label, column.right - left) for label in labels]
    while sum(_height(sheet, label) for label in kept) > column.height:
        last = max(kept, key=lambda label: label.rank)
        if last.rank == 0:
            break
        kept.remove(last)
    kept.sort(key=lambda label: label.y)
    middles = stack(
        [label.y for label in kept],
        [_height(sheet, label) for label in kept],
        top=column.top,
        bottom=column.bottom,
    )
    for label, middle in zip(kept, middles.tolist(), strict=True):
        _write(sheet, label, column.left, left, middle)


def _fitted(sheet: Sheet, label: SideLabel, width: float) -> SideLabel:
    """Return a label with its rows as the lines they make in a column."""
    rows: list[Row] = []
    for words, style in label.rows:
        fitted = sheet.fit(words, width, style.size, bold=style.bold)
        rows += [(line, replace(style, size=fitted.size)) for line in fitted.lines]
    return replace(label, rows=tuple(rows))


def _height(sheet: Sheet, label: SideLabel) -> float:
    return sheet.line_height * sum(style.size for _, style in label.rows) + APART


def _write(sheet: Sheet, label: SideLabel, start: float, left: float, middle: float) -> None:
    """Write a label around a height, with a line to it from the height of its price."""
    half = (_height(sheet, label) - APART) / 2
    width = max(sheet.measure(words, style.size, bold=style.bold) for words, style in label.rows)
    covered = Box(
        left=left - BESIDE, top=middle - half, right=left + width + BESIDE, bottom=middle + half
    )
    sheet.patch(covered, sheet.theme.background)
    ink = label.rows[0][1].color
    sheet.stroke((start, label.y), (start + LEAD, middle), ink, width=1.5)
    y, x = middle - half, left + width if sheet.mirrored else left
    for words, style in label.rows:
        y += style.size * sheet.line_height
        sheet.write(x, y - 0.3 * style.size, words, style, align=sheet.leading)
