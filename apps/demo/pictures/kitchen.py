"""Kettles, pans, boards, mills and jars."""

from .canvas import Canvas
from .colour import SHADE, darker, lighter, mix
from .light import FLOOR, shadow, tilt
from .turned import GLAZED, POLISHED, SATIN, Finish, Profile, opening, streak, turned
from .wood import OAK, grain

STEEL = "#b9bcbd"
IRON = "#3a3836"


def kettle(canvas: Canvas, colour: str, *, wood: str = OAK) -> None:
    """An enamel stove kettle with a wooden grip."""
    cx, floor, top = 600, FLOOR - 10, 770
    shadow(canvas, cx, floor, 260)
    arch = f"M{cx - 196} {top + 66} C{cx - 230} {top - 300} {cx + 230} {top - 300} {cx + 196} {top + 66}"
    canvas.line(arch, "#5c5c5a", 19)
    canvas.line(arch, canvas.linear([(0, "#f2f2ef"), (0.5, "#b3b4b2"), (1, "#70716f")]), 12)
    grip = f"M{cx - 130} {top - 176} C{cx - 70} {top - 226} {cx + 70} {top - 226} {cx + 130} {top - 176}"
    canvas.line(grip, darker(wood, 0.4), 44)
    canvas.line(grip, canvas.down([(0, lighter(wood, 0.4)), (1, darker(wood, 0.1))]), 34)
    spout = f"M{cx + 150} {floor - 170} C{cx + 280} {floor - 220} {cx + 300} {top + 110} {cx + 390} {top + 20} L{cx + 430} {top + 36} C{cx + 380} {top + 140} {cx + 350} {floor - 110} {cx + 190} {floor - 60} Z"
    canvas.path(
        spout,
        canvas.linear(
            [(0, lighter(colour, 0.1)), (0.5, lighter(colour, 0.2)), (1, darker(colour, 0.34))], (0, 0, 0.9, 0.8)
        ),
    )
    canvas.ellipse(cx + 410, top + 27, 23, 10, darker(colour, 0.55), transform=f"rotate(22 {cx + 410} {top + 27})")
    body: Profile = [
        (top, 124),
        (top + 22, 164),
        (top + 90, 226),
        (top + 220, 274),
        (floor - 90, 282),
        (floor - 26, 264),
        (floor, 240),
    ]
    turned(canvas, cx, body, colour, GLAZED)
    streak(canvas, cx, body, top + 70, floor - 70, at=-0.58, width=0.10, opacity=0.6, blur=5)
    streak(canvas, cx, body, top + 90, floor - 120, at=-0.42, width=0.03, opacity=0.4, blur=3)
    lid: Profile = [(top - 34, 14), (top - 26, 70), (top - 4, 126), (top + 6, 132)]
    canvas.ellipse(cx, top + 12, 140, 24, SHADE, opacity=0.4, blur=5)
    turned(canvas, cx, lid, colour, GLAZED)
    turned(canvas, cx, [(top - 92, 6), (top - 84, 28), (top - 60, 34), (top - 36, 18)], wood, SATIN)


def casserole(canvas: Canvas, colour: str, *, knob: str = "#c79f5c") -> None:
    """Enamelled iron with a lid and two ears."""
    cx, floor, top = 600, FLOOR - 10, 850
    shadow(canvas, cx, floor, 330)
    for side in (-1, 1):
        ear = f"M{cx + side * 318} {top + 84} C{cx + side * 430} {top + 66} {cx + side * 440} {top + 168} {cx + side * 312} {top + 160}"
        canvas.line(ear, darker(colour, 0.36), 40)
        canvas.line(ear, canvas.down([(0, lighter(colour, 0.14)), (1, darker(colour, 0.26))]), 34)
        canvas.line(ear, lighter(colour, 0.5), 6, opacity=0.4, blur=4, transform="translate(0 -10)")
    body: Profile = [(top, 344), (top + 30, 342), (floor - 80, 332), (floor - 22, 306), (floor, 282)]
    turned(canvas, cx, body, lambda y: colour if y > top + 44 else mix(colour, "#f1e6d2", 0.12), GLAZED)
    streak(canvas, cx, body, top + 60, floor - 70, at=-0.64, width=0.09, opacity=0.5, blur=5)
    canvas.ellipse(cx, top + 20, 344, 344 * tilt(top), SHADE, opacity=0.4, blur=5)
    lid: Profile = [
        (top - 118, 30),
        (top - 110, 110),
        (top - 76, 230),
        (top - 34, 318),
        (top - 10, 350),
        (top - 10, 350),
        (top + 8, 352),
    ]
    turned(canvas, cx, lid, colour, GLAZED)
    for share in (0.55, 0.75):
        y = top - 118 + share * 108
        radius = 30 + 320 * (share**0.62)
        canvas.line(
            f"M{cx - radius * 0.96} {y} A{radius} {radius * 0.17} 0 0 0 {cx + radius * 0.96} {y}",
            darker(colour, 0.4),
            3,
            opacity=0.22,
        )
    turned(
        canvas,
        cx,
        [(top - 206, 20), (top - 196, 58), (top - 176, 64), (top - 160, 46), (top - 136, 24), (top - 116, 30)],
        knob,
        POLISHED,
    )


