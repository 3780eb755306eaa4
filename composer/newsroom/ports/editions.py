"""The store of editions and their markets, as a port."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from composer.figures.calls import Call
from composer.figures.past import PastFigures
from composer.newsroom.records.drafts import EditionCard, StoredSnapshot
from composer.newsroom.records.slots import Claim
from composer.text.passages import Passage


class EditionStore(Protocol):
    """Editions with what they were made from. Unknown ids raise NotFoundError."""

    def add_edition(
        self,
        card: EditionCard,
        snapshot: StoredSnapshot,
        images: Sequence[tuple[str, bytes]],
        *,
        market: bytes | None = None,
        claim: Claim | None = None,
    ) -> None:
        """Add an edition with its first snapshot and the bytes of its images, once.

        `market` is what its making can be taken up from. With a claim the slot keeps the
        edition in the same transaction; ConflictError if the claim is lost.
        """

    def market_of(self, edition: str) -> bytes:
        """Return the market an edition was begun with."""

    def first_market(self, symbol: str, since: datetime, *, made_before: datetime) -> bytes | None:
        """Return the market of the first edition of a symbol as of `since` or later, if any.

        Only editions made before a moment count.
        """

    def past_figures(
        self, symbol: str, before: datetime, limit: int, *, made_before: datetime | None = None
    ) -> tuple[PastFigures, ...]:
        """Return the figures of the latest editions of a symbol as of before a moment.

        The latest first; of one moment and source one. With `made_before`, of editions that
        were made before that.
        """

    def past_calls(
        self, symbol: str, before: datetime, limit: int, *, made_before: datetime
    ) -> tuple[Call, ...]:
        """Return what the same editions said of their levels, but for simulated markets."""

    def past_posts(
        self, edition: str, locale: str, post_format: str, limit: int
    ) -> tuple[tuple[Passage, ...], ...]:
        """Return the texts of earlier editions of the same plan and symbol, the latest first.

        As they were first made, whatever was edited since; without a plan, of editions
        without one. What was added after the first draft of the edition itself does not
        count, so that taking up its making, or a refresh, recalls what the making did.
        """

    def add_snapshot(self, snapshot: StoredSnapshot, images: Sequence[tuple[str, bytes]]) -> None:
        """Add a further snapshot of an edition; the same snapshot again changes nothing."""

    def editions(self, *, limit: int, before: datetime | None = None) -> tuple[EditionCard, ...]:
        """Return the latest editions with their drafts, newest first."""

    def edition(self, edition: str) -> EditionCard:
        """Return one edition with its drafts."""

    def snapshot(self, snapshot: str) -> StoredSnapshot:
        """Return one snapshot."""

    def image(self, sha256: str) -> bytes:
        """Return the bytes of one image."""
