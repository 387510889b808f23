"""Recorded searches in the demo shop: the same products, best first, on either database and as they were recorded.

After a wanted change of what is found, `RECORD_SEARCHES=1 pytest tests/search` writes the record anew; its difference
says what the change does.
"""

import json
import os
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.catalog.models import Product, SearchDocument, SearchWord, Synonym
from apps.catalog.search import matches
from apps.catalog.search.documents import EXACT, TEXT
from apps.catalog.search.query import query_chunks
from apps.catalog.search.words import LONGEST_WORD, key, singulars
from apps.catalog.services import save_synonyms
from apps.core.translation import all_languages

pytestmark = pytest.mark.django_db

RECORD = Path(__file__).with_name("found.json")
SAME = ("couch", "bench")


def recorded_queries():
    """Language and query of each line; a backslash begins an escape as in Python."""
    for line in Path(__file__).with_name("queries.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            language, _, q = line.partition(" ")
            yield language, q.encode("raw_unicode_escape").decode("unicode_escape") if "\\" in q else q


@pytest.fixture(scope="module")
def shop(kept_rows):
    call_command("seed", orders=0, verbosity=0)
    save_synonyms(synonym=Synonym(words=", ".join(SAME)))


def found(q, language):
    """Slugs of what is found, best first."""
    search = matches(q, language)
    if search is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.slug FROM ({search.sql}) m JOIN catalog_product p ON p.id = m.product_id"
            " ORDER BY m.rank, p.id DESC",
            search.params,
        )
        return [slug for (slug,) in cursor.fetchall()]


def test_every_recorded_search_finds_what_was_recorded(shop):
    now = {f"{language} {q}": found(q, language) for language, q in recorded_queries()}
    if os.environ.get("RECORD_SEARCHES"):
        RECORD.write_text(json.dumps(now, indent=0, ensure_ascii=True) + "\n")
    recorded = json.loads(RECORD.read_text())
    assert len(recorded) >= 200
    assert {q: slugs for q, slugs in now.items() if slugs != recorded.get(q)} == {}
    assert now.keys() == recorded.keys()


def test_a_whole_title_or_sku_finds_its_product_first(shop):
    wrong = []
    for product in Product.objects.visible().prefetch_related("variants"):
        asked = [(title, language or "en") for language, title in all_languages(product, "title").items()]
        asked += [(variant.sku.lower(), "en") for variant in product.variants.all()]
        wrong += [q for q, language in asked if found(q, language)[:1] != [product.slug]]
    assert wrong == []


def expected(q, documents):
    """The same by reading every document: each word begins one of its words, or is the plural of one."""

    def holds(document, word):
        return any(token.startswith(TEXT + word) for token in document) or any(
            TEXT + other in document for other in singulars(word)
        )

    def fits(document, chunk):
        phrases = [chunk, ["".join(chunk)[:LONGEST_WORD]]] if len(chunk) > 1 else [chunk]
        if len(chunk) == 1 and {chunk[0], *singulars(chunk[0])} & set(SAME):
            phrases = [chunk, *([name] for name in SAME)]
        return any(all(holds(document, word) for word in phrase) for phrase in phrases)

    chunks = query_chunks(q)
    if not chunks:
        return set()
    return {
        slug
        for slug, document in documents.items()
        if EXACT + key(q[:200]) in document or all(fits(document, chunk) for chunk in chunks)
    }


@pytest.fixture(scope="module")
def documents(shop):
    rows = SearchDocument.objects.values_list("listing__slug", "words")
    return {slug: frozenset(text.split(" ")) for slug, text in rows}


@pytest.fixture(scope="module")
def vocabulary(shop):
    return sorted(SearchWord.objects.values_list("word", flat=True))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_hit_holds_every_word_and_nothing_that_does_is_left_out(documents, vocabulary, data):
    part = st.builds(
        lambda word, length, end: word[:length] + end,
        st.sampled_from(vocabulary),
        st.integers(1, 12),
        st.sampled_from(["", "", "", "s", "es", "n", "-", "'s"]),
    )
    typed = st.one_of(part, part, st.sampled_from([*SAME, "couches"]), st.text(max_size=8))
    q = " ".join(data.draw(st.lists(typed, min_size=1, max_size=3)))
    assert set(found(q, data.draw(st.sampled_from(["en", "de"])))) == expected(q, documents)
