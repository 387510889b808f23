from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.db.models import Prefetch, Q, QuerySet
from django.forms import Textarea
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.catalog import services
from apps.catalog.admin.product_inlines import ImageInline, OptionInline, VariantInline, thumb
from apps.catalog.admin.product_rows import ProductForm
from apps.catalog.admin.refusals import RefusalsOnForm
from apps.catalog.errors import NothingToSell, VariantSold
from apps.catalog.extensions import product_actions
from apps.catalog.models import Option, Product, ProductImage, Variant
from apps.catalog.services import matrix
from apps.catalog.services.images import make_renditions
from apps.core.badges import badge
from apps.core.money import shop_money
from apps.core.searched import few, searched
from apps.core.translated_forms import translated_fieldsets
from apps.core.translation import localized_text, text_contains

Status = Product.Status
SAFETY = ("maker_details", "eu_contact", "safety_notes")
TEXT_ROWS = {"description": 8, "maker_details": 4, "eu_contact": 4, "safety_notes": 3}
TONES = {Status.DRAFT: "warn", Status.ACTIVE: "ok", Status.ARCHIVED: "muted"}


@admin.register(Product)
class ProductAdmin(RefusalsOnForm, admin.ModelAdmin):
    """A product with its options, variants, stock and pictures on one screen. Every save ends in `publish`."""

    form = ProductForm
    inlines = (OptionInline, VariantInline, ImageInline)
    change_form_template = "admin/catalog/product/edit.html"
    list_display = ("name", "state", "category", "price", "in_stock", "changed")
    list_display_links = ("name",)
    list_filter = ("status", "category")
    list_select_related = ("category",)
    list_per_page = 50
    search_fields = ("title",)
    search_help_text = _("Title or SKU")
    ordering = ("-pk",)
    sortable_by = ("name", "changed")  # the others are filters
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("show_in_shop", "archive")
    prepopulated_fields = {"slug": ("title",)}
    view_on_site = False

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        matrix_fields: list[Any] = [("base_price", "sku_prefix"), ("stock_each", "weight_each")]
        if obj:
            matrix_fields.append("fill")
        search = ["seo_title", "seo_description"]
        return [
            (None, {"fields": ["title", "subtitle", ("category", "vendor"), ("status", "tax_class"), "description"]}),
            (
                _("New variants"),
                {
                    "fields": matrix_fields,
                    "classes": ["collapse"] if obj else [],
                    "description": _(
                        "What every combination of the options below begins with. Without options there is one variant."
                    ),
                },
            ),
            *translated_fieldsets("title", "subtitle", "description", "safety_notes"),
            (_("Product safety"), {"fields": SAFETY, "classes": ["collapse"]}),
            (_("Address and search engines"), {"fields": ["slug", *search], "classes": ["collapse"]}),
        ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if rows := TEXT_ROWS.get(db_field.name):
            kwargs["widget"] = Textarea(attrs={"rows": rows, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        products: QuerySet[Product] = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name == "catalog_product_changelist":
            variants = Variant.objects.select_related("stock").only(
                "product_id", "price", "stock__on_hand", "stock__reserved", "stock__backorder", "stock__variant_id"
            )
            products = products.defer("description", "translations", *SAFETY)
            return products.annotate(shown_title=localized_text("title")).prefetch_related(
                Prefetch("variants", variants)
            )
        return products

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """A whole SKU finds its product at once; anything else is part of a title or begins a SKU."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if exact := Variant.objects.filter(sku=term).values_list("product_id", flat=True).first():
            return queryset.filter(pk=exact), False
        by_sku = few(Variant.objects.filter(sku__istartswith=term).order_by().values_list("product_id", flat=True))
        return searched(queryset, text_contains("title", term) | Q(pk__in=by_sku)), False

    @admin.display(description=_("changed at"), ordering="updated_at")
    def changed(self, product: Product) -> Any:
        return product.updated_at

    @admin.display(description=_("product"), ordering="shown_title")
    def name(self, product: Product) -> str:
        picture = thumb(product.gallery[0]["picture"] if product.gallery else None, "thumb thumb--small")
        return format_html('<span class="with-thumb">{}<span>{}</span></span>', picture, product.shown_title)  # type: ignore[attr-defined]

    @admin.display(description=_("status"), ordering="status")
    def state(self, product: Product) -> str:
        return badge(product.get_status_display(), TONES[Status(product.status)])

    @admin.display(description=_("price"))
    def price(self, product: Product) -> str:
        prices = sorted({variant.price for variant in product.variants.all() if variant.price is not None})
        if not prices:
            return "–"
        return " – ".join(str(shop_money(price)) for price in dict.fromkeys((prices[0], prices[-1])))

    @admin.display(description=_("stock"))
    def in_stock(self, product: Product) -> Any:
        stocks = [variant.stock for variant in product.variants.all() if hasattr(variant, "stock")]
        if not stocks:
            return "–"
        available = sum(stock.available for stock in stocks)
        if not available:
            return (
                badge(_("back-order"), "info") if any(s.backorder for s in stocks) else badge(_("sold out"), "danger")
            )
        return available

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        services.save_product(product=obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Deletions, edits, options, new variants, pictures: in this order, and then the shop is told."""
        product = form.instance
        by_model = {formset.model: formset for formset in formsets}
        self._save_variants(by_model.get(Variant))
        new_values = self._save_options(product, by_model.get(Option))
        matrix.make_variants(
            product=product,
            defaults=form.defaults,
            new_values=new_values,
            fill=not change or form.cleaned_data["fill"],
            actor=request.user,
        )
        if product.status == Status.ACTIVE and not product.variants.exists():
            raise NothingToSell
        self._save_images(by_model.get(ProductImage))
        services.publish([product.pk])

    def _save_variants(self, formset: Any) -> None:
        if formset is None:
            return
        formset.save(commit=False)
        matrix.delete_variants(variants=formset.deleted_objects)
        for variant, _changed in formset.changed_objects:
            variant.save()

    def _save_options(self, product: Product, formset: Any) -> set[int]:
        """Written as a whole by the service; the formset is told what it would have saved, for the history."""
        if formset is None:
            return set()
        typed = [form for form in formset.forms if form.cleaned_data and form not in formset.deleted_forms]
        formset.new_objects = [form.instance for form in typed if not form.instance.pk]
        formset.changed_objects = [
            (form.instance, form.changed_data) for form in typed if form.instance.pk and form.has_changed()
        ]
        formset.deleted_objects = [form.instance for form in formset.deleted_forms]
        return matrix.write_options(product=product, rows=[form.row for form in typed])

    def _save_images(self, formset: Any) -> None:
        if formset is None:
            return
        formset.save(commit=False)
        for image in formset.deleted_objects:
            image.delete()
        uploaded = [id(form.instance) for form in formset.forms if "file" in form.changed_data and form.instance.file]
        for image in [*formset.new_objects, *(image for image, _changed in formset.changed_objects)]:
            if id(image) not in uploaded:
                image.save()
                continue
            image.state, image.static_name, image.renditions = ProductImage.State.PENDING, "", {}
            image.save()
            make_renditions.enqueue(image.pk)

    @admin.action(description=_("Show in the shop"), permissions=["change"])
    def show_in_shop(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        shown = 0
        for product in queryset:
            try:
                services.activate_product(product=product)
                shown += 1
            except NothingToSell as refusal:
                self.message_user(request, f"{product}: {refusal}", messages.WARNING)
        if shown:
            text = ngettext("%d product is in the shop.", "%d products are in the shop.", shown) % shown
            self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("Archive"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        for product in queryset:
            services.archive_product(product=product)
        count = queryset.count()
        text = ngettext("%d product is archived.", "%d products are archived.", count) % count
        self.message_user(request, text, messages.SUCCESS)

    def get_actions(self, request: HttpRequest, action_location: Any = ActionLocation.CHANGE_LIST) -> Any:
        """Products leave one by one, on their own page, where a sold one is archived instead. Other apps add theirs."""
        actions = super().get_actions(request, action_location)
        actions.pop("delete_selected", None)
        for action, permission in product_actions() if actions else ():
            if request.user.has_perm(permission) and (made := self.get_action(action, action_location)):
                actions[made.name] = made
        return actions

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The service decides: history that belongs to the product alone is no obstacle, orders are."""
        return [str(product) for product in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Product) -> None:
        try:
            matrix.delete_product(product=obj)
        except VariantSold:
            services.archive_product(product=obj)
            request.was_archived = True  # type: ignore[attr-defined]

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        if not getattr(request, "was_archived", False):
            return super().response_delete(request, obj_display, obj_id)
        text = gettext("“%(title)s” was sold before, so it is archived instead of deleted.") % {"title": obj_display}
        self.message_user(request, text, messages.WARNING)
        return redirect("admin:catalog_product_changelist")
