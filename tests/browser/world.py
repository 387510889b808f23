"""People, orders and links for the pages: made once, inside the shop's own process, told as JSON."""

import json
import secrets
import time
from typing import Any

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from apps.catalog.models import Synonym, Variant
from apps.catalog.search import record_miss
from apps.catalog.tests.factories import make_image, make_product, make_variant
from apps.core.ownership import Owner, hash_key
from apps.exchange.models import Import, ImportRow
from apps.exchange.services import plan_selection, work_edit
from apps.inventory.models import StockAlert
from apps.inventory.services import start_count
from apps.inventory.tokens import Wish, confirm_token, stop_token
from apps.orders import services
from apps.orders.models import Order
from apps.orders.tests.factories import make_order
from apps.pages.models import Shop, TextPage
from apps.pages.services import save_page, save_shop
from apps.payments.models import Dispute, Payment, Problem, Refund, WebhookEvent
from apps.shipping import services as shipping
from apps.users.models import User
from apps.users.tests.factories import make_address, make_user
from apps.users.tokens import ResetTokens

STATES = ["awaiting", "declined", "pending", "paid", "packed", "shipped", "delivered", "cancelled", "expired"]


def session_of(user: User) -> str:
    """The cookie of somebody who has just signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "email": user.email}]
    session.save()
    return str(session.session_key)


def order_in(state: str, owner: Owner, variants: list[Variant]) -> Order:
    """An order brought into that state by the shop's own services."""
    paid = state in {"paid", "packed", "shipped", "delivered"}
    order = make_order(owner=owner, lines=dict.fromkeys(variants, 2), paid=paid)
    payment = Payment.unscoped.filter(order=order).first()
    ref = payment.ref if payment else f"payment-{order.pk}"
    if state == "declined":
        services.record_payment_failure(order_id=order.pk, payment_ref=ref)
    elif state == "pending":
        services.record_payment_pending(order_id=order.pk, payment_ref=ref)
    elif state == "cancelled":
        services.cancel_order(order_id=order.pk, restock=True, actor=None, reason="The buyer changed their mind")
    elif state == "expired":
        services.expire_order(order_id=order.pk)
    if state in {"packed", "shipped", "delivered"}:
        shipping.pack(order_id=order.pk, actor=None)
    if state in {"shipped", "delivered"}:
        shipping.ship(
            order_id=order.pk,
            carrier="DHL",
            tracking_number="00340434161094042557",
            tracking_url="https://www.example.com/track/00340434161094042557",
            actor=None,
        )
    if state == "delivered":
        shipping.mark_delivered(order_id=order.pk, actor=None)
    return order


def articles() -> list[Variant]:
    """Two in stock, one of them with everything long."""
    mug = make_variant(title="Trial mug", sku="TRIAL-MUG", on_hand=900, product_fields={"slug": "trial-mug"})
    long = make_variant(
        title="Trial Donaudampfschifffahrtskapitänsmützenständer of oiled oak",
        sku="TRIAL-LONG-NAME.WITH_EVERYTHING-0001",
        price=123456789,
        on_hand=900,
        options={"Colour": "Moss", "Surface treatment": "Oberflächenbehandlungsverfahren"},
        product_fields={"slug": "trial-long"},
    )
    make_variant(product=long.product, options={"Colour": "Clay", "Surface treatment": "Oiled"}, on_hand=0)
    make_variant(title="Trial vase", sku="TRIAL-VASE", on_hand=50, product_fields={"slug": "trial-vase"})
    make_variant(title="Trial bowl", sku="TRIAL-GONE", on_hand=0, product_fields={"slug": "trial-gone"})
    make_variant(title="Trial lamp", sku="TRIAL-LAST", on_hand=2, product_fields={"slug": "trial-last"})
    make_variant(title="Trial draft", sku="TRIAL-DRAFT", active=False, product_fields={"slug": "trial-draft"})
    make_variant(title="Trial talk", sku="TRIAL-TALK", price=None, product_fields={"slug": "trial-talk"})
    make_product(title="Trial shell", slug="trial-shell")
    static_name = "alder-chair-detail"
    renditions = {
        "avif": [[320, f"img/demo/{static_name}-320.avif"]],
        "webp": [[480, f"img/demo/{static_name}-480.webp"]],
    }
    for variant in (mug, mug, long):
        make_image(product=variant.product, static_name=static_name, renditions=renditions, alt="A picture")
    return [mug, long]


