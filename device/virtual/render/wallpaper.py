"""The phone's background picture: a few soft lights on a deep gradient, made by code, the same on every machine.

In both themes it is dark enough for white text.
"""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageOps

from device.virtual.render.palette import Colour, mix

# per theme: upper colour, lower colour, then lights as (colour, centre x, centre y, diameter) in parts of the picture
_Light = tuple[Colour, float, float, float]
_LIGHT_THEME: tuple[Colour, Colour, tuple[_Light, ...]] = (
    (34, 56, 112),
    (86, 56, 104),
    (((44, 104, 150), 0.05, 0.10, 1.9), ((160, 84, 92), 1.0, 0.97, 1.9), ((76, 70, 148), 0.85, 0.35, 1.5)),
)
_DARK_THEME: tuple[Colour, Colour, tuple[_Light, ...]] = (
    (14, 20, 42),
    (34, 22, 46),
    (((22, 60, 92), 0.05, 0.10, 1.9), ((84, 42, 54), 1.0, 0.97, 1.9), ((40, 34, 86), 0.85, 0.35, 1.5)),
)
_RIM = 75  # Pillow's radial gradient still has this value at the middle of its sides when turned over
_DRAWN_AT = 8  # drawn this much smaller, then enlarged: nothing in it is sharp


@lru_cache(maxsize=6)
def wallpaper(width: int, height: int, dark: bool) -> Image.Image:
    """The picture at the size of the screen. Do not draw on it: it is shared."""
    upper, lower, lights = _DARK_THEME if dark else _LIGHT_THEME
    size = (max(2, width // _DRAWN_AT), max(2, height // _DRAWN_AT))
    picture = ImageOps.colorize(Image.linear_gradient("L").resize(size), upper, lower, mid=mix(upper, lower, 0.5))
    glow = ImageOps.invert(Image.radial_gradient("L")).point([max(0, value - _RIM) for value in range(256)])
    for colour, x, y, diameter in lights:
        side = round(max(size) * diameter)
        place = (round(x * size[0] - side / 2), round(y * size[1] - side / 2))
        picture.paste(colour, place, glow.resize((side, side)))
    return picture.resize((width, height), Image.Resampling.BICUBIC)
