"""What the shop is called: by the setting, until an app that lets people change it says so in `ready()`."""

from collections.abc import Callable

from django.conf import settings

Name = Callable[[], str]

_sources: list[Name] = []


def register(name: Name) -> None:
    _sources.append(name)


def shop_name() -> str:
    """For mails and headings: a change may show a moment later."""
    for name in _sources:
        return name()
    return str(settings.SHOP_NAME)
