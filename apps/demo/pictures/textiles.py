"""Cushions, throws, towels, aprons and bags."""

from math import sin

from .canvas import Canvas, rounded
from .colour import SHADE, darker, lighter
from .furniture import weave
from .light import FLOOR, wall_shadow

LEATHER = "#8a5534"
Box = tuple[float, float, float, float]


def _cloth_fill(canvas: Canvas, path: str, box: Box, colour: str, *, threads: int = 1600) -> str:
    """Base tone, roundness and weave of a soft thing; returns the clip for what is drawn on it."""
    left, top, right, bottom = box
    clip = canvas.clip(path)
    canvas.path(
        path, canvas.linear([(0, lighter(colour, 0.20)), (0.45, colour), (1, darker(colour, 0.30))], (0, 0, 1, 0.8))
    )
    canvas.line(path, SHADE, 60, opacity=0.26, blur=24, clip=clip)
    width, height = right - left, bottom - top
    canvas.ellipse(
        left + width * 0.36, top + height * 0.30, width * 0.36, height * 0.30, "#ffffff", opacity=0.20, blur=40
    )
    weave(canvas, path, box, colour, count=threads)
    return clip


def _crease(canvas: Canvas, path: str, colour: str, clip: str, *, width: float = 12, strength: float = 0.3) -> None:
    """A fold: the dark valley and the bright ridge beside it."""
    canvas.line(path, darker(colour, 0.55), width, opacity=strength, blur=width * 0.5, clip=clip)
    canvas.open("translate(-9 -6)")
    canvas.line(path, lighter(colour, 0.7), width * 0.6, opacity=strength * 0.7, blur=width * 0.4, clip=clip)
    canvas.close()


def cushion(canvas: Canvas, colour: str, *, stripe: str | None = None, piping: str | None = None) -> None:
    """A square cushion set down on its lower edge, corners pulled out."""
    floor = FLOOR - 6
    canvas.ellipse(640, floor - 8, 430, 54, canvas.radial([(0, SHADE, 0.58), (0.7, SHADE, 0.24), (1, SHADE, 0)]))
    path = f"M214 520 C330 566 420 548 600 548 C790 548 880 560 986 522 C950 640 962 740 962 860 C962 990 948 1110 982 {floor} C860 {floor - 26} 760 {floor - 12} 600 {floor - 10} C430 {floor - 8} 330 {floor - 30} 218 {floor} C250 1110 238 990 238 860 C238 740 250 640 214 520 Z"
    clip = canvas.clip(path)
    _cloth_fill(canvas, path, (210, 520, 990, floor), colour, threads=2600)
    if stripe:
        for index in range(7):
            x = 296 + index * 100
            bow = (x - 600) * 0.06
            band = f"M{x - bow} 520 C{x + bow} 700 {x + bow} 1000 {x - bow} {floor + 10}"
            canvas.line(band, stripe, 26, opacity=0.85, clip=clip)
            canvas.open(clip=clip)
            canvas.line(
                f"M{x + 22 - bow} 520 C{x + 22 + bow} 700 {x + 22 + bow} 1000 {x + 22 - bow} {floor + 10}",
                stripe,
                4,
                opacity=0.7,
            )
            canvas.close()
        canvas.line(path, SHADE, 70, opacity=0.22, blur=26, clip=clip)
    for crease in (
        "M232 536 C300 620 340 650 392 668",
        "M968 536 C900 620 870 650 820 662",
        f"M236 {floor - 14} C310 {floor - 90} 350 {floor - 116} 410 {floor - 126}",
        f"M966 {floor - 14} C890 {floor - 96} 850 {floor - 118} 800 {floor - 124}",
        "M470 566 C480 600 474 640 486 668",
        "M744 566 C736 604 744 632 730 660",
    ):
        _crease(canvas, crease, colour, clip, width=16, strength=0.26)
    _linen(canvas, clip, (210, 520, 990, floor), colour)
    canvas.line(path, piping or darker(colour, 0.30), 9, opacity=0.9)
    canvas.open("translate(-1.5 -2)")
    canvas.line(path, lighter(piping or colour, 0.4), 3, opacity=0.5)
    canvas.close()


