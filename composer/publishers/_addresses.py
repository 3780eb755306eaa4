"""Addresses and keys from a configuration: what is allowed, and which key is meant."""

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from composer.errors import ConfigError
from composer.keys import Key


def key_from(configuration: Mapping[str, str], *, default_env: str) -> Key:
    """Return where the key is: `key_file`, else `key_env`, else the platform's usual variable.

    A place that was named is read at once, so that a wrong one is found at start-up.
    Raises ConfigError if both are named, or what is there is no key.
    """
    env, file = configuration.get("key_env", ""), configuration.get("key_file", "")
    if env and file:
        msg = "key_env and key_file are both given; keep one"
        raise ConfigError(msg)
    key = Key(env=env or default_env, file=Path(file).expanduser() if file else None)
    if env or file:
        key.read()
    return key


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
    if not host or parts.query or parts.fragment or "@" in parts.netloc:
        msg = f"{name} {value!r} is no plain address; expected https://host"
        raise ConfigError(msg)
    if not is_safe(parts.scheme, host):
        msg = f"{name} {value!r} would be read along on the way; use https"
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
