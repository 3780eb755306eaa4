"""What every worker imports, imported once: the process that forks them begins with this."""

import psycopg

from composer.checks import run_checks
from composer.publishers import _http, assisted, binance_square, folder, platforms
from composer.text.amounts import AmountFormatter
from tests.crash import worker

# These are read at first use, and a worker does not live long.
_http._trust()
AmountFormatter("en")
platforms()

__all__ = ["assisted", "binance_square", "folder", "psycopg", "run_checks", "worker"]
