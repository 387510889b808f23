"""The shop's own data, which its people change: one row, and the links of its menus."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.translation import Translated

# An address of this shop (never "//host", which leads elsewhere), or a whole one.
TARGET = r"^(?:/(?!/)\S*|https?://\S+|mailto:\S+|tel:\S+)\Z"


class Shop(Translated):
    """Who sells here. While the row does not exist, the environment says it (`from_settings`)."""

    name = models.CharField(_("name of the shop"), max_length=80)
    tagline = models.CharField(
        _("in one sentence"),
        max_length=200,
        blank=True,
        help_text=_("Stands below the name in the footer, and below the start page's title in search engines."),
    )
    announcement = models.CharField(
        _("announcement"), max_length=160, blank=True, help_text=_("A line on top of every page; empty shows none.")
    )
    logo = models.CharField(max_length=200, blank=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    legal_address = models.TextField(
        _("legal name and address"),
        blank=True,
        help_text=_("Line by line: legal name, street, town, country. On invoices and in the imprint."),
    )
    register = models.CharField(_("commercial register"), max_length=160, blank=True)
    vat_id = models.CharField(_("VAT number"), max_length=40, blank=True)
    email = models.EmailField(_("email for customers"), blank=True)
    phone = models.CharField(_("phone for customers"), max_length=40, blank=True)
    eyebrow = models.CharField(_("line above the headline"), max_length=60, blank=True)
    headline = models.CharField(_("headline"), max_length=120, blank=True)
    intro = models.TextField(_("text below the headline"), max_length=600, blank=True)
    featured = models.TextField(
        _("featured products"),
        blank=True,
        help_text=_("SKUs or the last part of products' addresses, one in a line, in the order of the start page."),
    )
    updated_at = models.DateTimeField(auto_now=True)
    stamp = models.CharField(max_length=32, editable=False, help_text=_("Another one after each change."))

    class Meta:
        app_label = "pages"
        verbose_name = _("shop data")
        verbose_name_plural = _("shop data")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="pages_shop_only_one")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def from_settings(cls) -> "Shop":
        """The first values, not stored."""
        return cls(
            pk=1,
            name=settings.SHOP_NAME,
            legal_address="\n".join(settings.SHOP_LEGAL_ADDRESS),
            vat_id=settings.SHOP_VAT_ID,
        )

    @property
    def legal_lines(self) -> list[str]:
        return [line.strip() for line in self.legal_address.splitlines() if line.strip()]

    @property
    def featured_codes(self) -> list[str]:
        """What the start page shows first, each once."""
        return list(dict.fromkeys(self.featured.split()))


class MenuLink(Translated):
    """A link of the shop's own in a menu; the categories are there without one."""

    class Place(models.TextChoices):
        HEADER = "header", _("header")
        FOOTER = "footer", _("footer")

    shop = models.ForeignKey("pages.Shop", on_delete=models.CASCADE, related_name="links")
    place = models.CharField(_("menu"), max_length=8, choices=Place, default=Place.FOOTER)
    label = models.CharField(_("label"), max_length=60)
    target = models.CharField(
        _("leads to"),
        max_length=300,
        validators=[
            RegexValidator(
                TARGET, _("Enter an address of this shop that begins with a /, or a whole one with https://.")
            )
        ],
        help_text=_("An address of this shop from its first / on, or a whole one with https://."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        app_label = "pages"
        verbose_name = _("menu link")
        verbose_name_plural = _("menu links")
        ordering = ["place", "position", "pk"]

    def __str__(self) -> str:
        return self.label
