"""How it looks: one file per chart kind.

A module of this package with a `draw` function is a chart kind, named like its file;
there is no second list. Charts hold no words and format no numbers: both come in ready.

matplotlib is imported by these modules only, and only once a chart is asked for. It
keeps a list of fonts in its cache folder and logs a warning where it cannot write
there: a server without a home directory sets `MPLCONFIGDIR` to a folder it may write.
"""

import pkgutil
from importlib import import_module
from types import ModuleType

from composer.errors import RenderError
from composer.figures.report import Figures
from composer.text.amounts import AmountFormatter
from composer.text.writing import WrittenChart


def _modules() -> dict[str, ModuleType]:
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    modules = {name: import_module(f"{__name__}.{name}") for name in sorted(names)}
    return {name: module for name, module in modules.items() if hasattr(module, "draw")}


def chart_kinds() -> tuple[str, ...]:
    """Return the names of all chart kinds, sorted."""
    return tuple(_modules())


def require_kind(kind: str) -> ModuleType:
    """Return the module of a chart kind. Raises RenderError if there is no such kind."""
    modules = _modules()
    if kind not in modules:
        msg = f"there is no chart kind {kind!r}; choose one of {', '.join(modules)}"
        raise RenderError(msg)
    return modules[kind]


def draw_chart(kind: str, figures: Figures, chart: WrittenChart, *, edition: str) -> bytes:
    """Return the PNG of one chart kind with the words written for it.

    Raises RenderError if there is no such kind or its words cannot be set.
    """
    draw = require_kind(kind).draw
    png: bytes = draw(figures, chart.strings, AmountFormatter(chart.locale), edition=edition)
    return png
