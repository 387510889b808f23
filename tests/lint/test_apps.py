"""The house rules for apps and models, checked over all of them."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from apps.core.ownership import OwnedManager
from tests.lint.sources import ROOT, python_sources

OURS = [config for config in apps.get_app_configs() if config.name.startswith("apps.")]
MODELS = [model for config in OURS for model in config.get_models()]


def test_every_app_is_named_by_its_config_class():
    ours = [entry for entry in settings.INSTALLED_APPS if entry.startswith("apps.")]
    folders = {path.parent.name for path in (ROOT / "apps").glob("*/apps.py")}
    assert {entry.split(".")[1] for entry in ours} == folders
    assert [entry for entry in ours if not entry.endswith("Config")] == []


@pytest.mark.parametrize("config", OURS, ids=lambda config: config.label)
def test_an_app_config_says_its_name_label_and_key_type(config):
    own = vars(type(config))
    assert own["name"] == config.name == f"apps.{config.label}"
    assert own["label"] == config.label
    assert own["verbose_name"]
    assert own["default_auto_field"] == "django.db.models.BigAutoField"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_model_names_its_app_and_itself(model):
    source = Path(__import__(model.__module__, fromlist=["_"]).__file__).read_text()
    body = source[source.index(f"class {model.__name__}(") :]
    assert f'app_label = "{model._meta.app_label}"' in body
    assert str(model._meta.verbose_name) and str(model._meta.verbose_name_plural)


def test_core_has_no_models():
    assert list(apps.get_app_config("core").get_models()) == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_owned_rows_have_one_door_and_an_unscoped_default(model):
    names = {field.name for field in model._meta.get_fields()}
    owned = {"user", "guest_key"} <= names or hasattr(model, "owner_path")
    assert isinstance(model._meta.managers_map.get("objects"), OwnedManager) == (owned or hasattr(model, "guests_own"))
    if owned:
        assert model._default_manager.name == "unscoped"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_foreign_keys_across_apps_are_strings(model):
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and field.related_model._meta.app_label != model._meta.app_label:
            source = Path(__import__(model.__module__, fromlist=["_"]).__file__).read_text()
            assert f"ForeignKey({field.related_model.__name__}," not in source


def test_core_modules_stay_small():
    long = {p.name: n for p in python_sources("apps/core") if (n := len(p.read_text().splitlines())) > 150}
    assert long == {}


def test_settings_import_no_app():
    assert [p.name for p in python_sources("config/settings") if "from apps" in p.read_text()] == []


def test_network_clients_of_providers_stay_in_their_drivers():
    library = re.compile(r"^\s*(?:import (?:stripe|boto3)|from (?:stripe|boto3)[. ])", re.M)
    users = [p.relative_to(ROOT) for p in python_sources("apps") if library.search(p.read_text())]
    assert [path.as_posix() for path in users if path.parent.as_posix() != "apps/payments/stripe"] == []
