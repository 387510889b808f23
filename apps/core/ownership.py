"""Who owns a row, and the one door through which owned rows are read.

An owned model has `user` and `guest_key` columns (or reaches them through `owner_path`) and two managers:

    class Order(OwnedModel): ...

`Order.objects` raises unless it is entered by `.for_owner(owner)`; `Order.unscoped` is Django's default manager,
for the admin, services and jobs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.http import Http404


@dataclass(frozen=True, slots=True)
class Owner:
    """A signed-in user, or a guest known by the hash of a random key, or nobody yet."""

    user_id: int | None = None
    guest_key: str = ""

    @property
    def is_known(self) -> bool:
        return self.user_id is not None or bool(self.guest_key)

    @property
    def columns(self) -> dict[str, Any]:
        """Values for the owner columns of a new row."""
        return {"user_id": self.user_id, "guest_key": None if self.user_id else self.guest_key or None}


def hash_key(key: str) -> str:
    """What is stored of a random 256-bit key: enough to find it, useless to whoever reads the table."""
    return hashlib.sha256(key.encode()).hexdigest()


class UnscopedQuery(RuntimeError):
    """A manager of owned rows was read without naming an owner."""


def owned_by(owner: Owner) -> Q:
    """The condition "this row belongs to the owner"; matches nothing for an owner who is not known."""
    if owner.user_id is not None:
        return Q(user_id=owner.user_id)
    if owner.guest_key:
        return Q(guest_key=owner.guest_key, user_id__isnull=True)
    return Q(pk__in=[])


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows of one owner. A child names the way to its parent in `owner_path` and follows the parent's rule."""

    def owned_by(self, owner: Owner) -> Self:
        path: str = getattr(self.model, "owner_path", "")
        if path:
            parent: Any = self.model
            for step in path.split("__"):
                parent = parent._meta.get_field(step).related_model
            return self.filter(**{f"{path}__in": parent.unscoped.all().owned_by(owner)})
        if owner.user_id is None and not getattr(self.model, "guests_own", True):
            return self.none()
        return self.filter(owned_by(owner))


class OwnedManager(models.Manager[Any]):
    """A door with one handle: `for_owner`. Every other read raises UnscopedQuery."""

    def __init__(self, queryset_class: type[OwnedQuerySet] = OwnedQuerySet) -> None:
        super().__init__()
        self.queryset_class = queryset_class

    def get_queryset(self) -> Any:
        raise UnscopedQuery(f"{self.model.__name__}.objects needs for_owner(owner).")

    def for_owner(self, owner: Owner) -> Any:
        return self.queryset_class(self.model, using=self._db).owned_by(owner)

    def for_owner_or_404(self, owner: Owner, **lookup: Any) -> Any:
        """The owner's row, else Http404: someone else's answers exactly like a missing one."""
        try:
            return self.for_owner(owner).get(**lookup)
        except (self.model.DoesNotExist, ValueError) as error:
            raise Http404 from error


class OwnedModel(models.Model):
    """Base of rows with their own owner columns; children of such rows name an `owner_path` instead."""

    owner_path: ClassVar[str] = ""

    user = models.ForeignKey("users.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    guest_key = models.CharField(max_length=64, null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(guest_key__isnull=True),
                name="%(app_label)s_%(class)s_one_owner",
            )
        ]
