"""What an approval signs: exact renditions, with what they were made and judged from."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from composer.errors import RefusedError
from composer.newsroom.draft_file import finding_tree
from composer.newsroom.records.approvals import Approval
from composer.newsroom.records.deliveries import Delivery
from composer.newsroom.records.drafts import Revision
from composer.newsroom.records.people import Person
from composer.newsroom.renditions import Prospect, blocking, renditions_in
from composer.newsroom.standing import DraftView


def sign(
    view: DraftView,
    prospects: Mapping[str, Prospect],
    by: Person,
    *,
    at: datetime,
    lasts: timedelta,
) -> Approval:
    """Return a person's word that a draft may go out to every account that can take it.

    Raises RefusedError if a finding blocks the draft, or no account can take it.
    """
    found = blocking(view.revision.findings)
    if found:
        msg = f"the draft cannot be approved while these findings stand: {', '.join(found)}"
        raise RefusedError(msg)
    renditions = renditions_in(prospects)
    if not renditions:
        msg = "no account can take this draft; add one, or look at the findings per account"
        raise RefusedError(msg)
    return Approval(
        draft=view.card.id,
        revision=view.revision.number,
        snapshot=view.snapshot.id,
        findings_sha256=_fingerprint(view.revision),
        renditions=renditions,
        approver=by.name,
        approved_at=at,
        expires_at=at + lasts,
    )


def accounts_to_queue(
    approval: Approval,
    deliveries: Iterable[Delivery],
    *,
    planned: Iterable[str],
    send_to: Iterable[str] | None,
) -> list[str]:
    """Return the accounts a draft is queued for with its approval.

    send_to : those asked for, or None for those its plan names that nothing is out to yet

    Raises RefusedError if one that was asked for cannot take the draft.
    """
    able = {rendition.account for rendition in approval.renditions}
    if send_to is None:
        out = {delivery.account for delivery in deliveries if not delivery.may_be_queued}
        return [account for account in planned if account in able - out]
    asked = list(dict.fromkeys(send_to))
    unable = [account for account in asked if account not in able]
    if unable:
        msg = f"{', '.join(unable)} cannot take this draft; look at the findings there"
        raise RefusedError(msg)
    return asked


def told_disclaimers(prospects: Mapping[str, Prospect]) -> str:
    """Return which disclaimer is signed for each account, in its version."""
    signed = {name: one.disclaimer for name, one in prospects.items() if one.rendition}
    return "; ".join(f"{name}: disclaimer {label}" for name, label in signed.items())


def _fingerprint(revision: Revision) -> str:
    listed = [finding_tree(finding) for finding in revision.findings]
    return hashlib.sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest()
