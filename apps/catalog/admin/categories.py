from typing import Any

from django.contrib import admin
from django.forms import Textarea
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.catalog import services
from apps.catalog.admin.refusals import RefusalForm, RefusalsOnForm
from apps.catalog.admin.translation import TranslatedForm, translated, translated_fieldsets
from apps.catalog.models import Category


@translated(Category, "name", "description")
class CategoryForm(TranslatedForm, RefusalForm):
    class Meta:
        model = Category
        fields = ("name", "parent", "slug", "description", "position")
        widgets = {"description": Textarea(attrs={"rows": 4, "class": "vLargeTextField"})}


@admin.register(Category)
class CategoryAdmin(RefusalsOnForm, admin.ModelAdmin):
    form = CategoryForm
    list_display = ("tree_name", "path", "position")
    list_display_links = ("tree_name",)
    list_per_page = 200
    ordering = ("path",)
    search_fields = ("name", "path")
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name",)}
    show_full_result_count = False
    view_on_site = False
    actions = None

    def get_fieldsets(self, request: HttpRequest, obj: Category | None = None) -> Any:
        own = ["name", "parent", "slug", "description", "position"]
        return [(None, {"fields": own}), *translated_fieldsets("name", "description")]

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        services.save_category(category=obj)

    @admin.display(description=_("category"), ordering="path")
    def tree_name(self, category: Category) -> str:
        depth = category.path.count("/")
        return format_html('<span class="tree tree--{}">{}</span>', min(depth, 4), category.name)
