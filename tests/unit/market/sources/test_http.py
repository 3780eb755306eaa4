"""One call, and what an answer that is none becomes. What every source meets is in contract/."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from composer.errors import SourceDataError, SourceUnavailableError
from composer.market.sources import _http
from composer.market.sources._http import Answer, Ask, ask, open_client
from tests.fakes.server import FakeServer, Reply, Request, Route, Wire

LOOK = Ask(endpoint="look", path="/look", params={"symbol": "BTC"})


@contextmanager
def serving(*replies: Reply) -> Iterator[FakeServer]:
    """Serve the replies one after the other."""
    left = list(replies)

    def answer(_request: Request) -> Reply:
        return left.pop(0)

    with FakeServer().running(Route("look", "GET", "/look", answer)) as server:
        yield server


def asked(server: FakeServer, *, within_s: float = 5.0) -> Answer:
    with open_client(server.url, {"X-Key": "k"}) as client:
        ends = time.monotonic() + within_s
        return ask(client, LOOK, where="x look", ends=ends, pause_s=0.01)


def test_an_answer_comes_word_for_word_with_its_status() -> None:
    with serving(Reply(status=404, body=b'{"no": 1}')) as server:
        assert asked(server) == Answer(status=404, body='{"no": 1}')
    ((_, request),) = server.requests
    assert request.query == "symbol=BTC"
    assert request.headers["x-key"] == "k"
    assert request.headers["user-agent"].startswith("squaredesk")


def test_a_second_try_follows_a_server_error_and_no_third() -> None:
    with serving(Reply(status=502), Reply(body=b"{}")) as server:
        assert asked(server).status == 200
    with serving(Reply(status=502), Reply(status=503), Reply()) as server:
        assert asked(server).status == 503
        assert len(server.requests) == 2


def test_a_refusal_is_not_asked_again() -> None:
    with serving(Reply(status=429, headers={"Retry-After": "7"}), Reply()) as server:
        assert asked(server).retry_after == "7"
        assert len(server.requests) == 1


def test_no_second_try_begins_after_the_deadline() -> None:
    with serving(Reply()) as server:
        server.script("look", Wire.SLOW_BEFORE)
        began = time.monotonic()
        with pytest.raises(SourceUnavailableError, match="x look: not reached"):
            asked(server, within_s=0.1)
        assert time.monotonic() - began < 1
        with pytest.raises(SourceUnavailableError, match="TimeoutError"):
            asked(server, within_s=-1)


def test_a_body_beyond_any_answer_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_http, "_MOST_BYTES", 1_000)
    with (
        serving(Reply(body=b"x" * 1_001)) as server,
        pytest.raises(SourceDataError, match="at most 1000 bytes"),
    ):
        asked(server)


def test_bytes_that_are_no_text_are_refused() -> None:
    with (
        serving(Reply(body=b'{"a": "\xff"}')) as server,
        pytest.raises(SourceDataError, match="UTF-8 text, got other bytes at byte 7"),
    ):
        asked(server)


def test_a_date_to_wait_for_is_told_as_it_is() -> None:
    answer = Answer(status=429, body="slow down", retry_after="Wed, 10 Jun 2026 09:00:00 GMT")
    with pytest.raises(SourceUnavailableError, match=r"it says Wed, 10 Jun 2026 09:00:00 GMT$"):
        answer.json("x look")
