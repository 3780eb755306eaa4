"""What Binance Square takes and what its answers mean: all its facts, and no network.

"documented" is the official client, github.com/binance/binance-skills-hub, folder
skills/binance/square-post, versions 1.1 to 2.0 (2026-03 to 2026-08). "observed" is what
third-party clients report of the real platform; it can change without a word.
"""

from enum import StrEnum
from pathlib import PurePosixPath

from composer.errors import ContentRefusedError
from composer.publishers._images import image_kind
from composer.publishers._texts import cashtags, has_markdown, is_unicode
from composer.publishers.records import Payload


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
MOST_IMAGES = {Mode.POST: 4, Mode.ARTICLE: 1}  # documented
# 2,100 and 80,000 are observed; 1,900 is the longest short post observed to be safe
MOST_CHARACTERS = {Mode.POST: 1_900, Mode.ARTICLE: 80_000}
MOST_TITLE_CHARACTERS = 100  # observed: one client cuts there
MOST_CASHTAGS = 3  # observed, see 220095
KINDS = {"png": "png", "jpeg": "jpg", "gif": "gif", "webp": "webp"}  # documented, with suffix


def title_and_body(text: str) -> tuple[str, str]:
    """Part an article into its first line and the rest."""
    title, _, body = text.strip().partition("\n")
    return title.strip(), body.strip()


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


def check_payload(payload: Payload, mode: Mode) -> None:
    """Raise ContentRefusedError, which names everything that keeps a payload from going out."""
    wrong = [*_wrong_text(payload.text, mode), *_wrong_images(payload, mode)]
    if wrong:
        msg = f"Binance Square does not take this {mode.value}: {'; '.join(wrong)}"
        raise ContentRefusedError(msg)


def _wrong_text(text: str, mode: Mode) -> list[str]:
    title, body = title_and_body(text) if mode is Mode.ARTICLE else ("", text)
    tags = cashtags(text)
    length, most = len(body), MOST_CHARACTERS[mode]
    wrong = [
        (not body.strip(), "it has no text"),
        (mode is Mode.ARTICLE and not title, "it has no title, which is its first line"),
        (length > most, f"it has {length:,} characters, {most:,} is the most"),
        (
            len(title) > MOST_TITLE_CHARACTERS,
            f"its title has {len(title)} characters, {MOST_TITLE_CHARACTERS} is the most",
        ),
        (
            len(tags) > MOST_CASHTAGS,
            f"it tags {len(tags)} coins ({', '.join(sorted(tags))}), {MOST_CASHTAGS} is the most",
        ),
        (has_markdown(text), "it has Markdown, which would be shown as it is typed"),
        (not is_unicode(text), "it has half a character (a lone surrogate)"),
    ]
    return [message for is_wrong, message in wrong if is_wrong]


def _wrong_images(payload: Payload, mode: Mode) -> list[str]:
    most = MOST_IMAGES[mode]
    wrong = [
        f"{image.name} is no picture of type {', '.join(KINDS)}"
        for image in payload.images
        if image_kind(image.png) is None
    ]
    if len(payload.images) > most:
        wrong.append(f"it has {len(payload.images)} images, {most} is the most")
    return wrong
