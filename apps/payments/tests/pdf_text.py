"""Reads the text of our PDFs back, the way a viewer's search does: by the fonts' own tables of letters."""

import re
import zlib

_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.S)
_OPERATION = re.compile(
    rb"/(?P<name>F\d+) (?P<size>[\d.]+) Tf|(?P<at>[-\d.]+ [-\d.]+) Td|(?P<fill>[\d. ]+) rg|(?P<stroke>[\d. ]+) RG"
    rb"|\((?P<text>(?:[^\\()]|\\.)*)\) Tj|(?P<start>[\d.]+ [\d.]+) m (?P<end>[\d.]+ [\d.]+) l S|(?P<width>[\d.]+) w"
    rb"|(?<!\S)[qQ](?!\S)",
    re.S,
)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(pdf):
    """The pieces of text of each page, in the order in which they are drawn."""
    return [[text for kind, *_, text in marks if kind == "text"] for marks in _drawn(pdf)]


def drawing(pdf):
    """Every mark on every page: where it is, in points from below, in which font, size and colour, and the text."""
    sheets = (["  ".join(mark) for mark in marks] for marks in _drawn(pdf))
    return "".join(f"page {number}\n" + "\n".join(marks) + "\n" for number, marks in enumerate(sheets, 1))


def _drawn(pdf):
    objects = {int(number): body for number, body in re.findall(rb"\n(\d+) 0 obj\n(.*?)\nendobj", pdf, re.S)}
    letters = _letters(pdf, objects)
    order = re.findall(rb"/Kids \[(.*?)\]", pdf, re.S)[0]
    sheets = [objects[int(number)] for number in re.findall(rb"(\d+) 0 R", order)]
    contents = [int(re.search(rb"/Contents (\d+) 0 R", sheet)[1]) for sheet in sheets]
    return [list(_marks(_inflated(objects[number]), letters)) for number in contents]


def text(pdf):
    return "\n".join("\n".join(page) for page in pages(pdf))


def run_together(pdf):
    """Without breaks where another font goes on."""
    return "".join("".join(page) for page in pages(pdf))


def _inflated(body):
    found = _STREAM.search(body)
    if not found:
        return b""
    try:
        return zlib.decompress(found[1])
    except zlib.error:
        return found[1]


def _letters(pdf, objects):
    """By name of a font in the pages: what each of its codes means."""
    tables = {}
    for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", pdf):
        table = int(re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])[1])
        pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", _inflated(objects[table]))
        tables[name] = {int(code, 16): bytes.fromhex(char.decode()).decode("utf-16-be") for code, char in pairs}
    return tables


def _marks(stream, letters):
    """What is drawn, in order: ("text", place, font, size, colour, text) and ("line", from, to, width, colour)."""
    pen = {"font": b"", "size": b"", "fill": b"", "stroke": b"", "width": b"", "at": b""}
    kept = []
    for found in _OPERATION.finditer(stream):
        name, state = found.lastgroup, found[0]
        if state == b"q":
            kept.append(dict(pen))
        elif state == b"Q":
            pen = kept.pop()
        elif name == "size":
            pen["font"], pen["size"] = found["name"], found["size"]
        elif name == "text":
            text = _decoded(found["text"], letters[pen["font"]])
            yield "text", *(pen[part].decode() for part in ("at", "font", "size", "fill")), text
        elif name == "end":
            yield "line", *(part.decode() for part in (found["start"], found["end"], pen["width"], pen["stroke"]))
        else:
            pen[name] = found[name]


def _decoded(codes, letters):
    raw = re.sub(rb"\\(.)", lambda match: _ESCAPED.get(match[1], match[1]), codes, flags=re.S)
    numbers = [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]
    return "".join(letters.get(number, "\ufffd") for number in numbers)
