"""The parts of a product's page: its options, variants and pictures."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.catalog.admin.product_rows import ImageForm, OptionForm, VariantForm
from apps.catalog.models import Option, Product, ProductImage, Variant
from apps.catalog.pictures import small_picture
from apps.core.badges import badge
from apps.core.inlines import LabelledFormSet
from apps.core.translated_forms import LANGUAGES


def thumb(spec: dict[str, Any] | None, css_class: str = "thumb") -> str:
    address = small_picture(spec)
    if not address:
        return format_html('<span class="{} thumb--none" aria-hidden="true">–</span>', css_class)
    return format_html('<img class="{}" src="{}" alt="" width="56" height="70" loading="lazy">', css_class, address)


class OptionInline(admin.TabularInline):
    section = "options"
    formset = LabelledFormSet
    model = Option
    form = OptionForm
    fields = ("name", "values_text", *(f"{field}_{code}" for code, _ in LANGUAGES for field in ("name", "values")))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Option]:
        return super().get_queryset(request).prefetch_related("values")

    def get_extra(self, request: HttpRequest, obj: Product | None = None, **kwargs: Any) -> int:
        return 1 if obj else 2


class VariantInline(admin.TabularInline):
    """Rows to edit; which rows there are follows from the options."""

    section = "variants"
    formset = LabelledFormSet
    model = Variant
    form = VariantForm
    fields = ("options", "sku", "price", "compare_at_price", "weight_grams", "barcode", "in_stock")
    readonly_fields = ("options", "in_stock")
    extra = 0
    ordering = ("position", "pk")

    def has_add_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        return False

    def get_formset(self, request: HttpRequest, obj: Product | None = None, **kwargs: Any) -> Any:
        """The history of a variant's stock goes with it; whether it was sold, the service finds out."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.hand_clean_DELETE = lambda form: None
        return formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        return super().get_queryset(request).select_related("stock").prefetch_related("values__option")

    @admin.display(description=_("variant"))
    def options(self, variant: Variant) -> str:
        return variant.option_text() or "–"

    @admin.display(description=_("stock"))
    def in_stock(self, variant: Variant) -> Any:
        stock = getattr(variant, "stock", None)
        if stock is None:
            return "–"
        address = reverse("admin:catalog_stock_change", args=[stock.pk])
        text = _("%(available)d to sell") % {"available": stock.available}
        return format_html('<a href="{}">{}</a>', address, text)


class ImageInline(admin.TabularInline):
    section = "pictures"
    formset = LabelledFormSet
    model = ProductImage
    form = ImageForm
    fields = ("preview", "file", "alt", *(f"alt_{code}" for code, _ in LANGUAGES), "variant", "position")
    readonly_fields = ("preview",)

    def get_extra(self, request: HttpRequest, obj: Product | None = None, **kwargs: Any) -> int:
        return 1 if obj else 3

    def get_formset(self, request: HttpRequest, obj: Product | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        field = formset.form.base_fields["variant"]
        field.queryset = obj.variants.all() if obj else Variant.objects.none()
        for allowed in ("can_add_related", "can_change_related", "can_view_related", "can_delete_related"):
            setattr(field.widget, allowed, False)
        return formset

    @admin.display(description=_("picture"))
    def preview(self, image: ProductImage) -> Any:
        if image.state == ProductImage.State.READY:
            return thumb(image.as_spec())
        if not image.pk:
            return ""
        return badge(image.get_state_display(), "danger" if image.state == image.State.FAILED else "info")
