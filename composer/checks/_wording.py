"""Messages of findings that print figures."""

from composer.checks.records import Subject
from composer.text.amounts import AmountFormatter
from composer.text.tokens import render_tokens


def in_words(message: str, subject: Subject) -> str:
    """Return a message with its tokens written out in English, as the desk's findings are."""
    return render_tokens(message, subject.facts, AmountFormatter("en")).text
