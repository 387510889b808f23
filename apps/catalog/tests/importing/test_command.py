import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.catalog.models import Product

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parent / "files"


@pytest.fixture
def file(tmp_path):
    """A file that names no picture, so that nothing asks the web."""
    path = tmp_path / "products.csv"
    path.write_text("Handle,Title,Variant SKU,Variant Price,Tags\na,A,A 1,19.99,x\nb,B,B-1,cheap,x\n,,,,\n")
    return path


def told(*arguments):
    out = io.StringIO()
    call_command("import_products", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_report_for_machines_adds_up(file):
    report = json.loads(told(file, "--json"))
    assert report["rows"] == 3
    assert {name: report[name] for name in ("created", "updated", "unchanged", "skipped", "failed")} == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "skipped": 1,
        "failed": 1,
    }
    assert report["failures"] == [{"row": 3, "handle": "b", "reason": "“cheap” is not a number."}]
    assert report["derived_skus"] == [{"row": 2, "merchant_sku": "A 1", "sku": "A-1"}]
    assert report["ignored_columns"] == ["Tags"]


def test_the_report_for_people_names_rows_and_reasons(file):
    text = told(file)
    assert "3 rows:" in text
    assert "1 created, 0 updated, 0 unchanged, 1 skipped, 1 failed" in text
    assert "row 3 (b): “cheap” is not a number." in text
    assert "row 2: “A 1” is A-1" in text


def test_a_dry_run_changes_nothing_and_says_so(file):
    text = told(file, "--dry-run")
    assert "nothing has been changed" in text
    assert "1 created" in text
    assert not Product.objects.exists()


def test_the_named_format_is_taken_at_its_word(file):
    assert json.loads(told(file, "--json", "--format", "shopify"))["format"] == "shopify"
    with pytest.raises(CommandError, match="not the header of such a file"):
        told(file, "--format", "woocommerce")


def test_a_missing_file_or_folder_is_one_sentence(tmp_path, file):
    with pytest.raises(CommandError, match=r"none\.csv can't be read"):
        told(tmp_path / "none.csv")
    with pytest.raises(CommandError, match="There is no folder"):
        told(file, "--images", tmp_path / "none")
