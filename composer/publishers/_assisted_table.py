"""The rows of assisted.toml: what there is to know of a platform without a way to post."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from importlib.resources import files

from composer.errors import ConfigError
from composer.publishers.records import SourceWording, Unit

TABLE = "assisted.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One platform. A limit left out is none; `search` names who can ask it for a post."""

    title: str
    composer_url: str
    prefixes: Mapping[str, str] = field(default_factory=dict)
    post_pattern: str
    post_example: str
    max_characters: int
    max_images: int
    max_cashtags: int | None = None
    max_hashtags: int | None = None
    unit: str = Unit.CODE_POINTS.value
    draws_markdown: bool
    source_wording: str
    search: str = ""
    search_url: str = ""

    def composer_url_in(self, locale: str) -> str:
        """Return where a post is written, in a language of the site where it is known."""
        language = locale.partition("_")[0]
        prefix = self.prefixes.get(locale) or self.prefixes.get(language, "")
        return self.composer_url.replace("{prefix}", prefix)


def shipped_rows() -> dict[str, Row]:
    """Read the rows that travel with the program, by the name of their platform."""
    return parse_rows((files("composer.publishers") / TABLE).read_text("utf-8"))


def parse_rows(text: str) -> dict[str, Row]:
    """Read a table. Raises ConfigError, which names the row and its key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{TABLE}: expected TOML: {error}"
        raise ConfigError(msg) from error
    return {name: _row(name, keys) for name, keys in table.items()}


def _row(name: str, keys: object) -> Row:
    if not isinstance(keys, dict) or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        msg = f"{TABLE}: {name!r} is no row; expected [name] in small letters, digits and _"
        raise ConfigError(msg)
    known = {one.name: one for one in fields(Row)}
    required = {
        one.name
        for one in known.values()
        if one.default is MISSING and one.default_factory is MISSING
    }
    unfit = {
        "are missing": required - set(keys),
        "are unknown": set(keys) - set(known),
        "have a wrong value": {
            key for key in set(keys) & set(known) if not _fits(key, keys[key], known[key].type)
        },
    }
    told = [f"{', '.join(sorted(names))} {what}" for what, names in unfit.items() if names]
    if told:
        msg = f"{TABLE}: row {name}: {'; '.join(told)}; docs/adding-a-platform.md has the keys"
        raise ConfigError(msg)
    return Row(**keys)


def _fits(key: str, value: object, kind: object) -> bool:
    if key == "source_wording":
        return value in set(SourceWording)
    if key == "unit":
        return value in set(Unit)
    if key == "post_pattern":
        return isinstance(value, str) and _is_pattern(value)
    if key == "prefixes":
        return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    if kind in {str, bool}:
        return type(value) is kind
    return type(value) is int and value >= 0


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
