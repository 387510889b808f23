"""Cups, bowls, plates, jugs and vases."""

from .canvas import Canvas
from .colour import darker, lighter, lit, mix
from .light import FLOOR, shadow, tilt
from .turned import GLAZED, SATIN, Finish, Profile, opening, outline, speckle, streak, turned

CLAY = "#c9a37c"


def _loop(canvas: Canvas, path: str, colour: str, width: float) -> None:
    """A handle: one stroke of the body, a dark lower edge and a lit upper one."""
    canvas.line(path, darker(colour, 0.42), width)
    canvas.open("translate(-3 -4)")
    canvas.line(
        path,
        canvas.linear(
            [(0, lighter(colour, 0.12)), (0.6, darker(colour, 0.1)), (1, darker(colour, 0.34))], (0, 0, 1, 0.7)
        ),
        width * 0.84,
    )
    canvas.close()
    canvas.open("translate(-5 -9)")
    canvas.line(path, lighter(colour, 0.55), width * 0.16, opacity=0.5, blur=3)
    canvas.close()


def mug(canvas: Canvas, colour: str, *, clay: str = CLAY, dip: float = 0.7, finish: Finish = GLAZED) -> None:
    cx, top, floor = 560, 690, FLOOR - 30
    profile: Profile = [
        (top, 232),
        (top + 200, 234),
        (floor - 130, 226),
        (floor - 44, 214),
        (floor - 8, 186),
        (floor, 168),
    ]
    line = top + (floor - top) * dip
    shadow(canvas, cx, floor, 205)
    _loop(
        canvas,
        f"M{cx + 205} {top + 92} C{cx + 400} {top + 60} {cx + 410} {top + 372} {cx + 196} {top + 372}",
        colour,
        54,
    )
    turned(canvas, cx, profile, lambda y: clay if y > line else colour, finish)
    speckle(canvas, outline(cx, profile), (cx - 230, line + 30, cx + 230, floor + 40), darker(clay, 0.6), 90)
    streak(canvas, cx, profile, top + 40, line - 50, at=-0.62, width=0.10, opacity=0.55)
    streak(canvas, cx, profile, top + 60, line - 90, at=-0.46, width=0.03, opacity=0.35, blur=2)
    opening(canvas, cx, top, 232, colour, lip=13, inside=mix(colour, "#f3ead9", 0.25))


def cup(canvas: Canvas, colour: str) -> None:
    """A small handleless cup with ribs, on its saucer."""
    cx, top, floor = 600, 850, FLOOR - 52
    shadow(canvas, cx, FLOOR - 30, 300)
    turned(
        canvas,
        cx,
        [(FLOOR - 62, 318), (FLOOR - 54, 322), (FLOOR - 40, 250), (FLOOR - 26, 170)],
        darker(colour, 0.04),
        SATIN,
    )
    opening(canvas, cx, FLOOR - 62, 316, colour, lip=20, depth=0.12)
    canvas.ellipse(cx + 22, FLOOR - 50, 200, 38, "#1b130e", opacity=0.34, blur=12)
    profile: Profile = [(top, 190), (top + 120, 186), (floor - 70, 164), (floor - 18, 132), (floor, 118)]
    turned(canvas, cx, profile, colour, Finish(gloss=0.3, sharpness=30, flutes=18))
    opening(canvas, cx, top, 190, colour, lip=10, inside="#4a2b1a", depth=0.45)
    canvas.ellipse(cx, top + 8, 168, 22, canvas.linear([(0, "#3b2113"), (0.7, "#5b3620"), (1, "#7a4c2c")]))
    canvas.line(f"M{cx - 120} {top + 2} Q{cx - 20} {top + 16} {cx + 60} {top + 6}", "#c79a6a", 6, opacity=0.55, blur=3)


