"""The line at the lower edge that says what an app has just done, with one button that takes it back."""

from __future__ import annotations

from device.virtual.app import Host
from device.virtual.apps.kit import Act, text_button
from device.virtual.window.view import FILL, Style, View, edges, row, text

SHOWN_S = 10.0  # Material's "long" is 2.75 s; what can be undone stays longer, as in mail apps


class Snackbar:
    """At most one line, for `SHOWN_S` seconds on the phone's clock. It belongs to the app and outlives a page.

    The ids are those of Material's own Snackbar.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._words = ""
        self._button: tuple[str, Act] | None = None
        self._number = 0

    def show(self, words: str, button: str = "", act: Act | None = None) -> None:
        """Shows `words` in place of what was shown, with a button if there is something for it to do."""
        self._number += 1
        mine = self._number
        self._words, self._button = words, None if act is None else (button, act)
        self._host.after(SHOWN_S, lambda: self._expire(mine))

    def hide(self) -> None:
        self._words, self._button = "", None

    def view(self) -> View | None:
        """For the lower edge of a page; None while there is nothing to say."""
        if not self._words:
            return None
        ink = Style(color="inverse_on_surface", text_sp=14, max_lines=2)
        look = Style(color="inverse_primary", text_sp=14, bold=True, text_align="center")
        button = None
        if self._button is not None:
            button = text_button(self._button[0], self._tap, id="snackbar_action", style=look)
        return row(
            text(self._words, id="snackbar_text", weight=1, style=ink),
            button,
            cls="com.google.android.material.snackbar.Snackbar$SnackbarLayout",
            width=FILL,
            pad=edges(16, 4, 8, 4),
            margin=edges(8),
            gap=8,
            align="center",
            height=52,
            style=Style(background="inverse_surface", corner_dp=4, elevation_dp=6),
        )

    def _tap(self) -> None:
        button = self._button
        self.hide()
        if button is not None:
            button[1]()

    def _expire(self, number: int) -> None:
        if number == self._number:
            self.hide()
            self._host.redraw()
