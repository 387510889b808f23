"""The people and rows of the walk: everything that a URL may name exists, and belongs to somebody."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from apps.catalog.models import Synonym, Variant
from apps.catalog.search import record_miss
from apps.catalog.tests.factories import make_category, make_variant
from apps.core.ownership import Owner
from apps.exchange.models import BulkEdit, Import
from apps.inventory.models import StockAlert
from apps.inventory.services import start_count
from apps.orders import services
from apps.orders.models import Order
from apps.orders.tests.factories import make_cart, make_order
from apps.pages.models import Shop, TextPage
from apps.pages.services import save_page, save_shop
from apps.payments.inbox import receive_event
from apps.payments.models import Dispute, Invoice, Payment, Problem, Refund
from apps.payments.services.invoicing import issue_invoice
from apps.pricing.tests.factories import make_discount
from apps.shipping.services import pack
from apps.shipping.tests.factories import make_method
from apps.users.models import User
from apps.users.tests.factories import make_address, make_user

ROLES = ("guest", "stranger", "owner", "clerk", "manager")
NOT_COUNTED = {"sessions.Session", "jobs.Job", "django_tasks_db.DBTaskResult", "users.AttemptCount"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass
class World:
    """`rows` are named in the table's paths; `clients` holds one signed-in browser per role."""

    rows: SimpleNamespace
    clients: dict[str, Client]

    def ask(self, role: str, method: str, path: str, *, watch: bool | dict[str, int] = False, **kwargs: Any) -> Any:
        """One request that leaves nothing behind: rows, cookies and counted attempts are as before.

        With `watch`, the answer's `written` says of which models the number of rows changed, and by how much; what
        `counts` said before spares counting again for each of many requests.
        """
        client = self.clients[role]
        cookies = client.cookies.copy()
        cache.clear()
        kwargs = {"content_type": "application/x-www-form-urlencoded", **kwargs}
        before = counts() if watch is True else watch or {}
        try:
            with transaction.atomic():
                response = client.generic(method, path, **kwargs)
                after = counts() if watch else {}
                transaction.set_rollback(True)
        finally:
            client.cookies = cookies
        response.written = {label: after[label] - n for label, n in before.items() if after[label] != n}
        return response


def counts() -> dict[str, int]:
    """Rows of each of the shop's models, by one query; sessions and the queue are not of its books."""
    models = [model for model in apps.get_models() if model._meta.label not in NOT_COUNTED and not model._meta.proxy]
    each = (f"SELECT '{model._meta.label}', count(*) FROM {quote(model._meta.db_table)}" for model in models)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def quote(table: str) -> str:
    return connection.ops.quote_name(table)


def make_world() -> World:
    variant = make_variant(sku="WALK-1", product_fields={"slug": "walk"}, on_hand=50)
    category = make_category(name="Tableware", slug="tableware")
    people = {
        "stranger": make_user(email="stranger@example.com"),
        "owner": make_user(email="owner@example.com"),
        "clerk": make_user(email="clerk@example.com", is_staff=True),
        "manager": make_user(email="manager@example.com", is_staff=True),
    }
    people["manager"].user_permissions.set(Permission.objects.all())
    owner = Owner(user_id=people["owner"].pk)
    order = make_order(owner=owner, lines={variant: 2}, payment_method="sandbox")
    invoice = make_rows_for_staff(owner=owner, variant=variant, actor=people["manager"])
    make_cart(owner=owner, lines={variant: 1})
    clients = {"guest": Client(raise_request_exception=False)}
    for role, person in people.items():
        clients[role] = Client(raise_request_exception=False)
        clients[role].force_login(person)
    rows = SimpleNamespace(
        variant=variant,
        product=variant.product,
        stock=variant.stock,
        category=category,
        order=Order.unscoped.get(pk=order.pk),
        payment=Payment.unscoped.get(order=order),
        invoice=invoice,
        discount=make_discount(),
        problem=Problem.objects.get(),
        refund=Refund.unscoped.get(),
        address=make_address(user=people["owner"]),
        link=services.issue_guest_link(order=order),
        owner=people["owner"],
        count=start_count(),
        edit=BulkEdit.objects.create(),
        imported=Import.objects.create(name="products.csv", format="own", encoding="utf-8"),
        alert=StockAlert.unscoped.create(
            variant=variant, email="owner@example.com", user=people["owner"], language="en"
        ),
    )
    return World(rows=rows, clients=clients)


def make_rows_for_staff(*, owner: Owner, variant: Variant, actor: User) -> Invoice:
    """One row at least of every model that the admin shows."""
    Group.objects.get_or_create(name="Painters")
    make_method()
    Synonym.objects.create(words="sofa, couch")
    record_miss("settee")
    save_shop(shop=Shop.from_settings())
    save_page(page=TextPage(slug="story", title="Our story", published=True))
    sent = make_order(owner=owner, lines={variant: 1}, paid=True, payment_method="sandbox")
    pack(order_id=sent.pk, actor=actor)
    make_refund_and_dispute(Payment.unscoped.get(order=sent))
    receive_event(provider="sandbox", event_id="evt_walk", kind="payment.succeeded", payload={"payment": "none"})
    Problem.objects.create(kind=Problem.Kind.BOOKS, key="walk", detail="Order 0000-0000 has no lines.")
    return issue_invoice(order_id=sent.pk)


def make_refund_and_dispute(payment: Payment) -> None:
    """A refund that failed, so that it can be tried again, and a dispute."""
    money = {"amount": 100, "currency": payment.currency}
    Refund.unscoped.create(
        order=payment.order, payment=payment, state="failed", extra_amount=100, idempotency_key="walk", **money
    )
    Dispute.unscoped.create(payment=payment, provider_ref="dp_walk", **money)
