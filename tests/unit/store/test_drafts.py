"""A draft changes only for who saw it as it is; what anybody wrote comes back exact."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.checks.records import Finding
from composer.errors import ConflictError, NotFoundError, StateError
from composer.newsroom.records.drafts import AttachedImage, DraftState, Revision, RevisionReason
from composer.newsroom.records.people import Action
from composer.text.passages import Passage
from tests.unit.store.makers import (
    AT,
    CARD,
    EDITION,
    PNG_SHA256,
    SNAPSHOT,
    Desk,
    approval,
    approve,
    at_once,
    edit,
    event,
    rendition,
    revision,
    snapshot,
)

ROUNDS = 15

# What PostgreSQL can keep: no NUL, no half characters; integers of 32 bits.
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
integers = st.integers(-(2**31), 2**31 - 1)
passages = st.builds(
    Passage,
    key=words,
    text=words,
    editable=st.booleans(),
    drop_order=st.none() | integers,
    claims=st.lists(words).map(tuple),
)
findings = st.builds(
    Finding,
    id=words,
    message=words,
    passage=st.none() | words,
    span=st.none() | st.tuples(integers, integers),
    fix=st.none() | words,
)
revisions = st.builds(
    Revision,
    number=st.integers(1, 2**31 - 1),
    snapshot=st.just(SNAPSHOT),
    author=st.sampled_from([None, "Anna", "Bob"]),
    reason=st.sampled_from(RevisionReason),
    made_at=st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    passages=st.lists(passages, unique_by=lambda passage: passage.key).map(tuple),
    findings=st.lists(findings).map(tuple),
    images=st.lists(
        st.builds(AttachedImage, sha256=st.just(PNG_SHA256), kind=words, alt=words)
    ).map(tuple),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=revisions)
def test_any_revision_comes_back_exact(written: Revision, desk: Desk) -> None:
    locale = f"x{len(desk.store.edition(EDITION).drafts)}"
    card = desk.store.add_draft(EDITION, locale, "brief", written, event(Action.MADE))
    assert desk.store.revision(card.id, written.number) == written
    assert desk.store.revisions(card.id) == (written,)


def test_a_draft_is_there_once(desk: Desk) -> None:
    again = desk.store.add_draft(
        EDITION, "th", "brief", revision(1, "another"), event(Action.MADE, "Bob")
    )
    assert again == desk.draft
    assert desk.store.revision(desk.draft.id, 1) == revision(1)
    assert len(desk.store.events()) == 1


def test_a_card_tells_state_findings_and_last_author(desk: Desk) -> None:
    store, first = desk.store, desk.draft
    assert (first.author, first.blocks, first.warnings) == (None, 0, 2)
    edited = edit(store, first, "x")
    assert (edited.revision, edited.author, edited.state) == (2, "Bob", DraftState.DRAFTED)
    refreshed = store.add_revision(
        edited,
        revision(3, blocked=True),
        state=DraftState.DRAFTED,
        events=[event(Action.REFRESHED)],
    )
    # Bob's words may still be in it: a refresh does not make him a stranger to it.
    assert (refreshed.author, refreshed.blocks, refreshed.warnings) == ("Bob", 1, 1)
    assert store.draft(first.id) == refreshed
    assert [one.number for one in store.revisions(first.id)] == [1, 2, 3]


def test_an_approval_comes_back_as_it_was_signed(desk: Desk) -> None:
    approved = approve(desk.store, desk.draft, rendition("एक\n\n二"))
    assert approved.state is DraftState.APPROVED
    assert desk.store.approval(desk.draft.id) == approval(desk.draft, rendition("एक\n\n二"))


def test_a_new_revision_voids_the_approval(desk: Desk) -> None:
    approved = approve(desk.store, desk.draft)
    edited = edit(desk.store, approved, "new words")
    assert edited.state is DraftState.DRAFTED
    assert desk.store.approval(desk.draft.id) is None
    assert approve(desk.store, edited).state is DraftState.APPROVED
    assert desk.store.approval(desk.draft.id) == approval(edited)


def test_a_decision_voids_the_approval_and_is_told(desk: Desk) -> None:
    approved = approve(desk.store, desk.draft)
    told = [event(Action.WITHDRAWN, "Anna", "oops"), event(Action.APPROVAL_VOIDED, None, "why")]
    withdrawn = desk.store.transition(approved, state=DraftState.WITHDRAWN, events=told)
    assert withdrawn.state is DraftState.WITHDRAWN
    assert desk.store.approval(desk.draft.id) is None
    voided, decided, approved_event, made = desk.store.events(draft=desk.draft.id)
    assert [voided.action, decided.action, approved_event.action, made.action] == [
        Action.APPROVAL_VOIDED,
        Action.WITHDRAWN,
        Action.APPROVED,
        Action.MADE,
    ]
    where = {"edition": EDITION, "draft": desk.draft.id, "revision": 1}
    assert decided == replace(told[0], **where)  # type: ignore[arg-type]
    assert desk.store.events(limit=1) == (voided,)


def test_no_approval_is_voided_in_silence(desk: Desk) -> None:
    approved = approve(desk.store, desk.draft)
    with pytest.raises(StateError, match="is voided by an event"):
        desk.store.transition(approved, state=DraftState.EXPIRED, events=[])
    assert desk.store.draft(desk.draft.id) == approved
    assert desk.store.approval(desk.draft.id) is not None


def test_the_clock_moves_an_unapproved_draft_without_an_event(desk: Desk) -> None:
    stale = desk.store.transition(desk.draft, state=DraftState.STALE, events=[])
    assert stale.state is DraftState.STALE


def test_approved_means_there_is_an_approval_of_what_is_seen(desk: Desk) -> None:
    store, seen = desk.store, desk.draft
    told = [event(Action.APPROVED, "Anna")]
    with pytest.raises(StateError, match="by an approval"):
        store.transition(seen, state=DraftState.APPROVED, events=told)
    with pytest.raises(StateError, match="by an approval"):
        store.transition(seen, state=DraftState.REJECTED, events=told, approval=approval(seen))
    with pytest.raises(StateError, match="not approved yet"):
        store.add_revision(seen, revision(2), state=DraftState.APPROVED, events=told)
    for wrong in (
        replace(approval(seen), revision=2),
        replace(approval(seen), draft=999_999),
        replace(approval(seen), snapshot="another"),
        replace(approval(seen), voided_at=AT, void_reason="x"),
    ):
        with pytest.raises(StateError, match="another draft, revision or snapshot"):
            store.transition(seen, state=DraftState.APPROVED, events=told, approval=wrong)
    assert store.draft(seen.id) == seen
    assert store.approval(seen.id) is None


def test_who_is_late_learns_what_changed_and_changes_nothing(desk: Desk) -> None:
    store, seen = desk.store, desk.draft
    edit(store, seen, "first", "Bob")
    before = store.events()
    with pytest.raises(
        ConflictError, match=r"edited by Bob at 2026-06-10 08:02:03 UTC .* revision 2.* revision 1,"
    ):
        edit(store, seen, "second", "Anna")
    with pytest.raises(ConflictError):
        approve(store, seen)
    with pytest.raises(ConflictError):
        store.replace_findings(seen, revision(1))
    assert store.events() == before
    assert [one.author for one in store.revisions(seen.id)] == [None, "Bob"]


def test_a_draft_in_another_state_is_not_the_one_seen(desk: Desk) -> None:
    approve(desk.store, desk.draft)
    with pytest.raises(ConflictError, match=r"approved by Anna .* revision 1, approved"):
        edit(desk.store, desk.draft, "x")


def test_revisions_have_no_gaps(desk: Desk) -> None:
    with pytest.raises(StateError, match="does not follow"):
        desk.store.add_revision(desk.draft, revision(3), state=DraftState.DRAFTED, events=[])


def test_findings_are_replaced_for_the_revision_that_was_checked(desk: Desk) -> None:
    blocked = revision(1, blocked=True)
    desk.store.replace_findings(desk.draft, blocked)
    assert desk.store.revision(desk.draft.id, 1) == blocked
    assert desk.store.draft(desk.draft.id).blocks == 1
    with pytest.raises(StateError, match="of revision 2, not of 1"):
        desk.store.replace_findings(desk.draft, revision(2))


def test_what_a_change_refers_to_must_be_there(desk: Desk) -> None:
    store, seen = desk.store, desk.draft
    with pytest.raises(NotFoundError, match="nobody called Eve"):
        edit(store, seen, "x", "Eve")
    with pytest.raises(NotFoundError, match="not in the store"):
        approve(store, seen, rendition("x", "an unknown account"))
    for broken in (
        replace(revision(2), snapshot="x"),
        replace(revision(2), images=(AttachedImage(sha256="x", kind="x", alt="x"),)),
    ):
        with pytest.raises(NotFoundError, match="not in the store"):
            store.add_revision(
                seen, broken, state=DraftState.DRAFTED, events=[event(Action.EDITED)]
            )
    with pytest.raises(NotFoundError, match="no draft 999999"):
        edit(store, replace(seen, id=999_999), "x")
    with pytest.raises(NotFoundError, match="not in the store"):
        store.add_draft("x", "th", "brief", revision(1), event(Action.MADE))
    assert store.draft(seen.id) == seen
    assert len(store.events()) == 1


def test_no_database_keeps_a_nul(desk: Desk) -> None:
    with pytest.raises(StateError, match="NUL"):
        edit(desk.store, desk.draft, "a\0b")
    assert desk.store.draft(desk.draft.id) == desk.draft


def test_of_two_edits_of_one_revision_one_is_stored(desk: Desk) -> None:
    store, seen = desk.store, desk.draft
    for _ in range(ROUNDS):
        results = at_once(
            partial(edit, store, seen, "Anna's", "Anna"), partial(edit, store, seen, "Bob's", "Bob")
        )
        (refused,) = [one for one in results if isinstance(one, Exception)]
        assert isinstance(refused, ConflictError)
        (now,) = [one for one in results if one is not refused]
        assert store.draft(seen.id) == now
        last = store.revision(seen.id, now.revision)
        assert last == revision(now.revision, f"{now.author}'s", author=now.author)
        seen = now
    written = [one.author for one in reversed(store.revisions(seen.id))]
    told = [one.person for one in store.events(draft=seen.id)]
    assert written == told
    assert len(written) == ROUNDS + 1


def test_of_an_approval_and_an_edit_one_wins(desk: Desk) -> None:
    store, seen = desk.store, desk.draft
    for _ in range(ROUNDS):
        approved, edited = at_once(partial(approve, store, seen), partial(edit, store, seen, "x"))
        now = store.draft(seen.id)
        if now.state is DraftState.APPROVED:
            assert isinstance(edited, ConflictError)
            assert store.approval(seen.id) == approval(seen)
            now = edit(store, now, "next")
        else:
            assert isinstance(approved, ConflictError)
            assert store.approval(seen.id) is None
        seen = now
    assert len(store.revisions(seen.id)) == ROUNDS + 1


def test_many_writers_all_get_their_turn(desk: Desk) -> None:
    def make(number: int) -> object:
        made = revision(1)
        at = made.made_at + timedelta(seconds=number)
        return desk.store.add_draft(
            EDITION, f"x{number}", "brief", replace(made, made_at=at), event(Action.MADE)
        ).locale

    assert at_once(*[partial(make, number) for number in range(8)]) == [
        f"x{number}" for number in range(8)
    ]


def test_what_was_added_after_the_making_began_is_not_recalled(desk: Desk) -> None:
    store, made = desk.store, event(Action.MADE)
    day = timedelta(days=1)
    earlier = {name: replace(CARD, id=name, made_at=AT - day) for name in ("done", "late")}
    for name, card in earlier.items():
        store.add_edition(card, replace(snapshot(name), edition=name), [])
    this = replace(CARD, id="this", made_at=AT + day)
    store.add_edition(this, replace(snapshot("this"), edition="this"), [])

    def recalled(locale: str) -> list[str]:
        return [post[0].text for post in store.past_posts("this", locale, "brief", 60)]

    store.add_draft("done", "en", "brief", revision(1, "done"), made)
    store.add_draft("done", "ja", "brief", revision(1, "done"), made)
    assert recalled("en") == ["done"]
    store.add_draft("this", "en", "brief", revision(1, "this"), made)
    # Its edition is of the day before, and so is the moment its revision bears.
    late = replace(revision(1, "late"), made_at=AT - day)
    store.add_draft("late", "en", "brief", late, made)
    store.add_draft("late", "ja", "brief", late, made)
    assert (recalled("en"), recalled("ja")) == (["done"], ["done"])
