"""Every parameter that an endpoint of the fake knows. What is not here is refused as unknown."""

from apps.payments.fake_stripe import parameters as p
from apps.payments.fake_stripe.parameters import Table

EXPAND = {"expand": p.listing(p.text(100), 20)}
PAGE = {
    **EXPAND,
    "limit": p.integer(1, 100),
    "starting_after": p.text(100),
    "ending_before": p.text(100),
    "created": p.moment(),
}
LOCALES = """
    auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru
    sk sl sv th tr vi zh zh-HK zh-TW
"""
METHODS = ("card", "sepa_debit", "link", "paypal", "klarna", "bancontact", "eps", "ideal", "giropay", "p24", "twint")
CAPTURE = p.one_of("automatic", "automatic_async", "manual")

ADDRESS = p.group(
    {name: p.text(200) for name in ("line1", "line2", "city", "state", "postal_code")} | {"country": p.text(2)}
)
SHIPPING = p.group(
    {
        "address": ADDRESS,
        "name": p.text(200, required=True),
        "phone": p.text(50),
        "carrier": p.text(100),
        "tracking_number": p.text(100),
    }
)
DESCRIPTORS = {"statement_descriptor": p.text(22), "statement_descriptor_suffix": p.text(22)}
PRODUCT = p.group(
    {
        "name": p.text(5000, required=True),
        "description": p.text(5000),
        "images": p.listing(p.url(), 8),
        "metadata": p.metadata(),
        "tax_code": p.text(50),
    },
    required=True,
)
LINE = p.group(
    {
        "price_data": p.group(
            {
                "currency": p.currency(required=True),
                "unit_amount": p.integer(0, required=True),
                "product_data": PRODUCT,
                "tax_behavior": p.one_of("exclusive", "inclusive", "unspecified"),
            },
            required=True,
        ),
        "quantity": p.integer(1, 999_999),
        "metadata": p.metadata(),
    }
)

SESSION_CREATE: Table = {
    **EXPAND,
    "mode": p.one_of("payment", required=True),
    "success_url": p.url(required=True),
    "cancel_url": p.url(),
    "line_items": p.listing(LINE, 100, required=True),
    "client_reference_id": p.text(200),
    "customer_email": p.email(),
    "customer_creation": p.one_of("if_required", "always"),
    "expires_at": p.integer(0),
    "locale": p.one_of(*LOCALES.split()),
    "metadata": p.metadata(),
    "allowed_payment_method_types": p.listing(p.one_of(*METHODS)),
    "submit_type": p.one_of("auto", "book", "donate", "pay", "subscribe"),
    "billing_address_collection": p.one_of("auto", "required"),
    "ui_mode": p.one_of("hosted_page"),
    "adaptive_pricing": p.group({"enabled": p.boolean()}),
    "automatic_tax": p.group({"enabled": p.boolean()}),
    "invoice_creation": p.group({"enabled": p.boolean()}),
    "phone_number_collection": p.group({"enabled": p.boolean()}),
    "allow_promotion_codes": p.boolean(),
    "payment_intent_data": p.group(
        {
            "capture_method": CAPTURE,
            "description": p.text(1000),
            "metadata": p.metadata(),
            "receipt_email": p.email(),
            "shipping": SHIPPING,
            "transfer_group": p.text(200),
            **DESCRIPTORS,
        }
    ),
}
SESSION_LIST: Table = {
    **PAGE,
    "payment_intent": p.text(100),
    "status": p.one_of("open", "complete", "expired"),
    "customer_details": p.group({"email": p.email()}),
}
SESSION_LINES: Table = {name: PAGE[name] for name in ("expand", "limit", "starting_after", "ending_before")}
INTENT_CREATE: Table = {
    **EXPAND,
    "amount": p.integer(1, required=True),
    "currency": p.currency(required=True),
    "automatic_payment_methods": p.group(
        {"enabled": p.boolean(), "allow_redirects": p.one_of("always", "never")},
    ),
    "capture_method": CAPTURE,
    "confirm": p.boolean(),
    "description": p.text(1000),
    "metadata": p.metadata(),
    "off_session": p.boolean(),
    "payment_method": p.text(100),
    "allowed_payment_method_types": p.listing(p.one_of(*METHODS)),
    "receipt_email": p.email(),
    "return_url": p.url(),
    "shipping": SHIPPING,
    "transfer_group": p.text(200),
    **DESCRIPTORS,
}
INTENT_CONFIRM: Table = {**EXPAND, "payment_method": p.text(100), "return_url": p.url(), "off_session": p.boolean()}
INTENT_CAPTURE: Table = {
    **EXPAND,
    "amount_to_capture": p.integer(1),
    "metadata": p.metadata(),
    "final_capture": p.one_of("true"),
    **DESCRIPTORS,
}
INTENT_CANCEL: Table = {
    **EXPAND,
    "cancellation_reason": p.one_of("abandoned", "duplicate", "fraudulent", "requested_by_customer"),
}
REFUND_CREATE: Table = {
    **EXPAND,
    "amount": p.integer(1),
    "charge": p.text(100),
    "payment_intent": p.text(100),
    "reason": p.one_of("duplicate", "fraudulent", "requested_by_customer"),
    "metadata": p.metadata(),
    "instructions_email": p.email(),
}
BY_PAYMENT: Table = {**PAGE, "charge": p.text(100), "payment_intent": p.text(100)}
CHARGE_LIST: Table = {**PAGE, "payment_intent": p.text(100)}
EVENT_LIST: Table = {
    **PAGE,
    "type": p.text(100),
    "types": p.listing(p.text(100), 20),
    "delivery_success": p.boolean(),
}
