"""Plants, and what they stand in or are watered with."""

from math import cos, pi, radians, sin

from .canvas import Canvas
from .colour import SHADE, darker, lighter, mix
from .light import FLOOR, shadow, tilt
from .turned import MATT, SATIN, Finish, Profile, opening, turned

TERRACOTTA = "#c2704d"


def pot(
    canvas: Canvas,
    colour: str,
    *,
    cx: float = 600,
    wide: float = 196,
    high: float = 300,
    finish: Finish = MATT,
    soil: bool = True,
) -> float:
    """A flower pot with a collar; returns the height of its rim."""
    floor = FLOOR + 10
    top = floor - high
    shadow(canvas, cx, floor, wide * 0.72)
    body: Profile = [(top + 70, wide * 0.92), (floor - 14, wide * 0.70), (floor, wide * 0.66)]
    turned(canvas, cx, body, colour, finish)
    canvas.ellipse(cx, top + 92, wide * 0.92, 26, SHADE, opacity=0.26, blur=7)
    collar: Profile = [(top, wide), (top + 6, wide + 4), (top + 74, wide), (top + 82, wide - 6)]
    turned(canvas, cx, collar, colour, finish)
    opening(canvas, cx, top, wide, colour, lip=14)
    if soil:
        canvas.ellipse(
            cx,
            top + 12,
            wide - 20,
            (wide - 20) * tilt(top) * 0.86,
            canvas.linear([(0, "#22150d"), (0.6, "#3b281b"), (1, "#4a3425")]),
        )
    return top


def _leaf(
    canvas: Canvas,
    root: tuple[float, float],
    angle: float,
    length: float,
    width: float,
    colour: str,
    *,
    stalk: float = 0.28,
    bend: float = 0.0,
) -> None:
    """One leaf: two halves that take light differently, a vein between."""
    bx, by = root
    dx, dy = cos(angle), -sin(angle)
    nx, ny = sin(angle), cos(angle)
    sx, sy = bx + dx * length * stalk, by + dy * length * stalk
    ex, ey = bx + dx * length, by + dy * length + bend
    mx, my = bx + dx * length * 0.66, by + dy * length * 0.66 + bend * 0.3
    light = canvas.linear([(0, lighter(colour, 0.34)), (1, colour)], (0, 0, 1, 1))
    dark = canvas.linear([(0, darker(colour, 0.04)), (1, darker(colour, 0.46))], (0, 0, 1, 1))
    canvas.line(f"M{bx:.0f} {by:.0f} Q{sx:.0f} {sy - 12:.0f} {sx:.0f} {sy:.0f}", darker(colour, 0.28), 9)
    for side, fill in ((1, dark if dx > 0 else light), (-1, light if dx > 0 else dark)):
        flip = side * width
        canvas.path(
            f"M{sx:.1f} {sy:.1f} C{sx + nx * flip + dx * 14:.1f} {sy + ny * flip + dy * 14:.1f} {mx + nx * flip:.1f} {my + ny * flip:.1f} {ex:.1f} {ey:.1f} Q{mx:.1f} {my:.1f} {sx:.1f} {sy:.1f} Z",
            fill,
        )
    canvas.line(f"M{sx:.1f} {sy:.1f} Q{mx:.1f} {my:.1f} {ex:.1f} {ey:.1f}", lighter(colour, 0.5), 3, opacity=0.55)


def rubber_plant(canvas: Canvas, colour: str, *, planter: str = TERRACOTTA) -> None:
    """Broad leaves in a fan, the far ones darker."""
    top = pot(canvas, planter)
    draw = canvas.random
    leaves = []
    for index in range(13):
        share = index / 12
        angle = radians(166 - 152 * share + draw.uniform(-5, 5))
        length = draw.uniform(400, 600) * (1 - 0.28 * abs(share - 0.5))
        leaves.append(
            (abs(share - 0.5) + draw.uniform(0, 0.25), 600 + (share - 0.5) * 110, angle, length, draw.uniform(66, 96))
        )
    for order, x, angle, length, width in sorted(leaves, reverse=True):
        tone = mix(colour, draw.choice(("#7fa35a", "#1f4d3a", "#2f6b4a")), draw.uniform(0.15, 0.5))
        _leaf(canvas, (x, top + 22), angle, length, width, darker(tone, 0.22 * order), bend=abs(cos(angle)) * 40)
    canvas.ellipse(600, top + 26, 120, 12, SHADE, opacity=0.34, blur=8)


