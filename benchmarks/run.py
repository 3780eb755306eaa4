"""Print how fast squaredesk is, as ratios measured side by side in this run."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from benchmarks.charts import print_charts
from benchmarks.estimate import print_estimate
from benchmarks.texts import print_texts
from benchmarks.timing import shortest
from composer.figures.compute import compute_figures
from composer.figures.facts import Fact, FactKind
from composer.figures.levels import LevelPolicy
from composer.figures.liquidation_map import estimate_map
from composer.market.records import MarketSnapshot, Method
from composer.market.simulator import simulate
from composer.text.amounts import AmountFormatter

ROUNDS = 7


def line(what: str, seconds: float, against: str, other: float) -> None:
    """Print one measurement beside what it is measured against."""
    print(f"{what:<44}{seconds * 1000:>10.1f} ms {seconds / other:>10.1f} x {against}")


def main() -> None:
    """Measure start-up, the simulator, figures, the estimate, texts and charts."""
    bare, helped = shortest(
        ROUNDS,
        lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
        lambda: subprocess.run(
            [sys.executable, "-m", "composer", "--help"], check=True, capture_output=True
        ),
    )
    line("squaredesk --help", helped, "a bare interpreter", bare)

    end = datetime(2026, 1, 31, tzinfo=UTC)
    start = end - timedelta(days=30)
    world = simulate(symbol="BTC", start=start, end=end, seed=1)
    columns = [world.candles.close, world.candles.turnover_usd, world.open_interest.stamp_ms]
    summed, played = shortest(
        ROUNDS,
        lambda: [column.sum() for column in columns if column is not None],
        lambda: simulate(symbol="BTC", start=start, end=end, seed=1),
    )
    line("simulate 30 days of 5-minute bars", played, "numpy sums of its output", summed)

    open_interest_usd = float(world.open_interest.open_interest_usd[-1])
    snapshot = MarketSnapshot(
        symbol="BTC",
        price=float(world.candles.close[-1]),
        as_of=end,
        fetched_at=end,
        source="simulated market",
        venues=("Simulated",),
        simulated=True,
        candles=world.candles,
        open_interest=world.open_interest,
    )
    estimated, computed = shortest(
        ROUNDS,
        lambda: estimate_map(
            world.candles,
            open_interest_usd,
            as_of=end,
            source="simulated market",
            method=Method.SIMULATED,
        ),
        lambda: compute_figures(snapshot, levels=LevelPolicy.parse("round")),
    )
    line("all figures of the same bars", computed, "the map alone", estimated)
    compare_amounts(end)
    print_estimate()
    print_texts()
    print_charts()


def compare_amounts(as_of: datetime) -> None:
    """Measure how long a thousand amounts take, in a language with many plurals."""
    facts = [
        Fact(
            id="a.figure",
            kind=FactKind.USD,
            value=Decimal(1_234_567 * step),
            symbol="BTC",
            as_of=as_of,
            source="simulated market",
        )
        for step in range(1, 1001)
    ]
    amounts = AmountFormatter("ar")
    bare, formatted = shortest(
        ROUNDS,
        lambda: [f"{fact.value:,f}" for fact in facts],
        lambda: [*map(amounts.format, facts)],
    )
    line("1,000 amounts in Arabic", formatted, "bare f-strings", bare)


if __name__ == "__main__":
    main()
