"""Who gets what at every URL. One row per URL name; a URL without a row fails the walk.

Codes are for guest, stranger (another customer), owner, clerk (staff without the permission) and manager (staff with
it), in this order; a single code is for all five. Unsaid: HEAD is as GET; PUT, PATCH and DELETE are 405; OPTIONS
is 200. Bodies are empty, so a POST that gets through is refused by its form: 422, 400 or 409.
"""

from dataclasses import dataclass

SIGNED_IN = "302 200 200 200 200"
OURS = "404 404 200 404 404"
STAFF = "302 302 302 200 200"
PERMITTED = "302 302 302 403 200"


@dataclass(frozen=True)
class Row:
    name: str
    path: str
    get: str
    post: str = "405"
    put: str = "405"
    patch: str = "405"
    delete: str = "405"
    options: str = "200"
    head: str = ""

    def expected(self, method: str) -> list[int]:
        """The five status codes of a method, one per role."""
        codes = (getattr(self, method.lower()) or self.get).split()
        return [int(code) for code in codes * (5 if len(codes) == 1 else 1)]


def signed_in(name: str, path: str, get: str = "200", post: str = "405", put: str = "405") -> Row:
    """Guests are sent to sign-in, whatever they ask; the codes are for the other four."""

    def entry(codes: str) -> str:
        return f"302 {codes if ' ' in codes else ' '.join([codes] * 4)}"

    return Row(name, path, entry(get), entry(post), entry(put), entry("405"), entry("405"), entry("200"))


def staff(name: str, path: str, get: str, post: str = "", others: str = "", options: str = "") -> Row:
    """Whoever is no staff is sent to sign-in; the codes are for clerk and manager. Unsaid ones are as for GET."""
    post, others = post or get, others or get
    codes = (get, post, others, others, others, options or others)
    return Row(name, path, *(f"302 302 302 {code}" for code in codes))


def download(name: str, path: str) -> Row:
    """A file for staff with the permission."""
    allowed, refused = "302 404 404 403 200", "302 404 404 403 405"
    return Row(name, path, allowed, *[refused] * 4, allowed)


def entrance(name: str, path: str) -> Row:
    """A page to sign in or up: who is signed in already is sent on, whatever they ask."""
    sent_on = "302 302 302 302"
    codes = (f"{code} {sent_on}" for code in (200, 422, 200, 405, 405, 200))
    return Row(name, path, *codes)


