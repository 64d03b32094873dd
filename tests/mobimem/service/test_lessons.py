"""Lessons that were cut off: seen in the list, readable up to the last whole step, kept as a recipe or removed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from device.actions import Tap
from device.clock import SystemClock
from device.errors import DeviceGone
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from mobimem import folders
from mobimem.errors import BadInput, NotDone
from mobimem.exit_codes import ExitCode
from mobimem.running import Running, holding
from mobimem.service.lessons import CUT_OFF, cut_off_lessons, discard_lesson, keep_lesson, show_lesson
from mobimem.service.recipes import library, show_recipe
from mobimem.service.teach import LESSON, Request, Taught, teach_on
from replay.opening import NEXT_STEP
from replay.recorder import Noticed
from replay.teaching import Teaching
from tests.mobimem.cli.calling import call
from tests.replay.bench import MESSAGES, Owner
from tests.replay.bench import Phone as Bench
from tests.replay.test_teaching import WatchedDevice, place

TASK = "text Bob that"
RUN = "0a1b2c3d"
LESSON_NAME = f"lesson-{RUN}"
WAYS = ("Messages", "Start chat", "Bob")

# A teacher's process: three touches, then it dies before the lesson has ended, as by kill -9.
KILLED = """
import os, signal
from tests.mobimem.service.test_lessons import taught_by, hand
from mobimem.service.teach import Request
def then(): os.kill(os.getpid(), signal.SIGKILL)
taught_by(hand(("Messages", "Start chat", "Bob", "Text message"), then), Request("text-someone", "text Bob that"))
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MOBIMEM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def hand(ways: tuple[str, ...], then: Callable[[], object] = lambda: None) -> Callable[[Teaching], None]:
    """Touches the phone, one thing after the other, and does something instead of ending the lesson."""

    def show(teaching: Teaching) -> None:
        device = teaching.device
        assert isinstance(device, WatchedDevice)
        assert teaching.wait_until_seen(0)
        for number, says in enumerate(ways, 1):
            touch(device, says)
            assert teaching.wait_until_seen(number)
        then()
        teaching.stop.set()

    return show


def touch(device: WatchedDevice, says: str) -> None:
    at = place(device, says)
    device.phone.windows.pointer("down", at.x_px, at.y_px, hardware=True)
    device.phone.windows.pointer("up", at.x_px, at.y_px, hardware=True)


def phone_in(package: str) -> VirtualPhone:
    """A phone with an app in front."""
    phone = VirtualPhone(clock=SystemClock(), measure=FixedMeasure())
    assert phone.windows.start(package)
    return phone


def taught_by(
    show: Callable[[Teaching], None],
    request: Request,
    *,
    heard: list[Noticed] | None = None,
    phone: VirtualPhone | None = None,
) -> Taught:
    phone = phone or VirtualPhone(clock=SystemClock(), measure=FixedMeasure())
    threads: list[threading.Thread] = []

    def started(teaching: Teaching, _url: str) -> None:
        threads.append(threading.Thread(target=show, args=(teaching,)))
        threads[0].start()

    try:
        return teach_on(
            WatchedDevice(phone), request, library(), run=RUN, on_start=started,
            on_notice=(lambda _: None) if heard is None else heard.append,
        )  # fmt: skip
    finally:
        threads[0].join()


