"""Where Chromium is found, and what somebody without one is told."""

import sys
from pathlib import Path

import pytest

from tools import browser


def program(folder: Path, name: str) -> Path:
    file = folder / name
    file.write_text("#!/bin/sh\n", encoding="ascii")
    file.chmod(0o755)
    return file


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the only folder in which programs are looked for."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "MAC_APPLICATIONS", ())
    return tmp_path


def test_the_environment_comes_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(path, "chromium")
    mine = program(path, "my-chromium")
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert browser.find_chromium() == str(mine)


def test_a_wrong_name_is_not_silently_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(path, "chromium")
    monkeypatch.setenv("CHROMIUM", "/nowhere")
    assert browser.find_chromium() is None
    assert browser.how_to_get_it().startswith("CHROMIUM names /nowhere, which is no program")


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_every_usual_name_is_found_on_the_path(path: Path, name: str) -> None:
    assert browser.find_chromium() is None
    there = program(path, name)
    assert browser.find_chromium() == str(there)


def test_applications_of_a_mac_are_found(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = program(path, "Google Chrome")
    monkeypatch.setattr(browser, "MAC_APPLICATIONS", (str(path / "gone"), str(there)))
    assert browser.find_chromium() == str(there)


@pytest.mark.parametrize(
    ("platform", "programs", "command"),
    [
        ("linux", ["apt-get"], "apt-get install -y --no-install-recommends chromium"),
        ("darwin", ["brew"], "brew install --cask google-chrome"),
        ("linux", [], "set CHROMIUM to its path"),
    ],
)
def test_who_has_none_is_told_one_command(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    platform: str,
    programs: list[str],
    command: str,
) -> None:
    for name in programs:
        program(path, name)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert browser.main() == 1
    printed = capsys.readouterr()
    assert command in printed.err
    assert printed.out == ""


def test_root_with_apt_gets_one_installed(
    path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    program(path, "apt-get").write_text(
        f'#!/bin/sh\necho "$@"\n[ "$1" = update ] || {{ : > {path}/chromium; '
        f"/bin/chmod +x {path}/chromium; }}\n",
        encoding="ascii",
    )
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert browser.main() == 0
    printed = capfd.readouterr()
    assert printed.out == f"{path / 'chromium'}\n"
    assert printed.err == "update\ninstall -y --no-install-recommends chromium\n"


def test_an_install_that_fails_is_reported(
    path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    program(path, "apt-get").write_text("#!/bin/sh\nexit 100\n", encoding="ascii")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert browser.main() == 1
    assert "apt-get update failed" in capfd.readouterr().err