def beaker(canvas: Canvas, colour: str, *, clay: str = "#e8dcc8") -> None:
    """A tall cup without a handle, glaze brushed in two bands."""
    cx, top, floor = 600, 640, FLOOR - 20
    profile: Profile = [(top, 196), (top + 180, 188), (floor - 200, 172), (floor - 30, 156), (floor, 140)]

    def bands(y: float) -> str:
        if y > floor - 120:
            return clay
        return lighter(colour, 0.25) if top + 150 < y < top + 166 else colour

    shadow(canvas, cx, floor, 160)
    turned(canvas, cx, profile, bands, SATIN)
    speckle(canvas, outline(cx, profile), (cx - 200, top, cx + 200, floor + 30), darker(colour, 0.6), 150)
    streak(canvas, cx, profile, top + 40, floor - 170, at=-0.6, width=0.09, opacity=0.35)
    opening(canvas, cx, top, 196, colour, lip=11, inside=mix(colour, "#f3ead9", 0.5))


def _bowl_profile(top: float, floor: float, wide: float, foot: float) -> Profile:
    height = floor - top
    return [
        (top, wide),
        (top + height * 0.28, wide * 0.95),
        (top + height * 0.58, wide * 0.77),
        (top + height * 0.82, wide * 0.50),
        (top + height * 0.91, foot),
        (top + height * 0.91, foot),
        (floor, foot * 0.97),
    ]


def bowl(
    canvas: Canvas, colour: str, *, clay: str = CLAY, wide: float = 330, high: float = 300, inside: str | None = None
) -> None:
    cx, floor = 600, FLOOR - 10
    top = floor - high
    profile = _bowl_profile(top, floor, wide, wide * 0.36)
    shadow(canvas, cx, floor, wide * 0.52, depth=wide * 0.16)
    canvas.ellipse(cx + 60, floor, wide * 1.05, wide * 0.20, "#1b130e", opacity=0.20, blur=24)
    turned(canvas, cx, profile, lambda y: clay if y > top + high * 0.80 else colour, GLAZED)
    streak(canvas, cx, profile, top + 26, top + high * 0.55, at=-0.62, width=0.12, opacity=0.42)
    _hollow(canvas, cx, top, wide, inside or colour, lip=14)


def _hollow(canvas: Canvas, cx: float, y: float, radius: float, colour: str, *, lip: float) -> None:
    """The inside of an open bowl: rings that sink towards the middle, each lit as it leans."""
    ry = radius * tilt(y)
    canvas.ellipse(
        cx,
        y,
        radius,
        ry,
        canvas.linear([(0, lighter(colour, 0.36)), (0.5, lighter(colour, 0.2)), (1, darker(colour, 0.06))]),
    )
    inner = radius - lip
    for index in range(26):
        share = index / 25
        ring = inner * (1 - share * 0.62)
        lean = 0.15 + 0.8 * share
        side = (1 - lean * lean) ** 0.5
        fill = canvas.linear(
            [
                (0, lit(colour, (side, lean, 0.1))),
                (0.5, lit(colour, (0, lean, side * 0.2))),
                (1, lit(colour, (-side, lean, 0.2), gloss=0.2)),
            ]
        )
        canvas.ellipse(cx, y + lip * 0.2 + share * ry * 0.30, ring, ring * tilt(y) * (0.93 + 0.02 * share), fill)
    canvas.ellipse(
        cx,
        y + lip * 0.2,
        inner,
        inner * tilt(y) * 0.93,
        canvas.linear([(0, "#1b130e", 0.36), (0.4, "#1b130e", 0.10), (1, "#1b130e", 0)], (0, 0.2, 0.9, 0.7)),
    )


def stacked_bowls(canvas: Canvas, colour: str, *, others: tuple[str, str]) -> None:
    """Three bowls, one in the other."""
    cx, floor, wide, high = 600, FLOOR - 10, 320, 250
    shadow(canvas, cx, floor, wide * 0.56, depth=wide * 0.16)
    canvas.ellipse(cx + 60, floor, wide * 1.05, wide * 0.20, "#1b130e", opacity=0.20, blur=24)
    for index, tone in enumerate((others[0], others[1], colour)):
        base = floor - index * 112
        profile = _bowl_profile(base - high, base, wide, wide * 0.36)
        turned(canvas, cx, profile, tone, GLAZED)
        streak(canvas, cx, profile, base - high + 22, base - high + 90, at=-0.62, width=0.12, opacity=0.4)
        _hollow(canvas, cx, base - high, wide, tone, lip=14)


