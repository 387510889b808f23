from collections.abc import Iterable

from django.db import transaction

from apps.catalog.errors import CategoryLoop
from apps.catalog.models import Category, Product
from apps.catalog.services.publishing import publish
from apps.pages.services import addresses_moved, pages_changed


def save_category(*, category: Category) -> Category:
    """Save a new or changed category; a new slug or parent moves the paths of its whole branch.

    Publishes the products of the branch, which are listed by its path and found by its name. Raises CategoryLoop if
    the parent lies inside the category; nothing is changed then.
    """
    with transaction.atomic():
        parent = category.parent
        old = Category.objects.filter(pk=category.pk).first() if category.pk else None
        if old and parent and f"{parent.path}/".startswith(f"{old.path}/"):
            raise CategoryLoop
        category.path = f"{parent.path}/{category.slug}" if parent else category.slug
        category.save()
        if old:
            branch = _move_branch(category, old.path)
            addresses_moved(_moves(old.path, category.path, branch))
            publish(Product.objects.filter(category__in=branch).values_list("pk", flat=True))
        pages_changed("categories")
    return category


def delete_category(*, category: Category) -> None:
    """Delete an empty category. Raises ProtectedError if products or categories are in it; nothing is changed then."""
    with transaction.atomic():
        category.delete()
        pages_changed("categories")


def _moves(old_path: str, new_path: str, branch: list[int]) -> dict[str, str]:
    """From the old to the new address of each category of the branch, which has its new path already."""
    if old_path == new_path:
        return {}
    paths = Category.objects.filter(pk__in=branch).values_list("path", flat=True)
    return {f"/categories/{old_path}{path.removeprefix(new_path)}/": f"/categories/{path}/" for path in paths}


def _move_branch(category: Category, old_path: str) -> list[int]:
    """Follow a new path below the category; returns the ids of the whole branch."""
    below = list(Category.objects.filter(path__startswith=f"{old_path}/"))
    if old_path != category.path:
        for child in below:
            child.path = category.path + child.path.removeprefix(old_path)
        Category.objects.bulk_update(below, ["path"])
    return [category.pk, *(child.pk for child in below)]


def delete_empty_categories(*, paths: Iterable[str]) -> int:
    """Delete those of the categories that hold neither a product nor another category; returns how many."""
    deleted = 0
    with transaction.atomic():
        for path in sorted(paths, key=lambda path: -path.count("/")):
            empty = Category.objects.filter(path=path, products=None, children=None)
            deleted += empty.delete()[0]
        if deleted:
            pages_changed("categories")
    return deleted