def _linen(canvas: Canvas, clip: str, box: Box, colour: str) -> None:
    """Uneven threads across the whole cloth, thicker here and there."""
    left, top, right, bottom = box
    draw = canvas.random
    for tone, opacity in ((darker(colour, 0.5), 0.13), (lighter(colour, 0.6), 0.15)):
        across = "".join(
            f"M{left:.0f} {y:.0f}q{(right - left) / 2:.0f} {draw.uniform(-9, 9):.0f} {right - left:.0f} 0"
            for y in range(int(top), int(bottom), 9)
        )
        upright = "".join(
            f"M{x + draw.uniform(-3, 3):.0f} {top:.0f}V{bottom:.0f}" for x in range(int(left), int(right), 11)
        )
        canvas.line(across + upright, tone, draw.uniform(1.6, 2.6), opacity=opacity, clip=clip)
        left, top = left + 4, top + 4


def throw(canvas: Canvas, colour: str, *, second: str | None = None) -> None:
    """Blankets, folded and piled, the fringe of the top one hanging."""
    left, right, y = 250, 950, FLOOR + 6
    canvas.ellipse(640, y, 470, 56, canvas.radial([(0, SHADE, 0.58), (0.72, SHADE, 0.24), (1, SHADE, 0)]))
    tones = (colour, second or darker(colour, 0.16), colour)
    for index, tone in enumerate(tones):
        high = 118
        y -= high
        dx = (0, -14, 8)[index]
        _fold(canvas, left + dx, y, right - left, high, tone, top=index == len(tones) - 1)
        if index:
            canvas.rect(left + dx + 20, y + high - 4, right - left - 40, 12, SHADE, 6, opacity=0.4, blur=5)


def _fold(canvas: Canvas, x: float, y: float, width: float, high: float, tone: str, *, top: bool) -> None:
    half = high / 2
    path = f"M{x + half} {y} H{x + width - 16} Q{x + width + 6} {y + half} {x + width - 16} {y + high} H{x + half} A{half} {half} 0 0 1 {x + half} {y} Z"
    canvas.path(
        path,
        canvas.down(
            [(0, lighter(tone, 0.34)), (0.3, lighter(tone, 0.06)), (0.7, darker(tone, 0.12)), (1, darker(tone, 0.42))]
        ),
    )
    clip = canvas.clip(path)
    for line in range(1, 3):
        ly = y + line * high / 3 + 2
        canvas.line(f"M{x + 34} {ly} H{x + width}", darker(tone, 0.5), 7, opacity=0.5, blur=2, clip=clip)
        canvas.line(f"M{x + 34} {ly + 8} H{x + width}", lighter(tone, 0.4), 4, opacity=0.5, blur=2, clip=clip)
    canvas.path(
        path, canvas.linear([(0, "#ffffff", 0.16), (0.2, "#ffffff", 0.04), (0.7, SHADE, 0.02), (1, SHADE, 0.26)])
    )
    weave(canvas, path, (x, y, x + width, y + high), tone, count=1300)
    if not top:
        return
    draw = canvas.random
    flap = f"M{x + width - 330} {y - 4} H{x + width - 40} L{x + width - 30} {y + 196} H{x + width - 318} Z"
    canvas.open("translate(8 12)")
    canvas.path(flap, SHADE, opacity=0.36, blur=10)
    canvas.close()
    canvas.path(
        flap,
        canvas.linear([(0, lighter(tone, 0.26)), (0.5, lighter(tone, 0.04)), (1, darker(tone, 0.2))], (0, 0, 0.6, 1)),
    )
    for line in (46, 60, 130, 144):
        canvas.line(
            f"M{x + width - 326 + line * 0.05} {y + line} H{x + width - 38}",
            lighter(tone, 0.66),
            6,
            opacity=0.75,
            stroke_linecap="butt",
        )
    weave(canvas, flap, (x + width - 330, y, x + width - 30, y + 196), tone, count=700)
    for index in range(24):
        fx = x + width - 314 + index * 12
        canvas.line(
            f"M{fx:.0f} {y + 194} q{draw.uniform(-5, 5):.1f} 26 {draw.uniform(-4, 4):.1f} 54",
            lighter(tone, draw.uniform(0.05, 0.3)),
            5.5,
        )


