"""People, as other apps ask for them."""

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from apps.users.models import User


def staff_who_may(permission: str) -> QuerySet[User]:
    """Active members of staff with the permission ("catalog.view_stock"), by themselves, by a group or as owners."""
    app_label, _, codename = permission.partition(".")
    granted = Permission.objects.filter(content_type__app_label=app_label, codename=codename)
    people = User.objects.filter(is_active=True, is_staff=True)
    entitled = Q(is_superuser=True) | Q(user_permissions__in=granted) | Q(groups__permissions__in=granted)
    return people.filter(entitled).distinct().order_by("pk")
