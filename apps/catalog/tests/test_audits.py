import pytest

from apps.catalog.models import Listing, Product, Stock
from apps.catalog.services import hold_stock
from apps.catalog.tests.factories import make_product, make_variant
from apps.core.invariants import audit

pytestmark = pytest.mark.django_db


def found():
    return {broken.invariant: broken.detail for broken in audit() if broken.invariant.startswith("catalog.")}


def test_a_shop_that_only_its_services_changed_is_in_order():
    mug = make_variant(on_hand=2, options={"Colour": "Moss"})
    hold_stock(quantities={mug.pk: 2})
    make_variant(price=None)
    make_variant(active=False)
    make_product()
    assert found() == {}


def test_a_shelf_that_changed_without_a_movement_is_found():
    mug = make_variant(sku="MUG", on_hand=5)
    Stock.objects.filter(variant=mug).update(on_hand=7)
    assert found() == {
        "catalog.shelf_is_the_sum_of_movements": "MUG: 7 on hand, but the movements add up to 5",
    }


def test_a_visible_product_without_a_listing_is_found():
    mug = make_variant(product_fields={"slug": "mug"})
    Listing.objects.filter(product=mug.product).delete()
    assert found()["catalog.listings_are_the_visible_products"] == "mug is visible but not listed"


def test_a_listing_of_a_hidden_product_is_found():
    mug = make_variant(product_fields={"slug": "mug"})
    Product.objects.filter(pk=mug.product_id).update(status=Product.Status.DRAFT)
    assert found() == {"catalog.listings_are_the_visible_products": "mug is listed but not visible"}


def test_a_listing_with_old_prices_or_stock_is_found():
    mug = make_variant(product_fields={"slug": "mug"}, price=1999)
    told = "catalog.listings_tell_price_and_availability"
    Listing.objects.filter(product=mug.product).update(price_min=1500)
    assert found()[told] == "mug is listed for 1500 to 1999, its variants cost 1999 to 1999"
    Listing.objects.filter(product=mug.product).update(price_min=1999, available=False)
    assert found()[told] == "mug is listed as sold out, its stock says otherwise"
