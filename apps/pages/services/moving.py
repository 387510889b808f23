from collections.abc import Mapping

from django.db import transaction

from apps.pages.models import Moved


def addresses_moved(moves: Mapping[str, str]) -> None:
    """Let old addresses (without the language) lead to the new ones; joins the caller's transaction.

    An address that led to the old one leads to the new one from now on, so there are no chains. The new address leads
    nowhere else, so there are no loops.
    """
    for old, new in moves.items():
        if old == new:
            continue
        with transaction.atomic(savepoint=False):
            Moved.objects.filter(old=new).delete()
            Moved.objects.filter(new=old).update(new=new)
            Moved.objects.update_or_create(old=old, defaults={"new": new})
