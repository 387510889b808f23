"""Lists of the admin over rows that services write: what the shop has done is read there, and stays."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class KeptRowsAdmin(admin.ModelAdmin):
    """Nothing is deleted, and nothing is done to a selection; a page of the list is counted, not the whole table."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(KeptRowsAdmin):
    """Nothing is typed in either: money moves at the provider, goods on the shelf, and services write it down."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OverviewAdmin(ReadOnlyAdmin):
    """A list whose rows have no page of their own."""

    list_display_links = None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_view_permission(request)
