"""Several hands that do the same thing at the same moment, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

HANDS = 5


class Hands:
    """`with Hands() as hands: hands.at_once(action)` runs the action by all hands together, round after round."""

    def __enter__(self) -> "Hands":
        self._pool = ThreadPoolExecutor(HANDS)
        self.presses = 0
        return self

    def __exit__(self, *error: object) -> None:
        barrier = Barrier(HANDS)

        def leave(_: int) -> None:
            barrier.wait(timeout=60)  # so that each thread gets exactly one turn
            connection.close()

        list(self._pool.map(leave, range(HANDS)))
        self._pool.shutdown()

    def at_once(self, *actions: Callable[[], Any]) -> list[Any]:
        """One action for all hands, or one for each; their results in order."""
        chosen = actions if len(actions) > 1 else actions * HANDS
        barrier = Barrier(len(chosen))

        def press(action: Callable[[], Any]) -> Any:
            barrier.wait(timeout=60)
            return action()

        self.presses += len(chosen)
        return list(self._pool.map(press, chosen))