def towel(canvas: Canvas, colour: str, *, stripes: str = "#f6efe2") -> None:
    """A waffle towel on a peg rail bar."""
    canvas.open("translate(18 26)")
    canvas.line("M240 420 H960", SHADE, 26, opacity=0.24, blur=9)
    canvas.close()
    path = "M372 410 C420 400 760 400 828 410 L842 1180 C760 1200 690 1174 600 1190 C510 1204 440 1180 356 1192 Z"
    wall_shadow(canvas, path, dx=30, dy=36)
    clip = canvas.clip(path)
    canvas.path(
        path,
        canvas.linear(
            [
                (0, darker(colour, 0.06)),
                (0.16, lighter(colour, 0.26)),
                (0.34, colour),
                (0.46, darker(colour, 0.14)),
                (0.6, lighter(colour, 0.16)),
                (0.78, colour),
                (1, darker(colour, 0.30)),
            ]
        ),
    )
    canvas.open(clip=clip)
    rows = "".join(f"M340 {y} q130 {8 * sin(y):.0f} 260 4 t260 -4" for y in range(412, 1200, 22))
    columns = "".join(f"M{x} 400 L{x - (600 - x) * 0.03:.0f} 1210" for x in range(350, 860, 22))
    canvas.line(rows + columns, darker(colour, 0.45), 3.4, opacity=0.24)
    canvas.open("translate(-3 -4)")
    canvas.line(rows + columns, lighter(colour, 0.6), 2.6, opacity=0.35)
    canvas.close()
    for y in (1030, 1066, 1102):
        canvas.line(f"M330 {y} q135 14 270 2 t270 0", stripes, 15, opacity=0.9)
    canvas.close()
    for x in (480, 690):
        _crease(canvas, f"M{x} 424 C{x + 14} 640 {x - 12} 900 {x + 8} 1190", colour, clip, width=26, strength=0.22)
    canvas.path(
        "M372 410 C420 398 760 398 828 410 L830 470 C760 456 430 456 370 470 Z",
        canvas.down([(0, lighter(colour, 0.5), 0.85), (1, colour, 0)]),
    )
    canvas.line("M240 408 H960", "#7d5a34", 26)
    canvas.line("M240 403 H960", "#e2c08c", 10)
    canvas.path(
        "M372 396 Q600 382 828 396 L828 430 Q600 418 372 430 Z",
        canvas.down([(0, lighter(colour, 0.44)), (0.5, lighter(colour, 0.1)), (1, darker(colour, 0.16))]),
    )
    for x in (250, 950):
        canvas.ellipse(
            x, 406, 26, 26, canvas.radial([(0, "#f4dcae"), (0.5, "#c79f5c"), (1, "#7c5c2c")], (0.35, 0.3), 0.75)
        )


def tea_towels(canvas: Canvas, colour: str, *, ground: str = "#f1e8d8") -> None:
    """Two linen cloths, folded square and laid one over the other."""
    floor = FLOOR - 10
    canvas.ellipse(640, floor, 430, 50, canvas.radial([(0, SHADE, 0.5), (0.7, SHADE, 0.2), (1, SHADE, 0)]))
    for index, (tone, line) in enumerate(((colour, ground), (ground, colour))):
        x, y = 300 + index * 12, floor - 60 - index * 62
        for layer in range(3):
            ly = y + 40 - layer * 19
            path = f"M{x + 14} {ly - 20} H{x + 590} Q{x + 606} {ly - 8} {x + 590} {ly + 4} H{x + 14} Q{x - 6} {ly - 8} {x + 14} {ly - 20} Z"
            canvas.path(path, canvas.down([(0, lighter(tone, 0.25)), (0.5, tone), (1, darker(tone, 0.4))]))
        top = f"M{x + 88} {y - 240} H{x + 530} L{x + 596} {y - 16} H{x + 8} Z"
        canvas.path(
            top,
            canvas.linear(
                [(0, lighter(tone, 0.36)), (0.5, lighter(tone, 0.1)), (1, darker(tone, 0.12))], (0, 0, 1, 0.8)
            ),
        )
        weave(canvas, top, (x, y - 240, x + 600, y), tone, count=1200)
        clip = canvas.clip(top)
        canvas.open(clip=clip)
        for share in (0.12, 0.17, 0.83, 0.88):
            upper, lower = x + 88 + 442 * share, x + 8 + 588 * share
            canvas.line(f"M{upper} {y - 240} L{lower} {y}", line, 11, opacity=0.85)
        for ly, width in ((y - 60, 11), (y - 86, 8)):
            canvas.line(f"M{x} {ly} H{x + 600}", line, width, opacity=0.85)
        canvas.close()
        if not index:
            canvas.path(f"M{x + 30} {y - 40} H{x + 600} V{y + 2} H{x} Z", SHADE, opacity=0.35, blur=8, clip=clip)


