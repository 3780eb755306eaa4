"""What is left of a text where there is too much of it, by hand and as laws."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.newsroom.fitting import fit
from composer.publishers.records import Limits, Unit
from composer.text.passages import Passage, join_passages

TITLE = Passage(key="title", text="TITLE")
MEANING = Passage(key="meaning", text="- It means 1", drop_order=4)
BELOW = Passage(key="below", text="- Below", drop_order=1)
CONTEXT = Passage(key="context", text="- Context", drop_order=0)
END = Passage(key="end", text="End.")
WHOLE = (TITLE, MEANING, BELOW, CONTEXT, END)


def fitted(passages: Sequence[Passage], limits: Limits) -> list[str]:
    return [one.key for one in fit(passages, limits, join_passages)]


# With the breaks between them: 5 + 2 + 12 + 1 + 7 + 1 + 9 + 2 + 4 = 43 characters.
@pytest.mark.parametrize(
    ("most", "kept"),
    [
        (None, "title meaning below context end"),
        (43, "title meaning below context end"),
        (42, "title meaning below end"),
        (33, "title meaning below end"),
        (32, "title meaning end"),
        (25, "title meaning end"),
        (24, "title end"),
        (11, "title end"),
        (10, "title end"),  # too much still, and nothing more may go
    ],
)
def test_the_lowest_drop_order_goes_first_and_no_more_than_has_to(
    most: int | None, kept: str
) -> None:
    assert fitted(WHOLE, Limits(max_characters=most)) == kept.split()


@pytest.mark.parametrize(
    ("text", "unit", "length"),
    [
        ("Up 🚀", Unit.CODE_POINTS, 4),
        ("Up 🚀", Unit.UTF16, 5),
        ("上方空单", Unit.CODE_POINTS, 4),
        ("上方空单", Unit.UTF16, 4),
        ("𠮷", Unit.UTF16, 2),
        ("👨‍👩‍👧", Unit.CODE_POINTS, 5),
        ("👨‍👩‍👧", Unit.UTF16, 8),
        ("\ud800", Unit.UTF16, 1),
    ],
    ids=range(8),
)
def test_each_platform_counts_in_its_own_unit(text: str, unit: Unit, length: int) -> None:
    passages = (Passage(key="lead", text=text), Passage(key="more", text="x", drop_order=0))
    whole = length + len("\n\nx")
    assert fitted(passages, Limits(unit=unit, max_characters=whole)) == ["lead", "more"]
    assert fitted(passages, Limits(unit=unit, max_characters=whole - 1)) == ["lead"]
    assert not Limits(unit=unit, max_characters=length).too_much(text)
    (told,) = Limits(unit=unit, max_characters=length - 1).too_much(text)
    assert told == f"it has {length} characters, {length - 1} is the most"


def test_of_equals_the_later_one_goes() -> None:
    equals = (TITLE, *(Passage(key=key, text="- x", drop_order=1) for key in "abc"))
    assert fitted(equals, Limits(max_characters=len("TITLE\n\n- x\n- x"))) == ["title", "a", "b"]


def test_too_many_tags_go_like_too_many_characters() -> None:
    tagged = (
        Passage(key="lead", text="$BTC #Bitcoin $btc"),
        Passage(key="more", text="$ETH #ether", drop_order=1),
        Passage(key="last", text="$5B of longs #1", drop_order=0),
    )
    assert fitted(tagged, Limits(max_cashtags=2, max_hashtags=2)) == ["lead", "more", "last"]
    assert fitted(tagged, Limits(max_cashtags=1)) == ["lead"]
    assert fitted(tagged, Limits(max_hashtags=1)) == ["lead"]


def test_the_title_of_an_article_is_counted_apart() -> None:
    article = Limits(max_characters=len("- It means 1\n- Below"), max_title_characters=5)
    assert fitted(WHOLE[:3], article) == ["title", "meaning", "below"]
    assert article.wrong_with("TITLES\n\nbody") == ["its title has 6 characters, 5 is the most"]
    assert article.wrong_with("TITLE") == ["it has no text"]


texts = st.text(alphabet=" x\n-$#B上🚀", min_size=1, max_size=12)
drafts = st.lists(
    st.builds(
        lambda text, order: Passage(key="", text=text, drop_order=order),
        texts | texts.map("- {}".format),
        st.none() | st.integers(0, 4),
    ),
    max_size=8,
)
limits = st.builds(
    Limits,
    unit=st.sampled_from(Unit),
    max_characters=st.none() | st.integers(0, 60),
    max_cashtags=st.none() | st.integers(0, 2),
    max_hashtags=st.none() | st.integers(0, 2),
)


def places(kept: Sequence[Passage], whole: Sequence[Passage]) -> list[int]:
    return [next(place for place, one in enumerate(whole) if one is passage) for passage in kept]


@given(drafts, limits)
def test_what_is_left_fits_or_is_all_mandatory(whole: list[Passage], limit: Limits) -> None:
    kept = fit(whole, limit, join_passages)
    assert places(kept, whole) == sorted(places(kept, whole)), "in their order"
    mandatory = [one for one in whole if one.drop_order is None]
    assert [one for one in kept if one.drop_order is None] == mandatory
    assert not limit.too_much(join_passages(kept)) or list(kept) == mandatory


@given(drafts, limits)
def test_nothing_goes_before_what_may_go_more_easily(whole: list[Passage], limit: Limits) -> None:
    kept = fit(whole, limit, join_passages)
    left = [one.drop_order for one in kept if one.drop_order is not None]
    gone = [
        one.drop_order
        for one in whole
        if one.drop_order is not None and not any(one is other for other in kept)
    ]
    assert not left or not gone or max(gone) <= min(left)


@given(drafts, st.sampled_from(Unit), st.integers(0, 60), st.integers(0, 60))
def test_more_room_never_costs_a_passage(
    whole: list[Passage], unit: Unit, one: int, more: int
) -> None:
    small, large = (
        places(fit(whole, Limits(unit=unit, max_characters=most), join_passages), whole)
        for most in (one, one + more)
    )
    assert set(small) <= set(large)
