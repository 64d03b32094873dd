"""Ten minutes with a real phone: every call we rely on, tried once, with the evidence written down.

The owner runs it (`mobimem doctor --acceptance`) on a phone nobody has tried before. It opens the Settings app, types
into its search field and takes it out again, scrolls, turns back home. It sends nothing, calls nobody and changes no
setting that is not put back. A check that needs what this phone does not have is skipped, with the reason; one failed
check does not stop the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

from device.actions import InputText, OpenApp, Point, PressKey, Scroll, Size, Swipe, Tap
from device.clock import Clock, SystemClock
from device.errors import ActionRefused, DeviceError, NoTextField, ScreenLocked, StaleCoordinates
from device.protocol import Device, Reading

SETTINGS = "com.android.settings"
SAMPLE_TEXT = "wifi déjà 你好"
_ARRIVE_S = 5.0
_POLL_S = 0.3
_BOUNDS = re.compile(r"\[(\d+),(\d+)\]\[(\d+),(\d+)\]")

Outcome = Literal["pass", "fail", "skip"]


class Skipped(Exception):
    """This phone does not have what the check needs; the message says what."""


class Failed(Exception):
    """The phone answered, but not as it must; the message says how."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one part of the contract fared: `evidence` is what the device answered, in words."""

    name: str
    outcome: Outcome
    evidence: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class Trial:
    """The device tried, and the clock its answers are waited for on."""

    device: Device
    clock: Clock


@dataclass(frozen=True, slots=True)
class Check:
    """One thing tried; `run` returns the evidence."""

    name: str
    run: Callable[[Trial], str]


def run(
    device: Device, *, clock: Clock | None = None, on_result: Callable[[Result], None] = lambda _: None
) -> dict[str, Any]:
    """Runs every check in order and reports.

    Args:
        clock: what waiting and times go by; None for the machine's.
        on_result: called after each check, for a display that moves.

    Returns:
        JSON data: the device, each check's outcome, evidence and seconds, the counts, and `accepted`.
    """
    trial = Trial(device, clock or SystemClock())
    results = []
    for check in CHECKS:
        result = _try(check, trial)
        results.append(result)
        on_result(result)
    counts = {outcome: sum(result.outcome == outcome for result in results) for outcome in ("pass", "fail", "skip")}
    info = device.info()
    return {
        "device": {"serial": info.serial, "model": info.model, "os_version": info.os_version, "virtual": info.virtual},
        "checks": [
            {"name": r.name, "outcome": r.outcome, "evidence": r.evidence, "duration_s": round(r.duration_s, 3)}
            for r in results
        ],
        "counts": counts,
        "accepted": counts["fail"] == 0,
    }


def _try(check: Check, trial: Trial) -> Result:
    start_s = trial.clock.monotonic_s()
    outcome: Outcome = "pass"
    try:
        evidence = check.run(trial)
    except Skipped as reason:
        outcome, evidence = "skip", str(reason)
    except (Failed, DeviceError, etree.XMLSyntaxError) as error:
        outcome, evidence = "fail", f"{type(error).__name__}: {error}"
    return Result(check.name, outcome, evidence, trial.clock.monotonic_s() - start_s)


def _info(trial: Trial) -> str:
    info = trial.device.info()
    _must(bool(info.model and info.os_version), f"no model or version: {info}")
    return f"{info.model}, Android {info.os_version}"


def _wakes(trial: Trial) -> str:
    try:
        with trial.device.awake():
            reading = trial.device.read()
            _must(reading.screen_on, "the screen is off inside awake()")
            return f"on, {reading.lock}"
    except ScreenLocked as error:
        raise Failed("unlock the phone before the check") from error


def _home(trial: Trial) -> str:
    trial.device.perform(PressKey("home"))
    reading = _until(trial, lambda now: bool(now.foreground.package), "no app in front after home")
    return reading.foreground.package


def _opens_settings(trial: Trial) -> str:
    reading = _settings(trial)
    _must(bool(reading.foreground.activity), "the activity in front is not told")
    return reading.foreground.activity


def _tree(trial: Trial) -> str:
    nodes = _nodes(_settings(trial))
    _must(len(nodes) > 5, f"only {len(nodes)} elements")
    named = sum(bool(node.get("resource-id")) for node in nodes)
    return f"{len(nodes)} elements, {named} with a resource id"


def _size_fits(trial: Trial) -> str:
    reading = trial.device.read()
    right = max(_box(node)[2] for node in _nodes(reading))
    bottom = max(_box(node)[3] for node in _nodes(reading))
    size = reading.size
    _must(right <= size.width_px and bottom <= size.height_px, f"elements reach {right},{bottom} beyond {size}")
    return f"{size.width_px} x {size.height_px}, rotation {reading.rotation}"


def _reading_time(trial: Trial) -> str:
    times = []
    for _ in range(5):
        start_s = trial.clock.monotonic_s()
        trial.device.read()
        times.append(trial.clock.monotonic_s() - start_s)
    return f"median {sorted(times)[2] * 1000:.0f} ms of 5"


def _picture(trial: Trial) -> str:
    picture = trial.device.picture()
    _must(len(picture.data) > 1000, f"only {len(picture.data)} bytes")
    return f"{picture.media_type}, {len(picture.data)} bytes"


