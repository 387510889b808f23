"""The category tree by names from the root; branches that are missing grow."""

from apps.catalog.importing.naming import slug_of
from apps.catalog.models import Category
from apps.catalog.services import save_category

SLUG_LENGTH = 79  # five of them and their slashes fit into a path


class CategoryTree:
    """Remembers paths during a run; `forget` after a rollback, because what was made is gone then."""

    def __init__(self) -> None:
        self._known: dict[str, Category] = {}
        self.made: dict[str, str] = {}

    def forget(self) -> None:
        self._known.clear()

    def find_or_make(self, names: tuple[str, ...], slugs: tuple[str, ...] = ()) -> Category | None:
        """The branch of these names; `slugs` are its addresses where the file knows them."""
        category: Category | None = None
        path = ""
        if len(slugs) != len(names):
            slugs = tuple(slug_of(name, longest=SLUG_LENGTH) for name in names)
        for depth, (name, slug) in enumerate(zip(names, slugs, strict=True), start=1):
            path = f"{path}/{slug}" if path else slug
            category = self._one(path, name, slug, category)
            self._known[path] = category
            if path in self.made:
                self.made[path] = " > ".join(names[:depth])
        return category

    def _one(self, path: str, name: str, slug: str, parent: Category | None) -> Category:
        known = self._known.get(path) or Category.objects.filter(path=path).first()
        if known is None:
            known = save_category(category=Category(name=name, slug=slug, parent=parent))
            self.made[path] = name
        return known
