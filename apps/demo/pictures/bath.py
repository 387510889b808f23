"""Candles, scents, soap and brushes."""

from .canvas import Canvas, rounded
from .colour import SHADE, darker, lighter, mix
from .glass import glass
from .light import FLOOR, glow, shadow, tilt
from .turned import GLAZED, MATT, POLISHED, SATIN, Finish, Profile, opening, outline, streak, turned
from .wood import OAK, grain

INK = "#2b211a"


def label(
    canvas: Canvas, cx: float, cy: float, width: float, height: float, paper: str = "#fbf6ec", ink: str = INK
) -> None:
    """A paper label with a mark and two printed lines; no letters, so it needs no language."""
    canvas.rect(
        cx - width / 2,
        cy - height / 2,
        width,
        height,
        canvas.linear([(0, lighter(paper, 0.3)), (0.6, paper), (1, darker(paper, 0.12))]),
        5,
    )
    canvas.rect(cx - width * 0.33, cy - height * 0.2, width * 0.66, height * 0.075, ink, 5)
    canvas.rect(cx - width * 0.21, cy - height * 0.04, width * 0.42, height * 0.042, ink, 3, opacity=0.6)
    canvas.ellipse(cx, cy + height * 0.24, height * 0.095, height * 0.095, "none", stroke=ink, stroke_width=3)
    canvas.line(f"M{cx} {cy + height * 0.16} V{cy + height * 0.32}", ink, 3)


def flame(canvas: Canvas, cx: float, y: float, size: float = 1.0) -> None:
    """A wick and its flame; y is where the wick leaves the wax."""
    canvas.line(f"M{cx} {y} V{y - 34 * size}", "#3a2a1c", 7 * size)
    tip, foot = y - 150 * size, y - 26 * size
    canvas.path(
        f"M{cx} {tip} C{cx + 40 * size} {tip + 62 * size} {cx + 34 * size} {foot} {cx} {foot} C{cx - 34 * size} {foot} {cx - 40 * size} {tip + 62 * size} {cx} {tip} Z",
        canvas.down([(0, "#fff8dc"), (0.5, "#ffd873"), (0.85, "#ff9f3d"), (1, "#7f7fb0")]),
    )
    canvas.path(
        f"M{cx} {tip + 50 * size} C{cx + 18 * size} {tip + 84 * size} {cx + 15 * size} {foot - 8} {cx} {foot - 8} C{cx - 15 * size} {foot - 8} {cx - 18 * size} {tip + 84 * size} {cx} {tip + 50 * size} Z",
        "#fffdf0",
        opacity=0.9,
    )


def candle(canvas: Canvas, colour: str, *, burning: bool = True) -> None:
    """Wax in a tinted tumbler, with a label."""
    cx, top, floor = 600, 730, FLOOR - 10
    if burning:
        glow(canvas, cx, 660, 440, 0.8)
    shadow(canvas, cx, floor, 196)
    tumbler: Profile = [(top, 212), (floor - 60, 204), (floor - 12, 192), (floor, 180)]
    wax: Profile = [(top + 96, 200), (floor - 60, 194), (floor - 26, 184)]
    canvas.ellipse(cx, top, 206, 206 * tilt(top), darker(colour, 0.2), opacity=0.25)
    turned(canvas, cx, wax, mix("#f4e4c6", colour, 0.12), MATT)
    canvas.ellipse(
        cx,
        top + 96,
        200,
        200 * tilt(top + 96),
        canvas.radial([(0, "#fffbe6"), (0.5, "#fbeccb"), (1, "#dcc498")], (0.5, 0.5), 0.6),
    )
    flame(canvas, cx, top + 98, 0.95)
    glass(canvas, cx, tumbler, colour, strength=0.60)
    label(canvas, cx, 1010, 230, 184)
    streak(canvas, cx, tumbler, top + 40, floor - 40, at=-0.78, width=0.07, opacity=0.75, blur=4)
    streak(canvas, cx, tumbler, top + 40, floor - 60, at=0.8, width=0.03, opacity=0.5, blur=3)


def tapers(canvas: Canvas, colour: str, *, metal: str = "#c79f5c") -> None:
    """Two dinner candles in turned holders of unlike height."""
    for cx, foot, high in ((470, FLOOR - 44, 250), (730, FLOOR + 10, 150)):
        top = foot - high
        glow(canvas, cx, top - 430, 250, 0.6)
        shadow(canvas, cx, foot, 120)
        turned(
            canvas,
            cx,
            [
                (top - 4, 46),
                (top + 4, 50),
                (top + 12, 34),
                (top + 44, 32),
                (top + 58, 15),
                (foot - 70, 14),
                (foot - 34, 30),
                (foot - 20, 84),
                (foot - 10, 118),
                (foot, 120),
            ],
            metal,
            POLISHED,
        )
        turned(canvas, cx, [(top - 360, 18), (top - 352, 24), (top - 10, 30), (top, 28)], colour, SATIN)
        canvas.ellipse(cx, top - 360, 18, 4, lighter(colour, 0.5))
        flame(canvas, cx, top - 358, 0.72)


