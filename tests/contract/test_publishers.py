"""What holds for every publisher, found by its file; its fake is found the same way.

Platforms on which a person posts have laws of their own, in test_assistants.py.

Whatever a platform does, a publisher says so in one of our errors: "surely not taken"
only if nothing is stored, never success unless it is, and never a second copy.
"""

import logging
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from composer.errors import (
    ContentRefusedError,
    PublishError,
    QuotaError,
    UnclearAnswerError,
    UnsentError,
)
from composer.publishers import assisted, platforms
from composer.publishers.records import NEVER, Payload, PayloadImage, Publisher
from tests.fakes import FakePlatform, Stored, faults_of, has_fake, open_fake
from tests.fakes.server import RETRY_AFTER_S, Wire

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
TEXT = "$BTC 上方空单清算强度 27.05 亿美元，价格 $90,131.71。\n\n- up: $94,681\n- down: $86,137"
PAYLOAD = Payload(
    key="draft-7",
    account="square",
    text=TEXT,
    images=(PayloadImage(name="image-1.png", png=PNG, alt="A chart."),),
    sha256="ab" * 32,
)
WHOLE = [Stored(text=TEXT, images=(PNG,))]

PLATFORMS = sorted(platforms().keys() - assisted.platforms().keys())
FAKED = [platform for platform in PLATFORMS if has_fake(platform)]
SLOW = {Wire.SLOW_BEFORE.value, Wire.SLOW_AFTER.value}
SWEEP = [(platform, *fault) for platform in FAKED for fault in faults_of(platform)]


@pytest.fixture
def fake(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FakePlatform]:
    with open_fake(request.param, tmp_path) as platform:
        yield platform
        assert not platform.strays, "a redirect was followed, or the fake met the impossible"


@pytest.fixture
def publisher(fake: FakePlatform, platform: str) -> Publisher:
    return opened(platform, fake.configuration)


def opened(platform: str, configuration: Mapping[str, str]) -> Publisher:
    publisher = platforms()[platform](configuration)
    assert isinstance(publisher, Publisher)
    return publisher


def kept(fake: FakePlatform) -> list[Stored]:
    return [Stored(text=post.text, images=post.images) for post in fake.posts()]


def shows(error: BaseException) -> str:
    """Return all that a log, a page or a debugger's first look would show of an error."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    told = [f"{one} {one!r} {vars(one)}" for one in causes]
    return "\n".join([*told, *traceback.format_exception(error)])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_has_a_fake(platform: str) -> None:
    assert has_fake(platform), (
        f"{platform} has no fake; add tests/fakes/{platform}.py with open_fake(folder), which "
        "yields a FakePlatform of tests/fakes, and FAULTS, pairs of endpoint and fault"
    )


@pytest.mark.parametrize(
    ("fake", "platform"), [(name, name) for name in FAKED], indirect=["fake"], ids=FAKED
)
class TestWithoutFaults:
    def test_what_was_handed_in_is_what_is_kept_once(
        self, fake: FakePlatform, publisher: Publisher
    ) -> None:
        prepared = publisher.prepare(PAYLOAD)
        assert kept(fake) == [], "preparing shows nothing"
        receipt = publisher.send(prepared)
        assert kept(fake) == WHOLE
        assert receipt.reference
        assert "?" not in receipt.reference

    def test_preparing_may_be_done_again(self, fake: FakePlatform, publisher: Publisher) -> None:
        publisher.prepare(PAYLOAD)
        publisher.send(publisher.prepare(PAYLOAD))
        assert kept(fake) == WHOLE

    def test_what_it_says_of_repeating_is_true(
        self, fake: FakePlatform, publisher: Publisher
    ) -> None:
        prepared = publisher.prepare(PAYLOAD)
        publisher.send(prepared)
        publisher.send(prepared)
        copies = len(kept(fake))
        assert (copies == 1) == (publisher.repeatability != NEVER)

    def test_limits_hold_before_anything_is_sent(
        self, fake: FakePlatform, publisher: Publisher
    ) -> None:
        for word, payload in fake.refused().items():
            with pytest.raises(ContentRefusedError, match=word):
                publisher.prepare(payload)
        assert kept(fake) == []

    def test_nothing_shows_a_secret(
        self, fake: FakePlatform, publisher: Publisher, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            publisher.send(publisher.prepare(PAYLOAD))
        shown = f"{publisher!r} {publisher} {caplog.text}"
        assert not [secret for secret in fake.secrets if secret in shown]


@pytest.mark.parametrize(
    ("fake", "platform", "endpoint", "fault"),
    [(platform, platform, endpoint, fault) for platform, endpoint, fault in SWEEP],
    indirect=["fake"],
    ids=["-".join(one) for one in SWEEP],
)
def test_a_fault_is_told_truly(
    fake: FakePlatform,
    platform: str,
    endpoint: str,
    fault: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hurry = {"timeout_s": "0.3"} if fault in SLOW else {}
    publisher = opened(platform, {**fake.configuration, **hurry})
    fake.script(endpoint, fault)
    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises((PublishError, UnclearAnswerError)) as failure,
    ):
        publisher.send(publisher.prepare(PAYLOAD))
    error = failure.value
    posts = kept(fake)
    assert posts in ([], WHOLE)
    if posts:
        assert isinstance(error, UnclearAnswerError), "it is out, so nobody may say it is not"
    if fault == Wire.RATE_LIMITED:
        assert isinstance(error, QuotaError)
        assert error.wait_s == RETRY_AFTER_S
    shown = shows(error) + caplog.text
    assert not [secret for secret in fake.secrets if secret in shown]
    assert len(str(error)) < 500
    if isinstance(error, UnsentError):  # it said that it may be done again
        publisher = opened(platform, fake.configuration)
        publisher.send(publisher.prepare(PAYLOAD))
        assert kept(fake) == WHOLE
