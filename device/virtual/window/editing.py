"""Text fields: which one has the focus, where its caret stands, and what typing does to its text.

A field's text lives in its app: each change is handed to the view's `on_text` as the whole new text, and the caret
moves here. Only the uppermost window that takes keys can hold the focus that counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from device.virtual.window.compose import Compositor, find
from device.virtual.window.frame import Box, Window
from device.virtual.window.layout import Path, TextMeasure

_NUMBER = frozenset("0123456789.,-")
_PHONE = frozenset("0123456789+*#,;/() .-")


class Editing:
    """The focused field of one phone.

    Args:
        active: the uppermost window that takes keys, laid out as of now.
        handle: runs a handler of a view of the window with this name.
    """

    def __init__(
        self,
        compositor: Compositor,
        active: Callable[[], Window | None],
        handle: Callable[[str, Callable[[], object]], None],
    ) -> None:
        self._compositor = compositor
        self._active = active
        self._handle = handle

    def focused(self) -> Box | None:
        """The field that typed text goes to."""
        window = self._active()
        return None if window is None else self.focused_in(window)

    def focused_in(self, window: Window) -> Box | None:
        path = self._compositor.state(window.name).focus
        box = None if path is None else find(window, path)
        return box if box is not None and box.view.kind == "edit" and box.view.enabled else None

    def focus(self, window: Window, box: Box, cursor: int | None = None) -> None:
        """Puts the caret into a field, at its end unless said otherwise."""
        end = len(box.view.text)
        self._compositor.state(window.name).focus_on(box.path, end if cursor is None else min(end, cursor))

    def insert(self, text: str) -> bool:
        """Types at the caret. A line break in a field of one line is its enter key. False if no field has focus."""
        box = self.focused()
        if box is None:
            return False
        if box.view.input == "multiline":
            return self._insert(text)
        for number, part in enumerate(text.replace("\r\n", "\n").split("\n")):
            if number and not self.enter():
                return True  # the enter key took the field away: there is nowhere to type the rest
            if part and not self._insert(part):
                return True
        return True

    def _insert(self, text: str) -> bool:
        box = self.focused()
        if box is None:
            return False
        text = _allowed(box, text)
        before, caret = box.view.text, self._caret(box)
        self._change(box, before[:caret] + text + before[caret:], caret + len(text))
        return True

    def delete(self, *, forward: bool = False) -> bool:
        """The character before (or after) the caret goes; False if no field has focus."""
        box = self.focused()
        if box is None:
            return False
        before, caret = box.view.text, self._caret(box)
        first = caret if forward else caret - 1
        if 0 <= first < len(before):
            self._change(box, before[:first] + before[first + 1 :], first)
        return True

    def enter(self) -> bool:
        """The enter key: a new line in a field of many lines, else the field's own action."""
        window, box = self._active(), self.focused()
        if window is None or box is None:
            return False
        if box.view.input == "multiline":
            return self._insert("\n")
        if box.view.on_enter is not None:
            self._handle(window.name, box.view.on_enter)
        return True

    def clear(self) -> bool:
        box = self.focused()
        if box is None:
            return False
        self._change(box, "", 0)
        return True

    def replace(self, window: Window, path: Path, text: str) -> bool:
        """Focuses a field and gives it a new text; False if there is no such field."""
        box = find(window, path)
        if box is None or box.view.kind != "edit" or not box.view.enabled:
            return False
        self._compositor.state(window.name).focus_on(path, len(box.view.text))
        text = _allowed(box, text if box.view.input == "multiline" else text.replace("\n", " "))
        self._set(window.name, box, text, len(text))
        return True

    def move_caret(self, where: int | Literal["start", "end"]) -> bool:
        """By so many characters, or to "start" or "end"; False if no field has focus."""
        window, box = self._active(), self.focused()
        if window is None or box is None:
            return False
        end = len(box.view.text)
        named = {"start": 0, "end": end}
        caret = named[where] if isinstance(where, str) else min(end, max(0, self._caret(box) + where))
        self._compositor.state(window.name).focus_on(box.path, caret)
        return True

    def next_field(self) -> bool:
        """The tab key: the next visible field of the window has the focus; False if there is none."""
        window = self._active()
        if window is None:
            return False
        fields = [box for box in window.root.walk() if box.view.kind == "edit" and box.view.enabled]
        if not fields:
            return False
        paths = [box.path for box in fields]
        state = self._compositor.state(window.name)
        here = paths.index(state.focus) if state.focus in paths else -1
        self.focus(window, fields[(here + 1) % len(fields)])
        return True

    def _caret(self, box: Box) -> int:
        return len(box.view.text) if box.cursor is None else box.cursor

    def _change(self, box: Box, text: str, caret: int) -> None:
        window = self._active()
        if window is not None:
            self._set(window.name, box, text, caret)

    def _set(self, window: str, box: Box, text: str, caret: int) -> None:
        state = self._compositor.state(window)
        state.cursor = caret
        state.touched()
        on_text = box.view.on_text
        if on_text is not None and text != box.view.text:
            self._handle(window, lambda: on_text(text))


def caret_at(box: Box, x_px: float, size_px: int, measure: TextMeasure, left_px: int) -> int:
    """Where in a field of one line the caret goes when it is tapped at `x_px`; its text begins at `left_px`."""
    words, bold = box.view.text, box.view.style.bold
    if box.view.input == "multiline" or box.view.style.text_align != "start":
        return len(words)
    before = 0.0
    for place in range(len(words)):
        after = measure.width(words[: place + 1], size_px, bold)
        if left_px + (before + after) / 2 >= x_px:
            return place
        before = after
    return len(words)


def _allowed(box: Box, text: str) -> str:
    """What of a text a field of this input type takes."""
    if box.view.input == "number":
        return "".join(character for character in text if character in _NUMBER)
    if box.view.input == "phone":
        return "".join(character for character in text if character in _PHONE)
    return text
