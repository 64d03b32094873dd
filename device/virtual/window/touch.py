"""Routes gestures to views: who is tapped, what scrolls, which slider moves, which window a swipe belongs to.

A gesture belongs to the window and the views that were under the finger when it came down. When it ends, the views are
looked up again by path in the frame shown then, so a handler always sees the app as it is now, and a tap on what has
gone meanwhile does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from device.actions import Direction
from device.virtual.window import gestures
from device.virtual.window.compose import Compositor, chain, hit
from device.virtual.window.context import Context
from device.virtual.window.frame import Box, Frame, Window
from device.virtual.window.gestures import Contact, Recogniser
from device.virtual.window.layout import SLIDER_INSET_DP, Path
from device.virtual.window.surface import Surface, Swipe
from device.virtual.window.view import View

# A finger that still moves this fast when it goes up throws the content on. Android's own limit (50 dp/s) would make
# every injected swipe a fling; measured drags of 0.3 s and longer over half a screen stay below this.
FLING_MIN_DP_S = 2000.0
FLING_TIME_S = 0.2  # the content goes on by so much of its speed,
FLING_MAX_VIEWPORTS = 0.5  # and never further than this part of what is seen


class Desk(Protocol):
    """What the router needs of the window system."""

    def shown(self) -> Frame:
        """The frame the person sees."""
        ...

    def surface(self, window: str) -> Surface | None: ...

    def handle(self, window: str, act: Callable[[], object]) -> None:
        """Runs a handler of one of a window's views."""
        ...

    def field_tapped(self, window: Window, box: Box, x_px: float) -> None: ...


@dataclass(slots=True)
class _Touch:
    """One gesture on its way."""

    window: str
    path: Path
    outside: bool
    start: tuple[float, float]
    drag: Literal["none", "scroll", "slider", "swipe"] = "none"
    drag_path: Path = ()
    horizontal: bool = False
    rest_px: float = 0.0  # what a drag moved beyond whole pixels
    long_handled: bool = False
    pinch_path: Path = field(default=())


