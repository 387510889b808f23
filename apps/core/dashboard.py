"""The admin's first page is made of panels, and banners warn on every page; each app registers its own in `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the first page: `context` reads what the template shows. Hidden from staff without `permission`."""

    name: str
    template: str
    context: Callable[[HttpRequest], dict[str, Any]]
    permission: str
    rank: int = 50

    def render(self, request: HttpRequest) -> str:
        return render_to_string(self.template, self.context(request), request=request)


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    _panels.append(panel)


def panels_for(request: HttpRequest) -> list[str]:
    """HTML of the panels that this member of staff may see, lowest rank first."""
    visible = (panel for panel in _panels if request.user.has_perm(panel.permission))
    return [panel.render(request) for panel in sorted(visible, key=lambda panel: (panel.rank, panel.name))]


Banner = Callable[[HttpRequest], str | Promise]

_banners: list[Banner] = []


def register_banner(banner: Banner) -> None:
    """Add a warning for every page of the admin: a sentence, or "" while all is well. Keep it at one query."""
    _banners.append(banner)


def banners_for(request: HttpRequest) -> list[str]:
    return [str(text) for banner in _banners if (text := banner(request))]
