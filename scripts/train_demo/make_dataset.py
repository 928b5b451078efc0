# SPDX-License-Identifier: Apache-2.0
"""Procedural pictures of ten shapes: a lit, textured shape on a textured ground.

A scene is drawn from (seed, index) alone and can be rendered at any size. Scene units:
the short side of the picture spans [-1, 1], the origin is the centre, y points down.

  python3 make_dataset.py sheet OUT.png [--seed S] [--first I]   contact sheet of scenes
"""
import argparse
import colorsys
import ctypes
from multiprocessing import Pool

import numpy as np

from shapes import CLASSES, SDF
from textures import GLOSS, GROUND_KINDS, OBJECT_KINDS, Texture, rotate, smoothstep

SUPERSAMPLE = 2


def _colour(rng, saturation, value, hue=None):
    hue = rng.uniform() if hue is None else hue
    rgb = colorsys.hsv_to_rgb(hue % 1.0, rng.uniform(*saturation), rng.uniform(*value))
    return np.float32(rgb) ** 2.2


def _texture(rng, kinds, saturation, value):
    """A texture with two related colours."""
    hue = rng.uniform()
    base = _colour(rng, saturation, value, hue)
    apart = rng.uniform(-0.08, 0.08) if rng.uniform() < 0.7 else rng.uniform(0.2, 0.8)
    accent = _colour(rng, saturation, value, hue + apart)
    gap = np.abs(np.sqrt(base) - np.sqrt(accent)).mean()
    if gap < 0.16:
        accent = accent * np.float32(0.38)
    return Texture(rng, kinds[rng.integers(len(kinds))], base, accent)


class Solid:
    """A bevelled solid lying on the ground: outline, placement, texture."""
    main = False  # the solid that names the picture

    def __init__(self, rng, sdf, texture, radius, centre, height):
        self.sdf, self.texture, self.radius, self.centre = sdf, texture, radius, centre
        self.height = height * radius
        self.angle = rng.uniform(0.0, 2.0 * np.pi)
        self.stretch = rng.uniform(0.9, 1.12)
        self.skew = rng.uniform(-0.12, 0.12)
        self.rounding = rng.uniform(0.02, 0.09)
        self.bevel = rng.uniform(0.16, 0.4)

    def local(self, x, y):
        x, y = (x - self.centre[0]) / self.radius, (y - self.centre[1]) / self.radius
        return rotate(x * self.stretch + self.skew * y, y / self.stretch, self.angle)

    def distance(self, x, y):
        """Signed distance in scene units (nearly: the placement is not quite rigid)."""
        grow = 1.0 + self.rounding
        u, v = self.local(x, y)
        return (self.sdf(u * grow, v * grow) / grow - self.rounding * 0.6) * self.radius

    def profile(self, distance):
        """Height above the ground of the bevelled top."""
        t = np.clip(-distance / (self.bevel * self.radius), 0.0, 1.0)
        return self.height * t * (2.0 - t)


def _pebble(x, y):
    return np.hypot(x, y) - 1.0


def _twig(x, y):
    return np.hypot(x - np.clip(x, -0.94, 0.94), y + 0.06 * np.sin(3.0 * x)) - 0.07


class Scene:
    """Everything random about one picture, in a fixed drawing order."""

    def __init__(self, seed, index, label=None):
        rng = np.random.default_rng([seed, index])
        self.label = index % len(CLASSES) if label is None else label
        self.ground = _texture(rng, GROUND_KINDS, (0.05, 0.6), (0.3, 0.9))
        surface = _texture(rng, OBJECT_KINDS, (0.25, 0.95), (0.35, 1.0))
        self._separate(rng, surface)
        surface.scale *= np.float32(rng.uniform(0.9, 1.5))
        radius = rng.uniform(0.36, 0.68)
        centre = rng.uniform(-0.24, 0.24, 2)
        sdf = SDF[CLASSES[self.label]]
        shape = Solid(rng, sdf, surface, radius, centre, rng.uniform(0.1, 0.28))
        shape.main = True
        self._draw_light(rng)
        clutter = [self._clutter(rng) for _ in range(rng.integers(0, 6))]
        split = rng.integers(0, len(clutter) + 1)
        self.solids = clutter[:split] + [shape] + clutter[split:]

    def _separate(self, rng, surface):
        """Mostly keep the shape's brightness or hue apart from the ground's."""
        mean = lambda t: np.sqrt(0.5 * (t.base + t.accent))
        wanted = rng.uniform(0.06, 0.2)
        if np.abs(mean(surface) - mean(self.ground)).mean() < wanted:
            factor = np.float32(0.35 if mean(self.ground).mean() > 0.45 else 2.2)
            surface.base = np.minimum(surface.base * factor, 1.0)
            surface.accent = np.minimum(surface.accent * factor, 1.0)

    def _draw_light(self, rng):
        azimuth, elevation = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(0.6, 1.1)
        flat = np.cos(elevation)
        self.light = np.float32([flat * np.cos(azimuth), flat * np.sin(azimuth),
                                 np.sin(elevation)])
        warm = rng.uniform(-1.0, 1.0)
        self.tint = np.float32([1.0 + 0.07 * warm, 1.0, 1.0 - 0.1 * warm])
        self.exposure = np.float32(rng.uniform(1.0, 1.5))
        self.spot = rng.uniform(-0.7, 0.7, 2).astype(np.float32)
        self.falloff = np.float32(rng.uniform(0.1, 0.45))

    @staticmethod
    def _clutter(rng):
        """A pebble or a twig anywhere in the picture, possibly over the shape."""
        texture = _texture(rng, ["granite", "marble", "glaze"], (0.05, 0.5), (0.25, 0.9))
        centre = rng.uniform(-1.3, 1.3, 2)
        if rng.uniform() < 0.6:
            return Solid(rng, _pebble, texture, rng.uniform(0.05, 0.13), centre, 0.7)
        texture.kind, texture.angle = "wood", 0.0  # the grain runs along the twig
        texture.base = _colour(rng, (0.3, 0.6), (0.5, 0.8), rng.uniform(0.04, 0.12))
        texture.accent = texture.base * np.float32(0.4)
        return Solid(rng, _twig, texture, rng.uniform(0.25, 0.5), centre, 0.06)


