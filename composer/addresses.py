"""Outside addresses: which of them may carry a key, or anything we believe.

Both rooms that talk to the outside, sources and publishers, ask here.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from composer.errors import ConfigError


def checked_base_url(value: str, *, name: str = "base_url") -> str:
    """Return an address that nobody on the way can read along, without a slash at its end.

    Raises ConfigError, which names the key, unless it is https, or http to this machine,
    and nothing but a place.
    """
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    plain = host and not (parts.query or parts.fragment or "@" in parts.netloc)
    if not (plain and is_safe(parts.scheme, host)):
        expected = "https://host, or http://127.0.0.1:port for a server on this machine"
        msg = f"{name}: expected {expected}, got {value!r}"
        raise ConfigError(msg)
    return value.rstrip("/")


def is_safe(scheme: str, host: str) -> bool:
    """Return whether nobody on the way can read along: https, or http to this machine."""
    return scheme == "https" or (scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Return whether this is a name of the machine we run on."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_link(value: str) -> bool:
    """Return whether this is an https address as readers may be sent to, and nothing more."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    printed = value.isprintable() and " " not in value
    return printed and parts.scheme == "https" and "." in host and "@" not in parts.netloc
