from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.ownership import OwnedManager, OwnedQuerySet


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Whoever makes an account on the server is trusted: the address counts as verified."""
        from allauth.account.models import EmailAddress  # not at import: allauth's models need ours first

        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        EmailAddress.objects.using(self._db).create(user=user, email=user.email, verified=True, primary=True)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. The address is the name to sign in with, unique whatever its case."""

    email = models.EmailField(_("email address"), max_length=254, unique=True)
    full_name = models.CharField(_("name"), max_length=120, blank=True)
    avatar = models.ImageField(_("picture"), upload_to="avatars/", blank=True)
    bio = models.TextField(_("about you"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        app_label = "users"
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [models.UniqueConstraint(Lower("email"), name="users_user_email_unique")]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name or self.email

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] if self.full_name else self.email


class PostalAddress(models.Model):
    """The fields of an address, named as in the checkout form."""

    name = models.CharField(_("full name"), max_length=120)
    company = models.CharField(_("company"), max_length=120, blank=True)
    line1 = models.CharField(_("street and number"), max_length=160)
    line2 = models.CharField(_("address line 2"), max_length=160, blank=True)
    city = models.CharField(_("town"), max_length=100)
    region = models.CharField(_("state or region"), max_length=100, blank=True)
    postal_code = models.CharField(_("postcode"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")])
    phone = models.CharField(_("phone"), max_length=32, blank=True)

    FIELDS: ClassVar[tuple[str, ...]] = (
        "name",
        "company",
        "line1",
        "line2",
        "city",
        "region",
        "postal_code",
        "country",
        "phone",
    )

    class Meta:
        abstract = True

    def as_dict(self) -> dict[str, str]:
        """The address as plain text fields, in the shape that an order keeps."""
        return {field: getattr(self, field) for field in self.FIELDS}


class Address(PostalAddress):
    """An entry of a customer's address book. Guests have none."""

    user = models.ForeignKey("users.User", on_delete=models.CASCADE, related_name="+")
    is_default_shipping = models.BooleanField(_("default for delivery"), default=False)
    is_default_billing = models.BooleanField(_("default for invoices"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    guests_own: ClassVar[bool] = False

    unscoped = OwnedQuerySet.as_manager()
    objects = OwnedManager()

    class Meta:
        app_label = "users"
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["-is_default_shipping", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default_shipping=True), name="users_address_one_shipping"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default_billing=True), name="users_address_one_billing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.line1}, {self.city}"


class AttemptCount(models.Model):
    """How often something was tried in one window of time: apps.users.limits."""

    key = models.CharField(max_length=64, primary_key=True)
    attempts = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        app_label = "users"
