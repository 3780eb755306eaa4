"""Run `squaredesk backtest` on the recorded files and write docs/scorecard.md."""

import subprocess
import sys
from pathlib import Path

from composer.figures.thresholds import CITED_FROM

SHELF = Path(__file__).parents[2] / "shared" / "data" / "market"
PAGE = Path(__file__).parents[1] / "docs" / "scorecard.md"

# Files with open interest, and their days: from when the estimate has had two weeks of bars
# (one in the short file) to the last.
REPLAYED = (
    ("coinglass_btc_4h_stitched_2024-11_2025-11.csv", "2024-11-29", "2025-11-14"),
    ("coinglass_btc_1h_price_oi_liq_funding_2025-12-04_2026-03-31.csv", "2025-12-18", "2026-03-31"),
    (
        "binance_um_btcusdt_5m_klines_oi_gapfree_2026-05-25_2026-06-14.csv",
        "2026-06-01",
        "2026-06-14",
    ),
)

INTRO = f"""# Scorecard: what became of the levels

`make scorecard` replays recorded markets with `squaredesk backtest` and writes this page. The
files, the days and this text are chosen by hand, the numbers are not; the same files and code give
the same page.
The recorded files are not ours to ship. Recorded prices without open interest are not replayed:
the estimate refuses them.

An outlook says where leverage sits, not where price will go, and this page says what that is
worth as a forecast if somebody takes it for one. Read it before citing a hit rate.

**How it is measured.** For each day an edition is computed at 08:00 UTC from what was known
then; only bars that opened after it count for what followed. Everything comes from our own estimate
(liquidation-map.md), never from a provider's map.

- *Reached*: of the editions with a heavier side, those whose level on that side was touched
  within the horizon; by strength of the outlook. Balanced editions have no such side.
- *Share [95 %]*: with its Wilson interval. Horizons of daily editions overlap, so that 72 hours
  and 7 days are not that many trials: the interval counts only the *horizons apart*, those
  that do not overlap.
- *Base rate*: the chance that price reached a level at the same distance on the same side within
  the same horizon, from every hour of the same days (every bar where bars are longer), averaged
  over the distances of the row's editions.
- *Lighter side, same distance*: the share of the same editions after which price went as far to
  the other side. Its volatility is that of the same days.
- *Median way*: how far price went to either side within the horizon.
- *Above usual*: realised liquidations of the side in the 4 hours from the first bar at its level,
  against the median of its 4-hour sums of the 30 days before the edition. Price that moves to a
  level liquidates somebody anyway: compare the rows, not one row with 1×.
- A horizon counts once the bars cover 95 % of it. Two levels touched within one bar have no first.

A base rate outside an interval is told below each table. Among so many rows that overlap, one in
twenty is outside by chance, and no row was corrected for that. The constants of the estimate were
chosen on liquidations in the first two files (accuracy.md); the rule that chooses the levels was
fitted to nothing. All of it is BTC; nothing is claimed of other coins, days or sources.

A text may cite a rate only with its n and interval, and from {CITED_FROM} horizons apart on.
"""


def main() -> None:
    """Write the page, or say which files are missing."""
    missing = [name for name, *_ in REPLAYED if not (SHELF / name).is_file()]
    if missing:
        print(f"skipped: the recorded files are not beside this checkout ({', '.join(missing)})")
        return
    sections = [backtest(*one) for one in REPLAYED]
    PAGE.write_text("\n".join([INTRO, *sections]), encoding="utf-8")
    print(f"wrote {PAGE}", file=sys.stderr)


def backtest(name: str, first: str, last: str) -> str:
    """Return what the command prints for a file and its days."""
    words = ["--source", str(SHELF / name), "--from", first, "--to", last]
    done = subprocess.run(  # noqa: S603 - our own command, on files named here
        [
            sys.executable,
            "-m",
            "composer",
            "backtest",
            *words,
            "--symbol",
            "BTC",
            "--levels",
            "round",
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.rstrip() + "\n"


if __name__ == "__main__":
    main()
