"""The PDF of an invoice or a credit note."""

import json
import time
from datetime import UTC, datetime

import pytest
from django.utils import translation

from apps.payments.documents.pdf import render_pdf
from apps.payments.documents.sheet import plain
from apps.payments.documents.words import words
from apps.payments.models import Invoice
from apps.payments.tests import pdf_text

MUG = {
    "sku": "FJ-1",
    "title": "Fjord mug",
    "options": "Sea green, 350 ml",
    "quantity": 2,
    "unit_price": 1999,
    "discount": 100,
    "amount": 3998,
    "tax_rate": 190_000,
    "tax": 622,
}


def make_document(*, kind="invoice", language="en", lines=(MUG,), **changes):
    with translation.override(language):
        labels = words(kind)
    content = {
        "language": language,
        "words": labels,
        "number": "INV-000123",
        "date": "2026-11-23",
        "order": {"number": "7K2M-9QXD", "date": "2026-11-22", "paid": "2026-11-23"},
        "seller": {"name": "Kiln & Co", "address": ["Kiln Ltd", "1 Oven Road", "Leeds"], "vat_id": "DE123456789"},
        "buyer": {"lines": ["Ada Lovelace", "Lange Straße 1", "10115 Berlin", "Germany"]},
        "recipient": {"lines": ["Grace Hopper", "1010 Wien", "Austria"]},
        "delivery_method": "Standard",
        "currency": "EUR",
        "prices_include_tax": True,
        "lines": list(lines),
        "discounts": [{"name": "Autumn sale", "code": "AUTUMN", "amount": 100}],
        "tax": [{"rate": 190_000, "net": 3687, "tax": 701, "gross": 4388}],
        "totals": {"goods": 3998, "discount": 100, "delivery": 490, "tax": 701, "tax_added": 0, "total": 4388},
        **changes,
    }
    return Invoice(kind=kind, number="INV-000123", content=content, issued_at=datetime(2026, 11, 23, 9, tzinfo=UTC))


def make_credit_note(**changes):
    line = {key: MUG[key] for key in ("sku", "title", "options", "tax_rate", "tax")}
    return make_document(
        kind="credit_note",
        lines=[{**line, "quantity": 1, "amount": 1949}],
        corrects={"number": "INV-000001", "date": "2026-11-20"},
        reason="Damaged or faulty",
        totals={"goods": 1949, "delivery": 0, "reduction": 51, "tax": 319, "total": 2000},
        tax=[{"rate": 190_000, "net": 1681, "tax": 319, "gross": 2000}],
        **changes,
    )


def test_an_invoice_says_who_what_and_how_much():
    said = pdf_text.text(render_pdf(make_document()))

    for part in (
        "Kiln & Co",
        "Kiln Ltd · 1 Oven Road · Leeds",
        "Kiln Ltd · 1 Oven Road · Leeds · VAT ID DE123456789",
        "Ada Lovelace",
        "10115 Berlin",
        "Delivery to: Grace Hopper, 1010 Wien, Austria",
        "Invoice INV-000123",
        "November 23, 2026",
        "7K2M-9QXD",
        "November 22, 2026",
        "the day of dispatch",
        "Fjord mug",
        "Sea green, 350 ml · SKU FJ-1",
        "less discount €1.00",
        "€19.99",
        "€39.98",
        "Autumn sale AUTUMN",
        "-€1.00",
        "Delivery (Standard)",
        "€4.90",
        "€43.88",
        "19 %",
        "€36.87",
        "€7.01",
        "Page 1 of \n1",
        "Paid in full. Thank you for your order.",
    ):
        assert part in said


def test_a_credit_note_says_what_it_corrects_and_why():
    said = pdf_text.text(render_pdf(make_credit_note()))

    for part in (
        "Credit note INV-000123",
        "Corrects invoice",
        "INV-000001",
        "November 20, 2026",
        "Damaged or faulty",
        "Fjord mug",
        "€19.49",
        "Price reduction",
        "€0.51",
        "Credited to you",
        "€20.00",
        "€16.81",
        "€3.19",
    ):
        assert part in said
    assert "less discount" not in said


def test_a_german_order_has_german_dates_and_amounts():
    with translation.override("en"):
        said = pdf_text.text(render_pdf(make_document(language="de")))

    assert "23. November 2026" in said
    assert "43,88 €" in said
    assert "€43.88" not in said


def test_the_same_content_gives_the_same_bytes():
    first = render_pdf(make_document())
    time.sleep(1.1)

    assert render_pdf(make_document()) == first
    assert b"D:20261123" in first


