"""Campaigns that end between an approval and the post: nothing goes out with one that is over."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from composer.checks import campaign_over
from composer.newsroom.records.approvals import Rendition
from composer.newsroom.records.deliveries import Delivery
from composer.text.campaigns import Campaign


def campaign_over_in(
    signed: Rendition,
    campaigns: Iterable[Campaign],
    *,
    locale: str,
    publish_at: datetime,
    now: datetime,
) -> str | None:
    """Return what is told of a campaign that a signed text carries and that is over, if any.

    publish_at : when the text could first go out, as it was signed
    """
    return next(
        (
            f"{campaign_over.ID}: {campaign.told_over()}"
            for campaign in campaigns
            if campaign.runs_at(publish_at)
            and campaign.is_over_at(now)
            and campaign.is_in(signed.text, locale)
        ),
        None,
    )


def why_over(over: Mapping[str, str], deliveries: Iterable[Delivery]) -> str | None:
    """Return why an approval ends with campaigns that are over, or None if it goes on.

    It goes on where those posts are out already, and while others still go out under it.

    over : what is told of each account whose signed text carries one
    """
    seen = {delivery.account: delivery for delivery in deliveries}
    if any(one.state.goes_out_by_itself for name, one in seen.items() if name not in over):
        return None
    kept_back = (
        told for name, told in over.items() if name not in seen or seen[name].may_be_queued
    )
    return next(kept_back, None)
