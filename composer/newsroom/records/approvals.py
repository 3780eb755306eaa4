"""What would be sent to an account, and a person's word that it may."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from composer.newsroom.records.drafts import AttachedImage


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """The exact text and images that would be sent to one account."""

    account: str
    text: str
    images: tuple[AttachedImage, ...]

    @property
    def sha256(self) -> str:
        """The fingerprint approval signs: account, text, images and their alternative texts."""
        canonical = json.dumps(
            {
                "account": self.account,
                "text": self.text,
                "images": [[image.sha256, image.alt] for image in self.images],
            },
            ensure_ascii=False,
            sort_keys=True,
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A person's word that exactly these renditions may go out until `expires_at`.

    `findings_sha256` is the fingerprint of what the checks said at that moment.
    """

    draft: int
    revision: int
    snapshot: str
    findings_sha256: str
    renditions: tuple[Rendition, ...]
    approver: str
    approved_at: datetime
    expires_at: datetime
    voided_at: datetime | None = None
    void_reason: str | None = None
