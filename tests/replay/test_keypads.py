"""Keypads that apps draw themselves: a number keyed in becomes a value that changes; a PIN is kept nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from device.actions import Point, Tap
from device.clock import ManualClock
from device.virtual.app import App, Page
from device.virtual.apps.launcher import LauncherApp
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from device.virtual.window.view import Style, View, button, column, heading, row, text
from perception.element import Element
from replay.distill import Keyed, Tapped, distill, says_of
from replay.dry_run import dry_run
from replay.errors import RecipeInvalid, ReplayError
from replay.export import plan, to_maestro, to_uiautomator2
from replay.export.plan import Plan
from replay.keypads import keyed_in, pad_of, text_of
from replay.lesson_trace import Journal, write_lesson
from replay.proposals import propose_slots
from replay.recipe import KeyIn, Recipe, from_data, to_data
from replay.recorder import Recorder
from replay.recorder_keys import NOT_SHOWN
from replay.runner import Runner, RunResult
from replay.trace import Header
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter
from tests.replay.bench import Owner
from tests.replay.lesson import Lesson, new_phone

NUMBER = "5550177"
HEADER = Header(trace_id="t", name="call", task="", source="teach", device={}, started_at="2026-03-02T09:30:00+00:00")


def key_in(lesson: Lesson, keys: str) -> Lesson:
    for key in keys:
        point = lesson.screen().point_on(pad_of(lesson.screen())[key])
        assert point is not None
        lesson.touch(point.x_px, point.y_px)
        lesson.look()
    return lesson


def dialled(keys: str = NUMBER) -> Lesson:
    clock = ManualClock()
    return key_in(Lesson(new_phone(clock), clock).tap("Phone"), keys)


@pytest.fixture(scope="module")
def call() -> Recipe:
    steps = dialled().tap("Dial").steps()
    task = "call 555-0177"
    return distill(steps, recipe_id="c", name="call", task=task, values=propose_slots(task, steps))


def played(recipe: Recipe, values: Mapping[str, str], phone: VirtualPhone | None = None) -> tuple[RunResult, list[str]]:
    clock = ManualClock()
    phone = phone or new_phone(clock)
    result = Runner(DirectDevice(phone), Owner(), clock=phone.clock).run(recipe, values)
    return result, [str(call["number"]) for call in phone.store.table("call_log").rows()]


def test_a_number_keyed_in_is_one_text_that_the_words_name(call: Recipe):
    assert call.task == "call {number}" and call.slots == ("number",)
    assert [step.says for step in call.steps] == ["Open Phone", "Key in '{number}'", "Tap 'Dial'"]
    assert from_data(json.loads(json.dumps(to_data(call)))) == call


@pytest.mark.parametrize(
    ("said", "dials"), [("555-0123", "5550123"), ("555 99 88", "5559988"), ("5", "5"), ("*100#", "*100#")]
)
def test_another_number_is_dialled_and_never_the_one_that_was_shown(call: Recipe, said: str, dials: str):
    result, numbers = played(call, {"number": said})

    assert numbers in ([dials], []), "a number that nobody asked for was dialled"
    assert result.progress[1].says == f"Key in '{said}'" and result.progress[1].result == "done"
    if len(dials) > 3 and dials.isdigit():
        assert (result.outcome, numbers) == ("done", [dials]), result.says


def test_a_character_without_a_key_stops_before_anything_is_keyed_in(call: Recipe):
    result, numbers = played(call, {"number": "+49 30 1234"})

    assert result.outcome == "stopped" and "has no key '+'" in result.says
    assert numbers == [] and result.acts == 1


@pytest.mark.parametrize(
    ("said", "keyed"),
    [
        ("12.50", "12.50"), ("1,250.00", "1250.00"), ("12,5", "12,5"), ("-5", "-5"), ("555-0177", "5550177"),
        ("06.12.34.56.78", "0612345678"), ("(030) 12 34", "0301234"), ("1.250", "1250"),
    ],
)  # fmt: skip
def test_a_decimal_mark_and_a_minus_are_never_left_out(said: str, keyed: str):
    assert text_of(KeyIn("{number}", "display"), {"number": said}, "0123456789") == keyed


def test_what_is_keyed_in_already_is_not_added_to(call: Recipe):
    left = dialled("99")
    assert left.screen().package == "com.android.dialer"

    result, numbers = played(call, {"number": "5550123"}, left.phone)

    assert result.outcome == "stopped" and "'99' is keyed in already" in result.says
    assert numbers == []


def test_a_key_that_was_lost_stops_the_run(call: Recipe):
    clock = ManualClock()
    phone = new_phone(clock)

    class Deaf(DirectDevice):
        acts = 0

        def perform(self, action, *, timeout_s: float = 10.0):  # type: ignore[no-untyped-def]
            Deaf.acts += 1
            return super().perform(Tap(beside) if Deaf.acts == 4 else action, timeout_s=timeout_s)

    size = DirectDevice(phone).read().size
    beside = Point(3, size.height_px // 4, size)
    result = Runner(Deaf(phone), Owner(), clock=clock).run(call, {"number": "5550123"})

    assert result.outcome == "stopped" and "'555' was keyed in, and the page shows '55'" in result.says
    assert phone.store.table("call_log").rows() == []


def test_the_recorded_screens_can_be_played_dry(call: Recipe, tmp_path: Path):
    lesson = dialled().tap("Dial")
    header = Header(**{**{name: getattr(HEADER, name) for name in HEADER.__slots__}, "values": {"number": "555-0177"}})
    write_lesson(tmp_path / "t", header, call, lesson.steps(), serial="s", clock=lesson.clock)

    played = dry_run(call, read_trace(tmp_path / "t"))

    assert (played.outcome, [one.result for one in played.progress]) == ("done", ["done"] * 3), played.says


@pytest.mark.parametrize("written", [to_uiautomator2, to_maestro])
def test_it_is_not_exported_to_tools_that_cannot_do_it(call: Recipe, written: Callable[[Plan], object]):
    with pytest.raises(ReplayError, match=r"step 2 .* keypad"):
        written(plan(call))


def test_a_number_that_was_corrected_cannot_be_a_slot():
    steps = key_in(key_in(dialled("5551"), "").tap("Backspace"), "0177").tap("Dial").steps()

    assert propose_slots("call 5550177", steps) == {}
    with pytest.raises(RecipeInvalid, match="number='5550177'"):
        distill(steps, recipe_id="c", name="c", task="call 5550177", values={"number": "5550177"})
    assert distill(steps, recipe_id="c", name="c", task="call 5550177", values={}).slots == ()


def test_one_digit_alone_stays_a_tap():
    assert [type(one.did) for one in dialled("7").steps()][1:] == [Tapped]


def test_a_value_that_no_step_uses_is_refused(call: Recipe):
    steps = dialled().tap("Dial").steps()
    with pytest.raises(RecipeInvalid, match="contact='Bob'") as refused:
        distill(steps, recipe_id="c", name="c", task="call Bob", values={"contact": "Bob", "number": NUMBER})
    assert "leave that slot out" in refused.value.next_step


@pytest.mark.parametrize(
    ("said", "keyed"), [("(555) 010-77", "55501077"), ("", ""), ("5 Mar", None), ("••5", None), ("12.5", "125")]
)
def test_only_what_an_app_puts_between_digits_is_left_out(said: str, keyed: str | None):
    assert keyed_in(said, "0123456789") == keyed


class Keys(Page):
    """A pad of digits. `mode`: what it shows of them - their number as bullets, a sum, or nothing."""

    mode: ClassVar = "pin"

    def created(self) -> None:
        self.said = ""

    def view(self) -> View:
        lines = ("123", "456", "789", "0")
        pad = [row(*(self._key(key) for key in line), width="fill", gap=8) for line in lines]
        return column(
            heading("Enter PIN"), text(self._shown(), id="display"), *pad, button("OK", self._done), width="fill",
            height="fill",
        )  # fmt: skip

    def _key(self, key: str) -> View:
        label = text(key, style=Style(text_sp=28))
        return column(label, key=key, weight=1, height=72, on_tap=lambda: self._tap(key))

    def _tap(self, key: str) -> None:
        self.said += key

    def _done(self) -> None:
        self.host.toast("thanks")
        self.said = ""

    def _shown(self) -> str:
        return {"pin": "•" * len(self.said), "blind": "", "sum": self.said or "0"}[self.mode]


def lesson_on(mode: str) -> Lesson:
    page = type("KeysPage", (Keys,), {"mode": mode})

    class Pad(App):
        package = "com.example.pad"
        pages: ClassVar = {".MainActivity": page}
        strings: ClassVar = {"en": {"app_name": "Pad"}}

    clock = ManualClock()
    phone = VirtualPhone(clock=clock, measure=FixedMeasure(), apps=[LauncherApp, Pad])
    return Lesson(phone, clock, Recorder())


@pytest.mark.parametrize("mode", ["pin", "blind"])
def test_a_pin_is_neither_kept_nor_told(mode: str, tmp_path: Path):
    lesson = lesson_on(mode)
    with TraceWriter(tmp_path / "live", HEADER) as writer:
        journal = Journal(writer, "s", lesson.clock)
        lesson.recorder.on_done = journal.did
        key_in(lesson.tap("Pad"), "7349").tap("OK")
        recording = lesson.end()
        for one in recording.unclear:
            journal.unclear(one)

    assert [(one.place, one.why) for one in recording.unclear] == [(None, NOT_SHOWN)] * 4
    assert [says_of(one) for one in recording.done] == ["Open Pad", "Tap 'OK'"]
    assert not any(f"'{digit}'" in notice.says for notice in lesson.noticed for digit in "7349")
    trace = read_trace(tmp_path / "live")
    points = [note.data.get("action") for note in trace.events if getattr(note, "topic", "") == "taught"]
    assert [action["action"] for action in points] == ["open_app", "tap"]  # type: ignore[index]


def test_a_calculators_nought_is_nothing_keyed_in():
    steps = key_in(lesson_on("sum").tap("Pad"), "125").steps()

    assert steps[1].did == Keyed("125", "display", "0")


def test_a_display_that_says_one_digit_is_no_key():
    lesson = key_in(lesson_on("sum").tap("Pad"), "5")
    screen = lesson.screen()
    display: list[Element] = [one for one in screen.elements if one.entry == "display"]

    assert display[0].text == "5" and display[0].index != pad_of(screen)["5"].index
