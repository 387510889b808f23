"""The app is a package of its own: it imports nothing of the project, and its tests pass without it."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

APP = Path(__file__).resolve().parent.parent

SETTINGS = """
SECRET_KEY = "a key for tests"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "notifications.apps.NotificationsConfig",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
USE_TZ = True
"""


def test_nothing_of_the_project_is_imported():
    foreign = []
    for path in APP.rglob("*.py"):
        if "tests" in path.relative_to(APP).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            foreign += [(path.name, name) for name in names if name.split(".")[0] in {"apps", "config", "tests"}]

    assert foreign == []


def test_the_tests_pass_with_nothing_but_django(tmp_path):
    shutil.copytree(APP, tmp_path / "notifications", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "only_django.py").write_text(SETTINGS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    unwanted = ("PYTHONPATH", "DATABASE_URL", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    tests = [f"notifications/tests/{name}.py" for name in ("test_services", "test_delivery", "test_attachments")]

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests],
        cwd=tmp_path,
        env={**environment, "DJANGO_SETTINGS_MODULE": "only_django"},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout and "skipped" not in run.stdout
