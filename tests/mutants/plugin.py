"""`pytest -p tests.mutants.plugin --mutants 300 --seed 1`: a sample of the mutants of what money needs.

Django, the tests and an empty database are loaded once. Each mutant is made in a fork of that, where those tests run
that reach what was changed, until one fails. Which ones those are, a first run of all of them tells. What only the
start of the shop reaches is changed in a shop that starts anew, and all tests of its app are asked.
"""

import gc
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from tests.mutants.reach import Reach
from tests.mutants.sampling import all_mutants, drawn, in_order, share
from tests.plugins.database import asks_the_database

ROOT = Path(__file__).resolve().parents[2]
PASSED, FAILED = 0, 1
PATIENCE, MEMORY = 20, 4 << 30  # seconds of a processor beyond five times what the tests need; bytes


def pytest_addoption(parser):
    parser.addoption("--mutants", type=int, default=0, help="how many mutants to draw")
    parser.addoption("--seed", type=int, default=1, help="which ones: the same seed draws the same")
    parser.addoption("--most", type=int, default=150, help="of how many tests, the nearest, a mutant has to escape")
    parser.addoption("--numbers", default="", help="only these of them, 12,553")


def pytest_configure():
    """A failing example is enough: a smaller one would cost minutes. The same examples each time."""
    quick = {"phases": [Phase.explicit, Phase.generate], "derandomize": True, "database": None}
    settings.register_profile("mutants", **quick)
    settings.load_profile("mutants")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    if not session.config.getoption("mutants"):
        return None
    Trial(session).run()
    return True


