"""What a client says that it can read."""

import re
from functools import lru_cache

_REFUSED = re.compile(r";\s*q\s*=\s*0(\.0*)?\s*$")


@lru_cache(maxsize=256)
def encodings(accepted: str) -> frozenset[str]:
    """Those that a client takes, from its Accept-Encoding."""
    entries = (entry.strip() for entry in accepted.lower().split(","))
    return frozenset(entry.split(";")[0].strip() for entry in entries if entry and not _REFUSED.search(entry))
