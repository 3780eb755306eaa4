"""The whole store behind one door."""

from composer.store.accounts import Accounts
from composer.store.database import open_database
from composer.store.deliveries import Deliveries
from composer.store.drafts import Drafts
from composer.store.editions import Editions
from composer.store.events import Events
from composer.store.migrate import migrate
from composer.store.people import People
from composer.store.slots import Slots


class SqlStore(Editions, Drafts, Events, Accounts, Deliveries, Slots, People):
    """Everything the newsroom keeps, in one database."""

    def close(self) -> None:
        """Let go of the database; a store that is used again opens it again."""
        self._engine.dispose()


def open_store(url: str) -> SqlStore:
    """Return the store at `url`, brought up to the tables of today.

    Raises ConfigError if there is no database to use there.
    """
    engine = open_database(url)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return SqlStore(engine)
