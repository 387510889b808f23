"""Bags of canvas and leather."""

from .canvas import Canvas, rounded
from .cloth import cloth_fill, crease
from .colour import SHADE, darker, lighter
from .light import FLOOR
from .textiles import LEATHER


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
    clip = cloth_fill(canvas, path, (296, 634, 904, floor), colour, threads=3200)
    for fold in (
        "M480 720 C520 900 470 1060 500 1220",
        "M736 720 C700 880 750 1040 716 1210",
        "M350 1120 C420 1160 440 1200 450 1240",
        "M850 1110 C790 1160 770 1200 762 1240",
    ):
        crease(canvas, fold, colour, clip, width=24, strength=0.22)
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
    clip = cloth_fill(canvas, path, (312, 456, 888, floor), colour, threads=3600)
    flap = "M334 540 C334 466 404 444 600 444 C796 444 866 466 866 540 L872 790 Q866 850 800 852 L400 852 Q334 850 328 790 Z"
    canvas.open("translate(4 18)")
    canvas.path(flap, SHADE, opacity=0.42, blur=14)
    canvas.close()
    cloth_fill(canvas, flap, (328, 444, 872, 852), lighter(colour, 0.05), threads=2400)
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
    cloth_fill(canvas, pocket, (390, 920, 810, 1186), colour, threads=900)
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
    for fold in ("M370 900 C360 1000 380 1100 368 1200", "M836 900 C846 1000 828 1100 838 1200"):
        crease(canvas, fold, colour, clip, width=20, strength=0.26)
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
    clip = cloth_fill(canvas, path, (248, 760, 952, floor), colour, threads=2400)
    for fold in (f"M330 900 C380 1000 340 1100 380 {floor}", f"M850 900 C820 1010 860 1090 820 {floor}"):
        crease(canvas, fold, colour, clip, width=24, strength=0.22)
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
