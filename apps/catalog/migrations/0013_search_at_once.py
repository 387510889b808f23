from django.db import migrations

# By default a GIN index collects what is new in a list, which every lookup reads from end to end until autovacuum or 4 MB
# of it put it away. A search is up to seven lookups, so between two vacuums the list cost more than the index.
AT_ONCE = [
    "ALTER INDEX catalog_search_vector SET (fastupdate = off)",
    "SELECT gin_clean_pending_list('catalog_search_vector')",
]
COLLECTED = "ALTER INDEX catalog_search_vector RESET (fastupdate)"


def index_at_once(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in AT_ONCE:
            schema_editor.execute(statement)


def collect_again(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(COLLECTED)


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0012_no_search_text'),
    ]

    operations = [
        migrations.RunPython(index_at_once, collect_again),
    ]
