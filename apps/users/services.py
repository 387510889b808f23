"""Rules of accounts and address books."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.ownership import OwnedQuerySet, Owner
from apps.users.models import Address, User

ADDRESS_BOOK_LIMIT = 50


def create_account(*, email: str, password: str | None, full_name: str = "", **fields: object) -> User:
    """An account whose address counts as verified: for demo data, staff and imports, never for a visitor.

    Safe to repeat: an account with this address is returned as it is.
    """
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            user = User.objects.create_user(email, password, full_name=full_name, **fields)
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def is_first_verified(email_address: EmailAddress) -> bool:
    """Whether this address is the one that made its account real, and not a change of address."""
    others = EmailAddress.objects.filter(user_id=email_address.user_id, verified=True)
    return not others.exclude(pk=email_address.pk).exists()


def free_unproven_address(*, email: str, claimed_by: int) -> None:
    """Remove a customer's account that took `email` but never proved it nor signed in.

    Whoever reads the mail of an address owns it; a sign-up by someone else must not stand in the way. Accounts
    of staff, and those that were ever used, stay.
    """
    squatters = User.objects.filter(email__iexact=email, last_login__isnull=True, is_staff=False)
    squatters.exclude(pk=claimed_by).exclude(emailaddress__verified=True).delete()


def forget_unproven_password(*, user: User) -> None:
    """Make an account open by code or reset link only, until its owner sets a password.

    Takes the very object that is about to sign in: its session is bound to the password it holds.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])


class AddressBookFull(DomainError):
    """Nobody needs that many; a script might. `str()` says what to do."""

    message = _("Your address book is full. Remove an address first.")


def save_address(*, owner: Owner, address: Address) -> Address:
    """Store an entry of the owner's address book; the first one becomes both defaults.

    Raises AddressBookFull beyond ADDRESS_BOOK_LIMIT entries; nothing has changed then.
    """
    with transaction.atomic():
        user, book = _locked_book(owner)
        others = book.exclude(pk=address.pk).count()
        if address.pk is None and others >= ADDRESS_BOOK_LIMIT:
            raise AddressBookFull
        address.user = user
        if not others:
            address.is_default_shipping = address.is_default_billing = True
        address.save()
    return address


def make_default(*, owner: Owner, address: Address, shipping: bool = False, billing: bool = False) -> None:
    """Make an entry the default for delivery or for invoices; the former default is one no more."""
    with transaction.atomic():
        _user, book = _locked_book(owner)
        if shipping:
            book.update(is_default_shipping=False)
        if billing:
            book.update(is_default_billing=False)
        chosen = book.filter(pk=address.pk)
        if shipping:
            chosen.update(is_default_shipping=True)
        if billing:
            chosen.update(is_default_billing=True)


def delete_address(*, owner: Owner, address: Address) -> None:
    """Remove an entry; a default passes on to the newest entry that is left. Orders keep their own copy."""
    with transaction.atomic():
        _user, book = _locked_book(owner)
        book.filter(pk=address.pk).delete()
        heir = book.order_by("-pk").first()
        if heir is None:
            return
        heir.is_default_shipping |= not book.filter(is_default_shipping=True).exists()
        heir.is_default_billing |= not book.filter(is_default_billing=True).exists()
        heir.save(update_fields=["is_default_shipping", "is_default_billing"])


def _locked_book(owner: Owner) -> tuple[User, OwnedQuerySet]:
    """The owner and their entries, the account locked: two tabs can't both make a first or a default entry."""
    user = User.objects.select_for_update().get(pk=owner.user_id or 0)
    book: OwnedQuerySet = Address.objects.for_owner(owner)
    return user, book
