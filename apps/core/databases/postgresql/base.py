"""Django's PostgreSQL backend, which learns without a round trip that a kept connection is gone."""

from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    # The names of the statements that this connection has prepared (apps/core/databases/libpq.py); None: it does not.
    prepared: set[bytes] | None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.prepared = set()
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Whether the next request may use the connection that the last one left.

        Django asks "SELECT 1" before the first statement of each request, which takes as long as that statement. But a
        server has nothing to say to who asks nothing: what can be read from an idle connection is its farewell, or a
        notice, and only then it has to be asked.
        """
        if self.connection is None or self.connection.closed:
            return False
        waiting = poll()
        waiting.register(self.connection.pgconn.socket, POLLIN)
        return bool(super().is_usable()) if waiting.poll(0) else True
