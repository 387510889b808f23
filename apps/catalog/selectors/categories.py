"""The category tree: read once a process, and again when a category changes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override

from apps.catalog.models import Category
from apps.pages import journal


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category in the visitor's language."""

    path: str
    name: str
    description: str
    language: str

    @property
    def url(self) -> str:
        return _address(self.path, self.language)

    @property
    def parent_path(self) -> str:
        return self.path.rpartition("/")[0]


@lru_cache(maxsize=4096)
def _address(path: str, language: str) -> str:
    """Kept, because every page has a dozen of them."""
    with override(language):
        return reverse("catalog:category", args=[path])


class CategoryTree:
    def __init__(self, nodes: Iterable[CategoryNode]) -> None:
        self.nodes = {node.path: node for node in nodes}
        self._below: defaultdict[str, list[CategoryNode]] = defaultdict(list)
        for node in self.nodes.values():
            self._below[node.parent_path].append(node)

    def children(self, path: str = "") -> Sequence[CategoryNode]:
        """The categories directly below `path`; without one, the top of the tree."""
        return self._below.get(path, ())

    def trail(self, path: str) -> Iterator[CategoryNode]:
        """From the top down to `path` itself."""
        parts = path.split("/")
        for length in range(1, len(parts) + 1):
            node = self.nodes.get("/".join(parts[:length]))
            if node:
                yield node


def categories_of(request: HttpRequest) -> CategoryTree:
    """The tree in the visitor's language, by the statement that all parts of a page share."""
    return _trees.value(journal.at(request))[get_language() or settings.LANGUAGE_CODE]


def forget() -> None:
    _trees.forget()


def _read() -> dict[str, CategoryTree]:
    rows = list(Category.objects.order_by("position", "name", "pk"))
    return {code: _tree(rows, code) for code, _name in settings.LANGUAGES}


def _tree(rows: Iterable[Category], language: str) -> CategoryTree:
    nodes = [
        CategoryNode(
            row.path, str(row.localized("name", language)), str(row.localized("description", language)), language
        )
        for row in rows
    ]
    return CategoryTree(nodes)


_trees = journal.Remembered("categories", _read)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the top of the tree, read when a template gets to it."""
    return {"nav_categories": SimpleLazyObject(lambda: categories_of(request).children())}
