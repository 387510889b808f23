from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BulkEdit(models.Model):
    """Many articles changed in one step: those of a sheet at once, those of a whole selection by a job.

    Of a sheet `changes` holds, per product or variant, each field before and after. Of a selection `plan` says what is
    to become of each column, `chosen` which products are looked at (until they have been), and `rows` what becomes of
    each. `counts` holds numbers by "rows" (their outcomes, and "unchanged") and "fields"; it moves with the rows.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("not made yet")
        RUNNING = "running", _("running")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("in force")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    MOVES: ClassVar[dict[str, set[str]]] = {
        State.CHECKING: {State.CHECKED},
        State.CHECKED: {State.RUNNING},
        State.RUNNING: {State.DONE, State.STOPPED},
        State.STOPPED: {State.RUNNING, State.UNDOING},
        State.DONE: {State.UNDOING, State.UNDONE},
        State.UNDOING: {State.UNDONE},
        State.UNDONE: set(),
    }
    WORKING: ClassVar[set[str]] = {State.CHECKING, State.RUNNING, State.UNDOING}

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("changed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.DONE)
    changes = models.JSONField(default=list)
    plan = models.JSONField(default=dict)
    chosen = models.JSONField(default=list)
    term = models.CharField(max_length=100, blank=True, help_text=_("What titles hold or SKUs begin with."))
    total = models.PositiveIntegerField(default=0, help_text=_("Products that the step at hand goes through."))
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    reason = models.CharField(_("reason"), max_length=16)
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("changed at"), auto_now_add=True)
    undone_at = models.DateTimeField(_("undone at"), null=True)

    class Meta:
        app_label = "exchange"
        verbose_name = _("bulk edit")
        verbose_name_plural = _("bulk edits")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING

    @property
    def percent(self) -> int:
        return min(100 * self.done // self.total, 100) if self.total else 0

    def count(self, group: str, name: str) -> int:
        return int(self.counts.get(group, {}).get(name, 0))

    @property
    def changed(self) -> int:
        """How many rows it has changed, or would change."""
        wide = self.count("rows", "planned") + self.count("rows", "changed") + self.count("rows", "undone")
        return wide + self.count("rows", "kept") + len(self.changes)

    @property
    def can_start(self) -> bool:
        return self.state in {self.State.CHECKED, self.State.STOPPED} and self.count("rows", "planned") > 0

    @property
    def can_stop(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def can_undo(self) -> bool:
        is_made = self.state in {self.State.DONE, self.State.STOPPED}
        return is_made and (bool(self.changes) or self.count("rows", "changed") > 0)

    def can_move(self, state: str) -> bool:
        return state in self.MOVES[self.state]


class EditRow(models.Model):
    """What becomes of a product or variant in an edit of a whole selection: each field before and after, or why not.

    `row_id` and `product_id` are no foreign keys, because what they name may be deleted, the history not.
    """

    class Outcome(models.TextChoices):
        PLANNED = "planned", _("to be changed")
        REFUSED = "refused", _("refused")
        CHANGED = "changed", _("changed")
        SKIPPED = "skipped", _("changed by somebody else")
        LEFT = "left", _("stopped before")
        UNDONE = "undone", _("as before")
        KEPT = "kept", _("not undone")

    class Problem(models.TextChoices):
        NO_PRICE = "no_price", _("It has no price to calculate with.")
        BELOW_ZERO = "below_zero", _("It would fall below zero.")
        TOO_LARGE = "too_large", _("The number is too large.")
        NOT_ABOVE = "not_above", _("The price before would not be above the price.")
        PROMISED = "promised", _("More pieces are promised to orders.")
        NO_VARIANT = "no_variant", _("It has no variant to sell.")
        NO_CATEGORY = "no_category", _("The category does not exist any more.")
        MEANWHILE = "meanwhile", _("It was changed since.")
        GONE = "gone", _("It does not exist any more.")

    edit = models.ForeignKey("exchange.BulkEdit", on_delete=models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=16)
    row_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    title = models.CharField(_("product"), max_length=200)
    sku = models.CharField(_("SKU"), max_length=64, blank=True)
    fields: Any = models.JSONField(default=dict)
    outcome = models.CharField(max_length=16, choices=Outcome)
    problem = models.CharField(max_length=16, choices=Problem, blank=True, default="")

    class Meta:
        app_label = "exchange"
        verbose_name = _("row of a bulk edit")
        verbose_name_plural = _("rows of a bulk edit")
        ordering = ["product_id", "pk"]
        indexes = [models.Index(fields=["edit", "outcome", "product_id"], name="exchange_editrow_outcome")]
