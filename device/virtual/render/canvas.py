"""The drawing surface: shapes, text and icons stamped in one colour through cached anti-aliased masks.

Everything is a mask (corner, shadow, icon, line of text) that is drawn once, kept, and pasted with a colour. So a
second picture costs little more than copying, and nothing but small masks is ever drawn oversized. Every stroke is cut
to a clip rectangle, as Android cuts a view to its ancestors.
"""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

from device.actions import Size
from device.virtual.render.fonts import DRAWN, Face, FontSet, box_advance, system_fonts
from device.virtual.render.icons import icon_mask
from device.virtual.render.palette import Colour
from device.virtual.render.wallpaper import wallpaper
from device.virtual.window.frame import Rect

_OVERSAMPLING = 4
_TEXT_MARGIN = 0.25  # around a line's mask, in text sizes: what letters reach beyond their advance
_BASELINE = 0.355  # below the middle of the line, in text sizes: half the height of a capital letter


class Canvas:
    """A picture under construction.

    Args:
        image: an RGB picture; drawn on in place.
        fonts: None takes the system's.
    """

    def __init__(self, image: Image.Image, fonts: FontSet | None = None) -> None:
        self.image = image
        self.fonts = fonts or system_fonts()
        self.screen = Rect(0, 0, image.width, image.height)

    @classmethod
    def of_size(cls, size: Size, fill: Colour, fonts: FontSet | None = None) -> Canvas:
        return cls(Image.new("RGB", (size.width_px, size.height_px), fill), fonts)

    def fill(self, rect: Rect, colour: Colour, clip: Rect, *, radius: float = 0, opacity: float = 1.0) -> None:
        """A rectangle, its corners rounded by `radius` px."""
        corner = _corner_px(rect, radius)
        seen = rect.meet(clip)
        if seen.empty or opacity <= 0:
            return
        if corner == 0 and opacity >= 1:
            self.image.paste(colour, (seen.left, seen.top, seen.right, seen.bottom))
        elif opacity < 1:
            self.stamp(_rounded(rect.width, rect.height, corner), rect.left, rect.top, colour, clip, opacity=opacity)
        else:
            self._solid(rect, corner, colour, clip)

    def outline(
        self, rect: Rect, colour: Colour, clip: Rect, *, radius: float, width_px: int, opacity: float = 1
    ) -> None:
        """The line along the inside of a rounded rectangle."""
        corner = _corner_px(rect, radius)
        if rect.meet(clip).empty or width_px <= 0:
            return
        left, top, right, bottom = rect.left, rect.top, rect.right, rect.bottom
        for edge in (
            Rect(left + corner, top, right - corner, top + width_px),
            Rect(left + corner, bottom - width_px, right - corner, bottom),
            Rect(left, top + corner, left + width_px, bottom - corner),
            Rect(right - width_px, top + corner, right, bottom - corner),
        ):
            self.fill(edge, colour, clip, opacity=opacity)
        if corner:
            for turn, (x, y) in enumerate(_corner_places(rect, corner)):
                self.stamp(_quarter_ring(corner, width_px, turn), x, y, colour, clip, opacity=opacity)

    def shadow(self, rect: Rect, clip: Rect, *, radius: float, height_px: float, dark: bool) -> None:
        """The soft shadow of a sheet that floats `height_px` above the ground."""
        blur = max(1, round(height_px * 1.2))
        corner = _corner_px(rect, radius)
        mask = _shadow(rect.width, rect.height, corner, blur)
        strength = 0.5 if dark else 0.26
        drop = round(height_px * 0.5)
        self.stamp(mask, rect.left - 2 * blur, rect.top - 2 * blur + drop, (0, 0, 0), clip, opacity=strength)

    def icon(self, name: str, rect: Rect, colour: Colour, clip: Rect, *, opacity: float = 1.0) -> None:
        """An icon in the middle of `rect`, as large as its shorter side."""
        size = min(rect.width, rect.height)
        if size > 0 and not rect.meet(clip).empty:
            x, y = rect.left + (rect.width - size) // 2, rect.top + (rect.height - size) // 2
            self.stamp(icon_mask(name, size), x, y, colour, clip, opacity=opacity)

    def disc(self, x: float, y: float, radius: float, colour: Colour, clip: Rect, *, opacity: float = 1.0) -> None:
        """A filled circle around (x, y)."""
        size = max(1, round(2 * radius))
        left, top = round(x - size / 2), round(y - size / 2)
        self.fill(Rect(left, top, left + size, top + size), colour, clip, radius=size / 2, opacity=opacity)

    def line_of_text(
        self, words: str, place: Rect, colour: Colour, clip: Rect, *, size_px: float, bold: bool, opacity: float = 1.0
    ) -> None:
        """One line of text that starts at the left of `place`, its capitals in the middle of its height."""
        if not words.strip() or place.top >= clip.bottom or place.bottom <= clip.top:
            return
        margin = round(size_px * _TEXT_MARGIN) + 1
        mask, baseline = _text_mask(self.fonts, words, round(size_px, 2), bold)
        y = place.top + round(place.height / 2 + _BASELINE * size_px) - baseline
        self.stamp(mask, place.left - margin, y, colour, clip, opacity=opacity)

    def stamp(self, mask: Image.Image, x: int, y: int, colour: Colour, clip: Rect, *, opacity: float = 1.0) -> None:
        """Lays `colour` on the picture through a mask whose upper left corner is at (x, y)."""
        whole = Rect(x, y, x + mask.width, y + mask.height)
        seen = whole.meet(clip).meet(self.screen)
        if seen.empty:
            return
        if seen != whole:
            mask = mask.crop((seen.left - x, seen.top - y, seen.right - x, seen.bottom - y))
        if opacity < 1:
            mask = mask.point(_fade(round(opacity, 3)))
        self.image.paste(colour, (seen.left, seen.top, seen.right, seen.bottom), mask)

    def arc(self, square: Rect, part: float, colour: Colour, clip: Rect, *, width_px: int) -> None:
        """A part (0..1) of a ring inside a square, clockwise from the top."""
        self.stamp(_arc(square.width, width_px, round(part, 3)), square.left, square.top, colour, clip)

    def wallpaper(self, rect: Rect, dark: bool) -> None:
        """The phone's background picture, as much of it as lies in `rect`."""
        picture = wallpaper(self.screen.width, self.screen.height, dark)
        place = (rect.left, rect.top, rect.right, rect.bottom)
        self.image.paste(picture if rect == self.screen else picture.crop(place), place)

    def average(self, rect: Rect) -> Colour:
        """The mean colour of what has been drawn there."""
        seen = rect.meet(self.screen)
        if seen.empty:
            return 0, 0, 0
        one = self.image.resize((1, 1), Image.Resampling.BOX, (seen.left, seen.top, seen.right, seen.bottom))
        red, green, blue = one.tobytes()
        return red, green, blue

    def dim(self, part: float) -> None:
        """Darkens everything drawn so far by `part` (0..1)."""
        self.image.paste(self.image.point(_fade(round(1 - part, 3)) * 3))

    def _solid(self, rect: Rect, corner: int, colour: Colour, clip: Rect) -> None:
        left, top, right, bottom = rect.left, rect.top, rect.right, rect.bottom
        for part in (
            Rect(left, top + corner, right, bottom - corner),
            Rect(left + corner, top, right - corner, top + corner),
            Rect(left + corner, bottom - corner, right - corner, bottom),
        ):
            seen = part.meet(clip).meet(self.screen)
            if not seen.empty:
                self.image.paste(colour, (seen.left, seen.top, seen.right, seen.bottom))
        for turn, (x, y) in enumerate(_corner_places(rect, corner)):
            self.stamp(_quarter(corner, turn), x, y, colour, clip)


