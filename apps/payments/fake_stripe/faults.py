"""What goes wrong on request: faults wait for the calls or events that they match, each for a number of times."""

import fnmatch
import threading
from dataclasses import dataclass

OF_CALLS = ("status", "reset", "hang", "commit_then_drop", "commit_then_status")
OF_EVENTS = ("duplicate", "reorder", "delay", "drop", "lose_attempt", "wrong_signature", "old_signature")


@dataclass
class Fault:
    """`on` is a pattern over `POST /v1/refunds` or over the type of an event; `count` None means until cleared."""

    kind: str
    on: str = "*"
    count: int | None = 1
    seconds: float = 1.0
    status: int = 500
    copies: int = 1


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        # Set when everything that hangs is to go on.
        self.released = threading.Event()

    def add(self, fault: Fault) -> None:
        """Raises ValueError for a kind that is none."""
        if fault.kind not in OF_CALLS + OF_EVENTS:
            raise ValueError(f"No such fault: {fault.kind}. There are {', '.join(OF_CALLS + OF_EVENTS)}.")
        self.released.clear()
        with self._lock:
            self._waiting.append(fault)

    def take(self, subject: str, kinds: tuple[str, ...]) -> list[Fault]:
        """Those that strike now; each of a kind at most once."""
        struck: dict[str, Fault] = {}
        with self._lock:
            for fault in list(self._waiting):
                if fault.kind in kinds and fault.kind not in struck and fnmatch.fnmatchcase(subject, fault.on):
                    struck[fault.kind] = fault
                    if fault.count is not None:
                        fault.count -= 1
                        if fault.count <= 0:
                            self._waiting.remove(fault)
        return list(struck.values())

    def clear(self) -> None:
        """Forget all faults, and let go what hangs."""
        with self._lock:
            self._waiting.clear()
        self.released.set()
