"""A seventh language, by the steps of docs/adding-a-language.md: its files and nothing else."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polib
import pytest

from composer import resources
from composer.checks import run_checks
from composer.checks.records import Subject
from composer.figures.facts import facts_of
from composer.text import catalogs as text_catalogs
from composer.text import templates
from composer.text.amounts import AmountFormatter
from composer.text.languages import language_of
from composer.text.templates import post_formats
from composer.text.tokens import find_tokens, render_tokens
from composer.text.writing import write_chart, write_post
from tests.markets import SAMPLE_2, figures_of
from tools import catalogs

NEW = "de"
HABITS = """
literals = ["24h", "24-hour", "24 hours", "7-day", "30-day"]
number_words = ["doppelt"]

[[terms]]
term = "open interest"
say = ["ópén íntérést"]
avoid = ["offene Zinsen"]
"""
EMPTY = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'


@pytest.fixture
def locales(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in for the checkout's catalogs with a copy that may be added to."""
    root = tmp_path / "checkout"
    for name in ("locales", "templates"):
        shutil.copytree(repository / name, root / name)
    monkeypatch.setattr(resources, "_root", lambda: root)
    monkeypatch.setattr(catalogs, "LOCALES", root / "locales")
    monkeypatch.setattr(catalogs, "TERMS", root / "terms.md")
    known = (text_catalogs._compiled, language_of, templates._environment)
    for cache in known:
        cache.cache_clear()
    yield root / "locales"
    for cache in known:
        cache.cache_clear()


def pseudo(sentence: str) -> str:
    """Return a sentence that reads like another language, its placeholders left alone."""
    parts = sentence.split("{")
    told = [parts[0].translate(ACCENTS)]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        told.append(f"{{{name}}}{rest.translate(ACCENTS)}")
    for literal in ("24h", "24-hour", "24 hours", "7-day", "30-day"):
        told = [part.replace(literal.translate(ACCENTS), literal) for part in told]
    return "".join(told)


ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")


def translate(locales: Path) -> Path:
    """Take the steps of the page up to the sentences."""
    catalog = locales / NEW / "LC_MESSAGES" / "posts.po"
    catalog.parent.mkdir(parents=True)
    (locales / NEW / "language.toml").write_text(HABITS, encoding="utf-8")
    catalog.write_text(EMPTY, encoding="utf-8")
    catalogs.update("posts")
    return catalog


def test_a_language_is_its_files(locales: Path) -> None:
    catalog = translate(locales)
    assert NEW in resources.shipped_locales()
    template = catalogs.extract()
    missing = list(catalogs.faults(template, catalog))
    assert missing
    assert all(fault.startswith("not translated") for fault in missing)

    entries = polib.pofile(str(catalog))
    english = {e.msgid: e for e in polib.pofile(str(locales / "en/LC_MESSAGES/posts.po"))}
    for entry in entries:
        entry.msgstr = pseudo(english[entry.msgid].msgstr)
    entries.save()
    assert list(catalogs.faults(template, catalog)) == []
    catalogs.write_terms()
    assert "ópén íntérést" in catalogs.TERMS.read_text(encoding="utf-8")

    figures = figures_of(SAMPLE_2)
    facts = facts_of(figures)
    for post_format in post_formats():
        post = write_post(post_format, locale=NEW, facts=facts, seed="day")
        assert post.gaps == ()
        findings = run_checks(
            Subject(
                locale=NEW,
                passages=post.passages,
                facts=facts,
                looked_from=figures.as_of,
                max_age=timedelta(hours=2),
            )
        )
        assert findings == ()
        twin = write_post(post_format, locale="en", facts=facts, seed="day")
        assert [
            (one.key, one.claims, {token.fact_id for token in find_tokens(one.text)})
            for one in post.passages
        ] == [
            (one.key, one.claims, {token.fact_id for token in find_tokens(one.text)})
            for one in twin.passages
        ]
    lead = next(one for one in post.passages if one.key == "lead")
    assert "90.132" in render_tokens("[[price]]", facts, AmountFormatter(NEW)).text
    assert any(letter in lead.text for letter in "áéíóú")
    assert write_chart("liquidation_map", locale=NEW, facts=facts).gaps == ()


def test_the_check_names_what_a_translator_got_wrong(locales: Path) -> None:
    catalog = translate(locales)
    entries = polib.pofile(str(catalog))
    english = {e.msgid: e for e in polib.pofile(str(locales / "en/LC_MESSAGES/posts.po"))}
    for entry in entries:
        entry.msgstr = pseudo(english[entry.msgid].msgstr)
    prose = next(
        e for e in entries if e.msgid.endswith(".") and "\n" in e.msgstr and "{" in e.msgid
    )
    one, *others = prose.msgstr.split("\n")
    faults = {
        "begins or ends with a space": f" {one}",
        "a digit is typed": f"{one} 100",
        "placeholders differ": f"{one} {{preis}}",
        "'offene Zinsen' is not how 'open interest' is said": f"{one} offene Zinsen",
    }
    for fault, wording in faults.items():
        prose.msgstr = "\n".join([wording, *others])
        entries.save()
        told = list(catalogs.faults(catalogs.extract(), catalog))
        assert any(fault in line for line in told), (fault, told)
    prose.msgstr = one
    entries.save()
    assert any(
        "1 wordings, expected" in line for line in catalogs.faults(catalogs.extract(), catalog)
    )
