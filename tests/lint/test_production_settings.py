"""Production refuses to start half configured, and is silent when it is configured."""

import os
import subprocess
import sys

import pytest

from tests.lint.sources import ROOT

COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "k" * 30 + "first-of-three-keys-0123456789",
    "PASSWORD_RESET_SIGNING_KEY": "r" * 30 + "second-of-three-keys-012345678",
    "API_TOKEN_SIGNING_KEY": "a" * 30 + "third-of-three-keys-0123456789",
    "DATABASE_URL": "postgresql://stoa@127.0.0.1:5/none",
    "SITE_URL": "https://shop.example",
    "ALLOWED_HOSTS": "shop.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
}


def manage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_complete_deploy_passes_every_check_in_silence():
    result = manage("check", "--deploy", "--fail-level", "WARNING", **COMPLETE)
    assert (result.returncode, result.stdout.strip()) == (
        0,
        "System check identified no issues (0 silenced).",
    ), result.stderr


@pytest.mark.parametrize("command", ["check", "migrate", "worker"])
def test_a_missing_secret_is_named_in_one_sentence(command):
    environment = {name: value for name, value in COMPLETE.items() if name != "PASSWORD_RESET_SIGNING_KEY"}
    result = manage(command, **environment)
    assert result.returncode != 0
    assert result.stderr.strip().splitlines()[-1] == (
        "Stoa can't start: set PASSWORD_RESET_SIGNING_KEY in the environment (docs/operations.md says how)."
    )


# What only staff, jobs or a rare request needs is loaded by them: docs/performance.md says what it takes.
NOT_AT_START = {"PIL", "rapidfuzz", "openpyxl", "reportlab", "stripe", "requests", "apps.demo.seeding"}


def test_a_web_process_starts_without_what_no_guest_waits_for():
    code = "import config.web, config.wsgi, sys; config.web.load_ahead(); print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **COMPLETE, "PAYMENT_METHODS": "sandbox", "JOBS_IN_WEB": "false"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    loaded = set(result.stdout.split())
    assert ("apps.orders.views" in loaded, loaded & NOT_AT_START) == (True, set()), result.stderr


def test_what_processes_share_holds_neither_a_connection_nor_a_thread():
    code = (
        "import config.web, threading; config.web.load_ahead()\n"
        "from django.core.cache import caches; from django.db import connections; import gc, sys\n"
        "print([c.connection for c in connections.all()], threading.active_count(), caches.all(initialized_only=True),"
        " gc.get_freeze_count() > 100_000, 'config.wsgi' in sys.modules,"
        " sys.modules['apps.catalog.bodies']._version.cache_info().currsize)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **COMPLETE},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.stdout.strip() == "[None] 1 [] True False 1", result.stderr


def test_the_web_process_refuses_too():
    environment = {name: value for name, value in COMPLETE.items() if name != "SECRET_KEY"}
    result = subprocess.run(
        [sys.executable, "-m", "config.web", "--port", "0"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode != 0
    assert "set SECRET_KEY in the environment" in result.stderr


def test_a_public_shop_without_https_is_refused():
    result = manage("check", **{**COMPLETE, "SITE_URL": "http://shop.example"})
    assert result.returncode != 0
    assert "SITE_URL must begin with https://" in result.stderr


def test_crash_points_are_refused_on_a_public_shop():
    result = manage("check", **COMPLETE, STOA_CRASH_AT="orders.place.order_written", STOA_ALLOW_CRASH_POINTS="1")
    assert result.returncode != 0
    assert "STOA_CRASH_AT is refused" in result.stderr


def test_a_shop_without_mail_fails_its_check():
    environment = {name: value for name, value in COMPLETE.items() if name != "EMAIL_URL"}
    result = manage("check", **environment)
    assert result.returncode != 0
    assert "EMAIL_URL is missing" in result.stderr


def test_collecting_static_files_needs_no_secret(tmp_path):
    result = manage("collectstatic", "--noinput", "--dry-run", DJANGO_SETTINGS_MODULE="config.settings.production")
    assert result.returncode == 0, result.stderr
