"""What Binance Square takes and what its answers mean: all its facts, and no network.

"documented" is the official client, github.com/binance/binance-skills-hub, folder
skills/binance/square-post, versions 1.1 to 2.0 (2026-03 to 2026-08). "observed" is what
third-party clients report of the real platform; it can change without a word.
"""

from enum import StrEnum
from pathlib import PurePosixPath

from composer.publishers._texts import title_and_body
from composer.publishers.records import Limits


class Mode(StrEnum):
    """What a payload becomes."""

    POST = "post"
    ARTICLE = "article"


class Remedy(StrEnum):
    """Who can help after a refusal, and so which error it is."""

    CONTENT = "content"  # an editor: ContentRefusedError
    ACCOUNT = "account"  # an operator: AccountRefusedError
    POSTS = "posts"  # tomorrow: QuotaError
    UPLOADS = "uploads"  # tomorrow: QuotaError
    UNCLEAR = "unclear"  # nobody knows whether it was taken: UnclearAnswerError


OK = "000000"  # documented
CODES: dict[str, tuple[Remedy, str]] = {
    # documented; a failure on their side that does not say how far it got
    "10004": (Remedy.UNCLEAR, "network error on their side"),
    # documented; the account or the key
    "10005": (Remedy.ACCOUNT, "only for accounts that completed identity verification"),
    "10007": (Remedy.ACCOUNT, "the feature is not available to this account"),
    "30004": (Remedy.ACCOUNT, "the user was not found"),
    "30008": (Remedy.ACCOUNT, "the account is banned for violating the guidelines"),
    "220003": (Remedy.ACCOUNT, "the API key was not found"),
    "220004": (Remedy.ACCOUNT, "the API key has expired"),
    "2000001": (Remedy.ACCOUNT, "the account is blocked from posting for good"),
    "2000002": (Remedy.ACCOUNT, "the device is blocked from posting for good"),
    # documented; the text
    "20002": (Remedy.CONTENT, "it has sensitive words"),
    "20013": (Remedy.CONTENT, "it is too long"),
    "20020": (Remedy.CONTENT, "it is empty"),
    "20022": (Remedy.CONTENT, "it has sensitive words, with the segments at risk"),
    "20041": (Remedy.CONTENT, "a link in it may be a security risk"),
    "220010": (Remedy.CONTENT, "this type of content is not supported"),
    "220011": (Remedy.CONTENT, "its body is empty"),
    # observed once: four cashtags were refused and three were taken
    "220095": (Remedy.CONTENT, "it names too many different cashtags"),
    # documented; the moment of the reset is not, a UTC day is our assumption
    "220009": (Remedy.POSTS, "the posts of the day are used up"),
    "220014": (Remedy.UPLOADS, "the uploads of the day are used up"),
}
PER_DAY = {"posts": 100, "uploads": 400}  # documented, per key
# images are documented, the rest is observed; Markdown shows as it is typed. Of 2,100 and
# 80,000 characters, 1,900 is the longest short post observed to be safe; one client cuts
# titles at 100; for cashtags see 220095; more hashtags than three are not the custom there
LIMITS = {
    Mode.POST: Limits(
        max_characters=1_900,
        max_images=4,
        max_cashtags=3,
        max_hashtags=3,
        draws_markdown=False,
    ),
    Mode.ARTICLE: Limits(
        max_characters=80_000,
        max_title_characters=100,
        max_images=1,
        max_cashtags=3,
        max_hashtags=3,
        draws_markdown=False,
    ),
}
KINDS = {"png": "png", "jpeg": "jpg", "gif": "gif", "webp": "webp"}  # documented, with suffix


def upload_name(name: str, kind: str) -> str:
    """Return the name of an image with the suffix that fits what is in it."""
    return f"{PurePosixPath(name).stem}.{KINDS.get(kind, kind)}"


def build_body(text: str, uploads: tuple[str, ...], mode: Mode) -> dict[str, object]:
    """Return the body of `content/add`, as documented."""
    if mode is Mode.ARTICLE:
        title, body = title_and_body(text)
        cover = {"cover": uploads[0]} if uploads else {}
        return {"contentType": 2, "bodyTextOnly": body, "title": title, **cover}
    images = {"imageList": list(uploads)} if uploads else {}
    return {"contentType": 1, "bodyTextOnly": text, **images}
