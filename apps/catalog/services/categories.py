from django.db import transaction

from apps.catalog.errors import CategoryLoop
from apps.catalog.models import Category, Product
from apps.catalog.services.publishing import publish


def save_category(*, category: Category) -> Category:
    """Save a new or changed category; a new slug or parent moves the paths of its whole branch.

    Publishes the products of the branch, whose lists show the path. Raises CategoryLoop if the parent lies inside the
    category; nothing is changed then.
    """
    with transaction.atomic():
        parent = category.parent
        old_path = (
            Category.objects.filter(pk=category.pk).values_list("path", flat=True).first() if category.pk else None
        )
        if old_path and parent and f"{parent.path}/".startswith(f"{old_path}/"):
            raise CategoryLoop
        category.path = f"{parent.path}/{category.slug}" if parent else category.slug
        category.save()
        if old_path and old_path != category.path:
            _move_branch(category, old_path)
    return category


def _move_branch(category: Category, old_path: str) -> None:
    branch = list(Category.objects.filter(path__startswith=f"{old_path}/"))
    for child in branch:
        child.path = category.path + child.path.removeprefix(old_path)
    Category.objects.bulk_update(branch, ["path"])
    ids = [category.pk, *(child.pk for child in branch)]
    publish(Product.objects.filter(category__in=ids).values_list("pk", flat=True))
