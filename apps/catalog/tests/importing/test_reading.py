import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.catalog.importing import shopify
from apps.catalog.importing.drafts import ProductDraft
from apps.catalog.importing.fetching import Fetcher
from apps.catalog.importing.pictures import Pictures
from apps.catalog.importing.pipeline import ImportRun, import_file, recognise
from apps.catalog.importing.reading import UnreadableFile, open_source
from apps.catalog.importing.report import Report
from apps.catalog.tests.importing.pictures import NoNetwork

HEADER = list(shopify.FIELDS)
ODD = ["", " ", "a", "b", "TRUE", "false", "-4", "1e9", "19,99", "1.299,00", "Default Title"]
ODD += ['"', "0", "\x00", "draft", "=1+1", "٣"]
CELLS = st.one_of(st.sampled_from(ODD), st.text(max_size=30).filter(lambda text: "\r" not in text))


def rows_of(path):
    source = open_source(path)
    return source, [(row.number, row.cells, row.problem) for row in source.rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_is_found(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("Handle,Title\nmug,Große Tasse – ö\n".encode(encoding))
    _source, rows = rows_of(path)
    assert rows == [(2, {"Handle": "mug", "Title": "Große Tasse – ö"}, "")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_even_with_the_others_in_the_header(tmp_path, delimiter):
    path = tmp_path / "a.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows([["Handle", "a, b; c", "Title"], ["mug", "1", "Mug"]])
    source, rows = rows_of(path)
    assert source.delimiter == delimiter
    assert rows == [(2, {"Handle": "mug", "a, b; c": "1", "Title": "Mug"}, "")]


def test_blank_lines_count_in_the_row_numbers_and_are_no_rows(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\n\nHandle,Title\r\n\r\na,A\r\n\r\n\r\nb,B")
    assert [number for number, _cells, _problem in rows_of(path)[1]] == [5, 8]


def test_a_quotation_mark_that_is_never_closed_costs_only_its_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('Handle,Title,Body\na,A,fine\nb,"never closed,x\nc,C,"two\nlines"\nd,5" disk,"12"" disk"\n')
    rows = rows_of(path)[1]
    assert [(number, cells["Handle"], bool(problem)) for number, cells, problem in rows] == [
        (2, "a", False),
        (3, "b", True),
        (4, "c", False),
        (5, "d", False),
    ]
    assert rows[2][1]["Body"] == "two\nlines"
    assert rows[3][1] == {"Handle": "d", "Title": '5" disk', "Body": '12" disk'}


def test_thousands_of_open_quotation_marks_are_read_one_by_one(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Handle,Title\n" + 'a,"x\n\n' * 3_000)
    assert len(rows_of(path)[1]) == 3_000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", r"^a\.csv is empty"),
        ("\n\n  \n", "is empty"),
        ("Name,Price\na,1\n", "not the header of a product export of Shopify, WooCommerce or this shop itself"),
        ("Handle,Title,Option1 Name,SKU,Location,On hand (new)\n", "stock by location"),
        ("Name,Email,Lineitem name,Lineitem price\n", "orders"),
        ("Customer ID,First Name,Accepts Email Marketing\n", "customers"),
    ],
)
def test_a_file_that_is_something_else_is_refused_with_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(UnreadableFile, match=sentence):
        import_file(path)


def test_a_missing_file_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(UnreadableFile, match="can't be read"):
        import_file(tmp_path / "none.csv")


def test_a_binary_file_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(UnreadableFile):
        import_file(path)
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512))
    with pytest.raises(UnreadableFile, match="an Excel file of the old kind"):
        import_file(path)


@st.composite
def files(draw):
    """Columns in any order and case, some twice, some foreign; rows too short and too long; blank lines between."""
    header = draw(
        st.lists(st.sampled_from([*HEADER, "color (product.metafields.shopify.x)", "x"]), min_size=1, max_size=14)
    )
    header = ["handle", "title", *header]
    header = draw(st.permutations([draw(st.sampled_from([str.upper, str.title, str]))(name) for name in header]))
    rows = draw(st.lists(st.lists(CELLS, max_size=len(header) + 1), max_size=8))
    stream = io.StringIO()
    csv.writer(stream, delimiter=draw(st.sampled_from(",;"))).writerows([header, *rows])
    return stream.getvalue() + draw(st.sampled_from(["", "\n\n", 'x,"', "\n,,,\n"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=files())
def test_any_file_becomes_drafts_and_each_row_is_in_one_of_them(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("utf-8", "replace"))
    source = open_source(path)
    source.field_of = shopify.field_of
    told = []
    for entry in shopify.drafts(source):
        told += entry.rows if isinstance(entry, ProductDraft) else [entry.number]
    assert sorted(told) == [row.number for row in source.rows()]


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=files())
def test_any_file_is_imported_or_told_and_never_crashes(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("utf-8", "replace"))
    source = open_source(path)
    try:
        report = import_file(path, fetcher=NoNetwork().fetcher())
    except UnreadableFile:
        return
    assert report.rows == sum(1 for _row in source.rows())
    again = import_file(path, fetcher=NoNetwork().fetcher())
    assert again.outcomes["created"] == 0
    assert again.rows == report.rows


@pytest.mark.django_db
def test_a_batch_holds_few_products_of_many_variants(tmp_path):
    path = tmp_path / "a.csv"
    rows = "".join(f"p{p},P{p},S{p}-{v},Size,{v}\n" for p in range(3) for v in range(301))
    path.write_text("product,title,sku,option_1,value_1\n" + rows + "".join(f"q{n},Q,Q{n},,\n" for n in range(51)))
    source = open_source(path)
    name, module = recognise(source)
    run = ImportRun(source, module, Report(), Pictures(Fetcher(), None, True))
    assert name == "own"
    assert [(position, len(batch)) for position, batch in run.batches()] == [(1, 1), (2, 1), (52, 50), (54, 2)]
    assert [position for position, _batch in run.batches(start=2)] == [52, 54]
