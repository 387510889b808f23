"""What hangs on the wall."""

from math import cos, pi, sin

from .canvas import Canvas, polygon, rounded
from .cloth import weave
from .colour import SHADE, darker, lighter, mix
from .furniture import BRASS
from .light import wall_shadow
from .turned import SATIN, turned
from .wood import grain, plank


def shelf(canvas: Canvas, wood: str, *, wide: float = 760) -> None:
    """A wall shelf on two brass brackets, with a few things on it."""
    left, y = 600 - wide / 2, 800
    wall_shadow(canvas, rounded(left, y, wide, 60, 6), dx=26, dy=50)
    for x in (left + wide * 0.16, left + wide * 0.84):
        canvas.line(
            f"M{x} {y + 40} V{y + 190} M{x} {y + 182} Q{x + 6} {y + 60} {x + 50} {y + 56}", darker(BRASS, 0.35), 17
        )
        canvas.line(f"M{x - 2} {y + 40} V{y + 188}", lighter(BRASS, 0.35), 8)
    _shelf_life(canvas, left, y - 34, wide)
    slab = polygon([(left + 20, y - 34), (left + wide - 20, y - 34), (left + wide, y), (left, y)])
    canvas.path(slab, canvas.linear([(0, lighter(wood, 0.40)), (1, darker(wood, 0.06))]))
    grain(canvas, slab, (left, y - 34, left + wide, y), wood, count=6)
    _shelf_life(canvas, left, y - 14, wide)
    plank(canvas, left, y, wide, 44, wood, radius=4, count=8)


def _shelf_life(canvas: Canvas, left: float, y: float, wide: float) -> None:
    x = left + wide * 0.12
    for tone, width, high in (
        ("#7a2e2a", 38, 190),
        ("#d8c6a4", 30, 170),
        ("#274156", 44, 204),
        ("#c08a3e", 34, 178),
        ("#3f5a48", 40, 194),
    ):
        canvas.rect(
            x,
            y - high,
            width,
            high,
            canvas.linear([(0, darker(tone, 0.1)), (0.25, lighter(tone, 0.22)), (1, darker(tone, 0.32))]),
            3,
        )
        canvas.rect(x + 7, y - high + 26, width - 14, 6, "#f3e3c4", opacity=0.6)
        canvas.rect(x + 7, y - 40, width - 14, 4, "#f3e3c4", opacity=0.5)
        x += width + 2
    cx = left + wide * 0.74
    canvas.ellipse(cx + 24, y + 2, 110, 14, SHADE, opacity=0.3, blur=8)
    turned(
        canvas, cx, [(y - 150, 40), (y - 140, 36), (y - 118, 46), (y - 70, 84), (y - 26, 74), (y, 48)], "#c77f5e", SATIN
    )
    canvas.ellipse(cx, y - 150, 36, 5, "#4a2a1c")


def mirror(canvas: Canvas, frame: str, *, form: str = "round") -> None:
    outer = _mirror_path(form, 0)
    wall_shadow(canvas, outer, dx=40, dy=52, strength=1.1)
    canvas.path(
        outer, canvas.linear([(0, lighter(frame, 0.45)), (0.45, frame), (1, darker(frame, 0.45))], (0, 0, 1, 1))
    )
    inner = _mirror_path(form, 26)
    canvas.path(
        inner, canvas.linear([(0, "#f3f4f1"), (0.4, "#cfd6d6"), (0.75, "#aab4b6"), (1, "#c6cccb")], (0, 0, 1, 1))
    )
    clip = canvas.clip(inner)
    canvas.path("M120 900 L700 120 L860 120 L200 1100 Z", "#ffffff", opacity=0.40, blur=12, clip=clip)
    canvas.path("M420 1200 L1000 380 L1050 440 L520 1240 Z", "#ffffff", opacity=0.26, blur=8, clip=clip)
    canvas.rect(
        100, 960, 1000, 400, canvas.down([(0, "#8c8578", 0), (0.2, "#8c8578", 0.34), (1, "#a99f8e", 0.42)]), clip=clip
    )
    canvas.path(inner, "none", stroke=SHADE, stroke_width=10, opacity=0.38, blur=4, clip=clip)
    canvas.path(_mirror_path(form, 3), "none", stroke=lighter(frame, 0.7), stroke_width=3, opacity=0.6)


def _mirror_path(form: str, inset: float) -> str:
    if form == "arch":
        left, right, top, bottom = 330 + inset, 870 - inset, 250 + inset, 1180 - inset
        half = (right - left) / 2
        return f"M{left} {bottom} V{top + half} A{half} {half} 0 0 1 {right} {top + half} V{bottom} Q{right} {bottom + 6} {right - 10} {bottom + 6} H{left + 10} Q{left} {bottom + 6} {left} {bottom} Z"
    r = 370 - inset
    return f"M{600 - r} 680 A{r} {r} 0 0 1 {600 + r} 680 A{r} {r} 0 0 1 {600 - r} 680 Z"


