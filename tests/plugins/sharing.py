"""How two workers share the tests: each takes whole files, which make their world once.

xdist's own `loadgroup` reads a name that pytest 9 no longer lets it write, and `loadfile` would let a file's committing
tests, which empty the tables, go before other files. So a unit is a run of tests of one file, in the order collected.
"""

from itertools import groupby

import pytest
from xdist.scheduler import LoadScopeScheduling


def file_of(nodeid):
    return nodeid.partition("::")[0]


class SharingByFile(LoadScopeScheduling):
    units = None

    def _split_scope(self, nodeid):
        if self.units is None:
            runs = enumerate(groupby(self.collection, key=file_of))
            self.units = {test: f"{number} {file}" for number, (file, tests) in runs for test in tests}
        return self.units[nodeid]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return SharingByFile(config, log)