SHOP = [
    Row("robots", "/robots.txt", get="200"),
    Row("speculation-rules", "/speculation-rules.json", get="200"),
    Row("sitemap", "/sitemap.xml", get="200"),
    Row("sitemap-pages", "/sitemap-pages.xml", get="200"),
    Row("sitemap-products", "/sitemap-products-0.xml", get="200"),
    Row("feed-google", "/feeds/google.xml", get="200"),
    Row("feed-google-in", "/de/feeds/google.xml", get="200"),
    Row("llms", "/llms.txt", get="200"),
    Row("media", "/media/none.png", get="404"),
    Row("catalog:home", "/", get="200"),
    Row("catalog:product-list", "/products/", get="200"),
    Row("catalog:product-detail", "/products/{product.slug}/", get="200"),
    Row("catalog:suggest", "/search/suggest/", get="302"),
    Row("catalog:recently-viewed", "/recently-viewed/?slugs={product.slug}", get="200"),
    Row("catalog:category", "/categories/{category.slug}/", get="200"),
    Row("inventory:alert-add", "/stock-alerts/add/", get="405", post="422"),
    # A link that is nobody's says so, and its button changes nothing.
    Row("inventory:alert-confirm", "/stock-alerts/confirm/none/", get="200", post="409"),
    Row("inventory:alert-stop", "/stock-alerts/stop/none/", get="200", post="409"),
    Row("pages:page", "/pages/imprint/", get="200"),
    Row("orders:cart", "/cart/", get="200"),
    Row("orders:cart-add", "/cart/lines/", get="405", post="404"),
    Row("orders:cart-line", "/cart/lines/{variant.sku}/", get="405", post="400"),
    Row("orders:cart-code", "/cart/codes/", get="405", post="409"),
    Row("orders:cart-code-remove", "/cart/codes/remove/", get="405", post="303"),
    Row("orders:checkout", "/checkout/", get="302 302 200 302 302", post="409"),
    Row("orders:order-list", "/orders/", get="200"),
    # Opening the link grants the order, which a HEAD must not do.
    Row("orders:guest-link", "/orders/link/{link}/", get="302", head="405"),
    Row("orders:order-detail", "/orders/{order.ref}/", get=OURS),
    Row("orders:order-status", "/orders/{order.ref}/status/", get="404 404 302 404 404"),
    Row("orders:order-pay", "/orders/{order.ref}/pay/", get=OURS, post="404 404 303 404 404"),
    Row("orders:order-reorder", "/orders/{order.ref}/reorder/", get="405", post="404 404 303 404 404"),
    Row("documents:download", "/orders/{invoice.order.ref}/invoices/{invoice.ref}/", get=OURS),
    Row(
        "payments:sandbox-bank",
        "/payments/sandbox/{payment.ref}/",
        get=OURS,
        post="404 404 422 404 404",
        put="404 404 405 404 404",
        patch="404 404 405 404 404",
        delete="404 404 405 404 404",
        options=OURS,
    ),
    Row("payments:stripe-return", "/payments/stripe/{payment.ref}/return/", get="404"),
    # Without a secret nothing can be believed, so nothing is read.
    Row("payments:stripe-webhook", "/payments/stripe/webhook/", get="405", post="503", options="405"),
    Row("payments:sandbox-webhook", "/payments/sandbox/webhook/", get="405", post="400", options="405"),
]

ACCOUNT = [
    signed_in("users:account", "/account/", post="422", put="422"),
    signed_in("users:address-list", "/account/addresses/"),
    signed_in("users:address-add", "/account/addresses/new/", post="422", put="422"),
    signed_in(
        "users:address-edit",
        "/account/addresses/{address.pk}/",
        get="404 200 404 404",
        post="404 422 404 404",
        put="404 422 404 404",
    ),
    signed_in("users:address-delete", "/account/addresses/{address.pk}/delete/", get="405", post="404 302 404 404"),
    signed_in("users:address-default", "/account/addresses/{address.pk}/default/", get="405", post="404 302 404 404"),
    signed_in("inventory:alert-list", "/stock-alerts/"),
    signed_in("inventory:alert-delete", "/stock-alerts/{alert.pk}/delete/", get="405", post="404 302 404 404"),
    # allauth's views. They answer a PUT like a POST, but read no fields from it.
    entrance("account_login", "/account/login/"),
    entrance("account_signup", "/account/signup/"),
    Row("account_logout", "/account/logout/", get=SIGNED_IN, post="302"),
    Row("account_inactive", "/account/inactive/", get="200"),
    signed_in("account_reauthenticate", "/account/reauthenticate/", post="422", put="200"),
    signed_in("account_email", "/account/email/", post="302", put="302"),
    Row("account_email_verification_sent", "/account/confirm-email/", get="200"),
    Row("account_confirm_email", "/account/confirm-email/unknown/", get="200", post="404"),
    signed_in("account_change_password", "/account/password/change/", post="422", put="200"),
    # Who has a password already is sent to the page that changes it.
    Row("account_set_password", "/account/password/set/", *["302"] * 6),
    Row("account_reset_password", "/account/password/reset/", get="200", post="422", put="200"),
    Row("account_reset_password_done", "/account/password/reset/done/", get="200"),
    Row("account_reset_password_from_key", "/account/password/reset/key/1-unknown/", "200", "422", *["200"] * 4),
    Row("account_reset_password_from_key_done", "/account/password/reset/key/done/", get="200"),
    entrance("account_request_login_code", "/account/login/code/"),
    # Without a code that was asked for, back to asking.
    Row("account_confirm_login_code", "/account/login/code/confirm/", *["302"] * 6),
]

