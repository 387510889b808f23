"""The category tree, read once a request and only by what shows it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from apps.catalog.models import Category


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category in the visitor's language."""

    path: str
    name: str
    description: str

    @property
    def url(self) -> str:
        return reverse("catalog:category", args=[self.path])

    @property
    def parent_path(self) -> str:
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class CategoryTree:
    nodes: dict[str, CategoryNode] = field(default_factory=dict)

    def children(self, path: str = "") -> list[CategoryNode]:
        """The categories directly below `path`; without one, the top of the tree."""
        return [node for node in self.nodes.values() if node.parent_path == path]

    def trail(self, path: str) -> Iterator[CategoryNode]:
        """From the top down to `path` itself."""
        parts = path.split("/")
        for length in range(1, len(parts) + 1):
            node = self.nodes.get("/".join(parts[:length]))
            if node:
                yield node


def category_tree() -> CategoryTree:
    rows = Category.objects.order_by("position", "name", "pk")
    nodes = [CategoryNode(row.path, row.display_name, str(row.localized("description"))) for row in rows]
    return CategoryTree({node.path: node for node in nodes})


def categories_of(request: HttpRequest) -> CategoryTree:
    """The tree, in one query however many parts of the page ask."""
    tree: CategoryTree | None = getattr(request, "_stoa_categories", None)
    if tree is None:
        tree = request._stoa_categories = category_tree()  # type: ignore[attr-defined]
    return tree


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the top of the tree, read when a template gets to it."""
    return {"nav_categories": SimpleLazyObject(lambda: categories_of(request).children())}
