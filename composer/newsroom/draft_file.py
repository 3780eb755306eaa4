"""Drafts as JSON: what `draft --json` prints, what is filed, what `check` reads back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from textwrap import shorten

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError

from composer.checks.records import Finding
from composer.errors import ConfigError
from composer.figures.facts import Fact, FactKind
from composer.newsroom.records.editions import Draft
from composer.text.passages import Passage


def draft_tree(draft: Draft, image_files: Sequence[Path]) -> dict[str, object]:
    """Return a draft as plain JSON values; `image_files` are where its images were put."""
    return {
        "edition": draft.edition,
        "locale": draft.locale,
        "format": draft.format,
        "title": draft.title,
        "body": draft.body.text,
        "source_text": draft.source_text,
        "passages": [
            {
                "key": passage.key,
                "text": passage.text,
                "editable": passage.editable,
                "drop_order": passage.drop_order,
                "claims": list(passage.claims),
            }
            for passage in draft.passages
        ],
        "facts": [_fact_tree(fact) for fact in draft.facts.values()],
        "findings": [finding_tree(finding) for finding in draft.findings],
        "images": [
            {"path": str(file.resolve()), "kind": image.kind, "alt": image.alt}
            for image, file in zip(draft.images, image_files, strict=True)
        ],
    }


def finding_tree(finding: Finding) -> dict[str, object]:
    """Return a finding as plain JSON values."""
    return {
        "id": finding.id,
        "severity": finding.severity.value,
        "passage": finding.passage,
        "span": list(finding.span) if finding.span else None,
        "message": finding.message,
        "fix": finding.fix,
    }


def _fact_tree(fact: Fact) -> dict[str, object]:
    return {
        "id": fact.id,
        "kind": fact.kind.value,
        "value": _iso(fact.value) if isinstance(fact.value, datetime) else float(fact.value),
        "symbol": fact.symbol,
        "as_of": _iso(fact.as_of),
        "source": fact.source,
        "note": fact.note,
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


class _FiledPassage(BaseModel):
    model_config = ConfigDict(extra="forbid")
    key: str
    text: str
    editable: bool
    drop_order: int | None
    claims: tuple[str, ...]


class _FiledFact(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    kind: FactKind
    value: AwareDatetime | Decimal
    symbol: str
    as_of: AwareDatetime
    source: str
    note: str | None


class _FiledFinding(BaseModel):
    id: str
    message: str


class _FiledDraft(BaseModel):
    edition: str
    locale: str
    format: str
    title: str
    body: str
    source_text: str
    findings: tuple[_FiledFinding, ...]
    passages: tuple[_FiledPassage, ...]
    facts: tuple[_FiledFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledDraft:
    """A draft read back from a file, perhaps after somebody edited it.

    `found` are the messages of what was found when it was filed, by the finding's id.
    """

    edition: str
    locale: str
    format: str
    title: str
    body: str
    source_text: str
    found: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]
    facts: Mapping[str, Fact]


_FILE = TypeAdapter(tuple[_FiledDraft, ...])


def read_drafts(file: Path) -> list[FiledDraft]:
    """Return the drafts of a file: one draft or a list, as `draft --json` prints them.

    Raises ConfigError that names file, draft and field if it holds something else.
    """
    try:
        # Decimals from the start: a figure must not pass through a binary fraction.
        content = json.loads(
            file.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal
        )
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}"
        raise ConfigError(msg) from error
    except ValueError as error:
        msg = f"{file} is not JSON: {error}; expected what `squaredesk draft --json` prints"
        raise ConfigError(msg) from error
    except (ArithmeticError, RecursionError) as error:
        msg = f"{file} holds a number or a nesting beyond all measure"
        raise ConfigError(msg) from error
    listed = content if isinstance(content, list) else [content]
    if not listed:
        msg = f"{file} holds no draft; expected what `squaredesk draft --json` prints"
        raise ConfigError(msg)
    try:
        filed = _FILE.validate_python(listed)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        got = "" if first["type"] == "missing" else f", got {shorten(repr(first['input']), 80)}"
        msg = f"{file}, draft and field {where}: {first['msg'].lower()}{got}"
        raise ConfigError(msg) from error
    return [
        FiledDraft(
            edition=draft.edition,
            locale=draft.locale,
            format=draft.format,
            title=draft.title,
            body=draft.body,
            source_text=draft.source_text,
            found=tuple((finding.id, finding.message) for finding in draft.findings),
            passages=tuple(Passage(**passage.model_dump()) for passage in draft.passages),
            facts={fact.id: Fact(**fact.model_dump()) for fact in draft.facts},
        )
        for draft in filed
    ]
