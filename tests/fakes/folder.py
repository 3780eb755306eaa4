"""A folder needs no server: its fake is a real folder, and looks at what is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from composer.publishers.records import Payload
from tests.fakes import FaultList, Stored

FAULTS: FaultList = ()


class FolderPlatform:
    """Posts are the folders with a receipt."""

    secrets: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()

    def __init__(self, root: Path) -> None:
        self._root = root
        self.configuration = {"root": str(root)}

    def posts(self) -> list[Stored]:
        return [
            Stored(
                text=(receipt.parent / "post.txt").read_bytes().decode(),
                images=tuple(
                    image.read_bytes() for image in sorted(receipt.parent.glob("image-*"))
                ),
            )
            for receipt in sorted(self._root.rglob("receipt.json"))
        ]

    def script(self, endpoint: str, fault: str, occurrence: int = 1) -> None:
        msg = f"a folder has no endpoint {endpoint} to play {fault} at {occurrence}"
        raise AssertionError(msg)

    def refused(self) -> dict[str, Payload]:
        return {}


@contextmanager
def open_fake(folder: Path) -> Iterator[FolderPlatform]:
    yield FolderPlatform(folder / "outbox")
