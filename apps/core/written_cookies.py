"""The cookie of a form's token, which goes with every page that has a form: written once a second but for its value.

Django works out its date and sets each of its attributes anew, which takes a sixth of a kept page's time.
"""

import time
from http.cookies import Morsel
from typing import Any, ClassVar, NamedTuple

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse


class _Written(Morsel[str]):
    """Its line is right for as long as nobody says something else of it."""

    line = ""

    def set(self, key: str, val: str, coded_val: str) -> None:
        self.line = ""
        super().set(key, val, coded_val)

    def __setitem__(self, key: str, value: Any) -> None:
        self.line = ""
        super().__setitem__(key, value)

    def OutputString(self, attrs: Any = None) -> str:  # noqa: N802 (named by the standard library)
        return self.line if self.line and attrs is None else super().OutputString(attrs)


class _Model(NamedTuple):
    """How a cookie was written within a second."""

    said: tuple[Any, ...]
    attributes: dict[str, Any]
    line: str  # of the attributes


class WrittenCookies(HttpResponseBase):
    """`set_cookie` does what Django's does, quickly for a value that is all letters and digits."""

    _last: ClassVar[_Model | None] = None

    def set_cookie(self, key: str, value: str = "", max_age: Any = None, **attributes: Any) -> None:  # type: ignore[override]
        if not (value.isascii() and value.isalnum()) or max_age is None or key in self.cookies:
            return super().set_cookie(key, value, max_age, **attributes)
        said = (int(time.time()), key, max_age, *attributes.items())
        model = WrittenCookies._last
        if model is None or model.said != said:
            super().set_cookie(key, value, max_age, **attributes)
            written = self.cookies.pop(key)
            line = written.OutputString().removeprefix(f"{key}={value}")
            model = WrittenCookies._last = _Model(said, dict(written), line)
        cookie = _Written()
        dict.update(cookie, model.attributes)
        cookie.set(key, value, value)
        cookie.line = f"{key}={value}{model.line}"
        self.cookies[key] = cookie
        return None


class WrittenCookiesResponse(WrittenCookies, HttpResponse):
    """Of a text that is at hand."""


class WrittenCookiesTemplateResponse(WrittenCookies, TemplateResponse):
    """Of a template that is yet to be rendered."""
