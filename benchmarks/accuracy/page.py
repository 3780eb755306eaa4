"""The words of docs/accuracy.md around its tables."""

INTRO = """# How good the estimate is

Measured on {day} by `make bench-accuracy`, which writes this page. The recorded files are not
ours to ship; the command says so and stops where they are not beside the checkout. Everything is
seeded: the same files give the same page.

In short: given how far price went, the map tells clearly better than chance where and on which
side positions were liquidated, over 1 to 24 hours. Over 1 and 4 hours it is ahead of every rule
and of the best open map we know. Over 12 hours it is a little ahead of that map also once that map
is given our background, and over 24 hours on the longer set B; over 24 hours on the short set A
the two are level. There the rule "what lies beyond the extremes of the last 24 hours counts
thrice" tells the heavier side about as well as either map. None of this says where price will
go, nor how many dollars will be liquidated.
"""

REALISED = """## Real 1: realised liquidations

{spans}

A has hourly liquidations of Binance, Bybit and OKX with spot candles. Its file has no turnover;
relative range times what a unit of range brought at that hour of the day on Binance
before set A stands in for it. B has four-hourly liquidations of Binance with hourly perpetual
candles and real turnover.

At the start of each block of 1, 4, 12 or 24 hours a map is estimated from the {days} days of bars
before it and frozen. Its mass from the last close to the block's low and high is set against what
was liquidated on each side. A block starts every hour (A) or every four (B), so longer ones
overlap; n counts them. Each cell gives three correlations:

1. Spearman, for each side by itself; the mean of the two sides;
2. the same, given the side's range and the volatility of hourly closes in the 168 hours before:
   what a cubic in the ranks of these two, and the product of the two ranks, leave of the ranks;
3. Spearman of the imbalance log(long / short), given the ranges of both sides in the same way.
   10,000 USD are added to what was liquidated on each side, and to the map's sides the mean mass
   of .01 % of price, so that a side price did not reach is little and not nothing.

Intervals are 95 %, from {times} resamples of whole spans of {group} hours.

This statistic is the reference experiment's, as far as its numbers tell. With its constants and
its blocks on B it gives .38 and .48 at 4 hours, where .38 and .47 are reported, and for range ×
open interest, the range with the part beyond extremes, and the sweep-and-turnover map .12, .25
and .35 (.12, .25, .34). On A at 4 hours, with blocks side by side from 07:00 of the first day, it
gives .41 and .56 (.42 and .57); at 1 hour .42 to .45 and .54 to .60 (.47 and .60), by how much
background and how small an amount count. We changed one thing: blocks of 24 hours side by side
depend on the hour they begin at more than on the model (a table below), so all hours are used.

**Which rows chose the constants.** The power 1.25 of the half-life, the highest leverage of 150×
and the background of .05 were chosen by looking at all of A and B, among some 500 settings with
one half-life, 12 h at a cushion of 1 %. With one, size and side are a trade: half of 12 h gains
.01 in the second number of a cell over 12 and 24 hours and loses .01 in the third. Then two kinds
of positions, of 4 h and, one in four, of 48 h, were chosen among some 17 shapes: B gained most with
shorter ones, which lost size over one hour on A. Most shapes were seen on all of A too, so A is no
clean hold-out of that step either: "one half-life" in the tables is the same map without it. The
table of halves shows how stable the gain is. No month after March 2026 was seen. The
first constants (48 h, power .75, 125×, background .25) came with the reference experiment. The
rival is rebuilt from its
published rule and was not tuned, except that the background given to it is the best of 0, .25,
.5 and 1 by an earlier look at these rows.
"""

PUBLISHED_ROWS = """
More background makes the sides alike and costs skill over 1 and 4 hours; over 12 and 24 hours it
hardly matters up to .5. The default of .05 is at or near the best everywhere. Against one
half-life the two kinds gain over 4 to 24 hours and change next to nothing over one; against the
first constants the model gains size over 4 hours and more, and the side over 1 and 4 hours, and
gives back .01 to .02 of the side over 12 and 24.

## Real 2: published sentences

The 19 usable sentences are of the kind "below X … reaches Y", with levels on both sides of price.
The map is read at each full hour from 8 hours before to 8 hours after the printed day's midnight
UTC at which price lay between the levels. The minute is unknown and 19 rows cannot separate
models: the intervals overlap from end to end. We report and claim nothing. Open interest is taken
as 33.8 % of that of all exchanges, the share of the three venues such maps cover.
"""

TRUTH = """
The default's sizes are under a third of the published ones; the ratio of its two sides is what
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
