"""Figures and texts of charts, made by hand: no computing module has a part in them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from composer.charts.liquidation_map import LiquidationMapText
from composer.figures.context import Context
from composer.figures.report import (
    Direction,
    EqualNotional,
    Figures,
    Level,
    NextCluster,
    Outlook,
    Totals,
)
from composer.market.records import LiquidationMap, Method

AS_OF = datetime(2026, 1, 20, 8, tzinfo=UTC)
BINS = 240


def make_figures(
    *,
    price: float = 90_409,
    lower: float = 86_137,
    upper: float = 94_681,
    long_usd: float = 4e6,
    short_usd: float = 12e6,
    next_upper: float | None = None,
    symbol: str = "BTC",
) -> Figures:
    """Return figures over a map that is flat on each side, within 12 % of `price`.

    `long_usd` and `short_usd` are the intensity per bin, 0.1 % of price wide.
    """
    edges = price * np.linspace(0.88, 1.12, BINS + 1)
    below = np.arange(BINS) < BINS // 2
    map_ = LiquidationMap(
        symbol=symbol,
        price=price,
        as_of=AS_OF,
        source="test",
        method=Method.ESTIMATED,
        low=edges[:-1],
        high=edges[1:],
        long_usd=np.where(below, long_usd, 0),
        short_usd=np.where(below, 0, short_usd),
    )

    def level(at: float, per_bin: float) -> Level:
        distance = abs(at / price - 1)
        return Level(
            level=at,
            intensity_usd=min(distance, 0.12) / 0.001 * per_bin,
            distance_usd=abs(at - price),
            distance=distance,
        )

    return Figures(
        symbol=symbol,
        price=price,
        as_of=AS_OF,
        source="test",
        method=Method.ESTIMATED,
        upper=level(upper, short_usd),
        lower=level(lower, long_usd),
        ratio=None,
        heavier_side=None,
        skew=0.0,
        equal_notional=EqualNotional(notional_usd=1, up_usd=None, down_usd=None, ratio=None),
        clusters=(),
        next_lower=None,
        next_upper=None if next_upper is None else NextCluster(level=next_upper, notional_usd=1e8),
        totals=Totals(long_usd=1, short_usd=1, within=0.05),
        range_7d=None,
        outlook=Outlook(direction=Direction.BALANCED, strength=None),
        context=Context(),
        liquidation_map=map_,
    )


SHAPES = {
    "short_heavy": make_figures(),
    "long_heavy": make_figures(long_usd=9e6, short_usd=1e6),
    "flat": make_figures(long_usd=0, short_usd=0),
    "levels_at_the_price": make_figures(lower=90_300, upper=90_500),
    "one_far_level": make_figures(lower=60_000, upper=90_500),
    "level_twice_the_price": make_figures(lower=90_000, upper=200_000),
    "next_cluster": make_figures(next_upper=99_000),
    "tiny_price": make_figures(price=0.1834, lower=0.18, upper=0.187, symbol="DOGE"),
}


@pytest.fixture(params=SHAPES)
def shape(request: pytest.FixtureRequest) -> Figures:
    """Return figures of one shape after the other."""
    figures: Figures = SHAPES[request.param]
    return figures


@pytest.fixture
def figures() -> Figures:
    """Return figures of the usual shape."""
    return SHAPES["short_heavy"]


def _price(value: float) -> str:
    return f"${value:,.0f}" if value > 10 else f"${value:.4f}"


def _usd(value: float) -> str:
    return f"${value / 1e6:,g}M"


def _yi(value: float) -> str:
    return f"{value / 1e8:g}亿"


def _english(figures: Figures) -> LiquidationMapText:
    return LiquidationMapText(
        title=f"{figures.symbol}: short intensity above {_price(figures.price)} is $1.13B, "
        "long intensity below is $378M at the two levels",
        subtitle="Estimated from candles and open interest · 20 January 2026, 08:00 UTC",
        caveat="Liquidation intensity is modelled: a relative weight of the leverage between the "
        "price and a level, never the amount that will be liquidated. Not investment advice.",
        price_label=f"{figures.symbol} {_price(figures.price)}",
        upper_label=f"Upper level {_price(figures.upper.level)}",
        upper_intensity="$1.13B of short intensity",
        lower_label=f"Lower level {_price(figures.lower.level)}",
        lower_intensity="$378M of long intensity",
        long_label="Long liquidation intensity",
        short_label="Short liquidation intensity",
        intensity_axis_label="Bars: intensity per price bucket",
        cumulative_label="Curves: sum from the price outwards",
        price_axis_label="Price, USD",
        price_tick=_price,
        intensity_tick=_usd,
        credit="A creator",
    )


def _chinese(figures: Figures) -> LiquidationMapText:
    return LiquidationMapText(
        title=f"{figures.symbol} 上方空头清算强度达11.3亿美元，明显高于下方多头的3.78亿美元，"
        "杠杆偏向空头一侧",
        subtitle="由K线与未平仓量估算 · 数据时间：2026年1月20日 16:00（UTC+8）",
        caveat="清算强度为模型估算，表示现价与关口之间杠杆的相对权重，并非将被清算的金额，"
        "也不预示价格走向。本内容不构成投资建议。",
        price_label=f"{figures.symbol} 现价 {_price(figures.price)}",
        upper_label=f"上方关口 {_price(figures.upper.level)}",
        upper_intensity="空头清算强度 11.3亿美元",
        lower_label=f"下方关口 {_price(figures.lower.level)}",
        lower_intensity="多头清算强度 3.78亿美元",
        long_label="多头清算强度",
        short_label="空头清算强度",
        intensity_axis_label="柱：每个价格区间的强度",
        cumulative_label="曲线：由现价向外累计",
        price_axis_label="价格（美元）",
        price_tick=_price,
        intensity_tick=_yi,
    )


Wording = Callable[[Figures], LiquidationMapText]
WORDINGS: dict[str, Wording] = {
    "en": _english,
    "zh_Hans": _chinese,
    "en_simulated": lambda figures: replace(_english(figures), watermark="SIMULATED DATA"),
}


@pytest.fixture(params=["en", "zh_Hans"])
def locale(request: pytest.FixtureRequest) -> str:
    """Return one locale after the other."""
    name: str = request.param
    return name


@pytest.fixture
def words() -> Callable[[str, Figures], LiquidationMapText]:
    """Return what makes the text of a picture in a language."""
    return lambda language, figures: WORDINGS[language](figures)
