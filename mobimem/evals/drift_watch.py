"""The device of `mobimem eval drift`: it notes what is touched, and whether what has changed is ever met.

What a finger or key goes to is read from the phone's frame, by the keys of its views: a view keeps its key whatever its
id, words and place become. A `Mark` is how the thing a step is for looks at one moment; the marks of an undisturbed run
against those of a disturbed one tell whether the disturbance touched this task at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from device.actions import Action, DoubleTap, InputText, LongPress, Point, PressKey, Tap
from device.protocol import Performed, Reading
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.window.frame import Box, Frame, Window
from replay.commands import Progress

Hit = tuple[str, ...]
_CLOCK: Final = re.compile(r"\d:\d\d")  # a time of day says another thing every minute


@dataclass(frozen=True, slots=True)
class Mark:
    """How a view looks: its words and ids, its box, what stands beside it in its lists, and what says the same."""

    words: tuple[str, ...]
    ids: tuple[str, ...]
    place: tuple[int, int, int, int]
    order: tuple[tuple[str, ...], ...]
    namesakes: int
    seen: bool
    can_be_tapped: bool

    @property
    def name(self) -> str:
        """What a person calls it: its first words that are more than one letter; "" if it says nothing."""
        return next((word for word in self.words if len(word) > 1), "")


Meets = Callable[[Mark, Mark | None], bool]


@dataclass(slots=True)
class Truth:
    """What an undisturbed run touches at each step, how that looked, and how often it read the screen."""

    touched: dict[int, set[Hit]] = field(default_factory=dict)
    marks: dict[int, dict[Hit, Mark]] = field(default_factory=dict)
    reads: int = 0

    def all_marks(self) -> Iterator[Mark]:
        for marks in self.marks.values():
            yield from marks.values()


@dataclass(eq=False)
class Watched(DirectDevice):
    """The device. `then` happens once, at reading `at_read`; `truth` and `meets` tell whether the change is met."""

    phone: VirtualPhone
    upper_case: bool = False
    at_read: int = 0
    then: Callable[[], None] | None = None
    truth: Truth | None = None
    meets: Meets | None = None
    index: int = 0
    reads: int = 0
    met: bool = False
    hits: list[tuple[int, Hit, Action]] = field(default_factory=list)
    marks: dict[int, dict[Hit, Mark]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(self.phone)

    def progressed(self, progress: Progress) -> None:
        self.index = progress.index + 1
        self._compare()

    def read(self, *, timeout_s: float = 10.0) -> Reading:
        self.reads += 1
        if self.then is not None and self.reads == self.at_read:
            self.then()
        reading = super().read(timeout_s=timeout_s)
        self._compare()
        return replace(reading, hierarchy=upper(reading.hierarchy)) if self.upper_case else reading

    def perform(self, action: Action, *, timeout_s: float = 10.0) -> Performed:
        if isinstance(action, Tap | DoubleTap | LongPress | InputText | PressKey):
            frame = self.phone.windows.frame()
            hit = _hit(frame, action)
            self.hits.append((self.index, self._in_english(hit), action))
            if (look := mark(frame, hit)) is not None:
                self.marks.setdefault(self.index, {}).setdefault(hit, look)
        return super().perform(action, timeout_s=timeout_s)

    def _in_english(self, hit: Hit) -> Hit:
        """The hit with keys that are the app's own words in the words of the phone the task was shown on.

        An entry of a menu goes by its words. Only words that stand for one thing of the app are translated; any other
        key stays, and is another key.
        """
        package = self.phone.packages.find(hit[0])
        strings: Mapping[str, Mapping[str, str]] = {} if package is None or package.app is None else package.app.strings
        english, here = strings.get("en", {}), strings.get(self.phone.config.locale.partition("-")[0], {})
        if english is here:
            return hit
        meant: dict[str, set[str]] = {}
        for name, words in here.items():
            meant.setdefault(words, set()).add(english.get(name, words))
        return (*hit[:3], *(min(meant[key]) if len(meant.get(key, ())) == 1 else key for key in hit[3:]))

    def _compare(self) -> None:
        if self.met or self.truth is None or self.meets is None:
            return
        frame = self.phone.windows.frame()
        for hit, before in self.truth.marks.get(self.index, {}).items():
            self.met = self.met or self.meets(before, mark(frame, hit))


def mark(frame: Frame, hit: Hit) -> Mark | None:
    """How what a hit names looks in this frame; None where it is not there."""
    for window in frame.windows:
        if (window.package, window.activity, window.kind) == hit[:3]:
            chain = _chain(window.root, hit[3:])
            if chain:
                return _mark(window, chain)
    return None


def _mark(window: Window, chain: list[Box]) -> Mark:
    box = chain[-1]
    words = _words(box)
    same = [one for one in window.root.walk() if not one.visible.empty and _words(one) == words]
    return Mark(
        words=words,
        ids=tuple(one.view.id for one in (*chain, *box.walk()) if one.view.id),
        place=(box.visible.left, box.visible.top, box.visible.right, box.visible.bottom),
        order=tuple(
            tuple(child.path[-1] for child in above.children if child.path)
            for above in chain
            if above.scroll is not None
        ),
        namesakes=len([one for one in same if not any(_same(one, part) for part in (*chain, *box.walk()))]),
        seen=not box.visible.empty,
        can_be_tapped=box.view.on_tap is not None,
    )


def _chain(root: Box, keys: Hit) -> list[Box]:
    """The boxes from the root down to the one that goes by these keys; none where there is no such box."""
    return _below(root, keys, root.path) if keys else [root]


def _below(box: Box, keys: Hit, so_far: Hit) -> list[Box]:
    if so_far == keys:
        return [box]
    for child in box.children if so_far == keys[: len(so_far)] else ():
        if below := _below(child, keys, so_far + _own_key(child, box)):
            return [box, *below]
    return []


def _keys(root: Box, box: Box) -> Hit:
    """What a view goes by: its keys from the root down."""
    keys, above = root.path, root
    while above.path != box.path:
        inner = next(child for child in above.children if child.path == box.path[: len(child.path)])
        keys, above = keys + _own_key(inner, above), inner
    return keys


def _own_key(box: Box, above: Box) -> Hit:
    """The key of a view below another; () for the row of a grid, which is named after one of the things in it: which
    thing stands in which row depends on the language, and is no other thing."""
    key, view = box.path[len(above.path) :], box.view
    says_or_does = view.id or view.text or view.desc or view.hint or view.is_clickable
    named_after = any(child.path[len(box.path) :] == key for child in box.children)
    return () if named_after and not says_or_does else key


def _same(one: Box, other: Box) -> bool:
    return one.path == other.path


def _words(box: Box) -> tuple[str, ...]:
    said = (word for one in box.walk() for word in (one.view.text, one.view.desc, one.view.hint) if word)
    return tuple(word for word in said if not _CLOCK.search(word))


def _hit(frame: Frame, action: Tap | DoubleTap | LongPress | InputText | PressKey) -> Hit:
    match action:
        case InputText():
            return _focused(frame)
        case PressKey():
            return next((_of(window) for window in reversed(frame.windows) if window.kind in _FRONT), ("nothing",))
        case _:
            return _under_finger(frame, action.at, held=isinstance(action, LongPress))


_FRONT: Final = ("app", "dialog", "shade", "lock")


def _focused(frame: Frame) -> Hit:
    for window in reversed(frame.windows):
        for box in window.root.walk():
            if box.focused and box.view.kind == "edit":
                return (*_of(window), *_keys(window.root, box))
    return ("nothing",)


def _under_finger(frame: Frame, at: Point, *, held: bool) -> Hit:
    window = frame.window_at(at.x_px, at.y_px)
    if window is None:
        return ("nothing",)
    box = _touched(window.root, at, held=held)
    return _of(window) if box is None else (*_of(window), *_keys(window.root, box))


def _of(window: Window) -> Hit:
    return (window.package, window.activity, window.kind)


def _touched(root: Box, at: Point, *, held: bool) -> Box | None:
    """The innermost view under the finger that takes it: what is drawn later lies above."""
    found: Box | None = None
    for box in root.walk():
        view = box.view
        takes = view.is_clickable or view.kind in ("edit", "slider") or view.checkable
        takes = takes or (held and view.on_long_press is not None)
        if takes and box.visible.contains(at.x_px, at.y_px):
            found = box
    return found


def upper(hierarchy: str) -> str:
    """Every text in capitals; entities stay."""

    def capitals(match: re.Match[str]) -> str:
        said = re.sub(r"&[#\w]+;|[^&]+", lambda part: part[0] if part[0][0] == "&" else part[0].upper(), match[2])
        return f'{match[1]}="{said}"'

    return re.sub(r'\b(text|content-desc|hint)="([^"]*)"', capitals, hierarchy)
