"""Starting rates of value added tax, so that a fresh shop computes right where it most likely sells.

Sources: European Commission, "Taxes in Europe Database" (standard rate and the reduced rate that most reduced goods bear,
books among them where they have one); Swiss Federal Tax Administration; HM Revenue & Customs; Norwegian Tax
Administration. `valid_from` is the day of the change where a rate changed after 2025-01-01, else that day or before.
Staff correct and continue the table in the admin; every other country has no row and so no tax.
"""

from datetime import date

from django.db import migrations

SINCE = date(2025, 1, 1)

# country: (standard, reduced) in parts per million
RATES = {
    "AT": (200_000, 100_000),
    "BE": (210_000, 60_000),
    "BG": (200_000, 90_000),
    "HR": (250_000, 50_000),
    "CY": (190_000, 50_000),
    "CZ": (210_000, 120_000),
    "DK": (250_000, 250_000),
    "EE": (220_000, 90_000),
    "FI": (255_000, 140_000),
    "FR": (200_000, 55_000),
    "DE": (190_000, 70_000),
    "GR": (240_000, 60_000),
    "HU": (270_000, 50_000),
    "IE": (230_000, 90_000),
    "IT": (220_000, 40_000),
    "LV": (210_000, 120_000),
    "LT": (210_000, 90_000),
    "LU": (170_000, 80_000),
    "MT": (180_000, 50_000),
    "NL": (210_000, 90_000),
    "PL": (230_000, 50_000),
    "PT": (230_000, 60_000),
    "RO": (190_000, 90_000),
    "SK": (230_000, 50_000),
    "SI": (220_000, 50_000),
    "ES": (210_000, 40_000),
    "SE": (250_000, 60_000),
    "CH": (81_000, 26_000),
    "GB": (200_000, 50_000),
    "NO": (250_000, 150_000),
}

CHANGES = [
    ("EE", "standard", 240_000, date(2025, 7, 1)),
    ("RO", "standard", 210_000, date(2025, 8, 1)),
    ("RO", "reduced", 110_000, date(2025, 8, 1)),
    ("FI", "reduced", 135_000, date(2026, 1, 1)),
]


def add_rates(apps, schema_editor):
    TaxRate = apps.get_model("pricing", "TaxRate")
    rows = [
        TaxRate(country=country, tax_class=tax_class, rate=rate, valid_from=SINCE)
        for country, pair in RATES.items()
        for tax_class, rate in zip(("standard", "reduced"), pair, strict=True)
    ]
    rows += [
        TaxRate(country=country, tax_class=tax_class, rate=rate, valid_from=day)
        for country, tax_class, rate, day in CHANGES
    ]
    TaxRate.objects.using(schema_editor.connection.alias).bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]

    operations = [migrations.RunPython(add_rates, migrations.RunPython.noop, elidable=False)]
