"""Numbers from a configuration, with an error that names their key."""

import math
import re
from collections.abc import Mapping

from composer.errors import ConfigError

# A worker's claim on a delivery lasts five minutes: one call must not outlast it.
LONGEST_TIMEOUT_S = 120.0


def timeout_s(configuration: Mapping[str, str]) -> float:
    """Return how long to wait for a platform, 20 s unless told. Raises ConfigError above 120."""
    seconds = positive(configuration, "timeout_s", 20.0)
    if seconds > LONGEST_TIMEOUT_S:
        msg = (
            f"timeout_s {configuration['timeout_s']!r} is above {LONGEST_TIMEOUT_S:g} seconds, "
            "longer than a delivery may wait for one answer; lower it"
        )
        raise ConfigError(msg)
    return seconds


def positive(configuration: Mapping[str, str], name: str, default: float) -> float:
    """Return a number above 0, the default where none is given. Raises ConfigError."""
    value = configuration.get(name) or default
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        msg = f"{name} {value!r} is no number above 0; correct it"
        raise ConfigError(msg)
    return number


def whole(configuration: Mapping[str, str], name: str, *, least: int) -> int | None:
    """Return a whole number from `least` on, None where none is given. Raises ConfigError."""
    value = configuration.get(name)
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) < least:
        msg = f"{name} {value!r} is no whole number from {least} on; correct it"
        raise ConfigError(msg)
    return int(value)
