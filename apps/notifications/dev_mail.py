"""Read the mails that the file backend wrote: the inbox of a shop that runs for development."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.csp import csp_override
from django.views.generic import TemplateView, View

# How the file backend ends each message.
_END = b"\n" + b"-" * 79 + b"\n"
_NEWEST = 100


@dataclass(frozen=True)
class Mail:
    """One message of a file; a file holds what was sent over one connection."""

    file: Path
    number: int
    source: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.source, policy=email.policy.default)

    @property
    def key(self) -> str:
        return f"{self.file.stem}-{self.number}"

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def recipient(self) -> str:
        return str(self.message["To"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def sent_at(self) -> datetime:
        try:
            return parsedate_to_datetime(str(self.message["Date"]))
        except ValueError:
            return datetime.fromtimestamp(self.file.stat().st_mtime, tz=UTC)

    def part(self, subtype: str) -> str:
        found = self.message.get_body(preferencelist=(subtype,))
        return str(found.get_content()) if found is not None else ""

    @property
    def text(self) -> str:
        return self.part("plain")

    @property
    def html(self) -> str:
        return self.part("html")


def _folder() -> Path | None:
    options = settings.MAILERS.get("default", {}).get("OPTIONS", {})
    return Path(options["file_path"]) if options.get("file_path") else None


def _mails_in(file: Path) -> Iterator[Mail]:
    sources = [source for source in file.read_bytes().split(_END) if source.strip()]
    for number, source in reversed(list(enumerate(sources))):
        yield Mail(file, number, source)


def newest_mails() -> list[Mail]:
    folder = _folder()
    if folder is None or not folder.is_dir():
        return []
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [mail for file in files[:_NEWEST] for mail in _mails_in(file)][:_NEWEST]


def find_mail(key: str) -> Mail:
    """The mail of that key. Raises Http404; the key only chooses among what is there, it is no path."""
    folder = _folder()
    stem, _, number = key.rpartition("-")
    for file in folder.glob("*.log") if folder else ():
        if file.stem == stem:
            for mail in _mails_in(file):
                if str(mail.number) == number:
                    return mail
    raise Http404


class DevelopmentOnly(View):
    access = "public"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if not getattr(settings, "SHOW_DEV_MAIL", False):
            raise Http404
        super().setup(request, *args, **kwargs)


class MailList(DevelopmentOnly, TemplateView):
    template_name = "notifications/dev_mail_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mails=newest_mails(), noindex=True, **kwargs)


class MailDetail(DevelopmentOnly, TemplateView):
    template_name = "notifications/dev_mail_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mail=find_mail(kwargs["key"]), noindex=True, **kwargs)


# A mail may style itself, but it runs nothing, sends nothing and is a stranger to this site.
_MAIL_CSP = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'none'"],
    "sandbox": ["allow-top-navigation-by-user-activation"],
}


@method_decorator(csp_override(_MAIL_CSP), name="dispatch")
class MailHtml(DevelopmentOnly):
    """The HTML part as a page of its own."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        html = find_mail(key).html
        if not html:
            raise Http404
        return HttpResponse(html, headers={"Referrer-Policy": "no-referrer"})
