"""Refusals that a person can read, and the pages that carry them."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise


class DomainError(Exception):
    """A rule said no. Raised by services before anything has changed; `str()` is a sentence for the person.

    Each app derives its own types; `status` is what a view answers with.
    """

    status: ClassVar[int] = 409
    message: str | Promise = ""

    def __init__(self, message: str | Promise = "") -> None:
        if message:
            self.message = message
        super().__init__(message or self.message)

    def __str__(self) -> str:
        return str(self.message)


class TooManyAttempts(DomainError):
    """A limit was reached; `retry_after` says in how many seconds to try again."""

    status = 429

    def __init__(self, retry_after: int, message: str | Promise = "") -> None:
        self.retry_after = retry_after
        super().__init__(message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token: most often a page that stood open over a sign-in."""
    return render(request, "403_csrf.html", status=403)
