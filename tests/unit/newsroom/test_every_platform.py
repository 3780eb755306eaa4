"""Every format goes to every platform we ship, whole or shortened, or a finding says why not."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from composer.checks.records import Severity
from composer.figures.compute import compute_figures
from composer.figures.facts import facts_of
from composer.figures.levels import LevelPolicy
from composer.market.records import MarketSnapshot, Query
from composer.market.sources import open_source
from composer.newsroom.outlets import plain_presence
from composer.newsroom.records.deliveries import Account
from composer.newsroom.records.drafts import Revision, RevisionReason, StoredSnapshot
from composer.newsroom.renditions import Prospect, Times, prospect_of
from composer.publishers import limits
from composer.publishers.records import Limits
from composer.resources import shipped_locales
from composer.text.passages import Passage
from composer.text.templates import post_formats
from composer.text.writing import write_post
from tests.markets import SAMPLE_2, snapshot_of

NOW = datetime(2026, 6, 10, 8, tzinfo=UTC)
TIMES = Times(now=NOW, publish_at=NOW, max_age=timedelta(hours=2))
PLATFORMS: dict[str, Limits] = {name: tell({}) for name, tell in limits().items()}
PLATFORMS["binance_square article"] = limits()["binance_square"]({"mode": "article"})
PLAIN = sorted(name for name, one in PLATFORMS.items() if not one.draws_markdown)


@cache
def market(name: str) -> MarketSnapshot:
    """Return a bare map, or a market with everything a post may speak of."""
    if name == "a bare map":
        return snapshot_of(SAMPLE_2)
    made_up = open_source("simulated:crash").snapshot(Query(now=NOW, symbol="BTC"))
    return replace(made_up, simulated=False)


@cache
def draft(post_format: str, locale: str, name: str) -> tuple[Revision, StoredSnapshot]:
    figures = compute_figures(market(name), levels=LevelPolicy.parse("round"))
    facts = facts_of(figures)
    revision = Revision(
        number=1,
        snapshot="s",
        author=None,
        reason=RevisionReason.MADE,
        made_at=NOW,
        passages=write_post(post_format, locale=locale, facts=facts).passages,
        findings=(),
        images=(),
    )
    snapshot = StoredSnapshot(
        id="s",
        edition="e",
        as_of=figures.as_of,
        fetched_at=NOW,
        looked_from=None,
        tree={},
        facts=facts,
        warnings={},
    )
    return revision, snapshot


def sent_to(
    platform: str, post_format: str, *more: Passage, locale: str = "en", name: str = "all there is"
) -> Prospect:
    revision, snapshot = draft(post_format, locale, name)
    return prospect_of(
        replace(revision, passages=(*revision.passages, *more)),
        snapshot,
        locale=locale,
        account=Account(name="there", platform=platform.split(maxsplit=1)[0]),
        limits_of=lambda _account: PLATFORMS[platform],
        presence_of=plain_presence,
        times=TIMES,
    )


@pytest.mark.parametrize("name", ["a bare map", "all there is"])
@pytest.mark.parametrize("post_format", post_formats())
@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_every_format_goes_to_every_platform_in_every_language(
    platform: str, post_format: str, name: str
) -> None:
    there = PLATFORMS[platform]
    for locale in shipped_locales():
        prospect = sent_to(platform, post_format, locale=locale, name=name)
        if prospect.rendition is not None:
            assert there.wrong_with(prospect.rendition.text) == []
            assert not {"title", "lead", "caveat"}.intersection(prospect.left_out), locale
            continue
        (found,) = (one for one in prospect.findings if one.severity is Severity.BLOCK)
        assert there.max_title_characters is not None, f"{locale}: {found.message}"
        assert re.fullmatch(r"its title has \d+ characters, 100 is the most", found.message)


@pytest.mark.parametrize("post_format", ["headline", "analysis"])
@pytest.mark.parametrize("platform", PLAIN)
def test_where_markdown_is_not_drawn_headings_are_lines_of_their_own(
    platform: str, post_format: str
) -> None:
    marked, plain = (sent_to(one, post_format).rendition for one in ("folder", platform))
    assert marked is not None
    assert plain is not None
    headings = [line for line in marked.text.splitlines() if line.startswith("## ")]
    assert headings
    lines = plain.text.splitlines()
    assert not any(line.startswith("#") and " " in line[:7] for line in lines)
    kept = [line.removeprefix("## ") for line in headings if line.removeprefix("## ") in lines]
    assert len(kept) > len(headings) / 2
    bullets = {line for line in marked.text.splitlines() if line.startswith("- ")}
    assert {line for line in lines if line.startswith("- ")} <= bullets


@pytest.mark.parametrize(
    "typed",
    [
        "A **bold** word.",
        "A [link](https://example.org).",
        "| a | table |",
        "```",
        "## Heading\nand **bold**",
    ],
)
def test_other_markdown_of_an_editor_is_refused_there(typed: str) -> None:
    prospect = sent_to("gate_square", "brief", Passage(key="more", text=typed, operator=True))
    assert prospect.rendition is None
    assert [one.message for one in prospect.findings if one.severity is Severity.BLOCK] == [
        "it has Markdown, which would be shown as it is typed"
    ]


def test_every_platform_but_a_folder_shows_markdown_as_it_is_typed() -> None:
    assert set(PLATFORMS) - set(PLAIN) == {"folder"}
