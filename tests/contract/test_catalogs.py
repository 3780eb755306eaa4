"""Every catalog is complete, in step with the templates, with equal placeholders."""

import subprocess
import sys
from pathlib import Path

import polib
import pytest

from composer import resources
from composer.text.catalogs import open_catalog
from tools import catalogs


def test_the_catalog_check_finds_nothing(repository: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "tools/catalogs.py", "check"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{price}", "{preis}", "placeholders differ"),
        ("现价 {price}", "现价 {price} 100", "a digit is typed"),
        ('msgstr "模拟数据"', 'msgstr ""', "not translated"),
        ('msgid "SIMULATED DATA"', 'msgid "SIMULATED DATUM"', "missing"),
        ('msgid "SIMULATED DATA"', 'msgid "SIMULATED DATUM"', "no template uses"),
    ],
)
def test_the_catalog_check_finds_what_is_wrong(
    repository: Path, tmp_path: Path, old: str, new: str, fault: str
) -> None:
    file = repository / "locales" / "zh_Hans" / "LC_MESSAGES" / "posts.po"
    broken = tmp_path / "posts.po"
    text = file.read_text(encoding="utf-8")
    assert old in text
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(line.startswith(fault) for line in catalogs.faults(catalogs.extract(), broken))


@pytest.mark.parametrize("locale", resources.shipped_locales())
def test_every_sentence_comes_out_translated(locale: str) -> None:
    entries = polib.pofile(str(resources.catalog_file(locale, "posts")))
    catalog = open_catalog(locale)
    for entry in entries:
        placeholders = {part.partition("}")[0]: "x" for part in entry.msgid.split("{")[1:]}
        catalog.translate(entry.msgid, **placeholders)
    assert catalog.gaps == []
