import pytest

from tests.support.databases import drop_databases


def pytest_collection_modifyitems(items):
    """Tests that start a shop share its static files and databases: one worker runs them, and begins with them."""
    with_servers = [item for item in items if item.path.parent.name in {"races", "production"}]
    for item in with_servers:
        item.add_marker(pytest.mark.xdist_group("servers"))
    others = [item for item in items if item not in set(with_servers)]
    items[:] = [*with_servers, *others]


@pytest.fixture(scope="session")
def kind(pytestconfig) -> str:
    """sqlite or postgres, as this run was asked for."""
    return pytestconfig.getoption("db")


@pytest.fixture(scope="session", autouse=True)
def _no_databases_left_behind():
    yield
    drop_databases()
