"""Invoices and credit notes, for reading, downloading and handing on to the accountant."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from apps.core.badges import badge
from apps.core.kept_rows import ReadOnlyAdmin
from apps.orders.admin import extras
from apps.orders.models import Order
from apps.payments.documents.export import issued_months, month_of, of_month, zip_of_month
from apps.payments.documents.views import as_download
from apps.payments.models import Invoice

SHOWN_MONTHS = 24
TONES = {Invoice.Kind.INVOICE: "ok", Invoice.Kind.CREDIT_NOTE: "info", Invoice.Kind.CANCELLATION: "warn"}


def documents(request: HttpRequest, order: Order) -> dict[str, Any]:
    issued = Invoice.unscoped.filter(order=order).select_related("corrects").order_by("pk")
    issued = issued.defer("content", "corrects__content")
    return {"documents": [(document, kind_badge(document)) for document in issued]}


extras.register(extras.OrderExtra("payments/admin/documents.html", documents, "payments.view_invoice"))


def kind_badge(document: Invoice) -> str:
    return badge(document.get_kind_display(), TONES[Invoice.Kind(document.kind)])


def month_choices() -> list[tuple[str, str]]:
    return [(f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in issued_months()]


def _links(documents: Iterable[Invoice]) -> str:
    rows = [(reverse("admin:payments_invoice_change", args=[row.pk]), row.number) for row in documents]
    return format_html_join(", ", '<a href="{}">{}</a>', rows) or "–"


class MonthForm(forms.Form):
    """A month in which something was issued."""

    month = forms.ChoiceField(label=_("Month"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = month_choices()


class MonthFilter(admin.SimpleListFilter):
    """By the month of the document. Django's own row of dates works out the month of every document there is."""

    title = _("month")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return month_choices()[:SHOWN_MONTHS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        try:
            return of_month(queryset, month_of(str(self.value())))
        except ValueError as error:
            raise IncorrectLookupParameters from error


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    change_list_template = "admin/payments/invoice/list.html"
    change_form_template = "admin/payments/invoice/page.html"
    list_display = ("number", "kind_word", "order_link", "total_text", "tax_text", "issued")
    list_filter = ("kind", MonthFilter)
    ordering = ("-issued_at", "-pk")  # by the index, also within a month
    list_select_related = ("order", "corrects")
    search_fields = ("number", "order__number")
    search_help_text = _("Number of the document or of its order")
    details = ("corrects_link", "corrected_by", "total_text", "tax_text", "issued", "buyer")
    fields = ("number", "kind_word", "order_link", *details)
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        documents = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name == "payments_invoice_changelist":
            return documents.defer("content")
        return documents

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Whole numbers only: they are indexed, and both are on whatever the customer has in hand."""
        term = search_term.strip().upper()
        if not term:
            return queryset, False
        by_number = queryset.filter(number__iexact=term)
        return (by_number if by_number.exists() else queryset.filter(order__number=term)), False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("month/", view(self.month_view), name="payments_invoice_month"),
            path("<int:pk>/pdf/", view(self.pdf_view), name="payments_invoice_pdf"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"month_form": MonthForm(), **(extra_context or {})}
        return super().changelist_view(request, context)

    def pdf_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        document = Invoice.unscoped.filter(pk=pk).first()
        if document is None:
            raise Http404
        return as_download(document)

    def month_view(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """Every document of a month as one ZIP, sent while it is being made."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = MonthForm(request.GET)
        if not form.is_valid():
            raise Http404
        month = form.cleaned_data["month"]
        response = StreamingHttpResponse(zip_of_month(month_of(month)), content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="documents-{month}.zip"'
        return response

    @admin.display(description=_("kind"), ordering="kind")
    def kind_word(self, document: Invoice) -> str:
        return kind_badge(document)

    @admin.display(description=_("order"))
    def order_link(self, document: Invoice) -> str:
        address = reverse("admin:orders_order_change", args=[document.order_id])
        return format_html('<a href="{}">{}</a>', address, document.order.number)

    @admin.display(description=_("corrects"))
    def corrects_link(self, document: Invoice) -> str:
        return _links([document.corrects] if document.corrects else [])

    @admin.display(description=_("corrected by"))
    def corrected_by(self, document: Invoice) -> str:
        return _links(document.corrections.defer("content").order_by("pk"))

    @admin.display(description=_("total"), ordering="total")
    def total_text(self, document: Invoice) -> str:
        return format_html('<span class="amount">{}</span>', document.effect)

    @admin.display(description=_("tax in it"), ordering="tax_total")
    def tax_text(self, document: Invoice) -> str:
        return format_html('<span class="amount">{}</span>', document.tax_effect)

    @admin.display(description=_("issued"), ordering="issued_at")
    def issued(self, document: Invoice) -> str:
        return date_format(timezone.localtime(document.issued_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("invoice address"))
    def buyer(self, document: Invoice) -> str:
        return format_html("{}", ", ".join(document.content["buyer"]["lines"]))
