"""Lamps that stand and lamps that hang."""

from .canvas import Canvas
from .colour import darker, lighter
from .light import FLOOR, foot_shadow, glow, shadow, tilt
from .turned import GLAZED, MATT, POLISHED, Finish, Profile, outline, streak, turned

BRASS, STEEL = "#c79f5c", "#b9bcbd"


def _under(canvas: Canvas, cx: float, y: float, radius: float, *, lit: bool = True) -> None:
    """The open underside of a shade with its bulb."""
    ry = radius * 0.13
    inner = [(0, "#ffefc8"), (0.5, "#ffe0a0"), (1, "#e8b867")] if lit else [(0, "#f4ead8"), (1, "#b9aa92")]
    canvas.ellipse(cx, y, radius, ry, canvas.linear(inner, (0.3, 0, 0.7, 1)))
    if lit:
        canvas.ellipse(cx, y - 4, radius * 0.42, ry * 0.8, "#fffdf5", opacity=0.9, blur=9)


def _base(canvas: Canvas, cx: float, floor: float, radius: float, metal: str, *, height: float = 26) -> None:
    shadow(canvas, cx, floor, radius)
    profile: Profile = [
        (floor - height, radius - 12),
        (floor - height, radius - 12),
        (floor - height + 8, radius),
        (floor, radius - 2),
    ]
    turned(canvas, cx, profile, metal, POLISHED)
    ry = (radius - 12) * tilt(floor)
    canvas.ellipse(
        cx,
        floor - height,
        radius - 12,
        ry,
        canvas.linear(
            [(0, lighter(metal, 0.1)), (0.35, lighter(metal, 0.62)), (0.6, metal), (1, darker(metal, 0.28))],
            (0, 0, 1, 0.4),
        ),
    )


def _rod(canvas: Canvas, cx: float, top: float, bottom: float, metal: str, *, width: float = 24) -> None:
    stops = [
        (0, darker(metal, 0.4)),
        (0.28, lighter(metal, 0.7)),
        (0.5, metal),
        (0.85, darker(metal, 0.45)),
        (1, darker(metal, 0.2)),
    ]
    canvas.rect(cx - width / 2, top, width, bottom - top, canvas.linear(stops), 4)


def _shade(canvas: Canvas, cx: float, profile: Profile, colour: str, finish: Finish = GLAZED) -> None:
    """A shade open below: its lower edge bows down like any level ring, so the lit inside is drawn over the front edge."""
    turned(canvas, cx, profile, colour, finish)
    bottom = profile[-1][0]
    streak(canvas, cx, profile, profile[0][0] + 70, bottom - 30, at=-0.52, width=0.13, opacity=0.42, blur=9)


def dome(canvas: Canvas, colour: str, *, metal: str = BRASS, lit: bool = True) -> None:
    """A half-round shade on a straight rod."""
    cx, rim, floor = 600, 740, FLOOR + 20
    if lit:
        glow(canvas, cx, 900, 560, 0.62)
    _base(canvas, cx, floor, 204, metal)
    _rod(canvas, cx, 640, floor - 30, metal)
    if lit:
        canvas.ellipse(cx, floor - 30, 120, 18, "#fff3d0", opacity=0.5, blur=10)
    _under(canvas, cx, rim, 300, lit=lit)
    high = 372
    profile: Profile = [(high, 4), (high + 6, 60), (high + 40, 138), (high + 120, 222), (high + 230, 278), (rim, 300)]
    canvas.open(
        clip=canvas.clip(
            f"M0 0 H1200 V{rim - 2} Q{cx} {rim - 84} 0 {rim - 2} Z M{cx - 310} 0 H{cx + 310} V{rim} A300 39 0 0 0 {cx - 300} {rim} H{cx - 310} Z"
        )
    )
    _shade(canvas, cx, profile, colour)
    canvas.close()
    canvas.line(f"M{cx - 299} {rim} A300 39 0 0 1 {cx + 299} {rim}", lighter(colour, 0.35), 5, opacity=0.55)
    turned(canvas, cx, [(high - 34, 8), (high - 30, 18), (high - 8, 20), (high + 6, 26)], metal, POLISHED)


