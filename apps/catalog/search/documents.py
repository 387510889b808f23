"""What is stored to be found: one document of words for each listed product.

A word stands in the document once for every level at which it counts, after the level's sign; a title's word is also
one of the levels below. So a level is one lookup in the index and nothing is read again to see where a word stood.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import batched

from django.conf import settings
from django.db import connection

from apps.catalog.models import Product, SearchWord
from apps.catalog.search.words import COMMON, joined, key, spelled, words
from apps.catalog.text import plain
from apps.core.translation import all_languages

EXACT, TITLE, SKU, OPTIONS, TEXT = "01234"

MOST_TOKENS, MOST_BYTES = 30_000, 900_000
BATCH = 400


def title_level(language: str) -> str:
    """The level of the titles that a visitor in this language reads; "" for a language the shop does not speak."""
    codes = [code for code, _ in settings.LANGUAGES]
    return chr(ord("a") + codes.index(language)) if language in codes else ""


def index(products: Sequence[Product]) -> bool:
    """Write the documents of these listed products; variants, options and category are expected to be loaded.

    Joins the transaction. What has not changed is not written again; returns whether anything has. A document goes with
    its listing.
    """
    by_id, any_changed = {product.pk: product for product in products}, False
    for ids in batched(sorted(by_id), BATCH, strict=False):
        changed = _write({pk: document(by_id[pk]) for pk in ids})
        _remember(word for pk in changed for word in _vocabulary(by_id[pk]).items())
        any_changed |= bool(changed)
    return any_changed


def document(product: Product) -> str:
    """All tokens of the product, sorted; what weighs most is kept where there are too many."""
    tokens = dict.fromkeys(_tokens(product))
    kept, size = [], 0
    for token in list(tokens)[:MOST_TOKENS]:
        size += len(token.encode()) + 1
        if size > MOST_BYTES:
            break
        kept.append(token)
    return " ".join(sorted(kept))


def _tokens(product: Product) -> Iterator[str]:
    titles = set(all_languages(product, "title").values())
    variants = list(product.variants.all())
    skus = {text for v in variants for text in (v.sku, v.merchant_sku, v.barcode) if text}
    yield from (EXACT + whole for text in (*titles, *skus) if (whole := key(text)))
    for language, _ in settings.LANGUAGES:
        level = title_level(language)
        yield from (level + word for word in _all(product.localized("title", language)))
    titled, numbered = _words_of(titles), _words_of(skus)
    described = _words_of(_described(product))
    for level, found in ((TITLE, titled), (SKU, titled | numbered), (OPTIONS, titled | numbered | described)):
        yield from (level + word for word in sorted(found))
    texts = (words(unescape(plain(text))) for text in all_languages(product, "description").values())
    text = {word for found in texts for word in found if word not in COMMON}
    yield from (TEXT + word for word in sorted(titled | numbered | described | text))


def _described(product: Product) -> set[str]:
    """What stands beside the title on a page: options, maker, category, subtitle."""
    values = {value.pk: value for variant in product.variants.all() for value in variant.values.all()}
    found = {product.vendor, *all_languages(product, "subtitle").values()}
    for value in values.values():
        found.update(all_languages(value, "value").values())
    if product.category:
        found.update(all_languages(product.category, "name").values())
    return found


def _words_of(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in _all(text)}


def _all(text: str) -> set[str]:
    return {*words(text), *joined(text)}


def _vocabulary(product: Product) -> dict[str, str]:
    texts = (*all_languages(product, "title").values(), *_described(product))
    found = {word: written for text in texts for word, written in spelled(text).items()}
    return {word: written for word, written in found.items() if len(word) > 2 and not word.isdecimal()}


def _write(documents: dict[int, str]) -> list[int]:
    """Store the documents; the ids of those that are new or changed."""
    rows = ", ".join(["(%s, %s)"] * len(documents))
    sql = (
        f"INSERT INTO catalog_searchdocument AS stored (listing_id, words) VALUES {rows}"  # noqa: S608
        " ON CONFLICT (listing_id) DO UPDATE SET words = excluded.words WHERE stored.words <> excluded.words"
        " RETURNING listing_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in documents.items() for value in row])
        return [pk for (pk,) in cursor.fetchall()]


def _remember(vocabulary: Iterable[tuple[str, str]]) -> None:
    # Sorted: of two writers with the same new words, one waits for the other and none for each other.
    rows = [SearchWord(word=word, spelling=written) for word, written in sorted(dict(vocabulary).items())]
    SearchWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
