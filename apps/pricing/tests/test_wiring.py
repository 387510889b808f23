"""What pricing hangs into a shop that starts."""

from collections import defaultdict

from django.apps import apps

from apps.core import invariants, roles
from apps.pricing import extensions
from apps.pricing.invariants import uses_that_differ


def test_managers_write_discounts_and_taxes_and_the_audit_counts_uses(monkeypatch):
    monkeypatch.setattr(roles, "_grants", defaultdict(lambda: defaultdict(set)))
    monkeypatch.setattr(invariants, "_checks", {})

    apps.get_app_config("pricing").ready()

    verbs = ("view", "add", "change", "delete")
    every = {f"{verb}_{model}" for verb in verbs for model in ("taxrate", "discount")}
    assert dict(roles._grants) == {"pricing": {roles.MANAGER: every}}
    assert invariants._checks == {"pricing.uses_are_redemptions": uses_that_differ}


def test_a_history_that_is_registered_is_asked(monkeypatch):
    monkeypatch.setattr(extensions, "_histories", [])

    extensions.register_history(len)

    assert extensions._histories == [len]
