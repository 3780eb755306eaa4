"""Who may import whom. A wrong arrow, a cycle or I/O in `figures` fails here."""

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent.parent
# The rooms of `composer` go by their own names here, `web` is one room by its own.
ROOTS = {REPOSITORY / "composer": REPOSITORY / "composer", REPOSITORY / "web": REPOSITORY}
OURS = ("composer", "web")

# A place imports the places named; a name covers everything below it.
# Everyone may import `errors`; modules of one room import each other, without cycles.
ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "resources": set(),
    "plan_settings": set(),
    "account_settings": {"addresses"},
    "settings": {"account_settings", "keys", "plan_settings"},
    "logs": set(),
    "keys": set(),
    "addresses": set(),
    "market.arrays": set(),
    "market.series": {"market.arrays"},
    "market.records": {"market.arrays", "market.series"},
    "market.snapshot_bytes": {"market.records"},
    "market.margin": {"market.records"},
    "market.regimes": set(),
    "market.crowd": {"market.records", "market.margin"},
    "market.simulator": {"market.records", "market.margin", "market.regimes", "market.crowd"},
    "market.side_by_side": set(),
    "market.sources": {
        *("market.records", "market.simulator", "market.regimes", "market.side_by_side"),
        *("keys", "addresses"),
    },
    "market.merge": {"market.records"},
    "market.collect": {
        *("market.records", "market.sources", "market.merge", "market.side_by_side"),
    },
    "market.tiers": {"market.records", "market.margin", "market.sources", "market.side_by_side"},
    "figures": {"market.records", "market.margin"},
    "text": {"figures", "resources"},
    "charts": {"market.records", "figures", "text", "resources"},
    "checks": {"text", "figures"},
    "newsroom.records": {"market.records", "figures", "text", "checks"},
    "newsroom.observing": {"market", "figures", "newsroom.records"},
    "newsroom.drawing": {"market", "figures", "text", "charts", "newsroom"},
    "newsroom.editions": {"market", "text", "charts", "checks", "newsroom"},
    "newsroom.ports": {"newsroom.records", "figures", "text", "charts.scene"},
    "newsroom.plans": set(),
    "newsroom.archive": {"market", "figures", "newsroom"},
    "newsroom.refreshing": {"market", "text", "checks", "charts", "newsroom"},
    "newsroom.making": {"market", "newsroom"},
    "newsroom.backtest": {"market", "figures", "newsroom"},
    "newsroom.following": {"market", "figures", "newsroom"},
    "newsroom": {
        "market.records",
        "figures",
        "text",
        "checks",
        "publishers.records",
        "newsroom.records",
    },
    "publishers": {"publishers.records", "keys", "addresses"},
    "store": {"newsroom.records", "newsroom.ports", "checks", "text", "figures"},
    "bootstrap": {
        "logs",
        "resources",
        "settings",
        "market",
        "figures",
        "text",
        "newsroom",
    },
    "presences": {"account_settings", "text"},
    "accounts": {
        *("newsroom", "presences", "publishers", "account_settings", "settings", "resources"),
        *("text.presence", "text.templates"),
    },
    "watch": {"market.records", "figures", "newsroom.ports"},
    "working": {"newsroom.delivery"},
    "planned": {"bootstrap", "market.sources", "newsroom", "plan_settings", "settings"},
    "ticking": {"newsroom.schedule"},
    "house": {
        "accounts",
        "charts",
        "planned",
        "watch",
        "market",
        "bootstrap",
        "newsroom",
        "publishers",
        "settings",
        "store",
    },
    "console": {"market.records", "newsroom", "figures", "text", "checks"},
    "cli": {
        *("newsroom", "bootstrap", "console", "house", "settings", "web"),
        *("charts.pool", "planned", "ticking", "working"),
    },
    "__main__": {"cli"},
    "web": {"newsroom", "text", "checks.records", "figures.facts", "resources"},
}

