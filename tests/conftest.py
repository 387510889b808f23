import pytest

from tests.support.databases import drop_databases


def pytest_collection_modifyitems(items):
    """Tests that start a shop take longest, so a worker begins with them (all in one group: they share its files)."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


@pytest.fixture(scope="session")
def kind(pytestconfig) -> str:
    """sqlite or postgres, as this run was asked for."""
    return pytestconfig.getoption("db")


@pytest.fixture(scope="session", autouse=True)
def _no_databases_left_behind():
    yield
    drop_databases()
