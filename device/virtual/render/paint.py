"""The picture of a frame: every window painted over the ones below it.

Reads nothing but the frame: the same frame gives the same picture, byte for byte, on one machine. Secure windows are
black (Android's FLAG_SECURE), and so is a screen that is off. A window whose root names no background gets the look of
its kind: a dialog floats on a sheet, a toast is a pill, the bars of the system are transparent and take light or dark
ink after what lies below them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache

from PIL import Image

from device.virtual.render import palette
from device.virtual.render.boxes import paint_box
from device.virtual.render.brush import Brush
from device.virtual.render.canvas import Canvas
from device.virtual.render.fonts import TextMeasure
from device.virtual.window.frame import Box, Frame, Rect, Window, WindowKind
from device.virtual.window.view import Style

DIM = 0.45  # of what lies behind a dialog; Android's own is 0.6 on 60 % black, Material's scrim 0.32
JPEG_QUALITY = 80
_BLACK = (0, 0, 0)
_BARS = ("status_bar", "navigation_bar")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a kind of window stands on when its root has no background of its own."""

    background: str | None
    corner_dp: float = 0
    elevation_dp: float = 0
    inverse: bool = False  # in the colours of the other theme


_SHEETS: dict[WindowKind, Sheet] = {
    "app": Sheet("background"),
    "dialog": Sheet("surface_container_high", 28, 6),
    "keyboard": Sheet("surface_container"),
    "status_bar": Sheet(None),
    "navigation_bar": Sheet(None),
    "heads_up": Sheet("surface_container_high", 24, 6),
    "shade": Sheet("surface_container_low"),
    "toast": Sheet("surface", 24, 3, inverse=True),
    "lock": Sheet(palette.WALLPAPER),
}


def paint(frame: Frame, *, scale: float = 1.0, measure: TextMeasure | None = None) -> Image.Image:
    """The picture of the frame as RGB, `scale` times its size (0.5: half as wide and high).

    Raises:
        UnknownColour, UnknownIcon: a view names what the theme does not have.
    """
    picture = _paint(frame, measure or _measure())
    if scale == 1.0:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def png(frame: Frame) -> bytes:
    """The picture as PNG: what `screencap -p` sends."""
    return encode(paint(frame), "PNG")


def jpeg(frame: Frame, quality: int = JPEG_QUALITY) -> bytes:
    """The frame as a JPEG; `quality` is 1 to 95."""
    return encode(paint(frame), "JPEG", quality)


def encode(picture: Image.Image, form: str, quality: int = JPEG_QUALITY) -> bytes:
    """A picture in "PNG" or "JPEG". PNG is compressed quickly rather than well, as Android does."""
    target = io.BytesIO()
    if form == "PNG":
        picture.save(target, form, compress_level=1)
    else:
        picture.save(target, form, quality=quality)
    return target.getvalue()


def _paint(frame: Frame, measure: TextMeasure) -> Image.Image:
    canvas = Canvas.of_size(frame.size, _BLACK, measure.fonts)
    if not frame.screen_on:
        return canvas.image
    brush = Brush(canvas, measure, frame.density, frame.dark, frame.dark, frame.font_scale)
    _paint_ground(brush, frame)
    for window in frame.windows:
        _paint_window(brush, window)
    return canvas.image


def _paint_ground(brush: Brush, frame: Frame) -> None:
    """Behind the transparent bars: the page in front, drawn on to the edges of the screen as modern apps do."""
    pages = [window for window in frame.windows if window.kind in ("app", "lock")]
    if not pages or pages[-1].secure:
        return
    page, canvas, screen = pages[-1], brush.canvas, brush.canvas.screen
    name = _own_style(page.root).background or _SHEETS[page.kind].background
    if name == palette.WALLPAPER:
        canvas.wallpaper(screen, brush.night)
        return
    if name is not None:
        canvas.fill(screen, brush.colour(name), screen)
    upper, lower = _edges(page.root)
    if upper is not None:
        canvas.fill(Rect(0, 0, screen.right, page.bounds.top), brush.colour(upper), screen)
    if lower is not None:
        canvas.fill(Rect(0, page.bounds.bottom, screen.right, screen.bottom), brush.colour(lower), screen)


def _own_style(root: Box) -> Style:
    """What a window itself makes its ground: the outermost box that covers it all and has a background."""
    box = root
    while box.view.style.background is None:
        whole = [child for child in box.children if child.bounds == root.bounds]
        if not whole:
            return Style()
        box = whole[0]
    return box.view.style


def _edges(root: Box) -> tuple[str | None, str | None]:
    """The backgrounds of what stands along the upper and the lower edge of a page: a coloured bar, for example."""
    upper = lower = None
    waiting = [root]
    while waiting:
        box = waiting.pop()
        name, bounds = box.view.style.background, box.bounds
        if box.scroll is None and bounds.left == root.bounds.left and bounds.right == root.bounds.right:
            if name not in (None, palette.WALLPAPER, palette.TRANSPARENT) and not box.view.style.corner_dp:
                upper = name if bounds.top == root.bounds.top else upper
                lower = name if bounds.bottom == root.bounds.bottom else lower
            waiting.extend(box.children)
    return upper, lower


def _paint_window(brush: Brush, window: Window) -> None:
    canvas, screen = brush.canvas, brush.canvas.screen
    if window.dims_behind:
        canvas.dim(DIM)
    if window.secure:
        canvas.fill(window.bounds, _BLACK, screen)
        return
    sheet = _SHEETS[window.kind]
    own = _own_style(window.root)
    inked = _with_ink_of(brush, window, own.background, sheet)
    if own.background is None:
        _paint_sheet(inked, window, sheet)
    elif sheet.elevation_dp and not own.elevation_dp:
        _paint_shadow(inked, window, own.corner_dp, sheet.elevation_dp)
    paint_box(inked, window.root, screen)
    if window.kind == "keyboard":
        below = Rect(window.bounds.left, window.bounds.bottom, window.bounds.right, screen.bottom)
        canvas.fill(below, inked.colour(own.background or sheet.background or "background"), screen)


def _with_ink_of(brush: Brush, window: Window, name: str | None, sheet: Sheet) -> Brush:
    """The brush with the half of the palette that can be read on the window's own ground `name`, else on its sheet."""
    dark = brush.dark
    if window.kind in _BARS and name is None:
        dark = not palette.is_light(brush.canvas.average(window.bounds))
    elif palette.WALLPAPER in (name, sheet.background if name is None else None):
        dark = True
    elif sheet.inverse and name is None:
        dark = not dark
    return brush if dark == brush.dark else replace(brush, dark=dark)


def _paint_sheet(brush: Brush, window: Window, sheet: Sheet) -> None:
    canvas, screen = brush.canvas, brush.canvas.screen
    place = window.root.bounds if sheet.corner_dp else window.bounds
    if sheet.background == palette.WALLPAPER:
        canvas.wallpaper(place.meet(screen), brush.night)
    elif sheet.background is not None:
        if sheet.elevation_dp:
            _paint_shadow(brush, window, sheet.corner_dp, sheet.elevation_dp)
        canvas.fill(place, brush.colour(sheet.background), screen, radius=brush.px(sheet.corner_dp))


def _paint_shadow(brush: Brush, window: Window, corner_dp: float, height_dp: float) -> None:
    """What floats always casts a shadow: on a page of its own colour nothing else would set it off."""
    radius, height = brush.px(corner_dp), brush.px(height_dp)
    brush.canvas.shadow(window.root.bounds, brush.canvas.screen, radius=radius, height_px=height, dark=brush.dark)


@cache
def _measure() -> TextMeasure:
    return TextMeasure()
