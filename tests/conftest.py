import pytest

from tests.support.databases import drop_databases


@pytest.fixture(scope="session")
def kind(pytestconfig) -> str:
    """sqlite or postgres, as this run was asked for."""
    return pytestconfig.getoption("db")


@pytest.fixture(scope="session", autouse=True)
def _no_databases_left_behind():
    yield
    drop_databases()
