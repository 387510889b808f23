"""What a customer can reach goes through `for_owner`; these sources may not open another door."""

import ast

import pytest
from django.apps import apps

from apps.core.ownership import OwnedManager
from tests.lint.sources import name, python_sources

SHOPPER_FACING = {"views", "selectors", "forms", "templatetags", "context"}
DOORS = {"unscoped", "_default_manager", "_base_manager"}
OWNED = {
    model.__name__ for model in apps.get_models() if isinstance(model._meta.managers_map.get("objects"), OwnedManager)
}


def shopper_facing():
    return [
        path
        for path in python_sources("apps")
        if (SHOPPER_FACING & {path.stem, *path.parts}) and "management" not in path.parts
    ]


def findings(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and node.attr in DOORS:
            yield f"{name(path)}:{node.lineno} opens {node.attr}"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
            "get_object_or_404",
            "get_list_or_404",
        }:
            if isinstance(node.args[0], ast.Name) and node.args[0].id in OWNED:
                yield f"{name(path)}:{node.lineno} reads {node.args[0].id} without its owner"
        if isinstance(node, ast.ClassDef):
            yield from class_findings(path, node)


def class_findings(path, node):
    assigned = {
        target.id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    model = assigned.get("model")
    methods = {statement.name for statement in node.body if isinstance(statement, ast.FunctionDef)}
    is_view = any("View" in ast.unparse(base) for base in node.bases)
    if is_view and isinstance(model, ast.Name) and model.id in OWNED and "get_queryset" not in methods:
        yield f"{name(path)}:{node.lineno} shows {model.id} without get_queryset"
    for field, value in assigned.items():
        if isinstance(value, ast.Call) and ast.unparse(value.func).endswith(
            ("ModelChoiceField", "ModelMultipleChoiceField")
        ):
            if any(owned in ast.unparse(value) for owned in OWNED):
                yield f"{name(path)}:{node.lineno} offers {field} without an owner's queryset"


def test_the_guard_knows_the_owned_models():
    assert {"Cart", "CartLine", "Order", "OrderLine", "Address", "Payment", "Shipment"} <= OWNED


@pytest.mark.parametrize("path", shopper_facing(), ids=name)
def test_shopper_facing_code_reads_owned_rows_by_owner_only(path):
    assert list(findings(path)) == []


def test_the_guard_finds_what_it_looks_for(tmp_path, monkeypatch):
    bad = tmp_path / "views.py"
    bad.write_text(
        "class OrderView(DetailView):\n    model = Order\n"
        "def show(request):\n    get_object_or_404(Order, pk=1)\n    Order.unscoped.get()\n"
    )
    monkeypatch.setattr("tests.lint.test_ownership.name", lambda path: path.name)
    assert set(findings(bad)) == {
        "views.py:1 shows Order without get_queryset",
        "views.py:4 reads Order without its owner",
        "views.py:5 opens unscoped",
    }
