"""Platforms without a way to post by program: a person posts, the desk helps and confirms.

Each is a row of assisted.toml and found by it; this module is no platform of its own.

Configuration, of any row: `max_characters`, `max_images`, `max_cashtags`, `max_hashtags`
(the limits of the account, where they are not the row's), `locale` (whose composer is
opened, as zh_Hans; left out, that of the draft), and for rows that can be searched
`search_url`, `timeout_s` and `nickname` (only a post under this name is ours; without it a
copy of our text by somebody else cannot be told from it).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from composer.addresses import checked_base_url
from composer.errors import ConfigError, PublishError
from composer.publishers._assisted_gate import GateSearch
from composer.publishers._assisted_table import TABLE, Row, shipped_rows
from composer.publishers._limits import check_limits
from composer.publishers._numbers import timeout_s, whole
from composer.publishers.records import (
    Limits,
    Payload,
    PostAddress,
    Receipt,
    SourceWording,
    Unit,
)


class Search(Protocol):
    """Who can ask a platform for a post."""

    def find(self, text: str) -> str | None:
        """Return the address of the post with this text, None if none is shown."""


class OpenAssisted(Protocol):
    """Opens the platform of one row."""

    def __call__(self, configuration: Mapping[str, str]) -> "AssistedPlatform":
        """Return the platform as configured. Raises ConfigError, which names the key."""


_SEARCHES = {"gate": GateSearch}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistedPlatform:
    """One platform on which a person posts by hand, for one account."""

    title: str
    composer_url_in: Callable[[str], str]
    post_address: PostAddress
    limits: Limits
    search: Search | None = None

    @property
    def can_search(self) -> bool:
        """Whether the platform can be asked for a post."""
        return self.search is not None

    def check(self, payload: Payload) -> None:
        """Hold the payload against the platform's limits; whatever is wrong is told at once."""
        check_limits(payload, self.limits, self.title)

    def find(self, payload: Payload) -> Receipt | None:
        """Ask the platform for a post with this text; None if it shows none, perhaps not yet.

        Raises PublishError if it cannot be asked, gives no usable answer, or one that does
        not tell which post is ours.
        """
        if self.search is None:
            msg = f"{self.title} has no search; paste the address of the post"
            raise PublishError(msg)
        address = self.search.find(payload.text)
        return None if address is None else Receipt(reference=address)


def platforms() -> dict[str, OpenAssisted]:
    """Return what opens each platform of the table, by the name of its row."""
    return {name: partial(open_assisted, row) for name, row in shipped_rows().items()}


def limits() -> dict[str, Callable[[Mapping[str, str]], Limits]]:
    """Return what tells the limits of each platform of the table, by the name of its row."""
    return {name: partial(_limits_of, row) for name, row in shipped_rows().items()}


def open_assisted(row: Row, configuration: Mapping[str, str]) -> AssistedPlatform:
    """Return the platform of a row as configured. Raises ConfigError, which names the key."""
    language = configuration.get("locale")  # now: who opens us refuses what is not asked for
    return AssistedPlatform(
        title=row.title,
        composer_url_in=lambda locale: row.composer_url_in(language or locale),
        post_address=PostAddress(pattern=row.post_pattern, example=row.post_example),
        limits=_limits_of(row, configuration),
        search=_search(row, configuration) if row.search else None,
    )


def _limits_of(row: Row, configuration: Mapping[str, str]) -> Limits:
    characters = whole(configuration, "max_characters", least=1)
    images = whole(configuration, "max_images", least=0)
    cashtags = whole(configuration, "max_cashtags", least=0)
    hashtags = whole(configuration, "max_hashtags", least=0)
    return Limits(
        unit=Unit(row.unit),
        max_characters=row.max_characters if characters is None else characters,
        max_images=row.max_images if images is None else images,
        max_cashtags=row.max_cashtags if cashtags is None else cashtags,
        max_hashtags=row.max_hashtags if hashtags is None else hashtags,
        draws_markdown=row.draws_markdown,
        source_wording=SourceWording(row.source_wording),
    )


def _search(row: Row, configuration: Mapping[str, str]) -> Search:
    if row.search not in _SEARCHES:
        msg = f"{TABLE}: {row.title}: search {row.search!r} is unknown; there is {list(_SEARCHES)}"
        raise ConfigError(msg)
    return _SEARCHES[row.search](
        base_url=checked_base_url(
            configuration.get("search_url") or row.search_url, name="search_url"
        ),
        timeout_s=timeout_s(configuration),
        nickname=configuration.get("nickname", "").strip(),
    )