def snake_plant(canvas: Canvas, colour: str, *, planter: str = "#e6ddcd") -> None:
    """Upright blades, pale at the edge, banded across."""
    top = pot(canvas, planter, finish=SATIN)
    draw = canvas.random
    blades = [
        (-120, -70, 400),
        (130, 84, 380),
        (-60, -120, 500),
        (84, 130, 480),
        (-100, -20, 560),
        (56, 30, 600),
        (-20, -44, 660),
        (20, 92, 420),
        (0, -6, 520),
    ]
    for root, lean, high in blades:
        x, tip, y = 600 + root * 0.8, 600 + root * 0.8 + lean, top + 20 - high
        half = draw.uniform(34, 44)
        path = f"M{x - half * 0.7} {top + 24} C{x - half * 1.3} {top - high * 0.4} {tip - half * 1.2} {y + high * 0.34} {tip} {y} C{tip + half * 0.9} {y + high * 0.3} {x + half * 1.4} {top - high * 0.36} {x + half * 0.7} {top + 24} Z"
        canvas.path(path, "#d9cf8b")
        clip = canvas.clip(path)
        canvas.open(clip=clip)
        inner = f"M{x - half * 0.5} {top + 24} C{x - half} {top - high * 0.4} {tip - half * 0.9} {y + high * 0.36} {tip} {y + 24} C{tip + half * 0.6} {y + high * 0.32} {x + half * 1.05} {top - high * 0.36} {x + half * 0.5} {top + 24} Z"
        canvas.path(inner, canvas.linear([(0, lighter(colour, 0.20)), (0.45, colour), (1, darker(colour, 0.44))]))
        for step in range(int(high / 34)):
            by = top - step * 34 + draw.uniform(-8, 8)
            canvas.line(
                f"M{x - 120} {by} q 60 {draw.uniform(-22, 22):.0f} 120 {draw.uniform(-8, 8):.0f} t 120 0",
                lighter(colour, 0.5),
                draw.uniform(4, 9),
                opacity=0.30,
            )
        canvas.close()
        canvas.path(inner, "none", stroke=SHADE, stroke_width=2, opacity=0.12)
    canvas.path(
        f"M470 {top + 30} Q600 {top - 10} 730 {top + 30} Q600 {top + 50} 470 {top + 30} Z",
        "#2c1c12",
        opacity=0.55,
        blur=6,
    )


def olive_tree(canvas: Canvas, colour: str, *, planter: str = "#8f968f") -> None:
    """A small standard: slim trunk, a loose silver crown."""
    top = pot(canvas, planter, wide=176, high=270, finish=SATIN)
    trunk = f"M584 {top + 16} C578 {top - 150} 606 {top - 260} 592 {top - 420} L612 {top - 420} C626 {top - 260} 606 {top - 150} 616 {top + 16} Z"
    canvas.path(trunk, canvas.linear([(0, "#a98d6b"), (0.5, "#7d6345"), (1, "#4d3a28")]))
    draw = canvas.random
    twigs = []
    for _ in range(92):
        angle, reach = draw.uniform(0, 2 * pi), draw.uniform(0.15, 1) ** 0.6
        twigs.append((600 + cos(angle) * 232 * reach, top - 540 - sin(angle) * 232 * reach, draw.uniform(0, 1)))
    canvas.ellipse(
        596,
        top - 540,
        190,
        186,
        canvas.radial([(0, darker(colour, 0.45), 0.85), (0.7, darker(colour, 0.4), 0.5), (1, darker(colour, 0.4), 0)]),
    )
    for x, y, _order in twigs[:14]:
        canvas.line(
            f"M602 {top - 380} Q{(602 + x) / 2:.0f} {(top - 400 + y) / 2 - 20:.0f} {x:.0f} {y:.0f}", "#6b543a", 6
        )
    for x, y, order in sorted(twigs, key=lambda twig: twig[2]):
        heading = draw.uniform(0, 2 * pi)
        canvas.line(f"M{x:.0f} {y:.0f} l{cos(heading) * 70:.0f} {-sin(heading) * 70:.0f}", "#7d6a48", 3.5)
        for index in range(6):
            side = 1 if index % 2 else -1
            px, py = x + cos(heading) * index * 13, y - sin(heading) * index * 13
            height = (y - (top - 770)) / 500
            tone = mix(
                mix(colour, "#b9c4a4", draw.uniform(0, 0.55)),
                "#33422f",
                min(0.6, max(0.0, height * 0.5 + (x - 600) / 900 + 0.22 - order * 0.35)),
            )
            _leaf(canvas, (px, py), heading + side * draw.uniform(0.6, 1.0), draw.uniform(52, 76), 14, tone, stalk=0.08)


