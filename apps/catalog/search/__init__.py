"""The search of the shop, one port over both databases' own full-text index."""

from apps.catalog.search.documents import index
from apps.catalog.search.misses import record_miss
from apps.catalog.search.naming import near_names
from apps.catalog.search.query import Matches, matches
from apps.catalog.search.vocabulary import did_you_mean, single_words

__all__ = ["Matches", "did_you_mean", "index", "matches", "near_names", "record_miss", "single_words"]
