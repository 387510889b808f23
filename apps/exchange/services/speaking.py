"""Jobs speak the language of who asked for them, also after a worker was killed: it is one of their arguments."""

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils.translation import get_language, override


def asked_in() -> str:
    """The language of whoever asks for a job now."""
    return get_language() or settings.LANGUAGE_CODE


def speaking(language: str) -> AbstractContextManager[None]:
    """Sentences made within are in `language`; in the shop's own for a job that was asked for without one."""
    return override(language or settings.LANGUAGE_CODE)
