# SPDX-License-Identifier: Apache-2.0
"""The bundled sample pictures: scenes of the data set's kind with chosen materials.

  python3 samples.py FOLDER   render the pictures without checking them
"""
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from make_dataset import Scene, render
from shapes import CLASSES
from textures import Texture

SEED = 90_210


@dataclass
class Sample:
    """ground and surface are (texture kind, colour, colour, scale)."""
    file: str
    label: str
    index: int
    width: int
    height: int
    ground: tuple
    surface: tuple
    radius: float = 0.6
    centre: tuple = (0.05, 0.02)
    turn: float = None
    light: tuple = (-0.5, -0.55, 0.9)


SAMPLES = [
    Sample("star-640x480.jpg", "star", 2, 640, 480,
           ("planks", "#5b3a22", "#a8784a", 1.0), ("glaze", "#e8a200", "#ffcf3f", 1.0), 0.66),
    Sample("heart-480x640.jpg", "heart", 9, 480, 640,
           ("weave", "#a59880", "#e9dfc8", 1.3), ("glaze", "#a80d1c", "#e03040", 1.0), 0.62,
           (-0.02, 0.03), 0.2),
    Sample("hexagon-601x403.jpg", "hexagon", 25, 601, 403,
           ("tiles", "#8c4a32", "#c9805a", 1.0), ("marble", "#0f4c75", "#d8ecf5", 1.2), 0.6),
    Sample("ring-800x450.jpg", "ring", 31, 800, 450,
           ("sand", "#b08c5a", "#e8cf9c", 1.0), ("stripes", "#f3efe6", "#c8242f", 1.1), 0.64),
    Sample("crescent-600x600.jpg", "crescent", 48, 600, 600,
           ("granite", "#1c2740", "#4a5a80", 1.0), ("marble", "#f1e6c8", "#b89a60", 1.0), 0.64,
           (-0.05, 0.0), 2.6),
    Sample("triangle-720x540.jpg", "triangle", 53, 720, 540,
           ("bricks", "#7d7468", "#b5ab9b", 1.0), ("wood", "#1d6b4f", "#58b58c", 1.0), 0.66),
]


def _texture(rng, kind, base, accent, scale):
    linear = lambda text: np.float32([int(text[i:i + 2], 16) / 255 for i in (1, 3, 5)]) ** 2.2
    return Texture(rng, kind, linear(base), linear(accent), scale)


def _mute(texture):
    """Draw the colours of a pebble or twig towards grey."""
    for name in ("base", "accent"):
        colour = getattr(texture, name)
        setattr(texture, name, colour + np.float32(0.7) * (colour.mean() - colour))


def sample_scene(sample):
    """A scene of the data set with the sample's materials and placement."""
    scene = Scene(SEED, sample.index, CLASSES.index(sample.label))
    rng = np.random.default_rng([SEED, sample.index, 1])
    scene.ground = _texture(rng, *sample.ground)
    shape = next(s for s in scene.solids if s.main)
    shape.texture = _texture(rng, *sample.surface)
    shape.height *= sample.radius / shape.radius
    shape.radius, shape.centre = sample.radius, np.array(sample.centre)
    shape.stretch, shape.skew = 1.0 + 0.3 * (shape.stretch - 1.0), 0.3 * shape.skew
    shape.angle = shape.angle if sample.turn is None else sample.turn
    for solid in scene.solids:
        if not solid.main:
            _mute(solid.texture)
    scene.light = np.float32(sample.light) / np.float32(np.linalg.norm(sample.light))
    scene.exposure, scene.tint = np.float32(1.3), np.float32([1.03, 1.0, 0.95])
    scene.spot = np.float32([-0.3, -0.3])
    return scene


def write_sample(sample, folder):
    """Render one sample into the folder; the path of the picture."""
    from PIL import Image
    path = Path(folder) / sample.file
    picture = render(sample_scene(sample), sample.width, sample.height, supersample=3)
    Image.fromarray(picture).save(path, quality=90)
    return path


if __name__ == "__main__":
    for one in SAMPLES:
        write_sample(one, sys.argv[1])