def _shade(scene, albedo, height, px, gloss):
    """Lambert and Blinn shading of a height map."""
    dy, dx = np.gradient(height, px)
    norm = 1.0 / np.sqrt(dx * dx + dy * dy + 1.0)
    lx, ly, lz = scene.light
    diffuse = np.maximum((lz - dx * lx - dy * ly) * norm, 0.0)
    hx, hy, hz = scene.light + np.float32([0, 0, 1])
    size = np.sqrt(hx * hx + hy * hy + hz * hz)
    shine = np.maximum((hz - dx * hx - dy * hy) * norm / size, 0.0) ** 40
    lit = albedo * (0.3 + 0.85 * diffuse)[..., None]
    return lit + (gloss * 0.55 * shine)[..., None]


def _window(x, y, solid, reach):
    """Index ranges of the pixels a solid and its shadow can touch."""
    spans = []
    for axis, c in ((y[:, 0], solid.centre[1]), (x[0], solid.centre[0])):
        lo, hi = np.searchsorted(axis, [c - reach, c + reach])
        spans.append(slice(max(lo - 2, 0), hi + 2))
    return tuple(spans)


def _cast_shadow(scene, image, x, y, solid):
    """Darken what lies under the solid: a soft cast shadow and contact occlusion."""
    lx, ly, lz = scene.light
    throw = 0.8 * solid.height / lz
    shade = np.zeros_like(x)
    for part in (0.35, 0.7, 1.0):
        d = solid.distance(x + part * throw * lx, y + part * throw * ly)
        shade = np.maximum(shade, smoothstep(0.035 + 0.04 * part, -0.03, d))
    contact = np.exp(-np.maximum(solid.distance(x, y), 0.0) / 0.05)
    image *= ((1.0 - 0.6 * shade) * (1.0 - 0.3 * contact))[..., None]


def _draw_solid(scene, image, x, y, px, solid):
    win = _window(x, y, solid, solid.radius * 1.3 + 0.35)
    x, y, view = x[win], y[win], image[win]
    if min(x.shape) < 3:
        return
    _cast_shadow(scene, view, x, y, solid)
    distance = solid.distance(x, y).astype(np.float32)
    u, v = solid.local(x, y)
    albedo, bump = solid.texture.sample(u * solid.radius, v * solid.radius, px)
    height = solid.profile(distance) + bump
    lit = _shade(scene, albedo, height, px, GLOSS.get(solid.texture.kind, 0.06))
    alpha = np.clip(0.5 - distance / px, 0.0, 1.0)[..., None]
    view += (lit - view) * alpha


def _tone(scene, image, x, y):
    """Uneven light, tint, a soft shoulder for the highlights, display gamma."""
    far = (x - scene.spot[0]) ** 2 + (y - scene.spot[1]) ** 2
    image = image * (scene.exposure / (1.0 + scene.falloff * far))[..., None] * scene.tint
    image = np.where(image > 0.7, 0.7 + 0.3 * np.tanh((image - 0.7) / 0.3), image)
    return np.maximum(image, 0.0) ** (1.0 / 2.2)


def render(scene, width, height, supersample=SUPERSAMPLE):
    """The picture as uint8 height x width x 3 (RGB)."""
    short, n = min(width, height), supersample
    px = 2.0 / (short * n)
    xs = (np.arange(width * n) + 0.5 - 0.5 * width * n) * px
    ys = (np.arange(height * n) + 0.5 - 0.5 * height * n) * px
    x, y = np.meshgrid(xs.astype(np.float32), ys.astype(np.float32))
    albedo, bump = scene.ground.sample(x, y, px)
    image = _shade(scene, albedo, bump, px, GLOSS.get(scene.ground.kind, 0.05))
    for solid in scene.solids:
        _draw_solid(scene, image, x, y, px, solid)
    image = _tone(scene, image, x, y)
    image = image.reshape(height, n, width, n, 3).mean((1, 3))
    return np.round(image * 255.0).clip(0, 255).astype(np.uint8)


def keep_freed_memory():
    """Tell glibc to reuse freed arrays; numpy renders four times as fast with it."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    for option in (-3, -1):  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD
        mallopt(option, 1 << 30)


def _render_job(job):
    seed, index, size = job
    return render(Scene(seed, index), size, size)


def make_set(seed, count, size, workers=1):
    """Pictures (count x size x size x 3, uint8) and labels of scenes 0..count-1."""
    keep_freed_memory()
    jobs = [(seed, i, size) for i in range(count)]
    if workers > 1:
        with Pool(workers) as pool:
            pictures = pool.map(_render_job, jobs, chunksize=50)
    else:
        pictures = [_render_job(job) for job in jobs]
    return np.stack(pictures), np.arange(count) % len(CLASSES)


def contact_sheet(seed, first, rows=5, columns=10, size=110):
    tiles = [render(Scene(seed, first + i), size, size) for i in range(rows * columns)]
    lines = [np.concatenate(tiles[r * columns:(r + 1) * columns], 1) for r in range(rows)]
    return np.concatenate(lines, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mode", choices=["sheet"])
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--size", type=int, default=110)
    args = parser.parse_args()
    from PIL import Image
    Image.fromarray(contact_sheet(args.seed, args.first, size=args.size)).save(args.out)


if __name__ == "__main__":
    main()
