"""Every form of the shop, filled in well: tests spoil one field at a time."""

from dataclasses import dataclass, field

from apps.users.tests.factories import ADDRESS as ENTRY
from apps.users.tests.factories import PASSWORD
from tests.support.buyer import ADDRESS

ADDRESSES = {f"shipping-{name}": value for name, value in ENTRY.items()} | {
    f"billing-{name}": value for name, value in ENTRY.items()
}


@dataclass(frozen=True)
class Filled:
    """`typed` are fields that a person types: a text that is none is refused there. The others choose or are hidden."""

    path: str
    role: str
    typed: dict[str, str]
    others: dict[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, str]:
        return {**self.typed, **self.others}


FORMS = [
    Filled("/cart/lines/", "stranger", {"sku": "WALK-1", "quantity": "1"}),
    Filled("/cart/lines/{variant.sku}/", "owner", {"quantity": "2"}),
    Filled(
        "/checkout/",
        "owner",
        {**ADDRESSES, "email": "a@example.com", "note": "Ring twice"},
        {
            "shipping_method": "standard",
            "payment_method": "sandbox",
            "shown_total": "2489",
            "shipping-saved": "",
            "billing-saved": "",
        },
    ),
    Filled(
        "/checkout/", "owner", {}, {**ADDRESS, "action": "update", "shipping-saved": "", "shipping_method": "express"}
    ),
    Filled("/orders/{order.ref}/pay/", "owner", {}, {"payment_method": "sandbox"}),
    Filled("/payments/sandbox/{payment.ref}/", "owner", {"outcome": "pending"}),
    Filled(
        "/account/", "owner", {"full_name": "Ada", "bio": "Mugs", "language": "en"}, {"remove_avatar": "", "avatar": ""}
    ),
    Filled("/account/addresses/new/", "owner", dict(ENTRY)),
    Filled("/account/addresses/{address.pk}/", "owner", dict(ENTRY)),
    Filled("/account/addresses/{address.pk}/default/", "owner", {}, {"use": "shipping"}),
    Filled("/account/login/", "guest", {"login": "owner@example.com", "password": PASSWORD}, {"remember": "on"}),
    Filled("/account/signup/", "guest", {"email": "new@example.com", "password1": PASSWORD}),
    Filled("/account/password/reset/", "guest", {"email": "owner@example.com"}),
    Filled("/account/login/code/", "guest", {"email": "owner@example.com"}),
    Filled("/account/reauthenticate/", "owner", {"password": PASSWORD}),
    Filled("/account/password/change/", "owner", {"oldpassword": PASSWORD, "password1": "new", "password2": "new"}),
    Filled("/account/email/", "owner", {"email": "new@example.com"}, {"action_add": ""}),
    Filled("/account/logout/", "owner", {}, {"next": "/"}),
    Filled("/admin/orders/order/{order.pk}/note/", "manager", {"text": "Called"}),
    Filled("/admin/orders/order/{order.pk}/cancel/", "manager", {"restock": "yes", "reason": "Wish"}),
    Filled(
        "/admin/shipping/shipment/{order.pk}/ship/",
        "manager",
        {"carrier": "Post", "tracking_number": "1", "tracking_url": "https://example.com/1"},
    ),
    Filled(
        "/admin/users/user/{owner.pk}/change/", "manager", {"full_name": "Ada"}, {"language": "", "is_active": "on"}
    ),
    Filled("/admin/users/user/add/", "manager", {"email": "n@example.com", "full_name": "N"}, {"language": ""}),
    Filled("/admin/auth/group/add/", "manager", {"name": "Painters 2"}, {"permissions": "1"}),
    Filled(
        "/admin/catalog/category/add/", "manager", {"name": "Lamps", "slug": "lamps"}, {"parent": "", "position": "0"}
    ),
    Filled(
        "/admin/pricing/taxrate/add/",
        "manager",
        {"region": "", "rate": "19", "valid_from": "2026-01-01"},
        {"country": "DE", "tax_class": "standard"},
    ),
    Filled("/admin/jobs/job/", "manager", {}, {"action": "discard", "_selected_action": "1"}),
    Filled("/admin/notifications/message/", "manager", {}, {"action": "discard", "_selected_action": "1"}),
]
