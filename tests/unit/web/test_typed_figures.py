"""The browser flags what the server would block: one rule, told twice, compared here."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from composer.checks.records import Subject
from composer.checks.unbound_figure import find
from composer.figures.facts import Fact
from composer.text.languages import language_of
from composer.text.passages import Passage
from composer.text.tokens import _TOKEN
from tests.conftest import NOW
from web.texts import names

RULE = Path(__file__).parents[3] / "web" / "static" / "js" / "digits.js"
NODE = shutil.which("node")

TEXTS = (
    "BTC at [[price]] and [[upper.level|short]]",
    "BTC at 90,000 and 24h, or 24hours",
    "up 10% or x2, \uff17 times, ٣, ½, Ⅳ, 二",
    "UTC+8 UTC+80 7-day 7-days 17-day",
    "[[price]]5 5[[price]] [[2]] [[price|2x]]",
    "a 1 b 22 c3d4e\n5",
    "24 小时内上涨 3 倍，7 日高点",
    "emoji 😀1 and \U0001d7d7 astral 😀",
    "plain words only",
    "source v2.0 (beta) is a name, v2x0 is not",
)


@pytest.mark.skipif(NODE is None, reason="compares with the browser's rule through node")
@pytest.mark.parametrize("locale", ["en", "zh_Hans"])
def test_the_browser_and_the_check_agree(
    tmp_path: Path, facts: Mapping[str, Fact], locale: str
) -> None:
    facts = {key: replace(fact, source="v2.0 (beta)") for key, fact in facts.items()}
    allowed = [*language_of(locale).literals, *names(facts)]
    script = tmp_path / "compare.mjs"
    script.write_text(
        RULE.read_text(encoding="utf-8")
        + f"\nconst texts = {json.dumps(TEXTS)}, allowed = {json.dumps(allowed)};"
        + "\nconst said = texts.map((text) =>"
        + " typedFigures(text, allowed).map(([start, end]) => text.slice(start, end)));"
        + "\nconsole.log(JSON.stringify(said));\n",
        encoding="utf-8",
    )
    ran = subprocess.run(
        [str(NODE), str(script)], capture_output=True, text=True, check=True, timeout=30
    )
    for text, said in zip(TEXTS, json.loads(ran.stdout), strict=True):
        subject = Subject(
            locale=locale,
            passages=(Passage(key="text", text=text),),
            facts=facts,
            looked_from=NOW,
            max_age=timedelta(hours=1),
        )
        spans = [finding.span for finding in find(subject)]
        assert [text[span[0] : span[1]] for span in spans if span] == said, text


def test_the_browser_reads_the_same_tokens() -> None:
    written = re.search(r"TOKEN = /(.+)/g", RULE.read_text(encoding="utf-8"))
    assert written
    assert written[1] == _TOKEN.pattern
