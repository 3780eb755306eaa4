"""A refresh writes anew what the newsroom wrote, and leaves alone what people did."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from composer.errors import ConfigError
from composer.newsroom.archive import keep_edition
from composer.newsroom.editions import make_edition
from composer.newsroom.records.drafts import EditionCard
from composer.newsroom.records.editions import Commission
from composer.newsroom.refreshing import refresh_edition
from tests.unit.newsroom.house import SmallHouse, small_house

NOTICES = ["caveat", "source", "disclaimer"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SmallHouse]:
    with small_house(tmp_path) as house:
        yield house


class Desk:
    """A house with formats of its own, whose templates change."""

    def __init__(self, house: SmallHouse, folder: Path) -> None:
        self.house = house
        self.folder = folder
        folder.mkdir()

    def write(self, *passages: str, post_format: str = "mine") -> None:
        """Put a template there, of passages that each say their key and text, all optional."""
        parts = ["title Mine", *passages]
        calls = (
            f'{{% call passage("{key}", drop_order=1) %}}{text}{{% endcall %}}'
            for key, _, text in (part.partition(" ") for part in parts)
        )
        (self.folder / f"{post_format}.j2").write_text("\n".join(calls), encoding="utf-8")

    def commission(self, *formats: str) -> Commission:
        return replace(self.house.commission, formats=formats, templates=self.folder)

    def make(self, *formats: str) -> EditionCard:
        made = make_edition(self.commission(*formats), [self.house.market])
        return keep_edition(made, self.house.store)

    def refresh(self, edition: str) -> None:
        self.house.clock.now += timedelta(minutes=1)
        refresh_edition(
            edition,
            commission=self.commission("mine"),
            sources=[self.house.market],
            store=self.house.store,
            review=self.house.review,
            clock=self.house.clock,
            by=None,
        )

    def edit(self, draft: int, key: str, text: str) -> None:
        seen = self.house.store.draft(draft).revision
        self.house.review.edit(draft, seen, key, text, self.house.creator)

    def texts(self, draft: int) -> dict[str, str]:
        """Return the texts of a draft that are not notices, in their order."""
        passages = self.house.review.view(draft).revision.passages
        assert [one.key for one in passages[-len(NOTICES) :]] == NOTICES
        return {one.key: one.text for one in passages[: -len(NOTICES)]}


@pytest.fixture
def desk(house: SmallHouse, tmp_path: Path) -> Desk:
    return Desk(house, tmp_path / "own")


def test_words_of_an_older_template_are_nobody_s(desk: Desk) -> None:
    desk.write("lead Old words.", "aside Old aside.")
    card = desk.make("mine")
    (draft,) = card.drafts
    desk.edit(draft.id, "title", "Hers")
    desk.write("lead New words.", "news News.")
    desk.refresh(card.id)
    assert desk.texts(draft.id) == {"title": "Hers", "lead": "New words.", "news": "News."}


def test_what_a_person_dropped_stays_away_when_the_market_comes_back_to_it(
    house: SmallHouse,
) -> None:
    draft = house.make()
    house.review.edit(draft, 1, "context", "", house.creator)
    # An even market has no such passage, with or without anybody's help.
    for looks in (-1143, 0):
        house.clock.now += timedelta(minutes=1)
        house.market.looks = looks
        house.refresh(house.store.draft(draft).edition)
        keys = {passage.key for passage in house.review.view(draft).revision.passages}
        assert "lean" in keys
        assert "context" not in keys
    house.clock.now += timedelta(minutes=1)
    other = house.review.view(house.make()).revision.passages
    assert "context" in {passage.key for passage in other}


def test_an_edited_passage_stays_behind_its_old_neighbour(desk: Desk) -> None:
    desk.write("lead Lead.", "one One.", "two Two.", "three Three.", "tags Tags.")
    card = desk.make("mine")
    (draft,) = card.drafts
    desk.edit(draft.id, "two", "Her two.")
    desk.edit(draft.id, "three", "Her three.")
    desk.write("lead Lead.", "more More.", "tags Tags.")
    for _ in range(2):
        desk.refresh(card.id)
        assert list(desk.texts(draft.id)) == ["title", "lead", "two", "three", "more", "tags"]
    assert desk.texts(draft.id)["two"] == "Her two."
    desk.write("lead Lead.", "two Two.", "more More.", "tags Tags.")
    desk.refresh(card.id)
    assert list(desk.texts(draft.id)) == ["title", "lead", "two", "three", "more", "tags"]
    assert desk.texts(draft.id)["two"] == "Her two."


def test_an_edited_passage_stays_before_a_caveat_that_went_to_the_end(desk: Desk) -> None:
    desk.write("lead Lead.", "tail Tail.")
    own = desk.folder / "mine.j2"
    caveat = '{% include "notices/caveat.j2" %}\n{% call passage("tail"'
    own.write_text(own.read_text("utf-8").replace('{% call passage("tail"', caveat), "utf-8")
    card = desk.make("mine")
    (draft,) = card.drafts
    before = desk.house.review.view(draft.id).revision.passages
    assert [one.key for one in before][2:4] == ["caveat", "tail"]
    desk.edit(draft.id, "tail", "Her tail.")
    desk.write("lead Lead.")
    desk.refresh(card.id)
    assert list(desk.texts(draft.id)) == ["title", "lead", "tail"]


def test_what_has_no_translation_is_found_after_a_refresh(desk: Desk) -> None:
    desk.house.locales = ("zh_Hans",)
    desk.write('lead {{ t("An old gap.") }}', "aside Aside.")
    card = desk.make("mine")
    (draft,) = card.drafts
    desk.edit(draft.id, "aside", "旁白。")
    desk.write('lead {{ t("A new gap.") }}', "aside Aside.")
    desk.refresh(card.id)
    found = desk.house.review.view(draft.id).revision.findings
    (gap,) = [one.message for one in found if one.id == "catalog_gap"]
    assert "A new gap." in gap


def test_a_post_that_cannot_be_written_leaves_nothing_half_refreshed(desk: Desk) -> None:
    desk.write("lead Lead.")
    card = desk.make("brief", "mine")
    (desk.folder / "mine.j2").unlink()
    with pytest.raises(ConfigError, match="mine"):
        desk.refresh(card.id)
    assert [draft.revision for draft in desk.house.store.edition(card.id).drafts] == [1, 1]
