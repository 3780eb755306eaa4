"""May it go out? One file per check; each is found by its file, there is no second list."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from composer.checks.records import Finding, Subject

_RECORDS = "records"

Check = Callable[[Subject], Iterator[Finding]]


@cache
def all_checks() -> dict[str, Check]:
    """Return every check by the name of its file, in alphabetical order."""
    names = sorted(
        module.name
        for module in iter_modules(__path__)
        if not module.name.startswith("_") and module.name != _RECORDS
    )
    return {name: cast("Check", import_module(f"{__name__}.{name}").find) for name in names}


def run_checks(subject: Subject) -> tuple[Finding, ...]:
    """Return what all checks find, blocking findings first, in the order of the passages."""
    order = {passage.key: place for place, passage in enumerate(subject.passages)}
    found = [finding for check in all_checks().values() for finding in check(subject)]
    return tuple(
        sorted(
            found,
            key=lambda finding: (
                finding.severity,
                order.get(finding.passage or "", -1),
                finding.span or (0, 0),
                finding.id,
            ),
        )
    )