ADMIN = [
    staff("admin:index", "/admin/", get="200 200"),
    Row("admin:login", "/admin/login/", *["302 403 403 302 302"] * 6),
    staff("admin:logout", "/admin/logout/", get="405 405", post="200 200", options="200 200"),
    Row(
        "admin:password_change",
        "/admin/password_change/",
        STAFF,
        "302 302 302 422 422",
        STAFF,
        "302 302 302 405 405",
        "302 302 302 405 405",
        STAFF,
    ),
    staff("admin:password_change_done", "/admin/password_change/done/", "200 200", "405 405", "405 405", "200 200"),
    staff("admin:autocomplete", "/admin/autocomplete/", "403 403", "405 405", "405 405", "200 200"),
    staff("admin:jsi18n", "/admin/jsi18n/", "200 200", "405 405", "405 405", "200 200"),
    staff("admin:view_on_site", "/admin/r/1/1/", get="404 404"),
    staff("admin:app_list", "/admin/orders/", get="404 200"),
    staff("admin:catch_all", "/admin/nothing", get="404 404"),
    staff("admin:catalog_stock_backorder", "/admin/catalog/stock/{stock.pk}/backorder/", get="403 405", post="403 302"),
    staff("admin:catalog_stock_limit", "/admin/catalog/stock/{stock.pk}/limit/", get="403 405", post="403 302"),
    staff("admin:inventory_stockcount_close", "/admin/inventory/stockcount/{count.pk}/close/", "403 405", "403 302"),
    staff("admin:inventory_stockcount_drop", "/admin/inventory/stockcount/{count.pk}/drop/", "403 405", "403 302"),
    # For superusers alone: whoever sets the owner's password is the owner.
    staff("admin:auth_user_password_change", "/admin/users/user/{owner.pk}/password/", get="403 403"),
    download("exchange:products-csv", "/admin/exports/products.csv"),
    download("exchange:products-xlsx", "/admin/exports/products.xlsx"),
    download("exchange:orders-csv", "/admin/exports/orders.csv"),
    download("exchange:customers-csv", "/admin/exports/customers.csv"),
    staff("admin:exchange_bulkedit_all", "/admin/exchange/bulkedit/all/", get="403 405", post="403 422"),
    staff("admin:exchange_bulkedit_start", "/admin/exchange/bulkedit/{edit.pk}/start/", get="403 405", post="403 302"),
    staff("admin:exchange_bulkedit_stop", "/admin/exchange/bulkedit/{edit.pk}/stop/", get="403 405", post="403 302"),
    staff("admin:exchange_bulkedit_undo", "/admin/exchange/bulkedit/{edit.pk}/undo/", get="403 405", post="403 302"),
    staff("admin:exchange_import_start", "/admin/exchange/import/{imported.pk}/start/", get="403 405", post="403 302"),
    staff("admin:exchange_import_undo", "/admin/exchange/import/{imported.pk}/undo/", get="403 405", post="403 302"),
    staff(
        "admin:exchange_import_problems",
        "/admin/exchange/import/{imported.pk}/problems.csv",
        "403 200",
        *["403 405"] * 3,
    ),
    staff(
        "admin:exchange_bulkedit_problems",
        "/admin/exchange/bulkedit/{edit.pk}/problems.csv",
        "403 200",
        *["403 405"] * 3,
    ),
    # Steps on an order.
    staff("admin:orders_order_cancel", "/admin/orders/order/{order.pk}/cancel/", get="403 200", post="403 422"),
    staff("admin:orders_order_note", "/admin/orders/order/{order.pk}/note/", get="403 405", post="403 302"),
    staff("admin:orders_order_settle", "/admin/orders/order/{order.pk}/settle/", get="403 405", post="403 302"),
    staff("admin:orders_order_revoke", "/admin/orders/order/{order.pk}/revoke-links/", get="403 405", post="403 302"),
    staff("admin:payments_invoice_pdf", "/admin/payments/invoice/{invoice.pk}/pdf/", "403 200", "403 200"),
    staff("admin:payments_invoice_month", "/admin/payments/invoice/month/", get="403 404"),
    staff("admin:payments_payment_capture", "/admin/payments/payment/{order.pk}/capture/", "403 405", "403 302"),
    staff("admin:payments_problem_now", "/admin/payments/problem/now/", get="403 405", post="403 302"),
    staff(
        "admin:payments_problem_give_back", "/admin/payments/problem/{problem.pk}/give-back/", "403 405", post="403 302"
    ),
    staff("admin:payments_problem_recheck", "/admin/payments/problem/{problem.pk}/recheck/", "403 405", post="403 302"),
    staff("admin:payments_problem_seen", "/admin/payments/problem/{problem.pk}/seen/", "403 405", post="403 302"),
    staff("admin:payments_refund_make", "/admin/payments/refund/{order.pk}/make/", get="403 200", post="403 422"),
    staff("admin:payments_refund_retry", "/admin/payments/refund/{refund.pk}/retry/", get="403 405", post="403 302"),
    staff(
        "admin:pricing_discount_replay", "/admin/pricing/discount/{discount.pk}/replay/", "403 200", *["403 405"] * 3
    ),
    staff("admin:pricing_discount_activate", "/admin/pricing/discount/{discount.pk}/activate/", "403 405", "403 302"),
    staff("admin:pricing_discount_end", "/admin/pricing/discount/{discount.pk}/end/", "403 405", "403 302"),
    staff("admin:shipping_pack", "/admin/shipping/shipment/{order.pk}/pack/", get="403 405", post="403 302"),
    staff("admin:shipping_ship", "/admin/shipping/shipment/{order.pk}/ship/", get="403 200", post="403 422"),
    staff("admin:shipping_deliver", "/admin/shipping/shipment/{order.pk}/deliver/", get="403 405", post="403 302"),
]

