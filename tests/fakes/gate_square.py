"""Gate Square: people post by hand, and the public search shows what was approved since.

The question and the shapes of the answers are those of github.com/gate/gateapi-python,
docs/SquareApi.md. How words are matched, and what the site does to a text, is not
documented: every word of the keyword has to be in a post, and the fake can escape and
shorten what it shows.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

from composer.publishers.records import Payload, PayloadImage
from tests.fakes import FaultList, Stored
from tests.fakes.server import FakeServer, Reply, Request, Route, Wire

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
OURS = "Liquidations today"
_SPANS = {1: timedelta(days=1), 2: timedelta(days=7), 3: timedelta(days=30)}
_LACKS = {"no_ids": "id", "no_contents": "content", "no_nicknames": "nickname"}
_BROKEN = ("invalid_parameters", "error_code", "no_code", "no_data", "no_list", "html", *_LACKS)
FAULTS: FaultList = tuple(("search", fault) for fault in (*(one.value for one in Wire), *_BROKEN))
ODDITIES = ("total_lies", "popular_first", "every_page_the_same")  # a post is found all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A post, and whose it is."""

    id: int
    text: str
    images: tuple[bytes, ...]
    nickname: str
    likes: int
    at: datetime


class GateSquare:
    """The square with everybody's posts, and a server in front of it."""

    secrets: tuple[str, ...] = ()

    def __init__(self, server: FakeServer) -> None:
        self.server = server
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)
        self.approval = timedelta(0)  # how long a post waits before anybody sees it
        self.shows: Callable[[str], str] = escape  # what the site makes of a text
        self._everybody: list[Posted] = []

    def routes(self) -> tuple[Route, ...]:
        return (Route("search", "GET", "/api/v4/social/message/search", self._search),)

    @property
    def configuration(self) -> Mapping[str, str]:
        return {"search_url": self.server.url, "timeout_s": "5"}

    @property
    def strays(self) -> list[str]:
        return self.server.strays

    def posts(self) -> list[Stored]:
        return [
            Stored(text=post.text, images=post.images)
            for post in self._everybody
            if post.nickname == OURS
        ]

    def script(self, endpoint: str, fault: str, occurrence: int = 1) -> None:
        self.server.script(endpoint, fault, occurrence)

    def refused(self) -> dict[str, Payload]:
        image = PayloadImage(name="image-1.png", png=PNG, alt="")
        return {
            "characters": _payload("x" * 1_901),
            "no text": _payload(" \n"),
            "images": _payload("BTC", image, image),
            "picture": _payload("BTC", PayloadImage(name="a.png", png=b"<svg/>", alt="")),
            "Markdown": _payload("a **bold** word"),
        }

    def post_by_hand(
        self, text: str, images: Sequence[bytes] = (), *, nickname: str = OURS, likes: int = 0
    ) -> str:
        post = Posted(
            id=19_412_116 + len(self._everybody),
            text=text,
            images=tuple(images),
            nickname=nickname,
            likes=likes,
            at=self.now,
        )
        self._everybody.append(post)
        return f"https://www.gate.com/post/status/{post.id}"

    def _search(self, request: Request) -> Reply:
        asked = {name: values[0] for name, values in parse_qs(request.query).items()}
        known = {"keyword", "currency", "time_range", "sort", "limit", "page"}
        numbers = {
            name: int(asked.get(name, default))
            for name, default in (("time_range", 0), ("sort", 0), ("limit", 10), ("page", 1))
        }
        is_valid = (
            set(asked) <= known
            and numbers["time_range"] in {0, *_SPANS}
            and numbers["sort"] in {0, 1}
            and 1 <= numbers["limit"] <= 50
            and numbers["page"] >= 1
        )
        if not is_valid or request.fault == "invalid_parameters":
            return _json({"label": "INVALID_PARAM_VALUE", "message": "invalid"}, status=400)
        return self._answer(asked.get("keyword", ""), numbers, request.fault)

    def _answer(self, keyword: str, numbers: Mapping[str, int], fault: str) -> Reply:
        """Answer a valid question; `fault` says in which way not quite."""
        found = [
            post
            for post in self._everybody
            if post.at + self.approval <= self.now
            and self.now - post.at <= _SPANS.get(numbers["time_range"], timedelta.max)
            and all(word in post.text.casefold() for word in keyword.casefold().split())
        ]
        latest = numbers["sort"] == 1 and fault != "popular_first"
        found.sort(key=lambda post: (0 if latest else post.likes, post.id), reverse=True)
        page = 1 if fault == "every_page_the_same" else numbers["page"]
        shown = found[(page - 1) * numbers["limit"] : page * numbers["limit"]]
        items = [self._item(post, _LACKS.get(fault, "")) for post in shown]
        total = 0 if fault == "total_lies" else len(found)
        answers: dict[str, Reply] = {
            "html": Reply(body=b"<html><body>Just a moment</body></html>"),
            "error_code": _json({"code": 1001, "label": "BUSY", "msg": "busy", "data": None}),
            "no_code": _json({"data": {"total": total, "items": items}}),
            "no_data": _json({"code": 0, "label": "", "msg": "success", "data": None}),
            "no_list": _json({"code": 0, "data": {"total": 1, "items": None}}),
        }
        data = {"total": total, "items": items}
        return answers.get(fault) or _json({"code": 0, "label": "", "msg": "success", "data": data})

    def _item(self, post: Posted, lacks: str) -> dict[str, object]:
        item = {
            "id": post.id,
            "content": self.shows(post.text),
            "image": "https://gimg2.example/a.png" if post.images else "",
            "avatar": "https://gimg2.example/me.png",
            "nickname": post.nickname,
            "like_count": post.likes,
            "page_view": 10 * post.likes,
        }
        return {name: value for name, value in item.items() if name != lacks}


@contextmanager
def open_fake(_folder: Path) -> Iterator[GateSquare]:
    server = FakeServer()
    platform = GateSquare(server)
    with server.running(*platform.routes()):
        yield platform


def _payload(text: str, *images: PayloadImage) -> Payload:
    return Payload(key="draft-9", account="gate", text=text, images=images, sha256="cd" * 32)


def _json(answer: Mapping[str, object], *, status: int = 200) -> Reply:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return Reply(status=status, body=body, headers={"Content-Type": "application/json"})
