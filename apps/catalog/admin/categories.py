from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.catalog import services
from apps.catalog.admin.refusals import RefusalForm, RefusalsOnForm
from apps.catalog.models import Category
from apps.core.translated_forms import TranslatedForm, translated, translated_fieldsets
from apps.core.translation import text_contains


class CategoryChoice(forms.ModelChoiceField):
    """The tree as a list, each branch under its root and moved in."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Category.objects.order_by("path"), required=False, **kwargs)

    def label_from_instance(self, obj: Category) -> str:
        return "\u2003" * obj.path.count("/") + obj.display_name


@translated(Category, "name", "description")
class CategoryForm(TranslatedForm, RefusalForm):
    parent = CategoryChoice(label=_("Parent"), empty_label=_("none: a category of the first level"))

    class Meta:
        model = Category
        fields = ("name", "parent", "slug", "description", "position")
        widgets = {"description": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})}


@admin.register(Category)
class CategoryAdmin(RefusalsOnForm, admin.ModelAdmin):
    form = CategoryForm
    list_display = ("tree_name", "address", "position")
    list_display_links = ("tree_name",)
    list_per_page = 200
    ordering = ("path",)
    search_fields = ("name", "path")
    prepopulated_fields = {"slug": ("name",)}
    show_full_result_count = False
    view_on_site = False
    actions = None

    def get_fieldsets(self, request: HttpRequest, obj: Category | None = None) -> Any:
        own = ["name", "parent", "slug", "description", "position"]
        return [(None, {"fields": own}), *translated_fieldsets("name", "description")]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        found = queryset.filter(text_contains("name", term) | Q(path__icontains=term)) if term else queryset
        return found, False

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        services.save_category(category=obj)

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        services.delete_category(category=obj)

    @admin.display(description=_("address"), ordering="path")
    def address(self, category: Category) -> str:
        return category.path

    @admin.display(description=_("category"), ordering="path")
    def tree_name(self, category: Category) -> str:
        depth = category.path.count("/")
        return format_html('<span class="tree tree--{}">{}</span>', min(depth, 4), category.display_name)
