from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.translation import Translated


class TextPage(Translated):
    """A page of words. One with the slug of a sample text takes its place once it is published."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True, help_text=_("The last part of its address."))
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), blank=True, help_text=_("Simple HTML; it is sanitised."))
    meta_description = models.CharField(_("description for search engines"), max_length=320, blank=True)
    published = models.BooleanField(_("published"), default=False, help_text=_("Until then only staff see it."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        app_label = "pages"
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pages:page", args=[self.slug])


class Moved(models.Model):
    """An address that was in use and where its page is now. Both without the language: "/products/old-mug/"."""

    old = models.CharField(max_length=500, unique=True)
    new = models.CharField(max_length=500, db_index=True)

    class Meta:
        app_label = "pages"
        verbose_name = _("moved address")
        verbose_name_plural = _("moved addresses")

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
