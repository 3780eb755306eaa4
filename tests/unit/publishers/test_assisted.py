"""Platforms on which a person posts: the table, the limits, and which post is ours."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

import composer.publishers as room
from composer.errors import ConfigError, ContentRefusedError, PublishError
from composer.publishers import assisted
from composer.publishers._assisted_gate import keyword
from composer.publishers._assisted_match import Likeness, likeness
from composer.publishers._assisted_table import parse_rows
from composer.publishers.assisted import AssistedPlatform, open_assisted
from composer.publishers.records import Payload, PayloadImage, Receipt, SourceWording
from tests.fakes.gate_square import ODDITIES, GateSquare, open_fake

TITLE = "BTC longs stand 2.24 times as tall"
LEAD = (
    "With BTC at $94,528, a rise to $96,000 would meet $65.94 million of short liquidation "
    "intensity; a fall to $93,000 would meet $147.9 million of longs."
)
POINTS = "- Open interest: -16.8% in 24h\n- Price: +8.2%\n- Next: $85,918 < $93,000"
TEXT = f"{TITLE}\n\n{LEAD}\n\n{POINTS}\n\nNot advice. $BTC & friends 🚀"
PNG = b"\x89PNG\r\n\x1a\n one"
ROW = """
[new_square]
title = "New Square"
composer_url = "https://new.example/{prefix}write"
prefixes = { zh_Hans = "zh/", pt_BR = "br/", tr = "tr/" }
post_pattern = 'https://new\\.example/p/\\d+'
post_example = "https://new.example/p/7"
max_characters = 20
max_images = 1
draws_markdown = true
source_wording = "named"
"""


@pytest.fixture
def square(tmp_path: Path) -> Iterator[GateSquare]:
    with open_fake(tmp_path) as opened:
        yield opened
        assert not opened.strays


def gate(square: GateSquare, **configuration: str) -> AssistedPlatform:
    return assisted.platforms()["gate_square"]({**square.configuration, **configuration})


def new_square(**configuration: str) -> AssistedPlatform:
    return open_assisted(parse_rows(ROW)["new_square"], configuration)


def payload(text: str = TEXT, *images: bytes) -> Payload:
    return Payload(
        key="draft-7",
        account="gate",
        text=text,
        images=tuple(
            PayloadImage(name=f"image-{number}.png", png=image, alt="A chart.")
            for number, image in enumerate(images, start=1)
        ),
        sha256="ab" * 32,
    )


# The table


def test_platforms_are_the_files_and_the_rows() -> None:
    rows = {"gate_square", "okx_orbit", "bybit", "bitget", "coinmarketcap"}
    assert assisted.platforms().keys() == rows
    assert room.platforms().keys() == {*rows, "binance_square", "folder"}


def test_a_new_row_is_a_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assisted, "shipped_rows", lambda: parse_rows(ROW))
    opened = room.platforms()["new_square"]({})
    assert isinstance(opened, AssistedPlatform)
    assert opened.title == "New Square"
    assert opened.limits.source_wording is SourceWording.NAMED
    assert not opened.can_search


def test_a_row_with_the_name_of_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = parse_rows(ROW.replace("new_square", "folder"))
    monkeypatch.setattr(assisted, "shipped_rows", lambda: rows)
    with pytest.raises(ConfigError, match="folder: a file and a row"):
        room.platforms()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('title = "New Square"', ""), "new_square: title are missing"),
        (("max_images", "max_pictures"), "max_images are missing; max_pictures are unknown"),
        (("max_images = 1", "max_images = -1"), "max_images have a wrong value"),
        (("max_images = 1", 'max_images = "1"'), "max_images have a wrong value"),
        (("max_images = 1", "max_images = true"), "max_images have a wrong value"),
        (('"named"', '"loud"'), "source_wording have a wrong value"),
        (('"named"', '"named"\nunit = "bytes"'), "unit have a wrong value"),
        (("p/\\d+'", "p/(\\d+'"), "post_pattern have a wrong value"),
        (('tr = "tr/"', "tr = 1"), "prefixes have a wrong value"),
        (("= true", '= "yes"'), "draws_markdown have a wrong value"),
        (("[new_square]", "[New-Square]"), "'New-Square' is no row"),
        (("[new_square]", ""), "'title' is no row"),
        (("[new_square]", "[new_square"), "expected TOML"),
    ],
    ids=range(13),
)
def test_a_wrong_row_is_told_with_its_key(change: tuple[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(told)):
        parse_rows(ROW.replace(*change))


def test_a_search_nobody_wrote_is_refused() -> None:
    row = parse_rows(f'{ROW}search = "tarot"\n')["new_square"]
    with pytest.raises(ConfigError, match="search 'tarot' is unknown"):
        open_assisted(row, {})


@pytest.mark.parametrize(
    ("locale", "url"),
    [
        ("", "https://new.example/write"),
        ("zh_Hans", "https://new.example/zh/write"),
        ("zh_Hant", "https://new.example/write"),  # another script is another language
        ("pt_BR", "https://new.example/br/write"),
        ("pt", "https://new.example/write"),
        ("tr_TR", "https://new.example/tr/write"),
    ],
)
def test_the_composer_is_opened_in_the_language_of_the_draft(locale: str, url: str) -> None:
    assert new_square().composer_url_in(locale) == url


def test_the_language_of_the_account_comes_first() -> None:
    square = new_square(locale="zh_Hans")
    assert square.composer_url_in("tr") == "https://new.example/zh/write"


# Limits


def test_limits_are_the_rows_until_the_account_has_its_own() -> None:
    new_square().check(payload("万" * 20, PNG))
    with pytest.raises(ContentRefusedError, match=r"New Square .* 21 characters, 20 is the most"):
        new_square().check(payload("万" * 21, PNG))
    new_square(max_characters="21").check(payload("万" * 21, PNG))
    with pytest.raises(ContentRefusedError, match="1 images, 0 is the most"):
        new_square(max_images="0").check(payload("x", PNG))


def test_characters_are_counted_as_the_row_says() -> None:
    row = parse_rows(f'{ROW}unit = "utf16"\n')["new_square"]
    square = open_assisted(row, {})
    square.check(payload("🚀" * 10))
    with pytest.raises(ContentRefusedError, match="22 characters, 20 is the most"):
        square.check(payload("🚀" * 11))


def test_coins_are_counted_only_where_there_is_a_limit() -> None:
    coins = payload("$A1 $B1 $C1 $D1 $94")
    new_square().check(coins)
    with pytest.raises(ContentRefusedError, match=r"4 coins \(A1, B1, C1, D1\), 3 is"):
        new_square(max_cashtags="3").check(coins)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(ContentRefusedError) as refused:
        new_square(max_cashtags="1").check(payload(f"$A1 $B1 \ud800 {'x' * 20}", PNG, b"<svg/>"))
    for told in ("characters", "2 coins", "surrogate", "2 images", "image-2.png is no picture"):
        assert told in str(refused.value)
    assert "Markdown" not in str(refused.value)  # this square draws it


# Which post is ours


def test_the_question_is_the_documented_one(square: GateSquare) -> None:
    assert gate(square).find(payload()) is None
    (request,) = square.server.asked("search")
    assert parse_qs(request.query) == {
        "keyword": ["BTC longs stand 2.24 times as tall"],
        "sort": ["1"],
        "time_range": ["1"],
        "limit": ["50"],
        "page": ["1"],
    }
    assert not {"cookie", "authorization"} & set(request.headers)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Short title\nand more", "Short title"),
        ("  One   two \n\n three", "One two"),
        (f"{'word ' * 7}exactly and more", f"{'word ' * 6}word"),
        ("万" * 50, "万" * 40),
    ],
)
def test_the_first_words_are_asked_for(text: str, words: str) -> None:
    assert keyword(text) == words


@pytest.mark.parametrize(
    "shows",
    [
        str,
        escape,
        lambda text: escape(text, quote=False).replace("-", "&#8722;"),
        lambda text: " ".join(text.split()),
        lambda text: escape(text).replace("\n", "<br />"),
        lambda text: f"<p>{escape(text)}</p>".replace("$BTC", '<a href="/price/7">$BTC</a>'),
        lambda text: text.replace("-", "−").replace(" 🚀", "").replace("$", "＄"),  # noqa: RUF001
        lambda text: text.replace("-16.8", "\u200e-16.8\u200e"),
        str.upper,
        lambda text: f"{text[:250]}…",
        lambda text: f"{text[:250]}... ",
        lambda text: text[: text.index("147.9") + 4],  # cut inside a figure
    ],
    ids=range(12),
)
def test_what_a_site_does_to_a_text_does_not_matter(
    square: GateSquare, shows: Callable[[str], str]
) -> None:
    square.shows = shows
    address = square.post_by_hand(TEXT, [PNG])
    assert gate(square).find(payload()) == Receipt(reference=address)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("94,528", "94,529"),
        ("65.94", "65.49"),
        ("65.94", "6.594"),
        ("147.9", "1,479"),
        ("-16.8%", "+16.8%"),
        ("-16.8%", "16.8%"),
        ("8.2%", "8.2"),
        ("short", "long"),
        ("Not advice.", ""),
        ("friends", "friends. Follow me"),
        ("🚀", "#GateSquare"),
    ],
)
def test_a_similar_post_is_not_ours(square: GateSquare, old: str, new: str) -> None:
    assert TEXT.count(old) >= 1
    square.post_by_hand(TEXT.replace(old, new))
    assert gate(square).find(payload()) is None


def test_a_beginning_without_telling_figures_is_nobodys(square: GateSquare) -> None:
    square.shows = lambda text: f"{text[:75]}…"  # the title, a price; round levels come daily
    square.post_by_hand(TEXT)
    assert gate(square).find(payload()) is None


@pytest.mark.parametrize("oddity", ODDITIES)
def test_an_odd_search_finds_all_the_same(square: GateSquare, oddity: str) -> None:
    address = square.post_by_hand(TEXT)
    square.script("search", oddity)
    assert gate(square).find(payload()) == Receipt(reference=address)


def test_a_post_below_many_newer_ones_is_found(square: GateSquare) -> None:
    address = square.post_by_hand(TEXT)
    for number in range(120):
        square.post_by_hand(f"{TITLE}, says number {number}", nickname="crowd", likes=number)
    assert gate(square).find(payload()) == Receipt(reference=address)
    assert len(square.server.asked("search")) == 4


def test_the_crowd_is_not_read_for_ever(square: GateSquare) -> None:
    for number in range(260):
        square.post_by_hand(f"{TITLE}, says number {number}", nickname="crowd")
    assert gate(square).find(payload()) is None
    assert len(square.server.asked("search")) == 4


def test_a_post_is_found_once_it_is_approved(square: GateSquare) -> None:
    square.approval = timedelta(minutes=10)
    address = square.post_by_hand(TEXT)
    assert gate(square).find(payload()) is None
    square.now += timedelta(minutes=10)
    assert gate(square).find(payload()) == Receipt(reference=address)
    square.now += timedelta(days=1)  # and is not looked for longer than a day
    assert gate(square).find(payload()) is None


@pytest.mark.parametrize(
    "text", ["", "🚀", "half a \ud800 character"], ids=["none", "emoji", "half"]
)
def test_a_text_that_nobody_posted_is_never_found(square: GateSquare, text: str) -> None:
    square.post_by_hand("🚀")
    square.post_by_hand(TEXT)
    assert gate(square).find(payload(text)) is None


def test_of_two_of_ours_the_newer_one_counts(square: GateSquare) -> None:
    square.post_by_hand(TEXT)
    address = square.post_by_hand(TEXT)
    assert gate(square).find(payload()) == Receipt(reference=address)


def test_a_whole_text_counts_more_than_the_beginning_of_one(square: GateSquare) -> None:
    address = square.post_by_hand(TEXT)
    square.post_by_hand(TEXT[:250])
    assert gate(square).find(payload()) == Receipt(reference=address)


def test_a_copy_by_somebody_else_is_told_by_its_name(square: GateSquare) -> None:
    address = square.post_by_hand(TEXT)
    square.post_by_hand(TEXT, nickname="parrot", likes=900)
    with pytest.raises(PublishError, match=r"2 names \(Liquidations today, parrot\); set nickname"):
        gate(square).find(payload())
    named = gate(square, nickname=" Liquidations today ")
    assert named.find(payload()) == Receipt(reference=address)
    assert gate(square, nickname="nobody").find(payload()) is None


def test_a_post_is_found_among_those_that_cannot_be_read(square: GateSquare) -> None:
    address = square.post_by_hand(TEXT)
    for number in range(50):
        square.post_by_hand(f"{TITLE} {number}", nickname="crowd")
    square.script("search", "no_contents", 2)  # the second page, which would have ours
    with pytest.raises(PublishError, match="1 posts that cannot be read"):
        gate(square).find(payload())
    square.script("search", "no_contents", 3)
    assert gate(square).find(payload()) == Receipt(reference=address)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("invalid_parameters", "HTTP 400: INVALID_PARAM_VALUE invalid; look there"),
        ("error_code", "HTTP 200: 1001 BUSY busy; look there"),
        ("no_list", "no list of posts"),
        ("html", "Just a moment"),
        ("html_403", "HTTP 403"),
        ("redirect", "HTTP 307"),
    ],
)
def test_an_error_has_the_words_of_the_platform(square: GateSquare, fault: str, told: str) -> None:
    square.script("search", fault)
    with pytest.raises(PublishError, match=told):
        gate(square).find(payload())


# Laws of likeness

FIGURES = st.lists(
    st.integers(100, 9_999_999).map(lambda cents: f"{cents / 100:,.2f}"),
    min_size=4,
    max_size=6,
    unique=True,
)


@given(figures=FIGURES, data=st.data())
def test_one_other_figure_makes_another_post(figures: list[str], data: st.DataObject) -> None:
    ours = " and ".join(f"level {figure}" for figure in figures)
    at = data.draw(st.integers(0, len(figures) - 1))
    other = data.draw(FIGURES.map(lambda found: found[0]).filter(lambda one: one != figures[at]))
    theirs = " and ".join(
        f"level {other if place == at else figure}" for place, figure in enumerate(figures)
    )
    assert likeness(ours, theirs) is Likeness.NONE
    assert likeness(ours, ours.replace(" ", "\n\n").replace("level", "- LEVEL:")) is Likeness.WHOLE


@given(text=st.text(max_size=60))
def test_a_text_is_its_own_escaped_or_not(text: str) -> None:
    plain = "".join(char for char in text if char not in "<>&")
    has_words = any(char.isalnum() for char in plain)
    for theirs in (plain, f"  {escape(plain)}\n"):
        assert likeness(plain, theirs) is Likeness.WHOLE or not has_words


def test_nothing_is_like_nothing() -> None:
    assert likeness("🚀", "🚀") is Likeness.NONE
    assert likeness("1 23", "12 3") is Likeness.NONE
    assert likeness("ราคา ที่", "ราคา ท") is Likeness.NONE
