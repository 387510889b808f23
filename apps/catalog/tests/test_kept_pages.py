"""What is kept for everybody, what drops it, and that nothing of one visitor is ever in it."""

import re
import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.catalog import views
from apps.catalog.models import Category, Synonym, Variant
from apps.catalog.services import archive_product, free_stock, hold_stock, publish, save_category, set_on_hand
from apps.catalog.services.changes import tell
from apps.catalog.services.companions import keep_companions
from apps.catalog.services.synonyms import save_synonyms
from apps.catalog.tests.factories import make_category, make_variant
from apps.pages import journal
from apps.pages.kept import EVERYTHING, store

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]
SWAP = {"HX-Request": "true", "HX-Target": "results"}


@pytest.fixture
def mug():
    kitchen = make_category(name="Kitchen", slug="kitchen")
    return make_variant(
        title="Mug",
        sku="MUG",
        price=1500,
        options={"Colour": "Moss"},
        product_fields={"category": kitchen, "slug": "mug"},
    )


PAGES = ["/", "/products/", "/products/?sort=price", "/products/?available=1", "/categories/kitchen/", "/products/mug/"]


def visit(*pages, client=None):
    return {page: (client or Client()).get(page).content.decode() for page in pages or PAGES}


def made_anew(*pages):
    """Which of the pages are not kept."""
    visit("/products/bowl/")  # catches up with the journal
    found = []
    for page in pages or PAGES:
        with CaptureQueriesContext(connection) as queries:
            Client().get(page)
        if len(queries) > 1:
            found.append(page)
    return found


def reprice(variant, price):
    variant.price = price
    variant.save(update_fields=["price"])
    publish([variant.product_id])


def test_pages_are_kept_until_something_on_them_changes(mug):
    bowl = make_variant(title="Bowl", product_fields={"slug": "bowl"})
    assert made_anew() == PAGES
    assert made_anew() == []
    reprice(mug, 1234)
    assert all("€12.34" in html for html in visit().values())
    bowl.product.seo_description = "Round."
    bowl.product.save()
    publish([bowl.product_id])
    assert made_anew("/products/mug/", "/categories/kitchen/") == []


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (lambda mug: reprice(mug, 1), PAGES),
        (lambda mug: make_variant(title="Jug"), PAGES[:5]),
        (lambda mug: archive_product(product=mug.product), PAGES),
        (lambda mug: set_on_hand(variant=mug, counted=0, reason="count"), PAGES),
        (lambda mug: hold_stock(quantities={mug.pk: 1}), []),  # nine are left
        (lambda mug: hold_stock(quantities={mug.pk: 6}), PAGES),
        (lambda mug: save_category(category=Category.objects.get()), PAGES),
    ],
)
def test_a_change_makes_anew_what_shows_it(mug, change, stale):
    visit()
    change(mug)
    assert made_anew() == stale


SEARCHES = [
    "/products/?q=mug",
    "/products/?q=mug&sort=price",
    "/products/?q=mug&available=1",
    "/categories/kitchen/?q=mug",
]


def retitle(product, title):
    product.title = title
    product.save()
    publish([product.pk])


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (lambda mug, bowl: reprice(bowl, 9800), []),
        (lambda mug, bowl: reprice(bowl, 1), SEARCHES[1:2]),
        (lambda mug, bowl: set_on_hand(variant=bowl, counted=0, reason="count"), SEARCHES[2:3]),
        (lambda mug, bowl: reprice(mug, 1), SEARCHES),
        (lambda mug, bowl: archive_product(product=mug.product), SEARCHES),
        (lambda mug, bowl: retitle(bowl.product, "Mug for soup"), SEARCHES),
        (lambda mug, bowl: make_variant(title="Mug stand"), SEARCHES),
        (lambda mug, bowl: save_synonyms(synonym=Synonym(words="mug, bowl")), SEARCHES),
    ],
)
def test_a_search_is_kept_until_something_else_is_found_or_shown(mug, change, stale):
    bowl = make_variant(title="Bowl", price=9900, product_fields={"slug": "bowl"})
    assert made_anew(*SEARCHES) == SEARCHES
    assert made_anew(*SEARCHES) == []
    change(mug, bowl)
    assert made_anew(*SEARCHES) == stale


