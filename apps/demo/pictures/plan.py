"""Which pictures there are: one per product and colour, and a closer second one for each product."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .subjects import SUBJECTS, Subject


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
