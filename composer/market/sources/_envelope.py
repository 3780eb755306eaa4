"""Answers that say inside their body, often with HTTP 200, whether there is anything in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from composer.errors import SourceRefusedError, SourceUnavailableError
from composer.market.sources._fields import shown
from composer.market.sources._provider import Raw
from composer.market.sources._reading import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """How one exchange wraps its answers.

    code, message, content : names of the fields
    fine : the code of success; codes are compared as text, for some send numbers
    later : the codes that ask for patience
    remedies : what to do about a refusal, by its code
    """

    code: str
    message: str
    content: str
    fine: str
    later: frozenset[str]
    remedies: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def open(self, raw: Raw, endpoint: str) -> Node:
        """Return the content of an answer.

        Raises SourceUnavailableError if the exchange asks for patience, SourceRefusedError
        if it says no, SourceDataError if there is no envelope, and what `Raw.json` raises.
        """
        found = raw.json(endpoint)
        code = found.field(self.code)
        said = str(code.value)
        if said == self.fine:
            return found.field(self.content)
        if not said.isdecimal():
            code.refuse(f"a code, {self.fine} for success")
        words = shown(found.field(self.message).value)
        told = f"{raw.where(endpoint)}: error {said[:20]}, {words}"
        if said in self.later:
            msg = f"{told}; it was asked too often or is busy, try later"
            raise SourceUnavailableError(msg)
        remedy = self.remedies.get(said, "it refuses this request, check the symbol")
        msg = f"{told}; {remedy}"
        raise SourceRefusedError(msg)
