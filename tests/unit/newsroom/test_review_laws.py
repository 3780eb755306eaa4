"""The laws of review and delivery, held against a small model: people, a clock, one draft.

The model knows nothing of stores or texts. It says after each deed whether it had to
succeed and what the draft and its delivery must be now; the newsroom has to agree.
"""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from composer.errors import (
    ConflictError,
    ContentRefusedError,
    RefusedError,
    UnclearAnswerError,
    UnsentError,
)
from composer.newsroom.ledger import FIRST_DELAY, LONGEST_DELAY
from composer.newsroom.records.deliveries import Account
from composer.newsroom.records.people import Person, Role
from tests.unit.newsroom.house import APPROVAL_LASTS, MAX_AGE, UNDO, SmallHouse, small_house
from tests.unit.newsroom.outlets import TAKEN, Answer, ScriptedSquare

OPEN = {"drafted", "changes_requested", "approved", "stale", "expired"}
PEOPLE = ("creator", "editor", "admin")
NEVER = datetime.max.replace(tzinfo=UTC)
GOES_OUT = {"queued", "waiting"}
IDLE = {"none", "refused", "expired", "cancelled", *GOES_OUT}
ANSWERS: dict[str, Answer] = {
    "accepted": TAKEN,
    "refused": ContentRefusedError("no"),
    "ambiguous": UnclearAnswerError("504"),
    "waiting": UnsentError("no network"),
}
THEN = ("", *sorted(ANSWERS), "ambiguous")  # what a worker finds right after, if one comes by
CLEAN, TYPED = "Shorts of [[upper.intensity_usd]].", "Shorts of 3 billion."


@dataclass
class Order:
    """The delivery of the draft to the one account, and which approval it stands on."""

    state: str = "none"
    due: datetime = NEVER
    until: datetime = NEVER
    approval: int = 0
    text: tuple[str, int] = ("", 0)
    tries: int = 0


@dataclass
class Model:
    """What a draft is, by the laws alone."""

    now: datetime
    as_of: datetime
    four_eyes: bool
    state: str = "drafted"
    revision: int = 1
    typed: bool = False
    lead: str = ""
    writers: set[str] = field(default_factory=set)
    approved_until: datetime | None = None
    looks: int = 0
    approvals: int = 0
    delivery: Order = field(default_factory=Order)
    held: set[str | None] = field(default_factory=set)

    @property
    def text(self) -> tuple[str, int]:
        """What would be sent: the words, and the look at the market their figures are of."""
        return self.lead, self.looks

    def settle(self) -> None:
        """Let the clock have its say."""
        if self.now - self.as_of > MAX_AGE and self.state in {"drafted", "expired", "approved"}:
            self.state, self.approved_until = "stale", None
        elif (
            self.state == "approved"
            and self.approved_until is not None
            and self.approved_until <= self.now
        ):
            self.state, self.approved_until = "expired", None

    def tidy(self) -> None:
        """Take back what would go out without a good approval."""
        order = self.delivery
        if order.state in GOES_OUT and (
            self.state != "approved" or order.approval != self.approvals
        ):
            ran_out = order.until <= self.now or self.state in {"expired", "stale"}
            order.state = "expired" if ran_out else "cancelled"

    def send(self, answer: str) -> bool:
        """Let a worker come by; tell whether it sends."""
        self.tidy()
        order = self.delivery
        if order.state not in GOES_OUT or order.due > self.now or self.held:
            return False
        if answer == "waiting":
            order.due = self.now + min(FIRST_DELAY * 2**order.tries, LONGEST_DELAY)
            order.tries += 1
        order.state = answer
        return True

    def may_approve(self, by: Person) -> bool:
        """Tell whether an approval has to succeed."""
        return (
            by.role is not Role.CREATOR
            and self.state in {"drafted", "expired"}
            and not self.typed
            and not (self.four_eyes and by.name in self.writers)
        )


