"""The actions a device can be asked to do: a closed union of small types.

Every recorded step, every planner answer and every replay command is one of these. Consumers `match` over
`Action` and end with `assert_never`, so a new action cannot be forgotten anywhere. A point carries the screen
size it was measured on: a device refuses a point of another size (`StaleCoordinates`) instead of tapping
somewhere else. Nothing here touches a device.

The names are AndroidWorld's action types (arXiv 2405.14573); the size on the point is scrcpy's position mapper.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Direction = Literal["up", "down", "left", "right"]
Key = Literal[
    "home", "back", "enter", "delete", "recent", "search", "menu", "power", "wakeup", "sleep",
    "volume_up", "volume_down", "volume_mute", "camera", "tab", "escape",
    "up", "down", "left", "right", "center", "page_up", "page_down",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """A screen's size in px, in the orientation it is shown in."""

    width_px: int
    height_px: int

    def __post_init__(self) -> None:
        if self.width_px <= 0 or self.height_px <= 0:
            raise ValueError(f"a screen is at least 1 x 1 px, not {self.width_px} x {self.height_px}")


@dataclass(frozen=True, slots=True)
class Point:
    """A place in px on a screen of the given size. (0, 0) is the upper left pixel."""

    x_px: int
    y_px: int
    measured_on: Size

    def __post_init__(self) -> None:
        if not (0 <= self.x_px < self.measured_on.width_px and 0 <= self.y_px < self.measured_on.height_px):
            raise ValueError(
                f"({self.x_px}, {self.y_px}) lies outside the "
                f"{self.measured_on.width_px} x {self.measured_on.height_px} px screen it was measured on"
            )


@dataclass(frozen=True, slots=True)
class Tap:
    """A finger put down on a point and lifted at once."""

    at: Point


@dataclass(frozen=True, slots=True)
class DoubleTap:
    """Two taps on one point, quick enough for the app to take them as one gesture."""

    at: Point


@dataclass(frozen=True, slots=True)
class LongPress:
    """A finger that rests on a point for `duration_s` seconds."""

    at: Point
    duration_s: float = 0.8


@dataclass(frozen=True, slots=True)
class Swipe:
    """A finger drawn in a straight line; the content follows the finger."""

    start: Point
    end: Point
    duration_s: float = 0.3


@dataclass(frozen=True, slots=True)
class Scroll:
    """Shows what lies further in `direction` ("down" reveals what is below), inside the box from `start` to `end`.

    `share` is the part of the box's extent to move by, above 0 and up to 1.
    """

    direction: Direction
    top_left: Point
    bottom_right: Point
    share: float = 0.6

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"a scroll moves by a share above 0 and up to 1 of its box, not {self.share}")


@dataclass(frozen=True, slots=True)
class InputText:
    """Types text of any script into the focused field; `replace` empties the field first."""

    text: str
    replace: bool = False


@dataclass(frozen=True, slots=True)
class PressKey:
    """One key of the device or of its keyboard, pressed and let go."""

    key: Key


@dataclass(frozen=True, slots=True)
class OpenApp:
    """Brings an app to the front as its launcher icon would; `activity` names another entry of the same package."""

    package: str
    activity: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing for `duration_s` seconds."""

    duration_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Says something to the owner. Nothing happens on the device."""

    text: str


@dataclass(frozen=True, slots=True)
class Finish:
    """Ends the task. Nothing happens on the device."""

    success: bool = True
    reason: str = ""


Action: TypeAlias = (
    Tap | DoubleTap | LongPress | Swipe | Scroll | InputText | PressKey | OpenApp | Wait | Answer | Finish
)

ACTION_NAMES: dict[type, str] = {
    Tap: "tap",
    DoubleTap: "double_tap",
    LongPress: "long_press",
    Swipe: "swipe",
    Scroll: "scroll",
    InputText: "input_text",
    PressKey: "press_key",
    OpenApp: "open_app",
    Wait: "wait",
    Answer: "answer",
    Finish: "finish",
}


def to_dict(action: Action) -> dict[str, Any]:
    """The action as plain JSON data: `{"action": "tap", "at": {"x_px": …}}`. `from_dict` is its inverse."""
    return {"action": ACTION_NAMES[type(action)], **dataclasses.asdict(action)}


def from_dict(data: dict[str, Any]) -> Action:
    """Reads what `to_dict` wrote.

    Raises:
        ValueError: an unknown action, or fields that do not fit it; the message names them.
    """
    fields = dict(data)
    name = fields.pop("action", None)
    kind = next((kind for kind, known in ACTION_NAMES.items() if known == name), None)
    if kind is None:
        raise ValueError(f"unknown action {name!r}; known are {', '.join(ACTION_NAMES.values())}")
    for key in ("at", "start", "end", "top_left", "bottom_right"):
        if key in fields:
            fields[key] = _point(fields[key])
    try:
        action: Action = kind(**fields)
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from error
    return action


def _point(data: Any) -> Point:
    try:
        return Point(int(data["x_px"]), int(data["y_px"]), Size(**data["measured_on"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a point with x_px, y_px and measured_on: {data!r}") from error
