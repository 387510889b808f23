"""What a worker holds in memory that neither draws invoices nor knows Stripe."""

import subprocess
import sys

from tests.support.databases import environment

LOADED = """
import sys
from config.wsgi import application
from django.urls import get_resolver
get_resolver()._populate()
print(sorted({"fpdf", "fontTools", "stripe", "requests", "openpyxl"} & set(sys.modules)))
"""


def test_a_shop_starts_without_the_libraries_that_it_may_never_need():
    shop = environment(DATABASE_URL="sqlite:///nothing.sqlite3", JOBS_IN_WEB="false")

    started = subprocess.run([sys.executable, "-c", LOADED], env=shop, capture_output=True, text=True, check=True)

    assert started.stdout.strip() == "[]"