def plate(canvas: Canvas, colour: str, *, clay: str = CLAY, count: int = 4) -> None:
    """A small pile of plates."""
    cx, floor, wide = 600, FLOOR - 40, 370
    shadow(canvas, cx, floor, wide * 0.72, depth=wide * 0.2)
    canvas.ellipse(cx + 60, floor + 6, wide * 1.04, wide * 0.24, "#1b130e", opacity=0.24, blur=22)
    for index in range(count):
        y = floor - index * 40
        profile: Profile = [
            (y - 46, wide),
            (y - 40, wide + 2),
            (y - 34, wide - 4),
            (y - 12, wide * 0.72),
            (y, wide * 0.56),
        ]
        turned(canvas, cx, profile, lambda y, edge=y - 37: clay if y < edge else colour, SATIN)
    y = floor - (count - 1) * 40 - 46
    ry = wide * tilt(y)
    canvas.ellipse(
        cx,
        y,
        wide,
        ry,
        canvas.linear(
            [(0, lighter(colour, 0.4)), (0.5, lighter(colour, 0.18)), (1, darker(colour, 0.08))], (0, 0, 1, 0.5)
        ),
    )
    canvas.ellipse(cx, y, wide - 2, ry - 1, "none", stroke=clay, stroke_width=7, opacity=0.75)
    canvas.ellipse(
        cx,
        y + 6,
        wide * 0.72,
        ry * 0.70,
        canvas.linear(
            [(0, darker(colour, 0.24)), (0.4, darker(colour, 0.05)), (1, lighter(colour, 0.26))], (0, 0, 1, 0.6)
        ),
    )
    canvas.ellipse(
        cx,
        y + 11,
        wide * 0.67,
        ry * 0.64,
        canvas.linear(
            [(0, lighter(colour, 0.1)), (0.6, lighter(colour, 0.2)), (1, lighter(colour, 0.06))], (0, 0, 1, 0.6)
        ),
    )
    canvas.ellipse(cx - 110, y - 4, 90, 9, "#fffdf8", opacity=0.4, blur=8)


def jug(canvas: Canvas, colour: str, *, clay: str = CLAY) -> None:
    cx, top, floor = 590, 590, FLOOR - 20
    profile: Profile = [
        (top, 128),
        (top + 60, 116),
        (top + 150, 132),
        (top + 330, 204),
        (top + 470, 216),
        (floor - 60, 178),
        (floor - 8, 142),
        (floor, 132),
    ]
    shadow(canvas, cx, floor, 180)
    _loop(
        canvas,
        f"M{cx + 110} {top + 44} C{cx + 330} {top - 10} {cx + 360} {top + 300} {cx + 186} {top + 350}",
        colour,
        40,
    )
    turned(canvas, cx, profile, lambda y: clay if y > floor - 110 else colour, GLAZED)
    spout = f"M{cx - 119} {top + 96} C{cx - 128} {top + 60} {cx - 150} {top + 20} {cx - 184} {top - 12} C{cx - 150} {top - 22} {cx - 110} {top - 16} {cx - 96} {top - 6} L{cx - 60} {top + 30} Z"
    canvas.path(
        spout,
        canvas.linear(
            [(0, lighter(colour, 0.22)), (0.7, lighter(colour, 0.03)), (1, lighter(colour, 0.06))], (0, 0, 1, 0.6)
        ),
    )
    streak(canvas, cx, profile, top + 170, floor - 160, at=-0.58, width=0.10, opacity=0.5)
    opening(canvas, cx, top, 128, colour, lip=10, inside=mix(colour, "#f3ead9", 0.3))
    canvas.path(
        f"M{cx - 184} {top - 12} C{cx - 150} {top - 22} {cx - 110} {top - 16} {cx - 92} {top - 8} L{cx - 104} {top + 8} C{cx - 130} {top + 6} {cx - 160} {top} {cx - 184} {top - 12} Z",
        darker(colour, 0.28),
    )