def test_lists_by_price_are_told_only_where_a_price_passes_another(mug):
    make_variant(title="Bowl", price=2000)
    make_variant(title="Jug", price=3000, product_fields={"category": mug.product.category})

    def told(price):
        before = journal.now()
        reprice(mug, price)
        return journal.changes(before, journal.now()) - {f"product:{mug.product_id}"}

    assert told(1999) == {"prices"}
    assert told(2000) == {"prices", "order:"}  # as dear as the bowl
    assert told(2500) == {"prices", "order:"}
    assert told(3001) == {"prices", "order:", "order:kitchen"}
    assert told(None) == {"prices", "stock"}  # on request stands last, as it did
    assert told(1) == {"prices", "stock", "order:", "order:kitchen"}


def test_a_price_makes_anew_the_lists_that_it_may_have_changed(mug):
    make_variant(title="Bowl", price=900, compare_at_price=1000, product_fields={"category": mug.product.category})
    garden = make_category(name="Garden", slug="garden")
    spade = make_variant(title="Spade", price=4000, product_fields={"category": garden})
    make_variant(title="Rake", price=5000, product_fields={"category": garden})
    pages = [
        "/categories/kitchen/?sort=price",
        "/products/?on-sale=1",
        "/products/?price-max=20",
        "/products/?sort=price",
    ]
    visit(*pages)
    reprice(spade, 5001)
    assert made_anew(*pages) == pages[2:]
    Variant.objects.filter(pk=mug.pk).update(compare_at_price=2000)
    publish([mug.product_id])
    assert pages[1] in made_anew(*pages)


def test_a_change_of_very_many_products_drops_everything_and_tells_what_lists_hold(mug):
    visit()
    before = journal.now()
    tell(range(1, 102), {"members"})
    assert journal.changes(before, journal.now()) == {EVERYTHING, "members"}
    visit("/products/")
    assert len(store) == 1


def test_the_page_tells_the_last_pieces_at_every_step(mug):
    def told():
        return re.findall(r"Only \d left|In stock|Sold out", Client().get("/products/mug/").content.decode())[-1]

    assert told() == "In stock"
    hold_stock(quantities={mug.pk: 6})
    assert told() == "Only 4 left"
    hold_stock(quantities={mug.pk: 1})
    assert told() == "Only 3 left"
    free_stock(quantities={mug.pk: 2})
    assert told() == "Only 5 left"
    free_stock(quantities={mug.pk: 1})
    assert told() == "In stock"


def test_what_makes_no_difference_in_an_address_makes_no_page_of_its_own(mug):
    visit("/products/", "/products/?colour=moss")
    n = len(store)
    for query in ("utm_source=mail", "x=1&y=2", "page=1", "page=0", "sort=newest", "q=", "sort=nonsense&fbclid=z"):
        html = visit(f"/products/?{query}")[f"/products/?{query}"]
        assert "utm_source" not in html
    visit("/products/?x=1&colour=moss&colour=moss&utm_medium=m", "/?ref=a", "/?ref=b", "/products/mug/?variant=!!")
    visit("/products/mug/?utm_source=a")
    assert len(store) == n + 2


@pytest.mark.parametrize(
    "address",
    [
        "/products/?q=mug&page=2",
        "/products/?q=mgu",  # shows what was meant
        "/products/?q=nothing",
        "/products/?colour=unknown",
        "/products/?page=50",
        "/products/?after=1.1",
        "/products/mug/?variant=UNKNOWN",
        "/products/mug/?preview=1",
        "/products/missing/",
        "/categories/missing/",
    ],
)
def test_what_nobody_asks_for_twice_is_not_kept(mug, address):
    Client().get(address)
    assert len(store) == 0


def test_a_swap_and_its_page_are_kept_apart(mug, client):
    page, swap = client.get("/products/?colour=moss"), client.get("/products/?colour=moss", headers=SWAP)
    again = client.get("/products/?colour=moss&utm_source=x", headers=SWAP)
    assert "<html" in page.content.decode()
    assert again.content == swap.content
    assert again["HX-Push-Url"] == swap["HX-Push-Url"] == "/products/?colour=moss"
    assert set(again["Vary"].split(", ")) >= {"HX-Request", "HX-Target", "Cookie"}