class Trial:
    def __init__(self, session):
        self.items = {item.nodeid: item for item in session.items}
        self.option = session.config.getoption
        self.terminal = session.config.pluginmanager.getplugin("terminalreporter")
        self.reach = Reach(ROOT, ROOT / "var" / "mutants")
        self.innocent = {}

    def say(self, text):
        self.terminal.write_line(text)
        self.terminal.flush()

    def run(self):
        self.prepare()
        reached = self.reached()
        mutants = all_mutants(ROOT)
        gc.freeze()  # no fork need look through them
        numbers = drawn(len(mutants), self.option("mutants"), self.option("seed"))
        self.say(f"{len(mutants)} mutants, {len(numbers)} of them drawn by seed {self.option('seed')}")
        if self.option("numbers"):
            numbers = [int(number) for number in self.option("numbers").split(",")]
        killed = 0
        for count, number in enumerate(numbers, 1):
            killer = self.killer(mutants[number], reached)
            killed += bool(killer)
            self.say(f"{count}/{len(numbers)} no. {number} {mutants[number].place.path} " + (killer or "SURVIVED"))
            if not killer:
                self.say(mutants[number].diff)
        self.say(f"killed {share(killed, len(numbers))}")

    def prepare(self):
        """One test in this process makes the database and whatever else a session needs."""
        first, *_, last = filter(asks_the_database, self.items.values())
        assert all(report.passed for report in runtestprotocol(first, nextitem=last, log=False))
        from django import conf
        from django.db import connections

        connections.close_all()
        self.database = Path(conf.settings.DATABASES["default"]["NAME"])
        shutil.copyfile(self.database, self.database.with_suffix(".fresh"))

    def reached(self):
        """What each test reaches. One that fails as things are can't tell anything and is left out."""
        files = {}
        for test in self.items:
            files.setdefault(test.partition("::")[0], []).append(test)
        known = {}
        for file, tests in files.items():
            known |= self.reach.of_file(file, lambda to, tests=tests: self.fork(lambda: self.record(tests, to), 3600))
            self.say(f"{file}: {sum(test in known for test in tests)} of {len(tests)} tests")
        failing = [test for test in self.items if not known.get(test, {}).get("passed")]
        self.say(f"left out, for they fail without any change: {', '.join(failing) or 'none'}")
        return {test: known[test] for test in self.items if test not in failing}

    def record(self, tests, to):
        with self.reach.watching():
            found = {test: self.reach.of_test(lambda run=run: run() is None) for test, run in self.runs(tests)}
        to.write_text(json.dumps(found))
        return PASSED

    def runs(self, tests):
        """Of each test how to run it, in this process."""
        first = self.items[tests[0]]
        first.session._setupstate.teardown_exact(first)  # leaves what it shares with the test that made the database
        for test, following in zip(tests, [*tests[1:], None], strict=True):
            item = self.items[test]
            upcoming = self.items[following] if following else next(i for i in self.items.values() if i is not item)

            def run(item=item, upcoming=upcoming):
                reports = runtestprotocol(item, nextitem=upcoming, log=False)
                return next((item.nodeid for report in reports if report.failed), None)

            yield test, run

    def killer(self, mutant, reached):
        """The test that notices the change, or what else ended the shop; nothing if it lives."""
        tests = in_order(self.asked(mutant, reached))[: self.option("most")]
        if not tests:
            return self.started_anew(mutant)
        seconds = PATIENCE + 5 * sum(reached[test]["seconds"] for test in tests)
        end = self.fork(lambda: self.first_to_fail(tests, mutant), seconds)
        if end == PASSED:
            return None
        if end != FAILED:
            return f"ended by {end}"
        if (name := self.note.read_text()) not in tests:
            raise RuntimeError(f"{mutant.diff}: {name}")
        return name if self.is_innocent(name) else None

    def asked(self, mutant, reached):
        """The tests that reach what is changed, or for what has no line of its own, like a default, its function."""
        path, (first, last) = mutant.place.path, mutant.lines
        for low, high in ((first, last), mutant.body):
            near = {
                test: (-len(of["lines"][path]), sum(map(len, of["lines"].values())))
                for test, of in reached.items()
                if any(low <= line <= high for line in of["lines"].get(path, ()))
            }
            if near:
                return near
        return {}

    def started_anew(self, mutant):
        path = ROOT / mutant.place.path
        app = "/".join(mutant.place.path.split("/")[:2])
        if app not in self.innocent:
            self.innocent[app] = not self.anew(app, path, path.read_text())[0]
        failed, last = self.anew(app, path, mutant.source)
        return f"a shop that started anew: {last}" if failed and self.innocent[app] else None

    def anew(self, app, path, source):
        """Whether a test of the app fails where its file says this, and the last line of what was told."""
        changed = self.reach.kept / "changed.json"
        changed.write_text(json.dumps({"path": str(path), "source": source}))
        options = ["-q", "-x", "--db", "sqlite", "-p", "tests.mutants.started", "-m", self.option("markexpr")]
        environment = {
            **os.environ,
            "STOA_MUTANT": str(changed),
            "STOA_TEST_RUN": f"{os.environ['STOA_TEST_RUN']}-anew",
        }
        told = subprocess.run(
            [sys.executable, "-m", "pytest", *options, app],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return told.returncode != 0, (told.stdout or told.stderr).strip().splitlines()[-1]

    def first_to_fail(self, tests, mutant=None):
        if mutant:
            mutant.make()
        for _, run in self.runs(tests):
            if name := run():
                self.note.write_text(name)
                return FAILED
        return PASSED

    def is_innocent(self, test):
        """Whether it passes without the change, also where it was not recorded."""
        if test not in self.innocent:
            self.innocent[test] = self.fork(lambda: self.first_to_fail([test]), 3600) == PASSED
        return self.innocent[test]

    @property
    def note(self):
        return self.database.with_suffix(".failed")

    def fork(self, work, seconds):
        """Do it in a process of its own with an untouched database; tell how it ended, a status or a signal."""
        for suffix in ("-wal", "-shm"):
            Path(f"{self.database}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.database.with_suffix(".fresh"), self.database)
        child = os.fork()
        if not child:
            os.setpgrp()
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
            with suppress(ValueError, OSError):  # not every system can
                resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            signal.alarm(int(10 * seconds))
            end = FAILED
            try:
                end = work()
            except BaseException as error:
                self.note.write_text(repr(error))
            finally:
                os._exit(end)
        status = os.waitpid(child, 0)[1]
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        return os.WEXITSTATUS(status) if os.WIFEXITED(status) else signal.Signals(os.WTERMSIG(status)).name
