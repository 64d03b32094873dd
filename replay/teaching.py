"""Watching a lesson: one thread follows the touches, one reads the screen between them; both feed the recorder.

The I/O around `replay.recorder`. Hardware touches come from the device itself; what a viewer's page is asked to do is
done by `replay.teaching_view` and handed in as a deed. Neither is mistaken for the other: what we do ourselves is not
among the hardware's touches. Readings lose what stands in password fields before anything else sees them.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from device.actions import Size
from device.clock import Clock, SystemClock
from device.errors import ActionRefused, AskOwner, DeviceError, ReadAgain
from device.protocol import Device, Picture, Touch
from perception.errors import HierarchyRefused
from perception.screen import Screen
from replay.distill import Done, says_of
from replay.gestures import Deed, Fingers
from replay.lesson_trace import Journal
from replay.opening import begins_inside, starts_on, with_opening
from replay.passwords import Redactor
from replay.recorder import LAG_S, Noticed, Recorder, Recording, Snapshot
from replay.recorder_effect import is_launcher, rest_key
from replay.recorder_tidy import tidy

LESSON_MAX_S: Final = 3600.0
LOOK_AGAIN_S: Final = 0.3  # between looks at a screen at rest; a touch ends the wait
CHANGING_S: Final = 0.03  # between looks at a screen that changes
TOUCHED_S: Final = 10.0  # longest wait for a finger to leave before the screen is read all the same
END_S: Final = 5.0  # longest wait, after the lesson is over, for the last touch's effect


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was taught. `steps` are what a replay has to do; `watched` is whether the phone told its touches.

    `note` says what a replay of it cannot do, for the teacher and for whoever replays it; "" if there is nothing.
    """

    recording: Recording
    steps: tuple[Done, ...]
    duration_s: float
    watched: bool
    note: str = ""
    pictures: Mapping[int, Picture] = field(default_factory=dict)  # by `rest_key` of the screen


@dataclass(frozen=True, slots=True)
class _NotWatched:
    """The stream of touches has ended, with the error that ended it."""

    error: DeviceError | None


