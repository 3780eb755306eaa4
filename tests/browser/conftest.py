"""A real desk in a process of its own, and a real browser that complains aloud."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.browsers import TIMEOUT_MS, Browsers
from tests.browser.desk import RunningDesk, make_edition, running_desk
from tools.browser import ARGUMENTS, find_chromium, how_to_get_it


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one browser for all tests of a process."""
    found = find_chromium()
    if found is None:
        pytest.fail(how_to_get_it())
    expect.set_options(timeout=TIMEOUT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one edition that every desk begins with a copy of."""
    return make_edition(tmp_path_factory.mktemp("made"))


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Iterator[RunningDesk]:
    with running_desk(made, tmp_path) as running:
        yield running


@pytest.fixture
def browsers(chromium: Browser, desk: RunningDesk) -> Iterator[Browsers]:
    """Open browsers, each somebody's own; the test fails of what any of them complains about."""
    with Browsers(chromium, desk.address) as opened:
        yield opened
