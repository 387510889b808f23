"""The search of the shop, one port over both databases' own full-text index."""

from apps.catalog.search.documents import index
from apps.catalog.search.query import Matches, matches

__all__ = ["Matches", "index", "matches"]
