"""Filters of the admin's lists, typed into the address: numbers that no calendar and no column can hold."""

from itertools import cycle

import pytest
from django.contrib import admin
from django.db import models
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]

HUGE = "9" * 30
DATES = [
    "year=99999999",
    "year=0",
    f"year={HUGE}",
    f"year__gt={HUGE}",
    "month=99999999",
    f"day={HUGE}",
    "gte=99999-01-01",
    "date=0000-00-00",
]
NUMBERS = [f"{how}={HUGE}" for how in ("exact", "in", "gt", "range", "contains")] + ["range=1", "range=1,2,3"]


LISTS = sorted(admin.site._registry, key=lambda model: model._meta.label)
ASKED_ALL = {"orders.Order", "users.User"}


def queries_of(model):
    """Conditions on columns that people type into an address, and programs more: all of them on the first column of
    each kind of two models, else one a column in turn, because a kind of column is read by one piece of code."""
    kinds = {
        models.DateField: DATES,
        models.IntegerField: NUMBERS,
        models.AutoField: NUMBERS,
        models.ForeignKey: NUMBERS,
    }
    for kind, conditions in kinds.items():
        columns = [field.name for field in model._meta.concrete_fields if isinstance(field, kind)]
        if columns and model._meta.label in ASKED_ALL:
            yield from (f"{columns[0]}__{condition}" for condition in conditions)
        yield from (f"{name}__{condition}" for name, condition in zip(columns, cycle(conditions), strict=False))


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_a_number_out_of_range_opens_a_harmless_list(model, world):
    path = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
    wrong = {}
    for query in [*queries_of(model), f"p={HUGE}", f"p=-{HUGE}", f"o={HUGE}", f"o=-{HUGE}.0", "p=x", "all=x"]:
        response = world.ask("manager", "GET", f"{path}?{query}")
        if response.status_code not in {200, 302, 400, 403}:
            wrong[query] = response.status_code
    assert wrong == {}


def test_the_year_nobody_lives_in_leads_to_the_whole_list(world):
    for query in ("placed_at__year=99999999", "placed_at__year=99999999&placed_at__month=1", f"id={HUGE}"):
        response = world.ask("manager", "GET", f"/admin/orders/order/?{query}")
        assert response.status_code in {200, 302}
        if response.status_code == 302:
            assert response["Location"] == "/admin/orders/order/?e=1"
    assert world.ask("manager", "GET", "/admin/orders/order/?e=1").status_code == 200
