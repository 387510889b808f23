import pytest

# Who asks for none of these, and has no django_db mark, is kept from the database by pytest-django.
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "django_db_reset_sequences", "live_server", "kind"}


def uses_the_database(item):
    return item.get_closest_marker("django_db") is not None or not DATABASE_FIXTURES.isdisjoint(item.fixturenames)


def pytest_collection_modifyitems(config, items):
    """The second database proves nothing about a test that uses none. Tests that start shops take longest: first."""
    if config.getoption("db") == "postgres":
        once = [item for item in items if not uses_the_database(item)]
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if uses_the_database(item)]
    items.sort(key=lambda item: item.get_closest_marker("servers") is None)


@pytest.fixture(scope="session")
def kind(pytestconfig) -> str:
    """sqlite or postgres, as this run was asked for."""
    return pytestconfig.getoption("db")