def pan(canvas: Canvas, colour: str = IRON, *, wood: str = OAK) -> None:
    """A cast-iron pan with a wooden handle, seen from a little above."""
    cx, floor, top, wide = 500, FLOOR - 60, 1000, 330
    shadow(canvas, cx, floor, 290)
    canvas.path(
        f"M{cx + 300} {top - 6} L{cx + 380} {top - 62} L{cx + 400} {top - 30} L{cx + 320} {top + 34} Z",
        canvas.linear([(0, lighter(colour, 0.24)), (1, darker(colour, 0.4))], (0, 0, 0.6, 1)),
    )
    grip = f"M{cx + 372} {top - 64} L{cx + 620} {top - 232} Q{cx + 664} {top - 250} {cx + 668} {top - 214} Q{cx + 668} {top - 196} {cx + 640} {top - 176} L{cx + 400} {top - 20} Z"
    canvas.path(grip, canvas.linear([(0, lighter(wood, 0.42)), (0.5, wood), (1, darker(wood, 0.42))], (0.2, 0, 0.7, 1)))
    grain(canvas, grip, (cx + 360, top - 250, cx + 670, top - 20), wood, count=7)
    canvas.ellipse(cx + 634, top - 214, 13, 10, darker(wood, 0.65))
    body: Profile = [(top, wide), (top + 8, wide + 4), (floor - 40, wide * 0.88), (floor, wide * 0.80)]
    turned(canvas, cx, body, colour, Finish(gloss=0.2, sharpness=18))
    ry = wide * 0.34
    canvas.ellipse(
        cx,
        top,
        wide,
        ry,
        canvas.linear([(0, lighter(colour, 0.34)), (0.5, lighter(colour, 0.16)), (1, darker(colour, 0.2))]),
    )
    canvas.ellipse(
        cx,
        top + 5,
        wide - 16,
        ry - 8,
        canvas.linear(
            [(0, darker(colour, 0.6)), (0.6, darker(colour, 0.2)), (1, lighter(colour, 0.12))], (0, 0, 1, 0.6)
        ),
    )
    canvas.ellipse(
        cx,
        top + 28,
        wide - 62,
        ry - 32,
        canvas.radial(
            [(0, lighter(colour, 0.16)), (0.6, lighter(colour, 0.04)), (1, darker(colour, 0.25))], (0.4, 0.35), 0.7
        ),
    )
    canvas.ellipse(cx - 90, top + 8, 110, 22, "#ffffff", opacity=0.16, blur=14)


def board(canvas: Canvas, wood: str, *, small: str | None = None) -> None:
    """A cutting board leaning on the wall, a hole in its handle."""
    floor = FLOOR - 60
    canvas.ellipse(650, floor + 10, 380, 44, canvas.radial([(0, SHADE, 0.58), (0.7, SHADE, 0.22), (1, SHADE, 0)]))
    if small:
        _board(canvas, 690, floor - 30, small, 0.74, 5)
    _board(canvas, 570, floor, wood, 1.0, -2)


def _board(canvas: Canvas, cx: float, floor: float, wood: str, size: float, angle: float) -> None:
    w, h, neck, grip = 470 * size, 640 * size, 62 * size, 190 * size
    left, right, top = cx - w / 2, cx + w / 2, floor - h
    path = (
        f"M{left + 30} {floor} Q{left} {floor} {left} {floor - 30} L{left} {top + 70} Q{left} {top} {left + 80} {top} C{cx - neck - 40} {top} {cx - neck} {top - 20} {cx - neck} {top - 70} "
        f"L{cx - neck} {top - grip + 50} A{neck} {neck} 0 0 1 {cx + neck} {top - grip + 50} L{cx + neck} {top - 70} C{cx + neck} {top - 20} {cx + neck + 40} {top} {right - 80} {top} "
        f"Q{right} {top} {right} {top + 70} L{right} {floor - 30} Q{right} {floor} {right - 30} {floor} Z"
    )
    canvas.open(f"rotate({angle} {cx} {floor})")
    canvas.open("translate(34 6)")
    canvas.path(path, SHADE, opacity=0.28, blur=22)
    canvas.close()
    canvas.open("translate(11 3)")
    canvas.path(path, darker(wood, 0.45))
    canvas.close()
    canvas.path(path, canvas.linear([(0, lighter(wood, 0.30)), (0.5, wood), (1, darker(wood, 0.20))], (0, 0, 1, 0.7)))
    grain(canvas, path, (left, top - grip, right, floor), wood, upright=True, count=30)
    canvas.line(path, lighter(wood, 0.6), 4, opacity=0.5)
    canvas.ellipse(cx, top - grip + 54, 26 * size, 26 * size, darker(wood, 0.66))
    canvas.ellipse(cx + 4, top - grip + 58, 21 * size, 21 * size, "#d8cdbb")
    canvas.line(
        f"M{cx} {top - grip + 40} C{cx - 70} {top - grip - 60} {cx + 60} {top - grip - 70} {cx + 4} {top - grip + 40}",
        "#6b4a2c",
        9 * size,
    )
    canvas.close()


