"""How accounts present themselves, from the settings of the creator, account and platform."""

from collections.abc import Iterable, Iterator

from composer.account_settings import AccountSettings, CampaignSettings, VoiceSettings
from composer.text.campaigns import Campaign
from composer.text.disclaimers import Jurisdiction
from composer.text.presence import Audience, Position, Presence


def presence_from(
    account: AccountSettings, voice: VoiceSettings, campaigns: Iterable[CampaignSettings]
) -> Presence:
    """Return the presence of an account; where it says nothing, `voice` speaks."""
    handle = voice.handle if account.handle is None else account.handle
    sign_off = voice.sign_off if account.sign_off is None else account.sign_off
    emoji = voice.emoji if account.emoji is None else account.emoji
    return Presence(
        jurisdiction=Jurisdiction(account.jurisdiction),
        audience=Audience(account.audience),
        position=None if account.position is None else Position(account.position),
        compensated=account.compensated,
        sponsor=account.sponsor or "",
        handle=handle or "",
        sign_off=sign_off or {},
        emoji=emoji is not False,
        campaigns=tuple(_campaigns(account.platform, campaigns)),
    )


def _campaigns(platform: str, campaigns: Iterable[CampaignSettings]) -> Iterator[Campaign]:
    for campaign in campaigns:
        if campaign.platform == platform:
            yield Campaign(
                name=campaign.name,
                starts=campaign.starts,
                ends=campaign.ends,
                texts=campaign.text,
                link=campaign.link or "",
            )