def mushroom(canvas: Canvas, colour: str = "#f7efe0", *, foot: str | None = None) -> None:
    """Opal glass, cap and foot blown in one, lit from inside."""
    cx, floor = 600, FLOOR + 6
    glow(canvas, cx, 740, 620, 0.8)
    shadow(canvas, cx, floor, 168, strength=0.8)
    canvas.ellipse(cx, floor + 24, 330, 60, "#fff1cd", opacity=0.45, blur=28)
    stem: Profile = [(780, 84), (860, 86), (980, 104), (1100, 140), (1190, 166), (floor - 8, 168), (floor, 160)]
    turned(canvas, cx, stem, foot or colour, GLAZED)
    if not foot:
        canvas.path(
            outline(cx, stem), canvas.down([(0, "#ffdf9e", 0.75), (0.5, "#ffe9c0", 0.35), (1, "#ffe9c0", 0.08)])
        )
    canvas.ellipse(cx, 806, 320, 62, darker("#e9c78c", 0.18))
    cap: Profile = [(452, 4), (458, 96), (500, 190), (580, 278), (680, 326), (770, 330), (806, 312)]
    turned(canvas, cx, cap, colour, GLAZED)
    path = outline(cx, cap)
    canvas.path(
        path, canvas.radial([(0, "#fffdf4", 0.95), (0.45, "#fff0cc", 0.72), (1, "#ffdc98", 0.30)], (0.5, 0.62), 0.62)
    )
    streak(canvas, cx, cap, 540, 740, at=-0.56, width=0.12, opacity=0.55, blur=10)


def reading(canvas: Canvas, colour: str, *, metal: str | None = None) -> None:
    """A jointed arm with a small cone, bowed over the table."""
    metal, floor = metal or darker(colour, 0.15), FLOOR + 16
    glow(canvas, 830, 860, 420, 0.5)
    _base(canvas, 470, floor, 176, metal, height=30)
    for start, end in (((470, floor - 26), (372, 800)), ((372, 800), (690, 470))):
        path = f"M{start[0]} {start[1]} L{end[0]} {end[1]}"
        canvas.line(path, darker(colour, 0.45), 26)
        canvas.line(path, colour, 20)
        canvas.open("translate(-5 -3)")
        canvas.line(path, lighter(colour, 0.6), 5, opacity=0.8)
        canvas.close()
    for x, y, r in ((372, 800, 30), (690, 470, 26), (470, floor - 34, 26)):
        canvas.ellipse(
            x,
            y,
            r,
            r,
            canvas.radial([(0, lighter(BRASS, 0.7)), (0.5, BRASS), (1, darker(BRASS, 0.4))], (0.35, 0.3), 0.75),
        )
    canvas.open("rotate(-24 700 480)")
    _under(canvas, 716, 690, 152)
    profile: Profile = [(440, 40), (446, 46), (500, 52), (540, 66), (620, 122), (690, 152)]
    canvas.open(clip=canvas.clip("M400 300 H1000 V690 H868 A152 20 0 0 0 564 690 H400 Z"))
    _shade(canvas, 716, profile, colour)
    canvas.close()
    canvas.close()


def _cord(canvas: Canvas, cx: float, end: float) -> None:
    canvas.line(f"M{cx} -10 V{end}", "#2b241f", 7)
    canvas.line(f"M{cx - 1.5} -10 V{end}", "#6d6259", 2, opacity=0.7)


def pendant(canvas: Canvas, colour: str, *, form: str = "bell", metal: str = BRASS) -> None:
    cx, rim = 600, 900
    glow(canvas, cx, 1040, 560, 0.62)
    canvas.ellipse(cx, 1310, 420, 74, "#fff2cf", opacity=0.42, blur=40)
    _cord(canvas, cx, 500)
    wide = 330
    profiles: dict[str, Profile] = {
        "bell": [(516, 40), (530, 62), (600, 92), (680, 128), (770, 216), (840, 290), (rim, wide)],
        "cone": [(540, 44), (552, 62), (560, 70), (560, 70), (rim, wide)],
        "disc": [(640, 40), (650, 64), (700, 92), (760, 150), (820, 286), (850, 330), (rim, 344)],
    }
    profile = profiles[form]
    wide = profile[-1][1]
    _under(canvas, cx, rim, wide)
    canvas.open(
        clip=canvas.clip(
            f"M{cx - wide - 12} 0 H{cx + wide + 12} V{rim} H{cx + wide} A{wide} {wide * 0.13} 0 0 0 {cx - wide} {rim} H{cx - wide - 12} Z"
        )
    )
    _shade(canvas, cx, profile, colour)
    canvas.close()
    canvas.line(
        f"M{cx - wide + 1} {rim} A{wide} {wide * 0.13} 0 0 1 {cx + wide - 1} {rim}",
        lighter(colour, 0.35),
        5,
        opacity=0.55,
    )
    top = profile[0][0]
    turned(canvas, cx, [(top - 60, 14), (top - 56, 22), (top - 8, 24), (top + 10, 44)], metal, POLISHED)