def _scrolls(trial: Trial) -> str:
    before = _settings(trial)
    size = before.size
    box = (
        Point(size.width_px // 10, size.height_px // 4, size),
        Point(size.width_px * 9 // 10, size.height_px * 3 // 4, size),
    )
    trial.device.perform(Scroll("down", *box))
    after = _until(trial, lambda now: now.hierarchy != before.hierarchy, "the list did not move")
    trial.device.perform(Scroll("up", *box))
    return f"{_changed(before, after)} elements moved"


def _swipes(trial: Trial) -> str:
    size = _settings(trial).size
    middle = size.width_px // 2
    low, high = Point(middle, size.height_px * 3 // 5, size), Point(middle, size.height_px * 2 // 5, size)
    trial.device.perform(Swipe(low, high))
    trial.device.perform(Swipe(high, low))
    return "accepted"


def _refuses_stale(trial: Trial) -> str:
    size = trial.device.read().size
    other = Size(size.width_px + 2, size.height_px)
    try:
        trial.device.perform(Tap(Point(1, 1, other)))
    except StaleCoordinates:
        return "a point of another size was refused"
    raise Failed("a point of another size was tapped")


def _types(trial: Trial) -> str:
    _open_search(trial)
    try:
        trial.device.perform(InputText(SAMPLE_TEXT, replace=True))
        _until(trial, lambda now: SAMPLE_TEXT in _texts(now), f"{SAMPLE_TEXT!r} is not in the field")
        trial.device.perform(InputText("", replace=True))
        _until(trial, lambda now: SAMPLE_TEXT not in _texts(now), "the field was not emptied")
    finally:
        trial.device.restore()
    return f"{SAMPLE_TEXT!r} typed and taken out, keyboard put back"


def _back(trial: Trial) -> str:
    before = trial.device.read()
    trial.device.perform(PressKey("back"))
    _until(trial, lambda now: now.hierarchy != before.hierarchy, "back changed nothing")
    return "the screen changed"


def _no_field(trial: Trial) -> str:
    trial.device.perform(PressKey("home"))
    _until(trial, lambda now: now.foreground.package != SETTINGS, "still in the settings after home")
    try:
        trial.device.perform(InputText("x"))
    except NoTextField:
        return "typing without a field was refused"
    raise Failed("text went somewhere though no field had the focus")


def _touches(trial: Trial) -> str:
    try:
        seen = list(trial.device.touches(stop_after_s=0.5))
    except ActionRefused as error:
        raise Skipped(error.cause) from error
    return f"watched for 0.5 s, {len(seen)} of the owner's touches"


CHECKS: tuple[Check, ...] = (
    Check("tells its model and version", _info),
    Check("wakes and is unlocked", _wakes),
    Check("goes home", _home),
    Check("opens the settings app", _opens_settings),
    Check("gives its element tree", _tree),
    Check("elements lie on the screen", _size_fits),
    Check("reads in time", _reading_time),
    Check("gives a picture", _picture),
    Check("scrolls", _scrolls),
    Check("swipes", _swipes),
    Check("refuses stale points", _refuses_stale),
    Check("types any script", _types),
    Check("goes back", _back),
    Check("types nothing without a field", _no_field),
    Check("tells the owner's touches", _touches),
)


def _settings(trial: Trial) -> Reading:
    trial.device.perform(OpenApp(SETTINGS))
    return _until(trial, lambda now: now.foreground.package == SETTINGS, "the settings app does not come to the front")


def _open_search(trial: Trial) -> None:
    """The settings' search field with the focus."""
    reading = _settings(trial)
    for _ in range(3):
        if any("Edit" in node.get("class", "") and node.get("focused") == "true" for node in _nodes(reading)):
            return
        target = _search_target(reading)
        if target is None:
            raise Skipped("the settings app shows no search field")
        trial.device.perform(Tap(_centre(target, reading.size)))
        before = reading
        reading = _until(trial, lambda now, old=before: now.hierarchy != old.hierarchy, "search does not open")  # type: ignore[misc]
    raise Skipped("the search field does not take the focus")


def _search_target(reading: Reading) -> Any | None:
    nodes = _nodes(reading)
    fields = [node for node in nodes if "Edit" in node.get("class", "")]
    by_id = [node for node in nodes if "search" in node.get("resource-id", "").lower()]
    by_words = [node for node in nodes if "search" in (node.get("content-desc", "") + node.get("text", "")).lower()]
    return next(iter([*fields, *by_id, *by_words]), None)


def _until(trial: Trial, holds: Callable[[Reading], bool], problem: str) -> Reading:
    end_s = trial.clock.monotonic_s() + _ARRIVE_S
    while True:
        reading = trial.device.read()
        if holds(reading):
            return reading
        if trial.clock.monotonic_s() > end_s:
            raise Failed(problem)
        trial.clock.sleep(_POLL_S)


def _must(holds: bool, problem: str) -> None:
    if not holds:
        raise Failed(problem)


def _nodes(reading: Reading) -> list[Any]:
    return list(etree.fromstring(reading.hierarchy.encode()).iter("node"))


def _texts(reading: Reading) -> str:
    return "\n".join(node.get("text", "") for node in _nodes(reading))


def _box(node: Any) -> tuple[int, int, int, int]:
    match = _BOUNDS.match(node.get("bounds", ""))
    return (int(match[1]), int(match[2]), int(match[3]), int(match[4])) if match else (0, 0, 0, 0)


def _centre(node: Any, size: Size) -> Point:
    left, top, right, bottom = _box(node)
    return Point((left + right) // 2, (top + bottom) // 2, size)


def _changed(before: Reading, after: Reading) -> int:
    places = {(node.get("text"), node.get("bounds")) for node in _nodes(before)}
    return sum((node.get("text"), node.get("bounds")) not in places for node in _nodes(after))