def mill(canvas: Canvas, wood: str, *, metal: str = "#c79f5c") -> None:
    """A pair of turned mills, pepper and salt."""
    for cx, foot, size, tone in (
        (486, FLOOR - 40, 1.0, wood),
        (738, FLOOR, 0.78, lighter(wood, 0.42) if wood != "#34302c" else "#e8dcc8"),
    ):
        top = foot - 640 * size
        at = [
            (0.0, 6),
            (0.012, 30),
            (0.05, 46),
            (0.09, 40),
            (0.12, 30),
            (0.15, 62),
            (0.21, 84),
            (0.29, 78),
            (0.33, 60),
            (0.34, 60),
        ]
        head: Profile = [(top + share * 640 * size, radius * size) for share, radius in at]
        low = [(0.355, 66), (0.42, 62), (0.56, 56), (0.70, 70), (0.86, 96), (0.95, 100), (1.0, 94)]
        body: Profile = [(top + share * 640 * size, radius * size) for share, radius in low]
        shadow(canvas, cx, foot, 98 * size)
        turned(canvas, cx, body, tone, Finish(gloss=0.34, sharpness=26))
        turned(
            canvas, cx, [(top + 0.335 * 640 * size, 60 * size), (top + 0.36 * 640 * size, 64 * size)], metal, POLISHED
        )
        turned(canvas, cx, head, tone, Finish(gloss=0.34, sharpness=26))
        turned(
            canvas,
            cx,
            [(top - 14 * size, 12 * size), (top - 8 * size, 19 * size), (top + 8 * size, 14 * size)],
            metal,
            POLISHED,
        )
        streak(canvas, cx, body, body[0][0] + 30, foot - 40, at=-0.55, width=0.12, opacity=0.35, blur=5)


def spoons(canvas: Canvas, colour: str, *, wood: str = OAK) -> None:
    """A crock with wooden spoons."""
    cx, top, floor = 600, 850, FLOOR
    shadow(canvas, cx, floor, 200)
    opening(canvas, cx, top, 196, colour, lip=12, depth=0.75)
    for dx, lean, high, tone, head in (
        (-120, -15, 420, wood, 62),
        (-36, -4, 500, "#7d5537", 56),
        (64, 7, 440, "#dcc19a", 64),
        (132, 17, 380, wood, 50),
    ):
        x = cx + dx * 0.5
        canvas.open(f"rotate({lean} {x} {top + 40})")
        fill = canvas.linear([(0, lighter(tone, 0.4)), (0.5, tone), (1, darker(tone, 0.36))])
        canvas.rect(x - 14, top + 40 - high, 28, high + 20, fill, 12)
        canvas.ellipse(x, top + 10 - high, head, head * 1.34, fill)
        canvas.ellipse(
            x - 2,
            top + 14 - high,
            head * 0.72,
            head,
            canvas.linear([(0, darker(tone, 0.4)), (0.7, darker(tone, 0.06)), (1, lighter(tone, 0.3))], (0, 0, 1, 0.8)),
        )
        canvas.close()
    body: Profile = [(top, 196), (top + 60, 200), (floor - 120, 196), (floor - 26, 186), (floor, 174)]
    ry = 196 * tilt(top)
    canvas.open(clip=canvas.clip(f"M0 1500 V{top} H{cx - 196} A196 {ry} 0 0 0 {cx + 196} {top} H1200 V1500 Z"))
    turned(canvas, cx, body, lambda y: "#d8c3a0" if y > floor - 110 else colour, GLAZED)
    streak(canvas, cx, body, top + 60, floor - 140, at=-0.62, width=0.10, opacity=0.5, blur=5)
    canvas.close()
    canvas.line(f"M{cx - 194} {top} A196 {ry} 0 0 0 {cx + 194} {top}", lighter(colour, 0.4), 9)