class TouchRouter:
    """The touches of one phone."""

    def __init__(self, context: Context, compositor: Compositor, desk: Desk) -> None:
        self._context = context
        self._compositor = compositor
        self._desk = desk
        self._recogniser = Recogniser(context.density)
        self._touch: _Touch | None = None
        self._waiting_tap: int | None = None  # timer of a tap that could still become a double tap

    def feed(self, contact: Contact) -> bool:
        """Takes one contact; True if it belongs to a window."""
        self._recogniser.density = self._context.density
        for gesture in self._recogniser.feed(contact):
            self._act(gesture)
        return self._touch is not None

    def tick(self) -> None:
        """Lets a resting finger become a long press."""
        for gesture in self._recogniser.tick(self._context.now_s()):
            self._act(gesture)

    def cancel(self) -> None:
        """The screen went off or turned: fingers that are down no longer count."""
        self._recogniser.reset()
        self._press(None)
        self._touch = None

    def _act(self, gesture: gestures.Gesture) -> None:
        match gesture:
            case gestures.Press(x, y):
                self._down(x, y)
            case gestures.Tap(x, y, count, held):
                self._press(None)
                self._tapped(x, count, held)
            case gestures.LongPress():
                self._long_press()
            case gestures.DragStart(dx, dy):
                self._press(None)
                self._drag_start(dx, dy)
            case gestures.Drag(x, _, dx, dy):
                self._drag(x, dx, dy)
            case gestures.Drop(dx, dy, speed_x, speed_y):
                self._drop(dx, dy, speed_x, speed_y)
            case gestures.PinchStart(x, y):
                self._press(None)
                self._pinch_start(x, y)
            case gestures.Pinch(factor):
                self._pinch(factor)

    # ---- finding

    def _window(self) -> Window | None:
        touch = self._touch
        if touch is None:
            return None
        return next((one for one in self._desk.shown().windows if one.name == touch.window), None)

    def _chain(self, path: Path) -> list[Box]:
        """The boxes from the touched window's root to `path`, now; empty if the path's end has gone."""
        window = self._window()
        found = [] if window is None or not path else chain(window, path)
        return found if found and found[-1].path == path else []

    # ---- one finger

    def _down(self, x: float, y: float) -> None:
        window = self._desk.shown().window_at(x, y)
        if window is None:
            self._touch = None
            return
        under = hit(window, x, y)
        self._touch = _Touch(window.name, under[-1].path if under else (), not under, (x, y))
        target = _nearest(under, _reacts)
        if target is not None and target.view.enabled:
            self._press(target.path)

    def _press(self, path: Path | None) -> None:
        if self._touch is not None:
            state = self._compositor.state(self._touch.window)
            if state.pressed != path:
                state.pressed = path
                state.touched()

    def _tapped(self, x: float, count: int, held: bool) -> None:
        touch, window = self._touch, self._window()
        if touch is None or window is None or touch.long_handled:
            return
        if touch.outside:
            surface = self._desk.surface(touch.window)
            if surface is not None and surface.on_cancel is not None:
                surface.on_cancel()
                self._context.changed()
            return
        target = _nearest(self._chain(touch.path), _reacts)
        if target is None or not target.view.enabled:
            return
        view = target.view
        if view.kind == "edit":
            self._desk.field_tapped(window, target, x)
        if view.kind == "slider":
            self._slide(touch.window, target, x)
        if view.on_double_tap is not None and not held:
            self._double(touch.window, view, count)
        elif view.on_tap is not None:
            self._desk.handle(touch.window, view.on_tap)

    def _double(self, window: str, view: View, count: int) -> None:
        """A view with both waits after a first tap whether a second one comes."""
        if self._waiting_tap is not None:
            self._context.timers.cancel(self._waiting_tap)
            self._waiting_tap = None
        if count == 2 and view.on_double_tap is not None:
            self._desk.handle(window, view.on_double_tap)
        elif view.on_tap is not None:
            tap = view.on_tap
            due_s = self._context.now_s() + gestures.DOUBLE_TAP_S
            self._waiting_tap = self._context.timers.call_at(due_s, lambda: self._desk.handle(window, tap))

    def _long_press(self) -> None:
        touch = self._touch
        if touch is None:
            return
        target = _nearest(self._chain(touch.path), lambda view: view.on_long_press is not None)
        if target is not None and target.view.enabled and target.view.on_long_press is not None:
            touch.long_handled = True
            self._press(None)
            self._desk.handle(touch.window, target.view.on_long_press)

    # ---- drags

    def _drag_start(self, dx: float, dy: float) -> None:
        touch = self._touch
        if touch is None or touch.long_handled:
            return
        touch.horizontal = abs(dx) > abs(dy)
        touch.drag = "swipe"
        for box in reversed(self._chain(touch.path)):
            if box.view.on_value is not None and touch.horizontal and box.view.enabled:
                touch.drag, touch.drag_path = "slider", box.path
                return
            extent = box.scroll
            if extent is not None and extent.max_offset_px and (box.view.kind == "hscroll") == touch.horizontal:
                touch.drag, touch.drag_path = "scroll", box.path
                return

    def _drag(self, x: float, dx: float, dy: float) -> None:
        touch = self._touch
        if touch is None:
            return
        if touch.drag == "slider":
            under = self._chain(touch.drag_path)
            if under:
                self._slide(touch.window, under[-1], x)
        elif touch.drag == "scroll":
            self._scroll(touch, -(dx if touch.horizontal else dy))

    def _scroll(self, touch: _Touch, by_px: float) -> None:
        under = self._chain(touch.drag_path)
        if not under or under[-1].scroll is None:
            return
        touch.rest_px += by_px
        whole = int(touch.rest_px)
        touch.rest_px -= whole
        self.scroll_by(touch.window, under[-1], whole)

    def scroll_by(self, window: str, box: Box, by_px: int) -> int:
        """Scrolls one view, as far as it goes; returns by how many px it moved."""
        if box.scroll is None:
            return 0
        state = self._compositor.state(window)
        before = state.offsets_px.get(box.path, box.scroll.offset_px)
        offset = min(max(0, before + by_px), box.scroll.max_offset_px)
        moved = offset - before
        if moved:
            state.offsets_px[box.path] = offset
            state.touched()
        return moved

    def _slide(self, window: str, box: Box, x: float) -> None:
        inset = self._context.px(SLIDER_INSET_DP)
        track = max(1, box.bounds.width - 2 * inset)
        value = min(1.0, max(0.0, (x - box.bounds.left - inset) / track))
        on_value = box.view.on_value
        if on_value is not None and value != box.view.value:
            self._desk.handle(window, lambda: on_value(value))

    def _drop(self, dx: float, dy: float, speed_x: float, speed_y: float) -> None:
        touch = self._touch
        if touch is None or touch.long_handled:
            return
        if touch.drag == "scroll":
            self._fling(touch, speed_x if touch.horizontal else speed_y)
        elif touch.drag == "swipe":
            surface = self._desk.surface(touch.window)
            if surface is not None and surface.on_swipe is not None:
                swipe = _swipe(dx, dy, touch.path)
                if surface.on_swipe(swipe):
                    self._context.changed()

    def _fling(self, touch: _Touch, speed_px_s: float) -> None:
        under = self._chain(touch.drag_path)
        if not under or under[-1].scroll is None or abs(speed_px_s) < FLING_MIN_DP_S * self._context.density:
            return
        furthest = under[-1].scroll.viewport_px * FLING_MAX_VIEWPORTS
        self._scroll(touch, -min(furthest, max(-furthest, speed_px_s * FLING_TIME_S)))

    # ---- two fingers

    def _pinch_start(self, x: float, y: float) -> None:
        touch, window = self._touch, self._window()
        if touch is None or window is None:
            return
        target = _nearest(hit(window, x, y), lambda view: view.on_pinch is not None)
        if target is None:
            target = _nearest(self._chain(touch.path), lambda view: view.on_pinch is not None)
        touch.pinch_path = () if target is None else target.path

    def _pinch(self, factor: float) -> None:
        touch = self._touch
        under = self._chain(touch.pinch_path) if touch is not None else []
        if touch is not None and under and under[-1].view.on_pinch is not None:
            on_pinch = under[-1].view.on_pinch
            self._desk.handle(touch.window, lambda: on_pinch(factor))


def _reacts(view: View) -> bool:
    """Whether a tap ends here: a clickable view takes it even when it is disabled."""
    handlers = (view.on_tap, view.on_double_tap, view.on_long_press, view.on_value)
    return view.kind == "edit" or view.clickable is True or any(handlers)


def _nearest(under: list[Box], fits: Callable[[View], bool]) -> Box | None:
    return next((box for box in reversed(under) if fits(box.view)), None)


def _swipe(dx: float, dy: float, path: Path) -> Swipe:
    horizontal: Direction = "right" if dx > 0 else "left"
    vertical: Direction = "down" if dy > 0 else "up"
    return Swipe(horizontal if abs(dx) > abs(dy) else vertical, int(max(abs(dx), abs(dy))), path)