# Third-party libraries by place. What is not here is the standard library's.
LIBRARIES: dict[str, set[str]] = {
    "account_settings": {"pydantic"},
    "plan_settings": {"pydantic", "pydantic_core"},
    "settings": {"platformdirs", "pydantic", "pydantic_core"},
    "logs": {"structlog"},
    "market": {"numpy", "pydantic"},
    "market.sources": {"httpx"},
    "figures": {"numpy"},
    "text": {"babel", "jinja2", "numpy"},
    "charts": {"matplotlib", "numpy", "PIL"},
    "newsroom": {"argon2", "pydantic", "structlog"},
    "publishers": {"httpx"},
    "store": {"sqlalchemy", "alembic"},
    "watch": {"numpy"},
    "working": {"structlog"},
    "ticking": {"apscheduler", "structlog"},
    "console": {"rich"},
    "cli": {"click"},
    "web": {
        *("flask", "flask_login", "flask_wtf", "flask_limiter", "werkzeug", "wtforms"),
        *("babel", "markupsafe", "waitress"),
    },
}

# Modules that can touch disk, net, clock or process; `figures` has no use for any.
EFFECTS = {
    *("os", "io", "pathlib", "shutil", "tempfile", "socket", "ssl", "http", "urllib"),
    *("subprocess", "threading", "multiprocessing", "asyncio", "time", "random", "logging"),
    *("sqlite3", "csv", "json", "pickle", "gzip", "importlib"),
}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for folder, root in ROOTS.items():
        for file in sorted(folder.rglob("*.py")):
            parts = list(file.relative_to(root).with_suffix("").parts)
            if parts[-1] == "__init__" and len(parts) > 1:
                parts.pop()
            yield ".".join(parts), ast.parse(file.read_text(encoding="utf-8"))


MODULES = dict(_modules())


def _imports(module: str) -> Iterator[str]:
    """Yield what a module imports; of our own package without the leading `composer.`."""
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                inner = whole.removeprefix("composer.")
                ours = whole.partition(".")[0] in OURS and inner in MODULES
                yield whole if ours else str(node.module)


def _own_imports(module: str) -> set[str]:
    return {
        name.removeprefix("composer.")
        for name in _imports(module)
        if name.startswith(tuple(f"{package}." for package in OURS))
    }


def _place(module: str) -> str:
    """Return the most exact place of ARROWS a module belongs to."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        place = ".".join(parts[:length])
        if place in ARROWS:
            return place
    pytest.fail(f"{module} has no place in ARROWS; give the new room its arrows")


def _within(module: str, place: str) -> bool:
    return module == place or module.startswith(f"{place}.")


@pytest.mark.parametrize("module", [name for name in MODULES if name not in {"__init__", "market"}])
def test_every_import_follows_an_arrow(module: str) -> None:
    place = _place(module)
    for target in _own_imports(module):
        allowed = {*ARROWS[place], "errors", place}
        assert any(_within(target, name) for name in allowed), (
            f"{module} imports {target}; {place} may import {sorted(allowed)}"
        )


@pytest.mark.parametrize("module", MODULES)
def test_third_party_libraries_stay_in_their_rooms(module: str) -> None:
    allowed = {
        library
        for place, libraries in LIBRARIES.items()
        if _within(module, place)
        for library in libraries
    }
    foreign = {
        name.partition(".")[0]
        for name in _imports(module)
        if name.partition(".")[0] not in {*sys.stdlib_module_names, *OURS}
    }
    assert foreign <= allowed, f"{module} uses {sorted(foreign - allowed)}"


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {
        module: {target for target in _own_imports(module) if target in MODULES}
        for module in MODULES
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"imports go in a circle: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("module", [name for name in MODULES if _within(name, "figures")])
def test_figures_touch_nothing_outside(module: str) -> None:
    assert not {name.partition(".")[0] for name in _imports(module)} & EFFECTS
    called = {
        node.func.id
        for node in ast.walk(MODULES[module])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"open", "print", "input", "exec", "eval"}
    reads_clock = {
        node.attr
        for node in ast.walk(MODULES[module])
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
    }
    assert not reads_clock


def test_only_cli_imports_inside_functions() -> None:
    """An import inside a function may hide a cycle; cli has its reason in its docstring."""
    for module, tree in MODULES.items():
        if _within(module, "cli"):
            continue
        functions = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        hidden = [
            node
            for function in functions
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        assert not hidden, f"{module} imports inside a function"