def apron(canvas: Canvas, colour: str, *, strap: str = LEATHER) -> None:
    """A bib apron hung from a peg."""
    path = "M470 470 Q600 500 730 470 C738 600 780 690 872 740 L900 1240 Q600 1280 300 1240 L328 740 C420 690 462 600 470 470 Z"
    canvas.line("M480 480 C500 320 560 250 600 246 C640 250 700 320 720 480", darker(strap, 0.2), 20)
    wall_shadow(canvas, path, dx=30, dy=36)
    clip = _cloth_fill(canvas, path, (300, 470, 900, 1260), colour, threads=3000)
    canvas.line(
        "M328 740 C420 690 462 600 470 470",
        lighter(colour, 0.45),
        4,
        opacity=0.5,
        stroke_dasharray="13 9",
        transform="translate(14 2)",
    )
    canvas.line(
        "M480 480 C500 320 560 250 600 246 C640 250 700 320 720 480",
        canvas.linear([(0, lighter(strap, 0.2)), (1, darker(strap, 0.2))]),
        18,
    )
    for x in (484, 716):
        canvas.ellipse(
            x, 494, 13, 13, canvas.radial([(0, "#f4dcae"), (0.5, "#c79f5c"), (1, "#7c5c2c")], (0.35, 0.3), 0.75)
        )
    pocket = rounded(430, 850, 340, 230, 22)
    canvas.open("translate(6 9)")
    canvas.path(pocket, SHADE, opacity=0.28, blur=9)
    canvas.close()
    canvas.path(pocket, canvas.linear([(0, lighter(colour, 0.16)), (1, darker(colour, 0.12))], (0, 0, 1, 1)))
    weave(canvas, pocket, (430, 850, 770, 1080), colour, count=500)
    canvas.path(
        rounded(440, 858, 320, 214, 16),
        "none",
        stroke=lighter(colour, 0.5),
        stroke_width=3.5,
        stroke_dasharray="13 9",
        opacity=0.55,
    )
    canvas.line("M600 856 V1072", lighter(colour, 0.5), 3.5, stroke_dasharray="13 9", opacity=0.55)
    canvas.path("M486 820 h52 v120 h-52 Z", lighter("#f1e8d8", 0.1), clip=canvas.clip("M0 0 H1200 V850 H0 Z"))
    for crease in (
        "M372 800 C380 960 350 1100 366 1240",
        "M838 800 C820 960 850 1100 836 1240",
        "M560 520 C556 620 580 740 560 846",
    ):
        _crease(canvas, crease, colour, clip, width=22, strength=0.24)
    canvas.ellipse(
        600, 246, 24, 24, canvas.radial([(0, "#e9cfa0"), (0.5, "#b98a58"), (1, "#6b4a28")], (0.35, 0.3), 0.75)
    )


