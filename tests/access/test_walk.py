"""Every URL x every method x every kind of visitor answers as tests/access/table.py declares."""

from itertools import product

import pytest
from django.apps import apps
from django.urls import get_resolver, resolve, reverse

from tests.access.table import KINDS, MODELS, ROWS
from tests.access.world import METHODS, ROLES
from tests.lint.test_urls import patterns

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]


# One guard stands before all of the admin's pages: `make test` asks every method of a few models, `make races` of all.
SAMPLE = {"orders_order", "users_user", "catalog_product"}


def url_names():
    """Names of all URLs: "orders:cart", and for the admin's own unnamed ones "admin:" with what they are."""
    for pattern, namespaces in patterns(get_resolver()):
        name = pattern.name
        if name is None and namespaces == ("admin",):
            # A model's bare address redirects to its change page; the last pattern of all answers 404.
            name = "catch_all" if "url" in pattern.pattern.regex.groupindex else "bare"
        yield ":".join([*namespaces, str(name)])


def model_pages():
    return {f"admin:{model}_{kind}": (model, kind) for model in MODELS for kind in KINDS}


def test_every_url_is_in_the_table_and_the_table_names_nothing_else():
    declared = {row.name for row in ROWS} | set(model_pages()) | {"admin:bare"}
    existing = set(url_names())
    assert sorted(existing - declared) == []
    assert sorted(declared - existing) == []


def test_the_path_of_each_row_is_the_url_that_it_names(world):
    for row in ROWS:
        found = resolve(row.path.format(**vars(world.rows)).partition("?")[0]).view_name
        assert found == row.name or (row.name == "admin:catch_all" and found.endswith("catch_all_view")), row


@pytest.mark.parametrize("model", MODELS)
def test_the_admins_pages_of_a_model_answer_as_declared(model, world):
    assert wrong_answers(model, asked, world) == {}


@pytest.mark.long
@pytest.mark.parametrize("model", MODELS)
def test_the_admins_pages_of_a_model_answer_every_method_as_declared(model, world):
    assert wrong_answers(model, lambda *page: product(ROLES, METHODS), world) == {}


def wrong_answers(model, asked, world):
    answers = {}
    for kind in KINDS:
        path = model_path(model, kind)
        for role, method in asked(model, kind):
            answers[kind, role, method] = world.ask(role, method, path).status_code
    return {key: status for key, status in answers.items() if status not in allowed(model, *key)}


def asked(model, kind):
    """Of some models' lists and rows every method by those who may not; else one of each sort, as each costs a page."""
    methods = METHODS if kind in {"changelist", "change"} and model in SAMPLE else ["GET", "POST"]
    return [*product(["guest", "clerk"], methods), *product(["stranger", "owner", "manager"], ["GET", "POST"])]


def model_path(model, kind):
    if kind in {"changelist", "add"}:
        return reverse(f"admin:{model}_{kind}")
    example = apps.get_model(*model.split("_", 1))._base_manager.first()
    assert example is not None, f"tests/access/world.py must make a row of {model}"
    return reverse(f"admin:{model}_{kind}", args=[example.pk])


def allowed(model, kind, role, method):
    """Staff with every permission see a page or come back from a form; a page that does not exist refuses them too."""
    if role in {"guest", "stranger", "owner"}:
        return {302}
    if role == "clerk":
        return {403}
    if kind not in MODELS[model]:
        return {403}
    return {200} if method in {"GET", "HEAD"} else {200, 302, 403, 405, 422}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_url_answers_as_declared(row, world):
    path = row.path.format(**vars(world.rows))
    found = {method: [world.ask(role, method, path).status_code for role in ROLES] for method in METHODS}
    assert found == {method: row.expected(method) for method in METHODS}
