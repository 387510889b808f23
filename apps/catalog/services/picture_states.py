"""What a picture was before something replaced it, and how it becomes that again."""

from collections.abc import Iterable, Mapping
from typing import Any

from apps.catalog.models import ProductImage

_CHOSEN = ("file", "static_name", "source_url", "alt", "translations", "position", "variant_id")
_RENDERED = ("width", "height", "renditions", "state")


def picture_states(product_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The fields of each picture of these products, by its key; as JSON has them."""
    rows = ProductImage.objects.filter(product_id__in=list(product_ids)).order_by()
    return {row["pk"]: row for row in rows.values("pk", "product_id", *_CHOSEN, *_RENDERED)}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Old and new value of what was chosen for a picture; with another file also of what was made of it."""
    names = [name for name in _CHOSEN if before[name] != after[name]]
    if "file" in names or "static_name" in names:
        names += _RENDERED
    return {name: [before[name], after[name]] for name in names}


def restore_picture(*, image_id: int, fields: Mapping[str, list[Any]]) -> bool:
    """Give the picture its old values back; False, and nothing is changed, if it is gone or has been changed since."""
    row = ProductImage.objects.filter(pk=image_id).values(*_CHOSEN).first()
    if row is None or any(row[name] != values[1] for name, values in fields.items() if name in _CHOSEN):
        return False
    ProductImage.objects.filter(pk=image_id).update(**{name: values[0] for name, values in fields.items()})
    return True
