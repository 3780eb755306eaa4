"""Raw answers in a file, for replay: what was asked, what came, when. Keys are not in it."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from composer.errors import ConfigError, SourceDataError
from composer.market.records import MarketSnapshot, Query
from composer.market.sources._fields import Fields
from composer.market.sources._http import Answer, Ask
from composer.market.sources._provider import Raw

_FIELDS = ("source", "symbol", "captured_at", "answers", "failures")
_ANSWER_FIELDS = ("endpoint", "request", "status", "retry_after", "body")
_FAILURE_FIELDS = ("endpoint", "message")
_REQUEST_FIELDS = ("method", "path", "params", "content")


def recording_text(raw: Raw) -> str:
    """Return a look at the market as JSON, answers word for word."""
    tree = {
        "source": raw.source,
        "symbol": raw.symbol,
        "captured_at": raw.captured_at.isoformat(),
        "answers": [
            {
                "endpoint": endpoint,
                "request": _request_tree(raw.asked[endpoint]),
                "status": answer.status,
                "retry_after": answer.retry_after,
                "body": answer.body,
            }
            for endpoint, answer in raw.answers.items()
        ],
        "failures": [
            {"endpoint": endpoint, "message": message} for endpoint, message in raw.failures.items()
        ],
    }
    return json.dumps(tree, ensure_ascii=False, indent=1)


def is_recording(tree: object) -> bool:
    """Return whether parsed JSON is meant as a recording."""
    return isinstance(tree, dict) and "answers" in tree


def replay(
    tree: object, path: Path, query: Query, readers: Mapping[str, Callable[[Raw], MarketSnapshot]]
) -> MarketSnapshot:
    """Return the market as the recorded answers show it, through the provider's own reading.

    Raises SourceDataError if the file is no recording of a known provider, or the answers
    are not what it promises; ConfigError if the query looks from before it was made.
    """
    raw = _raw(tree, path)
    if raw.source not in readers:
        known = ", ".join(sorted(readers))
        msg = f"{path.name}: source: expected one of {known}, got {raw.source!r}"
        raise SourceDataError(msg)
    if raw.captured_at > query.cutoff:
        msg = (
            f"{path.name} was recorded at {raw.captured_at.isoformat()}; look from then or "
            "later, or correct the clock"
        )
        raise ConfigError(msg)
    return readers[raw.source](raw)


def _raw(tree: object, path: Path) -> Raw:
    fields = Fields(path.name, tree, _FIELDS, SourceDataError)
    asked: dict[str, Ask] = {}
    answers: dict[str, Answer] = {}
    for number, item in enumerate(fields.items("answers"), start=1):
        one = Fields(f"{path.name}, answer {number}", item, _ANSWER_FIELDS, SourceDataError)
        endpoint = one.text("endpoint")
        request = one.table("request", _REQUEST_FIELDS)
        asked[endpoint] = Ask(endpoint=endpoint, path=request.text("path"))
        answers[endpoint] = Answer(
            status=int(one.number("status", minimum=100)),
            body=one.text("body", may_be_blank=True),
            retry_after=one.text("retry_after", may_be_blank=True),
        )
    failures: dict[str, str] = {}
    for number, item in enumerate(fields.items("failures", at_least=0), start=1):
        one = Fields(f"{path.name}, failure {number}", item, _FAILURE_FIELDS, SourceDataError)
        endpoint = one.text("endpoint")
        asked[endpoint] = Ask(endpoint=endpoint, path="")
        failures[endpoint] = one.text("message")
    return Raw(
        source=fields.text("source"),
        symbol=fields.text("symbol"),
        captured_at=_moment(fields),
        asked=asked,
        answers=answers,
        failures=failures,
    )


def _moment(fields: Fields) -> datetime:
    expected = "an ISO 8601 time with its zone"
    text = fields.text("captured_at")
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            fields.refuse("captured_at", expected, text)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        fields.refuse("captured_at", expected, text)


def _request_tree(asked: Ask) -> dict[str, object]:
    return {
        "method": asked.method,
        "path": asked.path,
        "params": dict(asked.params),
        "content": asked.content,
    }
