"""The `framebuffer:` service: the screen as raw pixels behind a 52-byte description. Pure packing.

Source: AOSP `packages/modules/adb/daemon/framebuffer_service.cpp`, version 1 of `fbinfo`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture: rows from the top, four bytes (red, green, blue, alpha) per pixel."""

    width_px: int
    height_px: int
    rgba: bytes


def pack_framebuffer(pixels: Pixels) -> bytes:
    """Version, bits per pixel, size, width, height, then bit offset and length of red, blue, green, alpha."""
    colours = (0, 8, 16, 8, 8, 8, 24, 8)
    head = struct.pack("<13I", 1, 32, len(pixels.rgba), pixels.width_px, pixels.height_px, *colours)
    return head + pixels.rgba