def tote(canvas: Canvas, colour: str, *, leather: str = LEATHER) -> None:
    """A canvas bag that stands, with leather handles."""
    floor = FLOOR + 20
    canvas.ellipse(640, floor - 4, 420, 54, canvas.radial([(0, SHADE, 0.58), (0.7, SHADE, 0.24), (1, SHADE, 0)]))
    handle = "M440 690 C432 300 768 300 760 690"
    canvas.open("translate(14 -30)")
    canvas.line(handle, darker(leather, 0.5), 26)
    canvas.close()
    inside = "M296 634 Q600 596 904 634 Q600 690 296 634 Z"
    canvas.path(inside, darker(colour, 0.55))
    path = f"M296 634 Q600 690 904 634 L872 {floor - 50} Q866 {floor} 816 {floor} L384 {floor} Q334 {floor} 328 {floor - 50} Z"
    clip = _cloth_fill(canvas, path, (296, 634, 904, floor), colour, threads=3200)
    for crease in (
        "M480 720 C520 900 470 1060 500 1220",
        "M736 720 C700 880 750 1040 716 1210",
        "M350 1120 C420 1160 440 1200 450 1240",
        "M850 1110 C790 1160 770 1200 762 1240",
    ):
        _crease(canvas, crease, colour, clip, width=24, strength=0.22)
    canvas.line("M300 664 Q600 720 900 664", darker(colour, 0.5), 3, stroke_dasharray="13 9", opacity=0.6)
    canvas.line("M302 676 Q600 732 898 676", darker(colour, 0.5), 3, stroke_dasharray="13 9", opacity=0.4)
    canvas.line(handle, darker(leather, 0.45), 34)
    canvas.line(handle, canvas.linear([(0, lighter(leather, 0.25)), (0.5, leather), (1, darker(leather, 0.3))]), 27)
    canvas.open("translate(-5 -4)")
    canvas.line(handle, lighter(leather, 0.5), 5, opacity=0.5)
    canvas.close()
    for x in (440, 760):
        canvas.rect(x - 24, 676, 48, 92, canvas.linear([(0, lighter(leather, 0.25)), (1, darker(leather, 0.25))]), 8)
        canvas.ellipse(x, 700, 7, 7, "#e2c489")
        canvas.ellipse(x, 742, 7, 7, "#e2c489")
    canvas.rect(
        525, 900, 150, 96, canvas.linear([(0, lighter(leather, 0.22)), (1, darker(leather, 0.25))], (0, 0, 1, 1)), 10
    )
    canvas.rect(536, 911, 128, 74, "none", 6, stroke="#f3dcc0", stroke_width=2.5, stroke_dasharray="8 6", opacity=0.6)
    canvas.rect(566, 938, 68, 8, "#f3dcc0", 4, opacity=0.75)
    canvas.rect(580, 956, 40, 5, "#f3dcc0", 2, opacity=0.55)


def backpack(canvas: Canvas, colour: str, *, leather: str = LEATHER) -> None:
    """A roll-top rucksack with two straps."""
    floor = FLOOR + 26
    canvas.ellipse(640, floor - 4, 420, 56, canvas.radial([(0, SHADE, 0.60), (0.7, SHADE, 0.24), (1, SHADE, 0)]))
    for side in (-1, 1):
        x = 600 + side * 300
        canvas.line(
            f"M{600 + side * 240} 640 C{x + side * 60} 760 {x + side * 50} 1040 {600 + side * 270} 1190",
            darker(leather, 0.4),
            38,
        )
        canvas.line(
            f"M{600 + side * 240} 640 C{x + side * 60} 760 {x + side * 50} 1040 {600 + side * 270} 1190",
            darker(leather, 0.06),
            28,
        )
    canvas.line("M540 470 C540 370 660 370 660 470", darker(leather, 0.35), 30)
    canvas.line("M540 470 C540 370 660 370 660 470", leather, 20)
    path = f"M340 560 C340 480 400 456 600 456 C800 456 860 480 860 560 L888 {floor - 90} Q888 {floor} 800 {floor} L400 {floor} Q312 {floor} 312 {floor - 90} Z"
    clip = _cloth_fill(canvas, path, (312, 456, 888, floor), colour, threads=3600)
    flap = "M334 540 C334 466 404 444 600 444 C796 444 866 466 866 540 L872 790 Q866 850 800 852 L400 852 Q334 850 328 790 Z"
    canvas.open("translate(4 18)")
    canvas.path(flap, SHADE, opacity=0.42, blur=14)
    canvas.close()
    _cloth_fill(canvas, flap, (328, 444, 872, 852), lighter(colour, 0.05), threads=2400)
    canvas.path(
        "M344 780 Q350 832 402 834 L798 834 Q850 832 856 780",
        "none",
        stroke=lighter(colour, 0.5),
        stroke_width=3.5,
        stroke_dasharray="13 9",
        opacity=0.5,
    )
    pocket = rounded(390, 920, 420, 266, 34)
    canvas.open("translate(5 10)")
    canvas.path(pocket, SHADE, opacity=0.36, blur=10)
    canvas.close()
    _cloth_fill(canvas, pocket, (390, 920, 810, 1186), colour, threads=900)
    canvas.path(
        rounded(402, 932, 396, 242, 26),
        "none",
        stroke=lighter(colour, 0.5),
        stroke_width=3.5,
        stroke_dasharray="13 9",
        opacity=0.45,
    )
    for x in (480, 720):
        _buckle(canvas, x, 740, leather)
    for crease in ("M370 900 C360 1000 380 1100 368 1200", "M836 900 C846 1000 828 1100 838 1200"):
        _crease(canvas, crease, colour, clip, width=20, strength=0.26)
    canvas.rect(
        560, 1000, 80, 54, canvas.linear([(0, lighter(leather, 0.22)), (1, darker(leather, 0.25))], (0, 0, 1, 1)), 7
    )
    canvas.rect(578, 1022, 44, 7, "#f3dcc0", 3, opacity=0.75)


