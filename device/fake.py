"""A scripted device in memory, shipped beside the real ones: for tests of everything above `device`.

It holds named screens and rules of what leads where; it keeps the `Device` contract (sizes are checked, text needs a
focused field, a PIN lock is not opened), remembers every action it was asked for, and fails on demand:

    phone = FakeDevice({"list": FakeScreen(LIST_XML, "com.app"), "detail": FakeScreen(DETAIL_XML, "com.app")})
    phone.on(Tap, on="list", inside=(0, 200, 1080, 400), leads_to="detail")
    phone.fail_next("read", DeviceGone("unplugged"))

Time is a `ManualClock` unless another is given, so that waiting takes none.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from device.actions import (
    Action,
    Answer,
    Finish,
    InputText,
    LongPress,
    OpenApp,
    Point,
    PressKey,
    Size,
    Swipe,
    Wait,
)
from device.clock import Clock, ManualClock
from device.errors import (
    ActionRefused,
    AppNotInstalled,
    DeviceError,
    DeviceGone,
    EmptyHierarchy,
    NoTextField,
    ProtectedScreen,
    ScreenLocked,
    StaleCoordinates,
)
from device.protocol import DeviceInfo, Foreground, LockState, Performed, Picture, Reading, Touch

Box = tuple[int, int, int, int]  # left, top, right, bottom
Call = Literal["read", "picture", "perform", "awake", "touches", "info"]

PORTRAIT = Size(1080, 2400)
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


@dataclass(frozen=True, slots=True)
class FakeScreen:
    """One screen. A field that is to take text is a node with a class containing "Edit" and focused="true"."""

    hierarchy: str
    package: str = "com.example.fake"
    activity: str = ""
    keyboard_shown: bool = False
    secure: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What an action does: on this screen (None: any), of this kind, at a place inside the box (None: anywhere)."""

    kind: type[Action]
    on: str | None
    inside: Box | None
    leads_to: str | None
    then: Callable[[Action], None] | None
    where: Callable[[Action], bool] | None

    def fits(self, action: Action, screen: str) -> bool:
        if not isinstance(action, self.kind) or self.on not in (None, screen):
            return False
        if self.inside is not None and not any(_lies_in(point, self.inside) for point in _points(action)[:1]):
            return False
        return self.where is None or self.where(action)


