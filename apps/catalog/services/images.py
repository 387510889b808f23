"""Renditions of an uploaded picture: two formats, several widths, no metadata, names that hold a hash."""

from django.db import transaction
from django.tasks import task

from apps.catalog.models import ProductImage
from apps.catalog.services.picture_limits import FORMATS, UnreadablePicture
from apps.catalog.services.publishing import publish


@task(max_attempts=4, backoff=30.0, lease=300.0)
def make_renditions(image_id: int) -> None:
    """Make what the shop shows of an upload and publish its product.

    Safe to repeat: the same picture gives the same names. A file that can't be read marks the picture as failed; a
    storage that is away raises, and the queue tries again.
    """
    # Pillow takes a process 3 MB that shows pages to guests.
    from apps.catalog.services.renditions import in_widths, opened, saved

    image = ProductImage.objects.filter(pk=image_id).exclude(file="").first()
    if image is None:
        return
    source = str(image.file.name)
    try:
        picture = opened(image)
    except UnreadablePicture:
        _finish(image, source, state=ProductImage.State.FAILED, renditions={}, width=0, height=0)
        return
    renditions: dict[str, list[list[object]]] = {kind: [] for kind in FORMATS}
    for width, resized in in_widths(picture):
        for kind, options in FORMATS.items():
            renditions[kind].append([width, saved(resized, kind, options)])
    _finish(
        image,
        source,
        state=ProductImage.State.READY,
        renditions=renditions,
        width=picture.width,
        height=picture.height,
    )


def _finish(image: ProductImage, source: str, **fields: object) -> None:
    """Write the outcome, unless the upload was replaced meanwhile: then its own job does."""
    with transaction.atomic():
        if ProductImage.objects.filter(pk=image.pk, file=source).update(**fields):
            publish([image.product_id])