class ReviewMachine(RuleBasedStateMachine):
    """People do what they like; the newsroom and the model must not part."""

    house: SmallHouse
    model: Model

    def __init__(self) -> None:
        super().__init__()
        self._things = ExitStack()
        self._folder = Path(self._things.enter_context(tempfile.TemporaryDirectory()))

    @initialize(four_eyes=st.booleans(), begun=st.booleans())
    def open_house(self, *, four_eyes: bool, begun: bool) -> None:
        self.house = self._things.enter_context(small_house(self._folder, four_eyes=four_eyes))
        self.house.store.put_account(Account(name="square", platform="binance_square"))
        self.square = ScriptedSquare(on_send=self._look_at_what_is_sent)
        self.house.outlets["square"] = self.square
        self.draft = self.house.make()
        now = self.house.clock.now
        self.model = Model(now=now, as_of=now, four_eyes=four_eyes)
        self.unapproved: list[str] = []
        self.perhaps_out, self.words_given = 0, 0
        if begun:  # else most stories would end before anything is due
            self.approve("editor", behind=False)
            self.queue("editor", behind=False, then="ambiguous")

    def teardown(self) -> None:
        self._things.close()

    def _person(self, name: str) -> Person:
        person: Person = getattr(self.house, name)
        return person

    def _look_at_what_is_sent(self) -> None:
        payload = self.square.sent[-1]
        approval = self.house.store.approval(self.draft)
        signed = {one.sha256 for one in approval.renditions} if approval else set()
        if payload.sha256 not in signed:
            self.unapproved.append(payload.text)

    def _attempt(self, deed: object, *, allowed: bool, seen: int) -> bool:
        """Do a deed and hold its outcome against the law; tell whether it was done."""
        assert callable(deed)
        current = self.model.revision
        try:
            deed()
        except ConflictError:
            assert seen != current
            return False
        except RefusedError:
            assert not allowed
            return False
        assert allowed
        assert seen == current
        return True

    @rule(minutes=st.integers(1, 70))
    def time_passes(self, minutes: int) -> None:
        self.house.clock.now += timedelta(minutes=minutes)
        self.model.now = self.house.clock.now
        self.model.settle()

    @rule(who=st.sampled_from(PEOPLE), text=st.sampled_from((CLEAN, TYPED)), behind=st.booleans())
    def edit(self, who: str, text: str, *, behind: bool) -> None:
        model, by = self.model, self._person(who)
        model.settle()
        seen = model.revision - behind
        if self._attempt(
            lambda: self.house.review.edit(self.draft, seen, "lead", text, by),
            allowed=model.state in OPEN,
            seen=seen,
        ):
            if text == model.lead:
                return
            model.lead = text
            model.revision += 1
            model.state, model.approved_until = "drafted", None
            model.typed = text == TYPED
            model.writers.add(by.name)
            model.settle()

    @rule(who=st.sampled_from(PEOPLE), behind=st.booleans())
    def approve(self, who: str, *, behind: bool) -> None:
        model, by = self.model, self._person(who)
        model.settle()
        seen = model.revision - behind
        if self._attempt(
            lambda: self.house.review.approve(self.draft, seen, by),
            allowed=model.may_approve(by),
            seen=seen,
        ):
            model.state = "approved"
            model.approved_until = model.now + APPROVAL_LASTS
            model.approvals += 1

    @rule(who=st.sampled_from(PEOPLE), reason=st.sampled_from(("Dull.", " ")))
    def request_changes(self, who: str, reason: str) -> None:
        self._decide(who, reason, "request_changes", OPEN - {"changes_requested"})

    @rule(who=st.sampled_from(PEOPLE))
    def withdraw(self, who: str) -> None:
        self._decide(who, "Wrong.", "withdraw", {"approved", "expired"})

    @rule(who=st.sampled_from(PEOPLE), sure=st.integers(0, 4))
    def reject(self, who: str, sure: int) -> None:
        if sure == 0:  # seldom, or every story would end at once
            self._decide(who, "No.", "reject", OPEN)

    def _decide(self, who: str, reason: str, deed: str, states: set[str]) -> None:
        model, by = self.model, self._person(who)
        model.settle()
        allowed = by.role is not Role.CREATOR and model.state in states and bool(reason.strip())
        if self._attempt(
            lambda: getattr(self.house.review, deed)(self.draft, model.revision, by, reason),
            allowed=allowed,
            seen=model.revision,
        ):
            model.state = {
                "request_changes": "changes_requested",
                "withdraw": "withdrawn",
                "reject": "rejected",
            }[deed]
            model.approved_until = None

    @rule()
    def refresh(self) -> None:
        model = self.model
        model.settle()
        self.house.refresh(self.house.store.draft(self.draft).edition, self.house.editor)
        if model.state in OPEN:
            model.revision += 1
            model.as_of = model.now
            model.looks += 1
            model.state, model.approved_until = "drafted", None

    @rule(who=st.sampled_from(PEOPLE), behind=st.booleans(), then=st.sampled_from(THEN))
    def queue(self, who: str, then: str, *, behind: bool) -> None:
        model, by = self.model, self._person(who)
        model.settle()
        seen = model.revision - behind
        if self._attempt(
            lambda: self.house.dispatch.queue(self.draft, seen, "square", by),
            allowed=self._is_editor(by)
            and model.state == "approved"
            and model.delivery.state in IDLE,
            seen=seen,
        ):
            assert model.approved_until is not None
            approved_at = model.approved_until - APPROVAL_LASTS
            self._order(due=max(model.now, approved_at + UNDO))
        if then:
            self.work(then, patient=True)

    def _order(self, *, due: datetime) -> None:
        model = self.model
        assert model.approved_until is not None
        model.delivery = Order(
            state="queued",
            due=due,
            until=model.approved_until,
            approval=model.approvals,
            text=model.text,
        )

    @rule(answer=st.sampled_from(sorted(ANSWERS)), patient=st.booleans())
    def work(self, answer: str, *, patient: bool) -> None:
        model = self.model
        if patient and model.delivery.state in GOES_OUT and model.delivery.due > model.now:
            self.house.clock.now = model.now = model.delivery.due
        model.settle()
        self.square.answers = [ANSWERS[answer]]
        before = len(self.square.sent)
        self.house.courier.work("worker")
        sent = model.send(answer)
        assert len(self.square.sent) - before == sent
        self.perhaps_out += sent and answer in {"accepted", "ambiguous"}

    @precondition(lambda self: self.model.delivery.state != "none")
    @rule(
        who=st.sampled_from(("editor", "admin", "editor", "creator")),
        deed=st.sampled_from(("send_again", "give_up", "confirm", "stop")),
        then=st.sampled_from(THEN),
    )
    def decide_about_the_delivery(self, who: str, deed: str, then: str) -> None:
        model, by = self.model, self._person(who)
        model.settle()
        (delivery,) = self.house.store.deliveries(self.draft)
        said = (TAKEN.reference,) if deed == "confirm" else ()
        states = GOES_OUT if deed == "stop" else {"ambiguous"}
        if not self._attempt(
            lambda: getattr(self.house.dispatch, deed)(delivery.id, *said, by),
            allowed=self._is_editor(by) and model.delivery.state in states,
            seen=model.revision,
        ):
            return
        self.words_given += deed in {"send_again", "give_up"}
        if deed != "send_again":
            model.delivery.state = "accepted" if deed == "confirm" else "cancelled"
        elif model.state == "approved" and model.text == model.delivery.text:
            self._order(due=model.now + UNDO)
        else:
            model.delivery.state = "expired"
        if then:
            self.work(then, patient=True)

    @rule(account=st.sampled_from(("square", None)), sure=st.integers(0, 3))
    def hold_or_release(self, account: str | None, sure: int) -> None:
        if sure == 0:  # more often open than held
            self.house.dispatch.hold(account, "wait", self.house.editor)
            self.model.held.add(account)
        else:
            self.house.dispatch.release(account, self.house.editor)
            self.model.held.discard(account)

    @staticmethod
    def _is_editor(by: Person) -> bool:
        return by.role is not Role.CREATOR

    @invariant()
    def the_newsroom_agrees(self) -> None:
        if not hasattr(self, "model"):
            return
        self.model.settle()
        view = self.house.review.view(self.draft)
        assert (view.card.state.value, view.card.revision) == (
            self.model.state,
            self.model.revision,
        )
        assert (view.approval is not None) == (self.model.state == "approved")

    @invariant()
    def what_is_approved_is_what_would_go_out(self) -> None:
        if not hasattr(self, "model") or self.model.state != "approved":
            return
        view = self.house.review.view(self.draft)
        assert view.approval is not None
        assert view.approval.revision == view.card.revision
        assert view.approval.snapshot == view.snapshot.id
        assert view.approval.renditions == self.house.review.renditions(view)

    @invariant()
    def the_delivery_is_where_it_must_be(self) -> None:
        if not hasattr(self, "model"):
            return
        found = [one.state.value for one in self.house.store.deliveries(self.draft)]
        order = self.model.delivery
        assert found == ([] if order.state == "none" else [order.state])

    @invariant()
    def at_most_one_copy_is_out(self) -> None:
        if hasattr(self, "model"):
            assert self.perhaps_out <= 1 + self.words_given, "unless people say: not there"
            assert not self.unapproved


TestReviewLaws = ReviewMachine.TestCase
TestReviewLaws.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
