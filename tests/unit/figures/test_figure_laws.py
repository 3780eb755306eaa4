"""Laws of all figures: mirrored books mirror, larger ones scale, more is never less."""

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from composer.figures import claims
from composer.figures.facts import facts_of
from composer.figures.report import Figures
from tests.markets import Bin, figures_of

PRICE = 100.0
BINS = 10

# What a claim turns into when up and down change places; the other claims stay or are of prices.
MIRROR = {
    "short_heavy": "long_heavy",
    "no_shorts_to_upper_level": "no_longs_to_lower_level",
    "more_short_at_levels": "more_long_at_levels",
    "nearer_fuel_up": "nearer_fuel_down",
    "shorts_never_meet_notional": "longs_never_meet_notional",
    "cluster_beyond_upper_level": "cluster_beyond_lower_level",
    "more_beyond_upper_level": "more_beyond_lower_level",
    "larger_clusters_above": "larger_clusters_below",
    "heavier_steps_above": "heavier_steps_below",
    "shorts_grow_with_distance": "longs_grow_with_distance",
    "longs_more_spread_out": "shorts_more_spread_out",
    "range_leans_short": "range_leans_long",
}
BOTH_WAYS = MIRROR | {down: up for up, down in MIRROR.items()}
OF_MAP = (
    *BOTH_WAYS,
    *("balanced", "nothing_near", "tilted", "heavily_skewed", "lopsided", "levels_even"),
    *("fuel_even", "levels_contradict_skew", "fuel_contradicts_skew", "clusters_contradict_skew"),
    "price_mid_map",
)

masses = st.lists(st.integers(0, 64).map(float), min_size=BINS, max_size=BINS)


def figures(longs: list[float], shorts: list[float], *, times: float = 1.0) -> Figures:
    """Figures of bins one dollar wide on both sides of 100, nearest first."""
    bins: list[Bin] = [(99.0 - i, 100.0 - i, mass * times, 0.0) for i, mass in enumerate(longs)]
    bins += [(100.0 + i, 101.0 + i, 0.0, mass * times) for i, mass in enumerate(shorts)]
    return figures_of(sorted(bins), price=PRICE, levels="explicit:96.5,103.5")


def holding(found: Figures) -> set[str]:
    facts = facts_of(found)
    return {claim for claim in OF_MAP if claims.holds(claim, facts)}


@settings(max_examples=40)
@given(masses, masses)
def test_a_mirrored_book_has_mirrored_figures_and_claims(
    longs: list[float], shorts: list[float]
) -> None:
    there, back = figures(longs, shorts), figures(shorts, longs)
    assert back.skew == pytest.approx(-there.skew)
    assert back.range_skew == pytest.approx(-(there.range_skew or 0))
    assert back.shape is not None
    assert there.shape is not None
    assert back.shape.heaviest_long_usd == pytest.approx(there.shape.heaviest_short_usd)
    assert back.shape.outer_short_usd == pytest.approx(there.shape.outer_long_usd)
    # At the very edge of a threshold the last digit decides, and may do so either way.
    assume(abs(abs(there.skew) - 0.15) > 1e-9)
    assert holding(back) == {BOTH_WAYS.get(claim, claim) for claim in holding(there)}
    assert [one.claim for one in back.contradictions] == [one.claim for one in there.contradictions]


@settings(max_examples=25)
@given(masses, masses, st.sampled_from([0.25, 8.0, 2.0**30]))
def test_sizes_scale_and_what_is_said_does_not_change(
    longs: list[float], shorts: list[float], times: float
) -> None:
    one, many = figures(longs, shorts), figures(longs, shorts, times=times)
    assert many.skew == one.skew
    assert many.ratio == one.ratio
    assert many.equal_notional.up_usd == one.equal_notional.up_usd
    assert many.totals.long_usd == one.totals.long_usd * times
    assert holding(many) == holding(one)
    assert many.reasons == one.reasons
    assert many.outlook == one.outlook


@settings(max_examples=25)
@given(masses, masses, st.integers(0, BINS - 1), st.integers(1, 64))
def test_more_shorts_never_lean_less_to_the_short_side(
    longs: list[float], shorts: list[float], place: int, more: int
) -> None:
    fuller = [mass + more * (i == place) for i, mass in enumerate(shorts)]
    one, other = figures(longs, shorts), figures(longs, fuller)
    assert other.skew >= one.skew
    assert (other.range_skew or 0) >= (one.range_skew or 0)
    assert other.upper.intensity_usd >= one.upper.intensity_usd
    assert other.lower.intensity_usd == one.lower.intensity_usd
    assert other.shape is not None
    assert one.shape is not None
    assert other.shape.heaviest_short_usd >= one.shape.heaviest_short_usd - 1e-9


@settings(max_examples=25)
@given(masses, masses)
def test_what_lies_beyond_a_level_adds_up(longs: list[float], shorts: list[float]) -> None:
    found = figures(longs, shorts)
    above = [one for one in found.round_levels if one.level > PRICE]
    below = [one for one in found.round_levels if one.level < PRICE][::-1]
    for side in (above, below):
        assert all(near.intensity_usd <= far.intensity_usd + 1e-9 for near, far in pairwise(side))
    assert found.shape is not None
    assert found.shape.inner_short_usd + found.shape.outer_short_usd == pytest.approx(
        found.totals.short_usd
    )
