from django.db import migrations

# The index names rows, and each that it names is read for its key alone: with the words and their vector stored apart, a
# page of the table holds dozens of rows instead of four. It holds for rows that are written from now on.
NARROW = "ALTER TABLE catalog_searchdocument SET (toast_tuple_target = 128)"
USUAL = "ALTER TABLE catalog_searchdocument RESET (toast_tuple_target)"


def narrow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NARROW)


def usual(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(USUAL)


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0010_companions'),
    ]

    operations = [
        migrations.RunPython(narrow, usual),
    ]
