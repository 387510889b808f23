from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.catalog import services
from apps.catalog.models import SearchMiss, Synonym


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    list_display = ("words",)
    list_per_page = 100
    search_fields = ("words",)
    view_on_site = False
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Synonym, form: Any, change: bool) -> None:
        services.save_synonyms(synonym=obj)

    def delete_model(self, request: HttpRequest, obj: Synonym) -> None:
        services.delete_synonyms(ids=[obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Synonym]) -> None:
        services.delete_synonyms(ids=queryset.values_list("pk", flat=True))


@admin.register(SearchMiss)
class SearchMissAdmin(admin.ModelAdmin):
    """Counted by the shop; staff name a synonym, or delete what they have dealt with."""

    list_display = ("words", "count", "last_at", "in_the_shop", "synonym")
    list_display_links = None
    list_per_page = 100
    search_fields = ("words",)
    view_on_site = False
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SearchMiss | None = None) -> bool:
        return False

    @admin.display(description=_("in the shop"))
    def in_the_shop(self, miss: SearchMiss) -> SafeString:
        address = f"{reverse('catalog:product-list')}?{urlencode({'q': miss.words})}"
        return format_html('<a href="{}">{}</a>', address, gettext("Search again"))

    @admin.display(description=_("synonym"))
    def synonym(self, miss: SearchMiss) -> SafeString:
        address = f"{reverse('admin:catalog_synonym_add')}?{urlencode({'words': f'{miss.words}, '})}"
        return format_html('<a href="{}">{}</a>', address, gettext("Name a synonym"))
