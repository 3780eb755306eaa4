"""What a delivery has to pass at the last moment: its approval, and where the price has been."""

from dataclasses import dataclass

from composer.errors import RefusedError
from composer.newsroom.crossing import UnjudgedError, require_uncrossed
from composer.newsroom.outlets import PRIVATE_PLATFORMS
from composer.newsroom.ports.store import ReviewStore
from composer.newsroom.ports.world import Market
from composer.newsroom.records.approvals import Rendition
from composer.newsroom.records.deliveries import Account, Delivery
from composer.newsroom.records.drafts import DraftState
from composer.newsroom.records.people import Action
from composer.newsroom.review import Review
from composer.newsroom.standing import DraftView


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """Judges whether what was approved may still go out."""

    store: ReviewStore
    review: Review
    market: Market

    def approved(self, claimed: Delivery, account: Account) -> tuple[DraftView, Rendition]:
        """Return what is sent, rendered anew and held against what was signed.

        Raises RefusedError if it may not go out.
        """
        view = self.review.view(claimed.draft)
        if view.card.state is not DraftState.APPROVED or view.approval is None:
            (last,) = self.store.events(draft=view.card.id, limit=1)
            why = f": {last.detail}" if last.action is Action.APPROVAL_VOIDED else ""
            msg = f"draft {view.card.id} is {view.card.state.value}, not approved{why}"
            raise RefusedError(msg)
        prospect = self.review.prospect(view, account)
        rendition = prospect.rendition
        if rendition is None:
            found = ", ".join(prospect.blocked)
            msg = f"these findings keep the draft from {account.name}: {found}"
            raise RefusedError(msg)
        signed = {one.account: one.sha256 for one in view.approval.renditions}
        if not rendition.sha256 == signed.get(account.name) == claimed.rendition_sha256:
            msg = f"what would go to {account.name} is not what was approved; approve it again"
            raise RefusedError(msg)
        over = self.review.campaign_over(view, account)
        if over is not None:
            msg = f"{over}; when nothing else goes out under this approval, approve the draft again"
            raise RefusedError(msg)
        return view, rendition

    def require_uncrossed_for(self, view: DraftView, account: Account) -> None:
        """Raise CrossedError or UnjudgedError as `crossing` does, for what becomes public.

        Into a folder of our own goes also what cannot be judged, and what was made for a
        past moment goes nowhere else.
        """
        if view.snapshot.looked_from is not None:
            return
        try:
            require_uncrossed(self.store.edition(view.card.edition), view.snapshot, self.market)
        except UnjudgedError:
            if account.platform not in PRIVATE_PLATFORMS:
                raise
