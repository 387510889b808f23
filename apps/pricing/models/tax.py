from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class TaxRate(models.Model):
    """The sales tax of a country (or of one region of it) for a class of goods, from a day on.

    `rate` is in parts per million: 190000 is 19 %. Integers, because SQLite keeps decimals as floats.
    """

    country = models.CharField(_("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")])
    region = models.CharField(_("region"), max_length=100, blank=True)
    tax_class = models.CharField(_("tax class"), max_length=16)
    rate = models.PositiveIntegerField(
        _("rate"),
        help_text=_("In parts per million: 190000 is 19 %."),
        validators=[MaxValueValidator(1_000_000)],
    )
    valid_from = models.DateField(_("valid from"))

    class Meta:
        app_label = "pricing"
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ["country", "region", "tax_class", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "region", "tax_class", "valid_from"], name="pricing_taxrate_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.region} {self.tax_class} {self.rate / 10_000:g} %".replace("  ", " ")
