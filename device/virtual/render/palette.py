"""Colours of the theme, light and dark: names of Material 3's roles, and "#rrggbb".

Apps name roles, never shades, so the dark theme needs nothing from them. The values are Material 3's baseline scheme.
Source: m3.material.io, "Color roles"; reference palettes of the baseline scheme.
"""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

Colour = tuple[int, int, int]

_HEX = re.compile(r"#[0-9a-fA-F]{6}")

_BOTH: dict[str, tuple[str, str]] = {  # role: (light, dark)
    "background": ("#fdfbff", "#131316"),
    "on_background": ("#1b1b1f", "#e4e2e6"),
    "surface": ("#fdfbff", "#131316"),
    "surface_dim": ("#dbd9dd", "#131316"),
    "surface_bright": ("#fdfbff", "#39393c"),
    "surface_container_lowest": ("#ffffff", "#0e0e11"),
    "surface_container_low": ("#f5f3f7", "#1b1b1f"),
    "surface_container": ("#efedf1", "#1f1f23"),
    "surface_container_high": ("#eae7ec", "#2a2a2d"),
    "surface_container_highest": ("#e4e2e6", "#353438"),
    "surface_variant": ("#e1e2ec", "#44474f"),
    "on_surface": ("#1b1b1f", "#e4e2e6"),
    "on_surface_variant": ("#44474f", "#c5c6d0"),
    "primary": ("#285ea7", "#a9c7ff"),
    "on_primary": ("#ffffff", "#003063"),
    "primary_container": ("#d6e3ff", "#00468b"),
    "on_primary_container": ("#001b3d", "#d6e3ff"),
    "secondary": ("#555f71", "#bdc7dc"),
    "on_secondary": ("#ffffff", "#273141"),
    "secondary_container": ("#d9e3f8", "#3e4758"),
    "on_secondary_container": ("#121c2b", "#d9e3f8"),
    "tertiary": ("#6f5675", "#dcbce1"),
    "on_tertiary": ("#ffffff", "#3e2845"),
    "tertiary_container": ("#f9d8fe", "#563e5c"),
    "on_tertiary_container": ("#28132f", "#f9d8fe"),
    "error": ("#ba1a1a", "#ffb4ab"),
    "on_error": ("#ffffff", "#690005"),
    "error_container": ("#ffdad6", "#93000a"),
    "on_error_container": ("#410002", "#ffdad6"),
    "success": ("#1e6c30", "#88d990"),
    "on_success": ("#ffffff", "#003913"),
    "warning": ("#845400", "#ffb95c"),
    "on_warning": ("#ffffff", "#462a00"),
    "outline": ("#74777f", "#8e9099"),
    "outline_variant": ("#c4c6d0", "#44474f"),
    "inverse_surface": ("#303033", "#e4e2e6"),
    "inverse_on_surface": ("#f2f0f4", "#303033"),
    "inverse_primary": ("#a9c7ff", "#285ea7"),
    "shadow": ("#000000", "#000000"),
    "scrim": ("#000000", "#000000"),
    "white": ("#ffffff", "#ffffff"),
    "black": ("#000000", "#000000"),
}
NAMES = frozenset(_BOTH)
WALLPAPER = "wallpaper"  # as a background: the phone's picture instead of one colour
TRANSPARENT = "transparent"  # as a background: none


class UnknownColour(ValueError):
    """An app named a colour that is neither a role of the theme nor "#rrggbb". Fix the app."""


@lru_cache(maxsize=1024)
def colour(name: str, dark: bool) -> Colour:
    """The red, green and blue (0..255) of a role or of "#rrggbb".

    Raises:
        UnknownColour: neither of both.
    """
    if _HEX.fullmatch(name):
        return _rgb(name)
    if name not in _BOTH:
        near = difflib.get_close_matches(name, _BOTH, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"the theme has {', '.join(sorted(_BOTH))}"
        raise UnknownColour(f"{name!r} is no colour of the theme and no '#rrggbb': {hint}")
    return _rgb(_BOTH[name][1 if dark else 0])


def mix(below: Colour, above: Colour, part: float) -> Colour:
    """`above` laid over `below` with an opacity of `part` (0..1)."""
    red, green, blue = (round(b + (a - b) * part) for b, a in zip(below, above, strict=True))
    return red, green, blue


def is_light(value: Colour) -> bool:
    """True if dark text reads better on this colour."""
    red, green, blue = value
    return 0.299 * red + 0.587 * green + 0.114 * blue > 105


def _rgb(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