@dataclass
class Teaching:
    """One lesson on one device.

    Args:
        recorder: a fresh one; its `on_done` and `on_unclear` are taken if there is a journal.
        journal: gets every step and unclear touch; its writer's end is the caller's.
        should_stop: asked before each look; ends the lesson like `stop`.
        on_notice: hears of what is understood as it happens, on the thread that runs the lesson.
        pictures: keep one picture of each screen at rest, for healing; none of a screen with a password field.
    """

    device: Device
    clock: Clock = field(default_factory=SystemClock)
    recorder: Recorder = field(default_factory=Recorder)
    journal: Journal | None = None
    should_stop: Callable[[], bool] = lambda: False
    on_notice: Callable[[Noticed], None] = lambda _notice: None
    pictures: bool = False

    def __post_init__(self) -> None:
        self.one_at_a_time = threading.RLock()  # held while the screen is read, and by who acts for the teacher
        self.stop = threading.Event()
        self.watched = False
        self._inbox: queue.Queue[Touch | Deed | _NotWatched] = queue.Queue()
        self._fingers = Fingers()
        self._redactor = Redactor()
        self._size: Size | None = None
        self._seen = threading.Condition()
        self._told = ""
        self._pictures: dict[int, Picture] = {}
        self._begun = False
        self._starts = starts_on(self.device)
        if self.journal is not None:
            self.recorder.on_done = self.journal.did
            self.recorder.on_unclear = self.journal.unclear

    def run(self) -> Lesson:
        """Watches until `stop` is set. Call from one thread.

        Raises:
            Reconnect: the device was lost. The journal holds what was clear until then.
        """
        started_s = self.clock.monotonic_s()
        watcher = threading.Thread(target=self._watch, name="touches", daemon=True)
        watcher.start()
        try:
            while not self.stop.is_set() and not self.should_stop():
                self._step()
            self._wait_for_the_end()
        finally:
            self.stop.set()
            watcher.join()
        told = self.recorder.certain
        recording = self.recorder.finish()
        self._tell([Noticed("step", says_of(one)) for one in recording.done[told:]])
        duration_s = self.clock.monotonic_s() - started_s
        launchers = self.recorder.launchers
        steps, note = with_opening(tidy(recording.done, launchers=launchers), self._starts, launchers=launchers)
        return Lesson(recording, steps, duration_s, self.watched, note, self._pictures)

    def give(self, deed: Deed) -> None:
        """A deed that was done for the teacher; from any thread."""
        self._inbox.put(deed)

    def wait_until_seen(self, deeds: int, *, timeout_s: float = 10.0) -> bool:
        """Waits until so many deeds have been taken in and the next would be understood. From any thread."""
        until_s = self.clock.monotonic_s() + timeout_s
        with self._seen:
            while not self.stop.is_set():
                now_s = self.clock.monotonic_s()
                if self.recorder.deeds >= deeds and self.recorder.understands(now_s):
                    return True
                if now_s >= until_s:
                    return False
                self._seen.wait(LAG_S)
        return False

    # -- the two sources

    def _watch(self) -> None:
        try:
            touches = self.device.touches(stop_after_s=LESSON_MAX_S, stop=self.stop)
            self.watched = True
            for touch in touches:
                self._inbox.put(touch)
            self._inbox.put(_NotWatched(None))
        except DeviceError as error:
            self._inbox.put(_NotWatched(error))

    def _step(self) -> None:
        """Takes in what has come, and looks at the screen unless a finger is on it."""
        wait_s = TOUCHED_S if self._fingers.down else LOOK_AGAIN_S if self.recorder.ready else CHANGING_S
        self._take(wait_s)
        while not self._inbox.empty():
            self._take(0)
        if not self._fingers.down:
            self._look()

    def _take(self, wait_s: float) -> None:
        try:
            came = self._inbox.get(timeout=wait_s) if wait_s else self._inbox.get_nowait()
        except queue.Empty:
            return
        match came:
            case _NotWatched(error):
                self._not_watched(error)
            case Touch():
                deed = None if self._size is None else self._fingers.feed(came, self._size)
                if deed is not None:
                    self._tell(self.recorder.did(deed))
            case _:
                self._tell(self.recorder.did(came))

    def _not_watched(self, error: DeviceError | None) -> None:
        if error is not None:
            self.watched = False
        if isinstance(error, ActionRefused):
            self._tell([Noticed("note", f"{error.cause}: teach on the viewer's page (--view)")])
        elif error is not None:
            raise error

    def _look(self) -> None:
        with self.one_at_a_time:
            begun_s = self.clock.monotonic_s()
            try:
                reading = self._redactor.redacted(self.device.read())
                screen = Screen.of(reading)
            except (ReadAgain, HierarchyRefused):
                return
            except AskOwner as error:
                self._once(Noticed("note", error.cause))
                return
            ended_s = self.clock.monotonic_s()
        self._size = reading.size
        if not self._begun:
            self._begin(screen)
        notices = self.recorder.saw(Snapshot(screen, begun_s, ended_s))
        with self._seen:
            self._seen.notify_all()
        self._tell(notices)
        if self.pictures and self.recorder.ready:
            self._photograph(screen)

    def _photograph(self, screen: Screen) -> None:
        """Keeps a picture of a screen at rest, if the screen is still the same after it was taken."""
        key = rest_key(screen)
        if key in self._pictures or any(element.password for element in screen.elements):
            return
        with self.one_at_a_time:
            try:
                picture = self.device.picture()
                after = Screen.of(self._redactor.redacted(self.device.read()))
            except (ReadAgain, AskOwner, HierarchyRefused):
                return
        if rest_key(after) == key:
            self._pictures[key] = picture

    def _begin(self, screen: Screen) -> None:
        """Tells of a lesson that does not begin on the home screen, before anything is shown."""
        self._begun = True
        if self.journal is not None:
            inside = not is_launcher(screen.package, self.recorder.launchers)
            self.journal.began(screen, self._starts(screen.package) if inside else "")
        if says := begins_inside(screen, self._starts, launchers=self.recorder.launchers):
            self._tell([Noticed("note", says)])

    def _wait_for_the_end(self) -> None:
        """The last touch may still be on its way, and its effect has to be seen."""
        until_s = self.clock.monotonic_s() + END_S
        for _ in range(2):  # once for what has come, once for what it led to
            while self.clock.monotonic_s() < until_s:
                while not self._inbox.empty():
                    self._take(0)
                self._look()
                if self.recorder.ready:
                    break

    # -- telling and keeping

    def _tell(self, notices: list[Noticed]) -> None:
        for notice in notices:
            self.on_notice(notice)

    def _once(self, notice: Noticed) -> None:
        if notice.says != self._told:
            self._told = notice.says
            self._tell([notice])
