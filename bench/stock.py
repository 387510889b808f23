"""Seeded shops to measure: made once for each size and database, kept under var/bench/."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.lint.sources import ROOT
from tests.plugins.database import start_postgres
from tests.support.databases import manage, query

FOLDER = ROOT / "var" / "bench"
_PLENTY = """
from django.db.models import F
from apps.catalog.models import Stock
Stock.objects.filter(on_hand__gt=0).update(on_hand=F("on_hand") + 100_000)
"""
# As the worker does within minutes; by the settings of the server that is measured, which stand in the pages.
_FINISH = """
from apps.catalog.services.finishing import finish_some
last, _ = finish_some()
while last:
    last, _ = finish_some(after=last)
"""
MOST = 20_000  # addresses are drawn from so many products


@dataclass(frozen=True, slots=True)
class Shop:
    """A database, and what its addresses are made of."""

    url: str
    n_products: int
    slugs: list[str]
    titles: list[str]
    categories: list[str]
    n_pages: dict[str, int]  # of the list of each category
    plenty: list[tuple[str, str]]  # slug and SKU of variants that will not sell out


def seeded(kind: str, products: int) -> str:
    """The URL of a shop with that many products; seeding 100,000 takes minutes, once."""
    name = f"stoa_bench_{products}"
    ready = FOLDER / f"{kind}-{products}.ready"
    url = _url(kind, name)
    if ready.exists():
        manage("migrate", "--noinput", "-v0", DATABASE_URL=url, timeout=3600)
        manage("reindex", "--stale", DATABASE_URL=url, timeout=3600)
        _finish(url)
        return url
    FOLDER.mkdir(parents=True, exist_ok=True)
    _drop(kind, url)
    manage("migrate", "--noinput", "-v0", DATABASE_URL=url, timeout=3600)
    manage("seed", "--products", str(products), "--orders", "0", DATABASE_URL=url, timeout=7200)
    manage("shell", "--no-imports", "-v0", "-c", _PLENTY, DATABASE_URL=url, timeout=600)
    _finish(url)
    ready.touch()
    return url


def _finish(url: str) -> None:
    manage(
        "shell", "--no-imports", "-v0", "-c", _FINISH,
        DATABASE_URL=url, DJANGO_SETTINGS_MODULE="bench.settings", timeout=7200,
    )  # fmt: skip


def shop(url: str) -> Shop:
    visible = f"SELECT l.slug, l.title FROM catalog_listing l ORDER BY l.product_id DESC LIMIT {MOST}"
    rows = query(url, visible)
    paths = query(url, "SELECT path FROM catalog_branch WHERE path <> '' ORDER BY path")
    plenty = query(
        url,
        "SELECT l.slug, v.sku FROM catalog_variant v JOIN catalog_stock s ON s.variant_id = v.id"
        " JOIN catalog_listing l ON l.product_id = v.product_id"
        " WHERE s.on_hand > 1000 AND v.price IS NOT NULL ORDER BY v.id LIMIT 2000",
    )
    counted = query(url, "SELECT path, (COUNT(*) + 23) / 24 FROM catalog_placement GROUP BY path")
    total = query(url, "SELECT COUNT(*) FROM catalog_listing")[0][0]
    slugs, titles = zip(*rows, strict=True)
    return Shop(url, total, list(slugs), list(titles), [p for (p,) in paths], dict(counted), list(plenty))


def _url(kind: str, name: str) -> str:
    if kind == "sqlite":
        return f"sqlite:///{FOLDER / name}.sqlite3"
    server = start_postgres()
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _drop(kind: str, url: str) -> None:
    if kind == "sqlite":
        for path in FOLDER.glob(f"{Path(urlsplit(url).path).name}*"):
            path.unlink()
        return
    name = urlsplit(url).path.lstrip("/")
    with psycopg.connect(start_postgres(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')


def copy_of(kind: str, url: str) -> str:
    """A shop to write to, so that the kept one stays as it was seeded."""
    if kind == "sqlite":
        path = Path(urlsplit(url).path)
        copied = path.with_name(f"running-{path.name}")
        query(url, "PRAGMA wal_checkpoint(TRUNCATE)")
        for old in FOLDER.glob(f"{copied.name}*"):
            old.unlink()
        shutil.copyfile(path, copied)
        return f"sqlite:///{copied}"
    name = urlsplit(url).path.lstrip("/")
    with psycopg.connect(start_postgres(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}_running" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}_running" TEMPLATE "{name}"')
    copied = urlunsplit(urlsplit(url)._replace(path=f"/{name}_running"))
    with psycopg.connect(copied, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # the server of the tests has no autovacuum, which does it elsewhere
    return copied
