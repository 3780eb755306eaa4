from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.figures.clusters import find_clusters, next_cluster
from composer.figures.report import Cluster
from composer.market.records import LiquidationMap, Side

MakeBook = Callable[..., LiquidationMap]
Bin = tuple[float, float, float, float]

POCKETS: dict[str, Sequence[Bin]] = {
    "narrow bin": [(88_990, 89_010, 1.127e9, 0)],
    "point": [(89_000, 89_000, 1.127e9, 0)],
    # 4 x 0.28175 = 1.127, from 88,900 to 89,100: the middle is 89,000
    "plateau": [(88_900 + 50 * i, 88_950 + 50 * i, 0.28175e9, 0) for i in range(4)],
}


@pytest.mark.parametrize("shape", POCKETS)
@pytest.mark.parametrize("around", ["gap", "coarse plain", "fine plain"])
def test_sample_of_the_next_pocket_below(make_book: MakeBook, shape: str, around: str) -> None:
    pocket = POCKETS[shape]
    low, high = pocket[0][0], pocket[-1][1]
    plains: dict[str, Sequence[Bin]] = {
        "gap": [],
        "coarse plain": [(88_000, low, 0.02e9, 0), (high, 93_000, 0.1e9, 0)],
        # 50 USD at 20 USD per USD of price, on either side of the pocket
        "fine plain": [
            (start, start + 50, 1e6, 0)
            for start in np.append(
                np.arange(low - 50, 87_000, -50), np.arange(high, 92_950, 50)
            ).tolist()
        ],
    }
    book = make_book(
        95_000, *plains[around], *pocket, (93_000, 95_000, 1.062e9, 0), (95_000, 97_000, 0, 0.248e9)
    )
    below = next_cluster(find_clusters(book), 93_000, Side.LONG)
    assert below is not None
    assert below.level == pytest.approx(89_000, abs=1e-6)
    assert below.notional_usd == pytest.approx(1.127e9)
    assert next_cluster(find_clusters(book), 97_000, Side.SHORT) is None


def flat_books() -> dict[str, list[Bin]]:
    return {
        "one bin a side": [(90, 100, 10, 0), (100, 110, 0, 10)],
        "bins": [
            *((90 + i, 91 + i, 10, 0) for i in range(10)),
            *((100 + i, 101 + i, 0, 10) for i in range(10)),
        ],
        "fine bins": [
            *((90 + i * 0.03, 90 + (i + 1) * 0.03, 10, 0) for i in range(300)),
            *((101 + i * 0.03, 101 + (i + 1) * 0.03, 0, 10) for i in range(300)),
        ],
        **{
            f"ladder of points {step}": [
                *((100 - step * (i + 1), 100 - step * (i + 1), 10, 0) for i in range(12)),
                *((100 + step * (i + 1), 100 + step * (i + 1), 0, 10) for i in range(12)),
            ]
            for step in (0.1, 0.5, 1.0)
        },
        "one bin across the price": [(90, 110, 10, 10)],
        "nothing": [(90, 100, 0, 0)],
    }


@pytest.mark.parametrize("name", flat_books())
def test_even_book_has_no_cluster(make_book: MakeBook, name: str) -> None:
    assert find_clusters(make_book(100, *flat_books()[name])) == ()


def test_cluster_spans_the_bins_above_half_its_prominence(make_book: MakeBook) -> None:
    # prominence 100 - max(10, 20) = 80, so bins above 100 - 40 = 60 belong
    heights = [10, 30, 70, 100, 65, 55, 20]
    book = make_book(1000, *((1000 + 3 * i, 1003 + 3 * i, 0, h) for i, h in enumerate(heights)))
    assert find_clusters(book) == (
        Cluster(
            side=Side.SHORT,
            low=1006,
            peak=1010.5,
            high=1015,
            notional_usd=235,  # 70 + 100 + 65
            distance=0.0105,
        ),
    )


def test_pocket_that_stands_alone_is_taken_whole(make_book: MakeBook) -> None:
    # 112.7 + 225.4 + 450.8 + 225.4 + 112.7 = 1127, though the tails are below half the peak
    heights = [112.7, 225.4, 450.8, 225.4, 112.7]
    book = make_book(
        95_050,
        (93_000, 95_050, 1_062, 0),
        *((88_900 + 40 * i, 88_940 + 40 * i, h, 0) for i, h in enumerate(heights)),
    )
    pocket = next_cluster(find_clusters(book), 93_000, Side.LONG)
    assert pocket is not None
    assert pocket.level == 89_000
    assert pocket.notional_usd == pytest.approx(1_127)


