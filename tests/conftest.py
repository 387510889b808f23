import pytest

# Who asks for none of these, and has no django_db mark, is kept from the database by pytest-django.
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "django_db_reset_sequences", "live_server", "kind"}
SERVERS, USUAL, TRANSACTIONAL = range(3)


def uses_the_database(item):
    return item.get_closest_marker("django_db") is not None or not DATABASE_FIXTURES.isdisjoint(item.fixturenames)


def turn(item):
    """Shops as processes take longest, so a worker begins with them. Tests that commit come last: they leave the
    worker's database without the rows that migrations wrote."""
    if item.get_closest_marker("servers"):
        return SERVERS
    mark = item.get_closest_marker("django_db")
    return TRANSACTIONAL if mark and mark.kwargs.get("transaction") else USUAL


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """The second database proves nothing about a test that uses none."""
    if config.getoption("db") == "postgres":
        config.hook.pytest_deselected(items=[item for item in items if not uses_the_database(item)])
        items[:] = filter(uses_the_database, items)
    items.sort(key=turn)


@pytest.fixture(scope="session")
def kind(pytestconfig) -> str:
    """sqlite or postgres, as this run was asked for."""
    return pytestconfig.getoption("db")
