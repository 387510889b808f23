"""Draws an invoice or a credit note from its stored content."""

from __future__ import annotations

from datetime import date
from typing import Any

from babel.dates import format_date
from django.utils import translation
from django.utils.translation import get_language, to_locale

from apps.core.money import Money
from apps.orders.templatetags.orders import percent
from apps.payments.documents.sheet import ACCENT, INK, LEFT, MUTED, RIGHT, Sheet
from apps.payments.models import Invoice

_SUMS_LEFT = 105.0


def render_pdf(invoice: Invoice) -> bytes:
    """The document as PDF: always the same bytes for the same document. Reads no row and fetches nothing."""
    with translation.override(invoice.content["language"]):
        return _Document(invoice).draw()


class _Column:
    def __init__(self, word: str, x: float, width: float, align: str = "R") -> None:
        self.word, self.x, self.width, self.align = word, x, width, align


_INVOICE_COLUMNS = [
    _Column("article", LEFT, 78, "L"),
    _Column("quantity", 98, 16),
    _Column("each", 116, 25),
    _Column("tax_rate", 142, 18),
    _Column("amount", 161, 29),
]
_CREDIT_COLUMNS = [
    _Column("article", LEFT, 98, "L"),
    _Column("quantity", 118, 18),
    _Column("tax_rate", 138, 20),
    _Column("amount", 160, 30),
]


