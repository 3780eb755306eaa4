"""How it looks: one file per chart kind.

A module of this package with a `KIND` is a chart kind, named like its file; there is no
second list. A kind draws once what is the same in every language, and puts the words of
each on it. It holds no words and formats no numbers: both come in ready.

matplotlib is imported by these modules only, and only once a chart is asked for. It
keeps a list of fonts in its cache folder and logs a warning where it cannot write
there: a server without a home directory sets `MPLCONFIGDIR` to a folder it may write.
"""

import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from composer.charts.page import WIDE, require_page
from composer.charts.scene import Scene
from composer.charts.theme import LIGHT, require_theme
from composer.errors import RenderError
from composer.text.writing import WrittenChart

if TYPE_CHECKING:  # whoever only asks for a picture does not need matplotlib yet
    from composer.charts.kind import ChartKind


def _modules() -> dict[str, ModuleType]:
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    modules = {name: import_module(f"{__name__}.{name}") for name in sorted(names)}
    return {name: module for name, module in modules.items() if hasattr(module, "KIND")}


def chart_kinds() -> tuple[str, ...]:
    """Return the names of all chart kinds, sorted."""
    return tuple(_modules())


def require_kind(kind: str) -> "ChartKind[Any]":
    """Return the chart kind of a name. Raises RenderError if there is no such kind."""
    modules = _modules()
    if kind not in modules:
        msg = f"there is no chart kind {kind!r}; choose one of {', '.join(modules)}"
        raise RenderError(msg)
    found: ChartKind[Any] = modules[kind].KIND
    return found


def can_show(kind: str, scene: Scene) -> bool:
    """Tell whether a scene has what a kind shows. Raises RenderError if there is no such kind."""
    return require_kind(kind).missing(scene) is None


def is_printable(text: str, locale: str) -> bool:
    """Tell whether a picture of a locale can carry a text: a name from the settings, say."""
    found: bool = import_module(f"{__name__}.typography").is_printable(text, locale)
    return found


def draw_charts(
    kind: str,
    scene: Scene,
    charts: Iterable[WrittenChart],
    *,
    edition: str,
    theme: str = LIGHT.name,
    size: str = WIDE.name,
) -> Iterator[bytes]:
    """Yield the PNG of one chart kind for the words of each language; the plot is drawn once.

    Raises RenderError if there is no such kind, theme or size, the market lacks what the kind
    shows, or words cannot be set.
    """
    known, page, colors = require_kind(kind), require_page(size), require_theme(theme)
    for chart in charts:
        yield known.picture(scene, chart, edition=edition, page=page, theme=colors)


def draw_chart(
    kind: str,
    scene: Scene,
    chart: WrittenChart,
    *,
    edition: str,
    theme: str = LIGHT.name,
    size: str = WIDE.name,
) -> bytes:
    """Return the PNG of one chart kind with the words written for it; see `draw_charts`."""
    (png,) = draw_charts(kind, scene, (chart,), edition=edition, theme=theme, size=size)
    return png
