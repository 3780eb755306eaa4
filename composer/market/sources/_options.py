"""What the operator decides about sources: where they are, how long to wait, where keys are."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from composer.addresses import checked_base_url
from composer.keys import Key, source_variable


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions:
    """All options, with their defaults.

    base_urls : where a provider is asked instead of its own address, by its name
    deadline_s : for one look at the market, all sources together, > 0
    key_files : where the key of a provider is, by its name; the key itself is never held
    """

    base_urls: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    deadline_s: float = 10.0
    key_files: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))

    def base_url(self, name: str, default: str) -> str:
        """Return where the provider `name` is asked, without a slash at its end.

        Raises ConfigError unless it is https, or http to this machine, and nothing but a place.
        """
        return checked_base_url(self.base_urls.get(name, default), name=f"{name}_url")

    def key(self, name: str) -> Key:
        """Return where the key of the provider `name` is: its variable, else its file.

        Raises ConfigError if there is none.
        """
        variable, file = source_variable(name), self.key_files.get(name)
        key = Key(env=variable) if os.environ.get(variable) or file is None else Key(file=file)
        key.read()
        return key