def test_hill_that_does_not_fall_to_half_is_no_cluster(make_book: MakeBook) -> None:
    # prominence 100 - 51 = 49 is less than half of 100
    heights = [51, 100, 51]
    book = make_book(1000, *((1000 + 3 * i, 1003 + 3 * i, 0, h) for i, h in enumerate(heights)))
    assert find_clusters(book) == ()
    lower = make_book(
        1000, *((1000 + 3 * i, 1003 + 3 * i, 0, h) for i, h in enumerate([50, 100, 50]))
    )
    assert len(find_clusters(lower)) == 1


@pytest.mark.parametrize(
    ("pocket", "stands_out"),
    [
        # the 95 within ±10 % ask for 4.75 of a pocket
        ((89, 89, 4.7, 0), False),
        ((89, 89, 4.8, 0), True),
        ((85, 85, 50, 0), True),
        ((84, 84, 50, 0), False),  # 16 % away
    ],
)
def test_small_pockets_and_far_ones_are_left_out(
    make_book: MakeBook, pocket: Bin, *, stands_out: bool
) -> None:
    book = make_book(100, (90, 100, 95, 0), pocket)
    assert (next_cluster(find_clusters(book), 90, Side.LONG) is not None) is stands_out


def test_equal_spikes_are_clusters_each(make_book: MakeBook) -> None:
    book = make_book(100, (94, 94, 10, 0), (97, 97, 10, 0), (103, 103, 0, 8))
    found = find_clusters(book)
    assert [(c.side, c.low, c.peak, c.high, c.notional_usd) for c in found] == [
        (Side.LONG, 97, 97, 97, 10),
        (Side.LONG, 94, 94, 94, 10),
    ]  # the lone short has nothing beside it to stand out from


def test_next_cluster_lies_strictly_beyond_the_level(make_book: MakeBook) -> None:
    clusters = find_clusters(make_book(100, (94, 94, 10, 0), (97, 97, 10, 0)))
    for level, expected in ((98, 97), (97, 94), (95, 94), (94, None)):
        beyond = next_cluster(clusters, level, Side.LONG)
        assert (beyond.level if beyond else None) == expected
    assert next_cluster(clusters, 98, Side.SHORT) is None


def test_wide_shelf_is_cut_around_its_peak(make_book: MakeBook) -> None:
    # 40 bins of 2 on a shelf of 8 %, its peak in the middle: 1 % around it is the cluster
    bins = [(1002 + 2 * i, 1004 + 2 * i, 0, 100 + (i == 20)) for i in range(40)]
    (cluster,) = find_clusters(make_book(1000, (1000, 1002, 0, 1), *bins, (1082, 1100, 0, 1)))
    assert cluster.peak == 1043  # 1002 + 2 x 20 + 1
    assert (cluster.low, cluster.high) == (1032, 1054)  # bins whose middle is within 10 of it
    assert cluster.notional_usd == 1101  # eleven bins of 100, one of them 101


@st.composite
def mixed_bins(draw: st.DrawFn) -> list[Bin]:
    """Bins and points of any width, fine and coarse, with and without gaps."""
    mass = st.sampled_from([0, 1, 1, 2, 30])
    edge = float(draw(st.integers(1000, 1100)))
    bins: list[Bin] = []
    for _ in range(draw(st.integers(1, 25))):
        edge += draw(st.sampled_from([0, 0, 0.3, 6]))
        width = draw(st.sampled_from([0, 0.2, 1, 3, 15]))
        bins.append((edge, edge + width, draw(mass), 0))
        edge += width or 0.1
    return bins


@settings(deadline=None)  # a busy machine is not a finding
@given(bins=mixed_bins(), below=st.booleans())
def test_clusters_of_any_book_are_disjoint_and_sum_up(
    make_book: MakeBook, bins: list[Bin], *, below: bool
) -> None:
    if below:
        bins = [(2000 - high, 2000 - low, mass, 0.0) for low, high, mass, _ in bins]
    else:
        bins = [(low, high, 0.0, mass) for low, high, mass, _ in bins]
    book = make_book(1000, *bins)
    found = find_clusters(book)
    assert [c.distance for c in found] == sorted(c.distance for c in found)
    for c in found:
        assert c.side is (Side.LONG if below else Side.SHORT)
        assert c.low <= c.peak <= c.high
        inside = (book.low >= c.low) & (book.high <= c.high)
        assert c.notional_usd == pytest.approx((book.long_usd + book.short_usd)[inside].sum())
    rising = sorted(found, key=lambda c: (c.low, c.high))
    assert all(a.high <= b.low for a, b in pairwise(rising))


def test_fine_ladder_of_points_keeps_its_spike(make_book: MakeBook) -> None:
    # a point every 0.1 % as providers publish them, one of them eight times the others
    ladder = [(90_000 - 90 * i, 90_000 - 90 * i, 8e6 if i == 21 else 1e6, 0) for i in range(1, 100)]
    (cluster,) = find_clusters(make_book(90_000, *ladder))
    assert (cluster.low, cluster.peak, cluster.high) == (88_110, 88_110, 88_110)
    assert cluster.notional_usd == 8e6
