"""What a chart kind is: something drawn once, and words put on it in each language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from composer.charts.backdrop import Backdrop, backdrop_of
from composer.charts.canvas import Canvas
from composer.charts.page import Page
from composer.charts.scene import Scene
from composer.charts.sheet import Sheet
from composer.charts.theme import Theme
from composer.errors import RenderError
from composer.text.amounts import AmountFormatter
from composer.text.writing import WrittenChart

PlotT = TypeVar("PlotT", bound=Canvas)


def nothing_missing(_scene: Scene) -> str | None:
    """Return None: the figures, which every scene has, are enough."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Kept(Generic[PlotT]):
    """The plot drawn last, and what of."""

    scene: Scene
    page: Page
    theme: Theme
    plot: PlotT
    backdrop: Backdrop


@dataclass(slots=True, kw_only=True, eq=False)
class ChartKind(Generic[PlotT]):
    """One kind of chart.

    `draw` returns what is the same in every language, `write` puts the words of one on
    a sheet. `missing` says in a word what a scene lacks for this kind, if anything. The
    plot drawn last is kept: an edition asks for the same one in one language after the
    other.
    """

    draw: Callable[[Scene, Page, Theme], PlotT]
    write: Callable[[Sheet, PlotT, Scene, Mapping[str, str], AmountFormatter], None]
    missing: Callable[[Scene], str | None] = nothing_missing
    _last: _Kept[PlotT] | None = field(default=None, init=False)

    def require(self, scene: Scene) -> None:
        """Refuse a scene that lacks what this kind shows. Raises RenderError saying what."""
        missing = self.missing(scene)
        if missing is not None:
            msg = f"this market has no {missing}, which this chart shows; choose another kind"
            raise RenderError(msg)

    def lay_out(self, plot: PlotT, scene: Scene, chart: WrittenChart) -> Sheet:
        """Return the words of a chart as they stand on a plot of `scene`.

        Raises RenderError if one is missing or does not fit, or our fonts cannot write it.
        """
        sheet = Sheet(plot.page, plot.theme, chart.locale)
        self.write(sheet, plot, scene, chart.strings, AmountFormatter(chart.locale))
        return sheet

    def picture(
        self, scene: Scene, chart: WrittenChart, *, edition: str, page: Page, theme: Theme
    ) -> bytes:
        """Return the PNG of a chart.

        Raises RenderError as `lay_out` does, or if the market lacks what this kind shows.
        """
        kept = self._kept(scene, page, theme)
        return kept.backdrop.with_words(self.lay_out(kept.plot, scene, chart), edition=edition)

    def _kept(self, scene: Scene, page: Page, theme: Theme) -> _Kept[PlotT]:
        last = self._last
        if last is not None and (last.scene, last.page, last.theme) == (scene, page, theme):
            return last
        self.require(scene)
        plot = self.draw(scene, page, theme)
        kept = _Kept(scene=scene, page=page, theme=theme, plot=plot, backdrop=backdrop_of(plot))
        self._last = kept
        return kept
