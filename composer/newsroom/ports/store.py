"""Everything that is kept, as ports that take together the others."""

from typing import Protocol

from composer.newsroom.ports.deliveries import DeliveryStore
from composer.newsroom.ports.drafts import DraftStore
from composer.newsroom.ports.people import PeopleStore
from composer.newsroom.ports.slots import SlotStore


class ReviewStore(DraftStore, DeliveryStore, Protocol):
    """What deciding about drafts and delivering them need of the store."""


class Store(ReviewStore, SlotStore, PeopleStore, Protocol):
    """Everything the newsroom keeps."""

    def close(self) -> None:
        """Let go of what the store holds open."""
