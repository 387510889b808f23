"""What the admin's list of products shows or has ticked, handed on to the sheet of bulk edits by its query."""

from copy import copy
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import Product

# How the list was shown: its order and page say nothing of what it finds.
SHOWN_AS = ("o", "p", "all", "e")


@admin.action(description=_("Edit prices, stock, status, category"))
def edit_chosen(model_admin: Any, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse:
    """The ticked rows, or with "select all" whatever the list finds, in the sheet."""
    if request.POST.get("select_across") == "1":
        listed = without_order(request.GET).urlencode()
    else:
        keys = [key for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if key.isascii() and key.isdigit()]
        listed = urlencode({"id__in": ",".join(keys)})
    return redirect(f"{reverse('admin:exchange_bulkedit_add')}?{urlencode({'listed': listed})}")


def without_order(query: QueryDict) -> QueryDict:
    rest = query.copy()
    for name in SHOWN_AS:
        rest.pop(name, None)
    return rest


def listed_products(request: HttpRequest, listed: str) -> QuerySet[Product]:
    """The keys of what the admin's own list finds by this query; nothing for a query that it can't read."""
    asked = copy(request)
    asked.GET = without_order(QueryDict(listed))  # type: ignore[assignment]
    try:
        changelist = admin.site.get_model_admin(Product).get_changelist_instance(asked)
        found: QuerySet[Product] = changelist.get_queryset(asked)
    except (IncorrectLookupParameters, SuspiciousOperation):
        return Product.objects.none()
    return found.order_by().prefetch_related(None)
