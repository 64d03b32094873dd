"""The soft keyboard: a window of key views, typed on by tapping them.

Letters follow the phone's language (QWERTZ for German; Chinese has the Latin letters of its Pinyin layout, without
candidates), number and phone fields get a number pad. With an input method that draws nothing (uiautomator2's
AdbKeyboard, ADBKeyBoard) no window is shown; text then arrives through `Editing` all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from device.virtual.window.context import Context
from device.virtual.window.surface import Surface
from device.virtual.window.view import FILL, Input, Style, View, column, edges, row, text

PACKAGE = "com.android.inputmethod.latin"
SILENT_KEYBOARDS = frozenset(
    {"com.github.uiautomator/.AdbKeyboard", "com.android.adbkeyboard/.AdbIME", "com.github.uiautomator/.FastInputIME"}
)

_LETTERS: dict[str, tuple[str, ...]] = {
    "en": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "zh": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "de": ("qwertzuiopü", "asdfghjklöä", "yxcvbnmß"),
}
_SYMBOLS: tuple[str, ...] = ("1234567890", "@#$_&-+()/", "*\"':;!?")
_PAD = ("123-", "456 ", "789", ",0.")
_KEY = Style(background="surface", corner_dp=6, text_sp=20, text_align="center")
_SPECIAL = Style(background="surface_variant", corner_dp=6, text_sp=14, text_align="center")
_ROW_DP = 52.0
_ROW_LOW_DP = 38.0  # in landscape
_PAD_DP = 4.0

Layout = Literal["letters", "symbols", "pad"]


class Keyboard:
    """What the keyboard shows, and which window it was opened for.

    Args:
        typed: receives what a key types.
        deleted, entered: the delete and the enter key.
    """

    def __init__(
        self,
        context: Context,
        *,
        typed: Callable[[str], object],
        deleted: Callable[[], object],
        entered: Callable[[], object],
    ) -> None:
        self._context = context
        self._typed = typed
        self._deleted = deleted
        self._entered = entered
        self._shift = False
        self._symbols = False
        self._memo: tuple[object, Surface] | None = None
        self.wanted_by: str | None = None  # the window whose focused field asked for it

    @property
    def silent(self) -> bool:
        """Whether the input method in use draws nothing."""
        return self._context.prefs.keyboard in SILENT_KEYBOARDS

    def open(self, window: str) -> None:
        """Shows it for the focused field of a window."""
        if self.wanted_by != window:
            self.wanted_by, self._shift, self._symbols = window, False, False
            self._context.changed()

    def close(self) -> bool:
        """Hides it; False if it was not wanted anyway."""
        if self.wanted_by is None:
            return False
        self.wanted_by = None
        self._context.changed()
        return True

    def height_px(self) -> int:
        return 4 * self._context.px(self._row_dp()) + 2 * self._context.px(_PAD_DP)

    def surface(self, field: Input) -> Surface:
        """The keyboard's window for a field of this input type. The same object as long as it looks the same."""
        layout: Layout = "symbols" if self._symbols else "letters"
        if field in ("number", "phone"):
            layout = "pad"
        locale = self._context.prefs.locale
        look = (layout, self._shift, locale, self._row_dp())
        if self._memo is None or self._memo[0] != look:
            surface = Surface(
                name="InputMethod", kind="keyboard", package=PACKAGE, view=self._view(layout), place="keyboard"
            )
            self._memo = (look, surface)
        return self._memo[1]

    def _row_dp(self) -> float:
        size = self._context.size
        return _ROW_LOW_DP if size.width_px > size.height_px else _ROW_DP

    def _view(self, layout: Layout) -> View:
        if layout == "pad":
            rows = [self._characters(characters) for characters in _PAD]
            rows[2] = (*rows[2], self._key("\u232b", self._context.t("delete"), self._delete, _SPECIAL))
            rows[3] = (*rows[3], self._key("\u21b5", self._context.t("enter"), self._enter, _SPECIAL))
        else:
            rows = self._full(layout)
        lines = [row(*keys, gap=4, width=FILL, weight=1, align="stretch") for keys in rows]
        style = Style(background="surface_container")
        return column(*lines, gap=4, pad=edges(_PAD_DP), width=FILL, height=FILL, style=style)

    def _full(self, layout: Layout) -> list[tuple[View, ...]]:
        t = self._context.t
        language = self._context.prefs.locale.split("-")[0]
        lines: tuple[str, ...] = _SYMBOLS if layout == "symbols" else _LETTERS.get(language, _LETTERS["en"])
        if self._shift and layout == "letters":
            lines = tuple(line.replace("ß", "ẞ").upper() for line in lines)
        first, second, third = (self._characters(line) for line in lines)
        shift = self._key("\u21e7", t("shift_on" if self._shift else "shift"), self._toggle_shift, _SPECIAL, 1.5)
        if layout == "symbols":
            third = (*third, self._key("\u232b", t("delete"), self._delete, _SPECIAL, 1.5))
        else:
            third = (shift, *third, self._key("\u232b", t("delete"), self._delete, _SPECIAL, 1.5))
        other = "letters" if layout == "symbols" else "symbols"
        last = (
            self._key("ABC" if layout == "symbols" else "?123", t(other), self._toggle_symbols, _SPECIAL, 1.5),
            self._key(",", ",", lambda: self._type(",")),
            self._key(t("language"), t("space"), lambda: self._type(" "), _KEY, 5),
            self._key(".", ".", lambda: self._type(".")),
            self._key("\u21b5", t("enter"), self._enter, _SPECIAL, 1.5),
        )
        return [first, second, third, last]

    def _characters(self, characters: str) -> tuple[View, ...]:
        t = self._context.t
        return tuple(
            self._key(one, t("space") if one == " " else one, lambda one=one: self._type(one))  # type: ignore[misc]
            for one in characters
        )

    def _key(self, words: str, desc: str, on_tap: Callable[[], None], style: Style = _KEY, weight: float = 1) -> View:
        return text(words, desc=desc, on_tap=on_tap, style=style, weight=weight, height=FILL, key=f"key {desc}")

    def _type(self, character: str) -> None:
        self._typed(character)
        if self._shift:
            self._shift = False

    def _delete(self) -> None:
        self._deleted()

    def _enter(self) -> None:
        self._entered()

    def _toggle_shift(self) -> None:
        self._shift = not self._shift

    def _toggle_symbols(self) -> None:
        self._symbols = not self._symbols
