"""What is in a text, for the limits of any platform."""

import re

_TAG = re.compile(r"\$([A-Za-z0-9]+)")
_AMOUNT = re.compile(r"[0-9]+(?:k|m|mn|b|bn|t|tn)?", re.IGNORECASE)  # $248M is no coin
_TOPIC = re.compile(r"(?<![\w&#])#(\w*[^\W\d]\w*)")  # #1 is no topic
_MARKDOWN = re.compile(r"\*\*[^*\n]+\*\*|^#{1,6} |\]\(https?://|^\|.*\|$|^```", re.MULTILINE)


def cashtags(text: str) -> set[str]:
    """Return the coins a text tags, in capitals; an amount in dollars is no tag."""
    return {tag.upper() for tag in _TAG.findall(text) if not _AMOUNT.fullmatch(tag)}


def hashtags(text: str) -> set[str]:
    """Return the topics a text tags, in small letters; a number is no topic."""
    return {topic.lower() for topic in _TOPIC.findall(text)}


def title_and_body(text: str) -> tuple[str, str]:
    """Part an article into its first line and the rest."""
    title, _, body = text.strip().partition("\n")
    return title.strip(), body.strip()


def has_markdown(text: str) -> bool:
    """Tell whether a text has marks that show as typed where Markdown is not drawn."""
    return bool(_MARKDOWN.search(text))


def is_unicode(text: str) -> bool:
    """Tell whether a text can be written down: half a character (a lone surrogate) cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
