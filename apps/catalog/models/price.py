from django.db import models
from django.utils.translation import gettext_lazy as _


class PriceChange(models.Model):
    """From when on a visible variant was offered at a price, in minor units; None is "on request". Never edited.

    What a reduced price has to be compared with (directive 98/6/EC, article 6a) is found here.
    """

    variant = models.ForeignKey(
        "catalog.Variant", on_delete=models.CASCADE, related_name="price_changes", db_index=False
    )
    price = models.BigIntegerField(_("price"), null=True)
    at = models.DateTimeField(_("since"))

    class Meta:
        app_label = "catalog"
        verbose_name = _("price change")
        verbose_name_plural = _("price changes")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["variant", "at"], name="catalog_pricechange_since")]

    def __str__(self) -> str:
        return f"{self.price} {self.at}"
