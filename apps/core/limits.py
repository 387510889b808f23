"""Counting attempts in the shared cache, so that limits hold over all processes."""

import time

from django.core.cache import cache

from apps.core.errors import TooManyAttempts


def count_attempt(name: str, subject: str, *, limit: int, seconds: int) -> None:
    """Count one attempt of `subject`; raises TooManyAttempts beyond `limit` within a window of `seconds`."""
    now = int(time.time())
    window = now // seconds
    key = f"limit:{name}:{subject}:{window}"
    cache.add(key, 0, timeout=seconds)
    try:
        attempts = cache.incr(key)
    except ValueError:  # the entry was dropped between the two calls
        return
    if attempts > limit:
        raise TooManyAttempts(retry_after=(window + 1) * seconds - now)
