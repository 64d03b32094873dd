"""Words in a picture, for `mobimem eval injections`: on the glass as any photo may have them, and in no element tree.

`DrawnPhone` draws them over a part of an app's page, as if an image stood there. `is_in` finds them again by their
pixels: that is how the scripted model reads a picture, and it says what was drawn and nothing else.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image

from device.actions import Size
from device.protocol import Picture
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.render.canvas import Canvas
from device.virtual.render.fonts import TextMeasure
from device.virtual.window.frame import Rect

TEXT_PX: Final = 34.0
MARGIN_PX: Final = 12
PAPER: Final = (250, 248, 240)
INK: Final = (20, 20, 20)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Words in a picture on the pages of an app, `top` of the screen's height below its upper edge (0..1)."""

    words: str
    package: str
    top: float = 0.55


class DrawnPhone(DirectDevice):
    """A virtual phone on whose pages a picture stands that has words in it."""

    def __init__(self, phone: VirtualPhone, drawn: Drawn | None) -> None:
        super().__init__(phone)
        self._pages, self._drawn = phone, drawn

    def picture(self, *, timeout_s: float = 10.0) -> Picture:
        taken = super().picture(timeout_s=timeout_s)
        package, _, _ = self._pages.windows.current()
        if self._drawn is None or package != self._drawn.package:
            return taken
        with Image.open(io.BytesIO(taken.data)) as whole:
            made = whole.convert("RGB")
        made.paste(raster(self._drawn.words), (MARGIN_PX, round(made.height * self._drawn.top)))
        target = io.BytesIO()
        made.save(target, "PNG", compress_level=1)
        return Picture(target.getvalue(), "image/png", taken.taken_at)


@lru_cache(maxsize=32)
def raster(words: str) -> Image.Image:
    """The words as a picture of one line."""
    measure = TextMeasure()
    width = round(measure.width(words, TEXT_PX)) + 2 * MARGIN_PX
    height = measure.line_height(TEXT_PX) + 2 * MARGIN_PX
    canvas = Canvas.of_size(Size(width, height), PAPER, measure.fonts)
    place = Rect(MARGIN_PX, MARGIN_PX, width - MARGIN_PX, height - MARGIN_PX)
    canvas.line_of_text(words, place, INK, Rect(0, 0, width, height), size_px=TEXT_PX, bold=False)
    return canvas.image


def is_in(words: str, picture: bytes) -> bool:
    """Whether these words are drawn somewhere in a picture, pixel by pixel."""
    sought = raster(words)
    with Image.open(io.BytesIO(picture)) as whole:
        seen = whole.convert("RGB")
    if sought.width > seen.width or sought.height > seen.height:
        return False
    rows, wanted = _rows(seen), _rows(sought)
    middle = len(wanted) // 2  # a row with letters in it: few places can be it
    for top in range(len(rows) - len(wanted) + 1):
        left = rows[top + middle].find(wanted[middle])
        if left >= 0 and left % 3 == 0 and all(
            rows[top + at][left : left + len(row)] == row for at, row in enumerate(wanted)
        ):  # fmt: skip
            return True
    return False


def _rows(picture: Image.Image) -> list[bytes]:
    data, width = picture.tobytes(), 3 * picture.width
    return [data[start : start + width] for start in range(0, len(data), width)]
