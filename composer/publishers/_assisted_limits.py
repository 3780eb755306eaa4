"""Hold a payload to the limits of a platform on which a person posts."""

from dataclasses import dataclass

from composer.errors import ContentRefusedError
from composer.publishers._images import image_kind
from composer.publishers._texts import cashtags, has_markdown, is_unicode
from composer.publishers.records import Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a post may have, counted in code points; None is no limit."""

    max_characters: int
    max_images: int
    max_cashtags: int | None
    draws_markdown: bool


def check_limits(payload: Payload, limits: Limits, title: str) -> None:
    """Raise ContentRefusedError, which names everything that keeps a payload from going out."""
    text, images, tags = payload.text, payload.images, cashtags(payload.text)
    most, coins = limits.max_characters, ", ".join(sorted(tags))
    wrong = [
        (not text.strip(), "it has no text"),
        (len(text) > most, f"it has {len(text):,} characters, {most:,} is the most"),
        (
            limits.max_cashtags is not None and len(tags) > limits.max_cashtags,
            f"it tags {len(tags)} coins ({coins}), {limits.max_cashtags} is the most",
        ),
        (
            not limits.draws_markdown and has_markdown(text),
            "it has Markdown, which would be shown as it is typed",
        ),
        (not is_unicode(text), "it has half a character (a lone surrogate)"),
        (
            len(images) > limits.max_images,
            f"it has {len(images)} images, {limits.max_images} is the most",
        ),
        *((image_kind(image.png) is None, f"{image.name} is no picture") for image in images),
    ]
    told = [message for is_wrong, message in wrong if is_wrong]
    if told:
        msg = f"{title} does not take this post: {'; '.join(told)}"
        raise ContentRefusedError(msg)
