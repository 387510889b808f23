from copy import deepcopy
from pathlib import Path

import pytest

from .smtp_sink import SmtpSink


@pytest.fixture(autouse=True)
def _templates_of_the_tests(settings):
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0].get("DIRS", []), Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates
    settings.NOTIFICATIONS = {"SITE_URL": "https://shop.example", "BRAND_NAME": "Kiln & Co"}


@pytest.fixture
def queued(settings):
    """What was enqueued: Django's dummy backend runs nothing."""
    from django.tasks import task_backends

    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    return task_backends["default"].results


@pytest.fixture
def smtp():
    """A real mail server on a port of its own."""
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def by_smtp(settings, smtp):
    """Mails go to that server."""
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": smtp.port, "timeout": 5},
        }
    }
    return smtp


@pytest.fixture
def write():
    """Send the greeting with other words where a test wants them."""
    from .. import services

    def send(**changes):
        words = {
            "kind": "greeting",
            "event_id": "event-1",
            "recipient": "ann@example.com",
            "template": "greetings/hello",
            "context": {"name": "Ann"},
            "language": "en",
        }
        return services.send(**{**words, **changes})

    return send