class _Document:
    def __init__(self, invoice: Invoice) -> None:
        self.content: dict[str, Any] = invoice.content
        self.words: dict[str, str] = self.content["words"]
        self.is_invoice = invoice.kind == Invoice.Kind.INVOICE
        self.sheet = Sheet(self.content, invoice.issued_at)
        self.columns = _INVOICE_COLUMNS if self.is_invoice else _CREDIT_COLUMNS

    def draw(self) -> bytes:
        self.sheet.add_page()
        self._address()
        self._facts()
        self._title()
        self._lines()
        self._sums()
        self._taxes()
        self._closing()
        return bytes(self.sheet.output())

    def money(self, amount: int) -> str:
        return str(Money(amount, self.content["currency"]))

    def day(self, iso: str) -> str:
        return format_date(date.fromisoformat(iso), "long", locale=to_locale(get_language() or "en")) if iso else ""

    def rate(self, rate: int) -> str:
        return f"{percent(rate)} %"

    def _address(self) -> None:
        """Where the window of an envelope shows it: sender in small print, then the buyer."""
        sheet, seller = self.sheet, self.content["seller"]
        sheet.set_xy(LEFT, 45)
        sheet.write_line(" · ".join(seller["address"]), size=7, color=MUTED, width=85, height=4)
        sheet.rule(49.6, right=LEFT + 85)
        sheet.set_xy(LEFT, 52)
        for line in self.content["buyer"]["lines"]:
            sheet.write_line(line, size=10.5, width=85, height=5.2)

    def _facts(self) -> None:
        """Numbers and dates on the right, level with the address."""
        sheet, y = self.sheet, 45.0
        for word, value in self._fact_rows():
            sheet.set_xy(118, y)
            sheet.write_line(self.words[word], size=8.5, color=MUTED, width=34)
            sheet.set_xy(153, y)
            sheet.write_line(value, size=8.5, width=37, align="R", bold=word == "number")
            y += 5.4

    def _fact_rows(self) -> list[tuple[str, str]]:
        content, order = self.content, self.content["order"]
        rows = [("number", content["number"]), ("date", self.day(content["date"]))]
        if not self.is_invoice:
            corrected = content["corrects"]
            rows += [("corrects", corrected["number"]), ("corrects_date", self.day(corrected["date"]))]
        rows += [("order", order["number"]), ("order_date", self.day(order["date"]))]
        if self.is_invoice:
            rows += [("paid", self.day(order["paid"])), ("supplied", self.words["supply_on_dispatch"])]
        else:
            rows.append(("reason", content["reason"]))
        return rows

    def _title(self) -> None:
        sheet = self.sheet
        sheet.set_xy(LEFT, 98)
        sheet.write_line(f"{self.words['title']} {self.content['number']}", size=17, bold=True, height=9)
        if self.is_invoice and self.content["recipient"]["lines"] != self.content["buyer"]["lines"]:
            sheet.ln(1.5)
            to = f"{self.words['delivered_to']}: {', '.join(self.content['recipient']['lines'])}"
            sheet.write_block(to, size=9, color=MUTED, height=4.6)
        sheet.ln(4)

    def _head(self) -> None:
        y = self.sheet.y
        for column in self.columns:
            self.sheet.set_xy(column.x, y)
            word = self.words[column.word]
            self.sheet.write_line(word, size=8, color=MUTED, width=column.width, align=column.align)
        self.sheet.rule(y + 6, color=ACCENT)
        self.sheet.set_y(y + 8)

    def _lines(self) -> None:
        self._head()
        for line in self.content["lines"]:
            self._line(line)

    def _line(self, line: dict[str, Any]) -> None:
        sheet, width = self.sheet, self.columns[0].width - 3
        small = self._small_print(line)
        height = sheet.block_height(line["title"], width=width, size=9.5, bold=True, height=4.8)
        height += sum(sheet.block_height(text, width=width, size=8, height=4.2) for text in small) + 2
        if not sheet.has_room(height):
            sheet.add_page()
            self._head()
        top = sheet.y
        for column, value in zip(self.columns[1:], self._figures(line), strict=True):
            sheet.set_xy(column.x, top)
            sheet.write_line(value, size=9, width=column.width, align=column.align, height=4.8)
        sheet.set_xy(LEFT, top)
        sheet.write_block(line["title"], width=width, size=9.5, bold=True, height=4.8)
        for text in small:
            sheet.write_block(text, width=width, size=8, color=MUTED, height=4.2)
        sheet.rule(sheet.y + 1.4)
        sheet.set_xy(LEFT, sheet.y + 3)

    def _small_print(self, line: dict[str, Any]) -> list[str]:
        named = [line["options"], f"{self.words['sku']} {line['sku']}"]
        texts = [" · ".join(text for text in named if text)]
        if line.get("discount"):
            texts.append(f"{self.words['less_discount']} {self.money(line['discount'])}")
        return texts

    def _figures(self, line: dict[str, Any]) -> list[str]:
        figures = [str(line["quantity"]), self.rate(line["tax_rate"]), self.money(line["amount"])]
        if self.is_invoice:
            figures.insert(1, self.money(line["unit_price"]))
        return figures

    def _sums(self) -> None:
        rows = self._invoice_sums() if self.is_invoice else self._credit_sums()
        sheet = self.sheet
        if not sheet.has_room(6 * len(rows) + 14):
            sheet.add_page()
        sheet.set_y(sheet.y + 2)
        for label, amount in rows:
            self._sum(label, amount, size=9.5)
        sheet.rule(sheet.y + 1, left=_SUMS_LEFT, color=ACCENT)
        sheet.set_y(sheet.y + 2.5)
        self._sum(self.words["total"], self.money(self.content["totals"]["total"]), size=12, bold=True)

    def _sum(self, label: str, amount: str, *, size: float, bold: bool = False) -> None:
        sheet, y = self.sheet, self.sheet.y
        sheet.set_xy(_SUMS_LEFT, y)
        sheet.write_line(label, size=size, bold=bold, width=50)
        sheet.set_xy(_SUMS_LEFT + 50, y)
        sheet.write_line(amount, size=size, bold=bold, width=RIGHT - _SUMS_LEFT - 50, align="R")
        sheet.set_y(y + 5.8)

    def _invoice_sums(self) -> list[tuple[str, str]]:
        words, totals = self.words, self.content["totals"]
        rows = [(words["goods"], self.money(totals["goods"]))]
        for discount in self.content["discounts"]:
            named = " ".join(part for part in (discount["name"], discount["code"]) if part)
            rows.append((named or words["discount"], self.money(-discount["amount"])))
        delivery = self.money(totals["delivery"]) if totals["delivery"] else words["free"]
        label = words["delivery"]
        if self.content["delivery_method"]:
            label = f"{label} ({self.content['delivery_method']})"
        rows.append((label, delivery))
        if totals["tax_added"]:
            rows.append((words["tax_added"], self.money(totals["tax_added"])))
        return rows

    def _credit_sums(self) -> list[tuple[str, str]]:
        words, totals = self.words, self.content["totals"]
        parts = [("returned", "goods"), ("delivery", "delivery"), ("reduction", "reduction")]
        return [(words[word], self.money(totals[part])) for word, part in parts if totals[part]]

    def _taxes(self) -> None:
        """Net, tax and gross by rate, as the law asks."""
        sheet, rows = self.sheet, self.content["tax"]
        if not sheet.has_room(5 * len(rows) + 26):
            sheet.add_page()
        sheet.set_y(sheet.y + 7)
        self._tax_row([self.words["taxes"], self.words["net"], self.words["tax"], self.words["gross"]], head=True)
        sheet.rule(sheet.y + 0.6, right=LEFT + 130)
        sheet.set_y(sheet.y + 1.8)
        for row in rows:
            label = self.rate(row["rate"]) if row["rate"] else self.words["untaxed"]
            self._tax_row([label, *(self.money(row[part]) for part in ("net", "tax", "gross"))])

    def _tax_row(self, cells: list[str], *, head: bool = False) -> None:
        sheet, y = self.sheet, self.sheet.y
        for index, text in enumerate(cells):
            sheet.set_xy(LEFT + (0 if not index else 40 + 30 * (index - 1)), y)
            align, width = ("R", 30.0) if index else ("L", 40.0)
            sheet.write_line(text, size=8.5, color=MUTED if head else INK, width=width, align=align)
        sheet.set_y(y + 5)

    def _closing(self) -> None:
        word = "closing" if self.content["totals"]["total"] else "closing_free"
        self.sheet.set_xy(LEFT, self.sheet.y + 5)
        self.sheet.write_block(self.words[word], size=9.5)
