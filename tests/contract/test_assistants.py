"""What holds for every platform on which a person posts, found by its row of the table.

A pasted address is a post's on that platform or it is refused; a search that is broken
says so and never finds what is not there.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from composer.errors import (
    AccountRefusedError,
    ConfigError,
    ContentRefusedError,
    PublishError,
    RefusedError,
)
from composer.publishers import assisted, platforms
from composer.publishers.records import Assistant, Payload, PayloadImage, Publisher, Receipt
from tests.fakes import FakeSquare, faults_of, has_fake, open_square
from tests.fakes.server import Wire

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
TEXT = "$BTC 上方空单清算强度 27.05 亿美元，价格 $90,131.71。\n\n- up: $94,681\n- down: -4.4%"
YESTERDAY = TEXT.replace("94,681", "94,618")
IMAGE = PayloadImage(name="image-1.png", png=PNG, alt="A chart.")
PAYLOAD = Payload(key="draft-7", account="desk", text=TEXT, images=(), sha256="ab" * 32)

ASSISTANTS = sorted(assisted.platforms())
SEARCHED = [name for name in ASSISTANTS if assisted.platforms()[name]({}).can_search]
FAKED = [name for name in SEARCHED if has_fake(name)]
SLOW = {Wire.SLOW_BEFORE.value, Wire.SLOW_AFTER.value}
SWEEP = [(name, *fault) for name in FAKED for fault in faults_of(name)]


@pytest.fixture
def fake(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FakeSquare]:
    with open_square(request.param, tmp_path) as square:
        yield square
        assert not square.strays, "a redirect was followed, or the fake met the impossible"


def opened(platform: str, **configuration: str) -> Assistant:
    assistant = platforms()[platform](configuration)
    assert isinstance(assistant, Assistant)
    return assistant


def variants(example: str) -> dict[str, str]:
    """Return addresses that look like a post's and are none, by what is wrong with them."""
    host = urlsplit(example).netloc
    path = example.partition(host)[2]
    return {
        "in the open": example.replace("https:", "http:"),
        "another host": f"https://www.binance.com{path}",
        "a longer host": f"https://{host}.evil.example{path}",
        "a host that ends alike": f"https://evil{host.removeprefix('www.')}{path}",
        "a dot is a dot": f"https://{host.replace('.', 'x')}{path}",
        "below another host": f"https://evil.example/{host}{path}",
        "as a user": f"https://{host}@evil.example{path}",
        "with a user": f"https://me:secret@{host}{path}",
        "with a port": f"https://{host}:8443{path}",
        "with a backslash": f"https://evil.example\\@{host}{path}",
        "a script": f"javascript:alert(1)//{example}",
        "data": f"data:text/html,{example}",
        "two lines": f"{example}\nhttps://evil.example",
        "after a line": f"https://evil.example\n{example}",
        "words before": f"see {example}",
        "words after": f"{example} see",
        "a tag": f'{example}"><script>alert(1)</script>',
        "the way back": f"{example}/../../account",
        "more below": f"{example}/settings/..",
        "no scheme": f"//{host}{path}",
        "only the host": f"https://{host}/",
        "nothing": "",
    }


KINDS_OF_WRONG = sorted(variants("https://www.example.com/1"))


@pytest.mark.parametrize("platform", SEARCHED)
def test_a_platform_that_is_searched_has_a_fake(platform: str) -> None:
    assert has_fake(platform), f"add tests/fakes/{platform}.py, which yields a FakeSquare"


