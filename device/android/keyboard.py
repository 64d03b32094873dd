"""Typing text of any script through uiautomator2's keyboard, and giving the owner's keyboard back.

Our keyboard takes text as base64 in a broadcast and commits it at the cursor: no key map, no shell quoting, no script
it cannot type. A line break is committed as a character, or as a blank where the field holds one line; it is never the
enter key, so typing never sends a message.
What the owner had is journalled on the phone before the first change (`journal`). Where our keyboard cannot be
installed, the clipboard is the way, and its content is put back.

Nothing is sent twice blindly: a broadcast that nobody received (result 0) changed nothing, and only that is repeated,
after taking the keyboard over again.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable

from adbutils.errors import AdbInstallError

from device.android import journal
from device.android.u2 import Automator, asset
from device.android.wire import Wire
from device.clock import Clock
from device.errors import ActionRefused, NoTextField

log = logging.getLogger(__name__)

_CHUNK_CHARACTERS = 4000  # 16 KB of UTF-8 at most, 22 KB as base64: far below adb's 64 KB and Linux's 128 KB
_READY_S = 5.0
_POLL_S = 0.1
_FIELD_CLASS = re.compile(r"Edit|AutoComplete|TextField|SearchBox|TextInput")
_SHOWN_COMMAND = "dumpsys input_method | grep -E 'mInputShown='"
_INPUT_TYPE_COMMAND = "dumpsys input_method | grep -o 'inputType=0x[0-9a-fA-F]*'"
_CLASS_MASK, _CLASS_TEXT, _MULTI_LINE = 0xF, 0x1, 0x20000  # android.text.InputType
_INSTALLED_COMMAND = "ime list -s -a"
_RECEIVED = "result=-1"


class Keyboard:
    """Our keyboard on one phone. Not thread-safe: the device serialises its calls."""

    def __init__(self, wire: Wire, automator: Automator, clock: Clock) -> None:
        self._wire = wire
        self._automator = automator
        self._clock = clock
        self._prepared = False
        self._taken_over = False
        self._paste_only = False

    def require_field(self) -> None:
        """Only looks.

        Raises:
            NoTextField: no text field has the focus.
        """
        focused = self._automator.focused()
        if any(_FIELD_CLASS.search(str(info.get("className"))) for info in focused):
            return
        if focused and "mInputShown=true" in self._wire.run(_SHOWN_COMMAND):
            return  # an app that draws its own fields: its view has the focus and the keyboard is up
        raise NoTextField("no text field has the focus", serial=self._wire.serial)

    def prepare(self) -> None:
        """Installs our keyboard if the phone has none, which may take a minute; if it cannot, text will be pasted."""
        if self._prepared:
            return
        if journal.OUR_IME not in self._wire.run(_INSTALLED_COMMAND):
            self._paste_only = not self._install()
        self._prepared = True

    def type(self, text: str, *, replace: bool) -> None:
        """Types at the cursor of the focused field; with `replace` empties the field first.

        Raises:
            ActionRefused: neither our keyboard nor the clipboard took it.
        """
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if "\n" in text and self._one_line():
            text = text.replace("\n", " ")
        if not (text or replace):
            return
        self.prepare()
        if self._paste_only:
            self._paste(text, replace=replace)
            return
        if not self._taken_over:
            self._take_over()
        first, *more = _broadcasts(text, replace=replace)
        if not self._received(first):
            self._take_over()  # somebody changed the keyboard, or ours is not listening yet: nothing was typed
            if not self._until(lambda: self._received(first)):
                raise self._refused("our keyboard does not listen")
        for commands in more:
            if not self._received(commands):
                raise self._refused("our keyboard stopped listening in the middle")

    def restore(self) -> None:
        """Puts the owner's keyboard back if this phone has a journal of ours, whoever wrote it. Idempotent."""
        put_back(self._wire, self._wire.run(journal.KEYBOARD_COMMAND))
        self._taken_over = False

    def _take_over(self) -> None:
        found = journal.parse_keyboards(self._wire.run(journal.KEYBOARD_COMMAND))
        owners = found.left_behind or journal.Found(found.default_ime, found.enabled_imes)
        answer = self._wire.run(journal.take_over_command(owners))
        if not answer.strip().endswith(journal.OUR_IME) and not self._until(self._ours_is_set):
            raise ActionRefused(
                f"Android does not switch to our keyboard: {answer.strip()[-200:]}",
                next_step="Allow the keyboard 'ADB Keyboard' in the phone's settings, or type by hand.",
                serial=self._wire.serial,
            )
        self._taken_over = True

    def _one_line(self) -> bool:
        """Whether the focused field is known to hold one line only."""
        kinds = re.findall(r"inputType=0x([0-9a-fA-F]+)", self._wire.run(_INPUT_TYPE_COMMAND))
        kind = int(kinds[0], 16) if kinds else 0
        return kind & _CLASS_MASK == _CLASS_TEXT and not kind & _MULTI_LINE

    def _ours_is_set(self) -> bool:
        return self._wire.run("settings get secure default_input_method").strip() == journal.OUR_IME

    def _install(self) -> bool:
        try:
            self._wire.install(asset("app-uiautomator.apk"))
        except AdbInstallError as error:
            log.warning("%s: our keyboard cannot be installed, text goes through the clipboard: %s",
                        self._wire.serial, error)  # fmt: skip
            return False
        return self._until(lambda: journal.OUR_IME in self._wire.run(_INSTALLED_COMMAND))

    def _until(self, holds: Callable[[], bool]) -> bool:
        """Looks every 0.1 s until it holds; False after 5 s."""
        end_s = self._clock.monotonic_s() + _READY_S
        while not holds():
            if self._clock.monotonic_s() > end_s:
                return False
            self._clock.sleep(_POLL_S)
        return True

    def _received(self, commands: tuple[str, ...]) -> bool:
        """Sends broadcasts; False if nobody received any of them.

        Raises:
            ActionRefused: some were received and some were not, or the answer is unknown.
        """
        answer = self._wire.run("; ".join(commands))
        if answer.count(_RECEIVED) == len(commands):
            return True
        if _RECEIVED not in answer and "result=0" in answer:
            return False
        raise self._refused(f"our keyboard answered {answer.strip()[-200:]!r}")

    def _refused(self, why: str) -> ActionRefused:
        return ActionRefused(why, next_step="Read the screen: part of the text may be there.", serial=self._wire.serial)

    def _paste(self, text: str, *, replace: bool) -> None:
        if replace:
            self._automator.clear_field()
        if text and not self._automator.paste(text):
            raise ActionRefused("neither our keyboard nor the clipboard took the text", serial=self._wire.serial)


def put_back(wire: Wire, answer: str) -> bool:
    """Given the answer to KEYBOARD_COMMAND, undoes what a session left; True if there was something to undo."""
    found = journal.parse_keyboards(answer)
    if found.left_behind is None:
        return False
    set_now = wire.run(journal.put_back_command(found.left_behind)).strip()
    if set_now.endswith(journal.OUR_IME) and found.left_behind.default_ime != journal.OUR_IME:
        log.warning("%s: the owner's keyboard %s could not be put back", wire.serial, found.left_behind.default_ime)
    return True


def _broadcasts(text: str, *, replace: bool) -> list[tuple[str, ...]]:
    """What to send, one tuple per shell command; the field is emptied in the same command as the first text."""
    pieces = [text[i : i + _CHUNK_CHARACTERS] for i in range(0, len(text), _CHUNK_CHARACTERS)]
    coded = [base64.b64encode(piece.encode()).decode() for piece in pieces]
    commands = [(f"am broadcast -a ADB_KEYBOARD_INPUT_TEXT --es text {code}",) for code in coded]
    if replace:
        return [("am broadcast -a ADB_KEYBOARD_CLEAR_TEXT", *(commands[0] if commands else ())), *commands[1:]]
    return list(commands)
