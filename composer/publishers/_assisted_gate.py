"""Ask Gate Square whether it shows a post.

Reference: https://github.com/gate/gateapi-python, docs/SquareApi.md, list_square_ai_search:
public, read only. What is documented are the question and the shape of its answer; that a
search for the first words of a fresh post finds it is not, and a post waits for approval
before anybody sees it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx

from composer.errors import AccountRefusedError, PublishError
from composer.publishers._assisted_match import Likeness, likeness
from composer.publishers._http import Call, call, open_client, words

_NAME = "the search of Gate Square"
_PATH = "/api/v4/social/message/search"
_POST_URL = "https://www.gate.com/post/status/{}"
_LATEST, _ONE_DAY, _PER_PAGE = 1, 1, 50  # documented; 50 is the most
_PAGES = 4
_KEYWORD_CHARACTERS = 40


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A post as the search shows it."""

    id: int
    content: str
    nickname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSearch:
    """Looks among the newest posts of one day, those of `nickname` only where one is given."""

    base_url: str
    timeout_s: float
    nickname: str = ""
    now: Callable[[], datetime] = field(default=_utc_now, repr=False)

    def find(self, text: str) -> str | None:
        """Return the address of the post with this text, None if none is shown.

        Of several the likest, of those the newest. Raises PublishError if there is no usable
        answer, or several people show the text and nobody said which of them is ours.
        """
        shown, unreadable = self._ask_for(keyword(text))
        found = [
            (like, post)
            for post in shown
            if self.nickname in {"", post.nickname}
            and (like := likeness(text, post.content)) is not Likeness.NONE
        ]
        people = sorted({post.nickname for _, post in found})
        if len(people) > 1:
            msg = (
                f"{_NAME} shows this text under {len(people)} names ({words(', '.join(people))}); "
                "set nickname to the account's own, and look there"
            )
            raise PublishError(msg)
        if found:
            return _POST_URL.format(max((like, post.id) for like, post in found)[1])
        if unreadable:
            msg = f"{_NAME} shows {unreadable} posts that cannot be read; look there for the post"
            raise PublishError(msg)
        return None

    def _ask_for(self, wanted: str) -> tuple[list[Shown], int]:
        """Read pages until one has nothing new, whatever `total` says of them."""
        shown: dict[int, Shown] = {}
        unreadable = 0
        with open_client(self.base_url, timeout_s=self.timeout_s) as client:
            for page in range(1, _PAGES + 1):
                posts = [_read(item) for item in self._page(client, wanted, page)]
                fresh = {post.id: post for post in posts if post and post.id not in shown}
                unreadable += posts.count(None)
                if not fresh:
                    break
                shown |= fresh
        return list(shown.values()), unreadable

    def _page(self, client: httpx.Client, wanted: str, page: int) -> list[object]:
        query = urlencode(
            {
                "keyword": wanted,
                "sort": _LATEST,
                "time_range": _ONE_DAY,
                "limit": _PER_PAGE,
                "page": page,
            },
            errors="replace",
        )
        request = Call(
            platform=_NAME,
            method="GET",
            url=f"{self.base_url}{_PATH}?{query}",
            content=b"",
            headers={"Accept": "application/json"},
            repeatable=True,
        )
        try:
            answer = call(client, request, now=self.now)
        except AccountRefusedError as error:  # no account was asked for: none is to be stopped
            raise PublishError(str(error)) from error
        if str(answer.body.get("code")) != "0" or not httpx.codes.is_success(answer.status):
            said = (answer.body.get(name) for name in ("code", "label", "msg", "message"))
            told = words(" ".join(str(one) for one in said if one)) or "no words"
            msg = f"{_NAME} answered HTTP {answer.status}: {told}; look there for the post"
            raise PublishError(msg)
        return _items(answer.body.get("data"))


def keyword(text: str) -> str:
    """Return the first words of a text; of a word that is too long, its beginning."""
    line = " ".join(text.strip().partition("\n")[0].split())
    if len(line) <= _KEYWORD_CHARACTERS:
        return line
    cut = line[: _KEYWORD_CHARACTERS + 1].rpartition(" ")[0]
    return cut or line[:_KEYWORD_CHARACTERS]


def _items(data: object) -> list[object]:
    found = data if isinstance(data, Mapping) else {}
    items = found.get("items")
    if items is None and found.get("total") == 0:  # no list is how some write an empty one
        return []
    if not isinstance(items, list):
        msg = f"{_NAME} gave no list of posts; look there for the post"
        raise PublishError(msg)
    return items


def _read(item: object) -> Shown | None:
    found = item if isinstance(item, Mapping) else {}
    post, content, nickname = (found.get(name) for name in ("id", "content", "nickname"))
    if type(post) is int and post > 0 and isinstance(content, str) and isinstance(nickname, str):
        return Shown(id=post, content=content, nickname=nickname)
    return None
