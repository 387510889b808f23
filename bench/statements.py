"""How many SQL statements each type of page takes, asked in a process of its own: `python -m bench.statements`.

Prints a JSON object. Cold: the first time that this process is asked for the page.
"""

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.pages import HTMX  # noqa: E402
from bench.stock import shop  # noqa: E402
from tests.support.buyer import ADDRESS, field_value, first_choice  # noqa: E402


def counted(client: Client, method: str, path: str, *args: object, right: int = 200, **kwargs: object) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = getattr(client, method)(path, *args, **kwargs)
    if response.status_code != right:
        raise SystemExit(f"{method} {path} answered {response.status_code}")
    return len(captured)


def count(url: str) -> dict[str, int]:
    known = shop(url)
    guest = Client(SERVER_NAME="127.0.0.1")
    pages = {
        "home": ["/", "/"],
        "list": ["/products/", "/products/?page=2"],
        "category": [f"/categories/{path}/" for path in known.categories[:2]],
        "product": [f"/products/{slug}/" for slug in known.slugs[:2]],
        "search": [f"/products/?q={title.split()[0]}" for title in known.titles[:2]],
    }
    found = {}
    for path in ("/products/?sort=price", f"/products/{known.slugs[-1]}/", "/products/?q=zzz"):
        guest.get(path)  # what a process learns once
    for name, (first, second) in pages.items():
        guest.get(first)
        found[f"{name}, cold"] = counted(guest, "get", second)
        found[f"{name}, warm"] = counted(guest, "get", second)
    found["results fragment"] = counted(
        guest, "get", "/products/?page=3", headers={k.lower(): v for k, v in HTMX.items()}
    )
    return found | count_purchase(guest, known.plenty[:3])


def count_purchase(guest: Client, goods: list[tuple[str, str]]) -> dict[str, int]:
    found = {}
    for _, sku in goods:
        form = {"sku": sku, "quantity": "1"}
        headers = {"hx-request": "true", "hx-target": "cart-panel"}
        found["add to cart"] = counted(guest, "post", "/cart/lines/", form, headers=headers)
    found["cart, 3 lines"] = counted(guest, "get", "/cart/")
    guest.get("/checkout/")
    form = {**ADDRESS, "action": "update"}
    guest.post("/checkout/", form)
    found["re-quote"] = counted(guest, "post", "/checkout/", form)
    page = guest.post("/checkout/", form).content.decode()
    placing = dict(ADDRESS) | {name: field_value(page, name) for name in ("checkout_token", "shown_total")}
    placing |= {name: first_choice(page, name) for name in ("shipping_method", "payment_method")}
    found["place order"] = counted(guest, "post", "/checkout/", placing, right=303)
    return found


if __name__ == "__main__":
    print(json.dumps(count(sys.argv[1])))
