"""The house: the newsroom with everything behind its ports.

The second half of `bootstrap`, for commands that need the store: it names the concrete
parts and makes nothing happen by itself. The review desk works with one of these.
"""

import os
import secrets
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile

from composer.accounts import Outlets, keep_accounts, retire_accounts
from composer.bootstrap import Request, clock, desk_of, parse_levels
from composer.charts import draw_chart
from composer.errors import ConfigError
from composer.market.collect import collect
from composer.market.records import MarketSnapshot
from composer.newsroom.delivery import Courier
from composer.newsroom.dispatch import Dispatch
from composer.newsroom.making import EditionMaker, make_and_keep
from composer.newsroom.observing import Observed
from composer.newsroom.people import People
from composer.newsroom.plans import Plan
from composer.newsroom.ports.world import Draw
from composer.newsroom.records.editions import Edition
from composer.newsroom.records.people import Person
from composer.newsroom.refreshing import refresh_edition
from composer.newsroom.review import Review
from composer.newsroom.schedule import Schedule
from composer.newsroom.standing import ReviewRules
from composer.planned import Planned, plan_of
from composer.settings import Settings
from composer.store.store import open_store
from composer.watch import PriceWatch


class House:
    """A newsroom at work: its store, its decisions, its people and its publishers."""

    def __init__(self, settings: Settings, draw: Draw = draw_chart) -> None:
        """Open the store and put the newsroom together around it; charts come from `draw`."""
        _make_home(settings.home)
        self.settings = settings
        self._draw = draw
        self.clock = clock
        self.store = open_store(settings.database_url)
        self.outlets = Outlets(
            configured=settings.all_accounts,
            home=settings.home,
            voice=settings.voice,
            campaigns=settings.campaigns,
            templates=settings.own_templates,
        )
        self.review = Review(
            self.store,
            clock,
            ReviewRules(
                max_age=settings.max_age,
                approval_lasts=settings.approval_lasts,
                undo=settings.undo,
                four_eyes=settings.four_eyes,
            ),
            self.outlets.limits,
            self.outlets.presence,
        )
        self.people = People(self.store, clock)
        keep_accounts(settings.all_accounts, self.store)
        self.dispatch = Dispatch(
            store=self.store,
            review=self.review,
            outlet=self.outlets,
            clock=clock,
            undo=settings.undo,
        )

    def retire_accounts(self) -> None:
        """Send nothing any more to accounts that the settings do not name."""
        retire_accounts(self.settings.all_accounts, self.store)

    @cached_property
    def courier(self) -> Courier:
        """What carries deliveries: workers need it, the desk and drafting do not."""
        return Courier(
            store=self.store,
            review=self.review,
            outlet=self.outlets,
            market=PriceWatch(look=self._look, clock=clock),
            clock=clock,
        )

    def _look(self, source: str, symbol: str) -> MarketSnapshot:
        """Look at the market of an edition, as a delivery is about to go out."""
        watched = self.settings.watch_source or source
        desk = desk_of(Request(source=watched, symbol=symbol), self.settings)
        return collect(desk.sources, desk.commission.query)

    @property
    def secret_key(self) -> str:
        """What sessions are signed with: made once, kept where only its owner can read it."""
        return _secret(self.settings.home / "secret_key")

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """The names under which browsers may ask for the desk."""
        return self.settings.trusted_hosts

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies are for https only."""
        return self.settings.secure_cookies

    @property
    def plans(self) -> tuple[Plan, ...]:
        """What is made every day, and when."""
        return tuple(map(plan_of, self.settings.plans))

    @cached_property
    def schedule(self) -> Schedule:
        """What makes the editions of plans. Raises ConfigError if one cannot be made."""
        planned = Planned(settings=self.settings)
        planned.check()
        return Schedule(
            self.store, self.plans, EditionMaker(self.store, planned, self._draw), clock
        )

    def make(self, observed: Observed) -> Edition:
        """Make an edition of what was seen and store it step by step, for the desk to show."""
        return make_and_keep(observed, self.store, self._draw)

    def refresh(self, edition_id: str, person: Person) -> None:
        """Look at the market again and put the new figures under an edition's open drafts."""
        card = self.store.edition(edition_id)
        request = Request(
            source=card.source,
            symbol=card.symbol,
            levels=parse_levels(card.levels),
            notional_usd=card.notional_usd,
        )
        desk = desk_of(request, self.settings)
        refresh_edition(
            edition_id,
            commission=desk.commission,
            sources=desk.sources,
            store=self.store,
            review=self.review,
            clock=clock,
            by=person,
            draw=self._draw,
        )

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


def _make_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"settings: home: {home} cannot be made: {error.strerror}; choose another folder"
        raise ConfigError(msg) from error


def _secret(file: Path) -> str:
    """Return the secret kept in `file`, made on first use; of two makers the first one wins.

    Raises ConfigError if it can be neither made nor read.
    """
    try:
        if not file.exists():
            with NamedTemporaryFile("w", dir=file.parent, encoding="ascii") as new:  # mode 0600
                new.write(secrets.token_urlsafe(48))
                new.flush()
                with suppress(FileExistsError):
                    os.link(new.name, file)
        return file.read_text(encoding="ascii")
    except OSError as error:
        msg = f"{file} can be neither made nor read: {error.strerror}; look after the home folder"
        raise ConfigError(msg) from error
