"""The card that a listing holds, to the letter, and what makes it anew."""

import pytest

from apps.catalog.cards import SIZES, card_version, cards_of, joined
from apps.catalog.models import Listing
from apps.catalog.services import hold_stock
from apps.catalog.tests.factories import make_image, make_variant

pytestmark = pytest.mark.django_db


def card_of(variant, language="en", **kwargs):
    return joined([Listing.objects.get(pk=variant.product_id).cards[language]], **kwargs)


def test_a_card_is_finished_html_in_each_language():
    german = {"title": "Becher & <b>Teller</b>", "subtitle": "Zweifarbig"}
    mug = make_variant(price=1500, product_fields={"slug": "mug", "translations": {"de": german}})
    make_image(product=mug.product)
    assert card_of(mug, "de") == (
        '<li class="card" data-testid="product-card"><div class="card__pic"><picture>'
        '<source type="image/avif" srcset="/static/img/demo/mug-320.avif 320w, /static/img/demo/mug-640.avif 640w"'
        f' sizes="{SIZES}">'
        f'<source type="image/webp" srcset="/static/img/demo/mug-480.webp 480w" sizes="{SIZES}">'
        '<img src="/static/img/demo/mug-480.webp" width="960" height="1200" alt="" loading="lazy" decoding="async">'
        '</picture></div><h3 class="card__title"><a href="/de/products/mug/">'
        "Becher &amp; &lt;b&gt;Teller&lt;/b&gt;</a></h3>"
        '<p class="card__meta"><span class="card__sub">Zweifarbig</span>'
        '<span class="price" data-testid="price">15,00\xa0€</span></p></li>'
    )
    assert 'alt="">' in card_of(mug, eager=True)


def test_prices_and_badges_tell_how_a_product_is_sold():
    ranged = make_variant(price=1500, options={"Size": "S"})
    make_variant(product=ranged.product, price=2500, options={"Size": "L"})
    reduced = make_variant(price=1500, compare_at_price=2000)
    later = make_variant(price=1500, options={"Size": "S"})
    make_variant(product=later.product, price=1600, compare_at_price=9000, options={"Size": "L"})
    sold_out = make_variant(on_hand=0)
    on_request = make_variant(price=None)
    assert '<span class="price__from">from</span> €15.00</span>' in card_of(ranged)
    assert "badge" not in card_of(ranged)
    assert "−25 %" in card_of(reduced)
    assert "<ins>€15.00</ins>" in card_of(reduced)
    assert "<del>€20.00</del>" in card_of(reduced)
    assert '<span class="badge badge--sale">Sale</span>' in card_of(later)
    assert '<li class="card card--soldout"' in card_of(sold_out)
    assert '<span class="badge badge--soldout" data-testid="sold-out">Sold out</span>' in card_of(sold_out)
    assert '<span class="badge">On request</span>' in card_of(on_request)
    assert "price" not in card_of(on_request)
    assert '<svg class="icon"' in card_of(sold_out)


def test_a_card_holds_no_address_that_a_deploy_may_change(settings):
    mug = make_variant()
    make_image(product=mug.product)
    make_image(product=make_variant().product, static_name="", renditions={"webp": [[320, "products/m.webp"]]})
    for listing in Listing.objects.all():
        assert "/static/" not in listing.cards["en"]
        assert settings.MEDIA_URL not in listing.cards["en"]


def test_no_text_of_a_product_can_pose_as_an_address():
    forged = {"de": {"title": "\x1a<m>\x1a", "subtitle": "\x1a"}}
    mug = make_variant(title="\x1a<s:img/icons.svg>\x1a <m>", product_fields={"slug": "mug", "translations": forged})
    make_image(product=mug.product)
    english, german = (card_of(mug, language) for language in ("en", "de"))
    assert ">&lt;s:img/icons.svg&gt; &lt;m&gt;</a>" in english
    assert ">&lt;m&gt;</a>" in german
    for html in (english, german):
        assert "\x1a" not in html
        assert html.count('src="/static/img/demo/mug-480.webp"') == 1


def test_pictures_of_every_kind_have_their_addresses_in_one_list(settings):
    upload = make_variant()
    make_image(product=upload.product, static_name="", renditions={"webp": [[320, "products/ä.webp"]]})
    drawn, bare = make_variant(), make_variant()
    make_image(product=drawn.product)
    html = joined((Listing.objects.get(pk=v.product_id).cards["en"] for v in (drawn, upload, bare)), eager=True)
    assert html.count(f'src="{settings.MEDIA_URL}products/%C3%A4.webp"') == 1
    assert html.count('src="/static/img/demo/mug-480.webp"') == 1
    assert html.count('<span class="picture__empty"><svg class="icon"') == 1
    assert html.count("loading=") == 1  # not the first one's
    assert joined([], eager=True) == ""


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
