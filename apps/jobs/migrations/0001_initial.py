from django.db import migrations, models

TABLE = "django_tasks_database_dbtaskresult"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.CreateModel(
            name="PeriodicRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("slot", models.DateTimeField(verbose_name="slot")),
            ],
            options={
                "verbose_name": "periodic run",
                "verbose_name_plural": "periodic runs",
            },
        ),
        migrations.CreateModel(
            name="WorkerBeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField(verbose_name="seen at")),
            ],
            options={
                "verbose_name": "worker beat",
                "verbose_name_plural": "worker beats",
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("django_tasks_database.dbtaskresult",),
        ),
        # The table belongs to django-tasks-db, which indexes waiting rows only. The reaper looks for running ones
        # every few seconds, staff list the newest and count the failed: none of that may scan a long history.
        migrations.RunSQL(
            f"CREATE INDEX jobs_status_started_idx ON {TABLE} (status, started_at)",
            "DROP INDEX jobs_status_started_idx",
        ),
        migrations.RunSQL(
            f"CREATE INDEX jobs_enqueued_idx ON {TABLE} (enqueued_at DESC)",
            "DROP INDEX jobs_enqueued_idx",
        ),
    ]
