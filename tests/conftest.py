import pytest

SERVERS, USUAL, TRANSACTIONAL = range(3)


def turn(item):
    """Shops as processes take longest, so a worker begins with them. Tests that commit come last: they leave the
    worker's database without the rows that migrations wrote."""
    if item.get_closest_marker("servers"):
        return SERVERS
    mark = item.get_closest_marker("django_db")
    return TRANSACTIONAL if mark and mark.kwargs.get("transaction") else USUAL


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    items.sort(key=turn)


@pytest.fixture(scope="session")
def kind(pytestconfig) -> str:
    """sqlite or postgres, as this run was asked for."""
    return pytestconfig.getoption("db")
