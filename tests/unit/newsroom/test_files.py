"""Filing an edition: whole files or none, the same again, and a disk that refuses."""

import json
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from composer.errors import StateError
from composer.figures.facts import facts_of
from composer.figures.levels import LevelPolicy
from composer.market.records import Query
from composer.newsroom.draft_file import read_drafts
from composer.newsroom.editions import Drafter, assemble
from composer.newsroom.files import file_edition, file_images, filed_tree, write_file
from composer.newsroom.observing import Observed
from composer.newsroom.records.editions import Commission, Edition, Image
from tests.markets import AS_OF, SAMPLE_2, figures_of, snapshot_of

EDITION_ID = "20260610T0800Z-BTC-12345678"


def edition_of(*locales: str) -> Edition:
    """Return a real edition, but for its charts: any bytes will do here."""
    figures = figures_of(SAMPLE_2)
    facts = facts_of(figures)
    commission = Commission(
        query=Query(now=AS_OF),
        source="test",
        levels=LevelPolicy(),
        notional_usd=None,
        locales=locales,
        formats=("brief",),
        max_age=timedelta(hours=2),
    )
    observed = Observed(
        id=EDITION_ID,
        commission=commission,
        snapshot=snapshot_of(SAMPLE_2),
        figures=figures,
        facts=facts,
    )
    return assemble(
        observed,
        [Drafter(observed).draft("brief", locale, (image_of(locale),)) for locale in locales],
    )


def image_of(locale: str) -> Image:
    return Image(kind="liquidation_map", locale=locale, alt=locale, png=locale.encode() * 9)


EDITION = edition_of("en", "zh_Hans")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_an_edition_is_filed_below_its_id(tmp_path: Path) -> None:
    folder, images = file_edition(EDITION, tmp_path / "new" / "editions")
    assert folder == tmp_path / "new" / "editions" / EDITION_ID
    assert sorted(contents(folder)) == [
        "en.brief.json",
        "en.brief.txt",
        "en.liquidation_map.png",
        "figures.json",
        "zh_Hans.brief.json",
        "zh_Hans.brief.txt",
        "zh_Hans.liquidation_map.png",
    ]
    assert {image.locale: file.name for image, file in images.items()} == {
        "en": "en.liquidation_map.png",
        "zh_Hans": "zh_Hans.liquidation_map.png",
    }
    assert all(file.read_bytes() == image.png for image, file in images.items())


def test_what_is_filed_is_what_was_made(tmp_path: Path) -> None:
    folder, images = file_edition(EDITION, tmp_path)
    assert json.loads((folder / "figures.json").read_text("utf-8")) == EDITION.figures.tree()
    for draft in EDITION.drafts:
        stem = f"{draft.locale}.brief"
        assert (folder / f"{stem}.txt").read_text("utf-8") == f"{draft.body.text}\n"
        text = (folder / f"{stem}.json").read_text("utf-8")
        assert json.loads(text) == filed_tree(draft, images)
        (read,) = read_drafts(folder / f"{stem}.json")
        assert (read.body, read.passages, read.facts) == (
            draft.body.text,
            draft.passages,
            draft.facts,
        )
    # A person who opens the file reads Chinese, not \u escapes.
    assert "清算" in (folder / "zh_Hans.brief.json").read_text("utf-8")


def test_filing_again_changes_nothing(tmp_path: Path) -> None:
    folder, images = file_edition(EDITION, tmp_path)
    before = contents(tmp_path)
    assert file_edition(EDITION, tmp_path) == (folder, images)
    assert contents(tmp_path) == before


def test_images_alone_can_be_written_elsewhere(tmp_path: Path) -> None:
    images = file_images(EDITION, tmp_path)
    assert sorted(contents(tmp_path)) == ["en.liquidation_map.png", "zh_Hans.liquidation_map.png"]
    assert {file.parent for file in images.values()} == {tmp_path}


def test_a_file_is_replaced_at_once_and_readable_by_others(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "chart.png"
    write_file(file, b"first")
    with file.open("rb") as reader:
        write_file(file, b"second, and longer")
        # Whoever had it open reads on in the old one.
        assert reader.read() == b"first"
    assert contents(tmp_path) == {"a/b/chart.png": b"second, and longer"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "editions").write_text("I was here first.", encoding="utf-8")
    with pytest.raises(StateError, match=r"cannot be written: .*SQUAREDESK_HOME") as refused:
        file_edition(EDITION, tmp_path / "editions")
    assert EDITION_ID in str(refused.value)
    assert contents(tmp_path) == {"editions": b"I was here first."}


def test_a_file_that_is_a_folder_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    target = tmp_path / "chart.png"
    (target / "inside").mkdir(parents=True)
    with pytest.raises(StateError, match="cannot be written"):
        write_file(target, b"content")
    assert [file.name for file in tmp_path.iterdir()] == ["chart.png"]


@contextmanager
def disk_for(size: int) -> Iterator[None]:
    """Let the disk take files of this many bytes and refuse the rest."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_old_file_and_no_half_new_one(tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    write_file(file, b"old")
    with disk_for(3), pytest.raises(StateError, match="cannot be written: File too large"):
        write_file(file, b"new and longer")
    assert contents(tmp_path) == {"draft.json": b"old"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StateError, match="Permission denied"):
            write_file(tmp_path / "chart.png", b"content")
    finally:
        tmp_path.chmod(0o700)