def clock(canvas: Canvas, colour: str, *, face: str = "#f6f0e4", metal: str = BRASS) -> None:
    cx, cy, radius = 600, 660, 330
    ring = (
        f"M{cx - radius} {cy} A{radius} {radius} 0 0 1 {cx + radius} {cy} A{radius} {radius} 0 0 1 {cx - radius} {cy} Z"
    )
    wall_shadow(canvas, ring, dx=40, dy=52)
    canvas.path(ring, canvas.linear([(0, lighter(colour, 0.4)), (0.5, colour), (1, darker(colour, 0.4))], (0, 0, 1, 1)))
    canvas.ellipse(cx, cy, radius - 34, radius - 34, darker(colour, 0.4))
    canvas.ellipse(
        cx,
        cy,
        radius - 38,
        radius - 38,
        canvas.radial([(0, lighter(face, 0.5)), (0.7, face), (1, darker(face, 0.12))], (0.36, 0.3), 0.85),
    )
    canvas.ellipse(
        cx,
        cy,
        radius - 38,
        radius - 38,
        canvas.linear([(0, SHADE, 0.30), (0.22, SHADE, 0.03), (1, SHADE, 0)], (0.1, 0.1, 0.8, 0.9)),
    )
    ink = darker(colour, 0.5) if face != colour else "#f6f0e4"
    for index in range(60):
        angle, quarter, five = index * pi / 30, index % 15 == 0, index % 5 == 0
        reach = 66 if quarter else 46 if five else 12
        outer = radius - 62
        start = (cx + sin(angle) * outer, cy - cos(angle) * outer)
        end = (cx + sin(angle) * (outer - reach), cy - cos(angle) * (outer - reach))
        canvas.line(
            f"M{start[0]:.1f} {start[1]:.1f} L{end[0]:.1f} {end[1]:.1f}",
            ink,
            11 if quarter else 7 if five else 3,
            opacity=1 if five else 0.5,
        )
    for angle, reach, width in ((304, 150, 16), (54, 226, 11)):
        turn = angle * pi / 180
        tip = (cx + sin(turn) * reach, cy - cos(turn) * reach)
        tail = (cx - sin(turn) * 40, cy + cos(turn) * 40)
        hand = f"M{tail[0]:.1f} {tail[1]:.1f} L{tip[0]:.1f} {tip[1]:.1f}"
        canvas.open("translate(9 12)")
        canvas.line(hand, SHADE, width, opacity=0.25, blur=5)
        canvas.close()
        canvas.line(hand, ink, width)
    canvas.ellipse(
        cx,
        cy,
        22,
        22,
        canvas.radial([(0, lighter(metal, 0.75)), (0.5, metal), (1, darker(metal, 0.45))], (0.35, 0.3), 0.75),
    )
    canvas.path(
        f"M{cx - 230} {cy - 120} A260 260 0 0 1 {cx - 20} {cy - 262} L{cx + 60} {cy - 240} A240 240 0 0 0 {cx - 190} {cy - 40} Z",
        "#ffffff",
        opacity=0.16,
        blur=10,
    )


def hooks(canvas: Canvas, wood: str, *, metal: str = BRASS) -> None:
    """A rail with five pegs, a cap and a scarf on two of them."""
    left, y, wide = 180, 560, 840
    wall_shadow(canvas, rounded(left, y, wide, 100, 10), dx=24, dy=34)
    plank(canvas, left, y, wide, 100, wood, radius=10, count=12)
    places = [left + wide * (0.1 + 0.2 * index) for index in range(5)]
    for x in places:
        canvas.ellipse(x + 16, y + 92, 24, 22, SHADE, opacity=0.32, blur=8)
        canvas.line(f"M{x} {y + 50} C{x} {y + 90} {x + 4} {y + 112} {x} {y + 126}", darker(metal, 0.4), 22)
        canvas.line(f"M{x - 3} {y + 50} C{x - 3} {y + 86} {x} {y + 108} {x - 3} {y + 122}", lighter(metal, 0.3), 9)
        canvas.ellipse(
            x,
            y + 50,
            27,
            27,
            canvas.radial([(0, lighter(metal, 0.75)), (0.5, metal), (1, darker(metal, 0.45))], (0.35, 0.3), 0.75),
        )
    _scarf(canvas, places[1], y + 96, "#b5643f")
    _scarf(canvas, places[3], y + 96, "#8a9a86", wide=84, long=430)


def _scarf(canvas: Canvas, x: float, y: float, colour: str, *, wide: float = 70, long: float = 520) -> None:
    path = f"M{x - 16} {y} C{x - wide} {y + 60} {x - wide} {y + 160} {x - wide} {y + long} L{x + wide * 0.9} {y + long - 40} C{x + wide} {y + 180} {x + wide * 0.7} {y + 50} {x + 14} {y} Z"
    canvas.open("translate(20 26)")
    canvas.path(path, SHADE, opacity=0.28, blur=14)
    canvas.close()
    canvas.path(
        path,
        canvas.linear(
            [
                (0, darker(colour, 0.2)),
                (0.2, lighter(colour, 0.24)),
                (0.42, darker(colour, 0.16)),
                (0.6, lighter(colour, 0.14)),
                (0.8, darker(colour, 0.12)),
                (1, darker(colour, 0.38)),
            ]
        ),
    )
    weave(canvas, path, (x - wide, y, x + wide, y + long), colour, count=360)
    for index in range(13):
        fx = x - wide + 4 + index * wide * 0.155
        fy = y + long - index * 3.1
        canvas.line(f"M{fx} {fy - 4} l{canvas.random.uniform(-5, 5):.1f} 44", mix(colour, "#fff4e0", 0.15), 5)
