"""Paints text and text fields: lines in their alignment, hints, bullets, the caret."""

from __future__ import annotations

from math import ceil

from device.virtual.render.brush import Brush
from device.virtual.window.frame import Box, Rect

BULLET = "\u2022"
_CARET_DP = 2.0
_ICON_GAP_DP = 8.0  # as the layout leaves it
_OVERHANG_PX = 2  # what a letter may reach beyond its advance


def paint_text(brush: Brush, box: Box, clip: Rect) -> None:
    """A text view. Buttons, centred text and text with an icon stand in the middle of their height, other text at the
    top. An icon stands before the words."""
    view = box.view
    style, inner = view.style, brush.inner(box)
    size = brush.text_px(style)
    lines = box.lines or brush.measure.wrap(view.text, size, style.bold, inner.width, style.max_lines)
    centred = style.text_align == "center" or view.cls.endswith("Button") or bool(style.icon)
    if style.icon:
        inner = _paint_icon_before(brush, box, lines, inner, clip)
    paint_lines(brush, box, lines, inner, clip, middle=centred)


def _paint_icon_before(brush: Brush, box: Box, lines: tuple[str, ...], inner: Rect, clip: Rect) -> Rect:
    """The icon of a text view; what is left of `inner` for the words, no wider than they are."""
    style = box.view.style
    icon, gap = brush.px(style.icon_dp), brush.px(_ICON_GAP_DP)
    widest = max((brush.measure.width(line, brush.text_px(style), style.bold) for line in lines), default=0.0)
    spare = max(0, inner.width - icon - gap - ceil(widest))
    left = inner.left + {"start": 0, "center": spare // 2, "end": spare}[style.text_align]
    top = (inner.top + inner.bottom - icon) // 2
    place = Rect(left, top, left + icon, top + icon)
    brush.canvas.icon(style.icon, place, brush.colour(style.color), clip, opacity=brush.opacity(box))
    return Rect(place.right + gap, inner.top, place.right + gap + ceil(widest), inner.bottom)


def paint_lines(
    brush: Brush, box: Box, lines: tuple[str, ...], inner: Rect, clip: Rect, *, middle: bool, colour: str = ""
) -> None:
    """Lines below each other inside `inner`, in the style of the box."""
    style = box.view.style
    size = brush.text_px(style)
    height = brush.measure.line_height(size)
    top = inner.top + (max(0, (inner.height - height * len(lines)) // 2) if middle else 0)
    ink = brush.colour(colour or style.color)
    for number, line in enumerate(lines):
        spare = inner.width - brush.measure.width(line, size, style.bold) if style.text_align != "start" else 0.0
        x = inner.left + (spare / 2 if style.text_align == "center" else spare)
        place = _line(x, top + number * height, height)
        brush.canvas.line_of_text(
            line, place, ink, _wider(box, clip), size_px=size, bold=style.bold, opacity=brush.opacity(box)
        )


def paint_field(brush: Brush, box: Box, clip: Rect) -> None:
    """A text field: what was typed (bullets for a password) or the hint, and the caret if it has the focus."""
    view = box.view
    inner = brush.inner(box)
    typed = BULLET * len(view.text) if view.input == "password" else view.text
    if not typed and view.hint:
        size = brush.text_px(view.style)
        one_line = 1 if view.input != "multiline" else 0
        hint = brush.measure.wrap(view.hint, size, view.style.bold, inner.width, one_line)
        paint_lines(brush, box, hint, inner, clip, middle=view.input != "multiline", colour="on_surface_variant")
    if view.input == "multiline":
        _paint_many_lines(brush, box, typed, inner, clip)
    else:
        _paint_one_line(brush, box, typed, inner, clip)


def _paint_one_line(brush: Brush, box: Box, typed: str, inner: Rect, clip: Rect) -> None:
    """The line, shifted so that the caret is in sight."""
    style = box.view.style
    size = brush.text_px(style)
    height = brush.measure.line_height(size)
    top = inner.top + (inner.height - height) // 2
    seen = clip.meet(Rect(inner.left - _OVERHANG_PX, clip.top, inner.right + _OVERHANG_PX, clip.bottom))
    caret_x = brush.measure.width(typed[: box.cursor], size, style.bold) if box.cursor is not None else 0.0
    spare = max(0.0, inner.width - brush.measure.width(typed, size, style.bold))
    indent = {"start": 0.0, "center": spare / 2, "end": spare}[style.text_align]
    start = inner.left + indent - max(0.0, indent + caret_x + brush.px(_CARET_DP) - inner.width)
    place = _line(start, top, height)
    brush.canvas.line_of_text(
        typed, place, brush.colour(style.color), seen, size_px=size, bold=style.bold, opacity=brush.opacity(box)
    )
    if box.cursor is not None:
        _paint_caret(brush, round(start + caret_x), top, height, seen)


def _paint_many_lines(brush: Brush, box: Box, typed: str, inner: Rect, clip: Rect) -> None:
    style = box.view.style
    size = brush.text_px(style)
    lines = box.lines if typed and box.lines else brush.measure.wrap(typed, size, style.bold, inner.width, 0)
    paint_lines(brush, box, lines, inner, clip, middle=False)
    if box.cursor is not None:
        number, before = caret_place(typed, lines, box.cursor)
        height = brush.measure.line_height(size)
        x = inner.left + min(brush.measure.width(before, size, style.bold), inner.width)
        _paint_caret(brush, round(x), inner.top + number * height, height, clip)


def caret_place(typed: str, lines: tuple[str, ...], cursor: int) -> tuple[int, str]:
    """(line, text before the caret on it). Lines have lost the blanks they were broken at; the text has not."""
    start = 0
    place = (0, typed[:cursor])
    for number, line in enumerate(lines):
        found = typed.find(line, start) if line else start + (number > 0 and typed[start : start + 1] == "\n")
        if found < 0 or found > cursor:
            break
        place = (number, typed[found:cursor])
        start = found + len(line)
    return place


def _paint_caret(brush: Brush, x: int, top: int, height: int, clip: Rect) -> None:
    width = brush.px(_CARET_DP)
    brush.canvas.fill(Rect(x, top, x + width, top + height), brush.colour("primary"), clip)


def _line(x: float, top: int, height: int) -> Rect:
    return Rect(round(x), top, round(x), top + height)


def _wider(box: Box, clip: Rect) -> Rect:
    """The clip of a line of text: letters may reach a little over the sides of their box."""
    left = clip.left - _OVERHANG_PX if clip.left == box.bounds.left else clip.left
    right = clip.right + _OVERHANG_PX if clip.right == box.bounds.right else clip.right
    return Rect(left, clip.top, right, clip.bottom)
