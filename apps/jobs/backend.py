from django_tasks_db import DatabaseBackend


class JobsBackend(DatabaseBackend):
    """The database queue."""
