from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class StockCount(models.Model):
    """A stock take: of all variants, or of those in one category and what is below it.

    `name` keeps the category's name, so that the count of a category that is gone counts nothing, and not everything.
    """

    class State(models.TextChoices):
        OPEN = "open", _("being counted")
        CLOSED = "closed", _("ended")
        DROPPED = "dropped", _("dropped")

    category = models.ForeignKey(
        "catalog.Category",
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    name = models.CharField(max_length=120, blank=True, editable=False)
    blind = models.BooleanField(
        _("hide what should be there"),
        default=False,
        help_text=_("Who counts then sees no number to agree with."),
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.OPEN, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("started by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)

    class Meta:
        app_label = "inventory"
        verbose_name = _("stock take")
        verbose_name_plural = _("stock takes")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "closed", "dropped"]), name="inventory_count_state_known"
            )
        ]

    def __str__(self) -> str:
        return self.name or gettext("Everything")

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class CountLine(models.Model):
    """What was counted of one variant, and what the shop expected at that moment; nothing counted, no row.

    `version` grows with every change, so that two people at one shelf see each other's numbers before replacing them.
    """

    class State(models.TextChoices):
        COUNTED = "counted", _("counted")
        WRITTEN = "written", _("in the books")
        MOVED = "moved", _("moved meanwhile")
        REFUSED = "refused", _("refused")

    count = models.ForeignKey("inventory.StockCount", on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+")
    counted = models.PositiveIntegerField(_("counted"))
    expected = models.IntegerField(_("expected"))
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.COUNTED)
    problem = models.TextField(_("why not"), blank=True)
    version = models.PositiveIntegerField(default=1)
    counted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    counted_at = models.DateTimeField(_("when"), auto_now=True)

    class Meta:
        app_label = "inventory"
        verbose_name = _("counted line")
        verbose_name_plural = _("counted lines")
        ordering = ["variant_id"]
        constraints = [
            models.UniqueConstraint(fields=["count", "variant"], name="inventory_line_once"),
            models.CheckConstraint(
                condition=Q(state__in=["counted", "written", "moved", "refused"]), name="inventory_line_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counted} / {self.expected}"

    @property
    def difference(self) -> int:
        return self.counted - self.expected

    @property
    def is_settled(self) -> bool:
        """Whether the number still stands: nobody has to look at the shelf again."""
        return self.state != self.State.MOVED

    @property
    def mark(self) -> str:
        return f"{self.pk}-{self.version}"
