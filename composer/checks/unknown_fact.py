"""A token that prints nothing: its fact or its style does not exist, or it is misspelt."""

from collections.abc import Iterator
from difflib import get_close_matches

from composer.checks.records import Finding, Severity, Subject
from composer.text.amounts import AmountFormatter
from composer.text.tokens import Token, find_tokens, stray_brackets, write_token

ID = "unknown_fact"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding for each token that cannot be written out."""
    amounts = AmountFormatter(subject.locale)
    for passage in subject.passages:
        for token in find_tokens(passage.text):
            fact = subject.facts.get(token.fact_id)
            if fact is None:
                fix = _nearest(token, subject, amounts)
                hint = f"; did you mean {fix}?" if fix else "; see the figures for what there is"
                message = f"there is no fact {token.fact_id}{hint}"
            elif not amounts.knows(fact.kind, token.style):
                fix = write_token(token.fact_id)
                message = f"{token.fact_id} cannot be written in the style {token.style!r}"
            else:
                continue
            yield Finding(
                id=ID,
                severity=Severity.BLOCK,
                passage=passage.key,
                span=(token.start, token.end),
                message=message,
                fix=fix,
            )
        for start in stray_brackets(passage.text):
            yield Finding(
                id=ID,
                severity=Severity.BLOCK,
                passage=passage.key,
                span=(start, start + 2),
                message="these brackets are no token; a token reads [[price]] or [[ratio|prose]]",
            )


def _nearest(token: Token, subject: Subject, amounts: AmountFormatter) -> str | None:
    near = get_close_matches(token.fact_id, subject.facts, n=1)
    if not near:
        return None
    known = amounts.knows(subject.facts[near[0]].kind, token.style)
    return write_token(near[0], token.style if known else "")
