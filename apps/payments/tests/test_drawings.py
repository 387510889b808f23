"""Where on the paper of a document each mark is. `drawings` says how to write them anew."""

from itertools import pairwise

import pytest

from apps.payments.documents.pdf import render_pdf
from apps.payments.documents.sheet import BOTTOM, Sheet
from apps.payments.tests import pdf_text
from apps.payments.tests.drawings.documents import DOCUMENTS, FOLDER, PLAIN
from apps.payments.tests.test_documents import make_document

PAPER, POINT = 297, 25.4 / 72  # millimetres


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_mark_of_a_document_is_where_it_was_and_looks_as_it_did(name):
    drawn = pdf_text.drawing(render_pdf(DOCUMENTS[name]()))
    assert drawn == (FOLDER / f"{name}.txt").read_text()


def sheet():
    document = make_document()
    made = Sheet(document.content, document.issued_at)
    made.add_page()
    return made


@pytest.mark.parametrize("bold", [{}, {"bold": False}, {"bold": True}])
@pytest.mark.parametrize("size", [8, 9.5])
def test_a_text_is_as_high_as_it_was_said_to_become(size, bold):
    paper, told, drawn = sheet(), [], []
    for number in range(40):
        text = "Wool from sheep of the highlands"[: number % 30 + 2] * (number // 8 + 1)
        told.append(paper.block_height(text, width=60, size=size, height=4.2, **bold))
        drawn.append(paper.write_block(text, width=60, size=size, height=4.2, **bold))
        paper.set_y(20)
    assert told == [pytest.approx(height) for height in drawn]
    assert len(set(map(round, told))) > 2


def rules(page):
    """How far down each line across the whole page is, in millimetres."""
    lines = [mark for mark in page if mark[0] == "line" and mark[1].startswith("56.69 ")]
    return [PAPER - float(mark[1].split()[1]) * POINT for mark in lines]


@pytest.mark.parametrize("lines_of_address", range(5))
def test_a_page_has_as_many_rows_as_it_has_room_for(lines_of_address):
    """Of an article whose small print just fits on one line."""
    paper, fits = sheet(), "Wool of sheep, "
    while paper.block_height(f"{fits}a · SKU T-1", width=75, size=8, height=4.2) < 5:
        fits += "a"
    recipient = {"lines": ["Grace Hopper", *["Long Lane of the Seven Bridges over the River"] * 2 * lines_of_address]}
    document = make_document(lines=[{**PLAIN, "options": fits}] * 14, recipient=recipient)
    first, *_ = pdf_text._drawn(render_pdf(document))

    found = [place for place in rules(first) if 100 < place < BOTTOM]
    heights = {round(after - before, 1) for before, after in pairwise(found[1:])}
    assert heights == {12.0}
    assert found[-1] + 0.6 <= BOTTOM + 0.01
    assert found[-1] + 12.6 > BOTTOM
