"""`mobimem do` with a model in models.toml, and `mobimem stats`: on a phone in this process."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from mobimem.cli import main
from mobimem.cli.show import asking
from mobimem.exit_codes import ExitCode
from mobimem.llm.scripted import Fails, ScriptedModel
from mobimem.tasks.asking import YES_OR_NO, AskedOwner
from tests.mobimem.cli.model import named_in
from tests.mobimem.tasks.acting import TEXT_BOB, Brain
from tests.replay.bench import NOTES, Phone

MOVES = (("open_app", NOTES), ("tap", "New note"), ("type", "Title", "Milk"), ("tap", "Save"), ("done",))


@pytest.fixture
def server(home: Path) -> Iterator[ScriptedModel]:
    with named_in(home, Brain(MOVES, reach=(NOTES,), for_good=False)) as made:
        yield made


def mobimem(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any, str]:
    """Exit code, the JSON it printed, and what it said beside it."""
    try:
        main([*arguments, "--json"])
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


def shown(*arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert ended.value.code == 0


def test_the_first_run_asks_the_model_the_second_asks_nobody_and_stats_says_what_that_saved(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    code, first, _ = mobimem(capsys, "do", "make a note called Milk")
    calls = len(server.asked)
    assert (code, first["done"], first["runs"][0]["proof"]) == (0, True, "checked"), first
    assert first["runs"][0]["receipt"]["model_calls"] == calls == 6
    assert first["runs"][0]["receipt"]["joules"] is None

    code, second, _ = mobimem(capsys, "do", "make a note called Bread")
    assert (code, len(server.asked)) == (0, calls), second
    assert second["runs"][0]["receipt"]["model_calls"] == 0
    assert [row["title"] for row in phone.phone.store.table("notes").rows()][-2:] == ["Milk", "Bread"]

    code, told, _ = mobimem(capsys, "stats")
    assert (code, told["runs"], told["without_model"], told["joules"]) == (0, 2, 1, None)
    assert told["took"]["model_calls"] == told["saved"]["model_calls"] == calls


def test_the_reader_is_told_what_was_done_and_what_it_took(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    shown("do", "make a note called Milk")
    said = " ".join(capsys.readouterr().out.split())

    assert "Done and checked." in said
    assert "0 steps replayed (0 healed), 4 decided, 0 skipped; " in said
    assert "; 6 model calls (" in said
    assert "; 0 questions; " in said
    assert "energy unknown" in said
    shown("stats")
    assert "energy unknown" in capsys.readouterr().out


def test_a_task_that_nobody_showed_by_hand_is_not_said_to_have_been(
    phone: Phone, server: ScriptedModel, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown("do", "make a note called Milk")
    (home / "models.toml").unlink()
    capsys.readouterr()

    shown("do", "make a note called Bread")
    said = " ".join(capsys.readouterr().out.split())

    assert "when it was first done it took" in said
    assert "by hand" not in said


def test_with_nobody_at_a_terminal_nothing_irreversible_that_a_model_chose_is_done(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script = Brain(TEXT_BOB)
    code, told, _ = mobimem(capsys, "do", "text Bob that dinner is ready")

    assert (code, phone.sent()) == (ExitCode.OWNER_NEEDED, []), told
    assert told["outcome"] == "asked"


def test_a_model_that_is_down_is_a_clear_end(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script = lambda _asked: Fails(401)
    code, told, _ = mobimem(capsys, "do", "make a note called Milk")

    assert (code, told["outcome"], phone.done) == (ExitCode.NOT_DONE, "stopped", [])
    assert "the model could not decide" in told["says"]
    assert "models.toml" in told["runs"][0]["next_step"]


def test_without_a_model_a_miss_says_what_is_missing_and_how_to_teach_it(
    phone: Phone, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, _ = mobimem(capsys, "do", "make a note called Milk")

    assert code == ExitCode.NOT_DONE
    assert "mobimem teach" in told["error"]["next_step"]
    assert phone.done == []


def test_settings_that_make_no_sense_are_named_before_anything_is_done(
    phone: Phone, server: ScriptedModel, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "models.toml").write_text("[default]\nmodle = 1\n", encoding="utf-8")
    code, told, _ = mobimem(capsys, "do", "make a note called Milk")

    assert code == ExitCode.BAD_DATA
    assert "modle" in told["error"]["message"]
    assert phone.done == []


@pytest.mark.parametrize(
    ("question", "typed", "answer"),
    [
        (AskedOwner("doubt", "May it?", YES_OR_NO, "because\x1b[2J"), "y\n", "yes"),
        (AskedOwner("doubt", "May it?", YES_OR_NO), "\n", "no"),
        (AskedOwner("tie", "Which?", ("Ann", "Bob")), "2\n", "Bob"),
        (AskedOwner("tie", "Which?", ("Ann", "Bob")), "carl\nAnn\n", "Ann"),
        (AskedOwner("slot", "What?"), "hello there\n", "hello there"),
        (AskedOwner("slot", "What?"), "\n", None),
        (AskedOwner("slot", "What?"), "", None),
    ],
)
def test_a_question_at_the_terminal_takes_an_answer_or_none(
    question: AskedOwner, typed: str, answer: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_to, stdin = io.StringIO(), io.StringIO(typed)
    monkeypatch.setattr("sys.stdin", stdin)
    monkeypatch.setattr("select.select", lambda *_given: ([stdin], [], []))

    assert asking.TerminalAsker(Console(file=shown_to)).ask(question) == answer
    assert "\x1b[2J" not in shown_to.getvalue()


def test_a_question_nobody_answers_in_time_has_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("select.select", lambda *_given: ([], [], []))

    assert asking.TerminalAsker(Console(file=io.StringIO())).ask(AskedOwner("slot", "What?")) is None
