"""Rows that speak of one product, which may stand apart in the file."""

from collections.abc import Callable, Iterator

from apps.catalog.importing.reading import Row, SourceFile


def grouped(source: SourceFile, key_of: Callable[[Row], str]) -> Iterator[Row | tuple[str, list[Row]]]:
    """Key and rows of each product, in the order in which their last row comes; a row without a key comes by itself.

    The file is read twice: first to learn where each product ends, so that at no time more than the open products
    are in memory.
    """
    last_row: dict[str, int] = {}
    for row in source.rows():
        if key := key_of(row):
            last_row[key] = row.number
    waiting: dict[str, list[Row]] = {}
    for row in source.rows():
        key = key_of(row)
        if not key:
            yield row
            continue
        waiting.setdefault(key, []).append(row)
        if last_row[key] == row.number:
            yield key, waiting.pop(key)
