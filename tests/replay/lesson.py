"""A lesson on a virtual phone in this process: a finger that finds things by their words, and a recorder that watches.

The finger is a person's: it touches the glass (hardware touches) and types on the soft keyboard. The clock is manual.
"""

from __future__ import annotations

from collections.abc import Callable

from device.clock import ManualClock
from device.protocol import Touch
from device.virtual.direct import DirectDevice
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.window.gestures import Contact
from device.virtual.window.layout import FixedMeasure
from perception.element import Element
from perception.screen import Screen
from perception.words import normal
from replay.distill import Done
from replay.gestures import Fingers
from replay.passwords import Redactor
from replay.recorder import Noticed, Recorder, Recording, Snapshot
from replay.recorder_tidy import tidy

READ_S = 0.1
TAP_S = 0.06
REST_S = 0.2
SYMBOLS = "1234567890@#$_&-+()/*\"':;!?"


def new_phone(clock: ManualClock, **config: object) -> VirtualPhone:
    phone = VirtualPhone(PhoneConfig(**config), clock=clock, measure=FixedMeasure())  # type: ignore[arg-type]
    phone.packages.grant("com.android.messaging", "android.permission.READ_CONTACTS")
    return phone


class Lesson:
    """Touches the phone and lets the recorder watch."""

    def __init__(self, phone: VirtualPhone, clock: ManualClock, recorder: Recorder | None = None) -> None:
        self.phone, self.clock = phone, clock
        self.device = DirectDevice(phone)
        self.recorder = recorder or Recorder()
        self.redactor = Redactor()
        self.fingers = Fingers()
        self.noticed: list[Noticed] = []
        self._stop: Callable[[], None] = phone.touches.subscribe(self._felt)
        self.look()

    def _felt(self, contact: Contact) -> None:
        size = self.phone.windows.frame().size
        touch = Touch(contact.phase, int(contact.x_px), int(contact.y_px), contact.at_s)
        deed = self.fingers.feed(touch, size)
        if deed is not None:
            self.noticed += self.recorder.did(deed)

    def look(self, times: int = 3, pause_s: float = 0.4) -> Screen:
        """The recorder reads the screen some times."""
        self.clock.advance(pause_s)
        for _ in range(times):
            begun_s = self.clock.monotonic_s()
            reading = self.redactor.redacted(self.device.read())
            screen = Screen.of(reading)
            self.clock.advance(READ_S)
            self.noticed += self.recorder.saw(Snapshot(screen, begun_s, self.clock.monotonic_s()))
        self.clock.advance(REST_S)
        return screen

    def screen(self) -> Screen:
        return Screen.of(self.device.read())

    def find(self, says: str) -> Element:
        wanted = normal(says)
        found = [
            element
            for element in self.screen().visible_elements()
            if wanted in (normal(element.text), normal(element.description), normal(element.hint))
        ]
        assert found, f"{says!r} is not on the screen"
        return found[0]

    def touch(self, x: int, y: int, for_s: float = TAP_S) -> None:
        self.phone.windows.pointer("down", x, y, hardware=True)
        self.clock.advance(for_s)
        self.phone.windows.frame()
        self.phone.windows.pointer("up", x, y, hardware=True)

    def tap_unseen(self, says: str, for_s: float = TAP_S) -> None:
        """Taps without the recorder looking afterwards."""
        screen = self.screen()
        element = next(
            e for e in screen.visible_elements() if normal(says) in map(normal, (e.text, e.description, e.hint))
        )
        point = screen.point_on(element)
        assert point is not None
        self.touch(point.x_px, point.y_px, for_s)

    def tap(self, says: str) -> Lesson:
        self.tap_unseen(says)
        self.look()
        return self

    def hold(self, says: str) -> Lesson:
        self.tap_unseen(says, 0.8)
        self.look()
        return self

    def swipe(self, x1: int, y1: int, x2: int, y2: int) -> Lesson:
        windows = self.phone.windows
        windows.pointer("down", x1, y1, hardware=True)
        for step in range(1, 11):
            self.clock.advance(0.03)
            windows.pointer("move", x1 + (x2 - x1) * step // 10, y1 + (y2 - y1) * step // 10, hardware=True)
        self.clock.advance(0.3)
        windows.pointer("move", x2, y2, hardware=True)
        windows.pointer("up", x2, y2, hardware=True)
        self.look()
        return self

    def scroll_to(self, says: str) -> Lesson:
        for _ in range(12):
            if any(normal(says) == normal(e.text) for e in self.screen().visible_elements()):
                return self
            self.swipe(540, 1700, 540, 800)
        raise AssertionError(f"{says!r} is nowhere in the list")

    def type(self, words: str) -> Lesson:
        """Taps the keys of the soft keyboard, quickly: nobody looks in between."""
        self.keys(words)
        self.look()
        return self

    def keys(self, words: str) -> None:
        for character in words:
            if character in SYMBOLS:
                for key in ("Symbols", character, "Letters"):
                    self._key(key)
                continue
            if character.isupper():
                self._key("Shift")
            self._key("Space" if character == " " else character)

    def enter(self) -> None:
        self._key("Enter")

    def _key(self, name: str) -> None:
        screen = self.screen()
        key = next(
            e for e in screen.visible_elements() if "inputmethod" in e.package and normal(e.description) == normal(name)
        )
        point = screen.point_on(key)
        assert point is not None
        self.touch(point.x_px, point.y_px)
        self.clock.advance(0.05)

    def end(self) -> Recording:
        self._stop()
        return self.recorder.finish()

    def steps(self) -> tuple[Done, ...]:
        recording = self.end()
        assert recording.unclear == (), recording.unclear
        return tidy(recording.done)
