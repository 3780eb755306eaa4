"""The laws of review, held against a small model: several people, a clock, one draft.

The model knows nothing of stores or texts. It says after each deed whether it had to
succeed and what the draft must be now; the newsroom has to agree.
"""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from composer.errors import ConflictError, RefusedError, StateError
from composer.newsroom.records import Person, Role
from tests.unit.newsroom.house import APPROVAL_LASTS, MAX_AGE, SmallHouse, small_house

OPEN = {"drafted", "changes_requested", "approved", "stale", "expired"}
PEOPLE = ("creator", "editor", "admin")
CLEAN, TYPED = "Shorts of [[upper.intensity_usd]].", "Shorts of 3 billion."


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
    out: bool = False

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

    @initialize(four_eyes=st.booleans())
    def open_house(self, *, four_eyes: bool) -> None:
        self.house = self._things.enter_context(small_house(self._folder, four_eyes=four_eyes))
        self.draft = self.house.make()
        now = self.house.clock.now
        self.model = Model(now=now, as_of=now, four_eyes=four_eyes)
        self.signed: dict[str, str] = {}

    def teardown(self) -> None:
        self._things.close()

    def _person(self, name: str) -> Person:
        person: Person = getattr(self.house, name)
        return person

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
            model.state, model.approved_until = "drafted", None

    @rule(who=st.sampled_from(("editor", "admin")))
    def publish(self, who: str) -> None:
        model = self.model
        model.settle()
        allowed = model.state == "approved" and not model.out
        try:
            self.house.publishing.publish(self.draft, model.revision, "folder", self._person(who))
        except StateError:
            assert not allowed
            return
        assert allowed
        model.out = True

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
    def at_most_one_copy_is_out(self) -> None:
        if hasattr(self, "model"):
            copies = list(self.house.folder.glob("*/*/receipt.json"))
            assert len(copies) == self.model.out


TestReviewLaws = ReviewMachine.TestCase
TestReviewLaws.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
