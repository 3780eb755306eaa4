"""A folder as a platform: post.txt, the images and receipt.json, one folder a delivery.

For people who post by hand, and for looking at exactly what would be sent. Writing the
same payload again changes nothing, so it may be repeated.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from composer.errors import ConfigError, UnsentError
from composer.publishers.records import (
    NO_LIMITS,
    SAFE,
    Limits,
    Payload,
    PostAddress,
    Prepared,
    Publisher,
    Receipt,
    Repeatability,
)

POST = "post.txt"
RECEIPT = "receipt.json"
_POST_ADDRESS = PostAddress(pattern="file://.+", example="file:///…/outbox/folder/…")


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPublisher:
    """Writes payloads below one folder."""

    root: Path
    repeatability: Repeatability = SAFE
    post_address: PostAddress = _POST_ADDRESS
    limits: Limits = NO_LIMITS

    def prepare(self, payload: Payload) -> Prepared:
        """Take the payload as it is: a folder has no limits."""
        return Prepared(payload=payload)

    def send(self, prepared: Prepared) -> Receipt:
        """Write the payload; the receipt comes last, so a folder without one is unfinished."""
        payload = prepared.payload
        folder = self.root / payload.account / payload.key
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / POST).write_bytes(payload.text.encode())
            for image in payload.images:
                (folder / image.name).write_bytes(image.png)
            receipt = {
                "key": payload.key,
                "account": payload.account,
                "sha256": payload.sha256,
                "images": [{"name": image.name, "alt": image.alt} for image in payload.images],
            }
            text = json.dumps(receipt, ensure_ascii=False, indent=2)
            (folder / RECEIPT).write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            msg = f"{folder} cannot be written: {error.strerror}; make room there"
            raise UnsentError(msg) from error
        return Receipt(reference=folder.resolve().as_uri())


def limits_of(_configuration: Mapping[str, str]) -> Limits:
    """Return what fits: anything."""
    return NO_LIMITS


def open_publisher(configuration: Mapping[str, str]) -> Publisher:
    """Return the publisher into the folder `root`. Raises ConfigError if none is given."""
    root = configuration.get("root")
    if not root:
        msg = "the platform folder needs root, the folder to write to"
        raise ConfigError(msg)
    return FolderPublisher(root=Path(root))
