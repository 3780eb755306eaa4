"""Posts are told apart by what their words share, figures and fixed passages aside."""

from collections.abc import Sequence

import pytest

from composer.figures.compute import compute_figures
from composer.figures.facts import facts_of
from composer.figures.levels import LevelPolicy
from composer.text.passages import Passage
from composer.text.variety import CANDIDATES, NO_MEMORY, REMEMBERED, Memory, likeness
from composer.text.writing import write_post
from tests.markets import trading_snapshot

TEN = "one two three four five six seven eight nine ten"


def post(lead: str, title: str = "Title", *, caveat: str = "fixed") -> tuple[Passage, ...]:
    return (
        Passage(key="title", text=title),
        Passage(key="lead", text=lead),
        Passage(key="caveat", text=caveat, editable=False),
        Passage(key="tags", text="$BTC #BTC"),
    )


def test_the_share_is_of_five_words_in_a_row() -> None:
    # 11 words are 7 runs of five; "Title" and the first nine words are 6 of them.
    other = "one two three four five six seven eight nine other"
    assert likeness(post(TEN), post(other), "en") == pytest.approx(6 / 7)
    assert likeness(post(TEN), post(TEN), "en") == 1
    assert likeness(post("a b"), post("a b"), "en") == 0


def test_figures_case_and_fixed_passages_do_not_count() -> None:
    with_figures = TEN.upper().replace("FIVE", "FIVE [[price]]")
    assert likeness(post(TEN), post(with_figures, "TITLE", caveat="other words"), "en") == 1


def test_chinese_counts_characters() -> None:
    one, other = "上方空头清算强度更高一些", "上方空头清算强度较低一些"
    # "Title" and 12 characters are 10 runs of eight; 6 end before the first that differs.
    assert likeness(post(one), post(other), "zh_Hans") == pytest.approx(6 / 10)
    assert likeness(post(one), post(other), "en") == 0  # each a single word


def test_memory_knows_the_earlier_post_most_like_a_new_one() -> None:
    memory = Memory([post("a b c d e f g h"), post(TEN)], "en")
    strange = post("k l m n o p q r s t", "Other")
    assert memory.candidates == CANDIDATES
    assert memory.reminds(strange) == 0
    assert memory.reminds(post(TEN, "Other")) > likeness(post(TEN, "Other"), post(TEN), "en")
    assert memory.reminds(post(TEN)) > memory.reminds(post(TEN, "Other"))


def test_the_same_opening_weighs_less_the_longer_ago_it_was() -> None:
    fresh = post("a b c d e f g h", "Same")
    filler = [post(f"x{n} y{n}", f"T{n}") for n in range(10)]
    before = post("k l m n o p q r s t", "Same")
    recent, old = Memory([before, *filler], "en"), Memory([*filler, before], "en")
    assert recent.reminds(fresh) > old.reminds(fresh) > 0


def test_only_the_latest_posts_are_remembered() -> None:
    posts = [post(f"{letter} " * 9) for letter in "abcdefghijk" for _ in range(6)]
    assert len(posts) > REMEMBERED
    assert Memory([*posts, post(TEN, "Old")], "en").reminds(post(TEN, "Old")) == 0


def test_without_memory_nothing_reminds() -> None:
    assert NO_MEMORY.candidates == 1
    assert NO_MEMORY.reminds(post(TEN)) == 0
    empty = Memory([()], "en")
    assert empty.reminds(post(TEN)) == 0


class Listening(Memory):
    """Keeps the titles it was asked about."""

    def __init__(self) -> None:
        super().__init__([post(TEN)], "en")
        self.titles: list[str] = []

    def reminds(self, post: Sequence[Passage]) -> float:
        self.titles.append(post[0].text)
        return super().reminds(post)


def test_titles_of_simulated_markets_are_held_against_memory_as_they_are_remembered() -> None:
    snapshot = trading_snapshot(method_simulated=True)
    facts = facts_of(compute_figures(snapshot, levels=LevelPolicy()))
    memory = Listening()
    written = write_post("brief", locale="en", facts=facts, memory=memory)
    assert len(memory.titles) == CANDIDATES
    assert all(title.startswith("Simulated: ") for title in memory.titles)
    assert written.passages[0].text in memory.titles
