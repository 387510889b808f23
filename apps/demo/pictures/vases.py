"""Vases, and the dried grasses in one of them."""

from .canvas import Canvas
from .colour import darker, mix
from .light import shadow, tilt
from .turned import MATT, SATIN, Finish, Profile, opening, streak, turned

VASES: dict[str, Profile] = {
    "bottle": [
        (430, 62),
        (438, 58),
        (520, 50),
        (600, 66),
        (720, 168),
        (880, 226),
        (1040, 206),
        (1160, 142),
        (1206, 118),
    ],
    "belly": [(640, 118), (650, 110), (690, 112), (780, 214), (920, 272), (1060, 240), (1160, 160), (1206, 138)],
    "column": [(480, 128), (484, 132), (484, 132), (760, 142), (1080, 150), (1180, 146), (1206, 136)],
    "gourd": [
        (440, 72),
        (450, 66),
        (500, 70),
        (590, 138),
        (670, 134),
        (730, 104),
        (800, 150),
        (930, 226),
        (1070, 220),
        (1170, 158),
        (1206, 132),
    ],
    "flare": [(500, 172), (512, 160), (600, 112), (720, 100), (880, 150), (1020, 184), (1130, 166), (1206, 122)],
}


def vase(
    canvas: Canvas,
    colour: str,
    *,
    form: str = "bottle",
    ridges: bool = False,
    flutes: int = 0,
    twigs: bool = False,
    glaze: str | None = None,
) -> None:
    cx = 600
    profile = VASES[form]
    (top, mouth), (floor, foot) = profile[0], profile[-1]
    finish = Finish(gloss=0.22, sharpness=26, flutes=flutes) if flutes else (MATT if ridges else SATIN)

    def tone(y: float) -> str:
        if glaze and y < top + (floor - top) * 0.36:
            return glaze
        if ridges and 560 < y < 1150:
            return darker(colour, 0.20) if int(y - 560) % 30 < 5 else colour
        return colour

    shadow(canvas, cx, floor, foot * 1.25)
    canvas.ellipse(
        cx + 40, floor + 4, max(radius for _, radius in profile) * 1.05, 40, "#1b130e", opacity=0.18, blur=22
    )
    if twigs:
        _dry_stems(canvas, cx, top)
    turned(canvas, cx, profile, tone, finish)
    if not flutes:
        streak(
            canvas, cx, profile, top + 180, floor - 180, at=-0.56, width=0.12, opacity=0.26 if ridges else 0.4, blur=9
        )
    opening(canvas, cx, top, mouth, glaze or colour, lip=9, depth=0.7)
    if twigs:
        canvas.open(clip=canvas.clip(f"M0 0 H1200 V{top + mouth * tilt(top) * 0.6} H0 Z"))
        _dry_stems(canvas, cx, top, head=False)
        canvas.close()


def _dry_stems(canvas: Canvas, cx: float, top: float, *, head: bool = True) -> None:
    """Dried grasses: the same bend every time, so that the part in the mouth fits the part above it."""
    for lean, reach in ((-170, 250), (-92, 310), (-20, 350), (66, 322), (150, 262), (24, 236)):
        x, y = cx + lean, top - reach
        stem = f"M{cx + lean * 0.12} {top + 30} Q{cx + lean * 0.2} {top - reach * 0.5} {x} {y + 60}"
        canvas.line(stem, "#9a7b4a", 5)
        if not head:
            continue
        for index in range(34):
            share = index / 33
            side = -1 if index % 2 else 1
            px, py = x - lean * 0.22 * (1 - share), y + 150 - 190 * share
            length = 30 * (1 - abs(share - 0.45) * 1.3) + 8
            canvas.line(
                f"M{px} {py} q{side * length * 0.5} {-length * 0.5} {side * length * 0.62} {-length}",
                mix("#c9a667", "#efdcae", share),
                5.5,
                opacity=0.85,
            )
