import secrets
from pathlib import PurePath
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.translation import Translated


def original_name(image: "ProductImage", filename: str) -> str:
    """An unguessable name: an original may still carry where and when it was taken."""
    return f"products/originals/{secrets.token_hex(16)}{PurePath(filename).suffix.lower()[:8]}"


class ProductImage(Translated):
    """A picture of a product, or of one of its variants.

    Either an upload (`file`) or a finished picture among the static files (`static_name`, for the demo). A job makes
    the renditions of an upload: `renditions = {"avif": [[320, name], …], "webp": […]}`; names hold a hash.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("being prepared")
        READY = "ready", _("ready")
        FAILED = "failed", _("not readable")

    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="images")
    variant = models.ForeignKey(
        "catalog.Variant",
        verbose_name=_("variant"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="images",
    )
    file = models.ImageField(_("file"), upload_to=original_name, blank=True)
    static_name = models.CharField(max_length=200, blank=True, editable=False)
    source_url = models.URLField(max_length=1000, blank=True, editable=False)
    alt = models.CharField(_("description for those who can't see it"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    renditions = models.JSONField(default=dict, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.PENDING, editable=False)

    class Meta:
        app_label = "catalog"
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.alt or f"#{self.pk}"

    def as_spec(self) -> dict[str, Any]:
        """What a page needs to show the picture, without any URL: kept on the listing and on order lines."""
        return {
            "static": bool(self.static_name),
            "renditions": self.renditions,
            "width": self.width,
            "height": self.height,
            "alt": {"": self.alt, **{lang: texts.get("alt", "") for lang, texts in self.translations.items()}},
        }
