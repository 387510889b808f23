from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductBody(models.Model):
    """The finished part of a product's page in one language, made by a job after each change of the product.

    Written by `services.bodies` only. `made_in` names the form of pages in which `content` was made
    (`apps.catalog.bodies`); "" says that the product has changed since. `revision` counts the changes, so that a job
    which read the product before one of them can't pass what it made for the newer.

    A row may outlive its listing and is deleted by the job: what takes a product off the lists would else hold it while
    waiting for the page journal, and who has that for it.
    """

    listing = models.ForeignKey(
        "catalog.Listing", on_delete=models.DO_NOTHING, db_constraint=False, related_name="bodies", db_index=False
    )
    language = models.CharField(max_length=15)
    made_in = models.CharField(max_length=16, default="")
    revision = models.PositiveIntegerField(default=0)
    content = models.BinaryField(default=b"")

    class Meta:
        app_label = "catalog"
        verbose_name = _("finished page")
        verbose_name_plural = _("finished pages")
        indexes = [models.Index(fields=["made_in"], name="catalog_body_made_in")]
        constraints = [models.UniqueConstraint(fields=["listing", "language"], name="catalog_body_once")]

    def __str__(self) -> str:
        return f"{self.listing_id} ({self.language})"
