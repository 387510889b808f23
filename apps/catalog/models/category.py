from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.translation import Translated


class Category(Translated):
    """A node of the category tree. `path` holds the slugs from the root, so a branch is one prefix query."""

    parent = models.ForeignKey(
        "self", verbose_name=_("parent"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=80)
    path = models.CharField(max_length=400, unique=True, editable=False)
    description = models.TextField(_("description"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        app_label = "catalog"
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name if "translations" in self.get_deferred_fields() else self.display_name

    def get_absolute_url(self) -> str:
        return reverse("catalog:category", args=[self.path])

    @property
    def display_name(self) -> str:
        return str(self.localized("name"))
