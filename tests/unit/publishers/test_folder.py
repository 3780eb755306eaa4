"""The folder as a platform: exactly the payload, and the receipt last."""

import json
from pathlib import Path

import pytest

from composer.errors import ConfigError, UnsentError
from composer.publishers import platforms
from composer.publishers.folder import FolderPublisher, open_publisher
from composer.publishers.records import SAFE, Payload, PayloadImage, Receipt

PAYLOAD = Payload(
    key="draft-7",
    account="desk",
    text="上方空单 27.05 亿美元\n- $2.705 billion",
    images=(PayloadImage(name="image-1.png", png=b"\x89PNG", alt="A chart."),),
    sha256="ab" * 32,
)


def publish(publisher: FolderPublisher) -> Receipt:
    return publisher.send(publisher.prepare(PAYLOAD))


def test_it_is_found_by_its_file() -> None:
    assert platforms()["folder"] is open_publisher


def test_what_is_written_is_the_payload(tmp_path: Path) -> None:
    receipt = publish(FolderPublisher(root=tmp_path))
    folder = tmp_path / "desk" / "draft-7"
    assert receipt.reference == folder.as_uri()
    assert (folder / "post.txt").read_bytes() == PAYLOAD.text.encode()
    assert (folder / "image-1.png").read_bytes() == b"\x89PNG"
    assert json.loads((folder / "receipt.json").read_text("utf-8")) == {
        "key": "draft-7",
        "account": "desk",
        "sha256": PAYLOAD.sha256,
        "images": [{"name": "image-1.png", "alt": "A chart."}],
    }


def test_it_may_be_repeated(tmp_path: Path) -> None:
    publisher = FolderPublisher(root=tmp_path)
    assert publisher.repeatability is SAFE
    assert publish(publisher) == publish(publisher)
    assert len(list(tmp_path.rglob("*"))) == 5  # two folders, post, image, receipt


def test_a_disk_that_refuses_is_no_receipt(tmp_path: Path) -> None:
    blocked = tmp_path / "root"
    blocked.write_text("a file", encoding="utf-8")
    with pytest.raises(UnsentError, match="cannot be written"):  # goes on when there is room
        publish(FolderPublisher(root=blocked))


@pytest.mark.parametrize("configuration", [{}, {"root": ""}])
def test_it_needs_to_know_where(configuration: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="needs root"):
        open_publisher(configuration)