def diffuser(canvas: Canvas, colour: str, *, clear: bool = True) -> None:
    """Rattan reeds in a round bottle."""
    cx, top, floor = 600, 760, FLOOR
    shadow(canvas, cx, floor, 190)
    for lean in (-190, -116, -48, 30, 104, 186):
        canvas.line(
            f"M{cx + lean * 0.06} {top + (250 if clear else 10)} L{cx + lean} {260 + abs(lean) * 0.34}",
            darker("#b08a58", 0.35),
            13,
        )
        canvas.line(
            f"M{cx + lean * 0.06 - 2} {top + (250 if clear else 10)} L{cx + lean - 2} {262 + abs(lean) * 0.34}",
            "#cfa974",
            7,
        )
    body: Profile = [
        (top, 52),
        (top + 8, 58),
        (top + 50, 56),
        (top + 92, 90),
        (top + 170, 184),
        (top + 300, 212),
        (floor - 50, 196),
        (floor - 10, 166),
        (floor, 154),
    ]
    if clear:
        oil: Profile = [(top + 210, 198), (top + 300, 206), (floor - 50, 190), (floor - 16, 162)]
        canvas.path(
            outline(cx, oil),
            canvas.linear(
                [(0, darker("#d9a860", 0.25), 0.8), (0.3, "#efcf93", 0.7), (1, darker("#c98f45", 0.2), 0.85)]
            ),
        )
        canvas.ellipse(cx, top + 210, 196, 196 * tilt(top + 210), "#f6dfae", opacity=0.75)
        glass(canvas, cx, body, colour, strength=0.42)
    else:
        turned(canvas, cx, body, colour, SATIN)
        opening(canvas, cx, top, 52, colour, lip=8)
    streak(canvas, cx, body, top + 150, floor - 60, at=-0.64, width=0.12, opacity=0.6, blur=6)
    label(canvas, cx, top + 300, 180, 140)
    turned(canvas, cx, [(top - 6, 60), (top, 64), (top + 34, 64)], OAK, SATIN) if clear else None


def soap(canvas: Canvas, colour: str, *, dish: str = "#e9e1d2") -> None:
    """Two cut bars on a ribbed dish."""
    cx, floor = 600, FLOOR - 50
    shadow(canvas, cx, floor + 20, 330, depth=66)
    turned(
        canvas,
        cx,
        [(floor - 40, 366), (floor - 34, 370), (floor, 320), (floor + 20, 270), (floor + 26, 250)],
        dish,
        GLAZED,
    )
    opening(canvas, cx, floor - 40, 366, dish, lip=18, depth=0.14)
    for x, y, tone in ((-10, -44, darker(colour, 0.08)), (14, -166, lighter(colour, 0.04))):
        _bar(canvas, cx + x, floor + y, tone)


def _bar(canvas: Canvas, cx: float, y: float, colour: str) -> None:
    left, right, high = cx - 230, cx + 230, 116
    canvas.ellipse(cx + 8, y + 2, 226, 14, SHADE, opacity=0.36, blur=9)
    front = rounded(left, y - high, right - left, high, 34)
    canvas.path(
        f"M{left + 20} {y - high + 10} Q{left + 40} {y - high - 44} {left + 90} {y - high - 48} L{right - 90} {y - high - 48} Q{right - 40} {y - high - 44} {right - 20} {y - high + 10} Z",
        canvas.linear([(0, lighter(colour, 0.46)), (1, lighter(colour, 0.10))]),
    )
    canvas.path(
        front, canvas.linear([(0, lighter(colour, 0.20)), (0.5, colour), (1, darker(colour, 0.24))], (0, 0, 1, 0.5))
    )
    canvas.line(
        f"M{left + 30} {y - high + 6} Q{left + 44} {y - high} {left + 70} {y - high} L{right - 60} {y - high}",
        "#ffffff",
        6,
        opacity=0.5,
        blur=2,
    )
    draw = canvas.random
    canvas.open(clip=canvas.clip(front))
    for _ in range(40):
        canvas.ellipse(
            draw.uniform(left, right),
            draw.uniform(y - high, y),
            draw.uniform(2, 5),
            draw.uniform(1.5, 3.5),
            darker(colour, 0.45),
            opacity=draw.uniform(0.2, 0.5),
        )
    canvas.close()
    canvas.rect(cx - 78, y - high + 34, 156, 52, "none", 14, stroke=darker(colour, 0.35), stroke_width=4, opacity=0.5)
    canvas.line(f"M{cx - 40} {y - high + 60} H{cx + 40}", darker(colour, 0.35), 5, opacity=0.5)