@pytest.mark.parametrize("platform", ASSISTANTS)
class TestEveryRow:
    def test_it_is_a_platform_and_no_publisher(self, platform: str) -> None:
        assert not isinstance(opened(platform), Publisher)

    def test_its_own_example_is_a_post(self, platform: str) -> None:
        address = opened(platform).post_address
        for pasted in (address.example, f" {address.example}/?ref=REF#top\n"):
            assert address.recognise(pasted) == address.example

    @pytest.mark.parametrize("wrong", KINDS_OF_WRONG)
    def test_what_is_no_post_is_refused(self, platform: str, wrong: str) -> None:
        address = opened(platform).post_address
        with pytest.raises(RefusedError, match="one reads https://"):
            address.recognise(variants(address.example)[wrong])

    def test_where_a_post_is_written_is_no_post(self, platform: str) -> None:
        for locale in ("", "en", "zh_Hans", "xx"):
            assistant = opened(platform)
            url = assistant.composer_url_in(locale)
            assert urlsplit(url).scheme == "https"
            assert "{" not in url
            with pytest.raises(RefusedError):
                assistant.post_address.recognise(url)

    def test_a_fitting_post_passes(self, platform: str) -> None:
        opened(platform, max_images="1").check(
            Payload(key="a", account="a", text=TEXT, images=(IMAGE,), sha256="")
        )

    def test_everything_wrong_is_told_at_once_with_counts(self, platform: str) -> None:
        limits = {"max_characters": "30", "max_images": "1", "max_cashtags": "1"}
        text = f"$BTC $ETH {'x' * 30}"
        payload = Payload(key="a", account="a", text=text, images=(IMAGE,) * 3, sha256="")
        with pytest.raises(ContentRefusedError) as refused:
            opened(platform, **limits).check(payload)
        for told in (
            "40 characters, 30 is the most",
            "2 coins (BTC, ETH), 1 is the most",
            "3 images, 1 is the most",
        ):
            assert told in str(refused.value)

    @pytest.mark.parametrize(
        "key", ["max_characters", "max_images", "max_cashtags", "max_hashtags"]
    )
    @pytest.mark.parametrize("value", ["many", "-1", "1.5", "²"])
    def test_a_wrong_limit_names_its_key(self, platform: str, key: str, value: str) -> None:
        with pytest.raises(ConfigError, match=f"{key} '{value}'"):
            opened(platform, **{key: value})

    def test_what_cannot_be_searched_says_so(self, platform: str) -> None:
        assistant = opened(platform)
        if not assistant.can_search:
            with pytest.raises(PublishError, match="has no search; paste"):
                assistant.find(PAYLOAD)


@pytest.mark.parametrize(
    ("fake", "platform"), [(name, name) for name in FAKED], indirect=["fake"], ids=FAKED
)
class TestSearching:
    def test_a_post_is_found_where_it_is(self, fake: FakeSquare, platform: str) -> None:
        assistant = opened(platform, **fake.configuration)
        assert assistant.find(PAYLOAD) is None
        fake.post_by_hand(YESTERDAY)
        assert assistant.find(PAYLOAD) is None
        address = fake.post_by_hand(TEXT, [PNG])
        assert assistant.find(PAYLOAD) == Receipt(reference=address)
        assert assistant.post_address.recognise(address) == address

    def test_limits_hold(self, fake: FakeSquare, platform: str) -> None:
        for word, payload in fake.refused().items():
            with pytest.raises(ContentRefusedError, match=word):
                opened(platform, **fake.configuration).check(payload)

    @pytest.mark.parametrize("key", ["search_url", "timeout_s"])
    def test_a_wrong_setting_names_its_key(self, fake: FakeSquare, platform: str, key: str) -> None:
        with pytest.raises(ConfigError, match=key):
            opened(platform, **{**fake.configuration, key: "http://www.example.com"})

    def test_it_waits_two_minutes_at_most(self, fake: FakeSquare, platform: str) -> None:
        opened(platform, **{**fake.configuration, "timeout_s": "120"})
        with pytest.raises(ConfigError, match="timeout_s '121' is above 120 seconds"):
            opened(platform, **{**fake.configuration, "timeout_s": "121"})


@pytest.mark.parametrize("is_there", [True, False], ids=["there", "absent"])
@pytest.mark.parametrize(
    ("fake", "platform", "endpoint", "fault"),
    [(platform, platform, endpoint, fault) for platform, endpoint, fault in SWEEP],
    indirect=["fake"],
    ids=["-".join(one) for one in SWEEP],
)
def test_a_broken_search_finds_nothing_and_says_why(
    fake: FakeSquare,
    platform: str,
    endpoint: str,
    fault: str,
    is_there: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    hurry = {"timeout_s": "0.3"} if fault in SLOW else {}
    fake.post_by_hand(YESTERDAY)
    if is_there:
        fake.post_by_hand(TEXT)
    fake.script(endpoint, fault)
    assistant = opened(platform, **{**fake.configuration, **hurry})
    with pytest.raises(PublishError) as failure:
        assistant.find(PAYLOAD)
    assert not isinstance(failure.value, AccountRefusedError), "it is no verdict on it"
    assert len(str(failure.value)) < 500
    assert (assistant.find(PAYLOAD) is not None) == is_there, "asking again helps"
