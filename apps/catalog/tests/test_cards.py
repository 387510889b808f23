"""The card that a listing holds is, to the letter, what the template of a card writes."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from apps.catalog.cards import card_version, cards_of, joined
from apps.catalog.models import Listing
from apps.catalog.services import hold_stock
from apps.catalog.tests.factories import make_image, make_variant

pytestmark = pytest.mark.django_db


def tight(html):
    return re.sub(r"\s*([<>])\s*", r"\1", html)


def products():
    two_tone = {"subtitle": "Two-tone", "translations": {"de": {"title": "Becher", "subtitle": "Zweifarbig"}}}
    plain = make_variant(price=1500, product_fields=two_tone)
    make_image(product=plain.product)
    ranged = make_variant(
        title="Bowl & <b>Plate</b>", price=1500, options={"Size": "S"}, product_fields={"slug": "bowl"}
    )
    make_variant(product=ranged.product, price=2500, options={"Size": "L"})
    make_image(product=ranged.product, renditions={"webp": [[320, "img/demo/mug-320.webp"]]})
    reduced = make_variant(title="Reduced", price=1500, compare_at_price=2000)
    make_image(product=reduced.product, static_name="", renditions={"avif": [[320, "products/ab c.avif"]]})
    later = make_variant(title="Dearer one reduced", price=1500, options={"Size": "S"})
    make_variant(product=later.product, price=1600, compare_at_price=9000, options={"Size": "L"})
    make_variant(title="Sold out", on_hand=0)
    make_variant(title="On request", price=None)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_kept_card_is_what_the_template_writes(language):
    products()
    with override(language):
        for listing in Listing.objects.all():
            template = render_to_string("catalog/partials/card.html", {"listing": listing, "eager": True})
            assert tight(joined([listing.cards[language]], eager=True)) == tight(template)
            template = render_to_string("catalog/partials/card.html", {"listing": listing})
            assert tight(joined([listing.cards[language]])) == tight(template)
    assert Listing.objects.count() == 6


def test_a_card_holds_no_address_that_a_deploy_may_change(settings):
    mug = make_variant()
    make_image(product=mug.product)
    make_image(product=make_variant().product, static_name="", renditions={"webp": [[320, "products/m.webp"]]})
    for listing in Listing.objects.all():
        assert "/static/" not in listing.cards["en"]
        assert settings.MEDIA_URL not in listing.cards["en"]


def test_no_text_of_a_product_can_pose_as_an_address():
    mug = make_variant(title="<s:img/icons.svg> <m>", product_fields={"slug": "mug"})
    assert "&lt;s:img/icons.svg&gt; &lt;m&gt;" in joined([mug.product.listing.cards["en"]])


def test_a_card_is_made_anew_when_the_last_piece_is_promised():
    mug = make_variant(on_hand=2)
    before = Listing.objects.get().cards
    hold_stock(quantities={mug.pk: 1})
    assert Listing.objects.get().cards == before
    hold_stock(quantities={mug.pk: 1})
    after = Listing.objects.get()
    assert "Sold out" in after.cards["en"]
    assert "Ausverkauft" in after.cards["de"]
    assert after.cards == cards_of(after)


def test_the_form_of_a_card_names_currency_and_languages(settings):
    euro = card_version()
    settings.SHOP_CURRENCY = "CHF"
    swiss = card_version()
    settings.LANGUAGES = [("en", "English")]
    assert len({euro, swiss, card_version()}) == 3
