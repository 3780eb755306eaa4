"""The wheel holds all it needs: installed into an empty folder, it drafts from there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from composer import resources


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    repository = Path(__file__).parent.parent.parent
    wheels = tmp_path_factory.mktemp("wheels")
    target = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)],
        cwd=repository,
        check=True,
        capture_output=True,
    )
    (wheel,) = wheels.glob("*.whl")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
            *("--disable-pip-version-check", "--target", str(target), str(wheel)),
        ],
        check=True,
        capture_output=True,
    )
    return target


def _run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(installed),
        "SQUAREDESK_HOME": str(folder / "home"),
    }
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )


def test_the_wheel_drafts_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    where = _run(installed, tmp_path, "-c", "import composer; print(composer.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(installed)

    drafted = _run(installed, tmp_path, "-m", "composer", "draft", "--json")
    drafts = json.loads(drafted.stdout)

    assert [draft["locale"] for draft in drafts] == ["ar", "en", "es", "ja", "ru", "zh_Hans"]
    for draft in drafts:
        (image,) = draft["images"]
        assert Path(image["path"]).read_bytes().startswith(b"\x89PNG")
    assert (installed / "composer" / "_data" / "templates" / "posts" / "brief.j2").is_file()


def test_the_wheel_knows_the_platforms_of_the_table(installed: Path, tmp_path: Path) -> None:
    listed = _run(
        installed,
        tmp_path,
        "-c",
        "from composer.publishers import platforms; print(*platforms())",
    )
    assert {"binance_square", "folder", "gate_square"} <= set(listed.stdout.split())


def test_the_checkout_drafts_from_its_own_templates() -> None:
    repository = Path(__file__).parent.parent.parent
    assert resources.templates_folder() == repository / "templates"
