"""A discount in one plain sentence, for staff."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext

from apps.core.money import shop_money
from apps.pricing.models import Discount
from apps.pricing.models.discount import WHOLE
from apps.pricing.statement import percent_text


def summary(discount: Discount) -> str:
    """ "10 % off everything in Kitchen, from €20.00, until 12/31/2026". Reads its categories and products."""
    return ", ".join([_what(discount), *_conditions(discount)])


def _what(discount: Discount) -> str:
    facts = {
        "goods": _goods(discount),
        "percent": percent_text(discount.value),
        "amount": shop_money(discount.value),
        "buy": discount.buy_quantity,
        "get": discount.get_quantity,
    }
    if discount.kind == Discount.Kind.PERCENT:
        return gettext("%(percent)s %% off %(goods)s") % facts
    if discount.kind == Discount.Kind.AMOUNT:
        return gettext("%(amount)s off %(goods)s") % facts
    if discount.kind == Discount.Kind.FREE_SHIPPING:
        return gettext("Free delivery with %(goods)s") % facts
    if discount.value == WHOLE:
        return gettext("Buy %(buy)d, get %(get)d free: %(goods)s") % facts
    return gettext("Buy %(buy)d, get %(get)d for %(percent)s %% less: %(goods)s") % facts


def _goods(discount: Discount) -> str:
    names = [gettext("everything in %(name)s") % {"name": category.name} for category in discount.categories.all()]
    products = [product.title for product in discount.products.all()]
    if len(products) > 2:
        names.append(ngettext("%d product", "%d products", len(products)) % len(products))
    else:
        names += products
    return get_text_list(names, gettext("and")) if names else gettext("everything")


def _conditions(discount: Discount) -> Iterator[str]:
    if discount.minimum_goods:
        yield gettext("from %(amount)s") % {"amount": shop_money(discount.minimum_goods)}
    if discount.code:
        yield gettext("with the code %(code)s") % {"code": discount.code}
    if discount.per_customer_limit:
        times = discount.per_customer_limit
        yield ngettext("once per customer", "%(times)d times per customer", times) % {"times": times}
    if not discount.combinable:
        yield gettext("not with other discounts")
    if discount.starts_at:
        yield gettext("from %(date)s on") % {"date": _date(discount.starts_at)}
    if discount.ends_at:
        yield gettext("until %(date)s") % {"date": _date(discount.ends_at)}


def _date(moment: object) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")  # type: ignore[arg-type]
