"""A page to draw on without a word, and areas of it that are measured in values.

Nothing on it depends on the language, so that it is drawn once for all of them.
"""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from composer.charts.page import Box, Page
from composer.charts.theme import Theme
from composer.charts.typography import DPI


class Canvas:
    """An empty page in the colours of a theme."""

    def __init__(self, page: Page, theme: Theme) -> None:
        """Take an empty page."""
        self.page, self.theme = page, theme
        self.figure = Figure(
            figsize=(page.width / DPI, page.height / DPI), dpi=DPI, facecolor=theme.background
        )


class Area:
    """A box of a page with a scale each way: values on its axes, pixels on its page."""

    def __init__(
        self, canvas: Canvas, box: Box, *, x: tuple[float, float], y: tuple[float, float]
    ) -> None:
        """Measure `box` from left to right in the values `x`, from bottom to top in `y`."""
        page = canvas.page
        self.box, self._x, self._y = box, x, y
        self.axes: Axes = canvas.figure.add_axes(
            (
                box.left / page.width,
                1 - box.bottom / page.height,
                box.width / page.width,
                box.height / page.height,
            )
        )
        self.axes.set_axis_off()
        self.axes.set(xlim=x, ylim=y)

    def x(self, value: float) -> float:
        """Return where a value of the scale across lies on the page."""
        low, high = self._x
        return self.box.left + (value - low) / (high - low) * self.box.width

    def y(self, value: float) -> float:
        """Return where a value of the scale upwards lies on the page."""
        low, high = self._y
        return self.box.bottom - (value - low) / (high - low) * self.box.height

    def across(self, pixels: float) -> float:
        """Return the value across at a place of the page, in the box or beside it."""
        low, high = self._x
        return low + (pixels - self.box.left) / self.box.width * (high - low)

    def up(self, pixels: float) -> float:
        """Return the value upwards at a height of the page, in the box or beyond it."""
        low, high = self._y
        return low + (self.box.bottom - pixels) / self.box.height * (high - low)
