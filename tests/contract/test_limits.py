"""What every platform declares to fit it is what it takes, found by its file or row.

A rendition is fitted before it is approved; what was approved must not be refused for its
length, its tags or its images when it is sent.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from composer.errors import ContentRefusedError
from composer.publishers import limits, platforms
from composer.publishers.records import Limits, Payload, PayloadImage, Publisher
from tests.fakes import has_fake, open_fake

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PLATFORMS = sorted(platforms())
# Options that change the limits of some platform; others have no use for them.
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "none": {},
    "article": {"mode": "article"},
    "small": {
        "max_characters": "60",
        "max_images": "2",
        "max_cashtags": "1",
        "max_hashtags": "1",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A platform with what it declares; `take` raises what it raises before sending."""

    limits: Limits
    take: Callable[[str, int], object]

    def refuses(self, text: str, images: int = 0) -> bool:
        try:
            self.take(text, images)
        except ContentRefusedError:
            return True
        return False


def payload(text: str, images: int) -> Payload:
    return Payload(
        key="draft-7",
        account="a",
        text=text,
        images=tuple(
            PayloadImage(name=f"image-{number}.png", png=PNG, alt="") for number in range(images)
        ),
        sha256="ab" * 32,
    )


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=OPTIONS)
def opened(platform: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    options = OPTIONS[request.param]
    declared = limits()[platform](options)
    if not has_fake(platform):
        yield taking(platform, declared, options)
        return
    with open_fake(platform, tmp_path) as fake:
        yield taking(platform, declared, {**fake.configuration, **options})


def taking(platform: str, declared: Limits, configuration: Mapping[str, str]) -> Opened:
    outlet = platforms()[platform](configuration)
    assert outlet.limits == declared, "what is told without a key is what holds with it"
    take = outlet.prepare if isinstance(outlet, Publisher) else outlet.check
    return Opened(limits=declared, take=lambda text, images: take(payload(text, images)))


@pytest.mark.parametrize("letter", ["x", "万", "🚀"])
def test_the_longest_text_is_taken_and_one_more_is_not(opened: Opened, letter: str) -> None:
    most = opened.limits.max_characters
    if most is None:
        assert not opened.refuses(f"T\n{letter * 100_000}")
        return
    title = "" if opened.limits.max_title_characters is None else "T\n"
    most //= opened.limits.unit.length(letter)
    assert not opened.refuses(f"{title}{letter * most}")
    assert opened.refuses(f"{title}{letter * (most + 1)}")
    assert opened.limits.too_much(f"{title}{letter * (most + 1)}")


@pytest.mark.parametrize(("sign", "limit"), [("$", "max_cashtags"), ("#", "max_hashtags")])
def test_tags_are_counted_alike(opened: Opened, sign: str, limit: str) -> None:
    most = getattr(opened.limits, limit)
    tags = [f"{sign}A{number}" for number in range(10 if most is None else most + 1)]
    title = "" if opened.limits.max_title_characters is None else "T\n"
    assert opened.refuses(title + " ".join(tags)) == (most is not None)
    assert not opened.refuses(title + " ".join(["Text", *tags[:-1], *tags[:-1]]))


def test_images_are_counted_alike(opened: Opened) -> None:
    most = opened.limits.max_images
    assert not opened.refuses("T\ntext", 5 if most is None else most)
    if most is not None:
        assert opened.refuses("T\ntext", most + 1)


@pytest.mark.parametrize(
    "text",
    ["", " \n", "**bold**", "T\n**bold** word", "\ud800", f"{'x' * 101}\ny"],
    ids=range(6),
)
def test_what_has_nothing_wrong_is_taken(opened: Opened, text: str) -> None:
    if not opened.limits.wrong_with(text):
        assert not opened.refuses(text)


def test_limits_need_no_key(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BINANCE_SQUARE_OPENAPI_KEY", raising=False)
    nowhere = {"key_file": "/no/such/key", "key_env": "NO_SUCH_KEY"}
    assert limits()[platform](nowhere) == limits()[platform]({})
