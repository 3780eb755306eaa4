"""Accounts, and drafts on their way to them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where posts go: a name of ours on a platform.

    It takes drafts of its `locales` and `formats`, of all where none are named. Nothing is
    sent to it while it is `held`, and nothing any more once it is not configured (`active`).
    """

    name: str
    platform: str
    locales: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    active: bool = True
    held: bool = False
    held_reason: str = ""

    def takes(self, locale: str, post_format: str) -> bool:
        """Tell whether drafts of this kind are meant for the account."""
        return (
            self.active
            and (not self.locales or locale in self.locales)
            and (not self.formats or post_format in self.formats)
        )


class DeliveryState(StrEnum):
    """Where one draft stands with one account.

    `ambiguous` is shown as "needs confirmation".
    """

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    AMBIGUOUS = "ambiguous"
    WAITING = "waiting"
    AWAITING_PERSON = "awaiting_person"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def may_be_queued(self) -> bool:
        """Whether nothing is out, perhaps out or in somebody's hands: a text may be (re)queued."""
        return self in _MAY_BE_QUEUED

    @property
    def goes_out_by_itself(self) -> bool:
        """Whether a worker will send it when it is due."""
        return self in _GOES_OUT


_GOES_OUT = frozenset({DeliveryState.QUEUED, DeliveryState.WAITING})
_MAY_BE_QUEUED = _GOES_OUT | {
    DeliveryState.REFUSED,
    DeliveryState.EXPIRED,
    DeliveryState.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One draft on its way to one account; there is never a second one for the pair.

    `due_at` is when it may go out (None: at once), `attempts` how often sending was begun,
    `sent_at` when last and `first_sent_at` when first, `tries` how often it was put off since
    it was queued. One that waits to be repeated after an unclear answer `may_be_out`.
    """

    id: int
    draft: int
    account: str
    state: DeliveryState
    rendition_sha256: str
    reference: str | None
    reason: str | None
    due_at: datetime | None = None
    tries: int = 0
    attempts: int = 0
    sent_at: datetime | None = None
    first_sent_at: datetime | None = None
    may_be_out: bool = False

    @property
    def may_be_queued(self) -> bool:
        """Whether a text of its draft may be (re)queued for its account."""
        return self.state.may_be_queued and not self.may_be_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A delivery that would go out, but whose approval ran out (`expired`) or was taken back."""

    delivery: Delivery
    expired: bool
    reason: str
