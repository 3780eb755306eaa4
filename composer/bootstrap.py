"""Put the parts together: the only module that names concrete ones."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from composer import logs, resources
from composer.errors import ConfigError, SourceError
from composer.figures.levels import LevelPolicy
from composer.market.collect import open_sources
from composer.market.records import Query
from composer.market.sources import Source, SourceOptions, record
from composer.market.tiers import table
from composer.market.tiers.refresh import refresh
from composer.market.tiers.tiered import TieredSource
from composer.newsroom.records.editions import Commission
from composer.settings import Settings, load_settings
from composer.text.templates import post_formats, require_free_name, written_charts


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a command line asks for; None leaves it to the settings."""

    source: str | None = None
    symbol: str | None = None
    as_of: datetime | None = None
    levels: LevelPolicy | None = None
    notional_usd: float | None = None
    locales: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything a command works with: a commission, its sources and where editions are filed."""

    settings: Settings
    commission: Commission
    sources: Sequence[Source]
    editions: Path


def clock() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def start() -> Settings:
    """Read the settings, set up the log and return the settings."""
    settings = load_settings(os.environ, Path.cwd())
    logs.configure(settings.log_level)
    return settings


def open_desk(request: Request) -> Desk:
    """Read the settings and return the parts for a request."""
    return desk_of(request, start())


def desk_of(request: Request, settings: Settings) -> Desk:
    """Return the parts for a request, completed by the settings.

    Raises ConfigError for a source, locale or format that does not exist.
    """
    source = settings.source if request.source is None else request.source
    if Path(source).is_file():
        source = str(Path(source).resolve())  # good from wherever the desk looks again
    return Desk(
        settings=settings,
        commission=Commission(
            query=Query(now=clock(), symbol=request.symbol or settings.symbol, as_of=request.as_of),
            source=source,
            levels=request.levels or _levels_of(settings),
            notional_usd=request.notional_usd,
            locales=_known(
                *_asked("locale", request.locales, settings.locales), resources.shipped_locales()
            ),
            formats=_known(
                *_asked("format", request.formats, settings.formats),
                post_formats(settings.own_templates),
            ),
            max_age=settings.max_age,
            credit=settings.voice.handle,
            templates=settings.own_templates,
        ),
        sources=tuple(
            TieredSource(source=one, home=settings.home)
            for one in open_sources(source, source_options(settings))
        ),
        editions=settings.home / "editions",
    )


def record_market(source: str, symbol: str | None) -> str:
    """Return the raw answers of an exchange about a symbol, for replay."""
    settings = start()
    query = Query(now=clock(), symbol=symbol or settings.symbol)
    return record(source, query, source_options(settings))


def refresh_tiers() -> tuple[Path, dict[str, str | SourceError]]:
    """Return where leverage tiers are kept, and each exchange's file as text, or why not."""
    settings = start()
    return settings.home / table.FOLDER, refresh(source_options(settings), clock())


def source_options(settings: Settings) -> SourceOptions:
    """Return what the settings decide about sources."""
    return SourceOptions(
        base_urls=settings.source_urls,
        deadline_s=settings.source_deadline_s,
        key_files=settings.source_key_files,
    )


def formats(settings: Settings) -> dict[str, str]:
    """Return the post formats there are, each with where it is from."""
    shipped, own = post_formats(), settings.own_templates
    return {name: "shipped" if name in shipped else str(own) for name in post_formats(own)}


def new_template(settings: Settings, name: str) -> tuple[Path, str]:
    """Return the file of a post format to be, and a template to start from.

    Raises ConfigError if the name is taken or cannot be one.
    """
    own = settings.own_templates
    require_free_name(name, own)
    return own / f"{name}.j2", resources.starter_template().read_text(encoding="utf-8")


def parse_levels(text: str) -> LevelPolicy:
    """Return the level policy written in `text`. Raises ConfigError if it is none."""
    return LevelPolicy.parse(text)


def chart_kinds() -> tuple[str, ...]:
    """Return the names of all kinds of charts; nothing that draws is imported for it."""
    return written_charts()


def scratch_folder() -> Path:
    """Return a new folder outside squaredesk's state that outlives the command."""
    return Path(mkdtemp(prefix="squaredesk-"))


def _levels_of(settings: Settings) -> LevelPolicy:
    try:
        return LevelPolicy.parse(settings.levels)
    except ConfigError as error:
        msg = f"settings: levels: {str(error).removeprefix('--levels: ')}"
        raise ConfigError(msg) from error


def _asked(
    what: str, requested: tuple[str, ...], settled: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """Return what is asked for, with the name it was asked under."""
    return (f"--{what}", requested) if requested else (f"settings: {what}s", settled)


def _known(where: str, asked: tuple[str, ...], shipped: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [name for name in asked if name not in shipped]
    if unknown:
        msg = f"{where}: unknown {', '.join(unknown)}; shipped are {', '.join(shipped)}"
        raise ConfigError(msg)
    return tuple(dict.fromkeys(asked)) or shipped
