"""Small records for the tests of the store, and a way to do things at the same moment."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier

from composer.checks.records import Finding, Severity
from composer.figures.facts import Fact, FactKind
from composer.newsroom.ports.store import Store
from composer.newsroom.records.approvals import Approval, Rendition
from composer.newsroom.records.deliveries import Account, Delivery, DeliveryState
from composer.newsroom.records.drafts import (
    AttachedImage,
    DraftCard,
    DraftState,
    EditionCard,
    Revision,
    RevisionReason,
    StoredSnapshot,
)
from composer.newsroom.records.people import Action, Event, Person, Role
from composer.text.passages import Passage

AT = datetime(2026, 6, 10, 8, 2, 3, 456_789, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
EDITION = "20260610T0800Z-BTC-1234abcd"
SNAPSHOT = f"{EDITION}:1"
PNG = b"\x89PNG\x00\xff" * 50
PNG_SHA256 = hashlib.sha256(PNG).hexdigest()
IMAGE = AttachedImage(sha256=PNG_SHA256, kind="liquidation_map", alt="خريطة 📈")
CARD = EditionCard(
    id=EDITION,
    symbol="BTC",
    made_at=AT,
    as_of=AT - timedelta(minutes=2),
    source="Coinglass",
    levels="round",
    notional_usd=None,
    drafts=(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A store in which two people look at one draft, for which there is one account."""

    store: Store
    anna: Person
    bob: Person
    draft: DraftCard


def open_desk(store: Store) -> Desk:
    """Return a desk on an empty store."""
    anna = store.add_person("Anna", Role.EDITOR, desk_locale="en")
    bob = store.add_person("Bob", Role.CREATOR, desk_locale="zh_Hans")
    store.put_account(Account(name="folder", platform="folder"))
    store.add_edition(CARD, snapshot(), [(PNG_SHA256, PNG)])
    draft = store.add_draft(EDITION, "th", "brief", revision(1), event(Action.MADE))
    return Desk(store=store, anna=anna, bob=bob, draft=draft)


def snapshot(identity: str = SNAPSHOT, *, looked_from: datetime | None = None) -> StoredSnapshot:
    """Return a snapshot with figures that binary fractions would spoil."""
    facts = [
        fact("upper.intensity_usd", FactKind.USD, Decimal("2705000000.000000000000000001")),
        fact("skew", FactKind.FRACTION, Decimal("-0.10")),
        fact("as_of", FactKind.TIME, AT),
    ]
    return StoredSnapshot(
        id=identity,
        edition=EDITION,
        as_of=AT,
        fetched_at=AT + timedelta(microseconds=1),
        looked_from=looked_from,
        tree={"symbol": "BTC", "skew": 0.1 + 0.2, "clusters": [{"side": "long"}], "range_7d": None},
        facts={one.id: one for one in facts},
        warnings={"levels_disagree": "多空不一致"},
    )


def fact(identity: str, kind: FactKind, value: Decimal | datetime) -> Fact:
    """Return a fact of the sample market."""
    return Fact(id=identity, kind=kind, value=value, symbol="BTC", as_of=AT, source="Coinglass")


def revision(
    number: int, text: str = "ราคา [[price]]", *, author: str | None = None, blocked: bool = False
) -> Revision:
    """Return a revision with one passage of each sort."""
    severity = Severity.BLOCK if blocked else Severity.WARN
    return Revision(
        number=number,
        snapshot=SNAPSHOT,
        author=author,
        reason=RevisionReason.EDITED if author else RevisionReason.MADE,
        made_at=AT + timedelta(seconds=number),
        passages=(
            Passage(key="lead", text=text, claims=("short_squeeze", "thin")),
            Passage(key="disclaimer", text="DYOR", editable=False, drop_order=3),
        ),
        findings=(
            Finding(id="stale_data", severity=severity, message="old"),
            Finding(
                id="unbound_figure",
                severity=Severity.WARN,
                message="5",
                passage="lead",
                span=(0, 1),
                fix="",
            ),
        ),
        images=(IMAGE,),
    )


def event(action: Action, person: str | None = None, detail: str = "") -> Event:
    """Return an event that leaves to the store which draft it is of."""
    return Event(at=AT, person=person, action=action, detail=detail)


def rendition(text: str = "post", account: str = "folder") -> Rendition:
    """Return what would be sent to an account."""
    return Rendition(account=account, text=text, images=(IMAGE,))


def approval(draft: DraftCard, *renditions: Rendition, approver: str = "Anna") -> Approval:
    """Return an approval of a draft as seen."""
    return Approval(
        draft=draft.id,
        revision=draft.revision,
        snapshot=SNAPSHOT,
        findings_sha256="f" * 64,
        renditions=renditions or (rendition(),),
        approver=approver,
        approved_at=AT,
        expires_at=AT + timedelta(hours=1),
    )


def approve(store: Store, draft: DraftCard, *renditions: Rendition) -> DraftCard:
    """Approve a draft as seen and return it."""
    return store.transition(
        draft,
        state=DraftState.APPROVED,
        events=[event(Action.APPROVED, "Anna")],
        approval=approval(draft, *renditions),
    )


def withdraw(store: Store, draft: DraftCard) -> DraftCard:
    """Take an approval back and return the draft."""
    told = event(Action.APPROVAL_VOIDED, "Anna", "second thoughts")
    return store.transition(draft, state=DraftState.WITHDRAWN, events=[told])


def queue(
    store: Store, draft: int, text: str = "post", *, account: str = "folder", due_at: datetime = AT
) -> Delivery:
    """Queue a text that is approved."""
    return store.queue_delivery(
        draft,
        account,
        rendition(text, account).sha256,
        due_at=due_at,
        event=event(Action.QUEUED, "Anna", account),
    )


def hand_over(
    store: Store,
    delivery: Delivery,
    state: DeliveryState = DeliveryState.SENDING,
    *,
    now: datetime = AT,
) -> Delivery:
    """Claim the one delivery that is due at `now` and let it out, with a lease until LATER."""
    assert store.claim_delivery("worker", now=now, until=LATER) == delivery
    action = Action.SENT if state is DeliveryState.SENDING else Action(state.value)
    return store.hand_over(delivery, "worker", state, until=LATER, event=event(action))


def edit(store: Store, draft: DraftCard, text: str, author: str = "Bob") -> DraftCard:
    """Store a further revision of a draft as seen and return the draft."""
    return store.add_revision(
        draft,
        revision(draft.revision + 1, text, author=author),
        state=DraftState.DRAFTED,
        events=[event(Action.EDITED, author, text)],
    )


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do things in threads that start together; return each one's result or exception."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return deed()
        except Exception as error:  # noqa: BLE001 # the test looks at what it was
            return error

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))
