"""`squaredesk --help` answers at once: it loads nothing that only work needs."""

import subprocess
import sys
import time
from pathlib import Path

HEAVY = {"matplotlib", "numpy", "sqlalchemy", "flask", "pydantic", "httpx", "rich"}
ROUNDS = 7
TIMES_A_BARE_START = 12

_HELP = """
import sys
from composer.cli import main
main(["--help"], standalone_mode=False)
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, check=True
    )


def test_help_loads_no_heavy_library(tmp_path: Path) -> None:
    done = run(tmp_path, "-c", _HELP)
    assert done.stdout.startswith("Usage: ")
    assert "figures" in done.stdout
    loaded = set(done.stderr.split())
    assert {"click", "composer"} <= loaded
    assert not loaded & HEAVY


def seconds(folder: Path, *words: str) -> float:
    start = time.perf_counter()
    run(folder, *words)
    return time.perf_counter() - start


def test_help_starts_almost_as_fast_as_python_itself(tmp_path: Path) -> None:
    """Side by side, turn by turn, the best of each: a busy machine slows both alike."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        bare.append(seconds(tmp_path, "-c", "pass"))
        ours.append(seconds(tmp_path, "-m", "composer", "--help"))
    assert min(ours) <= TIMES_A_BARE_START * min(bare)