def test_labels_are_those_of_the_day_of_issue():
    document = make_document()
    document.content["words"]["total"] = "Sum of those days"

    assert "Sum of those days" in pdf_text.text(render_pdf(document))


def test_markup_in_a_name_is_text_and_nothing_is_fetched():
    name = "<img src=file:///etc/passwd> **bold** {{ x }} & <b>b</b>"
    pdf = render_pdf(make_document(lines=[{**MUG, "title": name}], buyer={"lines": [name]}))

    said = " ".join(pdf_text.text(pdf).split())
    assert said.count("<img src=file:///etc/passwd>") == 2
    assert "**bold**" in said
    assert "root:" not in said
    assert b"/XObject" not in pdf
    assert b"/URI" not in pdf
    assert b"/JavaScript" not in pdf


def test_names_of_greece_bulgaria_and_vietnam_are_letters():
    lines = ["Ελένη Παπαδοπούλου", "Иван Вазов", "Nguyễn Thị Ánh", "Łódź Žižkov"]
    said = pdf_text.run_together(render_pdf(make_document(buyer={"lines": lines})))

    for line in lines:
        assert line in said


def test_letters_that_no_font_has_become_boxes():
    said = pdf_text.run_together(
        render_pdf(make_document(buyer={"lines": ["田中 さくら 😀", "مريم", "a\u202eb\x00c"]}))
    )

    assert "�� ��� �" in said
    assert "����" in said
    assert "abc" in said


def test_long_texts_wrap_and_long_words_break():
    title = "word " * 30 + "x" * 120
    pdf = render_pdf(make_document(lines=[{**MUG, "title": title}], buyer={"lines": ["N" * 200]}))

    said = pdf_text.text(pdf)
    assert said.count("word") == 30
    assert said.count("x") >= 120
    assert len(pdf_text.pages(pdf)) == 1


def test_a_long_invoice_repeats_its_head_and_counts_its_pages():
    pages = pdf_text.pages(render_pdf(make_document(lines=[{**MUG, "sku": f"FJ-{n}"} for n in range(60)])))

    assert [page[-2:] for page in pages] == [[f"Page {number} of ", "6"] for number in range(1, 7)]
    assert ["Quantity" in page for page in pages] == [True] * 5 + [False]
    assert [page.count("Invoice INV-000123, continued") for page in pages] == [0, 1, 1, 1, 1, 1]
    said = "\n".join("\n".join(page) for page in pages)
    assert [said.count(f"· SKU FJ-{n}\n") for n in range(60)] == [1] * 60


def test_every_currency_keeps_its_decimals():
    totals = {"goods": 3998, "discount": 0, "delivery": 490, "tax": 701, "tax_added": 0, "total": 4488}
    yen = pdf_text.text(render_pdf(make_document(currency="JPY", totals=totals)))
    dinar = pdf_text.text(render_pdf(make_document(currency="KWD", totals=totals)))

    assert "¥4,488" in yen
    assert "KWD4.488" in dinar


def test_an_order_that_cost_nothing_has_nothing_to_pay():
    totals = {"goods": 0, "discount": 0, "delivery": 0, "tax": 0, "tax_added": 0, "total": 0}
    said = pdf_text.text(render_pdf(make_document(totals=totals)))

    assert "Nothing to pay. Thank you for your order." in said
    assert "Free" in said


def test_tax_on_top_is_a_row_of_the_sum():
    totals = {"goods": 3998, "discount": 0, "delivery": 490, "tax": 853, "tax_added": 853, "total": 5341}
    said = pdf_text.text(render_pdf(make_document(prices_include_tax=False, totals=totals)))

    assert "€8.53" in said
    assert "€53.41" in said


def test_a_file_is_small():
    assert len(render_pdf(make_document(lines=[MUG] * 60))) < 60_000
    assert len(render_pdf(make_document(buyer={"lines": ["Иван Вазов"]}))) < 60_000


def test_the_content_can_be_stored_as_json():
    content = make_document().content
    assert json.loads(json.dumps(content)) == content


@pytest.mark.parametrize("kind", ["invoice", "credit_note"])
def test_every_kind_is_tagged_with_its_language_and_title(kind):
    pdf = render_pdf(make_document(kind=kind) if kind == "invoice" else make_credit_note())

    assert b"/Lang (en)" in pdf
    assert "INV-000123".encode("utf-16-be") in pdf or b"INV-000123" in pdf


def test_of_a_name_only_what_can_be_seen_is_printed():
    seen = plain("Ada\n  \tLovelace\x07\u200e\ud800\ue000\u0378!")

    assert seen == "Ada Lovelace!"
