"""Exchanges that answer like the real ones, found by the name of their file.

The fake of the provider `x` is tests/fakes/venues/x.py with `FAKE`, a subclass of
`FakeVenue` (tests/fakes/venues/venue.py). All of them show the one made-up market of
tests/fakes/venues/market.py, each in its own shapes.
"""

from importlib import import_module
from importlib.util import find_spec

from tests.fakes.venues.venue import FakeVenue


def has_fake(name: str) -> bool:
    return find_spec(f"{__name__}.{name}") is not None


def fake_of(name: str) -> type[FakeVenue]:
    fake: type[FakeVenue] = import_module(f"{__name__}.{name}").FAKE
    return fake
