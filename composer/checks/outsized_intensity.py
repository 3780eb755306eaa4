"""More intensity near the price than the open interest it would have to be part of allows."""

from collections.abc import Iterator

from composer.checks._wording import in_words
from composer.checks.records import Finding, Severity, Subject
from composer.figures.facts import number_of
from composer.figures.thresholds import SHARE_DOUBTED, SHARE_HELD

ID = "outsized_intensity"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each side above a share of the venues' open interest.

    Within 5 % of price, a quarter of it blocks and a tenth warns: real figures reach 13 %.
    """
    for side in ("long", "short"):
        share = number_of(subject.facts, f"at_risk.{side}_share")
        if share is None or share <= SHARE_DOUBTED:
            continue
        yield Finding(
            id=ID,
            severity=Severity.BLOCK if share > SHARE_HELD else Severity.WARN,
            message=in_words(
                f"within [[at_risk.within|plain]] of the price the {side}s are "
                f"[[at_risk.{side}_share]] of the open interest of "
                "[[at_risk.open_interest_usd]]; look for a slip of unit",
                subject,
            ),
        )
