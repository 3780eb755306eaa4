from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from composer.errors import FiguresError
from composer.figures.claims import claim_ids, claim_of, holds
from composer.figures.facts import Fact, FactKind

NOW = datetime(2026, 1, 10, 8, tzinfo=UTC)


def facts(**values: str) -> dict[str, Fact]:
    """Facts by id, `__` standing for the dot."""
    return {
        name.replace("__", "."): Fact(
            id=name.replace("__", "."),
            kind=FactKind.FRACTION,
            value=Decimal(value),
            symbol="BTC",
            as_of=NOW,
            source="Coinglass",
        )
        for name, value in values.items()
    }


def levels(lower: str, upper: str) -> dict[str, Fact]:
    return facts(lower__intensity_usd=lower, upper__intensity_usd=upper)


def fuel(down: str, up: str) -> dict[str, Fact]:
    return facts(equal_notional__down_usd=down, equal_notional__up_usd=up)


def near(skew: str, *, long_usd: str = "1", short_usd: str = "1") -> dict[str, Fact]:
    return facts(skew=skew, totals__long_usd=long_usd, totals__short_usd=short_usd)


def beyond(level: str, cluster: str, at_level: str) -> dict[str, Fact]:
    return facts(
        **{f"next_{level}__notional_usd": cluster, f"{level}__intensity_usd": at_level},
    )


def clusters(largest_long: str, largest_short: str) -> dict[str, Fact]:
    return facts(
        cluster_sums__largest_long_usd=largest_long, cluster_sums__largest_short_usd=largest_short
    )


def heaviest(long_usd: str, short_usd: str) -> dict[str, Fact]:
    return facts(shape__heaviest_long_usd=long_usd, shape__heaviest_short_usd=short_usd)


def halves(side: str, inner: str, outer: str) -> dict[str, Fact]:
    return facts(**{f"shape__inner_{side}_usd": inner, f"shape__outer_{side}_usd": outer})


def spread(longs: str, shorts: str) -> dict[str, Fact]:
    return facts(shape__heaviest_long_share=longs, shape__heaviest_short_share=shorts)


def moved(price: str, interest: str) -> dict[str, Fact]:
    return facts(context__price_change_24h=price, context__open_interest_change_24h=interest)


def accounts(long_share: str, *, skew: str = "0") -> dict[str, Fact]:
    return facts(context__long_accounts_share=long_share, skew=skew)


def lost(longs: str, shorts: str) -> dict[str, Fact]:
    return facts(
        context__long_liquidations_24h_usd=longs, context__short_liquidations_24h_usd=shorts
    )


def wild(week: str, month: str) -> dict[str, Fact]:
    return facts(context__volatility_7d=week, context__volatility_30d=month)


def funds(day: str, week: str) -> dict[str, Fact]:
    return facts(context__etf__day_usd=day, context__etf__week_usd=week)


def lean(was: str, now: str) -> dict[str, Fact]:
    change = abs(Decimal(now)) - abs(Decimal(was))
    return facts(change__skew_was=was, skew=now, change__lean_change=str(change))


def edges(
    name: str, *, gone_through: str, into: str, short_of: str
) -> list[tuple[str, Mapping[str, Fact], bool]]:
    """Cases of a cluster that was at 97,000 to 97,200 above, or 92,800 to 93,000 below."""
    low, high = ("97000", "97200") if name == "upper" else ("92800", "93000")
    extreme = "change__high" if name == "upper" else "change__low"
    cluster = f"change__{name}_cluster"

    def at(price: str, **more: str) -> dict[str, Fact]:
        more = {f"{cluster}__{key}": value for key, value in more.items()}
        return facts(
            **{extreme: price, f"{cluster}__low_was": low, f"{cluster}__high_was": high}, **more
        )

    inside = str((Decimal(gone_through) + Decimal(into)) / 2)
    claim = f"{name}_cluster"
    return [
        (f"{claim}_swept", at(gone_through), True),
        (f"{claim}_swept", at(inside), False),
        (f"{claim}_reached", at(into), True),
        (f"{claim}_reached", at(gone_through), False),
        (f"{claim}_reached", at(short_of), False),
        (f"{claim}_gone", at(short_of), True),
        (f"{claim}_gone", at(short_of, peak="1"), False),
        (f"{claim}_gone", at(into), False),
        (f"{claim}_grew", at(short_of, notional_usd_change="0.2"), True),
        (f"{claim}_grew", at(short_of, notional_usd_change="0.19"), False),
        (f"{claim}_shrank", at(short_of, notional_usd_change="-0.2"), True),
        (f"{claim}_shrank", at(short_of, notional_usd_change="-0.19"), False),
        (f"{claim}_moved_up", at(short_of, peak_change="0.005"), True),
        (f"{claim}_moved_up", at(short_of, peak_change="0.0049"), False),
        (f"{claim}_moved_down", at(short_of, peak_change="-0.005"), True),
        (f"{claim}_moved_down", at(short_of, peak_change="-0.0049"), False),
    ]


