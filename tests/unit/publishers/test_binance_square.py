"""Binance Square: what goes over the wire, byte for byte, and what each answer means."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from composer.errors import (
    AccountRefusedError,
    ConfigError,
    ContentRefusedError,
    QuotaError,
    UnclearAnswerError,
    UnsentError,
)
from composer.keys import Key
from composer.publishers import platforms
from composer.publishers._binance_square_rules import CODES, Mode, Remedy
from composer.publishers._quota import DailyCount
from composer.publishers._texts import cashtags
from composer.publishers.binance_square import BinanceSquarePublisher, open_publisher
from composer.publishers.records import NEVER, Payload, PayloadImage, Prepared
from tests.fakes import Stored
from tests.fakes.binance_square import KEY, KEY_STATES, BinanceSquare, open_fake
from tests.fakes.server import Reply, Request

PNG = b"\x89PNG\r\n\x1a\n one"
JPEG = b"\xff\xd8\xff\xe0 two"
GIF = b"GIF89a three"
WEBP = b"RIFF\x10\x00\x00\x00WEBP four"
ADD = "/bapi/composite/v1/public/pgc/openApi/content/add"
PRESIGN = "/bapi/composite/v2/public/pgc/openApi/image/presignedUrl"
STATUS = "/bapi/composite/v2/public/pgc/openApi/image/imageStatus"
LATE = datetime(2026, 6, 10, 23, 59, tzinfo=UTC)


@pytest.fixture
def square(tmp_path: Path) -> Iterator[BinanceSquare]:
    with open_fake(tmp_path) as opened:
        yield opened
        assert not opened.strays


@pytest.fixture
def publisher(square: BinanceSquare) -> BinanceSquarePublisher:
    opened = open_publisher(square.configuration)
    assert isinstance(opened, BinanceSquarePublisher)
    return opened


def payload(text: str = "Short squeeze ahead for $BTC", *images: bytes) -> Payload:
    return Payload(
        key="draft-7",
        account="square",
        text=text,
        images=tuple(
            PayloadImage(name=f"image-{number}.png", png=image, alt="A chart.")
            for number, image in enumerate(images, start=1)
        ),
        sha256="ab" * 32,
    )


def publish(publisher: BinanceSquarePublisher, what: Payload) -> str:
    return publisher.send(publisher.prepare(what)).reference


def answering(square: BinanceSquare, endpoint: str, reply: Reply) -> None:
    """Let one endpoint say the same to everybody."""
    square.server.routes = tuple(
        replace(route, handle=lambda _: reply) if route.endpoint == endpoint else route
        for route in square.server.routes
    )


def envelope(code: str, message: str = "theirs", found: object = None) -> Reply:
    answer = {"code": code, "message": message, "messageDetail": None, "data": found}
    return Reply(body=json.dumps(answer).encode())


def sent(square: BinanceSquare) -> list[tuple[str, object]]:
    """Return what was asked, in order: the path, and the JSON or the bytes."""
    return [
        (one.path, one.body if one.method == "PUT" else one.json())
        for _, one in square.server.requests
    ]


def add_request(square: BinanceSquare) -> Request:
    (request,) = square.server.asked("add")
    return request


def test_it_is_found_by_its_file() -> None:
    assert platforms()["binance_square"] is open_publisher


def test_a_text_is_one_request(square: BinanceSquare, publisher: BinanceSquarePublisher) -> None:
    reference = publish(publisher, payload("上方空单 27.05 亿美元\n- up $BTC"))
    assert reference == "https://www.binance.com/square/post/357738400893001"
    assert sent(square) == [
        (ADD, {"contentType": 1, "bodyTextOnly": "上方空单 27.05 亿美元\n- up $BTC"})
    ]
    request = add_request(square)
    assert request.method == "POST"
    assert request.headers["x-square-openapi-key"] == KEY
    assert request.headers["content-type"] == "application/json"
    assert request.headers["clienttype"] == "binanceSkill"
    assert request.headers["user-agent"].startswith("squaredesk/")
    assert publisher.repeatability is NEVER
    assert square.without_client_type == 0


def test_an_image_is_put_and_looked_at_before_the_post(
    square: BinanceSquare, publisher: BinanceSquarePublisher
) -> None:
    publish(publisher, payload("One chart", PNG))
    looks = [(STATUS, {"fileTicket": "ticket-1"})] * 2  # processing once, then ready
    assert sent(square) == [
        (PRESIGN, {"imageName": "image-1.png"}),
        ("/bucket/ticket-1", PNG),
        *looks,
        (
            ADD,
            {
                "contentType": 1,
                "bodyTextOnly": "One chart",
                "imageList": ["https://public.bnbstatic.com/image/pgc/ticket-1.png"],
            },
        ),
    ]
    (put,) = square.server.asked("put")
    assert put.headers["content-type"] == "image/png"
    assert "x-square-openapi-key" not in put.headers
    assert square.posts() == [Stored(text="One chart", images=(PNG,), content_type=1)]


def test_four_images_keep_their_order_bytes_and_kinds(
    square: BinanceSquare, publisher: BinanceSquarePublisher
) -> None:
    publish(publisher, payload("Four", PNG, JPEG, GIF, WEBP))
    assert [post.images for post in square.posts()] == [(PNG, JPEG, GIF, WEBP)]
    assert add_request(square).json()["imageList"] == [
        f"https://public.bnbstatic.com/image/pgc/ticket-{number}.png" for number in range(1, 5)
    ]
    assert [one.json()["imageName"] for one in square.server.asked("presign")] == [
        "image-1.png",
        "image-2.jpg",
        "image-3.gif",
        "image-4.webp",
    ]
    assert [ticket.content_type for ticket in square.tickets.values()] == [
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
    ]


def test_an_article_has_its_first_line_as_title_and_one_cover(
    square: BinanceSquare, publisher: BinanceSquarePublisher
) -> None:
    publish(replace(publisher, mode=Mode.ARTICLE), payload("The title\n\nA body.\n\nMore.", PNG))
    assert add_request(square).json() == {
        "contentType": 2,
        "bodyTextOnly": "A body.\n\nMore.",
        "title": "The title",
        "cover": "https://public.bnbstatic.com/image/pgc/ticket-1.png",
    }
    assert [post.images for post in square.posts()] == [(PNG,)]


def test_between_looks_it_waits_as_long_as_it_is_told(
    square: BinanceSquare, publisher: BinanceSquarePublisher
) -> None:
    waits: list[float] = []
    patient = replace(publisher, sleep=waits.append, poll_interval_s=3.0, polls=10)
    square.script("status", "stuck")
    with pytest.raises(UnsentError, match="after 10 looks"):
        patient.prepare(payload("One chart", PNG))
    assert waits == [3.0] * 9
    assert square.posts() == []


KINDS = {
    Remedy.CONTENT: ContentRefusedError,
    Remedy.ACCOUNT: AccountRefusedError,
    Remedy.POSTS: QuotaError,
    Remedy.UPLOADS: QuotaError,
    Remedy.UNCLEAR: UnclearAnswerError,
}
EXPECTED = {
    Remedy.UNCLEAR: {"10004"},
    Remedy.ACCOUNT: {
        *("10005", "10007", "30004", "30008", "220003", "220004", "2000001", "2000002"),
    },
    Remedy.CONTENT: {"20002", "20013", "20020", "20022", "20041", "220010", "220011", "220095"},
    Remedy.POSTS: {"220009"},
    Remedy.UPLOADS: {"220014"},
}


def test_every_documented_code_is_in_the_table() -> None:
    assert {code: remedy for code, (remedy, _) in CODES.items()} == {
        code: remedy for remedy, codes in EXPECTED.items() for code in codes
    }


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_the_error_its_remedy_needs(
    square: BinanceSquare, publisher: BinanceSquarePublisher, code: str
) -> None:
    answering(square, "add", envelope(code, f"their words, with {KEY}"))
    with pytest.raises(KINDS[CODES[code][0]], match=rf"\[{code}\].*their words") as refused:
        publish(publisher, payload())
    assert KEY not in str(refused.value)


@pytest.mark.parametrize("state", KEY_STATES)
def test_a_key_that_is_no_good_is_found_before_posting(
    square: BinanceSquare, publisher: BinanceSquarePublisher, state: str
) -> None:
    publisher.probe()
    assert square.posts() == []
    square.key_state = state
    with pytest.raises(AccountRefusedError, match=rf"\[{KEY_STATES[state]}\]") as refused:
        publisher.probe()
    assert refused.value.permanent


@pytest.mark.parametrize(
    ("reply", "match"),
    [
        (envelope("000000", found={"shareLink": "https://x.example/9?r=REF"}), "x.example/9$"),
        (envelope("000000", found=None), "may be out"),
        (envelope("000000", found={"id": "../../evil"}), "may be out"),
        (envelope("31337"), "nobody described"),
        (Reply(status=504, body=b"<h1>504 Gateway</h1>"), "HTTP 504: 504 Gateway;"),
        (Reply(status=200, body=b"[]"), "whether the post is out"),
        (Reply(status=403, body=b"<b>WAF</b>"), "HTTP 403: WAF;"),
        (Reply(status=500, body=envelope("220003").body), "HTTP 500"),
        (Reply(body=b'"' + b"x" * (1 << 21)), "answer was lost"),
    ],
    ids=range(9),
)
def test_no_clear_answer_is_neither_yes_nor_no(
    square: BinanceSquare, publisher: BinanceSquarePublisher, reply: Reply, match: str
) -> None:
    answering(square, "add", reply)
    with pytest.raises(UnclearAnswerError, match=match) as unclear:
        publish(publisher, payload())
    assert "REF" not in str(unclear.value)


@pytest.mark.parametrize(
    ("base_url", "told"),
    [
        ("http://127.0.0.1:1", "ConnectError"),  # nobody listens on port 1
        ("https://127.0.0.1:{port}", "ConnectError"),  # and here nobody speaks TLS
    ],
)
def test_what_never_left_is_unsent(
    square: BinanceSquare, publisher: BinanceSquarePublisher, base_url: str, told: str
) -> None:
    port = square.server.url.rpartition(":")[2]
    elsewhere = replace(publisher, base_url=base_url.format(port=port))
    with pytest.raises(UnsentError, match=f"nothing was sent.*{told}"):
        elsewhere.send(Prepared(payload=payload()))


@pytest.mark.parametrize(
    ("retry_after", "wait_s"),
    [("7", 7.0), ("Wed, 10 Jun 2026 23:59:30 GMT", 30.0), ("soon", None), ("999999", 86_400.0)],
)
def test_being_told_to_wait_says_how_long(
    square: BinanceSquare,
    publisher: BinanceSquarePublisher,
    retry_after: str,
    wait_s: float | None,
) -> None:
    answering(square, "add", Reply(status=429, headers={"Retry-After": retry_after}))
    with pytest.raises(QuotaError) as limited:
        publish(replace(publisher, now=lambda: LATE), payload())
    assert limited.value.wait_s == wait_s


def test_the_longest_post_goes_out(
    square: BinanceSquare, publisher: BinanceSquarePublisher
) -> None:
    publish(publisher, payload("万" * 1_900))
    with pytest.raises(ContentRefusedError, match="1,901 characters, 1,900 is the most"):
        publisher.prepare(payload("万" * 1_901))
    assert len(square.posts()) == 1


def test_an_article_is_held_to_its_own_limits(publisher: BinanceSquarePublisher) -> None:
    article = replace(publisher, mode=Mode.ARTICLE)
    article.prepare(payload(f"{'t' * 100}\n{'x' * 80_000}"))
    for text, match in (
        (f"{'t' * 101}\nbody", "title has 101 characters"),
        (f"title\n{'x' * 80_001}", "80,001 characters"),
        ("only a title", "no text"),
    ):
        with pytest.raises(ContentRefusedError, match=match):
            article.prepare(payload(text))
    with pytest.raises(ContentRefusedError, match="2 images, 1 is the most"):
        article.prepare(payload("title\nbody", PNG, PNG))


def test_three_coins_may_be_tagged_however_often(
    square: BinanceSquare, publisher: BinanceSquarePublisher
) -> None:
    publish(publisher, payload("$BTC $ETH $sol $Btc at $94,681, $2.7B, $248M and $27.05bn"))
    with pytest.raises(ContentRefusedError, match=r"4 coins \(1INCH, BTC, ETH, SOL\)"):
        publisher.prepare(payload("$BTC $ETH $SOL $1INCH"))
    assert len(square.posts()) == 1


def test_dollars_are_no_coins() -> None:
    assert cashtags("$94,681 $2.705 billion $248M $3k $5t $90,131.71 US$7") == set()
    assert cashtags("$BTC: $1000PEPE,$btc $1INCH。$W") == {"BTC", "1000PEPE", "1INCH", "W"}


def test_everything_wrong_is_told_at_once(
    square: BinanceSquare, publisher: BinanceSquarePublisher
) -> None:
    text = f"# Head\n$A1 $B1 $C1 $D1 \ud800 {'x' * 1_900}"
    with pytest.raises(ContentRefusedError) as refused:
        publisher.prepare(payload(text, PNG, PNG, PNG, PNG, b"<svg/>"))
    for part in ("characters", "4 coins", "Markdown", "surrogate", "5 images", "image-5.png is no"):
        assert part in str(refused.value)
    assert square.server.requests == []


@pytest.mark.parametrize("fault", ["foreign_host", "plain_http"])
def test_images_go_to_known_hosts_only(
    square: BinanceSquare, publisher: BinanceSquarePublisher, fault: str
) -> None:
    careful = replace(publisher, upload_hosts=("amazonaws.com", "127.0.0.1"))
    square.script("presign", fault)
    with pytest.raises(AccountRefusedError, match=r"upload_hosts"):
        careful.prepare(payload("One chart", PNG))
    with pytest.raises(AccountRefusedError, match=r"http://127\.0\.0\.1"):
        replace(publisher, upload_hosts=("notamazonaws.com",)).prepare(payload("x", PNG))
    assert square.server.asked("put") == []


def test_images_that_were_not_uploaded_are_not_left_out(
    square: BinanceSquare, publisher: BinanceSquarePublisher
) -> None:
    with pytest.raises(UnsentError, match="0 of 1 images"):
        publisher.send(Prepared(payload=payload("One chart", PNG)))
    assert square.server.requests == []


def test_two_processes_share_one_day(square: BinanceSquare, tmp_path: Path) -> None:
    moment = [LATE]
    shared = {**square.configuration, "state": str(tmp_path / "state")}
    one, two = (
        replace(opened, now=lambda: moment[0])
        for opened in (open_publisher(shared), open_publisher(shared))
        if isinstance(opened, BinanceSquarePublisher)
    )
    with one._api() as api:
        api.counts.take("posts", 98)
    publish(one, payload("the 99th"))
    publish(two, payload("the 100th"))
    for publisher in (one, two):
        with pytest.raises(QuotaError, match="2026-06-11 00:00 UTC") as full:
            publisher.prepare(payload("the 101st"))
        assert full.value.wait_s == 60.0
        with pytest.raises(QuotaError):
            publisher.send(Prepared(payload=payload("the 101st")))
    moment[0] += timedelta(minutes=1)
    publish(two, payload("the first of the next day"))
    moment[0] -= timedelta(minutes=1)  # a clock set back finds its old count
    with pytest.raises(QuotaError):
        one.prepare(payload("the 101st again"))
    assert [post.text for post in square.posts()] == [
        "the 99th",
        "the 100th",
        "the first of the next day",
    ]
    assert KEY not in "".join(file.name for file in (tmp_path / "state").iterdir())


def test_many_at_once_never_take_more_than_there_is(tmp_path: Path) -> None:
    def take(_: int) -> bool:
        count = DailyCount({"posts": 30}, now=lambda: LATE, file=tmp_path / "count.json")
        try:
            count.take("posts")
        except QuotaError:
            return False
        return True

    with ThreadPoolExecutor(8) as several:
        assert sum(several.map(take, range(60))) == 30


def test_what_was_surely_not_taken_does_not_count(
    square: BinanceSquare, publisher: BinanceSquarePublisher
) -> None:
    with publisher._api() as api:
        api.counts.take("posts", 99)
    square.sensitive = ("bad",)
    for _ in range(2):
        with pytest.raises(ContentRefusedError):
            publish(publisher, payload("bad"))
    square.script("add", "gateway_504")
    with pytest.raises(UnclearAnswerError):
        publish(publisher, payload("good"))
    with pytest.raises(QuotaError):  # what may be out counts
        publish(publisher, payload("good"))


def test_a_platform_that_calls_the_day_full_is_believed(
    square: BinanceSquare, publisher: BinanceSquarePublisher
) -> None:
    square.posts_left = 0
    for _ in range(2):
        with pytest.raises(QuotaError) as full:
            publish(publisher, payload())
        assert full.value.wait_s is not None
    assert len(square.server.asked("add")) == 1


def test_uploads_are_counted_before_the_first_of_them(
    square: BinanceSquare, publisher: BinanceSquarePublisher
) -> None:
    with publisher._api() as api:
        api.counts.take("uploads", 397)
    with pytest.raises(QuotaError, match="397 of 400 uploads"):
        publisher.prepare(payload("Four", PNG, PNG, PNG, PNG))
    assert square.server.requests == []
    publish(publisher, payload("Three", PNG, PNG, PNG))


def test_a_count_that_cannot_be_kept_stops_sending(square: BinanceSquare, tmp_path: Path) -> None:
    state = tmp_path / "state"
    publisher = open_publisher({**square.configuration, "state": str(state)})
    publisher.send(publisher.prepare(payload()))
    (counts,) = state.glob("*.json")
    assert list(json.loads(counts.read_text("utf-8")).values()) == [{"posts": 1}]
    counts.write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(UnsentError, match="mend or remove the file"):
        publisher.prepare(payload())
    assert len(square.posts()) == 1


def test_a_key_file_is_for_its_owner_only(square: BinanceSquare) -> None:
    file = Path(square.configuration["key_file"])
    publisher = open_publisher(square.configuration)
    for mode in (0o640, 0o604):
        file.chmod(mode)
        with pytest.raises(ConfigError, match=f"chmod 600 {file}"):
            open_publisher(square.configuration)
    with pytest.raises(AccountRefusedError, match="chmod 600"):
        publisher.prepare(payload())
    file.chmod(0o400)
    publisher.prepare(payload())


def test_a_key_may_be_in_the_environment(
    square: BinanceSquare, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = {**square.configuration, "key_file": "", "key_env": "MY_SQUARE"}
    with pytest.raises(ConfigError, match="no key in the environment variable MY_SQUARE"):
        open_publisher(configuration)
    monkeypatch.setenv("MY_SQUARE", KEY)
    opened = open_publisher(configuration)
    opened.send(opened.prepare(payload()))
    assert KEY not in repr(opened)


def test_without_a_named_place_the_official_one_is_looked_at_when_needed(
    square: BinanceSquare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BINANCE_SQUARE_OPENAPI_KEY", raising=False)
    opened = open_publisher({"base_url": square.server.url})
    with pytest.raises(AccountRefusedError, match="BINANCE_SQUARE_OPENAPI_KEY"):
        opened.prepare(payload())
    monkeypatch.setenv("BINANCE_SQUARE_OPENAPI_KEY", KEY)
    opened.prepare(payload())


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel"])
def test_what_a_header_cannot_carry_is_no_key(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("MY_SQUARE", key)
    with pytest.raises(ConfigError, match="is no key") as refused:
        Key(env="MY_SQUARE").read()
    assert key not in str(refused.value)


def test_a_key_in_the_place_of_its_name_is_not_shown() -> None:
    with pytest.raises(ConfigError) as refused:
        open_publisher({"key_env": KEY})
    assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"mode": "story"}, "mode 'story'"),
        ({"base_url": "http://www.binance.com"}, "expected https"),
        ({"base_url": "https://key@www.binance.com"}, "expected https"),
        ({"base_url": "www.binance.com"}, "expected https"),
        ({"timeout_s": "soon"}, "timeout_s 'soon'"),
        ({"timeout_s": "120.5"}, "above 120 seconds"),
        ({"polls": "0"}, "polls '0'"),
        ({"key_env": "A", "key_file": "b"}, "keep one"),
        ({"key_file": "/nowhere/key"}, "cannot be read"),
    ],
    ids=range(9),
)
def test_a_wrong_configuration_names_its_key(wrong: dict[str, str], match: str) -> None:
    with pytest.raises(ConfigError, match=match):
        open_publisher(wrong)
