"""A sentence without a translation keeps its draft in the house for as long as it is there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from composer.checks import catalog_gap
from composer.errors import RefusedError
from composer.newsroom import archive, editions
from composer.newsroom.records.drafts import Revision, RevisionReason
from tests.unit.newsroom.house import SmallHouse, small_house

SENTENCE = "Nobody translated {what}."
TEMPLATE = f"""
{{% call passage("title") %}}BTC {{{{ fact("price") }}}}{{% endcall %}}
{{% call passage("lead") %}}BTC. {{{{ t("{SENTENCE}", what=fact("price")) }}}}{{% endcall %}}
{{% call passage("end") %}}BTC.{{% endcall %}}
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SmallHouse]:
    with small_house(tmp_path) as opened:
        yield opened


@pytest.fixture
def draft(house: SmallHouse, tmp_path: Path) -> int:
    """Return a draft in Chinese with a sentence in English."""
    (tmp_path / "mine.j2").write_text(TEMPLATE, encoding="utf-8")
    commission = replace(
        house.commission, formats=("mine",), templates=tmp_path, locales=("zh_Hans",)
    )
    made = editions.make_edition(commission, [house.market])
    return archive.keep_edition(made, house.store).drafts[0].id


def untranslated(house: SmallHouse, draft: int) -> tuple[str, ...]:
    revision = house.review.view(draft).revision
    return catalog_gap.still_there(revision.findings, revision.passages)


def test_it_is_found_at_the_desk_too(house: SmallHouse, draft: int) -> None:
    view = house.review.view(draft)
    assert [one.id for one in view.revision.findings] == [catalog_gap.ID]
    assert house.review.prospects(view)["folder"].blocked == (catalog_gap.ID,)
    with pytest.raises(RefusedError, match=catalog_gap.ID):
        house.review.approve(draft, 1, house.editor)


def test_an_edit_clears_it_only_where_it_replaces_it(house: SmallHouse, draft: int) -> None:
    house.review.edit(draft, 1, "end", "BTC", house.creator)
    assert untranslated(house, draft) == (SENTENCE,)
    house.review.edit(draft, 2, "lead", "比特币。 Nobody translated [[price]].", house.creator)
    assert untranslated(house, draft) == (SENTENCE,)
    house.review.edit(draft, 3, "lead", "比特币 [[price]]。", house.creator)
    assert untranslated(house, draft) == ()
    house.review.approve(draft, 4, house.editor)


def test_a_refresh_brings_its_own(house: SmallHouse, draft: int) -> None:
    view = house.review.view(draft)
    passages = tuple(
        replace(one, text=f"{one.text} More.") if one.key == "end" else one
        for one in view.revision.passages
    )
    refreshed = Revision(
        number=2,
        snapshot=view.revision.snapshot,
        author=None,
        reason=RevisionReason.REFRESHED,
        made_at=house.clock(),
        passages=(),
        findings=(*view.revision.findings, *catalog_gap.told(["More.", "Gone."], "zh_Hans")),
        images=view.revision.images,
    )
    house.review.take_refreshed(draft, passages, refreshed, None)
    assert untranslated(house, draft) == (SENTENCE, "More.")
