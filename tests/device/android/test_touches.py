"""The owner's hand is seen, in the screen's px as it is turned; what we inject is not."""

from tests.adbserver import adb_server, wait_until  # isort: skip  # before adbutils

import itertools
import threading

import pytest

from device.actions import Tap
from device.errors import ActionRefused
from device.protocol import Touch
from tests.device.android.bench import AndroidBench
from tests.device.contract import centre

__all__ = ["adb_server"]

CORNER_PX = 90


class Watching:
    """Collects touches in a thread; ready when taps near the upper left corner come through, which are left out."""

    def __init__(self, bench: AndroidBench, *, wanted: int) -> None:
        self._seen: list[Touch] = []
        self._wanted = wanted
        self._taps = itertools.count()
        self._bench = bench
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        wait_until(self._tapped)

    def join(self) -> list[Touch]:
        self._thread.join()
        return self._in_the_middle()

    def _tapped(self) -> bool:
        place = next(self._taps) % CORNER_PX  # never the same twice: the kernel does not repeat a coordinate
        _hand(self._bench, "down", place, place)
        _hand(self._bench, "up", place, place)
        return bool(self._seen)

    def _in_the_middle(self) -> list[Touch]:
        return [touch for touch in self._seen if touch.x_px > CORNER_PX]

    def _watch(self) -> None:
        touches = self._bench.device.touches(stop_after_s=20)
        for touch in touches:
            self._seen.append(touch)
            if len(self._in_the_middle()) == self._wanted:
                break
        touches.close()  # type: ignore[attr-defined]


def _hand(bench: AndroidBench, phase: str, x: int, y: int) -> None:
    bench.phone.windows.pointer(phase, x, y, hardware=True)  # type: ignore[arg-type]


def test_a_drag_of_the_owners_finger_is_seen_where_it_was(bench: AndroidBench):
    watching = Watching(bench, wanted=3)
    _hand(bench, "down", 540, 1200)
    _hand(bench, "move", 540, 900)
    _hand(bench, "up", 540, 900)

    seen = watching.join()
    assert [touch.phase for touch in seen] == ["down", "move", "up"]
    for touch, (x, y) in zip(seen, [(540, 1200), (540, 900), (540, 900)], strict=True):
        assert abs(touch.x_px - x) <= 2
        assert abs(touch.y_px - y) <= 2
    assert seen[0].at_s <= seen[-1].at_s


def test_a_turned_screen_turns_the_touches(bench: AndroidBench):
    bench.turn(1)
    watching = Watching(bench, wanted=2)
    _hand(bench, "down", 2000, 300)
    _hand(bench, "up", 2000, 300)

    for touch in watching.join():
        assert abs(touch.x_px - 2000) <= 2
        assert abs(touch.y_px - 300) <= 2


def test_injected_touches_are_not_the_owners(bench: AndroidBench):
    watching = Watching(bench, wanted=2)
    bench.device.perform(Tap(centre(bench.device.read().size)))
    _hand(bench, "down", 111, 222)
    _hand(bench, "up", 111, 222)

    assert abs(watching.join()[0].x_px - 111) <= 2


def test_watching_holds_no_other_call_up(bench: AndroidBench):
    watching = Watching(bench, wanted=2)

    assert bench.device.read(timeout_s=5).screen_on

    _hand(bench, "down", 500, 1)
    _hand(bench, "up", 500, 1)
    watching.join()


def test_watching_ends_by_itself(bench: AndroidBench):
    assert list(bench.device.touches(stop_after_s=0.2)) == []


def test_watching_ends_within_a_moment_of_being_told(bench: AndroidBench):
    stop = threading.Event()
    stop.set()

    assert list(bench.device.touches(stop_after_s=60, stop=stop)) == []


def test_a_phone_without_getevent_says_so(bench: AndroidBench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bench.device._session.wire, "run", lambda _command: "sh: getevent: Permission denied\n")

    with pytest.raises(ActionRefused, match="does not tell its touches"):
        bench.device.touches(stop_after_s=1)
