"""Find the Chromium that browser tests and screenshots drive: `python tools/browser.py`.

Prints its path. Where there is none, root on a machine with apt gets one installed;
everybody else is told the one command that does it, and the exit code is 1.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = tuple(
    str(folder / f"{name}.app" / "Contents" / "MacOS" / name)
    for folder in (Path("/Applications"), Path.home() / "Applications")
    for name in ("Chromium", "Google Chrome")
)
# Without a screen, without errands of its own; no sandbox, because containers have none
# to give and the only pages it ever opens are ours.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_APT = ("apt-get update", "apt-get install -y --no-install-recommends chromium")


def find_chromium() -> str | None:
    """Return the path of Chromium; where the environment names one, that one or none."""
    named = os.environ.get(VARIABLE)
    places = (named,) if named else (*NAMES, *MAC_APPLICATIONS)
    return next(filter(None, map(shutil.which, places)), None)


def how_to_get_it() -> str:
    """Return what a person does so that `find_chromium` finds one."""
    named = os.environ.get(VARIABLE)
    if named:
        return f"{VARIABLE} names {named}, which is no program; unset it or name another"
    if sys.platform == "darwin":
        return "there is no Chromium here; get one with: brew install --cask google-chrome"
    if shutil.which("apt-get"):
        return f"there is no Chromium here; get one with: sudo sh -c '{' && '.join(_APT)}'"
    return f"there is no Chromium here; install one, or set {VARIABLE} to its path"


def main() -> int:
    """Print where Chromium is, after installing it where that takes no questions."""
    found = find_chromium()
    if found is None and _may_install():
        for command in _APT:
            # Its chatter goes to standard error: standard output is for the path.
            done = subprocess.run(command.split(), stdout=sys.stderr, check=False)  # noqa: S603 - our own words
            if done.returncode:
                print(f"{command} failed", file=sys.stderr)
                return 1
        found = find_chromium()
    if found is None:
        print(how_to_get_it(), file=sys.stderr)
        return 1
    print(found)
    return 0


def _may_install() -> bool:
    if os.environ.get(VARIABLE) or shutil.which("apt-get") is None:
        return False
    return hasattr(os, "geteuid") and os.geteuid() == 0


if __name__ == "__main__":
    sys.exit(main())
