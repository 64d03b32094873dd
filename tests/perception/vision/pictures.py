"""Small pictures made by hand, and the virtual phone's, for the tests of looking at pictures."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Literal

from PIL import Image as Pillow
from PIL import ImageDraw

from device.protocol import Picture
from device.virtual.phone import PhoneConfig, VirtualPhone
from perception.element import Bounds
from perception.vision.image import Image

NOW = datetime(2026, 1, 2, tzinfo=UTC)
Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
SIGN = Bounds(300, 200, 348, 248)


def drawn(*boxes: tuple[Bounds, Colour], size: tuple[int, int] = (540, 960), ground: Colour = WHITE) -> Image:
    """A plain picture with filled boxes on it."""
    picture = Pillow.new("RGB", size, ground)
    pen = ImageDraw.Draw(picture)
    for box, colour in boxes:
        pen.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), fill=colour)
    return Image.of_pillow(picture)


def with_signs(
    *places: Bounds, ink: Colour = (30, 40, 60), ground: Colour = (250, 250, 250), kind: str = "arrow"
) -> Image:
    """A picture with a sign in each box: an arrow, or a cup for what is meant to be another one."""
    picture = Pillow.new("RGB", (540, 960), ground)
    pen = ImageDraw.Draw(picture)
    for place in places:
        width, height = place.width_px, place.height_px

        def at(x: float, y: float, place: Bounds = place, width: int = width, height: int = height) -> tuple[int, int]:
            return round(place.left + x * width), round(place.top + y * height)

        if kind == "arrow":
            pen.polygon(
                [at(0, 0.4), at(0.5, 0.4), at(0.5, 0.1), at(1, 0.5), at(0.5, 0.9), at(0.5, 0.6), at(0, 0.6)], ink
            )
        else:
            pen.pieslice((*at(0, -0.6), *at(1, 0.8)), 0, 180, ink)
            pen.rectangle((*at(0.2, 0.85), *at(0.8, 1)), ink)
    return Image.of_pillow(picture)


def encoded(image: Image, form: Literal["PNG", "JPEG"] = "PNG", quality: int = 80) -> Picture:
    target = io.BytesIO()
    Pillow.fromarray(image.rgb).save(target, form, **({"quality": quality} if form == "JPEG" else {}))
    return Picture(target.getvalue(), "image/png" if form == "PNG" else "image/jpeg", NOW)


def phone_picture(package: str = "com.android.settings", config: PhoneConfig | None = None) -> Image:
    phone = VirtualPhone(config)
    phone.windows.start(package, None)
    return Image.of_pillow(phone.picture())