@dataclass
class FakeDevice:
    """See the module's head. `actions` holds what was accepted, in order; `typed` what the focused field got."""

    screens: Mapping[str, FakeScreen]
    showing: str = ""
    serial: str = "fake-0001"
    size: Size = PORTRAIT
    clock: Clock = field(default_factory=ManualClock)
    apps: Mapping[str, str] = field(default_factory=dict)  # package -> the screen it opens
    rotation: int = 0
    screen_on: bool = True
    lock: LockState = "unlocked"
    hand: Sequence[Touch] = ()  # what the owner does while somebody watches
    actions: list[Action] = field(default_factory=list)
    typed: str = ""
    closed: bool = False

    def __post_init__(self) -> None:
        self._rules: list[Rule] = []
        self._failures: dict[Call, list[DeviceError]] = {}
        self._calls = threading.RLock()
        self.showing = self.showing or next(iter(self.screens))
        self._known(self.showing)

    # -- what a test arranges

    def on(
        self,
        kind: type[Action],
        *,
        on: str | None = None,
        inside: Box | None = None,
        leads_to: str | None = None,
        then: Callable[[Action], None] | None = None,
        where: Callable[[Action], bool] | None = None,
    ) -> None:
        """Adds a rule; of several that fit an action the latest counts."""
        if leads_to is not None:
            self._known(leads_to)
        self._rules.append(Rule(kind, on, inside, leads_to, then, where))

    def show(self, name: str) -> None:
        """Another screen comes up by itself; a field starts empty."""
        self._known(name)
        self.showing, self.typed = name, ""

    def fail_next(self, call: Call, *errors: DeviceError) -> None:
        """The next calls of this kind raise these errors, one each, and do nothing."""
        self._failures.setdefault(call, []).extend(errors)

    def turn(self, rotation: int) -> None:
        """Rotates the screen to 0..3 quarter turns; width and height are exchanged where it is due."""
        if (rotation - self.rotation) % 2:
            self.size = Size(self.size.height_px, self.size.width_px)
        self.rotation = rotation % 4

    # -- the Device protocol

    def info(self) -> DeviceInfo:
        with self._call("info"):
            return DeviceInfo(self.serial, "android", "Fake", "14", True)

    def read(self, *, timeout_s: float = 10.0) -> Reading:
        with self._call("read"):
            screen = self.screens[self.showing]
            if self.screen_on and "<node" not in screen.hierarchy:
                if screen.secure:
                    raise ProtectedScreen("the window in front is secure and shows no elements", serial=self.serial)
                raise EmptyHierarchy("the element tree came back empty", serial=self.serial)
            return Reading(
                serial=self.serial,
                taken_at=self.clock.now(),
                hierarchy=self._turned(screen.hierarchy),
                size=self.size,
                rotation=self.rotation,
                foreground=Foreground(screen.package, screen.activity),
                keyboard_shown=screen.keyboard_shown,
                screen_on=self.screen_on,
                lock=self.lock,
            )

    def picture(self, *, timeout_s: float = 10.0) -> Picture:
        with self._call("picture"):
            if self.screens[self.showing].secure:
                raise ProtectedScreen("the window in front is secure: it shows no picture", serial=self.serial)
            return Picture(_PIXEL, "image/png", self.clock.now())

    def perform(self, action: Action, *, timeout_s: float = 10.0) -> Performed:
        started_at, start_s = self.clock.now(), self.clock.monotonic_s()
        with self._call("perform"):
            self._refuse(action)
            self.actions.append(action)
            self._let_time_pass(action)
            self._apply(action)
        return Performed(action, started_at, self.clock.monotonic_s() - start_s)

    @contextmanager
    def awake(self) -> Iterator[None]:
        with self._call("awake"):
            was_on, was_locked = self.screen_on, self.lock
            if self.lock == "secure":
                raise ScreenLocked("a PIN, pattern or password stands in the way", serial=self.serial)
            self.screen_on, self.lock = True, "unlocked"
        try:
            yield
        finally:
            if not was_on:
                self.screen_on, self.lock = False, was_locked

    def touches(self, *, stop_after_s: float, stop: threading.Event | None = None) -> Iterator[Touch]:
        with self._call("touches"):
            hand = tuple(self.hand)
        start_s = self.clock.monotonic_s()
        return iter([touch for touch in hand if touch.at_s <= start_s + stop_after_s])

    def restore(self) -> None:
        """Nothing was changed."""

    def close(self) -> None:
        self.closed = True

    # -- inside

    @contextmanager
    def _call(self, name: Call) -> Iterator[None]:
        with self._calls:
            if self.closed:
                raise DeviceGone("the device was closed", serial=self.serial)
            if waiting := self._failures.get(name):
                raise waiting.pop(0)
            yield

    def _refuse(self, action: Action) -> None:
        for point in _points(action):
            if point.measured_on != self.size:
                raise StaleCoordinates("the screen has another size now; nothing was sent", serial=self.serial)
        if isinstance(action, InputText) and not self._has_field():
            raise NoTextField("no text field has the focus", serial=self.serial)
        if isinstance(action, OpenApp) and action.package not in self.apps:
            raise AppNotInstalled(f"{action.package} is not installed", serial=self.serial)

    def _let_time_pass(self, action: Action) -> None:
        if isinstance(action, (Wait, LongPress, Swipe)):
            self.clock.sleep(action.duration_s)

    def _apply(self, action: Action) -> None:
        match action:
            case Answer() | Finish() | Wait():
                return
            case InputText(text=text, replace=replace_all):
                self.typed = text if replace_all else self.typed + text
            case OpenApp(package=package):
                self.show(self.apps[package])
            case PressKey(key="sleep"):
                self.screen_on = False
            case PressKey(key="wakeup"):
                self.screen_on = True
        rule = next((rule for rule in reversed(self._rules) if rule.fits(action, self.showing)), None)
        if rule is not None:
            if rule.then is not None:
                rule.then(action)
            if rule.leads_to is not None:
                self.show(rule.leads_to)

    def _has_field(self) -> bool:
        nodes = re.findall(r"<node\b[^>]*>", self.screens[self.showing].hierarchy)
        return any(re.search(r'class="[^"]*Edit', node) and 'focused="true"' in node for node in nodes)

    def _turned(self, hierarchy: str) -> str:
        return re.sub(r'(<hierarchy\b[^>]*?)rotation="\d"', rf'\g<1>rotation="{self.rotation}"', hierarchy, count=1)

    def _known(self, name: str) -> None:
        if name not in self.screens:
            raise ValueError(f"no screen {name!r}; there are {', '.join(self.screens)}")


def refusing(device: FakeDevice, kind: type[Action]) -> None:
    """From now on Android refuses this kind of action."""

    def refuse(_action: Action) -> None:
        raise ActionRefused("Android rejected the input", serial=device.serial)

    device.on(kind, then=refuse)


def tree(*nodes: str) -> str:
    """A hierarchy of the given `<node …/>` elements."""
    head = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"
    return f'{head}\n<hierarchy rotation="0">{"".join(nodes)}</hierarchy>'


def node(text: str = "", *, bounds: Box = (0, 0, 100, 100), **attributes: str) -> str:
    """One leaf as uiautomator writes it; `attributes` with "_" for "-", e.g. `resource_id="app:id/send"`."""
    given = {
        "index": "0", "text": text, "resource-id": "", "class": "android.widget.TextView",
        "package": "com.example.fake", "content-desc": "", "checkable": "false", "checked": "false",
        "clickable": "false", "enabled": "true", "focusable": "false", "focused": "false", "scrollable": "false",
        "long-clickable": "false", "password": "false", "selected": "false", "visible-to-user": "true",
        "bounds": f"[{bounds[0]},{bounds[1]}][{bounds[2]},{bounds[3]}]",
    }  # fmt: skip
    given |= {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
    words = " ".join(f'{name}="{_escaped(value)}"' for name, value in given.items())
    return f"<node {words} />"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def _points(action: Action) -> list[Point]:
    values = (getattr(action, name) for name in type(action).__dataclass_fields__)
    return [value for value in values if isinstance(value, Point)]


def _lies_in(point: Point, box: Box) -> bool:
    return box[0] <= point.x_px < box[2] and box[1] <= point.y_px < box[3]
