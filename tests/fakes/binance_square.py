"""Binance Square as its clients describe it: what it checks, what it keeps, how it fails.

Shapes and codes are the official client's (github.com/binance/binance-skills-hub, folder
skills/binance/square-post); lengths and the cashtag rule are what third parties observed.
Written apart from the publisher's own table, so that a slip there shows here.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from composer.publishers.records import Payload, PayloadImage
from tests.fakes import FaultList, Stored
from tests.fakes.server import SPOILS_JSON, FakeServer, Reply, Request, Route, Wire

KEY = "canary-square-key-3fb1c9d2"
SIGNATURE = "canary-signature-77aa"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
V1, V2 = (f"/bapi/composite/{version}/public/pgc/openApi" for version in ("v1", "v2"))

_STATES = (
    "unknown=220003 expired=220004 no_kyc=10005 banned=30008 blocked=2000001 "
    "device_blocked=2000002 feature_off=10007 no_user=30004"
)
KEY_STATES: dict[str, str] = dict(state.split("=") for state in _STATES.split())
_ANSWERS = {  # faults that answer with a code, and keep nothing
    "daily_limit": ("220009", "Daily post limit exceeded for OpenAPI"),
    "upload_limit": ("220014", "Daily upload limit exceeded"),
    "unknown_code": ("999999", f"Something new about {KEY}"),
    "duplicate": ("220777", "Looks like your last post"),  # no code of theirs is known
}
_ELSEWHERE = {"foreign_host": "https://evil.example", "plain_http": "http://s3.amazonaws.com"}
_WIRE: FaultList = tuple(
    (endpoint, fault.value)
    for endpoint in ("presign", "put", "status", "add")
    for fault in Wire
    if not (endpoint == "put" and fault in SPOILS_JSON)
)
FAULTS: FaultList = (
    *_WIRE,
    *(("presign", fault) for fault in (*_ELSEWHERE, "no_ticket", "busy", "unknown_code")),
    *(("presign", fault) for fault in ("revoked_key", "upload_limit")),
    ("put", "expired"),
    *(("status", fault) for fault in ("stuck", "failed", "revoked_key", "unknown_code")),
    *(("add", fault) for fault in ("revoked_key", "daily_limit", "duplicate", "unknown_code")),
    *(("add", fault) for fault in ("no_id", "busy_but_stored")),
)


@dataclass(slots=True, kw_only=True)
class Ticket:
    """An upload on its way."""

    name: str
    content: bytes = b""
    content_type: str = ""
    looks_left: int = 1  # answers "processing" that often once the bytes are there
    failed: bool = False

    @property
    def ready(self) -> bool:
        return bool(self.content) and self.looks_left <= 0 and not self.failed


class BinanceSquare:
    """One account with one key, and a server in front of it."""

    secrets = (KEY, SIGNATURE)

    def __init__(self, server: FakeServer, folder: Path) -> None:
        self.server = server
        self.key_state = "good"
        self.posts_left, self.uploads_left = 100, 400
        self.sensitive: tuple[str, ...] = ("forbidden-word",)
        self.risky_hosts: tuple[str, ...] = ("phish.example",)
        self.without_client_type = 0  # the real answer to this is not known: counted, accepted
        self.tickets: dict[str, Ticket] = {}
        self._posts: list[Stored] = []
        self._key_file = folder / "square.key"
        self._key_file.touch(mode=0o600)
        self._key_file.write_text(f"{KEY}\n", encoding="ascii")

    def routes(self) -> tuple[Route, ...]:
        return (
            Route("presign", "POST", f"{V2}/image/presignedUrl", self._presign),
            Route("put", "PUT", "/bucket/.+", self._put),
            Route("status", "POST", f"{V2}/image/imageStatus", self._look),
            Route("add", "POST", f"{V1}/content/add", self._add),
        )

    @property
    def configuration(self) -> Mapping[str, str]:
        return {
            "key_file": str(self._key_file),
            "base_url": self.server.url,
            "upload_hosts": "127.0.0.1",
            "timeout_s": "5",
            "poll_interval_s": "0.001",
            "polls": "4",
        }

    @property
    def strays(self) -> list[str]:
        return self.server.strays

    def posts(self) -> list[Stored]:
        return list(self._posts)

    def script(self, endpoint: str, fault: str, occurrence: int = 1) -> None:
        self.server.script(endpoint, fault, occurrence)

    def refused(self) -> dict[str, Payload]:
        image = PayloadImage(name="image-1.png", png=PNG, alt="")
        return {
            "characters": _payload("x" * 1_901),
            "no text": _payload(" \n"),
            "coins": _payload("$BTC $ETH $SOL $DOGE"),
            "images": _payload("BTC", image, image, image, image, image),
            "picture": _payload("BTC", PayloadImage(name="a.png", png=b"<svg/>", alt="")),
            "Markdown": _payload("a **bold** word"),
        }

    def _presign(self, request: Request) -> Reply:
        refusal = self._refusal(request) or (_code("10004") if request.fault == "busy" else None)
        if refusal is not None:
            return refusal
        name = request.json()["imageName"]
        assert re.fullmatch(r"[^/]+\.(png|jpe?g|gif|webp)", name), name
        if self.uploads_left <= 0:
            return _code("220014", "Daily upload limit exceeded")
        self.uploads_left -= 1
        ticket = f"ticket-{len(self.tickets) + 1}"
        self.tickets[ticket] = Ticket(name=name)
        place = _ELSEWHERE.get(request.fault, self.server.url)
        url = f"{place}/bucket/{ticket}?X-Amz-Signature={SIGNATURE}"
        found = {"presignedUrl": url, "fileTicket": ticket}
        return _ok({} if request.fault == "no_ticket" else found)

    def _put(self, request: Request) -> Reply:
        assert "x-square-openapi-key" not in request.headers, "the key went to the image store"
        ticket = self.tickets[request.path.rpartition("/")[2]]
        if request.query != f"X-Amz-Signature={SIGNATURE}" or request.fault == "expired":
            return Reply(status=403, body=b"<Error><Message>Request has expired</Message></Error>")
        ticket.content, ticket.content_type = request.body, request.headers["content-type"]
        return Reply()

    def _look(self, request: Request) -> Reply:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        name = request.json()["fileTicket"]
        ticket = self.tickets[name]
        if request.fault == "stuck":
            ticket.looks_left = 1_000
        ticket.failed = ticket.failed or request.fault == "failed"
        if ticket.failed:
            return _ok({"status": 2, "imageUrl": None, "failedReason": f"unsafe, said {KEY}"})
        if ticket.content and not ticket.ready:
            ticket.looks_left -= 1
            return _ok({"status": 0, "imageUrl": None, "failedReason": None})
        return _ok({"status": 1, "imageUrl": _image_url(name), "failedReason": None})

    def _add(self, request: Request) -> Reply:
        refusal = self._refusal(request) or self._wrong(request.json())
        if refusal is not None:
            return refusal
        self.posts_left -= 1
        body = request.json()
        urls = body.get("imageList") or [url for url in [body.get("cover")] if url]
        images = {_image_url(name): ticket.content for name, ticket in self.tickets.items()}
        self._posts.append(
            Stored(
                text=body["bodyTextOnly"],
                images=tuple(images[url] for url in urls),
                title=body.get("title", ""),
                content_type=body.get("contentType", 1),
            )
        )
        post = str(357738400893000 + len(self._posts))
        link = f"https://app.binance.com/uni-qr/cpos/{post}?r=REF123&l=en"
        if request.fault == "busy_but_stored":
            return _code("10004", "Network error. Please try again")
        return _ok({"shareLink": link, **({} if request.fault == "no_id" else {"id": post})})

    def _refusal(self, request: Request) -> Reply | None:
        """Return the answer to a key, or to a fault that is nothing but a code."""
        self.without_client_type += "clienttype" not in request.headers
        assert request.headers["content-type"] == "application/json"
        if request.fault == "revoked_key":
            self.key_state = "unknown"
        if request.headers.get("x-square-openapi-key") != KEY:
            return _code("220003", "API Key not found")
        if self.key_state != "good":
            return _code(KEY_STATES[self.key_state], f"Key {KEY} is {self.key_state}")
        return _code(*_ANSWERS[request.fault]) if request.fault in _ANSWERS else None

    def _wrong(self, body: Mapping[str, object]) -> Reply | None:
        text, kind = body.get("bodyTextOnly"), body.get("contentType", 1)
        images, cover = body.get("imageList", []), body.get("cover")
        if not text or not isinstance(text, str):
            return _code("220011", "Content body must not be empty")
        assert isinstance(images, list)
        known = {_image_url(name) for name, ticket in self.tickets.items() if ticket.ready}
        hosts = re.findall(r"https?://([^/\s]+)", text)
        tags = set(re.findall(r"\$([A-Z][A-Z0-9]+)", text.upper()))
        checks = (
            (not text.strip(), "20020"),
            (kind not in {1, 2}, "220010"),
            (kind == 1 and "title" in body, "220010"),
            (kind == 2 and ("imageList" in body or not body.get("title")), "220010"),
            (len(images) > 4 or not {*images, *filter(None, [cover])} <= known, "220010"),
            (len(text) > (80_000 if kind == 2 else 1_900), "20013"),
            (any(word in text for word in self.sensitive), "20022"),
            (any(host in self.risky_hosts for host in hosts), "20041"),
            (len(tags) > 3, "220095"),
            (self.posts_left <= 0, "220009"),
        )
        return next((_code(code) for is_wrong, code in checks if is_wrong), None)


@contextmanager
def open_fake(folder: Path) -> Iterator[BinanceSquare]:
    server = FakeServer()
    platform = BinanceSquare(server, folder)
    with server.running(*platform.routes()):
        yield platform


def _payload(text: str, *images: PayloadImage) -> Payload:
    return Payload(key="draft-9", account="square", text=text, images=images, sha256="cd" * 32)


def _image_url(ticket: str) -> str:
    return f"https://public.bnbstatic.com/image/pgc/{ticket}.png"


def _ok(found: Mapping[str, object]) -> Reply:
    return _json({"code": "000000", "message": None, "messageDetail": None, "data": found})


def _code(code: str, message: str = "refused") -> Reply:
    return _json({"code": code, "message": message, "messageDetail": None, "data": None})


def _json(answer: Mapping[str, object]) -> Reply:
    body = {**answer, "success": answer["code"] == "000000"}
    return Reply(body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
