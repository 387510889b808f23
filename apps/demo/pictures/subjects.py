"""The objects there are, each with the frame of its picture and of its closer one."""

from collections.abc import Callable
from dataclasses import dataclass

from . import bags, bath, ceramics, furniture, greens, kitchen, lighting, paper, pots, storage, textiles, vases, walls
from .light import HORIZON

WALL_ONLY = 2000  # a horizon below the picture

Frame = tuple[float, float, float]  # left, top, width; the height follows from 4:5


@dataclass(frozen=True)
class Subject:
    draw: Callable[..., None]
    frame: Frame
    close: Frame
    horizon: float = HORIZON


SUBJECTS: dict[str, Subject] = {
    # tableware
    "mug": Subject(ceramics.mug, (110, 320, 920), (300, 560, 560)),
    "cup": Subject(ceramics.cup, (130, 420, 880), (300, 720, 520)),
    "beaker": Subject(ceramics.beaker, (140, 340, 900), (330, 560, 540)),
    "bowl": Subject(ceramics.bowl, (110, 420, 980), (240, 760, 560)),
    "stacked_bowls": Subject(ceramics.stacked_bowls, (110, 340, 980), (260, 620, 560)),
    "plate": Subject(ceramics.plate, (90, 430, 1000), (150, 820, 560)),
    "jug": Subject(ceramics.jug, (100, 240, 1020), (300, 500, 560)),
    "vase": Subject(vases.vase, (60, 120, 1090), (320, 360, 580)),
    "tall_vase": Subject(vases.vase, (10, 20, 1180), (320, 100, 620)),
    # kitchen
    "kettle": Subject(kitchen.kettle, (90, 330, 1030), (280, 520, 620)),
    "casserole": Subject(kitchen.casserole, (60, 360, 1080), (260, 620, 600)),
    "pan": Subject(kitchen.pan, (70, 440, 1130), (420, 700, 640)),
    "board": Subject(kitchen.board, (100, 280, 1030), (300, 340, 600)),
    "mill": Subject(kitchen.mill, (140, 300, 960), (340, 520, 480)),
    "spoons": Subject(kitchen.spoons, (100, 240, 1010), (330, 320, 560)),
    "jar": Subject(storage.jar, (110, 340, 980), (330, 500, 560)),
    "canister": Subject(storage.canister, (130, 400, 940), (330, 560, 540)),
    "carafe": Subject(storage.carafe, (110, 300, 990), (340, 420, 540)),
    "tumblers": Subject(storage.tumblers, (130, 480, 900), (260, 840, 480)),
    # lighting
    "dome": Subject(lighting.dome, (40, 150, 1120), (270, 320, 680)),
    "mushroom": Subject(lighting.mushroom, (60, 230, 1080), (240, 420, 640)),
    "reading": Subject(lighting.reading, (90, 200, 1080), (460, 380, 560)),
    "pendant": Subject(lighting.pendant, (20, 60, 1160), (240, 500, 640)),
    "globe": Subject(lighting.globe, (20, 60, 1160), (300, 300, 640)),
    "floor_lamp": Subject(lighting.floor_lamp, (40, 70, 1130), (260, 180, 700)),
    # furniture
    "chair": Subject(furniture.chair, (60, 180, 1090), (260, 640, 640)),
    "stool": Subject(furniture.stool, (100, 370, 1000), (280, 640, 600)),
    "side_table": Subject(furniture.side_table, (70, 280, 1060), (230, 560, 620)),
    "bedside": Subject(furniture.bedside, (70, 270, 1060), (300, 600, 580)),
    "bench": Subject(furniture.bench, (0, 300, 1200), (60, 680, 620)),
    "shelf": Subject(walls.shelf, (110, 200, 980), (300, 480, 640), WALL_ONLY),
    "mirror": Subject(walls.mirror, (30, 60, 1140), (240, 220, 620), WALL_ONLY),
    "arch": Subject(walls.mirror, (40, 60, 1130), (300, 200, 640)),
    "clock": Subject(walls.clock, (110, 80, 980), (380, 380, 560), WALL_ONLY),
    "hooks": Subject(walls.hooks, (70, 200, 1060), (180, 420, 580), WALL_ONLY),
    # textiles and bags
    "cushion": Subject(textiles.cushion, (60, 250, 1090), (180, 470, 560)),
    "throw": Subject(textiles.throw, (70, 440, 1070), (480, 780, 520)),
    "towel": Subject(textiles.towel, (80, 130, 1040), (320, 700, 560), WALL_ONLY),
    "tea_towels": Subject(textiles.tea_towels, (110, 480, 980), (280, 820, 500)),
    "apron": Subject(textiles.apron, (60, 100, 1080), (340, 640, 560), WALL_ONLY),
    "tote": Subject(bags.tote, (60, 250, 1090), (340, 560, 560)),
    "backpack": Subject(bags.backpack, (60, 220, 1080), (320, 600, 600)),
    "pouch": Subject(bags.pouch, (80, 440, 1040), (520, 700, 500)),
    # plants
    "rubber_plant": Subject(greens.rubber_plant, (50, 280, 1100), (300, 440, 620)),
    "snake_plant": Subject(greens.snake_plant, (90, 220, 1020), (320, 320, 560)),
    "olive_tree": Subject(greens.olive_tree, (10, 20, 1180), (280, 150, 640)),
    "cactus": Subject(greens.cactus, (80, 230, 1040), (360, 300, 560)),
    "fern": Subject(greens.fern, (40, 320, 1120), (280, 520, 620)),
    "planter": Subject(pots.planter, (110, 400, 980), (240, 720, 560)),
    "watering_can": Subject(pots.watering_can, (100, 370, 1060), (480, 480, 640)),
    # bath and scent
    "candle": Subject(bath.candle, (130, 340, 940), (310, 560, 580)),
    "tapers": Subject(bath.tapers, (100, 270, 1020), (340, 420, 520)),
    "diffuser": Subject(bath.diffuser, (90, 180, 1040), (330, 640, 540)),
    "soap": Subject(bath.soap, (110, 480, 980), (280, 780, 560)),
    "pump_bottle": Subject(bath.pump_bottle, (110, 280, 1000), (340, 520, 520)),
    "brush": Subject(bath.brush, (100, 280, 1020), (360, 780, 480)),
    # paper
    "book": Subject(paper.book, (110, 350, 990), (330, 520, 560)),
    "book_stack": Subject(paper.book_stack, (90, 440, 1020), (260, 740, 520)),
    "notebook": Subject(paper.notebook, (90, 150, 1020), (320, 340, 560), WALL_ONLY),
    "pencil_pot": Subject(paper.pencil_pot, (130, 300, 960), (350, 420, 540)),
    "planner": Subject(paper.planner, (80, 420, 1040), (260, 660, 520)),
}
