"""Paints a tree of boxes: shadow, background, content, children, border, the mark of being pressed.

Every box is cut to what its ancestors let through (`Box.visible`), which the layout has worked out already.
"""

from __future__ import annotations

from device.virtual.render import palette
from device.virtual.render.brush import DISABLED_OPACITY, Brush
from device.virtual.render.widgets import WIDGETS
from device.virtual.render.words import paint_field, paint_text
from device.virtual.window.frame import Box, Rect

_PRESSED_OPACITY = 0.12  # Material 3: state layer of a pressed element (0.1), a little stronger to be seen on a still

# In the dark a shadow shows nothing: what floats is lighter than the ground instead (Material 3: tonal elevation).
_LIFTED = {"surface": "surface_container_high", "background": "surface_container_high"}


def paint_box(brush: Brush, box: Box, around: Rect, *, background: bool = True) -> None:
    """The box and all below it. `around` is what the parent shows: a shadow may fall there."""
    if box.visible.empty:
        return
    if background:
        _paint_background(brush, box, around)
    kind = box.view.kind
    if kind == "text":
        if box.view.text:
            paint_text(brush, box, box.visible)
    elif kind == "edit":
        paint_field(brush, box, box.visible)
    elif kind == "image":
        _paint_image(brush, box)
    elif kind in WIDGETS:
        WIDGETS[kind](brush, box, box.visible)
    elif kind == "divider" and box.view.style.background is None:
        brush.canvas.fill(box.bounds, brush.colour("outline_variant"), box.visible)
    for child in box.children:
        paint_box(brush, child, box.visible)
    _paint_border(brush, box)
    if box.pressed and kind != "slider":
        _paint_pressed(brush, box)


def _paint_background(brush: Brush, box: Box, around: Rect) -> None:
    style = box.view.style
    if style.background is None or style.background == palette.TRANSPARENT:
        return
    radius = brush.px(style.corner_dp)
    if style.elevation_dp > 0:
        height = brush.px(style.elevation_dp)
        brush.canvas.shadow(box.bounds, around, radius=radius, height_px=height, dark=brush.dark)
    if style.background == palette.WALLPAPER:
        brush.canvas.wallpaper(box.visible, brush.night)
        return
    container = bool(box.children) or box.view.enabled
    opacity = 1.0 if container else DISABLED_OPACITY
    name = _LIFTED.get(style.background, style.background) if brush.dark and style.elevation_dp else style.background
    brush.canvas.fill(box.bounds, brush.colour(name), box.visible, radius=radius, opacity=opacity)


def _paint_border(brush: Brush, box: Box) -> None:
    style = box.view.style
    if style.border is None:
        return
    focused = box.view.kind == "edit" and box.focused
    name = "primary" if focused and style.border != "error" else style.border
    brush.canvas.outline(
        box.bounds, brush.colour(name), box.visible,
        radius=brush.px(style.corner_dp), width_px=brush.px(2 if focused else 1),
    )  # fmt: skip


def _paint_image(brush: Brush, box: Box) -> None:
    view = box.view
    if not view.style.icon:
        return
    size = max(1, round(brush.px(view.style.icon_dp) * view.scale))
    middle_x, middle_y = box.bounds.center
    left, top = middle_x - size // 2, middle_y - size // 2
    place = Rect(left, top, left + size, top + size)
    brush.canvas.icon(view.style.icon, place, brush.colour(view.style.color), box.visible, opacity=brush.opacity(box))


def _paint_pressed(brush: Brush, box: Box) -> None:
    """A veil in the shape of the box; around a bare icon a disc."""
    style, bounds = box.view.style, box.bounds
    radius = brush.px(style.corner_dp)
    if box.view.kind == "image" and style.background is None:
        size = min(bounds.width, bounds.height)
        left, top = bounds.center[0] - size // 2, bounds.center[1] - size // 2
        bounds, radius = Rect(left, top, left + size, top + size), size // 2
    tint = brush.colour(style.color)
    brush.canvas.fill(bounds, tint, box.visible, radius=radius, opacity=_PRESSED_OPACITY)