def _corner_px(rect: Rect, radius: float) -> int:
    return max(0, min(round(radius), rect.width // 2, rect.height // 2))


def _corner_places(rect: Rect, corner: int) -> tuple[tuple[int, int], ...]:
    """Upper left, upper right, lower right, lower left: the turns of `_quarter`."""
    right, bottom = rect.right - corner, rect.bottom - corner
    return (rect.left, rect.top), (right, rect.top), (right, bottom), (rect.left, bottom)


@lru_cache(maxsize=64)
def _fade(part: float) -> list[int]:
    return [round(value * part) for value in range(256)]


@lru_cache(maxsize=256)
def _quarter(corner: int, turn: int) -> Image.Image:
    """A filled quarter circle; turn 0 is the upper left corner, then clockwise."""
    big = corner * _OVERSAMPLING
    image = Image.new("L", (big, big), 0)
    ImageDraw.Draw(image).ellipse((0, 0, 2 * big - 1, 2 * big - 1), fill=255)
    return image.resize((corner, corner), Image.Resampling.BOX).rotate(-90 * turn)


@lru_cache(maxsize=256)
def _quarter_ring(corner: int, width_px: int, turn: int) -> Image.Image:
    big, line = corner * _OVERSAMPLING, width_px * _OVERSAMPLING
    image = Image.new("L", (big, big), 0)
    ImageDraw.Draw(image).ellipse((0, 0, 2 * big - 1, 2 * big - 1), outline=255, width=line)
    return image.resize((corner, corner), Image.Resampling.BOX).rotate(-90 * turn)


@lru_cache(maxsize=64)
def _arc(size: int, width_px: int, part: float) -> Image.Image:
    big, line = size * _OVERSAMPLING, width_px * _OVERSAMPLING
    image = Image.new("L", (big, big), 0)
    ImageDraw.Draw(image).arc((0, 0, big - 1, big - 1), -90, -90 + 360 * part, fill=255, width=line)
    return image.resize((size, size), Image.Resampling.BOX)


@lru_cache(maxsize=64)
def _rounded(width: int, height: int, corner: int) -> Image.Image:
    """The mask of a whole rounded rectangle: for what is not opaque."""
    image = Image.new("L", (width, height), 255)
    for turn, (x, y) in enumerate(_corner_places(Rect(0, 0, width, height), corner) if corner else ()):
        image.paste(_quarter(corner, turn), (x, y))
    return image


@lru_cache(maxsize=48)
def _shadow(width: int, height: int, corner: int, blur: int) -> Image.Image:
    """A blurred rounded rectangle with 2 x blur around it, put together from a small one: blurring is what costs."""
    edge = 2 * blur + max(corner, 2 * blur)
    small_width, small_height = min(width, 2 * edge + 2), min(height, 2 * edge + 2)
    small = Image.new("L", (small_width + 4 * blur, small_height + 4 * blur), 0)
    small.paste(_rounded(small_width, small_height, min(corner, small_width // 2, small_height // 2)), (2 * blur,) * 2)
    small = small.filter(ImageFilter.GaussianBlur(blur * 0.75))
    return _stretch(small, width + 4 * blur, height + 4 * blur)


def _stretch(image: Image.Image, width: int, height: int) -> Image.Image:
    """Makes an image larger by repeating its middle column and row."""
    for side, grown in ((0, width), (1, height)):
        if grown <= image.size[side]:
            continue
        if side == 1:
            image = image.transpose(Image.Transpose.TRANSPOSE)
        half, tall = image.width // 2, image.height
        wide = Image.new("L", (grown, tall))
        wide.paste(image.crop((half, 0, half + 1, tall)).resize((grown, tall)), (0, 0))
        wide.paste(image.crop((0, 0, half, tall)), (0, 0))
        wide.paste(image.crop((half, 0, image.width, tall)), (grown - image.width + half, 0))
        image = wide.transpose(Image.Transpose.TRANSPOSE) if side == 1 else wide
    return image


@lru_cache(maxsize=2048)
def _text_mask(fonts: FontSet, words: str, size_px: float, bold: bool) -> tuple[Image.Image, int]:
    """The mask of one line and the y of its baseline in it. Its left margin is `_TEXT_MARGIN` sizes + 1 px."""
    margin = round(size_px * _TEXT_MARGIN) + 1
    runs = fonts.runs(words)
    widths = [_run_width(run.face, run.words, size_px, bold) for run in runs]
    baseline = round(size_px * 1.15) + 1
    image = Image.new("L", (round(sum(widths)) + 2 * margin, baseline + round(size_px * 0.55) + 1), 0)
    draw = ImageDraw.Draw(image)
    x = float(margin)
    for run, width in zip(runs, widths, strict=True):
        if run.face is None:
            _draw_signs(image, run.words, x, baseline, size_px)
        else:
            font = run.face.font(size_px, bold)
            draw.text((x, baseline), run.words, fill=255, font=font, anchor="ls")
            if bold and run.face.bold is None:
                draw.text((x + max(1.0, size_px / 32), baseline), run.words, fill=255, font=font, anchor="ls")
        x += width
    return image, baseline


def _run_width(face: Face | None, words: str, size_px: float, bold: bool) -> float:
    if face is None:
        return sum(box_advance(character) for character in words) * size_px
    return face.font(size_px, bold).getlength(words)


def _draw_signs(image: Image.Image, words: str, x: float, baseline: int, size_px: float) -> None:
    """Characters that have an icon, and boxes for those that no font has."""
    draw = ImageDraw.Draw(image)
    gap = size_px * 0.08
    for character in words:
        width = box_advance(character) * size_px
        if character in DRAWN:
            mask = icon_mask(DRAWN[character], max(1, round(size_px)))
            image.paste(255, (round(x), round(baseline - size_px * (_BASELINE + 0.5))), mask)
        else:
            corners = (x + gap, baseline - size_px * 0.74, x + width - gap, baseline)
            draw.rectangle(corners, outline=255, width=max(1, round(size_px / 20)))
        x += width
