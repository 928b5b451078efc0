# SPDX-License-Identifier: Apache-2.0
"""Procedural surface textures in scene units, independent of the resolution.

Every texture is a function (rng-drawn spec, x, y, px) -> (albedo HxWx3, height HxW);
px is the size of a pixel in scene units, finer detail than that is left out.
"""
import numpy as np

LATTICE = 64
TAU = 2.0 * np.pi


def smoothstep(lo, hi, t):
    t = np.clip((t - lo) / (hi - lo), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def mix(a, b, t):
    """Blend two colours by a map."""
    return a + (b - a) * t[..., None]


def rotate(x, y, angle):
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return c * x + s * y, c * y - s * x


def value_noise(lattice, x, y):
    """Periodic value noise in [-1, 1] with quintic interpolation."""
    x0, y0 = np.floor(x), np.floor(y)
    fx, fy = x - x0, y - y0
    mask = LATTICE - 1
    ix, iy = x0.astype(np.int32) & mask, y0.astype(np.int32) & mask
    jx, row = (ix + 1) & mask, iy * LATTICE
    below = ((iy + 1) & mask) * LATTICE
    fx = fx * fx * fx * (fx * (fx * 6.0 - 15.0) + 10.0)
    fy = fy * fy * fy * (fy * (fy * 6.0 - 15.0) + 10.0)
    a, b = lattice[row + ix], lattice[row + jx]
    c, d = lattice[below + ix], lattice[below + jx]
    top = a + (b - a) * fx
    return top + (c + (d - c) * fx - top) * fy


def fbm(lattice, x, y, px, octaves=6, gain=0.5):
    """Sum of octaves; x and y are already multiplied by the base frequency.

    px is the pixel size in the same units; octaves under 1.5 pixels are dropped.
    """
    total, amplitude = np.zeros_like(x), 1.0
    for k in range(octaves):
        if k and px > 0.66:
            break
        total += amplitude * value_noise(lattice, x + 17.3 * k, y + 9.1 * k)
        x, y = rotate(x * 2.03, y * 2.03, 0.65)
        px, amplitude = px * 2.03, amplitude * gain
    return total


class Texture:
    """One drawn texture: kind, two colours, a scale, an angle and a noise lattice."""

    def __init__(self, rng, kind, base, accent, scale=None):
        self.kind, self.base, self.accent = kind, base, accent
        self.scale = np.float32(rng.uniform(0.8, 1.35) if scale is None else scale)
        self.angle = rng.uniform(0.0, TAU)
        self.offset = rng.uniform(-20.0, 20.0, 2).astype(np.float32)
        self.lattice = rng.uniform(-1.0, 1.0, LATTICE * LATTICE).astype(np.float32)

    def sample(self, x, y, px):
        """Albedo and height of the texture at the scene points."""
        x, y = rotate(x, y, self.angle)
        x, y = (x * self.scale, y * self.scale)
        return getattr(self, "_" + self.kind)(x, y, px * self.scale)

    def _fbm(self, x, y, px, freq, octaves=6, gain=0.5):
        ox, oy = self.offset
        return fbm(self.lattice, x * freq + ox, y * freq + oy, px * freq, octaves, gain)

    def _grain(self, x, y, px, along, across, octaves=4):
        """Noise stretched along x."""
        ox, oy = self.offset
        return fbm(self.lattice, x * along + ox, y * across + oy, px * across, octaves)

    def _wood(self, x, y, px):
        bend = self._grain(x, y, px, 0.7, 2.2, 3)
        ring = 0.5 + 0.5 * np.sin(y * 26.0 + bend * 7.0)
        fibre = self._grain(x, y, px, 4.0, 50.0, 3)
        tone = np.clip(0.65 * ring ** 2 + 0.25 * fibre + 0.2, 0.0, 1.0)
        return mix(self.base, self.accent, tone), 0.004 * (fibre - ring)

    def _planks(self, x, y, px):
        width = 0.42
        row = np.floor(y / width)
        shift = self.lattice[(row.astype(np.int32) * 7) & 1023]
        albedo, height = self._wood(x + shift * 9.0, y + shift * 3.0, px)
        edge = np.abs(y / width - row - 0.5) * 2.0
        seam = smoothstep(1.0 - max(0.05, px * 2.0 / width), 1.0, edge)
        albedo = albedo * (1.0 + 0.16 * shift - 0.75 * seam)[..., None]
        return albedo, height - 0.012 * seam

    def _marble(self, x, y, px):
        warp = self._fbm(x, y, px, 1.6, 6)
        vein = 1.0 - np.abs(np.sin(x * 4.0 + warp * 3.2))
        cloud = self._fbm(y, x, px, 2.5, 4)
        tone = np.clip(vein ** 5 * 0.9 + 0.18 * cloud + 0.1, 0.0, 1.0)
        return mix(self.base, self.accent, tone), 0.0005 * cloud

    def _granite(self, x, y, px):
        coarse = self._fbm(x, y, px, 6.0, 5, 0.7)
        tone = np.clip(0.42 + 0.4 * coarse, 0.0, 1.0)
        return mix(self.base, self.accent, tone), 0.006 * coarse

    def _stripes(self, x, y, px):
        bend = self._fbm(x, y, px, 1.2, 2)
        wave = np.sin(y * 20.0 + 0.5 * bend)
        tone = smoothstep(-0.25, 0.25, wave)
        thread = self._grain(x, y, px, 8.0, 60.0, 2)
        albedo = mix(self.base, self.accent, tone) * (1.0 + 0.08 * thread)[..., None]
        return albedo, 0.003 * thread

    def _dots(self, x, y, px):
        pitch = 0.27
        row = np.floor(y / pitch)
        u = x / pitch + 0.5 * (row % 2.0)
        u, v = u - np.floor(u) - 0.5, y / pitch - row - 0.5
        edge = max(0.06, px / pitch)
        tone = smoothstep(0.30 + edge, 0.30 - edge, np.hypot(u, v))
        cloth = self._fbm(x, y, px, 14.0, 3)
        albedo = mix(self.base, self.accent, tone) * (1.0 + 0.07 * cloth)[..., None]
        return albedo, 0.004 * tone + 0.002 * cloth

    def _weave(self, x, y, px):
        f = 34.0
        sx, sy = np.sin(x * f), np.sin(y * f)
        over = smoothstep(-0.35, 0.35, sx * sy)
        thread = over * np.abs(np.cos(x * f)) + (1.0 - over) * np.abs(np.cos(y * f))
        haze = self._fbm(x, y, px, 1.3, 3)
        tone = np.clip(0.15 + 0.7 * over + 0.15 * haze, 0.0, 1.0)
        albedo = mix(self.base, self.accent, tone) * (0.72 + 0.34 * thread)[..., None]
        return albedo, 0.007 * thread

    def _sand(self, x, y, px):
        bend = self._fbm(x, y, px, 0.9, 3)
        ripple = np.sin(y * 13.0 + bend * 4.0)
        grain = self._fbm(x, y, px, 28.0, 3, 0.9)
        tone = np.clip(0.4 + 0.18 * ripple + 0.2 * grain, 0.0, 1.0)
        return mix(self.base, self.accent, tone), 0.013 * ripple + 0.003 * grain

    def _tiles(self, x, y, px):
        pitch = 0.46
        cx, cy = np.floor(x / pitch), np.floor(y / pitch)
        u, v = np.abs(x / pitch - cx - 0.5), np.abs(y / pitch - cy - 0.5)
        grout = smoothstep(0.44, 0.44 + max(0.03, px / pitch), np.maximum(u, v))
        pick = self.lattice[(cx.astype(np.int32) * 31 + cy.astype(np.int32) * 57) & 4095]
        cloud = self._fbm(x, y, px, 3.0, 5)
        tile = mix(self.base, self.accent, np.clip(0.45 + 0.4 * pick + 0.12 * cloud, 0.0, 1.0))
        grey = np.float32([0.36, 0.34, 0.32]) * np.float32(0.9)
        return mix(tile, grey, grout), -0.012 * grout

    def _bricks(self, x, y, px):
        h, w = 0.24, 0.54
        row = np.floor(y / h)
        u = x / w + 0.5 * (row % 2.0)
        col = np.floor(u)
        du, dv = (0.5 - np.abs(u - col - 0.5)) * w, (0.5 - np.abs(y / h - row - 0.5)) * h
        rough = self._fbm(x, y, px, 7.0, 5, 0.6)
        joint = smoothstep(0.034, 0.014, np.minimum(du, dv) + 0.006 * rough)
        pick = self.lattice[(col.astype(np.int32) * 31 + row.astype(np.int32) * 57) & 4095]
        tone = np.clip(0.5 + 0.35 * pick + 0.25 * rough, 0.0, 1.0)
        mortar = np.float32([0.55, 0.52, 0.48])
        return mix(mix(self.base, self.accent, tone), mortar, joint), 0.005 * rough - 0.018 * joint

    def _glaze(self, x, y, px):
        cloud = self._fbm(x, y, px, 1.7, 5)
        tone = np.clip(0.35 + 0.3 * cloud, 0.0, 1.0)
        return mix(self.base, self.accent, tone), 0.0004 * cloud

    def _moss(self, x, y, px):
        clump = self._fbm(x, y, px, 3.0, 6, 0.62)
        tone = np.clip(0.45 + 0.45 * clump, 0.0, 1.0)
        return mix(self.base, self.accent, tone), 0.02 * clump


OBJECT_KINDS = ["wood", "marble", "granite", "stripes", "dots", "weave", "glaze", "glaze"]
GROUND_KINDS = ["wood", "planks", "granite", "stripes", "dots", "weave", "sand",
                "tiles", "bricks", "moss", "marble"]
GLOSS = {"glaze": 0.75, "marble": 0.5, "wood": 0.18, "granite": 0.15, "tiles": 0.25}
