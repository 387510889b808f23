from itertools import batched

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def add_rows(apps, schema_editor):
    """A job finishes the pages of what is listed already."""
    body = apps.get_model("catalog", "ProductBody")
    listed = apps.get_model("catalog", "Listing").objects.order_by("pk").values_list("pk", flat=True)
    for ids in batched(listed.iterator(chunk_size=1000), 1000, strict=False):
        body.objects.bulk_create(
            body(listing_id=pk, language=language) for pk in ids for language, _ in settings.LANGUAGES
        )


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0013_search_at_once'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProductBody',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=15)),
                ('made_in', models.CharField(default='', max_length=16)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('content', models.BinaryField(default=b'')),
                ('listing', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='bodies', to='catalog.listing')),
            ],
            options={
                'verbose_name': 'finished page',
                'verbose_name_plural': 'finished pages',
                'indexes': [models.Index(fields=['made_in'], name='catalog_body_made_in')],
                'constraints': [models.UniqueConstraint(fields=('listing', 'language'), name='catalog_body_once')],
            },
        ),
        migrations.RunPython(add_rows, migrations.RunPython.noop),
    ]