def pump_bottle(canvas: Canvas, colour: str, *, paper: str = "#fbf6ec", metal: str = "#34302c") -> None:
    """Hand wash in a brown glass bottle with a pump."""
    cx, top, floor = 600, 640, FLOOR
    shadow(canvas, cx, floor, 178)
    turned(canvas, cx, [(top - 190, 20), (top - 120, 16), (top - 70, 16)], metal, Finish(gloss=0.4, sharpness=40))
    canvas.path(
        f"M{cx - 190} {top - 176} Q{cx - 190} {top - 206} {cx - 160} {top - 208} L{cx + 34} {top - 214} Q{cx + 52} {top - 212} {cx + 52} {top - 190} Q{cx + 50} {top - 168} {cx + 30} {top - 170} L{cx - 150} {top - 182} Q{cx - 164} {top - 180} {cx - 164} {top - 150} L{cx - 190} {top - 150} Z",
        canvas.linear([(0, lighter(metal, 0.30)), (0.5, metal), (1, darker(metal, 0.4))], (0, 0, 0.3, 1)),
    )
    turned(
        canvas,
        cx,
        [(top - 72, 58), (top - 66, 62), (top - 4, 62), (top, 58)],
        metal,
        Finish(gloss=0.4, sharpness=40, flutes=20),
    )
    body: Profile = [
        (top - 4, 54),
        (top + 22, 58),
        (top + 60, 110),
        (top + 110, 172),
        (top + 160, 186),
        (floor - 40, 186),
        (floor - 8, 174),
        (floor, 160),
    ]
    turned(canvas, cx, body, colour, Finish(gloss=0.62, sharpness=80))
    path = outline(cx, body)
    canvas.path(
        path,
        canvas.linear(
            [
                (0, "#000000", 0.25),
                (0.2, "#ffb765", 0.16),
                (0.5, "#ffb765", 0.05),
                (0.82, "#ffc98a", 0.26),
                (1, "#000000", 0.3),
            ]
        ),
    )
    canvas.rect(
        cx - 186,
        900,
        372,
        220,
        canvas.linear([(0, darker(paper, 0.24)), (0.25, lighter(paper, 0.4)), (0.6, paper), (1, darker(paper, 0.34))]),
        clip=canvas.clip(path),
    )
    canvas.rect(cx - 90, 950, 180, 16, INK, 6)
    canvas.rect(cx - 60, 986, 120, 9, INK, 4, opacity=0.6)
    canvas.ellipse(cx, 1054, 22, 22, "none", stroke=INK, stroke_width=3)
    canvas.line(f"M{cx} 1034 V1074", INK, 3)
    streak(canvas, cx, body, top + 130, floor - 30, at=-0.72, width=0.07, opacity=0.5, blur=4)


def brush(canvas: Canvas, wood: str, *, bristle: str = "#e6d6b4") -> None:
    """A round dish brush leaning on its spare head."""
    cx, floor = 640, FLOOR - 10
    shadow(canvas, cx - 20, floor - 4, 210)
    _bristles(canvas, cx - 40, floor - 116, 190, 118, bristle)
    turned(
        canvas, cx - 40, [(floor - 186, 150), (floor - 178, 176), (floor - 140, 184), (floor - 112, 176)], wood, SATIN
    )
    canvas.ellipse(
        cx - 40,
        floor - 186,
        150,
        150 * tilt(floor - 186),
        canvas.linear([(0, lighter(wood, 0.45)), (1, lighter(wood, 0.05))]),
    )
    handle = f"M{cx - 66} {floor - 200} C{cx - 60} {floor - 330} {cx - 84} {floor - 520} {cx - 60} {floor - 720} C{cx - 54} {floor - 790} {cx + 26} {floor - 790} {cx + 30} {floor - 720} C{cx + 40} {floor - 520} {cx - 6} {floor - 330} {cx - 10} {floor - 200} Z"
    canvas.path(
        handle,
        canvas.linear([(0, darker(wood, 0.16)), (0.25, lighter(wood, 0.38)), (0.6, wood), (1, darker(wood, 0.4))]),
    )
    grain(canvas, handle, (cx - 90, floor - 790, cx + 40, floor - 200), wood, upright=True, count=9)
    canvas.ellipse(cx - 15, floor - 722, 15, 17, darker(wood, 0.6))
    canvas.line(
        f"M{cx - 15} {floor - 724} C{cx - 60} {floor - 860} {cx + 50} {floor - 870} {cx - 12} {floor - 730}",
        "#d9c7a4",
        7,
    )


def _bristles(canvas: Canvas, cx: float, top: float, half: float, high: float, colour: str) -> None:
    draw = canvas.random
    ry = half * tilt(top + high)
    for row in range(3):
        for index in range(66):
            share = index / 65 * 2 - 1
            x = cx + share * half * 0.92
            reach = high + ry * (1 - share * share) ** 0.5 * (0.2 + 0.35 * row)
            tone = mix(
                darker(colour, 0.42), lighter(colour, 0.3), (1 - abs(share + 0.35)) * 0.8 + draw.uniform(-0.15, 0.2)
            )
            canvas.line(
                f"M{x:.0f} {top:.0f} l{share * 14 + draw.uniform(-7, 7):.1f} {reach + draw.uniform(-7, 5):.1f}", tone, 5
            )