ROWS = [*SHOP, *ACCOUNT, *ADMIN]

# The admin's pages of models: the kinds of page that staff with every permission may enter. The others are 403 even for
# them (or 405 for a POST to a page that only shows), because what they would do is done by a service.
KINDS = ("changelist", "add", "change", "delete", "history")
EVERYTHING = frozenset(KINDS)
READ_ONLY = frozenset({"changelist", "change", "history"})
MODELS = {
    "auth_group": EVERYTHING,
    "catalog_category": EVERYTHING,
    "catalog_pricechange": frozenset({"changelist"}),
    "catalog_product": EVERYTHING,
    "catalog_searchmiss": READ_ONLY | {"delete"},
    "catalog_stock": READ_ONLY,
    "catalog_stockmovement": READ_ONLY,
    "catalog_synonym": EVERYTHING,
    "exchange_bulkedit": READ_ONLY | {"add"},
    "exchange_import": READ_ONLY | {"add"},
    "inventory_stockalert": frozenset({"changelist"}),
    "inventory_stockcount": READ_ONLY | {"add"},
    "jobs_job": READ_ONLY,
    "notifications_message": READ_ONLY,
    "orders_order": READ_ONLY,
    "pages_shop": READ_ONLY,
    "pages_textpage": EVERYTHING,
    "payments_dispute": READ_ONLY,
    "payments_invoice": READ_ONLY,
    "payments_payment": READ_ONLY,
    "payments_problem": READ_ONLY,
    "payments_refund": READ_ONLY,
    "payments_webhookevent": READ_ONLY,
    "pricing_discount": EVERYTHING,
    "pricing_taxrate": EVERYTHING,
    "shipping_shipment": READ_ONLY,
    "shipping_shippingzone": EVERYTHING,
    "shipping_shippingmethod": EVERYTHING,
    "users_user": EVERYTHING - {"delete"},
}
