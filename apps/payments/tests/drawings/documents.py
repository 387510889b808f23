"""Documents that between them have everything a document can have."""

from pathlib import Path

from apps.payments.tests.test_documents import MUG, make_document

FOLDER = Path(__file__).parent

PLAIN = {**MUG, "sku": "T-1", "title": "Tea towel", "options": "", "discount": 0, "tax_rate": 70_000}
LONG = {**MUG, "sku": "L-1", "title": "A very tall jug with a handle on either side and a lid that fits " * 2}
WIDE = {**PLAIN, "options": "Wool from sheep of the Scottish highlands and of no other place, undyed, washed by hand"}
FOREIGN = {**PLAIN, "title": "Ιωάννα Жанна Nguyễn 木"}
HERSELF = {"lines": ["Ada Lovelace", "Lange Straße 1", "10115 Berlin", "Germany"]}


def invoice():
    """Discounts with and without a name, goods sent to someone else, tax on top, texts that wrap or are set smaller."""
    return make_document(
        language="en",
        lines=[MUG, LONG, WIDE, FOREIGN],
        recipient={"lines": ["Grace Hopper", "1010 Wien", "Austria"]},
        buyer={"lines": ["Ada Lovelace of the Analytical Engines and Sons, Wholesale and Retail", "10115 Berlin"]},
        discounts=[
            {"name": "Autumn sale", "code": "AUTUMN", "amount": 100},
            {"name": "", "code": "", "amount": 50},
        ],
        tax=[
            {"rate": 190_000, "net": 3687, "tax": 701, "gross": 4388},
            {"rate": 0, "net": 400, "tax": 0, "gross": 400},
        ],
        totals={"goods": 3998, "discount": 150, "delivery": 490, "tax": 701, "tax_added": 701, "total": 5039},
    )


def long_invoice():
    """Lines go on over the page; nothing to pay, no VAT number, no way of delivery."""
    return make_document(
        language="de",
        lines=[MUG, PLAIN] * 12,
        discounts=[],
        delivery_method="",
        order={"number": "7K2M-9QXD", "date": "2026-11-22", "paid": ""},
        seller={"name": "Kiln & Co", "address": ["Kiln Ltd", "Leeds"], "vat_id": ""},
        tax=[{"rate": 0, "net": 0, "tax": 0, "gross": 0}],
        totals={"goods": 0, "discount": 0, "delivery": 0, "tax": 0, "tax_added": 0, "total": 0},
    )


def sums_on_a_page_of_their_own():
    """As many lines as leave too little room for the sums."""
    return make_document(
        language="en",
        lines=[PLAIN] * 9,
        discounts=[],
        recipient=HERSELF,
        tax=[{"rate": 70_000, "net": 33_626, "tax": 2354, "gross": 35_980}],
        totals={"goods": 35_980, "discount": 0, "delivery": 0, "tax": 2354, "tax_added": 0, "total": 35_980},
    )


def credit_note(kind="credit_note"):
    """Goods, delivery and something on top went back."""
    return make_document(
        kind=kind,
        language="de",
        lines=[{key: MUG[key] for key in ("sku", "title", "options", "quantity", "amount", "tax_rate", "tax")}],
        corrects={"number": "INV-000001", "date": "2026-11-20"},
        reason="Damaged or faulty",
        tax=[{"rate": 190_000, "net": 3814, "tax": 725, "gross": 4539}],
        totals={"goods": 3998, "delivery": 490, "reduction": 51, "tax": 725, "total": 4539},
    )


def cancellation():
    return credit_note("cancellation")


def long_words(kind="invoice"):
    """Every label and figure is longer than its place, so that each is set smaller or wraps."""
    document = credit_note(kind) if kind == "credit_note" else invoice()
    content = document.content
    content["words"] = {name: " ".join([word] * 4) for name, word in content["words"].items()}
    content["number"] = content["order"]["number"] = "2026-11-0123456789-0123456789"
    content["totals"] = dict.fromkeys(content["totals"], 10**15)
    content["tax"] = [dict.fromkeys(row, 10**15) for row in content["tax"]]
    content["lines"] = [
        {
            **line,
            **{name: 10**15 for name in ("quantity", "unit_price", "discount", "amount", "tax_rate") if name in line},
        }
        for line in content["lines"][:2]
    ]
    return document


def long_words_of_a_credit_note():
    return long_words("credit_note")


DOCUMENTS = {
    make.__name__: make
    for make in (
        invoice,
        long_invoice,
        sums_on_a_page_of_their_own,
        credit_note,
        cancellation,
        long_words,
        long_words_of_a_credit_note,
    )
}