def usual(shorts: str, longs: str = "10") -> dict[str, Fact]:
    """Shorts and longs of today beside a median of 10 each."""
    return facts(
        totals__short_usd=shorts,
        totals__long_usd=longs,
        usual__short_usd="10",
        usual__long_usd="10",
    )


def place(name: str, **values: str) -> dict[str, Fact]:
    return facts(**{f"standing__{name}__{key}": value for key, value in values.items()})


def among_editions(
    claim: str, name: str, *, key: str, least: int
) -> list[tuple[str, Mapping[str, Fact], bool]]:
    """Cases of a claim that holds from so many editions on."""
    return [
        (claim, place(name, **{key: str(least)}), True),
        (claim, place(name, **{key: str(least - 1)}), False),
        (claim, place(name, score="1", editions="90"), False),
    ]


def rate(horizon: str, **values: str) -> dict[str, Fact]:
    return facts(**{f"scorecard__{horizon}__any__{key}": value for key, value in values.items()})


def cited(claim_end: str, horizon: str) -> list[tuple[str, Mapping[str, Fact], bool]]:
    """Cases of a record over 30 horizons apart whose interval is .4 to .6."""
    known, chance = f"record_known{claim_end}", f"record_like_chance{claim_end}"

    def of(apart: str, base_rate: str) -> dict[str, Fact]:
        return rate(horizon, apart=apart, low="0.4", high="0.6", base_rate=base_rate)

    return [
        (known, of("30", "0.5"), True),
        (known, of("29", "0.5"), False),
        (chance, of("30", "0.4"), True),
        (chance, of("30", "0.6"), True),
        (chance, of("30", "0.399"), False),
        (chance, of("30", "0.601"), False),
        (chance, of("29", "0.5"), False),
    ]


