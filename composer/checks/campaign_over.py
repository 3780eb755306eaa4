"""A campaign that has ended and is configured all the same."""

from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject

ID = "campaign_over"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a warning for each campaign that is over when the post could go out."""
    for campaign in subject.presence.campaigns:
        if subject.publish_at is not None and campaign.is_over_at(subject.publish_at):
            yield Finding(
                id=ID,
                severity=Severity.WARN,
                message=f"{campaign.told_over()}; it is left out. Remove it from the settings",
            )
