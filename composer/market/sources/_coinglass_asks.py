"""What Coinglass is asked for in one look, and in which words."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from composer.market.sources._grids import Grid, pages_of
from composer.market.sources._http import Ask

PLAN = Ask(endpoint="subscription", path="/api/user/account/subscription")
VENUE = "Binance"  # where one exchange has to do
MAP_VENUES = (VENUE, "OKX", "Bybit")  # whose maps Coinglass adds up, so whose losses too
FUNDS = {"BTC": "bitcoin", "ETH": "ethereum"}
MOST_ROWS = 1_000


def series_asks(symbol: str, grid: Grid, now: datetime) -> Iterator[Ask]:
    """Yield the requests for everything but the map, the most useful ones first."""
    pair, rows = _pair(symbol), _rows(grid)
    coin = {"symbol": symbol}
    for page in pages_of(grid, now, most=MOST_ROWS):
        limits = {**rows, "limit": str(page.bars)}
        if not page.open_ended:
            limits |= {"start_time": str(page.first_ms), "end_time": str(page.last_ms)}
        yield _ask(f"price{page.suffix}", "price/history", **pair, **limits)
    yield _ask("max-pain", "liquidation/max-pain", range="24h")
    yield _ask("open-interest", "open-interest/aggregated-history", **coin, **rows)
    yield _ask("open-interest-list", "open-interest/exchange-list", **coin)
    yield _ask("funding", "funding-rate/oi-weight-history", **coin, **rows)
    yield _ask("funding-list", "funding-rate/exchange-list", **coin)
    yield _ask("accounts", "global-long-short-account-ratio/history", **pair, **rows)
    venues = {"exchange_list": ",".join(MAP_VENUES)}
    yield _ask("liquidations", "liquidation/aggregated-history", **venues, **coin, **rows)
    yield _ask("liquidation-list", "liquidation/exchange-list", **coin, range="24h")
    if symbol in FUNDS:
        yield Ask(endpoint="etf", path=f"/api/etf/{FUNDS[symbol]}/flow-history")


def pair_ask(symbol: str, grid: Grid) -> Ask:
    """Return the request for what was liquidated on one exchange, for a map of it alone."""
    path = "liquidation/history"
    return _ask("pair-liquidations", path, **_pair(symbol), **_rows(grid))


def _pair(symbol: str) -> dict[str, str]:
    return {"exchange": VENUE, "symbol": f"{symbol}USDT"}


def _rows(grid: Grid) -> dict[str, str]:
    return {"interval": interval_name(grid), "limit": str(min(grid.bars, MOST_ROWS))}


def _ask(endpoint: str, path: str, **params: str) -> Ask:
    return Ask(endpoint=endpoint, path=f"/api/futures/{path}", params=params)


def interval_name(grid: Grid) -> str:
    """Return the interval as Coinglass writes it: 5m, 4h."""
    minutes = grid.interval // timedelta(minutes=1)
    return f"{minutes}m" if minutes % 60 else f"{minutes // 60}h"
