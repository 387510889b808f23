"""Requests at random, the same each time: nothing is ever answered with a 5xx. `make races` asks many more."""

import random
from urllib.parse import quote, urlencode

import pytest

from tests.access.table import ACCOUNT, ADMIN, MODELS, SHOP
from tests.access.world import METHODS, ROLES
from tests.hostile.forms import FORMS
from tests.hostile.inputs import FOREIGN, QUANTITIES, QUERIES, SKUS, TEXTS

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]
SEED = 20260101
VALUES = [
    *QUANTITIES,
    *SKUS,
    *TEXTS.values(),
    *FOREIGN[:12],
    "on",
    "true",
    "null",
    "[]",
    "{}",
    "1",
    "0",
    "WALK-1",
    "DE",
    "é",
    "\ud7ff",
]
NAMES = sorted(
    {name for form in FORMS for name in form.fields}
    | {"page", "q", "sort", "seen", "next", "_popup", "o", "p", "e", "a[b]", ""}
)
HEADERS = [
    "HX-Request",
    "HX-Target",
    "HX-Boosted",
    "HX-Current-URL",
    "Accept-Language",
    "If-Modified-Since",
    "If-None-Match",
    "Range",
    "Referer",
    "Origin",
    "Cookie",
    "Accept",
    "X-Forwarded-For",
]
TYPES = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "text/plain"]


class Dice(random.Random):
    """Draws requests: mostly near to what is right, because only those get far."""

    def fields(self):
        if self.random() < 0.6:
            known = dict(self.choice(FORMS).fields)
            for name in self.sample(sorted(known), min(len(known), self.randint(0, 2))):
                known[name] = self.value()
            return list(known.items())
        return [(self.choice(NAMES), self.value()) for _ in range(self.randint(0, 8))]

    def value(self):
        return self.choice(VALUES)

    def path(self, rows):
        if self.random() < 0.35:
            return self.choice(FORMS).path.format(**vars(rows))
        if self.random() < 0.08:
            return f"/admin/{self.choice(sorted(MODELS)).replace('_', '/', 1)}/{quote(self.value()[:300], safe='')}/"
        path = self.choice(ADMIN if self.random() < 0.15 else [*SHOP, *ACCOUNT]).path.format(**vars(rows))
        if self.random() < 0.2:
            parts = path.split("/")
            parts[self.randrange(len(parts))] = quote(self.value()[:300], safe="")
            path = "/".join(parts)
        return path if path.startswith("/") else f"/{path}"

    def query(self):
        if self.random() < 0.5:
            return ""
        return "?" + (self.choice(QUERIES) if self.random() < 0.5 else urlencode(self.fields())[:6000])

    def headers(self):
        chosen = self.sample(HEADERS, self.randint(0, 3))
        return {name: self.value()[:2000].encode("ascii", "replace").decode() for name in chosen}


@pytest.mark.parametrize("requests", [300, pytest.param(5000, marks=pytest.mark.long)])
def test_no_request_breaks_the_shop(world, requests):
    dice = Dice(SEED)
    broken = []
    for number in range(requests):
        role, method = dice.choice(ROLES), dice.choice([*METHODS, "POST", "POST", "POST", "GET"])
        path = dice.path(world.rows) + dice.query()
        data = urlencode(dice.fields()).encode() if method not in {"GET", "HEAD"} else b""
        headers, content_type = dice.headers(), dice.choice([TYPES[0]] * 8 + TYPES)
        if "Cookie" in headers and role != "guest":
            del headers["Cookie"]  # else everybody would be a guest
        response = world.ask(role, method, path, data=data, headers=headers, content_type=content_type)
        if response.status_code >= 500:
            error = response.exc_info[1] if getattr(response, "exc_info", None) else ""
            broken.append((number, role, method, path[:200], data[:300], headers, content_type, repr(error)[:200]))
    assert broken == []
