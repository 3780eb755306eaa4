"""The conversation with Binance Square: one errand, with one key, over one client.

Which call is which and what is in it is the official client's, named in
`composer.publishers.binance_square`. Only `add` makes something public.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from composer.addresses import is_safe
from composer.errors import (
    AccountRefusedError,
    ContentRefusedError,
    PublishError,
    QuotaError,
    SquaredeskError,
    UnclearAnswerError,
    UnsentError,
)
from composer.publishers import _binance_square_rules as rules
from composer.publishers._binance_square_rules import Remedy
from composer.publishers._http import Answer, Call, call, words
from composer.publishers._images import image_kind
from composer.publishers._quota import DailyCount
from composer.publishers.records import PayloadImage

NAME = "Binance Square"
_ADD = "/bapi/composite/v1/public/pgc/openApi/content/add"
_PRESIGN = "/bapi/composite/v2/public/pgc/openApi/image/presignedUrl"
_STATUS = "/bapi/composite/v2/public/pgc/openApi/image/imageStatus"
_READY, _FAILED = "1", "2"  # anything else: still processing


@dataclass(frozen=True, slots=True, kw_only=True)
class BinanceSquareApi:
    """The calls of one errand; each takes from the counts of the day what it uses."""

    client: httpx.Client = field(repr=False)
    key: str = field(repr=False)
    base_url: str
    upload_hosts: tuple[str, ...]
    counts: DailyCount
    poll_interval_s: float
    polls: int
    now: Callable[[], datetime] = field(repr=False)
    sleep: Callable[[float], None] = field(repr=False)

    def add(self, body: Mapping[str, object]) -> Mapping[str, object]:
        """Make a post public and return what the platform says of it."""
        day = self.counts.take(Remedy.POSTS.value)
        try:
            return self._ask(_ADD, body, repeatable=False)
        except PublishError:
            self.counts.give_back(Remedy.POSTS.value, day)
            raise

    def upload(self, image: PayloadImage) -> str:
        """Put an image where the platform wants it and return what a post calls it."""
        kind = image_kind(image.png) or "octet-stream"
        url, ticket = self.ticket(rules.upload_name(image.name, kind))
        put = Call(
            platform=f"{NAME} (image store)",
            method="PUT",
            url=url,
            content=image.png,
            headers={"Content-Type": f"image/{kind}"},
            repeatable=True,
            secrets=(self.key, urlsplit(url).query),
            wants_json=False,
        )
        status = call(self.client, put, now=self.now).status
        if not httpx.codes.is_success(status):
            msg = f"{NAME} did not take {image.name} (HTTP {status}); uploading may be done again"
            raise UnsentError(msg)
        return self._await_image(ticket, image.name)

    def ticket(self, name: str) -> tuple[str, str]:
        """Return where an image may be put, and the ticket under which its state is known."""
        day = self.counts.take(Remedy.UPLOADS.value)
        try:
            answer = self._ask(_PRESIGN, {"imageName": name}, repeatable=True)
        except PublishError:
            self.counts.give_back(Remedy.UPLOADS.value, day)
            raise
        url, ticket = answer.get("presignedUrl"), answer.get("fileTicket")
        if not (isinstance(url, str) and isinstance(ticket, str) and url and ticket):
            msg = f"{NAME} named no place for {name}; asking may be done again"
            raise UnsentError(msg)
        self._check_upload_url(url)
        return url, ticket

    def _check_upload_url(self, url: str) -> None:
        """Put images to known hosts only: an answer must not send us around our own network."""
        try:
            parts, host = urlsplit(url), httpx.URL(url).host.rstrip(".")
            agreed = host == (parts.hostname or "").rstrip(".")  # two readers, one host
        except (ValueError, httpx.InvalidURL):
            parts, host, agreed = urlsplit(""), "", False
        known = any(host == name or host.endswith(f".{name}") for name in self.upload_hosts)
        if not (known and agreed and is_safe(parts.scheme, host)) or "@" in parts.netloc:
            msg = (
                f"{NAME} wants images put to {words(f'{parts.scheme}://{host}')}, which is not "
                "allowed; if it is theirs, add the host to upload_hosts"
            )
            raise AccountRefusedError(msg)

    def _await_image(self, ticket: str, name: str) -> str:
        for attempt in range(self.polls):
            if attempt:
                self.sleep(self.poll_interval_s)
            answer = self._ask(_STATUS, {"fileTicket": ticket}, repeatable=True)
            status, url = str(answer.get("status")), answer.get("imageUrl")
            if status == _READY and isinstance(url, str) and url:
                return url
            if status == _FAILED:
                reason = words(str(answer.get("failedReason")), (self.key,))
                msg = f"{NAME} refused the image {name}: {reason}"
                raise ContentRefusedError(msg)
        msg = f"{NAME} still works on {name} after {self.polls} looks; this may be done again"
        raise UnsentError(msg)

    def _ask(
        self, path: str, body: Mapping[str, object], *, repeatable: bool
    ) -> Mapping[str, object]:
        """Make one call of the API and return its `data`."""
        request = Call(
            platform=NAME,
            method="POST",
            url=f"{self.base_url}{path}",
            content=json.dumps(body, ensure_ascii=False).encode(),
            headers={
                "X-Square-OpenAPI-Key": self.key,
                "Content-Type": "application/json",
                "clienttype": "binanceSkill",
            },
            repeatable=repeatable,
            secrets=(self.key,),
        )
        answer = call(self.client, request, now=self.now)
        if answer.body.get("code") == rules.OK and httpx.codes.is_success(answer.status):
            found = answer.body.get("data")
            return found if isinstance(found, dict) else {}
        raise self._refusal(answer, repeatable=repeatable)

    def _refusal(self, answer: Answer, *, repeatable: bool) -> SquaredeskError:
        """Return the error a code stands for; a code nobody described is no clear no."""
        code = str(answer.body.get("code"))
        remedy, meaning = rules.CODES.get(code, (Remedy.UNCLEAR, "nobody described this code"))
        said = " ".join(
            str(answer.body[name]) for name in ("message", "messageDetail") if answer.body.get(name)
        )
        told = words(f"{NAME} answered [{code}] HTTP {answer.status}, {meaning}", (self.key,))
        told = f"{told}: {words(said, (self.key,)) or 'no words'}"
        if remedy in {Remedy.POSTS, Remedy.UPLOADS}:
            full = self.counts.exhaust(remedy.value)
            return QuotaError(f"{told}; {full}", wait_s=full.wait_s)
        if remedy is Remedy.CONTENT:
            return ContentRefusedError(f"{told}; change the post")
        if remedy is Remedy.ACCOUNT:
            return AccountRefusedError(f"{told}; look at the account and its key there")
        if not repeatable:
            return UnclearAnswerError(f"{told}; look there whether the post is out")
        if code in rules.CODES:
            return UnsentError(f"{told}; this may be done again")
        return PublishError(f"{told}; nothing was posted")
