"""File an edition in a folder of its own: texts and charts to look at, JSON to read back."""

import json
from pathlib import Path
from tempfile import NamedTemporaryFile

from composer.errors import StateError
from composer.newsroom.draft_file import draft_tree
from composer.newsroom.records.editions import Draft, Edition, Image


def image_name(image: Image) -> str:
    """Return the file name of an image within its edition."""
    return f"{image.locale}.{image.kind}.png"


def file_images(edition: Edition, folder: Path) -> dict[Image, Path]:
    """Write the images of an edition into `folder` and return where each one is."""
    written: dict[Image, Path] = {}
    for draft in edition.drafts:
        for image in draft.images:
            file = folder / image_name(image)
            write_file(file, image.png)
            written[image] = file
    return written


def file_edition(edition: Edition, editions: Path) -> tuple[Path, dict[Image, Path]]:
    """Write an edition below the folder `editions`; return its folder and its images' files.

    Every file is complete or absent; filing the edition again replaces them. Raises
    StateError if the disk refuses.
    """
    folder = editions / edition.id
    try:
        images = _file(edition, folder)
    except StateError as error:
        msg = f"{error}; SQUAREDESK_HOME names the folder to write to"
        raise StateError(msg) from error
    return folder, images


def _file(edition: Edition, folder: Path) -> dict[Image, Path]:
    images = file_images(edition, folder)
    _write_json(folder / "figures.json", edition.figures.tree())
    for draft in edition.drafts:
        name = f"{draft.locale}.{draft.format}"
        write_file(folder / f"{name}.txt", f"{draft.body.text}\n".encode())
        _write_json(folder / f"{name}.json", filed_tree(draft, images))
    return images


def filed_tree(draft: Draft, images: dict[Image, Path]) -> dict[str, object]:
    """Return a draft as JSON values, with the files its images were written to."""
    return draft_tree(draft, [images[image] for image in draft.images])


def _write_json(file: Path, tree: object) -> None:
    text = json.dumps(tree, ensure_ascii=False, indent=2, allow_nan=False)
    write_file(file, f"{text}\n".encode())


def write_file(file: Path, content: bytes) -> None:
    """Put a whole file in place at once, so that no reader meets half of it.

    Raises StateError if the disk refuses; what stood there before then still does.
    """
    part_file = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as part:
            part_file = Path(part.name)
            part.write(content)
        part_file.chmod(0o644)
        part_file.replace(file)
    except OSError as error:
        if part_file is not None:
            part_file.unlink(missing_ok=True)
        msg = f"{file} cannot be written: {error.strerror}"
        raise StateError(msg) from error
