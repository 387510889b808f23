"""`-p tests.mutants.started`: the shop starts with the changed file that STOA_MUTANT names, for what runs only then."""

import json
import os
from importlib.machinery import SourceFileLoader
from pathlib import Path

_changed = json.loads(Path(os.environ["STOA_MUTANT"]).read_text())
_get_code = SourceFileLoader.get_code


def get_code(loader, name):
    if loader.path == _changed["path"]:
        return loader.source_to_code(_changed["source"], loader.path)
    return _get_code(loader, name)


SourceFileLoader.get_code = get_code
