from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.badges import badge
from apps.core.translated_forms import LANGUAGES, TranslatedForm, field_name, translated, translated_fieldsets
from apps.pages.models import TextPage
from apps.pages.services import delete_page, save_page
from apps.pages.texts import TITLES, sample_body, sample_slugs

TEXTS = ("title", "body", "meta_description")


@translated(TextPage, *TEXTS)
class TextPageForm(TranslatedForm):
    class Meta:
        model = TextPage
        fields = ("title", "slug", "published", "body", "meta_description", "position")
        widgets = {"body": forms.Textarea(attrs={"rows": 16, "class": "vLargeTextField"})}


@admin.register(TextPage)
class TextPageAdmin(admin.ModelAdmin):
    form = TextPageForm
    change_list_template = "admin/pages/textpage/list.html"
    list_display = ("title", "address", "state", "updated_at")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("look",)
    show_full_result_count = False
    view_on_site = False
    actions = None

    def get_fieldsets(self, request: HttpRequest, obj: TextPage | None = None) -> Any:
        own = ["title", "slug", "published", *(["look"] if obj else []), "body", "meta_description", "position"]
        return [(None, {"fields": own}), *translated_fieldsets(*TEXTS)]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With the samples that nobody has replaced yet, each with a link to do it."""
        samples = [(TITLES[slug], f"{reverse('admin:pages_textpage_add')}?slug={slug}") for slug in sample_slugs()]
        return super().changelist_view(request, {"samples": samples, **(extra_context or {})})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A page in place of a sample begins with its words."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        slug = str(initial.get("slug", ""))
        if slug in TITLES:
            initial |= _sample(slug, "", "")
            for code, _name in LANGUAGES:
                initial |= _sample(slug, code, code)
        return initial

    def save_model(self, request: HttpRequest, obj: TextPage, form: Any, change: bool) -> None:
        save_page(page=obj)

    def delete_model(self, request: HttpRequest, obj: TextPage) -> None:
        delete_page(page=obj)

    @admin.display(description=_("address"), ordering="slug")
    def address(self, page: TextPage) -> str:
        return page.get_absolute_url()

    @admin.display(description=_("status"), ordering="published")
    def state(self, page: TextPage) -> str:
        return badge(_("published"), "ok") if page.published else badge(_("Draft"), "warn")

    @admin.display(description=_("in the shop"))
    def look(self, page: TextPage) -> str:
        address = page.get_absolute_url() + ("" if page.published else "?preview=1")
        return format_html('<a href="{}">{}</a>', address, _("Open the page") if page.published else _("Preview"))


def _sample(slug: str, code: str, suffix: str) -> dict[str, str]:
    title, description, body = sample_body(slug, code)
    texts = {"title": title, "meta_description": description, "body": body}
    return {field_name(name, suffix) if suffix else name: text for name, text in texts.items()}
