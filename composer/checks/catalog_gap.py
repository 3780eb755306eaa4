"""A sentence that came out in English because its locale has no translation."""

from ast import literal_eval
from collections.abc import Iterable, Iterator
from string import Formatter

from composer.checks.records import Finding, Severity, Subject
from composer.text.passages import Passage

ID = "catalog_gap"
_TOLD = " has no translation of "


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding for each sentence without a translation."""
    return told(subject.gaps, subject.locale)


def told(gaps: Iterable[str], locale: str) -> Iterator[Finding]:
    """Yield what is found of sentences that a locale has no translation of."""
    for sentence in gaps:
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message=f"the catalog of {locale}{_TOLD}{sentence!r}",
        )


def still_there(findings: Iterable[Finding], passages: Iterable[Passage]) -> tuple[str, ...]:
    """Return the sentences found untranslated that one of the passages still has, each once."""
    texts = [_letters(passage.text) for passage in passages]
    found = [one.message.partition(_TOLD)[2] for one in findings if one.id == ID]
    sentences = dict.fromkeys(str(literal_eval(sentence)) for sentence in found)
    return tuple(one for one in sentences if any(_is_in(one, text) for text in texts))


def _is_in(sentence: str, text: str) -> bool:
    """Tell whether a text has the words of a sentence, whatever fills its placeholders."""
    at = 0
    for literal, *_ in Formatter().parse(sentence):
        words = _letters(literal)
        at = text.find(words, at)
        if at < 0:
            return False
        at += len(words)
    return True


def _letters(text: str) -> str:
    """Return a text without its white space: how lines are joined changes no words."""
    return "".join(text.split())
