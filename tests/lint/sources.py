"""The project's own files, for the tests that read them."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def python_sources(*folders: str) -> Iterator[Path]:
    """Python files of the project, without tests and migrations."""
    for folder in folders or ("apps", "config"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts):
                yield path


def templates(*suffixes: str) -> Iterator[Path]:
    """Every template: those in templates/ and those of the apps."""
    for folder in (ROOT / "templates", *sorted((ROOT / "apps").glob("*/templates"))):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in (suffixes or (".html",)) and "locale" not in path.parts:
                yield path


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
