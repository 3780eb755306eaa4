"""The name of another exchange, for a platform that minds it."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from composer.checks.records import Finding, Severity, Subject

ID = "rival_name"

# How exchanges are called, by the first word of their own platforms' names.
_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "aster": ("AsterDEX",),
        "binance": ("Binance", "币安"),
        "bingx": ("BingX",),
        "bitfinex": ("Bitfinex",),
        "bitget": ("Bitget",),
        "bithumb": ("Bithumb",),
        "bitmart": ("BitMart",),
        "bitmex": ("BitMEX",),
        "bitunix": ("Bitunix",),
        "bybit": ("Bybit",),
        "coinbase": ("Coinbase",),
        "crypto": ("Crypto.com",),
        "deribit": ("Deribit",),
        "dydx": ("dYdX",),
        "gate": ("Gate.io", "Gate Square", "芝麻开门"),
        "htx": ("HTX", "Huobi", "火币"),
        "hyperliquid": ("Hyperliquid",),
        "kraken": ("Kraken",),
        "kucoin": ("KuCoin", "库币"),
        "lbank": ("LBank",),
        "mexc": ("MEXC", "抹茶"),
        "okx": ("OKX", "OKEx", "欧易"),
        "phemex": ("Phemex",),
        "upbit": ("Upbit",),
    }
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a warning for each rival named in a text that an editor can change."""
    if subject.names_rivals:
        return
    own = (subject.destination or "").partition("_")[0]
    names = [name for exchange, called in _NAMES.items() if exchange != own for name in called]
    rivals = re.compile("|".join(map(_whole, names)), re.IGNORECASE)
    for passage in subject.passages:
        if passage.editable:
            for match in rivals.finditer(passage.text):
                yield Finding(
                    id=ID,
                    severity=Severity.WARN,
                    passage=passage.key,
                    span=match.span(),
                    message=(
                        f"{match[0]!r} is an exchange's name, which {subject.destination} may not "
                        "show; write of major exchanges there"
                    ),
                )


def _whole(name: str) -> str:
    """Return what finds a name as a word; Chinese sets no space between words."""
    text = re.escape(name)
    return rf"(?<![0-9A-Za-z]){text}(?![0-9A-Za-z])" if name.isascii() else text
