"""Wide pictures for the home page and the categories: several objects in one room."""

from collections.abc import Callable
from dataclasses import dataclass

from . import bath, ceramics, furniture, greens, kitchen, lighting, paper, textiles, vases
from .canvas import Canvas
from .light import room

WIDTH, HEIGHT, HORIZON = 1800, 1200, 800
SCENE_WIDTHS = (640, 960, 1440)


@dataclass(frozen=True)
class Scene:
    name: str
    wall: str
    arrange: Callable[[Canvas], None]
    horizon: float = HORIZON


def put(
    canvas: Canvas, draw: Callable[[Canvas], None], x: float, floor: float, size: float, *, stands: float = 1230
) -> None:
    """Places a drawing made for the tall canvas: its middle (600) at x, the height it stands on at floor."""
    canvas.open(f"translate({x - 600 * size} {floor - stands * size}) scale({size})")
    draw(canvas)
    canvas.close()


def _home(canvas: Canvas) -> None:
    put(canvas, lambda c: greens.rubber_plant(c, "#3f7d54"), 1380, 965, 0.86)
    put(canvas, lambda c: lighting.dome(c, "#2f4a45"), 720, 985, 0.86)
    put(canvas, lambda c: paper.book_stack(c, "#7a2e2a"), 330, 1010, 0.56)
    put(canvas, lambda c: ceramics.mug(c, "#d9b26a", clay="#8d5a3b"), 1040, 1075, 0.44)
    put(canvas, lambda c: vases.vase(c, "#c77f5e", ridges=True), 160, 1060, 0.50)


def _table(canvas: Canvas) -> None:
    put(canvas, lambda c: vases.vase(c, "#e9e1d2", form="column", flutes=15, twigs=True), 1530, 930, 0.80)
    put(canvas, lambda c: kitchen.kettle(c, "#b5492f"), 420, 985, 0.80)
    put(canvas, lambda c: ceramics.stacked_bowls(c, "#d9b26a", others=("#41566b", "#e8dcc8")), 1110, 960, 0.66)
    put(canvas, lambda c: ceramics.plate(c, "#e9e1d2"), 1400, 1085, 0.54)
    put(canvas, lambda c: ceramics.mug(c, "#6f7f5c"), 800, 1100, 0.46)


def _living(canvas: Canvas) -> None:
    put(canvas, lambda c: lighting.floor_lamp(c, "#efe4cf"), 350, 990, 0.84, stands=1290)
    put(canvas, lambda c: greens.olive_tree(c, "#7f8f6a"), 1520, 960, 0.84)
    put(canvas, lambda c: furniture.chair(c, "#b5643f", wood="#7d5537"), 820, 1070, 0.82, stands=1280)
    put(canvas, lambda c: furniture.side_table(c, "#38564a", wood="#c79a63"), 1230, 1060, 0.56, stands=1260)
    put(canvas, lambda c: ceramics.cup(c, "#e9e1d2"), 1236, 784, 0.22)


def _desk(canvas: Canvas) -> None:
    put(canvas, lambda c: lighting.reading(c, "#34363a"), 430, 1000, 0.86)
    put(canvas, lambda c: greens.snake_plant(c, "#3d6a4c"), 1560, 940, 0.74)
    put(canvas, lambda c: paper.planner(c, "#c77f5e"), 1180, 985, 0.60)
    put(canvas, lambda c: paper.pencil_pot(c, "#41566b"), 890, 990, 0.56)
    put(canvas, lambda c: paper.book_stack(c, "#3f5a48", others=("#c08a3e", "#274156")), 730, 1120, 0.46)


def _bath(canvas: Canvas) -> None:
    put(canvas, lambda c: bath.diffuser(c, "#b9a27c"), 1500, 940, 0.78)
    put(canvas, lambda c: bath.pump_bottle(c, "#6b3d1c"), 450, 985, 0.80)
    put(canvas, lambda c: textiles.throw(c, "#8aa39b", second="#e9e1d2"), 1010, 960, 0.62)
    put(canvas, lambda c: bath.soap(c, "#a8b39a"), 800, 1095, 0.48)
    put(canvas, lambda c: bath.candle(c, "#d69f7e"), 1290, 1085, 0.50)


SCENES = (
    Scene("scene-home", "#d3c6b6", _home),
    Scene("scene-table", "#c5cdcf", _table),
    Scene("scene-living", "#d8d0c2", _living),
    Scene("scene-desk", "#ccd0c6", _desk),
    Scene("scene-bath", "#dccabd", _bath),
)


def drawings(scene: Scene, seed: int) -> tuple[str, str]:
    """The room and, on nothing, what stands in it."""
    background, things = Canvas(0), Canvas(seed)
    room(background, scene.wall, horizon=scene.horizon, width=WIDTH, height=HEIGHT)
    scene.arrange(things)
    box = (0, 0, WIDTH, HEIGHT)
    return background.svg(box), things.svg(box)