def money_in_doubt(payment: Payment) -> None:
    """A refund that failed, a dispute and something for the page of reconciliation."""
    money = {"amount": 100, "currency": payment.currency}
    Refund.unscoped.create(
        order=payment.order, payment=payment, state="failed", extra_amount=100, idempotency_key="trial", **money
    )
    Dispute.unscoped.create(payment=payment, provider_ref="dp_trial", **money)
    Problem.objects.create(kind=Problem.Kind.BOOKS, key="trial", detail="Order 0000-0000 has no lines.")


def files_and_pages(staff: User) -> None:
    """An import that left a row out, a bulk edit that waits for its button, and what managers write of the shop."""
    counts = {"outcomes": {"created": 1, "failed": 1}, "products": {"created": 1}}
    done = Import.objects.create(
        name="products.csv",
        format="own",
        encoding="utf-8",
        columns=["handle", "sku", "price"],
        ignored=["colour of the box"],
        state=Import.State.DONE,
        total=2,
        rows_done=2,
        counts=counts,
        actor=staff,
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    for number, outcome, reason in ((2, "created", ""), (3, "failed", "The price “a lot” is no number.")):
        ImportRow.objects.create(
            job=done, number=number, kind="variant", outcome=outcome, handle="mug", sku=f"MUG-{number}", reason=reason
        )
    draft = Variant.objects.get(sku="TRIAL-DRAFT")  # nobody buys it, so its price may change
    plan = {"price": {"how": "lower_amount", "value": 500}}
    edit = plan_selection(products=[draft.product_id], plan=plan, reason="count", actor=staff)
    work_edit(edit_id=edit.pk)
    save_shop(shop=Shop.from_settings())
    save_page(page=TextPage(slug="story", title="Our story", published=True))


def build() -> None:
    """Print what the pages need to know, on one line."""
    WebhookEvent.objects.create(provider="sandbox", event_id="seen-by-staff", kind="payment.succeeded")
    goods = articles()
    customer = make_user(email="customer@example.com", full_name="Ada Lovelace-Hohenlohe-Waldenburg")
    address = make_address(user=customer)
    make_address(user=customer, company="Analytical Engines GmbH & Co. KG", city="Garmisch-Partenkirchen")
    newcomer = make_user(email="newcomer@example.com")
    codeless = make_user(email="codeless@example.com", password=None)
    staff = User.objects.create_superuser("root@example.com", secrets.token_urlsafe())
    fresh = make_user(email="fresh@example.com", verified=False)
    guest_key = secrets.token_urlsafe(32)
    owner = Owner(user_id=customer.pk)
    orders = {state: order_in(state, owner, goods) for state in STATES}
    guest_order = order_in("paid", Owner(guest_key=hash_key(guest_key)), goods[:1])
    waiting = order_in("awaiting", Owner(guest_key=hash_key(guest_key)), goods[:1])
    money_in_doubt(Payment.unscoped.get(order=orders["delivered"]))
    Synonym.objects.create(words="sofa, couch")
    record_miss("settee")
    gone = Variant.objects.get(sku="TRIAL-GONE")
    StockAlert.unscoped.create(variant=gone, email=customer.email, user=customer, language="en")
    start_count(actor=staff)
    files_and_pages(staff)
    tokens: EmailAwarePasswordResetTokenGenerator = ResetTokens()
    world: dict[str, Any] = {
        "session": {
            "customer": session_of(customer),
            "newcomer": session_of(newcomer),
            "codeless": session_of(codeless),
            "staff": session_of(staff),
        },
        "guest_key": guest_key,
        "order": {state: order.ref for state, order in orders.items()},
        "order_id": {state: order.pk for state, order in orders.items()},
        "guest_order": guest_order.ref,
        "guest_waiting": waiting.ref,
        "guest_link": services.issue_guest_link(order=guest_order),
        "address": address.pk,
        "alert_confirm": confirm_token(Wish(gone.pk, "ada@example.com", "en")),
        "alert_stop": stop_token("ada@example.com"),
        "bank": {
            state: Payment.unscoped.filter(order=order).values_list("ref", flat=True).first()
            for state, order in orders.items()
        },
        "guest_bank": Payment.unscoped.filter(order=waiting).values_list("ref", flat=True).first(),
        "reset": f"{user_pk_to_url_str(newcomer)}-{tokens.make_token(newcomer)}",
        "confirm": EmailConfirmationHMAC(EmailAddress.objects.get(user=fresh)).key,
        "first": first_rows(),
    }
    print("WORLD " + json.dumps(world))


def first_rows() -> dict[str, str]:
    """For each model of the admin, the key of a row to open."""
    from django.contrib import admin

    rows = {}
    for model in admin.site._registry:
        row = model._default_manager.order_by("pk").values_list("pk", flat=True).first()
        if row is not None:
            rows[f"{model._meta.app_label}_{model._meta.model_name}"] = str(row)
    return rows
