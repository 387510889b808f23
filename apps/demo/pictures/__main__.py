"""`python -m apps.demo.pictures [FOLDER]`: draws what is missing. Delete a file to have it drawn again."""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from . import render, scenes
from .plan import pictures

FOLDER = Path(__file__).resolve().parents[3] / "static" / "img" / "demo"
PROCESSES = 2


def draw(name: str, folder: Path) -> int:
    """Draws one picture or scene by its name; returns the bytes written."""
    for picture in pictures():
        if picture.name == name:
            return render.draw(picture, folder)
    scene = next(scene for scene in scenes.SCENES if scene.name == name)
    image = render.pixels(*scenes.drawings(scene, render.seed_of(name)), max(scenes.SCENE_WIDTHS))
    return render.write(render.grained(image), render.files_of(folder, name, scenes.SCENE_WIDTHS, scenes.SCENE_WIDTHS))


def missing(folder: Path) -> list[str]:
    wanted = {picture.name: render.files_of(folder, picture.name) for picture in pictures()}
    for scene in scenes.SCENES:
        wanted[scene.name] = render.files_of(folder, scene.name, scenes.SCENE_WIDTHS, scenes.SCENE_WIDTHS)
    return [name for name, files in wanted.items() if not all(path.exists() for path, _ in files)]


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    names = missing(folder)
    with ProcessPoolExecutor(PROCESSES) as workers:
        for name, size in zip(names, workers.map(draw, names, [folder] * len(names)), strict=True):
            print(f"{size / 1024:7.1f} kB  {name}")
    total = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{total / 1024 / 1024:7.2f} MB  in {folder}")


if __name__ == "__main__":
    main()