def globe(canvas: Canvas, colour: str = "#f6eddb") -> None:
    """A paper lantern: a ball of thin paper over bamboo rings."""
    cx, cy, radius = 600, 690, 356
    glow(canvas, cx, cy + 40, 640, 0.7)
    canvas.ellipse(cx, 1290, 400, 70, "#fff2cf", opacity=0.4, blur=40)
    _cord(canvas, cx, cy - 300)
    steps = [(cy - radius * 0.92 + index * radius * 1.84 / 40) for index in range(41)]
    profile: Profile = [(y, (radius**2 - (y - cy) ** 2) ** 0.5) for y in steps]

    turned(canvas, cx, profile, colour, MATT)
    path = outline(cx, profile)
    canvas.path(
        path, canvas.radial([(0, "#fffdf2", 0.95), (0.5, "#fff1d0", 0.66), (1, "#f3cf93", 0.12)], (0.48, 0.54), 0.56)
    )
    canvas.open(clip=canvas.clip(path))
    for index in range(1, 22):
        y = cy - radius * 0.92 + index * radius * 1.84 / 22
        wide = (radius**2 - (y - cy) ** 2) ** 0.5
        bow = wide * tilt(y) * 0.75
        canvas.line(f"M{cx - wide} {y} Q{cx} {y + bow * 2} {cx + wide} {y}", "#a9854f", 2.4, opacity=0.34)
        canvas.line(f"M{cx - wide} {y + 4} Q{cx} {y + 4 + bow * 2} {cx + wide} {y + 4}", "#ffffff", 3, opacity=0.35)
    canvas.close()
    canvas.ellipse(cx, cy - radius * 0.92, radius * 0.39, radius * 0.05, darker("#c79f5c", 0.1))


def floor_lamp(canvas: Canvas, colour: str, *, metal: str = BRASS) -> None:
    """A linen drum on three slim legs."""
    cx, rim, floor = 600, 610, FLOOR + 60
    glow(canvas, cx, 690, 520, 0.6)
    for x in (430, 600, 776):
        foot_shadow(canvas, x, floor - (26 if x == 600 else 0), 15)
    for x, y in ((600, floor - 28), (430, floor), (776, floor)):
        path = f"M{cx + (x - cx) * 0.06} 600 L{x} {y}"
        canvas.line(path, darker(metal, 0.45), 19)
        canvas.line(
            path,
            canvas.linear([(0, lighter(metal, 0.4)), (0.5, metal), (1, darker(metal, 0.2))]) if x != 600 else metal,
            12,
        )
    profile: Profile = [(250, 214), (250, 214), (rim, 268)]
    _under(canvas, cx, rim, 268)
    canvas.open(
        clip=canvas.clip(f"M{cx - 300} 0 H{cx + 300} V{rim} H{cx + 268} A268 35 0 0 0 {cx - 268} {rim} H{cx - 300} Z")
    )
    turned(canvas, cx, profile, colour, MATT)
    canvas.path(
        outline(cx, profile),
        canvas.radial([(0, "#fff6dc", 0.9), (0.6, "#ffe6b0", 0.45), (1, "#ffd98f", 0.1)], (0.5, 0.75), 0.7),
    )
    for index in range(60):
        x = cx - 262 + index * 9
        canvas.line(f"M{cx + (x - cx) * 0.8} 240 L{x} {rim}", darker(colour, 0.4), 1.4, opacity=0.12)
    canvas.close()
    canvas.ellipse(cx, 250, 214, 214 * tilt(250), canvas.linear([(0, darker(colour, 0.25)), (1, lighter(colour, 0.1))]))
    canvas.ellipse(cx, 252, 204, 204 * tilt(250) - 3, "#ffeec4", opacity=0.85)
