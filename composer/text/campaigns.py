"""Campaigns: promotions of a platform, in the words of whoever runs squaredesk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from composer.text.passages import Passage, without_heading_marks

# Before anything of ours goes: nobody came for it.
_DROP_ORDER = -2


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A promotion that runs on one platform from `starts` until before `ends`.

    `texts` are its words by locale; `link` is an https address, or nothing.
    """

    name: str
    starts: datetime
    ends: datetime
    texts: Mapping[str, str]
    link: str = ""

    def runs_at(self, moment: datetime) -> bool:
        """Tell whether a post that goes out at a moment may carry it."""
        return self.starts <= moment < self.ends

    def is_over_at(self, moment: datetime) -> bool:
        """Tell whether it has ended by then."""
        return self.ends <= moment

    def told_over(self) -> str:
        """Return when it ended, for a finding or a reason."""
        return f"the campaign {self.name} ended on {self.ends.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    def is_in(self, text: str, locale: str) -> bool:
        """Tell whether a post carries it, also one that shows its headings as plain lines."""
        passage = self.passage(locale)
        if passage is None:
            return False
        return without_heading_marks(passage.text) in without_heading_marks(text)

    def passage(self, locale: str) -> Passage | None:
        """Return it as a passage; None if it has no words in this locale."""
        text = self.texts.get(locale)
        if text is None:
            return None
        return Passage(
            key=f"campaign.{self.name}",
            text=f"{text}\n{self.link}" if self.link else text,
            editable=False,
            drop_order=_DROP_ORDER,
            operator=True,
        )
