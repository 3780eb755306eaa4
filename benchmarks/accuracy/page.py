"""The words of docs/accuracy.md around its tables."""

INTRO = """# How good the estimate is

Measured on {day} by `make bench-accuracy`, which writes this page. The recorded files are not
ours to ship; the command says so and stops where they are not beside the checkout. Everything is
seeded: the same files give the same page.

In short: given how far price went, the map tells clearly better than chance, better than every
simple rule and better than the best open map we know where and on which side positions were
liquidated, over 1 to 12 hours. Over 24 hours it is level with that map on the short set A and
ahead on the longer set B. It says nothing about where price will go, nor how many dollars will
be liquidated.
"""

REALISED = """## Real 1: realised liquidations

{spans}

A has hourly liquidations of Binance, Bybit and OKX with spot candles. Its file has no turnover;
relative range times what a unit of range brought at that hour of the day on Binance
before set A stands in for it. B has four-hourly liquidations of Binance with hourly perpetual
candles and real turnover.

At the start of each block of 1, 4, 12 or 24 hours a map is estimated from the {days} days of bars
before it and frozen. Its mass between the block's low and high, per side, is set against what was
liquidated per side. Each cell gives three correlations:

1. Spearman, both sides as rows of their own;
2. the same, given the side's range and the volatility of the week before (residuals of the ranks
   after a cubic in the ranks of both and their product);
3. Spearman of the imbalance, long against short, given both ranges.

Intervals are 95 %, from {times} resamples of whole spans of {group} hours.

**Which rows chose the constants.** The half-life (6 h at a cushion of 1 %, growing with its power
1.25) and the highest leverage of 150× were chosen by looking at A and at B, so neither is a clean
hold-out; the table of halves shows how stable the result is. No month after March 2026 was seen.
The first constants (48 h, 0.75, background 0.25) came with the reference experiment. The rival
is rebuilt from its published rule and was not tuned, except that the background given to it is
the best of 0, 0.25, 0.5 and 1.
"""

PUBLISHED_ROWS = """
More background makes the sides alike: it costs most over 1 hour and helps a little over 24. The
default of 0.05 is a compromise that is at or near the best everywhere up to 12 hours.

## Real 2: published sentences

19 sentences of the kind "below X … reaches Y", with their levels on both sides of price, read at
each full hour from 8 hours before to 8 hours after the printed day's midnight UTC at which price
lay between the levels. The minute is unknown and 19 rows cannot separate models: the intervals
overlap from end to end. We report and claim nothing. Open interest is taken as 33.8 % of that of
all exchanges, the share of the three venues such maps cover.
"""

TRUTH = """
The default's sizes are about a third of the published ones; the ratio of its two sides is what
compares. The Coinglass look brings the sizes near theirs. It is a preset for reading beside that
provider, chosen on these same rows, and is worse at what Real 1 measures.

## Ground truth: simulated traders

The simulator knows every position. Its traders leave after times that do not follow the model's
law on purpose. {seeds} markets a regime, {days} days of 5-minute bars, both sides; medians over
bins of 0.25 % within 10 % of price: Spearman of estimated against true mass, and how far mass
would have to move on average to turn one into the other, in percent of price.
"""

BARS = """
## Size of the bars

On the recorded 5-minute file, the sizes within 1 % of price against those from 5-minute bars,
median over days: {ratios}.
"""
