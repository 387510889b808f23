"""The world of the walk serves here too."""

from tests.access.conftest import _quiet_log, world  # noqa: F401
