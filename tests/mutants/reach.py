"""Which tests reach which line of what is measured, and how long each of them takes."""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from typing import Any

from tests.mutants.changes import functions, module_of
from tests.mutants.sampling import files_in_scope

Reached = dict[str, dict[str, Any]]  # of each test: its seconds, whether it passed, the lines of each file

TOOL = sys.monitoring.COVERAGE_ID
LINE = sys.monitoring.events.LINE


class Reach:
    def __init__(self, root: Path, kept: Path):
        self.root, self.kept = root, kept
        self.paths = files_in_scope(root)
        self.lines: set[tuple[str, int]] = set()
        self.sources = b"".join((root / path).read_bytes() for path in self.paths)

    def of_file(self, file: str, record: Callable[[Path], None]) -> Reached:
        """What the tests of the file reach; recorded anew if they or the sources changed."""
        content = (self.root / file).read_bytes()
        known = self.kept / f"{hashlib.sha256(file.encode() + content + self.sources).hexdigest()[:20]}.json"
        if not known.exists():
            self.kept.mkdir(parents=True, exist_ok=True)
            record(known)
        return json.loads(known.read_text()) if known.exists() else {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """For a process that ends: nothing takes the watch off again."""
        sys.monitoring.use_tool_id(TOOL, "mutants")
        sys.monitoring.register_callback(TOOL, LINE, self._line)
        for path in self.paths:
            for function in functions(module_of(path)).values():
                self._watch(function.__code__)
        yield

    def _watch(self, code: Any) -> None:
        sys.monitoring.set_local_events(TOOL, code, LINE)
        for constant in code.co_consts:
            if hasattr(constant, "co_code"):
                self._watch(constant)

    def _line(self, code: Any, line: int) -> object:
        self.lines.add((code.co_filename, line))
        return sys.monitoring.DISABLE

    def of_test(self, run: Callable[[], bool]) -> dict[str, Any]:
        self.lines.clear()
        sys.monitoring.restart_events()
        began = process_time()
        passed = run()
        reached: dict[str, list[int]] = {}
        for name, line in sorted(self.lines):
            reached.setdefault(str(Path(name).relative_to(self.root)), []).append(line)
        return {"passed": passed, "seconds": process_time() - began, "lines": reached}
