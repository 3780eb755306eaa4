"""Hold a payload to the limits of its platform, whoever posts there."""

from composer.errors import ContentRefusedError
from composer.publishers._images import image_kind
from composer.publishers.records import Limits, Payload


def check_limits(payload: Payload, limits: Limits, title: str) -> None:
    """Raise ContentRefusedError, which names everything that keeps a payload from going out."""
    images, most = payload.images, limits.max_images
    told = [
        *limits.wrong_with(payload.text),
        *(f"{image.name} is no picture" for image in images if image_kind(image.png) is None),
    ]
    if most is not None and len(images) > most:
        told.append(f"it has {len(images)} images, {most} is the most")
    if told:
        msg = f"{title} does not take this post: {'; '.join(told)}"
        raise ContentRefusedError(msg)
