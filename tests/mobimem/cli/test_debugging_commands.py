"""`mobimem replay step, report, diff, bisect, export, redact, prune, show --timeline` and `run --from …`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from mobimem import folders
from mobimem.cli.show.debugging import next_line
from mobimem.evals.payment import NAME, VALUES, now, taught_payment, write_policy
from mobimem.exit_codes import ExitCode
from mobimem.service.debug import debug_on
from mobimem.service.recipes import named_task
from mobimem.service.stop import stop_all
from replay.debugger import STOPPED
from replay.library import Library
from replay.trace_reader import read_trace
from tests.adbserver import AdbServer, adb_server  # noqa: F401 - adb_server is a fixture
from tests.mobimem.cli.calling import call
from tests.replay.bench import ASKED, SHOWN, Owner, Phone
from tests.replay.recorded import Lesson, run_of, text_lesson, without_target
from tests.replay.test_trace_faults import written


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return text_lesson(tmp_path_factory.mktemp("cli") / "lesson")


@pytest.fixture
def taught(home: Path, lesson: Lesson) -> Path:
    Library(folders.recipes_folder()).save(lesson.recipe, lesson.path, at=now())
    return home


@pytest.fixture
def runs(taught: Path, lesson: Lesson, tmp_path: Path) -> Path:
    """A good run and a bad one."""
    run_of(tmp_path / "good", lesson.recipe, ASKED)
    run_of(tmp_path / "bad", without_target(lesson.recipe, 2), ASKED)
    return tmp_path


def test_a_timeline_shows_checks_and_times_and_where_a_run_parted(runs: Path) -> None:
    assert "holds after: 'Bob' is shown" in call("replay", "show", "text", "--timeline").said

    shown = call("replay", "show", str(runs / "bad"))
    assert "Step 3, Tap 'Alice'" in shown.said
    data = call("replay", "show", str(runs / "bad"), "--json").json
    assert (len(data["steps"]), data["divergence"]["wanted"]) == (2, "Nowhere")


def test_a_report_is_written_once_and_replaced_only_when_told(runs: Path) -> None:
    out = runs / "bad.html"

    assert "2 steps" in call("replay", "report", str(runs / "bad"), "-o", str(out)).said
    assert "when it was taught" in out.read_text(encoding="utf-8")
    assert call("replay", "report", str(runs / "bad"), "-o", str(out)).code == ExitCode.NOT_DONE
    assert call("replay", "report", str(runs / "bad"), "-o", str(out), "--force", "--json").json["steps"] == 2


def test_a_damaged_trace_is_reported_with_what_is_missing(runs: Path) -> None:
    next((runs / "good" / "screens").iterdir()).unlink()

    called = call("replay", "report", str(runs / "good"), "-o", str(runs / "r.html"))

    assert called.code == 0 and "missing" in called.said
    assert call("replay", "diff", str(runs / "good"), "text").code == ExitCode.BAD_DATA


def test_diff_and_bisect_end_with_one_where_something_differs(runs: Path) -> None:
    assert call("replay", "diff", "text", str(runs / "good")).code == 0
    differs = call("replay", "diff", "text", str(runs / "bad"), "--json")
    assert (differs.code, differs.json["same"]) == (ExitCode.NOT_DONE, False)

    parted = call("replay", "bisect", str(runs / "good"), str(runs / "bad"))
    assert parted.code == ExitCode.NOT_DONE and "They part at step 3" in parted.said
    assert call("replay", "bisect", "text", str(runs / "good")).code == 0


def test_a_dry_run_plays_the_taught_values_and_says_so_of_others(taught: Path) -> None:
    dry = ("replay", "run", "text", "--dry-run")
    assert call(*dry).code == 0
    assert call(*dry, "--set", f"contact={SHOWN['contact']}").code == 0

    other = call(*dry, "--set", f"contact={ASKED['contact']}", "--json")
    assert other.code == ExitCode.USAGE
    message = other.json["error"]["message"]
    assert "only show the taught values" in message and "contact='Bob'" in message and SHOWN["message"] in message

    unknown = call(*dry, "--set", "colour=red")
    assert unknown.code == ExitCode.BAD_DATA and "no slot colour" in unknown.said


def test_exports_go_to_standard_output_or_a_file(taught: Path, tmp_path: Path) -> None:
    assert "import uiautomator2 as u2" in call("replay", "export", "text", "--to", "uiautomator2").out
    assert call("replay", "export", "text", "--to", "json").json["format"] == "mobimem-steps"
    called = call("replay", "export", "text", "--to", "maestro", "-o", str(tmp_path / "f.yaml"))
    assert called.code == 0 and "left out step 5" in called.said
    assert call("replay", "export", "text", "--to", "maestro", "-o", str(tmp_path / "f.yaml")).code == ExitCode.BAD_DATA
    told = call("replay", "export", "text", "--to", "maestro", "--json").json
    assert told["text"] == (tmp_path / "f.yaml").read_text(encoding="utf-8")
    assert len(told["left_out"]) == 1 and told["file"] is None
    assert call("replay", "export", "text", "--to", "cobol").code == ExitCode.BAD_DATA


def test_a_run_that_is_asked_for_as_a_recipe_is_pointed_to_its_timeline(taught: Path, lesson: Lesson) -> None:
    run_of(folders.runs_folder() / "run-1" / "trace", lesson.recipe, ASKED)

    called = call("replay", "show", "run-1")

    assert called.code == ExitCode.BAD_DATA
    assert "mobimem replay show run-1 --timeline" in called.said
    assert call("replay", "show", "run-1", "--timeline").code == 0


def test_verify_names_a_screen_nobody_can_read_and_a_step_on_one_that_is_not_there(tmp_path: Path) -> None:
    trace = written(tmp_path / "t", "hello", after=999_999)

    called = call("replay", "verify", str(trace))

    assert called.code == ExitCode.BAD_DATA
    assert "screen 0 cannot be read" in called.said and "screen 999999" in called.said


def test_copies_name_their_parent(runs: Path) -> None:
    parent = read_trace(runs / "good").content_hash

    redacted = call("replay", "redact", str(runs / "good"), "-o", str(runs / "r"), "--word", "Alice", "--json")
    assert redacted.json["parent"] == parent
    pruned = call("replay", "prune", str(runs / "good"), "-o", str(runs / "p"), "--from", "2", "--to", "3", "--json")
    assert (pruned.json["steps"], pruned.json["parent"]) == (2, parent)
    assert call("replay", "verify", str(runs / "p")).code == 0


def test_a_script_steps_through_recorded_screens_and_stops_at_what_fails(taught: Path, tmp_path: Path) -> None:
    script = tmp_path / "steps.txt"
    script.write_text("next 2\nlocate\ncontinue\nquit\n", encoding="utf-8")

    called = call("replay", "step", "text", "--dry-run", "--script", str(script), "--json")
    assert (called.code, called.json["at_end"], len(called.json["replies"])) == (0, True, 4)

    script.write_text("goto 99\nnext\n", encoding="utf-8")
    called = call("replay", "step", "text", "--dry-run", "--script", str(script))
    assert called.code == ExitCode.NOT_DONE
    assert "from 1 to 5" in called.said and "> next" not in called.said


def test_a_person_steps_at_a_terminal(taught: Path) -> None:
    called = call("replay", "step", "text", "--dry-run", stdin="n\nw\nhelp\nq\n", terminal=True)

    assert called.code == 0
    assert "-> 2/5" in called.said and "left at 2/5" in called.said


def test_a_part_is_run_on_recorded_screens(taught: Path) -> None:
    called = call("replay", "run", "text", "--dry-run", "--from", "2", "--to", "3", "--json")
    assert (called.code, called.json["step"]) == (0, 4)
    assert call("replay", "run", "text", "--dry-run", "--from", "4", "--break", "3").code == ExitCode.BAD_DATA
    assert call("replay", "run", "text", "--dry-run", "--break-on", "luck").code == ExitCode.USAGE


@pytest.mark.parametrize(
    "words", [("run",), ("run", "--from", "2"), ("run", "--to", "3"), ("run", "--break", "3"), ("step",)]
)
def test_recorded_screens_are_played_with_no_other_values_than_the_taught_ones(
    taught: Path, words: tuple[str, ...]
) -> None:
    command, *options = words
    other = call("replay", command, "text", "--dry-run", *options, "--set", "contact=Alice")
    plain = call("replay", "run", "text", "--dry-run", "--set", "contact=Alice")

    assert (other.code, other.said) == (plain.code, plain.said)
    assert "only show the taught values" in other.said and "contact='Bob'" in other.said
    assert call("replay", command, "text", "--dry-run", *options, "--set", "contact=Bob").code == 0


def test_other_values_cannot_be_set_while_stepping_through_recorded_screens(taught: Path, tmp_path: Path) -> None:
    script = tmp_path / "steps.txt"
    script.write_text("set contact Bob\nset contact Alice\nnext\n", encoding="utf-8")

    called = call("replay", "step", "text", "--dry-run", "--script", str(script), "--json")

    assert called.code == ExitCode.NOT_DONE
    assert [reply["failed"] for reply in called.json["replies"]] == [False, True]
    assert "only show contact = 'Bob'" in called.said


def test_a_break_with_nobody_at_a_terminal_says_where_it_stopped_and_takes_no_commands(taught: Path) -> None:
    dry = ("replay", "run", "text", "--dry-run", "--break", "3")
    called = call(*dry, "--json", stdin="continue\n")

    assert (called.code, called.json["outcome"], called.json["step"]) == (0, "break", 3)
    assert len(called.json["replies"]) == 2  # the way there, and no command of the person's
    assert "stopped before step 3; nobody is at a terminal" in call(*dry, stdin="continue\n").said
    assert "all" not in call(*dry, stdin="continue\n").out
    at_terminal = call(*dry, stdin="continue\n", terminal=True)
    assert at_terminal.code == 0 and "at the end of 5 steps" in at_terminal.said


def test_json_says_how_a_part_ended(taught: Path, lesson: Lesson) -> None:
    dry = ("replay", "run", "text", "--dry-run", "--json")
    assert call(*dry, "--from", "2").json["outcome"] == "done"
    assert call(*dry, "--to", "2").json["outcome"] == "break"
    Library(folders.recipes_folder()).save(without_target(lesson.recipe, 2), lesson.path, at=now())
    bad = call(*dry, "--break-on", "divergence")
    assert (bad.code, bad.json["outcome"]) == (ExitCode.NOT_DONE, "stopped")


def test_a_prompt_is_left_when_the_owner_says_stop_and_lines_are_read_until_then() -> None:
    keyboard, terminal = os.openpty()
    with os.fdopen(keyboard, "w", encoding="utf-8") as typing, os.fdopen(terminal, encoding="utf-8") as typed:
        typing.write("next\n")
        typing.flush()
        assert next_line(typed, lambda: False) == "next\n"
        looks = iter([False, True])
        assert next_line(typed, lambda: next(looks)).startswith("#")
        assert next(looks, None) is None


def test_stop_ends_a_session_on_a_phone_within_a_step(taught: Path, lesson: Lesson) -> None:
    phone = Phone()
    task = named_task("text", ASKED)
    with debug_on(phone, task, Owner(), clock=phone.clock) as debugger:
        assert not debugger.do("next").failed
        phone.after_act = lambda action: stop_all(wait_s=0.0)
        playing = debugger.do("continue")
        after = debugger.do("next")

    assert playing.failed and playing.quit and "stopped by the owner at step 2" in playing.says[-1]
    assert after.quit and after.says == (STOPPED,)
    assert len(phone.done) == 2 and phone.sent() == []
    [run] = list(folders.runs_folder().iterdir())
    end = read_trace(run / "trace").end
    assert end is not None and end.outcome == "cancelled"


def test_an_edited_step_is_kept_as_a_new_version(taught: Path) -> None:
    said = call("replay", "step", "text", "--dry-run", stdin="goto 2\nedit near corner\nsave\nq\n", terminal=True).said

    assert "kept as version 2" in said
    assert call("replay", "verify", "text").code == 0


def test_nothing_of_that_name_is_bad_data(home: Path) -> None:
    for words in (["report", "nope"], ["diff", "nope", "nope"], ["export", "nope", "--to", "json"]):
        assert call("replay", *words).code == ExitCode.BAD_DATA


LOG = 'd.app_start("com.android.settings")\nd(text="Display").click()\n'


@pytest.fixture(scope="module")
def phone() -> Iterator[VirtualPhone]:
    with VirtualPhone(measure=FixedMeasure()) as phone:
        yield phone


def test_on_a_phone_a_part_is_run_and_journalled(
    home: Path,
    phone: VirtualPhone,
    tmp_path: Path,
    adb_server: AdbServer,  # noqa: F811
) -> None:
    serial = adb_server.connect(phone.start())
    adb_server.wait_for_state(serial, "device")
    Library(folders.recipes_folder()).save(taught_payment(), at=now())
    policy = write_policy(tmp_path / "policy.toml")
    sets = [word for slot, value in VALUES.items() for word in ("--set", f"{slot}={value}")]

    called = call("replay", "run", NAME, *sets, "-d", serial, "--consent", str(policy), "--to", "3", "--json")

    assert called.code == 0, called.said
    assert called.json["step"] == 4
    [run] = list(folders.runs_folder().iterdir())
    assert [step.index for step in read_trace(run / "trace").steps()] == [0, 1, 2]
    assert phone.store.table("payments").rows() == []

    log = tmp_path / "log.txt"
    log.write_text(LOG, encoding="utf-8")
    assert "2 steps" in call("replay", "import", str(log), "settings", "-d", serial).said
    again = call("replay", "import", str(log), "again", "-d", serial, "--json").json
    assert (again["name"], again["steps"], again["version"], again["passed_over"]) == ("again", 2, 1, [])
    assert call("replay", "run", "settings", "--dry-run").code == 0
    assert call("replay", "import", str(tmp_path / "none"), "x", "-d", serial).code == ExitCode.BAD_DATA
    adb_server.disconnect(serial)
