"""Cushions, throws, towels, aprons and bags."""

from math import sin

from .canvas import Canvas, rounded
from .cloth import cloth_fill, crease, linen, weave
from .colour import SHADE, darker, lighter
from .light import FLOOR, wall_shadow

LEATHER = "#8a5534"


def cushion(canvas: Canvas, colour: str, *, stripe: str | None = None, piping: str | None = None) -> None:
    """A square cushion set down on its lower edge, corners pulled out."""
    floor = FLOOR - 6
    canvas.ellipse(640, floor - 8, 430, 54, canvas.radial([(0, SHADE, 0.58), (0.7, SHADE, 0.24), (1, SHADE, 0)]))
    path = f"M214 520 C330 566 420 548 600 548 C790 548 880 560 986 522 C950 640 962 740 962 860 C962 990 948 1110 982 {floor} C860 {floor - 26} 760 {floor - 12} 600 {floor - 10} C430 {floor - 8} 330 {floor - 30} 218 {floor} C250 1110 238 990 238 860 C238 740 250 640 214 520 Z"
    clip = canvas.clip(path)
    cloth_fill(canvas, path, (210, 520, 990, floor), colour, threads=2600)
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
    for fold in (
        "M232 536 C300 620 340 650 392 668",
        "M968 536 C900 620 870 650 820 662",
        f"M236 {floor - 14} C310 {floor - 90} 350 {floor - 116} 410 {floor - 126}",
        f"M966 {floor - 14} C890 {floor - 96} 850 {floor - 118} 800 {floor - 124}",
        "M470 566 C480 600 474 640 486 668",
        "M744 566 C736 604 744 632 730 660",
    ):
        crease(canvas, fold, colour, clip, width=16, strength=0.26)
    linen(canvas, clip, (210, 520, 990, floor), colour)
    canvas.line(path, piping or darker(colour, 0.30), 9, opacity=0.9)
    canvas.open("translate(-1.5 -2)")
    canvas.line(path, lighter(piping or colour, 0.4), 3, opacity=0.5)
    canvas.close()


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
        crease(canvas, f"M{x} 424 C{x + 14} 640 {x - 12} 900 {x + 8} 1190", colour, clip, width=26, strength=0.22)
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
    clip = cloth_fill(canvas, path, (300, 470, 900, 1260), colour, threads=3000)
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
    for fold in (
        "M372 800 C380 960 350 1100 366 1240",
        "M838 800 C820 960 850 1100 836 1240",
        "M560 520 C556 620 580 740 560 846",
    ):
        crease(canvas, fold, colour, clip, width=22, strength=0.24)
    canvas.ellipse(
        600, 246, 24, 24, canvas.radial([(0, "#e9cfa0"), (0.5, "#b98a58"), (1, "#6b4a28")], (0.35, 0.3), 0.75)
    )
