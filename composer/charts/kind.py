"""What a chart kind is: something drawn once, and words put on it in each language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from composer.charts.backdrop import Backdrop, backdrop_of
from composer.charts.page import Page
from composer.charts.plot import Plot
from composer.charts.sheet import Sheet
from composer.charts.theme import Theme
from composer.figures.report import Figures
from composer.text.amounts import AmountFormatter
from composer.text.writing import WrittenChart


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Kept:
    """The plot drawn last, and what of."""

    figures: Figures
    page: Page
    theme: Theme
    backdrop: Backdrop


@dataclass(slots=True, kw_only=True, eq=False)
class ChartKind:
    """One kind of chart.

    `draw` returns what is the same in every language, `write` puts the words of one on
    a sheet. The plot drawn last is kept: an edition asks for the same one in one language
    after the other.
    """

    draw: Callable[[Figures, Page, Theme], Plot]
    write: Callable[[Sheet, Plot, Figures, Mapping[str, str], AmountFormatter], None]
    _last: _Kept | None = field(default=None, init=False)

    def lay_out(self, plot: Plot, figures: Figures, chart: WrittenChart) -> Sheet:
        """Return the words of a chart as they stand on a plot of `figures`.

        Raises RenderError if one is missing or does not fit, or our fonts cannot write it.
        """
        sheet = Sheet(plot.page, plot.theme, chart.locale)
        self.write(sheet, plot, figures, chart.strings, AmountFormatter(chart.locale))
        return sheet

    def picture(
        self, figures: Figures, chart: WrittenChart, *, edition: str, page: Page, theme: Theme
    ) -> bytes:
        """Return the PNG of a chart. Raises RenderError as `lay_out` does."""
        backdrop = self._backdrop(figures, page, theme)
        return backdrop.with_words(self.lay_out(backdrop.plot, figures, chart), edition=edition)

    def _backdrop(self, figures: Figures, page: Page, theme: Theme) -> Backdrop:
        last = self._last
        if (
            last is not None
            and last.figures is figures  # figures never change, and comparing maps takes longer
            and (last.page, last.theme) == (page, theme)
        ):
            return last.backdrop
        backdrop = backdrop_of(self.draw(figures, page, theme))
        self._last = _Kept(figures=figures, page=page, theme=theme, backdrop=backdrop)
        return backdrop
