"""Where on the paper of a document each mark is. `drawings` says how to write them anew."""

import pytest

from apps.payments.documents.pdf import render_pdf
from apps.payments.tests import pdf_text
from apps.payments.tests.drawings.documents import DOCUMENTS, FOLDER


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_mark_of_a_document_is_where_it_was_and_looks_as_it_did(name):
    drawn = pdf_text.drawing(render_pdf(DOCUMENTS[name]()))
    assert drawn == (FOLDER / f"{name}.txt").read_text()
