"""The admin's first page is made of panels; each app registers its own in `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string


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
