"""Results as a file of their own and as the table in docs/performance.md."""

import json
import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.lint.sources import ROOT

RESULTS = ROOT / "bench" / "results"
PAGE = ROOT / "docs" / "performance.md"
_TABLE = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)


def machine() -> dict[str, str]:
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return {
        "cpu": cpu[1] if cpu else platform.processor(),
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
        "django": version("django"),
        "granian": version("granian"),
        "commit": commit.stdout.strip(),
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
    }


def write(runs: list[dict[str, Any]]) -> Path:
    RESULTS.mkdir(parents=True, exist_ok=True)
    about = machine()
    path = RESULTS / f"{about['day']}-{about['commit']}.json"
    path.write_text(json.dumps({"machine": about, "runs": runs}, indent=1) + "\n")
    PAGE.write_text(_TABLE.sub(lambda found: found[1] + table(about, runs) + found[2], PAGE.read_text()))
    return path


def _memory(mib: dict[str, int]) -> str:
    return f"{mib['resident']} MiB resident, {mib['share']} its share"


def table(about: dict[str, str], runs: list[dict[str, Any]]) -> str:
    """Markdown: one table for each shop."""
    said = ", ".join(f"{name} {value}" for name, value in about.items() if name not in {"cpu", "cores", "day"})
    lines = [f"Measured on {about['day']}: {about['cpu']}, {about['cores']} cores, {said}.", ""]
    for run in runs:
        lines += [
            f"**{run['database']}, {run['products']:,} products** (largest worker: {_memory(run['worker_mib'])})",
            "",
            "| page | CPU to constant | CPU to bare | CPU ms | requests/s | p50 | p95 | p99 ms | bytes | SQL |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        ]
        for row in run["rows"]:
            sql = run["statements"].get(row["page"], "")
            lines.append(
                f"| {row['page']} | {row['to_constant']} | {row['to_bare']} | {row['cpu_ms']} | {row['per_second']}"
                f" | {row['p50']} | {row['p95']} | {row['p99']} | {row['size']:,} | {sql} |"
            )
        lines.append("")
    return "\n".join(lines) + "\n"