def cactus(canvas: Canvas, colour: str, *, planter: str = "#d9b26a") -> None:
    """A ribbed column with two arms."""
    top = pot(canvas, planter, wide=180, high=250)
    ribs = Finish(gloss=0.10, sharpness=14, flutes=11)
    elbow = f"M458 {top - 190} Q466 {top - 136} 560 {top - 132} M748 {top - 290} Q740 {top - 232} 640 {top - 228}"
    canvas.line(elbow, darker(colour, 0.42), 78)
    canvas.line(elbow, canvas.down([(0, lighter(colour, 0.12)), (0.6, colour), (1, darker(colour, 0.36))]), 70)
    for cx, high, low, wide in ((458, top - 380, top - 160, 50), (748, top - 500, top - 258, 54)):
        turned(
            canvas,
            cx,
            [
                (high, 3),
                (high + 8, wide * 0.6),
                (high + 40, wide),
                (low - 20, wide),
                (low + 34, wide * 0.66),
                (low + 44, wide * 0.3),
            ],
            colour,
            ribs,
        )
    body: Profile = [
        (top - 640, 4),
        (top - 630, 56),
        (top - 580, 98),
        (top - 300, 112),
        (top - 60, 104),
        (top + 16, 92),
    ]
    turned(canvas, 600, body, colour, ribs)
    draw = canvas.random
    for cx, wide, high, low in (
        (600, 104, top - 610, top),
        (458, 46, top - 360, top - 150),
        (748, 50, top - 480, top - 250),
    ):
        for index in range(12):
            x = cx - wide * cos(pi * (index + 0.5) / 12)
            for step in range(int((low - high) / 44)):
                y = high + step * 44 + (22 if index % 2 else 0) + draw.uniform(-4, 4)
                canvas.line(f"M{x - 6:.0f} {y - 6:.0f} l12 12 m0 -12 l-12 12", "#f1e8cb", 2, opacity=0.7)
    for dx, dy in ((-22, -636), (12, -650), (36, -630)):
        for turn in range(6):
            angle = turn * pi / 3
            canvas.ellipse(
                600 + dx + cos(angle) * 13, top + dy + sin(angle) * 9, 12, 9, mix("#d9677a", "#f7c0b8", turn / 6)
            )
        canvas.ellipse(600 + dx, top + dy, 6, 5, "#f6d56f")


def fern(canvas: Canvas, colour: str, *, planter: str = "#41566b") -> None:
    """Long arching fronds that fall over the rim."""
    top = pot(canvas, planter, finish=SATIN)
    draw = canvas.random
    fronds = []
    for index in range(26):
        angle = radians(176 - 172 * (index / 25) + draw.uniform(-6, 6))
        fronds.append((draw.uniform(0, 1), angle, draw.uniform(400, 540)))
    for order, angle, length in sorted(fronds):
        tone = darker(mix(colour, draw.choice(("#8fae5d", "#2f6b4a")), draw.uniform(0.1, 0.5)), 0.3 * (1 - order))
        points = []
        for step in range(24):
            share = step / 23
            x = 600 + cos(angle) * length * share * (0.75 + 0.25 * share)
            y = top + 16 - sin(angle) * length * share * 1.05 + length * 0.42 * share**2.4 * (0.3 + abs(cos(angle)))
            points.append((x, y))
        canvas.line("M" + " L".join(f"{x:.0f} {y:.0f}" for x, y in points), darker(tone, 0.3), 5)
        for step in range(2, 24):
            (x0, y0), (x, y) = points[step - 1], points[step]
            dx, dy = x - x0, y - y0
            size = (dx * dx + dy * dy) ** 0.5 or 1
            reach = 60 * sin(pi * min(0.97, 0.14 + step / 27)) + 3
            for side, fill in ((1, tone), (-1, lighter(tone, 0.16))):
                nx, ny = -dy / size * side, dx / size * side
                tx, ty = x + nx * reach + dx / size * 22, y + ny * reach + dy / size * 22
                canvas.path(
                    f"M{x:.1f} {y:.1f} Q{x + nx * reach * 0.6 - dx / size * 6:.1f} {y + ny * reach * 0.6 - dy / size * 6:.1f} {tx:.1f} {ty:.1f} Q{x + nx * reach * 0.5 + dx / size * 18:.1f} {y + ny * reach * 0.5 + dy / size * 18:.1f} {x + dx / size * 11:.1f} {y + dy / size * 11:.1f} Z",
                    fill,
                )