CASES: list[tuple[str, Mapping[str, Fact], bool]] = [
    ("short_heavy", facts(skew="0.15"), True),
    ("short_heavy", facts(skew="0.1499"), False),
    ("short_heavy", facts(skew="-0.5"), False),
    ("long_heavy", facts(skew="-0.15"), True),
    ("long_heavy", facts(skew="-0.1499"), False),
    ("long_heavy", facts(skew="0.5"), False),
    ("balanced", near("-0.1499"), True),
    ("balanced", near("0.15"), False),
    ("balanced", near("-0.15"), False),
    ("balanced", near("0", long_usd="0", short_usd="0"), False),
    ("nothing_near", near("0", long_usd="0", short_usd="0"), True),
    ("nothing_near", near("1", long_usd="0"), False),
    ("nothing_near", near("-1", short_usd="0"), False),
    ("no_shorts_to_upper_level", levels("1", "0"), True),
    ("no_shorts_to_upper_level", levels("0", "1"), False),
    ("no_longs_to_lower_level", levels("0", "1"), True),
    ("no_longs_to_lower_level", levels("1", "0"), False),
    ("tilted", facts(skew="-0.15"), True),
    ("tilted", facts(skew="0.3499"), True),
    ("tilted", facts(skew="0.35"), False),
    ("tilted", facts(skew="0.1"), False),
    ("heavily_skewed", facts(skew="0.35"), True),
    ("heavily_skewed", facts(skew="-0.5999"), True),
    ("heavily_skewed", facts(skew="0.6"), False),
    ("lopsided", facts(skew="-0.6"), True),
    ("lopsided", facts(skew="0.5999"), False),
    ("more_short_at_levels", levels("10", "12.01"), True),
    ("more_short_at_levels", levels("10", "12"), False),
    ("more_short_at_levels", levels("0", "1"), True),
    ("more_long_at_levels", levels("12.01", "10"), True),
    ("more_long_at_levels", levels("12", "10"), False),
    ("levels_even", levels("12", "10"), True),
    ("levels_even", levels("10", "12"), True),
    ("levels_even", levels("10", "12.01"), False),
    ("levels_even", levels("12.01", "10"), False),
    ("nearer_fuel_up", fuel("2000", "770"), True),
    ("nearer_fuel_up", fuel("1000", "800"), False),
    ("nearer_fuel_up", fuel("770", "2000"), False),
    ("nearer_fuel_down", fuel("770", "2000"), True),
    ("nearer_fuel_down", fuel("800", "1000"), False),
    ("fuel_even", fuel("800", "1000"), True),
    ("fuel_even", fuel("1000", "800"), True),
    ("fuel_even", fuel("799", "1000"), False),
    ("fuel_even", fuel("1000", "799"), False),
    ("fuel_even", facts(equal_notional__up_usd="770"), False),
    ("shorts_never_meet_notional", facts(equal_notional__notional_usd="1"), True),
    ("shorts_never_meet_notional", facts(equal_notional__notional_usd="0"), False),
    (
        "shorts_never_meet_notional",
        facts(equal_notional__notional_usd="1", equal_notional__up_usd="770"),
        False,
    ),
    ("longs_never_meet_notional", facts(equal_notional__notional_usd="1"), True),
    (
        "longs_never_meet_notional",
        facts(equal_notional__notional_usd="1", equal_notional__down_usd="770"),
        False,
    ),
    ("cluster_beyond_lower_level", facts(next_lower__level="89000"), True),
    ("cluster_beyond_lower_level", facts(next_upper__level="99000"), False),
    ("cluster_beyond_upper_level", facts(next_upper__level="99000"), True),
    ("cluster_beyond_upper_level", facts(next_lower__level="89000"), False),
    ("high_touched_7d", facts(price="99500", range_7d__high="100000"), True),
    ("high_touched_7d", facts(price="99499", range_7d__high="100000"), False),
    ("low_touched_7d", facts(price="100500", range_7d__low="100000"), True),
    ("low_touched_7d", facts(price="100501", range_7d__low="100000"), False),
    ("funding_contradicts_skew", facts(skew="0.15", context__funding_rate="0.0001"), True),
    ("funding_contradicts_skew", facts(skew="0.15", context__funding_rate="0"), False),
    ("funding_contradicts_skew", facts(skew="0.14", context__funding_rate="0.0001"), False),
    ("funding_contradicts_skew", facts(skew="-0.15", context__funding_rate="-0.0001"), True),
    ("funding_contradicts_skew", facts(skew="-0.15", context__funding_rate="0.0001"), False),
    # The map.
    ("more_beyond_lower_level", beyond("lower", "1.127e9", "1.062e9"), True),
    ("more_beyond_lower_level", beyond("lower", "5", "5"), False),
    ("more_beyond_upper_level", beyond("upper", "6", "5"), True),
    ("more_beyond_upper_level", beyond("upper", "5", "5"), False),
    ("larger_clusters_above", clusters("10", "12.01"), True),
    ("larger_clusters_above", clusters("10", "12"), False),
    ("larger_clusters_above", clusters("0", "1"), True),
    ("larger_clusters_above", clusters("0", "0"), False),
    ("larger_clusters_below", clusters("12.01", "10"), True),
    ("larger_clusters_below", clusters("12", "10"), False),
    ("heavier_steps_above", heaviest("10", "12.01"), True),
    ("heavier_steps_above", heaviest("10", "12"), False),
    ("heavier_steps_below", heaviest("12.01", "10"), True),
    ("heavier_steps_below", heaviest("12", "10"), False),
    ("shorts_grow_with_distance", halves("short", "10", "12.01"), True),
    ("shorts_grow_with_distance", halves("short", "10", "12"), False),
    ("longs_grow_with_distance", halves("long", "10", "12.01"), True),
    ("longs_grow_with_distance", halves("long", "10", "12"), False),
    ("longs_more_spread_out", spread("0.239", "0.3"), True),
    ("longs_more_spread_out", spread("0.24", "0.3"), False),
    ("shorts_more_spread_out", spread("0.3", "0.239"), True),
    ("shorts_more_spread_out", spread("0.3", "0.24"), False),
    ("price_mid_map", facts(map_span__position="0.4"), True),
    ("price_mid_map", facts(map_span__position="0.6"), True),
    ("price_mid_map", facts(map_span__position="0.399"), False),
    ("price_mid_map", facts(map_span__position="0.601"), False),
    ("range_leans_short", facts(range_skew="0.15"), True),
    ("range_leans_short", facts(range_skew="0.149"), False),
    ("range_leans_long", facts(range_skew="-0.15"), True),
    ("range_leans_long", facts(range_skew="-0.149"), False),
    ("levels_contradict_skew", facts(skew="0.15") | levels("12.01", "10"), True),
    ("levels_contradict_skew", facts(skew="0.15") | levels("12", "10"), False),
    ("levels_contradict_skew", facts(skew="-0.15") | levels("10", "12.01"), True),
    ("levels_contradict_skew", facts(skew="0.149") | levels("20", "10"), False),
    ("fuel_contradicts_skew", facts(skew="0.15") | fuel("799", "1000"), True),
    ("fuel_contradicts_skew", facts(skew="0.15") | fuel("800", "1000"), False),
    ("fuel_contradicts_skew", facts(skew="-0.15") | fuel("1000", "799"), True),
    ("clusters_contradict_skew", facts(skew="0.15") | clusters("12.01", "10"), True),
    ("clusters_contradict_skew", facts(skew="0.15") | clusters("12", "10"), False),
    ("clusters_contradict_skew", facts(skew="-0.15") | clusters("10", "12.01"), True),
    # The market around it.
    ("high_set_today_7d", facts(context__high_24h="100", range_7d__high="100"), True),
    ("high_set_today_7d", facts(context__high_24h="99.99", range_7d__high="100"), False),
    ("low_set_today_7d", facts(context__low_24h="90", range_7d__low="90"), True),
    ("low_set_today_7d", facts(context__low_24h="90.01", range_7d__low="90"), False),
    ("fell_back_from_7d_high", facts(price="99000", range_7d__high="100000"), True),
    ("fell_back_from_7d_high", facts(price="99001", range_7d__high="100000"), False),
    ("came_back_from_7d_low", facts(price="101000", range_7d__low="100000"), True),
    ("came_back_from_7d_low", facts(price="100999", range_7d__low="100000"), False),
    ("price_record_n_days", facts(context__price_high_days="7"), True),
    ("price_record_n_days", facts(context__price_high_days="6"), False),
    ("price_low_n_days", facts(context__price_low_days="7"), True),
    ("price_low_n_days", facts(context__price_low_days="6"), False),
    ("price_rose_24h", moved("0.02", "0"), True),
    ("price_rose_24h", moved("0.0199", "0"), False),
    ("price_fell_24h", moved("-0.02", "0"), True),
    ("price_fell_24h", moved("-0.0199", "0"), False),
    ("oi_rose_24h", moved("0", "0.03"), True),
    ("oi_rose_24h", moved("0", "0.0299"), False),
    ("oi_fell_24h", moved("0", "-0.03"), True),
    ("oi_fell_24h", moved("0", "-0.0299"), False),
    ("price_rose_oi_fell", moved("0.02", "-0.03"), True),
    ("price_rose_oi_fell", moved("0.02", "-0.0299"), False),
    ("price_fell_oi_rose", moved("-0.02", "0.03"), True),
    ("price_fell_oi_rose", moved("-0.0199", "0.03"), False),
    ("oi_high_in_history", facts(context__open_interest_percentile="0.9"), True),
    ("oi_high_in_history", facts(context__open_interest_percentile="0.899"), False),
    ("oi_low_in_history", facts(context__open_interest_percentile="0.1"), True),
    ("oi_low_in_history", facts(context__open_interest_percentile="0.101"), False),
    ("oi_record_n_days", facts(context__open_interest_high_days="7"), True),
    ("oi_record_n_days", facts(context__open_interest_high_days="6"), False),
    ("oi_low_n_days", facts(context__open_interest_low_days="7"), True),
    ("oi_low_n_days", facts(context__open_interest_low_days="6"), False),
    ("longs_pay_funding", facts(context__funding_rate="0.000001"), True),
    ("longs_pay_funding", facts(context__funding_rate="0"), False),
    ("shorts_pay_funding", facts(context__funding_rate="-0.000001"), True),
    ("shorts_pay_funding", facts(context__funding_rate="0"), False),
    ("funding_high", facts(context__funding_annualised="0.3"), True),
    ("funding_high", facts(context__funding_annualised="0.299"), False),
    ("funding_deeply_negative", facts(context__funding_annualised="-0.3"), True),
    ("funding_deeply_negative", facts(context__funding_annualised="-0.299"), False),
    ("funding_agrees_with_skew", facts(skew="0.15", context__funding_rate="-0.0001"), True),
    ("funding_agrees_with_skew", facts(skew="-0.15", context__funding_rate="0.0001"), True),
    ("funding_agrees_with_skew", facts(skew="0.15", context__funding_rate="0"), False),
    ("funding_agrees_with_skew", facts(skew="0.149", context__funding_rate="-0.0001"), False),
    ("accounts_mostly_long", accounts("0.55"), True),
    ("accounts_mostly_long", accounts("0.549"), False),
    ("accounts_mostly_short", accounts("0.45"), True),
    ("accounts_mostly_short", accounts("0.451"), False),
    ("accounts_agree_with_skew", accounts("0.45", skew="0.15"), True),
    ("accounts_agree_with_skew", accounts("0.55", skew="-0.15"), True),
    ("accounts_agree_with_skew", accounts("0.451", skew="0.15"), False),
    ("accounts_contradict_skew", accounts("0.55", skew="0.15"), True),
    ("accounts_contradict_skew", accounts("0.45", skew="-0.15"), True),
    ("accounts_contradict_skew", accounts("0.55", skew="0.149"), False),
    ("more_longs_liquidated_24h", lost("20.01", "10"), True),
    ("more_longs_liquidated_24h", lost("20", "10"), False),
    ("more_shorts_liquidated_24h", lost("10", "20.01"), True),
    ("more_shorts_liquidated_24h", lost("10", "20"), False),
    ("heavy_side_liquidated_24h", facts(skew="0.15") | lost("10", "20.01"), True),
    ("heavy_side_liquidated_24h", facts(skew="-0.15") | lost("20.01", "10"), True),
    ("heavy_side_liquidated_24h", facts(skew="0.15") | lost("20.01", "10"), False),
    ("volume_halved", facts(context__volume_ratio_30d="0.5"), True),
    ("volume_halved", facts(context__volume_ratio_30d="0.51"), False),
    ("volume_high", facts(context__volume_ratio_30d="1.5"), True),
    ("volume_high", facts(context__volume_ratio_30d="1.49"), False),
    ("volatility_low", wild("0.299", "0.4"), True),
    ("volatility_low", wild("0.3", "0.4"), False),
    ("volatility_high", wild("0.501", "0.4"), True),
    ("volatility_high", wild("0.5", "0.4"), False),
    ("etf_inflow_week", funds("0", "1"), True),
    ("etf_inflow_week", funds("0", "0"), False),
    ("etf_outflow_week", funds("0", "-1"), True),
    ("etf_outflow_week", funds("0", "0"), False),
    ("etf_flow_turned", funds("-1", "1"), True),
    ("etf_flow_turned", funds("1", "-1"), True),
    ("etf_flow_turned", funds("0", "1"), False),
    ("thin_history", facts(estimate__candle_days="6"), True),
    ("thin_history", facts(estimate__candle_days="7"), False),
    ("thin_market", facts(context__open_interest_usd="9999999"), True),
    ("thin_market", facts(context__open_interest_usd="10000000"), False),
    # Since the previous edition.
    ("lead_reversed_since_previous", lean("0.15", "-0.15"), True),
    ("lead_reversed_since_previous", lean("-0.15", "0.15"), True),
    ("lead_reversed_since_previous", lean("0.15", "-0.149"), False),
    ("lead_reversed_since_previous", lean("0.149", "-0.15"), False),
    ("lean_grew_since_previous", lean("0.15", "0.25"), True),
    ("lean_grew_since_previous", lean("-0.15", "-0.25"), True),
    ("lean_grew_since_previous", lean("0.15", "0.249"), False),
    ("lean_grew_since_previous", lean("0.15", "-0.5"), False),
    ("lean_faded_since_previous", lean("0.15", "0.149"), True),
    ("lean_faded_since_previous", lean("-0.15", "0"), True),
    ("lean_faded_since_previous", lean("0.15", "0.15"), False),
    ("lean_faded_since_previous", lean("0.149", "0"), False),
    ("upper_level_reached", facts(change__high="97000", change__upper_level_was="97000"), True),
    ("upper_level_reached", facts(change__high="96999", change__upper_level_was="97000"), False),
    ("lower_level_reached", facts(change__low="93000", change__lower_level_was="93000"), True),
    ("lower_level_reached", facts(change__low="93001", change__lower_level_was="93000"), False),
    *edges("upper", gone_through="97200", into="97000", short_of="96999"),
    *edges("lower", gone_through="92800", into="93000", short_of="93001"),
    # Among editions.
    ("skew_record_short", facts(skew="0.15") | place("skew", high_editions="30"), True),
    ("skew_record_short", facts(skew="0.149") | place("skew", high_editions="30"), False),
    ("skew_record_short", facts(skew="0.15") | place("skew", high_editions="29"), False),
    ("skew_record_short", facts(skew="0.15") | place("skew", low_editions="30"), False),
    ("skew_record_long", facts(skew="-0.15") | place("skew", low_editions="30"), True),
    ("skew_record_long", facts(skew="-0.149") | place("skew", low_editions="30"), False),
    ("skew_record_long", facts(skew="-0.15") | place("skew", low_editions="29"), False),
    *(
        case
        for claim, name in (
            ("ratio_record", "ratio"),
            ("short_total_record", "short_total"),
            ("long_total_record", "long_total"),
            ("short_cluster_record", "largest_short_cluster"),
            ("long_cluster_record", "largest_long_cluster"),
            ("open_interest_record_editions", "open_interest"),
            ("short_liquidations_record", "short_liquidations"),
            ("long_liquidations_record", "long_liquidations"),
            ("volume_record", "volume"),
            ("volatility_record", "volatility"),
        )
        for case in among_editions(claim, name, key="high_editions", least=30)
    ),
    *among_editions("open_interest_low_editions", "open_interest", key="low_editions", least=30),
    *among_editions("volume_low_record", "volume", key="low_editions", least=30),
    *among_editions("volatility_low_record", "volatility", key="low_editions", least=30),
    *(
        case
        for name in ("short_total", "long_total", "open_interest")
        for way in ("rising", "falling")
        for case in among_editions(f"{name}_{way}", name, key=f"{way}_editions", least=3)
    ),
    *(
        (f"{lean}_streak", facts(**{f"standing__{lean}_editions": count}), expected)
        for lean in ("short_heavy", "long_heavy", "balanced")
        for count, expected in (("3", True), ("2", False))
    ),
    ("funding_turned", place("funding", turned="1"), True),
    ("funding_turned", place("funding", turned="0"), False),
    ("shorts_above_usual", usual("12.01"), True),
    ("shorts_above_usual", usual("12"), False),
    ("shorts_below_usual", usual("7.99"), True),
    ("shorts_below_usual", usual("8"), False),
    ("longs_above_usual", usual("10", "12.01"), True),
    ("longs_above_usual", usual("20", "12"), False),
    ("longs_below_usual", usual("10", "7.99"), True),
    ("longs_below_usual", usual("1", "8"), False),
    ("both_usual", usual("12", "8"), True),
    ("both_usual", usual("8", "12"), True),
    ("both_usual", usual("12.01"), False),
    ("both_usual", usual("10", "7.99"), False),
    # Past calls.
    *cited("", "24h"),
    *cited("_72h", "72h"),
    *cited("_7d", "7d"),
]


@pytest.mark.parametrize(("claim_id", "about", "expected"), CASES)
def test_claim(claim_id: str, about: Mapping[str, Fact], *, expected: bool) -> None:
    assert holds(claim_id, about) is expected


def test_every_claim_is_tried_both_ways() -> None:
    for expected in (True, False):
        assert {claim for claim, _, outcome in CASES if outcome is expected} == set(claim_ids())


@pytest.mark.parametrize("claim_id", claim_ids())
def test_missing_fact_makes_a_claim_false(claim_id: str) -> None:
    assert holds(claim_id, {}) is False
    assert claim_of(claim_id).description


def test_unknown_claim_names_the_nearest() -> None:
    with pytest.raises(
        FiguresError, match=r"no claim 'short_heavey'; the nearest is 'short_heavy'"
    ):
        holds("short_heavey", {})
