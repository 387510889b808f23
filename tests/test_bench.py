"""The figures of `make bench` are figured as docs/performance.md says."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.load import Call, Measured, WrongAnswer, measure
from bench.report import table


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        status = int(self.path.strip("/"))
        self.send_response(status)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"12345")

    def log_message(self, *arguments):
        pass


@pytest.fixture
def port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_cpu_is_shared_among_the_requests(port):
    clock = iter([10.0, 10.6])

    found = measure(port, lambda number: [Call("/200/")] * 15, lambda: next(clock), connections=2)

    assert (found.requests, found.size, round(found.cpu_ms, 6)) == (30, 5, 20.0)


def test_a_page_that_answers_wrongly_ends_the_run(port):
    with pytest.raises(WrongAnswer, match="GET /404/ answered 404"):
        measure(port, lambda number: [Call("/404/")], lambda: 0.0, connections=1)


def test_percentiles_are_those_of_the_slowest():
    found = Measured(requests=100, latencies=[number / 1000 for number in range(100)])

    assert [found.percentile(share) for share in (0.5, 0.95, 0.99)] == [50.0, 95.0, 99.0]


def test_the_table_names_the_machine_and_the_shop():
    about = {"cpu": "Some CPU", "cores": "2", "django": "6.1.3", "commit": "abc1234", "day": "2026-11-29"}
    row = {"page": "list, warm", "to_constant": 1.2, "to_bare": 2.0, "cpu_ms": 0.6, "per_second": 1500}
    row |= {"p50": 1.0, "p95": 2.0, "p99": 3.0, "size": 4000, "requests": 9000}
    run = {"database": "sqlite", "products": 10000, "worker_mib": {"resident": 80, "share": 62}}
    run |= {"statements": {"list, warm": 1}, "rows": [row]}

    text = table(about, [run])

    assert "Some CPU, 2 cores, django 6.1.3, commit abc1234" in text
    assert "**sqlite, 10,000 products** (largest worker: 80 MiB resident, 62 its share)" in text
    assert "| list, warm | 1.2 | 2.0 | 0.6 | 1500 | 1.0 | 2.0 | 3.0 | 4,000 | 1 |" in text
