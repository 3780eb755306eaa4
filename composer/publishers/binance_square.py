"""Binance Square over its OpenAPI: short posts with up to four images, and articles.

Reference: https://github.com/binance/binance-skills-hub/tree/main/skills/binance/square-post
(the only one: no page of developers.binance.com). Keys come from the Creator Center,
https://www.binance.com/square/creator-center/home, after identity verification.
Traps: HTTP 504 on `content/add` usually means that the post is out, without its id;
nothing can be edited, deleted or listed by API; Markdown is shown as it is typed; the
cover of an article may show on cards only, so a picture that matters goes in a short post.

Configuration: `key_env` or `key_file` (default: the variable BINANCE_SQUARE_OPENAPI_KEY,
as with the official client, looked at when something is sent), `mode` post (default) or
article (the first line is the title), `base_url`, `upload_hosts` (domains images may be
put to, with their subdomains, separated by commas; default Amazon S3, where uploads were
observed to go, and Binance's own), `state` (folder of the daily counts; without it they
last as long as the process), `timeout_s`, `poll_interval_s` and `polls` (how the state of
an image is asked for; default every 3 s, ten times, as the official client).
"""

import hashlib
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from composer.addresses import checked_base_url
from composer.errors import AccountRefusedError, ConfigError, UnclearAnswerError, UnsentError
from composer.keys import Key, key_from
from composer.publishers import _binance_square_rules as rules
from composer.publishers._binance_square_api import NAME, BinanceSquareApi
from composer.publishers._binance_square_rules import Mode, Remedy
from composer.publishers._http import open_client, words
from composer.publishers._limits import check_limits
from composer.publishers._numbers import positive, timeout_s
from composer.publishers._quota import DailyCount
from composer.publishers.records import (
    NEVER,
    Limits,
    Payload,
    PostAddress,
    Prepared,
    Publisher,
    Receipt,
    Repeatability,
)

BASE_URL = "https://www.binance.com"
UPLOAD_HOSTS = ("amazonaws.com", "binance.com", "bnbstatic.com")
KEY_ENV = "BINANCE_SQUARE_OPENAPI_KEY"
_POST_URL = "https://www.binance.com/square/post/{}"
_POST_ADDRESS = PostAddress(
    pattern=(
        r"https://(www\.binance\.com/([a-z]{2}(-[A-Za-z]{2})?/)?square/post"
        r"|app\.binance\.com/uni-qr/cpos)/\d{10,20}"
    ),
    example=_POST_URL.format("359033544439635"),
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class BinanceSquarePublisher:
    """Posts to the account that a key belongs to. Nothing but images is sent twice."""

    key: Key
    mode: Mode = Mode.POST
    base_url: str = BASE_URL
    upload_hosts: tuple[str, ...] = UPLOAD_HOSTS
    state: Path | None = None
    timeout_s: float = 20.0
    poll_interval_s: float = 3.0
    polls: int = 10
    now: Callable[[], datetime] = field(default=_utc_now, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    repeatability: Repeatability = NEVER
    post_address: PostAddress = _POST_ADDRESS
    _unshared: DailyCount = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep the counts that hold where no `state` was given."""
        object.__setattr__(self, "_unshared", DailyCount(rules.PER_DAY, now=self.now))

    @property
    def limits(self) -> Limits:
        """What fits a post, or an article."""
        return rules.LIMITS[self.mode]

    def prepare(self, payload: Payload) -> Prepared:
        """Hold the payload against the limits and upload its images, which nobody sees yet."""
        check_limits(payload, self.limits, NAME)
        with self._api() as api:
            api.counts.check(Remedy.POSTS.value)
            api.counts.check(Remedy.UPLOADS.value, len(payload.images))
            return Prepared(
                payload=payload, uploads=tuple(api.upload(image) for image in payload.images)
            )

    def send(self, prepared: Prepared) -> Receipt:
        """Make the post public, once: the platform cannot tell a second from a first."""
        payload = prepared.payload
        if len(prepared.uploads) != len(payload.images):
            msg = f"{len(prepared.uploads)} of {len(payload.images)} images are uploaded; prepare"
            raise UnsentError(msg)
        with self._api() as api:
            answer = api.add(rules.build_body(payload.text, prepared.uploads, self.mode))
            link = words(str(answer.get("shareLink") or "").partition("?")[0], (api.key,))
        post = str(answer.get("id") or "")
        if post.isascii() and post.isalnum():
            return Receipt(reference=_POST_URL.format(post))
        msg = f"{NAME} said yes but gave no id; the post may be out, look there: {link or BASE_URL}"
        raise UnclearAnswerError(msg)

    def probe(self) -> None:
        """Ask for an upload that is never made, to see whether the platform takes the key.

        Nothing becomes visible; it may count as one upload. Raises PublishError if it does not.
        """
        with self._api() as api:
            api.ticket("probe.png")

    @contextmanager
    def _api(self) -> Iterator[BinanceSquareApi]:
        try:
            key = self.key.read()
        except ConfigError as error:
            raise AccountRefusedError(str(error)) from error
        counts = self._unshared
        if self.state is not None:  # limits are per key: two accounts that share one share them
            owner = hashlib.sha256(key.encode()).hexdigest()[:16]
            file = self.state / f"binance_square-{owner}.json"
            counts = DailyCount(rules.PER_DAY, now=self.now, file=file)
        with open_client(self.base_url, timeout_s=self.timeout_s) as client:
            yield BinanceSquareApi(
                client=client,
                key=key,
                base_url=self.base_url,
                upload_hosts=self.upload_hosts,
                counts=counts,
                poll_interval_s=self.poll_interval_s,
                polls=self.polls,
                now=self.now,
                sleep=self.sleep,
            )


def limits_of(configuration: Mapping[str, str]) -> Limits:
    """Return what fits as configured, without a key. Raises ConfigError, which names `mode`."""
    return rules.LIMITS[_mode(configuration)]


def open_publisher(configuration: Mapping[str, str]) -> Publisher:
    """Return the publisher a configuration describes. Raises ConfigError, which names the key."""
    mode = _mode(configuration)
    hosts = [name.strip().lower() for name in configuration.get("upload_hosts", "").split(",")]
    state = configuration.get("state")
    return BinanceSquarePublisher(
        key=key_from(configuration, default_env=KEY_ENV),
        mode=mode,
        base_url=checked_base_url(configuration.get("base_url") or BASE_URL),
        upload_hosts=tuple(filter(None, hosts)) or UPLOAD_HOSTS,
        state=Path(state).expanduser() if state else None,
        timeout_s=timeout_s(configuration),
        poll_interval_s=positive(configuration, "poll_interval_s", 3.0),
        polls=math.ceil(positive(configuration, "polls", 10.0)),
    )


def _mode(configuration: Mapping[str, str]) -> Mode:
    mode = configuration.get("mode") or Mode.POST.value
    if mode not in {one.value for one in Mode}:
        msg = f"mode {mode!r} is unknown; binance_square has {', '.join(Mode)}"
        raise ConfigError(msg)
    return Mode(mode)
