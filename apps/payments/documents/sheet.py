"""A4 paper with the shop's letterhead, on which documents are drawn: fonts, colours, page head and foot."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import font_roboto
from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
# Greek, Cyrillic and Vietnamese names: from a package, because it is too large to be kept here.
NAMES_FONT = Path(font_roboto.Roboto)
LEFT, RIGHT, BOTTOM = 20.0, 190.0, 262.0
WIDTH = RIGHT - LEFT
FOOT = 272.0

INK, MUTED, LINE, ACCENT = (42, 35, 32), (102, 92, 85), (224, 219, 211), (24, 91, 66)

# Which letters a font lacks, and what a subset leaves out, is no news for the log.
logging.getLogger("fpdf.output").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


class Sheet(FPDF):
    """One document. Text is always text: no markup in it is looked at, and nothing is ever fetched."""

    def __init__(self, content: dict[str, Any], issued_at: datetime) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self.content = content
        self.words: dict[str, str] = content["words"]
        self._set_up_text(issued_at)
        self._set_up_paper()

    def _set_up_text(self, issued_at: datetime) -> None:
        self.add_font("Figtree", "", FONTS / "Figtree-Regular.ttf")
        self.add_font("Figtree", "B", FONTS / "Figtree-SemiBold.ttf")
        self._set_up_names()
        # The moment of issue, not of drawing: the same content gives the same bytes.
        self.set_creation_date(issued_at)
        self.set_lang(self.content["language"])
        self.set_title(plain(f"{self.words['title']} {self.content['number']}"))
        self.set_author(plain(self.content["seller"]["name"]))

    def _set_up_names(self) -> None:
        """A second font where the first lacks a letter; what neither has becomes the mark of a missing letter."""
        foreign = {ord(char) for char in _said(self.content)} - self._letters("figtree")
        self.boxes: dict[int, str] = {}
        if foreign:
            self.add_font("Names", "", NAMES_FONT)
            self.set_fallback_fonts(["Names"], exact_match=False)
            self.boxes = dict.fromkeys(foreign - self._letters("names"), "�")

    def _letters(self, name: str) -> set[int]:
        font: Any = self.fonts[name]
        return set(font.cmap)

    def printable(self, text: str) -> str:
        return plain(text).translate(self.boxes)

    def _set_up_paper(self) -> None:
        self.alias_nb_pages("{nb}")
        self.set_margins(LEFT, 20, 210 - RIGHT)
        self.set_auto_page_break(False)  # the drawing decides, so that a row is never torn
        self.c_margin = 0.0

    def header(self) -> None:
        """The shop's name; from the second page on also which document goes on."""
        self.set_xy(LEFT, 18)
        if self.page == 1:
            self.write_line(self.content["seller"]["name"], size=19, bold=True, color=ACCENT, height=9)
            return
        number = f"{self.words['title']} {self.content['number']}, {self.words['continued']}"
        self.write_line(self.content["seller"]["name"], size=10, bold=True, color=ACCENT, width=70)
        self.set_xy(LEFT, 18)
        self.write_line(number, size=9, color=MUTED, align="R")
        self.set_y(30)

    def footer(self) -> None:
        seller, page = self.content["seller"], self.words["page"]
        legal = [*seller["address"]]
        if seller["vat_id"]:
            legal.append(f"{self.words['vat_id']} {seller['vat_id']}")
        self.rule(FOOT)
        self.set_xy(LEFT, FOOT + 3)
        self.write_block(" · ".join(legal), width=130, size=7.5, color=MUTED, height=3.8)
        self.set_xy(LEFT, FOOT + 3)
        counted = page.replace("{page}", str(self.page)).replace("{pages}", "{nb}")
        self.style(7.5)
        width = WIDTH + self.get_string_width("{nb}") - self.get_string_width("0")  # what is counted comes later
        self.write_line(counted, size=7.5, color=MUTED, align="R", height=3.8, width=width)

    def style(self, size: float, bold: bool = False, color: Sequence[int] = INK) -> None:
        self.set_font("Figtree", "B" if bold else "", size)
        self.set_text_color(*color)

    def write_line(
        self,
        text: str,
        *,
        width: float = WIDTH,
        size: float = 9.5,
        bold: bool = False,
        color: Sequence[int] = INK,
        align: str = "L",
        height: float = 5.0,
    ) -> None:
        """One line from here; what does not fit is set smaller, down to where it is cut."""
        self.style(size, bold, color)
        text = self.printable(text)
        while size > 5.5 and self.get_string_width(text) > width:
            size -= 0.5
            self.style(size, bold, color)
        while text and self.get_string_width(text) > width:
            text = text[:-1]
        self.cell(width, height, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def write_block(
        self,
        text: str,
        *,
        width: float = WIDTH,
        size: float = 9.5,
        bold: bool = False,
        color: Sequence[int] = INK,
        height: float = 5.0,
    ) -> float:
        """Text that wraps, from here; returns how high it became."""
        x, top = self.x, self.y
        self.style(size, bold, color)
        self.multi_cell(width, height, self.printable(text), align="L", new_x="LEFT", new_y="NEXT")
        self.set_x(x)
        return float(self.y - top)

    def block_height(self, text: str, *, width: float, size: float, bold: bool = False, height: float) -> float:
        """How high `write_block` would make it."""
        self.style(size, bold)
        text = self.printable(text)
        lines: Any = self.multi_cell(width, height, text, align="L", dry_run=True, output="LINES")
        return float(len(lines) * height)

    def rule(self, y: float, *, left: float = LEFT, right: float = RIGHT, color: Sequence[int] = LINE) -> None:
        self.set_draw_color(*color)
        self.set_line_width(0.25)
        self.line(left, y, right, y)

    def has_room(self, height: float) -> bool:
        return bool(self.y + height <= BOTTOM)


def _said(content: Any) -> set[str]:
    """Every visible character of a content."""
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        return set().union(*(_said(part) for part in content))
    return set(plain(content)) if isinstance(content, str) else set()


def plain(text: str) -> str:
    """One line without characters that control something: of a name only what can be seen is printed."""
    spaced = " ".join(str(text).split())
    return "".join(char for char in spaced if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
