from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """A product file on its way into the catalogue: tried first, then written chunk by chunk, and undone if it must be.

    `position` counts the entries of the file that are done and only moves with the chunk that was written, so a killed
    worker leaves a point to go on from. `counts` holds numbers by "outcomes", "products", "variants", "pictures" and
    "undo".
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        FAILED = "failed", _("failed")

    MOVES: ClassVar[dict[str, set[str]]] = {
        State.CHECKING: {State.CHECKED, State.FAILED},
        State.CHECKED: {State.RUNNING},
        State.RUNNING: {State.DONE, State.FAILED},
        State.DONE: {State.UNDOING},
        State.FAILED: {State.UNDOING},
        State.UNDOING: {State.UNDONE},
        State.UNDONE: set(),
    }
    WORKING: ClassVar[set[str]] = {State.CHECKING, State.RUNNING, State.UNDOING}

    name = models.CharField(_("file"), max_length=200)
    format = models.CharField(_("format"), max_length=16)
    encoding = models.CharField(_("encoding"), max_length=16)
    columns = models.JSONField(default=list, help_text=_("Columns that are understood, as the file calls them."))
    ignored = models.JSONField(default=list, help_text=_("Columns that this shop has no place for."))
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.CHECKING)
    total = models.PositiveIntegerField(_("rows"), null=True, help_text=_("Rows of the file, once they are counted."))
    rows_done = models.PositiveIntegerField(default=0)
    position = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    categories = models.JSONField(default=list, help_text=_("Paths of the categories that it made."))
    problem = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("started by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        app_label = "exchange"
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING

    @property
    def has_run(self) -> bool:
        """Whether its rows tell what was written, and not what would be."""
        return self.started_at is not None

    @property
    def percent(self) -> int:
        return min(100 * self.rows_done // self.total, 100) if self.total else 0

    def count(self, group: str, name: str) -> int:
        return int(self.counts.get(group, {}).get(name, 0))

    def can_move(self, state: str) -> bool:
        return state in self.MOVES[self.state]


class ImportPart(models.Model):
    """A piece of the file, in the database: every worker can read it, nobody by an address."""

    job = models.ForeignKey("exchange.Import", on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        app_label = "exchange"
        verbose_name = _("part of a file")
        verbose_name_plural = _("parts of a file")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="exchange_importpart_once")]


class ImportRow(models.Model):
    """What became of a row of the file, and of which product or variant: each field before and after.

    `product_id` and `variant_id` are no foreign keys, because what they name may be deleted, the history not.
    """

    class Kind(models.TextChoices):
        PRODUCT = "product", _("product")
        VARIANT = "variant", _("variant")
        PICTURE = "picture", _("picture")
        ROW = "row", _("row")

    class Outcome(models.TextChoices):
        CREATED = "created", _("created")
        UPDATED = "updated", _("updated")
        UNCHANGED = "unchanged", _("unchanged")
        SKIPPED = "skipped", _("skipped")
        FAILED = "failed", _("failed")

    job = models.ForeignKey("exchange.Import", on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    kind = models.CharField(max_length=16, choices=Kind)
    outcome = models.CharField(max_length=16, choices=Outcome)
    handle = models.CharField(_("product"), max_length=255, blank=True)
    sku = models.CharField(_("SKU"), max_length=255, blank=True)
    product_id = models.BigIntegerField(null=True)
    variant_id = models.BigIntegerField(null=True)
    fields: Any = models.JSONField(default=dict)
    made = models.JSONField(default=dict)
    stamp = models.DateTimeField(null=True, help_text=_("When the product was last changed, as the import left it."))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    kept = models.CharField(max_length=300, blank=True, help_text=_("Why undoing left the product as it is."))

    class Meta:
        app_label = "exchange"
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["number", "pk"]
        indexes = [
            models.Index(fields=["job", "outcome", "number"], name="exchange_row_outcome"),
            models.Index(fields=["job", "product_id"], name="exchange_row_product"),
        ]
