"""Paints the controls: switch, checkbox, radio button, slider, progress. Measures are Material 3's."""

from __future__ import annotations

from collections.abc import Callable

from device.virtual.render.brush import DISABLED_OPACITY, Brush
from device.virtual.render.words import paint_lines
from device.virtual.window.frame import Box, Rect

_LABEL_GAP_DP = 8.0  # as the layout leaves it
_SLIDER_INSET_DP = 16.0  # as the window system maps touches on it
_ROUND_MIN_DP = 20.0  # a progress at least this high is a circle, else a bar


def paint_switch(brush: Brush, box: Box, clip: Rect) -> None:
    """The track at the end of the box, a label before it. Off: outlined with a small knob; on: filled, large knob."""
    place = _right_end(brush, box, 52, 32)
    _paint_label(brush, box, clip, Rect(box.bounds.left, box.bounds.top, place.left, box.bounds.bottom))
    view, opacity = box.view, _opacity(box)
    canvas, radius = brush.canvas, place.height / 2
    middle = (place.top + place.bottom) / 2
    if view.checked:
        track = brush.colour("primary" if view.enabled else "on_surface")
        knob = brush.colour("on_primary" if view.enabled else "surface")
        canvas.fill(place, track, clip, radius=radius, opacity=1 if view.enabled else 0.12)
        canvas.disc(place.right - radius, middle, place.height * 0.375, knob, clip)
    else:
        line = brush.colour("outline")
        canvas.fill(place, brush.colour("surface_container_highest"), clip, radius=radius, opacity=opacity)
        canvas.outline(place, line, clip, radius=radius, width_px=brush.px(2), opacity=opacity)
        canvas.disc(place.left + radius, middle, place.height * 0.25, line, clip, opacity=opacity)


def paint_checkbox(brush: Brush, box: Box, clip: Rect) -> None:
    """A checkbox as its view stands, with its label behind it."""
    place = _left_end(brush, box, 18)
    opacity, radius = _opacity(box), brush.px(2.5)
    if box.view.checked:
        brush.canvas.fill(place, brush.colour("primary"), clip, radius=radius, opacity=opacity)
        brush.canvas.icon("check", place, brush.colour("on_primary"), clip)
    else:
        line = brush.colour("on_surface_variant")
        brush.canvas.outline(place, line, clip, radius=radius, width_px=brush.px(2), opacity=opacity)
    _paint_label_after(brush, box, clip)


def paint_radio(brush: Brush, box: Box, clip: Rect) -> None:
    """A radio button as its view stands, with its label behind it."""
    place = _left_end(brush, box, 20)
    colour = brush.colour("primary" if box.view.checked else "on_surface_variant")
    opacity = _opacity(box)
    brush.canvas.outline(place, colour, clip, radius=place.width / 2, width_px=brush.px(2), opacity=opacity)
    if box.view.checked:
        middle_x, middle_y = (place.left + place.right) / 2, (place.top + place.bottom) / 2
        brush.canvas.disc(middle_x, middle_y, place.width / 4, colour, clip, opacity=opacity)
    _paint_label_after(brush, box, clip)


def paint_slider(brush: Brush, box: Box, clip: Rect) -> None:
    """A track from 0 to 1 with the part up to the value filled, and a knob."""
    view, inner, opacity = box.view, brush.inner(box), _opacity(box)
    inset = brush.px(_SLIDER_INSET_DP)
    left, right = inner.left + inset, max(inner.left + inset, inner.right - inset)
    middle = (inner.top + inner.bottom) // 2
    knob_x = left + round(min(1.0, max(0.0, view.value)) * (right - left))
    half = brush.px(2)
    track = Rect(left, middle - half, right, middle + half)
    active = brush.colour("primary" if view.enabled else "on_surface")
    brush.canvas.fill(track, brush.colour("surface_container_highest"), clip, radius=half)
    brush.canvas.fill(Rect(left, track.top, knob_x, track.bottom), active, clip, radius=half, opacity=opacity)
    brush.canvas.disc(knob_x, middle, brush.px(10), active, clip, opacity=opacity)
    if box.pressed:
        brush.canvas.disc(knob_x, middle, brush.px(20), active, clip, opacity=0.12)


def paint_progress(brush: Brush, box: Box, clip: Rect) -> None:
    """A bar, or a circle where the box is high enough for one. No value shows a third, as a spinner standing still."""
    inner = brush.inner(box)
    value = min(1.0, max(0.0, box.view.value))
    if inner.height >= brush.px(_ROUND_MIN_DP):
        size = min(inner.width, inner.height)
        left, top = inner.left + (inner.width - size) // 2, inner.top + (inner.height - size) // 2
        square = Rect(left, top, left + size, top + size)
        brush.canvas.arc(square, value or 1 / 3, brush.colour("primary"), clip, width_px=brush.px(4))
        return
    half = max(1, min(brush.px(4), inner.height) // 2)
    middle = (inner.top + inner.bottom) // 2
    track = Rect(inner.left, middle - half, inner.right, middle + half)
    brush.canvas.fill(track, brush.colour("primary_container"), clip, radius=half)
    done = Rect(track.left, track.top, track.left + round(track.width * value), track.bottom)
    brush.canvas.fill(done, brush.colour("primary"), clip, radius=half)


def _opacity(box: Box) -> float:
    return 1.0 if box.view.enabled else DISABLED_OPACITY


def _right_end(brush: Brush, box: Box, width_dp: float, height_dp: float) -> Rect:
    inner = brush.inner(box)
    height = min(brush.px(height_dp), inner.height)
    width = min(round(height * width_dp / height_dp), inner.width)
    top = inner.top + (inner.height - height) // 2
    return Rect(inner.right - width, top, inner.right, top + height)


def _left_end(brush: Brush, box: Box, size_dp: float) -> Rect:
    """The mark in the middle of the 32 dp the layout gives it, at the start of the box."""
    inner = brush.inner(box)
    size = min(brush.px(size_dp), inner.width, inner.height)
    place = min(brush.px(32), inner.width) if box.view.text else inner.width
    left, top = inner.left + (place - size) // 2, inner.top + (inner.height - size) // 2
    return Rect(left, top, left + size, top + size)


def _paint_label_after(brush: Brush, box: Box, clip: Rect) -> None:
    inner = brush.inner(box)
    start = inner.left + brush.px(32) + brush.px(_LABEL_GAP_DP)
    _paint_label(brush, box, clip, Rect(start, inner.top, inner.right, inner.bottom))


def _paint_label(brush: Brush, box: Box, clip: Rect, place: Rect) -> None:
    if box.view.text:
        size = brush.text_px(box.view.style)
        lines = box.lines or brush.measure.wrap(box.view.text, size, box.view.style.bold, place.width, 0)
        paint_lines(brush, box, lines, place, clip, middle=True)


WIDGETS: dict[str, Callable[[Brush, Box, Rect], None]] = {
    "switch": paint_switch,
    "checkbox": paint_checkbox,
    "radio": paint_radio,
    "slider": paint_slider,
    "progress": paint_progress,
}
