"""Which pictures there are: one per product and colour, and a closer second one for each product."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import bath, ceramics, furniture, greens, kitchen, lighting, paper, textiles
from .light import HORIZON

WALL_ONLY = 2000  # a horizon below the picture

Frame = tuple[float, float, float]  # left, top, width; the height follows from 4:5


@dataclass(frozen=True)
class Subject:
    draw: Callable[..., None]
    frame: Frame
    close: Frame
    horizon: float = HORIZON


@dataclass(frozen=True)
class Picture:
    name: str
    subject: Subject
    wall: str
    colour: str
    choices: Mapping[str, Any] = field(default_factory=dict)
    close: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        left, top, width = self.subject.close if self.close else self.subject.frame
        return left, top, width, width * 1.25


SUBJECTS: dict[str, Subject] = {
    # tableware
    "mug": Subject(ceramics.mug, (110, 320, 920), (300, 560, 560)),
    "cup": Subject(ceramics.cup, (130, 420, 880), (300, 720, 520)),
    "beaker": Subject(ceramics.beaker, (140, 340, 900), (330, 560, 540)),
    "bowl": Subject(ceramics.bowl, (110, 420, 980), (240, 760, 560)),
    "stacked_bowls": Subject(ceramics.stacked_bowls, (110, 340, 980), (260, 620, 560)),
    "plate": Subject(ceramics.plate, (90, 430, 1000), (150, 820, 560)),
    "jug": Subject(ceramics.jug, (100, 240, 1020), (300, 500, 560)),
    "vase": Subject(ceramics.vase, (60, 120, 1090), (320, 360, 580)),
    "tall_vase": Subject(ceramics.vase, (10, 20, 1180), (320, 100, 620)),
    # kitchen
    "kettle": Subject(kitchen.kettle, (90, 330, 1030), (280, 520, 620)),
    "casserole": Subject(kitchen.casserole, (60, 360, 1080), (260, 620, 600)),
    "pan": Subject(kitchen.pan, (70, 440, 1130), (420, 700, 640)),
    "board": Subject(kitchen.board, (100, 280, 1030), (300, 340, 600)),
    "mill": Subject(kitchen.mill, (140, 300, 960), (340, 520, 480)),
    "spoons": Subject(kitchen.spoons, (100, 240, 1010), (330, 320, 560)),
    "jar": Subject(kitchen.jar, (110, 340, 980), (330, 500, 560)),
    "canister": Subject(kitchen.canister, (130, 400, 940), (330, 560, 540)),
    "carafe": Subject(kitchen.carafe, (110, 300, 990), (340, 420, 540)),
    "tumblers": Subject(kitchen.tumblers, (130, 480, 900), (260, 840, 480)),
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
    "shelf": Subject(furniture.shelf, (110, 200, 980), (300, 480, 640), WALL_ONLY),
    "mirror": Subject(furniture.mirror, (30, 60, 1140), (240, 220, 620), WALL_ONLY),
    "arch": Subject(furniture.mirror, (40, 60, 1130), (300, 200, 640)),
    "clock": Subject(furniture.clock, (110, 80, 980), (380, 380, 560), WALL_ONLY),
    "hooks": Subject(furniture.hooks, (70, 200, 1060), (180, 420, 580), WALL_ONLY),
    # textiles and bags
    "cushion": Subject(textiles.cushion, (60, 250, 1090), (180, 470, 560)),
    "throw": Subject(textiles.throw, (70, 440, 1070), (480, 780, 520)),
    "towel": Subject(textiles.towel, (80, 130, 1040), (320, 700, 560), WALL_ONLY),
    "tea_towels": Subject(textiles.tea_towels, (110, 480, 980), (280, 820, 500)),
    "apron": Subject(textiles.apron, (60, 100, 1080), (340, 640, 560), WALL_ONLY),
    "tote": Subject(textiles.tote, (60, 250, 1090), (340, 560, 560)),
    "backpack": Subject(textiles.backpack, (60, 220, 1080), (320, 600, 600)),
    "pouch": Subject(textiles.pouch, (80, 440, 1040), (520, 700, 500)),
    # plants
    "rubber_plant": Subject(greens.rubber_plant, (50, 280, 1100), (300, 440, 620)),
    "snake_plant": Subject(greens.snake_plant, (90, 220, 1020), (320, 320, 560)),
    "olive_tree": Subject(greens.olive_tree, (10, 20, 1180), (280, 150, 640)),
    "cactus": Subject(greens.cactus, (80, 230, 1040), (360, 300, 560)),
    "fern": Subject(greens.fern, (40, 320, 1120), (280, 520, 620)),
    "planter": Subject(greens.planter, (110, 400, 980), (240, 720, 560)),
    "watering_can": Subject(greens.watering_can, (100, 370, 1060), (480, 480, 640)),
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

SAND, STONE, MIST, SAGE, BLUSH, SKY, CLAY, DUSK = (
    "#d9cfc0",
    "#d2cfc4",
    "#cdd2cf",
    "#b9c0ae",
    "#dccabd",
    "#bcc7cb",
    "#d3b9a6",
    "#c0b1a2",
)

INK, PINE, MOSS, RUST, CHALK, OCHRE, SLATE = "#41566b", "#38564a", "#6f7f5c", "#b5643f", "#ebe3d5", "#cf9f4c", "#5b6670"
OAK, WALNUT, BLACK, BRASS = "#c79a63", "#7d5537", "#34302c", "#c79f5c"

Shot = tuple[str, str, str, dict[str, Any]]  # suffix, colour, wall, choices

# name, subject, wall of the closer picture, then one shot per colour; the closer picture shows the first.
PRODUCTS: list[tuple[str, str, str, list[Shot]]] = [
    (
        "harbour-mug",
        "mug",
        MIST,
        [
            ("ink", INK, SAND, {}),
            ("moss", MOSS, CLAY, {}),
            ("honey", "#d9b26a", SKY, {"clay": "#8d5a3b"}),
            ("chalk", CHALK, SAGE, {}),
        ],
    ),
    ("ridge-espresso-cup", "cup", SKY, [("sage", "#8c9a7e", BLUSH, {}), ("chalk", "#e9e1d2", DUSK, {})]),
    ("morrow-beaker", "beaker", SAND, [("", "#c2703f", MIST, {})]),
    (
        "tide-bowl",
        "bowl",
        CLAY,
        [("lagoon", "#4f7a78", STONE, {}), ("chalk", CHALK, SAGE, {}), ("rust", "#a9553a", SAND, {})],
    ),
    (
        "tide-plate",
        "plate",
        BLUSH,
        [("chalk", "#e9e1d2", SAGE, {}), ("lagoon", "#5d8583", SAND, {}), ("rust", "#b0644a", MIST, {})],
    ),
    ("nest-bowls", "stacked_bowls", SAND, [("", "#d9b26a", SKY, {"others": (INK, "#e8dcc8")})]),
    (
        "oda-serving-bowl",
        "bowl",
        DUSK,
        [("", "#3b4448", BLUSH, {"wide": 400, "high": 270, "inside": "#d8c8a8", "clay": "#3b4448"})],
    ),
    ("well-carafe", "carafe", SKY, [("", "#a9bcb4", CLAY, {})]),
    (
        "flute-tumblers",
        "tumblers",
        SAND,
        [("amber", "#b98a4a", MIST, {}), ("clear", "#c9d4d0", CLAY, {}), ("smoke", "#6c7276", STONE, {})],
    ),
    ("lark-jug", "jug", SAGE, [("chalk", "#e6dac6", CLAY, {}), ("slate", SLATE, SAND, {"clay": "#d8c3a0"})]),
    (
        "furrow-vase",
        "vase",
        SAND,
        [("terracotta", "#c77f5e", MIST, {"ridges": True}), ("ink", "#2f3b3a", BLUSH, {"ridges": True})],
    ),
    ("column-vase", "tall_vase", SAGE, [("", "#e9e1d2", DUSK, {"form": "column", "flutes": 15, "twigs": True})]),
    ("gourd-vase", "vase", SKY, [("", "#8d9a8c", SAND, {"form": "gourd", "glaze": "#5f7168"})]),
    (
        "ember-kettle",
        "kettle",
        SKY,
        [("red", "#b5492f", STONE, {}), ("cream", "#eadfc8", SAGE, {}), ("pine", PINE, SAND, {})],
    ),
    (
        "slow-pot",
        "casserole",
        SAGE,
        [("pine", PINE, BLUSH, {}), ("ochre", "#c9963e", MIST, {}), ("midnight", "#33475b", CLAY, {})],
    ),
    ("forge-pan", "pan", MIST, [("", "#3a3836", SAND, {})]),
    ("long-board", "board", MIST, [("walnut", WALNUT, STONE, {"small": OAK}), ("oak", OAK, SKY, {"small": WALNUT})]),
    ("twin-mills", "mill", SAND, [("walnut", WALNUT, SAGE, {}), ("black", BLACK, CLAY, {})]),
    ("spoon-crock", "spoons", SAND, [("", "#e9e1d2", DUSK, {})]),
    ("pantry-jar", "jar", SAGE, [("", "#cfd8d2", BLUSH, {})]),
    ("leaf-tin", "canister", SAGE, [("navy", INK, SAND, {}), ("clay", RUST, MIST, {}), ("sage", "#8c9a7e", BLUSH, {})]),
    (
        "vesper-lamp",
        "dome",
        CLAY,
        [
            ("pine", "#2f4a45", DUSK, {}),
            ("terracotta", "#b5492f", SAND, {}),
            ("chalk", "#efe6d6", SAGE, {}),
            ("ochre", "#c9963e", MIST, {}),
        ],
    ),
    ("puff-lamp", "mushroom", CLAY, [("", "#f7efe0", DUSK, {})]),
    ("heron-lamp", "reading", SAND, [("red", "#b5492f", STONE, {}), ("black", "#34363a", BLUSH, {})]),
    (
        "bell-pendant",
        "pendant",
        SAND,
        [("ochre", "#d9b26a", SAGE, {}), ("chalk", "#efe6d6", CLAY, {}), ("pine", PINE, DUSK, {})],
    ),
    ("moon-lantern", "globe", DUSK, [("", "#f6eddb", CLAY, {})]),
    ("reed-floor-lamp", "floor_lamp", CLAY, [("", "#efe4cf", DUSK, {})]),
    (
        "alder-chair",
        "chair",
        SAND,
        [("moss", MOSS, STONE, {}), ("rust", RUST, MIST, {"wood": WALNUT}), ("dusk", "#5f7382", BLUSH, {})],
    ),
    ("tripod-stool", "stool", SKY, [("oak", OAK, STONE, {}), ("black", "#45403b", CLAY, {})]),
    (
        "tray-table",
        "side_table",
        MIST,
        [
            ("pine", PINE, SAND, {"wood": OAK}),
            ("chalk", "#e6ddcd", SAGE, {"wood": OAK}),
            ("rust", "#a9553a", SKY, {"wood": WALNUT}),
        ],
    ),
    ("dusk-bedside", "bedside", MIST, [("walnut", WALNUT, SAND, {}), ("oak", OAK, SAGE, {"front": "#7d8c74"})]),
    ("long-bench", "bench", SAND, [("padded", OAK, MIST, {"pad": "#c9b79a"}), ("bare", OAK, BLUSH, {})]),
    ("plain-shelf", "shelf", SAND, [("oak", OAK, MIST, {}), ("walnut", WALNUT, SAND, {})]),
    ("halo-mirror", "mirror", SAGE, [("brass", BRASS, DUSK, {}), ("black", BLACK, SAND, {})]),
    ("gate-mirror", "arch", SAND, [("", BLACK, MIST, {"form": "arch"})]),
    (
        "station-clock",
        "clock",
        MIST,
        [("petrol", "#3c5664", BLUSH, {}), ("brick", "#a9553a", MIST, {}), ("oak", OAK, SAGE, {})],
    ),
    ("hook-rail", "hooks", MIST, [("", OAK, SAND, {})]),
    (
        "linen-cushion",
        "cushion",
        MIST,
        [
            ("rust", RUST, SAND, {}),
            ("sage", "#8a9a86", BLUSH, {}),
            ("oat", "#d9cbb0", SKY, {}),
            ("ink", INK, CLAY, {}),
            ("plum", "#74505a", STONE, {}),
        ],
    ),
    (
        "deckchair-cushion",
        "cushion",
        SAND,
        [
            ("ink", "#efe4cf", SKY, {"stripe": INK, "piping": INK}),
            ("clay", "#efe4cf", SAGE, {"stripe": RUST, "piping": RUST}),
        ],
    ),
    (
        "fold-throw",
        "throw",
        BLUSH,
        [("moss", MOSS, STONE, {}), ("oat", "#d8c9ac", SKY, {}), ("brick", "#a9553a", SAND, {})],
    ),
    (
        "waffle-towel",
        "towel",
        SAND,
        [("sea", "#8aa39b", SAND, {}), ("chalk", "#e9e1d2", SAGE, {"stripes": RUST}), ("clay", "#c68a6b", MIST, {})],
    ),
    ("pair-tea-towels", "tea_towels", SKY, [("", INK, BLUSH, {})]),
    ("work-apron", "apron", SAND, [("ink", INK, STONE, {}), ("olive", "#6f6d49", BLUSH, {})]),
    ("rubber-plant", "rubber_plant", MIST, [("", "#3f7d54", BLUSH, {})]),
    ("snake-plant", "snake_plant", SAND, [("", "#3d6a4c", MIST, {})]),
    ("olive-tree", "olive_tree", SKY, [("", "#7f8f6a", SAND, {})]),
    ("column-cactus", "cactus", SKY, [("", "#5f8a62", CLAY, {})]),
    ("sword-fern", "fern", STONE, [("", "#4c8a4f", SAND, {})]),
    (
        "clay-planter",
        "planter",
        MIST,
        [
            ("terracotta", "#c2704d", SAGE, {}),
            ("chalk", "#e9e1d2", DUSK, {"flutes": 20}),
            ("slate", SLATE, SAND, {"flutes": 20}),
        ],
    ),
    ("long-spout-can", "watering_can", SAND, [("pine", PINE, STONE, {}), ("chalk", "#e6ddcd", SAGE, {})]),
    (
        "evening-candle",
        "candle",
        DUSK,
        [("cedar", "#8aa39b", BLUSH, {}), ("orange", "#d69f7e", STONE, {}), ("tea", "#77695c", SAND, {})],
    ),
    (
        "table-tapers",
        "tapers",
        DUSK,
        [("clay", RUST, STONE, {}), ("chalk", "#efe6d6", CLAY, {}), ("pine", PINE, BLUSH, {})],
    ),
    ("reed-diffuser", "diffuser", SAND, [("", "#b9a27c", MIST, {})]),
    (
        "cut-soap",
        "soap",
        MIST,
        [("olive", "#a8b39a", SAND, {}), ("lavender", "#a79ab2", BLUSH, {}), ("oat", "#d6c2a0", SKY, {})],
    ),
    ("amber-hand-wash", "pump_bottle", SAND, [("", "#6b3d1c", STONE, {})]),
    ("round-brush", "brush", SAND, [("", OAK, SKY, {})]),
    ("year-of-soups", "book", MIST, [("", "#a9553a", SAND, {"motif": "bowl"})]),
    ("plants-that-stay", "book", MIST, [("", PINE, BLUSH, {"motif": "leaf"})]),
    ("small-rooms", "book", CLAY, [("", INK, STONE, {"motif": "house"})]),
    ("slow-shelf", "book_stack", SAGE, [("", "#7a2e2a", SAND, {})]),
    (
        "field-notebook",
        "notebook",
        SAND,
        [("clay", RUST, STONE, {}), ("ink", INK, BLUSH, {}), ("moss", MOSS, SAND, {})],
    ),
    ("pencil-pot", "pencil_pot", MIST, [("", INK, CLAY, {})]),
    ("tent-calendar", "planner", SAND, [("", "#c77f5e", MIST, {})]),
    ("market-tote", "tote", SAND, [("natural", "#d8c6a4", SAGE, {}), ("olive", "#6f6d49", SAND, {})]),
    (
        "ranger-backpack",
        "backpack",
        MIST,
        [("pine", "#4a5a44", STONE, {}), ("navy", "#33475b", CLAY, {}), ("sand", "#cdb98f", SKY, {})],
    ),
    ("zip-pouch", "pouch", SAND, [("clay", RUST, MIST, {}), ("ink", INK, BLUSH, {})]),
]


def pictures() -> list[Picture]:
    """Every picture of the demo, in a fixed order."""
    found: list[Picture] = []
    for name, subject, close_wall, shots in PRODUCTS:
        what = SUBJECTS[subject]
        for suffix, colour, wall, choices in shots:
            found.append(Picture(f"{name}-{suffix}" if suffix else name, what, wall, colour, choices))
        _, colour, _, choices = shots[0]
        found.append(Picture(f"{name}-detail", what, close_wall, colour, choices, close=True))
    return found
