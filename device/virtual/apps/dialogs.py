"""Pages that can put one dialog or menu on top of themselves, and the dialogs: question, choice, entry, overflow menu.

The ids are those of Android's AlertDialog, whose positive button is `android:id/button1` and negative `button2`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from device.virtual.app import Page
from device.virtual.apps.kit import QUIET, Act, text_button
from device.virtual.window.view import FILL, Style, View, column, edges, edit, radio, row, scroll, text

_SHEET = Style(background="surface", corner_dp=28, elevation_dp=12)
_WIDTH_DP = 312.0
_CHOICES_SHOWN = 9  # a longer list scrolls inside the dialog


class DialogPage(Page):
    """A page that shows at most one dialog. Back and a touch beside it close it and change nothing."""

    _build: Callable[[], View] | None = None

    def show(self, build: Callable[[], View]) -> None:
        """Opens a dialog, which is built anew for each frame from the page's state."""
        self._build = build

    def hide(self) -> None:
        self._build = None

    def dialog(self) -> View | None:
        return None if self._build is None else self._build()

    def dialog_cancelled(self) -> None:
        self.hide()

    def ask(self, title: str, words: str, yes: str, on_yes: Act) -> None:
        """Asks before something that cannot be undone: `on_yes` runs only when the button `yes` is tapped."""
        self.show(
            lambda: question(title, words, yes=yes, on_yes=self.then(on_yes), no=self.t("cancel"), on_no=self.hide)
        )

    def menu(self, *entries: tuple[str, Act]) -> None:
        """Opens an overflow menu of (words, what it does)."""
        self.show(lambda: overflow(tuple((words, self.then(act)) for words, act in entries)))

    def then(self, act: Act) -> Act:
        """`act`, with the dialog closed before it - so that it may open another."""

        def run() -> None:
            self.hide()
            act()

        return run


def question(title: str, words: str, *, yes: str, on_yes: Act, no: str = "", on_no: Act | None = None) -> View:
    """A message with one or two answers."""
    message = text(words, id="android:id/message", style=Style(text_sp=14, color=QUIET)) if words else None
    return sheet(title, message, buttons=_answers(yes, on_yes, no, on_no))


def choice(
    title: str, options: Sequence[str], chosen: int, choose: Callable[[int], None], *, no: str, on_no: Act
) -> View:
    """One of several, marked by radio buttons; a tap on a row chooses it."""
    rows = [_option(words, index == chosen, index, choose) for index, words in enumerate(options)]
    height = 48.0 * min(len(rows), _CHOICES_SHOWN)
    options_list = scroll(*rows, cls="android.widget.ListView", id="android:id/select_dialog_listview", height=height)
    return sheet(title, options_list, buttons=_answers("", None, no, on_no))


def entry(
    title: str, words: str, on_text: Callable[[str], None], *, hint: str, yes: str, on_yes: Act, no: str, on_no: Act
) -> View:
    """Asks for one line of text."""
    field = edit(words, on_text, id="android:id/edit", hint=hint, on_enter=on_yes)
    return sheet(title, field, buttons=_answers(yes, on_yes, no, on_no))


def overflow(entries: Sequence[tuple[str, Act]]) -> View:
    """The menu of a page: its entries, one below the other."""
    rows = [
        row(
            text(words, id="title", style=Style(text_sp=16, max_lines=1)),
            key=words,
            width=FILL,
            height=48,
            pad=edges(16, 0),
            align="center",
            on_tap=act,
        )
        for words, act in entries
    ]
    return column(
        *rows, cls="android.widget.ListView", width=220, pad=edges(0, 8), style=Style(background="surface", corner_dp=8)
    )


def sheet(title: str, *body: View | None, buttons: Sequence[View] = ()) -> View:
    """The frame every dialog has: title, body, buttons at the end."""
    heading = text(title, id="android:id/alertTitle", style=Style(text_sp=20, bold=True)) if title else None
    answers = row(*buttons, width=FILL, justify="end", gap=8, id="buttonPanel") if buttons else None
    parent = "androidx.appcompat.widget.LinearLayoutCompat"
    return column(
        heading, *body, answers, id="parentPanel", cls=parent, width=_WIDTH_DP, pad=edges(24), gap=16, style=_SHEET
    )


def answer(words: str, on_tap: Act, number: int = 1) -> View:
    """A button of a dialog: 1 is Android's positive one, 2 the negative, 3 the neutral."""
    return text_button(words, on_tap, id=f"android:id/button{number}")


def _answers(yes: str, on_yes: Act | None, no: str, on_no: Act | None) -> list[View]:
    buttons = []
    if no and on_no is not None:
        buttons.append(answer(no, on_no, 2))
    if yes and on_yes is not None:
        buttons.append(answer(yes, on_yes))
    return buttons


def _option(words: str, chosen: bool, index: int, choose: Callable[[int], None]) -> View:
    return row(
        radio(chosen, None, focusable=False),
        text(
            words, id="android:id/text1", weight=1, cls="android.widget.CheckedTextView", checkable=True, checked=chosen
        ),
        key=str(index),
        width=FILL,
        height=48,
        gap=16,
        align="center",
        on_tap=lambda: choose(index),
    )
