"""A campaign that runs and has no words in the language of a post."""

from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject

ID = "campaign_untranslated"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a warning for each running campaign that the post cannot show."""
    for campaign in subject.presence.campaigns:
        runs = subject.publish_at is not None and campaign.runs_at(subject.publish_at)
        if runs and subject.locale not in campaign.texts:
            yield Finding(
                id=ID,
                severity=Severity.WARN,
                message=(
                    f"the campaign {campaign.name} has no text in {subject.locale}; it is left "
                    "out. Add one to the settings"
                ),
            )
