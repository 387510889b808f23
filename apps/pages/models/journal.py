"""What has changed on the pages, in the order of the commits: every process reads it and drops what it kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PageClock(models.Model):
    """One row. Whoever changes pages counts it up and so holds it until the commit: numbers commit in order."""

    number = models.BigIntegerField(default=0)

    class Meta:
        app_label = "pages"
        verbose_name = _("page clock")
        verbose_name_plural = _("page clocks")


class PageChange(models.Model):
    """One committed change: the tags of the pages that show it, separated by spaces. Numbers have no gaps."""

    number = models.BigIntegerField(primary_key=True)
    tags = models.TextField()

    class Meta:
        app_label = "pages"
        verbose_name = _("change of pages")
        verbose_name_plural = _("changes of pages")
