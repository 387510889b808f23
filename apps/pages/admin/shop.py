"""The shop's data on one page. There is one row, so its list is the form itself."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core import setup_notes
from apps.core.inlines import LabelledFormSet
from apps.core.translated_forms import LANGUAGES, TranslatedForm, field_name, translated
from apps.pages import shop
from apps.pages.logo import Logo, UnreadableLogo, read_logo
from apps.pages.models import MenuLink, Shop
from apps.pages.services import save_shop

TRANSLATED = ("tagline", "announcement", "eyebrow", "headline", "intro")


def with_languages(*fields: str) -> list[tuple[str, ...]]:
    """Each field, and in the same line the same in the other languages."""
    return [(field, *(field_name(field, code) for code, _name in LANGUAGES)) for field in fields]


@translated(Shop, *TRANSLATED)
class ShopForm(TranslatedForm):
    new_logo = forms.FileField(
        label=_("New logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        help_text=_("A picture; it stands in place of the name in the header."),
    )
    drop_logo = forms.BooleanField(label=_("Show the name instead of a logo"), required=False)

    class Meta:
        model = Shop
        fields = (
            "name", "tagline", "announcement", "legal_address", "register", "vat_id", "email", "phone",
            "eyebrow", "headline", "intro", "featured",
        )  # fmt: skip
        widgets = {
            "legal_address": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
            "intro": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "featured": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        }

    def clean_new_logo(self) -> Logo | None:
        file = self.cleaned_data["new_logo"]
        try:
            return read_logo(file) if file else None
        except UnreadableLogo as refusal:
            raise ValidationError(str(refusal)) from refusal


@translated(MenuLink, "label")
class MenuLinkForm(TranslatedForm):
    class Meta:
        model = MenuLink
        fields = ("place", "label", "target", "position")


class MenuLinkInline(admin.TabularInline):
    model = MenuLink
    form = MenuLinkForm
    formset = LabelledFormSet
    fields = ("place", *with_languages("label")[0], "target", "position")
    extra = 1


@admin.register(Shop)
class ShopAdmin(admin.ModelAdmin):
    form = ShopForm
    inlines = (MenuLinkInline,)
    readonly_fields = ("logo_now",)
    view_on_site = False
    fieldsets = (
        (None, {"fields": ("name", *with_languages("tagline", "announcement"))}),
        (_("Logo"), {"fields": ("logo_now", "new_logo", "drop_logo")}),
        (
            _("Who sells"),
            {"fields": ("legal_address", "register", "vat_id", "email", "phone")},
        ),
        (_("Start page"), {"fields": (*with_languages("eyebrow", "headline", "intro"), "featured")}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        stored = shop.is_stored(request)
        wording = {"title": _("Shop data"), "subtitle": None}
        buttons = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return self.changeform_view(request, "1" if stored else None, "", {**wording, **buttons})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        first = Shop.from_settings()
        return {"name": first.name, "legal_address": first.legal_address, "vat_id": first.vat_id}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(super().has_add_permission(request)) and not shop.recent().row.stamp

    def has_delete_permission(self, request: HttpRequest, obj: Shop | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Shop, form: ShopForm, change: bool) -> None:
        data = form.cleaned_data
        save_shop(shop=obj, logo=data["new_logo"], drop_logo=data["drop_logo"])

    def save_related(self, request: HttpRequest, form: ShopForm, formsets: Any, change: bool) -> None:
        """And say what this page still lacks."""
        super().save_related(request, form, formsets, change)
        for note in setup_notes.notes():
            if not note.done and note.url_name == "admin:pages_shop_changelist":
                messages.warning(request, str(note.text))

    @admin.display(description=_("logo"))
    def logo_now(self, row: Shop) -> str:
        if not row.logo:
            return "–"
        size = row.logo_width // 2, row.logo_height // 2
        return format_html('<img src="{}" width="{}" height="{}" alt="">', default_storage.url(row.logo), *size)
