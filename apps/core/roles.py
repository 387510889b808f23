"""Ready groups of staff. Apps say in `ready()` which of their permissions a role has; `migrate` makes the groups.

Only ever adds: what the owner of the shop takes away from a group by hand is theirs, until a new permission is named.
"""

from collections import defaultdict
from typing import Any

from django.apps import AppConfig

CATALOGUE_EDITOR = "Catalogue editor"
ORDER_CLERK = "Order clerk"
MANAGER = "Manager"

_grants: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))


def grant(role: str, app_label: str, *codenames: str) -> None:
    """Give a role permissions of an app, by codename: grant(ORDER_CLERK, "orders", "view_order")."""
    _grants[app_label][role].update(codenames)


def grant_all(role: str, app_label: str, *models: str) -> None:
    """Give a role the four permissions of each model."""
    grant(role, app_label, *(f"{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in models))


def make_groups(*, app_config: AppConfig, using: str, **kwargs: Any) -> None:
    """After an app is migrated and its permissions exist, put them into the groups. Safe to repeat."""
    roles = _grants.get(app_config.label)
    if not roles:
        return
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    # Django makes them by the same signal, after us: our app is ready before its.
    create_permissions(app_config, verbosity=0, using=using)
    for role, codenames in roles.items():
        group, _ = Group.objects.using(using).get_or_create(name=role)
        permissions = Permission.objects.using(using).filter(
            content_type__app_label=app_config.label, codename__in=codenames
        )
        group.permissions.add(*permissions)
