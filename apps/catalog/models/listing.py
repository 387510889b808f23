from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.catalog.models.product import product_address
from apps.core.translation import Translated


def percent_off(price: int | None, compare_at: int | None, lowest_before: int | None = None) -> int:
    """The reduction in whole percent, rounded down, from the lowest price of the 30 days before it if that is known."""
    before = compare_at if lowest_before is None else min(lowest_before, compare_at or lowest_before)
    if price is None or not before or not compare_at:
        return 0
    return max((before - price) * 100 // before, 0)


class Facet(Translated):
    """One value of one option, shared by all products that have it: what the filters of a list offer.

    `option` and `value` are what the address shows (`?colour=moss`); the names are what people read. Written by
    `services.publish` only.
    """

    option = models.CharField(max_length=60)
    value = models.CharField(max_length=60)
    option_name = models.CharField(max_length=80)
    value_name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        app_label = "catalog"
        verbose_name = _("filter value")
        verbose_name_plural = _("filter values")
        ordering = ["option", "position", "value"]
        constraints = [models.UniqueConstraint(fields=["option", "value"], name="catalog_facet_once")]

    def __str__(self) -> str:
        return f"{self.option_name}: {self.value_name}"


class Listing(Translated):
    """What lists, home and search show of a visible product: one flat row, written by `services.publish` only.

    Prices are minor units of the shop's currency. A product that is not visible has no row. `cards` holds the finished
    HTML of its card by language (`apps.catalog.cards`), made in the form that `card_version` names.
    """

    product = models.OneToOneField(
        "catalog.Product", primary_key=True, on_delete=models.CASCADE, related_name="listing"
    )
    slug = models.SlugField(max_length=160)
    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=120, blank=True)
    category_path = models.CharField(max_length=401, blank=True)
    price_min = models.BigIntegerField(null=True)
    price_max = models.BigIntegerField(null=True)
    compare_at = models.BigIntegerField(null=True)
    lowest_before = models.BigIntegerField(null=True)
    on_sale = models.BooleanField(default=False)
    available = models.BooleanField(default=False)
    cover = models.JSONField(default=dict)
    cards = models.JSONField(default=dict)
    card_version = models.CharField(max_length=16, default="", db_default="")
    published_at = models.DateTimeField()
    facets = models.ManyToManyField("catalog.Facet", related_name="listings")

    class Meta:
        app_label = "catalog"
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["-published_at", "-product"], name="catalog_listing_newest"),
            models.Index(fields=["price_min", "product"], name="catalog_listing_price"),
            models.Index(fields=["category_path"], name="catalog_listing_category"),
            models.Index(fields=["-available", "-published_at", "-product"], name="catalog_listing_to_be_had"),
            models.Index(fields=["card_version"], name="catalog_listing_card"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(price_min__isnull=True) | Q(price_max__gte=models.F("price_min")),
                name="catalog_listing_price_range",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return product_address(self.slug)

    @property
    def display_title(self) -> str:
        return str(self.localized("title"))

    @property
    def display_subtitle(self) -> str:
        return str(self.localized("subtitle"))

    @property
    def price_varies(self) -> bool:
        return self.price_min != self.price_max

    @property
    def price_before(self) -> int | None:
        """What a card strikes out: not more than the lowest price of the 30 days before the reduction, if known."""
        if self.compare_at is None or self.lowest_before is None:
            return self.compare_at
        before = min(self.compare_at, self.lowest_before)
        return before if self.price_min is not None and before > self.price_min else None

    @property
    def percent_off(self) -> int:
        """How much the cheapest variant is reduced, in whole percent rounded down; 0 if it isn't."""
        return percent_off(self.price_min, self.compare_at, self.lowest_before)


class Placement(models.Model):
    """A listing in one branch of the category tree, and in the whole shop (path ""), with what a list sorts by.

    One row for each branch that a product is in, so that a page of any branch, in any order, is one short walk along
    an index however many products there are. `newest` counts microseconds; a price on request sorts last both ways.
    """

    listing = models.ForeignKey("catalog.Listing", on_delete=models.CASCADE, related_name="placements", db_index=False)
    path = models.CharField(max_length=400, blank=True)
    newest = models.BigIntegerField()
    price_up = models.BigIntegerField()
    price_down = models.BigIntegerField()
    available = models.BooleanField()
    on_sale = models.BooleanField()

    class Meta:
        app_label = "catalog"
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [models.UniqueConstraint(fields=["listing", "path"], name="catalog_placement_once")]
        indexes = [
            models.Index(fields=["path", "-newest", "-listing"], name="catalog_placement_newest"),
            models.Index(fields=["path", "price_up", "listing"], name="catalog_placement_price_up"),
            models.Index(fields=["path", "-price_down", "-listing"], name="catalog_placement_price_down"),
            models.Index(
                fields=["path", "-newest", "-listing"], name="catalog_placement_on_sale", condition=Q(on_sale=True)
            ),
            # What a search asks of each product that it has found; all of it stands in the index.
            models.Index(
                fields=["listing", "newest", "price_up", "price_down", "available", "on_sale"],
                name="catalog_placement_found",
                condition=Q(path=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path}: {self.listing_id}"


class Branch(models.Model):
    """How many products a branch of the category tree holds, kept instead of counted: what the filters say.

    `counts` maps "" (all) and the ids of filter values to four numbers: listed, available, reduced, both. `shown` is
    what the filters of a list show of them, by language. Written by `services.publish` only; `audit` counts again.
    """

    path = models.CharField(max_length=400, primary_key=True)
    counts = models.JSONField(default=dict)
    shown = models.JSONField(default=dict)

    class Meta:
        app_label = "catalog"
        verbose_name = _("branch")
        verbose_name_plural = _("branches")

    def __str__(self) -> str:
        return self.path