def test_languages_are_kept_apart(mug, client):
    assert 'lang="en"' in client.get("/products/mug/").content.decode()
    assert 'lang="de"' in client.get("/de/products/mug/").content.decode()


class Proxy:
    """A shared cache before the shop, that stores whatever the answers allow it to."""

    def __init__(self):
        self.stored = {}

    def get(self, client, path):
        if path in self.stored:
            return self.stored[path]
        response = client.get(path)
        directives = response.get("Cache-Control", "")
        if not any(word in directives for word in ("private", "no-store")) and not response.cookies:
            self.stored[path] = response
        return response


def test_nothing_of_one_visitor_reaches_another(mug, django_user_model):
    ada = django_user_model.objects.create_user(email="ada@example.com", password="pw", full_name="Adalberta Love")
    member, buyer, proxy = Client(), Client(), Proxy()
    member.force_login(ada)
    for client in (member, buyer):
        assert client.post("/cart/lines/", {"sku": "MUG", "quantity": "3"}).status_code == 303

    def personal(html):
        return {
            "name": "Adalberta" in html,
            "count": re.findall(r'data-count="(\d+)"', html)[0],
            "message": "toast--" in html.split("<main")[0],
            "token": re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[:1],
        }

    tokens = []
    for path in PAGES:
        # The message that the cart left is shown once, to its own visitor.
        for client, name, count in ((member, True, "3"), (buyer, False, "3"), (Client(), False, "0")):
            for _ in range(2):
                found = personal(proxy.get(client, path).content.decode())
                assert (found["name"], found["count"]) == (name, count), path
                assert not (found["message"] and count == "0"), path
                tokens += found["token"]
    assert len(tokens) == len(set(tokens)) == 6
    assert proxy.stored == {}


def test_a_page_is_not_kept_that_was_made_with_something_of_the_visitor(mug, monkeypatch, django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_user(email="ada@example.com", password="pw"))
    real = views.HomeView.get_context_data

    def spoilt(self, **kwargs):
        return {**real(self, **kwargs), "meta_description": str(self.request.user)}

    monkeypatch.setattr(views.HomeView, "get_context_data", spoilt)
    client.get("/")
    assert len(store) == 0


def test_in_debug_nothing_is_kept(mug, settings):
    settings.DEBUG = True
    visit()
    assert len(store) == 0


def test_one_thread_makes_a_page_for_all_that_wait(mug, monkeypatch):
    made, entered, go = [], threading.Event(), threading.Event()
    real = views.product_list

    def slow(*args, **kwargs):
        made.append(1)
        entered.set()
        go.wait(5)
        return real(*args, **kwargs)

    monkeypatch.setattr(views, "product_list", slow)
    answers = []

    def ask():  # in a connection of its own, which sees nothing of this test's rows
        answers.append(len(visit("/products/")["/products/"]))
        connection.close()

    first, second = threading.Thread(target=ask), threading.Thread(target=ask)
    first.start()
    entered.wait(5)
    second.start()
    go.set()
    first.join(10)
    second.join(10)
    assert (len(made), len(set(answers))) == (1, 1)


def test_a_user_model_is_never_read_for_a_stranger(mug):
    visit()
    table = get_user_model()._meta.db_table
    with CaptureQueriesContext(connection) as queries:
        visit()
    assert not [q for q in queries.captured_queries if table in q["sql"] or "session" in q["sql"]]


def test_a_product_page_is_dropped_with_what_is_bought_with_it(mug):
    bowl = make_variant(title="Bowl", product_fields={"slug": "bowl"})
    visit("/products/mug/")
    assert keep_companions({mug.product_id: [bowl.product_id]}) == 1
    assert made_anew("/products/mug/") == ["/products/mug/"]
    assert made_anew("/products/mug/") == []
    reprice(bowl, 2200)
    assert made_anew("/products/mug/") == ["/products/mug/"]
    assert "€22.00" in visit("/products/mug/")["/products/mug/"]