def _buckle(canvas: Canvas, x: float, y: float, leather: str) -> None:
    canvas.rect(x - 18, y + 4, 44, 216, SHADE, 8, opacity=0.35, blur=8)
    canvas.rect(
        x - 23,
        y - 40,
        46,
        250,
        canvas.linear([(0, lighter(leather, 0.28)), (0.5, leather), (1, darker(leather, 0.34))]),
        10,
    )
    canvas.rect(
        x - 14, y - 30, 28, 228, "none", 6, stroke="#f3dcc0", stroke_width=2, stroke_dasharray="7 6", opacity=0.45
    )
    canvas.rect(x - 34, y + 92, 68, 54, "none", 10, stroke="#8e6d3c", stroke_width=13)
    canvas.rect(x - 34, y + 90, 68, 54, "none", 10, stroke="#dcb878", stroke_width=8)
    canvas.line(f"M{x} {y + 96} V{y + 140}", "#e9cfa0", 7)


def pouch(canvas: Canvas, colour: str, *, leather: str = LEATHER) -> None:
    """A flat zip pouch with a wrist strap."""
    floor = FLOOR - 10
    canvas.ellipse(640, floor - 4, 430, 46, canvas.radial([(0, SHADE, 0.56), (0.7, SHADE, 0.22), (1, SHADE, 0)]))
    path = f"M262 800 Q266 760 306 760 L894 760 Q934 760 938 800 L952 {floor - 60} Q952 {floor} 890 {floor} L310 {floor} Q248 {floor} 248 {floor - 60} Z"
    clip = _cloth_fill(canvas, path, (248, 760, 952, floor), colour, threads=2400)
    for crease in (f"M330 900 C380 1000 340 1100 380 {floor}", f"M850 900 C820 1010 860 1090 820 {floor}"):
        _crease(canvas, crease, colour, clip, width=24, strength=0.22)
    canvas.rect(262, 786, 676, 40, darker(colour, 0.5), 8)
    teeth = "".join(f"M{x} 797v18" for x in range(280, 924, 9))
    canvas.line(teeth, "#d9b877", 4.5, stroke_linecap="butt")
    canvas.line(
        "M300 806 C210 830 170 960 220 1050 C250 1100 290 1060 270 1000 C250 930 280 850 312 812",
        darker(leather, 0.4),
        22,
    )
    canvas.line("M300 806 C210 830 170 960 220 1050 C250 1100 290 1060 270 1000 C250 930 280 850 312 812", leather, 15)
    canvas.rect(846, 792, 30, 28, "#e2c489", 6)
    canvas.rect(854, 812, 16, 76, canvas.linear([(0, lighter(leather, 0.3)), (1, darker(leather, 0.2))]), 7)
    canvas.rect(
        720, 1040, 150, 96, canvas.linear([(0, lighter(leather, 0.22)), (1, darker(leather, 0.25))], (0, 0, 1, 1)), 10
    )
    canvas.rect(760, 1078, 70, 8, "#f3dcc0", 4, opacity=0.75)
    canvas.rect(774, 1096, 42, 5, "#f3dcc0", 2, opacity=0.55)
