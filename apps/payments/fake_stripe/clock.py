"""The time of the fake: the real one, plus what a test or a person has added."""

import time


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def seconds(self) -> int:
        return int(self.now())

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("This clock runs forward only.")
        self.ahead += seconds
