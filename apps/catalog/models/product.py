from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.money import Money, shop_money
from apps.core.translation import Translated

_SLUG = "a-slug"
SKU_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"


class TaxClass(models.TextChoices):
    STANDARD = "standard", _("standard rate")
    REDUCED = "reduced", _("reduced rate")
    ZERO = "zero", _("no tax")


class ProductQuerySet(models.QuerySet["Product"]):
    def visible(self) -> Self:
        """What a visitor may see: published, not a draft, not archived."""
        return self.filter(status=Product.Status.ACTIVE)


class Product(Translated):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        ARCHIVED = "archived", _("Archived")

    slug = models.SlugField(_("slug"), max_length=160, unique=True)
    title = models.CharField(_("title"), max_length=200)
    subtitle = models.CharField(_("subtitle"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Simple HTML; it is sanitised."))
    vendor = models.CharField(_("maker"), max_length=120, blank=True)
    category = models.ForeignKey(
        "catalog.Category",
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="products",
    )
    tax_class = models.CharField(_("tax class"), max_length=16, choices=TaxClass, default=TaxClass.STANDARD)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.DRAFT)
    maker_details = models.TextField(
        _("maker, with addresses"),
        blank=True,
        help_text=_("Name, postal and electronic address, line by line. Required for most goods sold in the EU."),
    )
    eu_contact = models.TextField(
        _("responsible in the EU"),
        blank=True,
        help_text=_("Name, postal and electronic address, where the maker is outside the EU."),
    )
    safety_notes = models.TextField(
        _("warnings and safety information"), blank=True, help_text=_("One per line, in the customers' language.")
    )
    seo_title = models.CharField(_("title for search engines"), max_length=200, blank=True)
    seo_description = models.CharField(_("description for search engines"), max_length=320, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    gallery = models.JSONField(
        default=list, editable=False, help_text=_("Its pictures and which variants they show, by `services.publish`.")
    )
    companions = models.JSONField(
        default=list, editable=False, help_text=_("Ids of products bought with it, by `services.keep_companions`.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        app_label = "catalog"
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status"], name="catalog_product_status")]

    def __str__(self) -> str:
        # A list that leaves the translations unread must not ask for each of them.
        return self.title if "translations" in self.get_deferred_fields() else self.display_title

    def get_absolute_url(self) -> str:
        return product_address(self.slug)

    @property
    def display_title(self) -> str:
        return str(self.localized("title"))

    @property
    def display_subtitle(self) -> str:
        return str(self.localized("subtitle"))

    @property
    def is_visible(self) -> bool:
        return self.status == self.Status.ACTIVE


class Option(Translated):
    """A way in which variants differ: colour, size."""

    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="options")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        app_label = "catalog"
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="catalog_option_name_once")]

    def __str__(self) -> str:
        return self.name


class OptionValue(Translated):
    option = models.ForeignKey("catalog.Option", on_delete=models.CASCADE, related_name="values")
    value = models.CharField(_("value"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        app_label = "catalog"
        verbose_name = _("option value")
        verbose_name_plural = _("option values")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["option", "value"], name="catalog_optionvalue_once")]

    def __str__(self) -> str:
        return self.value


def lowest_before(asked: dict[str, Any], compare_at_price: int | None) -> int | None:
    """What `Variant.asked` says of the 30 days before a reduction."""
    lowest = asked.get("lowest") if compare_at_price is not None else None
    return None if lowest is None else int(lowest)


@lru_cache(maxsize=16)
def _address(language: str) -> str:
    """Asking Django for an address costs as much as showing it; they differ in nothing but the slug."""
    return reverse("catalog:product-detail", args=[_SLUG])


def product_address(slug: str) -> str:
    """The path of a product's page in the language of now."""
    return product_addresses([slug])[0]


def product_addresses(slugs: Iterable[str]) -> list[str]:
    """The same for many: asking for the language takes longer than all else."""
    address = _address(get_language() or settings.LANGUAGE_CODE)
    return [address.replace(_SLUG, slug) for slug in slugs]


class Variant(models.Model):
    """What is bought: one combination of option values with its own SKU, price and stock.

    The matrix may have holes: a combination without a variant does not exist. `price` is in minor units of the shop's
    currency; None means "on request", which can be seen but not bought.
    """

    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField(_("SKU"), max_length=64, unique=True, validators=[RegexValidator(rf"^{SKU_PATTERN}\Z")])
    merchant_sku = models.CharField(_("SKU at the source"), max_length=255, blank=True, editable=False)
    values = models.ManyToManyField(
        "catalog.OptionValue", verbose_name=_("option values"), blank=True, related_name="variants"
    )
    option_key = models.CharField(
        max_length=200,
        editable=False,
        default="",
        help_text=_("The ids of its option values in order, joined by a dash."),
    )
    price = models.BigIntegerField(_("price"), null=True, blank=True, validators=[MinValueValidator(0)])
    compare_at_price = models.BigIntegerField(
        _("price before the reduction"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    weight_grams = models.PositiveIntegerField(_("weight in grams"), default=0)
    barcode = models.CharField(_("barcode"), max_length=64, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    summary = models.JSONField(
        default=dict,
        editable=False,
        help_text=_("Its options and picture, written by `services.publish`: a cart line needs no further query."),
    )

    asked = models.JSONField(
        default=dict,
        editable=False,
        help_text=_("Its price as last published, and the lowest before its reduction, by `services.publish`."),
    )

    class Meta:
        app_label = "catalog"
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "option_key"], name="catalog_variant_combination_once"),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="catalog_variant_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(compare_at_price__isnull=True) | Q(compare_at_price__gt=F("price")),
                name="catalog_variant_compare_at_above_price",
            ),
        ]

    def __str__(self) -> str:
        return self.sku

    def get_absolute_url(self) -> str:
        return f"{self.product.get_absolute_url()}?variant={self.sku}"

    @property
    def money(self) -> Money | None:
        return None if self.price is None else shop_money(self.price)

    @property
    def lowest_before(self) -> int | None:
        """The lowest price of the 30 days before the reduction; None if it isn't reduced or nothing is known."""
        return lowest_before(self.asked, self.compare_at_price)

    @property
    def compare_at_money(self) -> Money | None:
        return None if self.compare_at_price is None else shop_money(self.compare_at_price)

    def option_text(self, language: str | None = None) -> str:
        """ "Blue / Large", from loaded values; empty for a product without options."""
        ordered: list[Any] = sorted(self.values.all(), key=lambda value: (value.option.position, value.option_id))
        return " / ".join(str(value.localized("value", language)) for value in ordered)
