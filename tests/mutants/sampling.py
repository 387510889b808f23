"""What is measured, which of it is asked, and what the answer is worth."""

import random
import tomllib
from fnmatch import fnmatch
from math import sqrt
from pathlib import Path

from tests.mutants.changes import Mutant, mutants_of

INSTRUMENTS = ("*/tests/*", "*/migrations/*", "apps/payments/fake_stripe/*")


def files_in_scope(root: Path) -> list[str]:
    """What `make coverage` measures, without the modules that mutmut itself changes one and all, and without the
    fake Stripe, an instrument of the tests."""
    tool = tomllib.loads((root / "pyproject.toml").read_text())["tool"]
    wanted, elsewhere = tool["coverage"]["report"]["include"], tool["mutmut"]["only_mutate"]
    paths = (str(path.relative_to(root)) for path in (root / "apps").rglob("*.py"))
    return sorted(
        path
        for path in paths
        if any(fnmatch(path, each) for each in wanted)
        and not any(fnmatch(path, each) for each in [*INSTRUMENTS, *elsewhere])
    )


def all_mutants(root: Path) -> list[Mutant]:
    return [mutant for path in files_in_scope(root) for mutant in mutants_of(path, (root / path).read_text())]


def drawn(of: int, size: int, seed: int) -> list[int]:
    """Numbers of a random sample, each mutant as likely as any other; the same seed draws the same ones, in the same
    order: what a run knows when it is interrupted is a random sample as well."""
    return random.Random(seed).sample(range(of), min(size, of))


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The interval that holds the share of all with 95 % confidence (Wilson's), of a sample with so many hits."""
    z = 1.959964
    share, spread = hits / of, z * z / of
    middle = share + spread / 2
    half = z * sqrt(share * (1 - share) / of + spread / (4 * of))
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)


def in_order(tests: dict[str, tuple[int, ...]]) -> list[str]:
    """The nearest first, one of each file; then the rest file by file, as they share a world."""
    nearest = sorted(tests, key=lambda test: (tests[test], test))
    files: dict[str, list[str]] = {}
    for test in nearest:
        files.setdefault(test.partition("::")[0], []).append(test)
    return [first for first, *_ in files.values()] + [test for _, *rest in files.values() for test in rest]


def share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits} of {of}, {hits / of:.1%} (95 % between {low:.1%} and {high:.1%})"
