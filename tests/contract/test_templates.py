"""Every post template renders in every locale, in every kind of market, with no finding."""

import re
from datetime import timedelta

import pytest
from jinja2 import Environment, nodes

from composer import resources
from composer.checks import run_checks
from composer.checks.records import Severity, Subject
from composer.figures import claims
from composer.figures.compute import compute_figures
from composer.figures.facts import facts_of
from composer.figures.levels import LevelPolicy
from composer.market.records import MarketSnapshot
from composer.text.amounts import AmountFormatter
from composer.text.templates import post_formats
from composer.text.tokens import find_tokens, render_tokens
from composer.text.writing import write_chart, write_post
from tests.markets import SAMPLE_2, even_bins, snapshot_of, trading_snapshot

B = 1e9

# Skew of even bins is (short - long) / (short + long).
MARKETS: dict[str, tuple[MarketSnapshot, str]] = {
    "sample 2": (snapshot_of(SAMPLE_2), "explicit:86137,94681"),
    "short, mild": (snapshot_of(even_bins(2 * B, 3 * B), price=90_000), "round"),
    "short, strong": (snapshot_of(even_bins(1 * B, 3 * B), price=90_000), "round"),
    "short, extreme": (snapshot_of(even_bins(0.2 * B, 3 * B), price=90_000), "round"),
    "long, mild": (snapshot_of(even_bins(3 * B, 2 * B), price=90_000), "round"),
    "long, strong": (snapshot_of(even_bins(3 * B, 1 * B), price=90_000), "round"),
    "long, extreme": (snapshot_of(even_bins(3 * B, 0.2 * B), price=90_000), "round"),
    "balanced": (snapshot_of(even_bins(2 * B, 2 * B), price=90_000), "round"),
    "balanced, uneven levels": (
        snapshot_of(even_bins(2 * B, 2 * B), price=90_000),
        "explicit:89000,98000",
    ),
    "short near, long at the levels": (
        snapshot_of(even_bins(2 * B, 3 * B), price=90_000),
        "explicit:82000,90500",
    ),
    "long near, short at the levels": (
        snapshot_of(even_bins(3 * B, 2 * B), price=90_000),
        "explicit:89500,98000",
    ),
    "pockets beyond": (
        snapshot_of(
            [
                (88_950.0, 89_050.0, 1.127 * B, 0.0),
                (93_000.0, 95_000.0, 1.062 * B, 0.0),
                (95_000.0, 97_000.0, 0.0, 0.248 * B),
                (99_950.0, 100_050.0, 0.0, 0.9 * B),
            ],
            price=95_000,
        ),
        "explicit:93000,97000",
    ),
    "candles": (trading_snapshot(), "round"),
    "simulated": (trading_snapshot(method_simulated=True), "round"),
}


@pytest.mark.parametrize("locale", resources.shipped_locales())
@pytest.mark.parametrize("post_format", post_formats())
@pytest.mark.parametrize("market", MARKETS)
def test_a_fresh_post_has_no_blocking_finding(locale: str, post_format: str, market: str) -> None:
    snapshot, levels = MARKETS[market]
    figures = compute_figures(snapshot, levels=LevelPolicy.parse(levels))
    facts = facts_of(figures)
    post = write_post(post_format, locale=locale, facts=facts)
    findings = run_checks(
        Subject(
            locale=locale,
            passages=post.passages,
            facts=facts,
            looked_from=figures.as_of,
            max_age=timedelta(hours=2),
            gaps=post.gaps,
        )
    )
    expected = ["simulated_data"] if market == "simulated" else []
    # An estimate from calm candles is dense near the price, which warns and holds nothing.
    dense = [finding for finding in findings if finding.id == "outsized_intensity"]
    assert {finding.severity for finding in dense} <= {Severity.WARN}
    assert [finding.id for finding in findings if finding not in dense] == expected
    keys = [passage.key for passage in post.passages]
    assert keys[0] == "title"
    assert {"lead", "caveat", "source", "disclaimer", "tags"} <= set(keys)
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("post_format", post_formats())
@pytest.mark.parametrize("market", MARKETS)
def test_all_locales_say_the_same(post_format: str, market: str) -> None:
    """Same passages, same facts, same claims; only the words differ."""
    snapshot, levels = MARKETS[market]
    figures = compute_figures(snapshot, levels=LevelPolicy.parse(levels))
    facts = facts_of(figures)
    said = {
        tuple(
            (
                passage.key,
                passage.claims,
                frozenset(token.fact_id for token in find_tokens(passage.text)),
            )
            for passage in write_post(post_format, locale=locale, facts=facts).passages
        )
        for locale in resources.shipped_locales()
    }
    assert len(said) == 1


@pytest.mark.parametrize("locale", resources.shipped_locales())
@pytest.mark.parametrize("market", MARKETS)
def test_every_figure_of_a_post_is_traced(locale: str, market: str) -> None:
    snapshot, levels = MARKETS[market]
    figures = compute_figures(snapshot, levels=LevelPolicy.parse(levels))
    facts = facts_of(figures)
    amounts = AmountFormatter(locale)
    for passage in write_post("brief", locale=locale, facts=facts).passages:
        rendered = render_tokens(passage.text, facts, amounts)
        rest = rendered.text
        for span in reversed(rendered.spans):
            rest = rest[: span.start] + rest[span.end :]
        assert not re.search(r"\d", rest.replace("24h", "").replace("24 小时", "")), rest
        assert "[[" not in rendered.text


@pytest.mark.parametrize("locale", resources.shipped_locales())
@pytest.mark.parametrize("market", MARKETS)
def test_every_chart_has_all_its_strings(locale: str, market: str) -> None:
    snapshot, levels = MARKETS[market]
    figures = compute_figures(snapshot, levels=LevelPolicy.parse(levels))
    chart = write_chart("liquidation_map", locale=locale, facts=facts_of(figures))
    assert chart.gaps == ()
    assert {"title", "subtitle", "caveat", "alt"} <= set(chart.strings)
    assert ("watermark" in chart.strings) == (market == "simulated")
    assert all("[[" not in text for text in chart.strings.values())


def test_templates_name_only_claims_that_exist() -> None:
    environment = Environment(autoescape=True)
    for file in resources.templates_folder().rglob("*.j2"):
        tree = environment.parse(file.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "holds":
                (argument,) = call.args
                assert isinstance(argument, nodes.Const)
                assert argument.value in claims.claim_ids(), f"{file.name}: {argument.value}"
