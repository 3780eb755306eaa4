"""What stands behind an account: a publisher that sends, or an assistant to who posts by hand."""

from collections.abc import Callable

from composer.errors import NotFoundError, RefusedError
from composer.newsroom.ports.deliveries import DeliveryStore
from composer.newsroom.ports.drafts import DraftStore
from composer.newsroom.records.approvals import Rendition
from composer.newsroom.records.deliveries import Account
from composer.newsroom.records.drafts import DraftCard
from composer.publishers.records import Assistant, Limits, Payload, PayloadImage, Publisher
from composer.text.presence import PLAIN, Presence

Outlet = Publisher | Assistant

# Opens what stands behind an account. Raises ConfigError, which says what is missing.
OpenOutlet = Callable[[Account], Outlet]

# Tells what fits on an account, with no key and no network. Raises as OpenOutlet does.
LimitsOf = Callable[[Account], Limits]

# Tells how an account presents itself. Raises RefusedError if it is not configured any more.
PresenceOf = Callable[[Account], Presence]

# Nothing that goes to these becomes public: they are folders of our own.
PRIVATE_PLATFORMS = frozenset({"folder"})


def plain_presence(_account: Account) -> Presence:
    """Return the presence of an account about which the settings say nothing."""
    return PLAIN


def account_named(store: DeliveryStore, name: str) -> Account:
    """Return an account. Raises NotFoundError if there is none, RefusedError if it is gone."""
    account = next((one for one in store.accounts() if one.name == name), None)
    if account is None:
        msg = f"there is no account {name!r}"
        raise NotFoundError(msg)
    if not account.active:
        msg = f"the account {name} is not configured any more; add it to the settings again"
        raise RefusedError(msg)
    return account


def payload_of(card: DraftCard, rendition: Rendition, store: DraftStore) -> Payload:
    """Return a rendition as it is handed to a publisher, with the bytes of its images."""
    return Payload(
        key=f"{card.edition}.{card.locale}.{card.format}.{card.id}",
        account=rendition.account,
        text=rendition.text,
        images=tuple(
            PayloadImage(
                name=f"image-{number}.png",
                png=store.image(image.sha256),
                alt=image.alt,
            )
            for number, image in enumerate(rendition.images, start=1)
        ),
        sha256=rendition.sha256,
    )