@pytest.fixture
def killed(home: Path) -> str:
    """A lesson whose process was killed in the middle; its name."""
    ended = subprocess.run(
        [sys.executable, "-c", KILLED], env={**os.environ, "MOBIMEM_HOME": str(home)}, capture_output=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    return LESSON_NAME


def test_a_lesson_whose_process_was_killed_is_kept_up_to_its_last_whole_step(killed: str):
    (told,) = cut_off_lessons()
    assert (told.lesson, told.name, told.task, told.damage) == (killed, "text-someone", TASK, "")
    assert told.steps == ("Open Messages", "Tap 'Start chat'", "Tap 'Bob'")  # the last touch was not certain yet
    assert show_lesson(killed) == told

    taught = keep_lesson(killed)

    assert [step.says for step in taught.steps] == ["Open Messages", "Tap 'Start chat'", "Tap '{contact}'"]
    assert taught.slots == {"contact": "Bob"} and taught.notes == (CUT_OFF,)
    assert show_recipe("text-someone").notes == (CUT_OFF,)
    assert cut_off_lessons() == () and not list(library().folder.glob(".*"))
    assert library().verify("text-someone").trace is not None
    recipe = library().load("text-someone").recipe
    bench = Bench()
    result = bench.run(recipe, {"contact": "Carol"}, owner=Owner())
    assert result.outcome == "done", result.says


def test_other_words_and_slots_can_be_given_to_it(killed: str):
    taught = keep_lesson(killed, name="chat", task="chat with Bob", slots={"who": "Bob"})

    assert (taught.name, taught.task, taught.slots) == ("chat", "chat with {who}", {"who": "Bob"})


def test_what_cannot_be_kept_stays(killed: str):
    with pytest.raises(NotDone):
        keep_lesson(killed, confirm=lambda shown: None)
    with pytest.raises(BadInput):
        keep_lesson(killed, slots={"a b": "c"})

    assert [one.lesson for one in cut_off_lessons()] == [killed]


def test_it_can_be_removed_for_good(killed: str):
    assert discard_lesson(killed).name == "text-someone"

    assert cut_off_lessons() == () and not list(library().folder.glob(".*"))
    with pytest.raises(BadInput, match="no lesson"):
        discard_lesson(killed)


@pytest.mark.parametrize("name", ["lesson-none", "../runs", ".", "lesson-*"])
def test_a_name_of_none_is_refused(killed: str, name: str):
    with pytest.raises(BadInput, match="no lesson"):
        discard_lesson(name)
    assert len(cut_off_lessons()) == 1


def test_a_last_line_that_was_cut_in_half_is_left_out(killed: str):
    journal = library().folder / f".{killed}" / "trace.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole[: len(whole) - 40])

    assert show_lesson(killed).steps == ("Open Messages", "Tap 'Start chat'")
    assert len(keep_lesson(killed).steps) == 2


def test_a_damaged_one_is_named_and_can_only_be_removed(killed: str):
    journal = library().folder / f".{killed}" / "trace.jsonl"
    journal.write_bytes(b"nothing\n" + journal.read_bytes())

    (told,) = cut_off_lessons()
    assert "first line" in told.damage
    discard_lesson(killed)
    assert cut_off_lessons() == ()


def test_a_lesson_that_goes_on_is_not_cut_off_and_is_not_removed(killed: str):
    going_on = Running(killed.removeprefix("lesson-"), "x", "the lesson x", "serial", os.getpid(), "now")
    with holding(folders.running_folder(), going_on):
        assert cut_off_lessons() == ()
        with pytest.raises(BadInput):
            discard_lesson(killed)
    assert len(cut_off_lessons()) == 1


def test_a_phone_that_is_lost_leaves_the_lesson_and_says_how_to_keep_it():
    heard: list[Noticed] = []
    gone: list[DirectDevice] = []

    def show(teaching: Teaching) -> None:
        gone.append(teaching.device)  # type: ignore[arg-type]
        hand(WAYS, teaching.device.close)(teaching)

    with pytest.raises(DeviceGone):
        taught_by(show, Request("text-someone", TASK), heard=heard)

    assert [one.lesson for one in cut_off_lessons()] == [LESSON_NAME]
    assert "mobimem replay keep lesson-0a1b2c3d" in heard[-1].says


def test_a_slot_that_no_step_uses_keeps_what_was_shown():
    with pytest.raises(NotDone, match="number='5550177'") as refused:
        taught_by(hand(WAYS), Request("text-someone", TASK, {"number": "5550177"}))

    assert "mobimem replay keep lesson-0a1b2c3d" in refused.value.next_step
    assert keep_lesson(LESSON_NAME, slots={}).slots == {"contact": "Bob"}


def test_an_unclear_touch_is_on_record_at_once_and_keeps_it_from_being_kept_unasked():
    def too_quick(teaching: Teaching) -> None:
        device = teaching.device
        assert isinstance(device, WatchedDevice)
        assert teaching.wait_until_seen(0)
        for _ in range(3):  # nobody can have looked in between
            touch(device, "Messages")
        assert teaching.wait_until_seen(3)
        touch(device, "Start chat")
        assert teaching.wait_until_seen(4)
        device.close()

    with pytest.raises(DeviceGone):
        taught_by(too_quick, Request("text-someone", TASK))

    (told,) = cut_off_lessons()
    assert told.unclear
    with pytest.raises(NotDone, match="could not be understood"):
        keep_lesson(told.lesson)


def test_the_teachers_own_no_leaves_nothing_behind():
    with pytest.raises(NotDone, match="nothing was shown"):
        taught_by(hand(()), Request("text-someone", TASK))

    assert not list(library().folder.glob(f"{LESSON}*"))


def test_a_lesson_begun_where_an_apps_icon_leads_opens_it_first():
    heard: list[Noticed] = []
    taught = taught_by(hand(WAYS[1:]), Request("t", "chat with Bob"), heard=heard, phone=phone_in(MESSAGES))

    assert heard[0].kind == "note" and "a replay will open it first" in heard[0].says
    assert taught.steps[0].says == f"Open {MESSAGES}" and taught.notes == ()
    assert show_recipe("t").notes == ()


def test_a_lesson_begun_further_inside_warns_and_so_does_the_recipe():
    heard: list[Noticed] = []
    phone = phone_in(MESSAGES)
    device = DirectDevice(phone)
    device.perform(Tap(place(device, "Start chat")))

    taught = taught_by(hand(("Bob",)), Request("m", "chat with Bob"), heard=heard, phone=phone)

    assert NEXT_STEP in heard[0].says
    assert len(taught.notes) == 1 and "does not open it" in taught.notes[0] and NEXT_STEP in taught.notes[0]
    assert show_recipe("m").notes == taught.notes


def test_a_killed_lesson_that_began_inside_an_app_has_its_opening_step_too():
    def lost(teaching: Teaching) -> None:
        hand(WAYS[1:], teaching.device.close)(teaching)

    with pytest.raises(DeviceGone):
        taught_by(lost, Request("t", "chat with Bob"), phone=phone_in(MESSAGES))

    assert keep_lesson(LESSON_NAME).steps[0].says == f"Open {MESSAGES}"


# -- the commands


def test_the_commands_list_show_keep_and_remove_it(killed: str):
    listed = call("replay", "list", "--json").json
    assert [one["lesson"] for one in listed["cut_off"]] == [killed] and listed["recipes"] == []
    assert f"mobimem replay keep {killed}" in call("replay", "list").said
    assert "Tap 'Start chat'" in call("replay", "show", killed).said
    assert call("replay", "show", killed, "--json").json["steps"][0] == "Open Messages"

    kept = call("replay", "keep", killed, "--yes", "--json")
    assert (kept.code, kept.json["slots"], kept.json["notes"]) == (ExitCode.DONE, {"contact": "Bob"}, [CUT_OFF])
    assert CUT_OFF in call("replay", "show", "text-someone").said
    again = call("replay", "discard", killed, "--json")
    assert again.code == ExitCode.BAD_DATA and "replay list" in again.json["error"]["next_step"]


def test_a_person_is_asked_before_it_is_kept(killed: str):
    refused = call("replay", "keep", killed, "--slot", "who=Nobody")
    assert refused.code == ExitCode.BAD_DATA and "who='Nobody'" in refused.said
    said = call("replay", "discard", killed)

    assert said.code == ExitCode.DONE and "Removed" in said.said
    assert call("replay", "list", "--json").json["cut_off"] == []
