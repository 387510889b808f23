"""Closed-loop load: a few keep-alive connections, each asking again as soon as it has its answer."""

import http.client
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

BROWSER = {"Accept": "text/html", "Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "en"}


@dataclass(frozen=True, slots=True)
class Call:
    """One request, and the statuses that are right for it."""

    path: str
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    right: tuple[int, ...] = (200,)


@dataclass(slots=True)
class Measured:
    requests: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    size: int = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        return self.cpu_seconds / max(1, self.requests) * 1000

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


class WrongAnswer(Exception):
    """A page that does not answer as it should makes every figure of it worthless."""


def send(connection: http.client.HTTPConnection, call: Call) -> tuple[http.client.HTTPResponse, bytes]:
    headers = {**BROWSER, **call.headers}
    if call.body:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    connection.request(call.method, call.path, body=call.body or None, headers=headers)
    response = connection.getresponse()
    content = response.read()
    if response.status not in call.right:
        raise WrongAnswer(f"{call.method} {call.path} answered {response.status}: {content[:200]!r}")
    return response, content


def measure(
    port: int,
    calls: Callable[[int], Iterable[Call]],
    cpu: Callable[[], float],
    *,
    seconds: float = 3.0,
    connections: int = 2,
) -> Measured:
    """Ask until the time is over or the calls of all connections are used up. `calls(n)` are those of connection n."""
    total, lock, failures = Measured(), threading.Lock(), []
    prepared = [iter(calls(number)) for number in range(connections)]
    start = time.perf_counter()
    deadline = start + seconds

    def run(own: Iterator[Call]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        latencies, size = [], 0
        try:
            for call in own:
                begun = time.perf_counter()
                if begun > deadline:
                    break
                _, content = send(connection, call)
                latencies.append(time.perf_counter() - begun)
                size += len(content)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()
        with lock:
            total.latencies += latencies
            total.size += size

    used = cpu()
    threads: list[Any] = [threading.Thread(target=run, args=(own,)) for own in prepared]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    total.cpu_seconds = cpu() - used
    total.seconds = time.perf_counter() - start
    total.requests = len(total.latencies)
    total.size = total.size // max(1, total.requests)
    return total
