# SPDX-License-Identifier: Apache-2.0
"""Signed distances (negative inside) of the ten shapes, about one unit in radius."""
import numpy as np


def _fold(x, y, n):
    """Polar fold of the plane to the sector around the nearest of n axes."""
    step = 2.0 * np.pi / n
    angle, radius = np.arctan2(y, x), np.hypot(x, y)
    angle = angle - step * np.round(angle / step)
    return radius * np.cos(angle), np.abs(radius * np.sin(angle))


def _polygon(x, y, n):
    """Regular polygon of unit circumradius."""
    apothem, half = np.cos(np.pi / n), np.sin(np.pi / n)
    u, v = _fold(x, y, n)
    u, v = u - apothem, np.maximum(v - half, 0.0)
    return np.where(u > 0.0, np.hypot(u, v), u)


def _box(x, y, half_w, half_h):
    u, v = np.abs(x) - half_w, np.abs(y) - half_h
    return np.hypot(np.maximum(u, 0), np.maximum(v, 0)) + np.minimum(np.maximum(u, v), 0)


def disc(x, y):
    return np.hypot(x, y) - 0.9


def ring(x, y):
    return np.abs(np.hypot(x, y) - 0.68) - 0.26


def square(x, y):
    return _box(x, y, 0.76, 0.76)


def triangle(x, y):
    return _polygon(x, y, 3)


def pentagon(x, y):
    return _polygon(x, y, 5)


def hexagon(x, y):
    return _polygon(x, y, 6)


def star(x, y, tip=1.05, notch=0.47):
    u, v = _fold(x, y, 5)
    nx, ny = notch * np.cos(np.pi / 5), notch * np.sin(np.pi / 5)
    ex, ey = nx - tip, ny
    t = np.clip(((u - tip) * ex + v * ey) / (ex * ex + ey * ey), 0.0, 1.0)
    distance = np.hypot(u - tip - t * ex, v - t * ey)
    return np.where((u - tip) * ey - v * ex < 0.0, -distance, distance)


def cross(x, y):
    return np.minimum(_box(x, y, 0.95, 0.3), _box(x, y, 0.3, 0.95))


def crescent(x, y, outer=0.95, inner=0.74, shift=0.48):
    """A disc minus a shifted disc (the exact distance, with its two tips)."""
    tip_x = (outer ** 2 - inner ** 2 + shift ** 2) / (2.0 * shift)
    tip_y = np.sqrt(outer ** 2 - tip_x ** 2)
    y = np.abs(y)
    near_tip = x * tip_y - y * tip_x > shift * np.maximum(tip_y - y, 0.0)
    side = np.maximum(np.hypot(x, y) - outer, inner - np.hypot(x - shift, y))
    return np.where(near_tip, np.hypot(x - tip_x, y - tip_y), side)


def heart(x, y):
    """Inigo Quilez' exact heart, moved and scaled to about one unit."""
    x, y = np.abs(x) / 1.6, (0.82 - y) / 1.6
    lobe = np.hypot(x - 0.25, y - 0.75) - np.sqrt(2.0) / 4.0
    low = 0.5 * np.maximum(x + y, 0.0)
    tip = np.minimum(np.hypot(x, y - 1.0), np.hypot(x - low, y - low)) * np.sign(x - y)
    return 1.6 * np.where(x + y > 1.0, lobe, tip)


CLASSES = ["disc", "ring", "square", "triangle", "pentagon",
           "hexagon", "star", "cross", "crescent", "heart"]
SDF = {name: globals()[name] for name in CLASSES}
