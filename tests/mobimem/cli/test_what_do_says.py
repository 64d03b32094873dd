"""What `mobimem do` says around a task: once, of the file that is wrong, and who stopped it."""

from __future__ import annotations

import json
import re
import shlex
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mobimem import folders
from mobimem.cli import main
from mobimem.errors import NotDone, OwnerNeeded
from mobimem.exit_codes import ExitCode
from mobimem.llm.scripted import Answer, Asked, ScriptedModel
from mobimem.running import all_running, ask_to_stop
from mobimem.service import memories
from mobimem.service.orders import orders_for
from mobimem.service.recall import tasks_for
from mobimem.service.unfinished import done_unlearnt
from mobimem.tasks.asking import NobodyThere
from tests.mobimem.cli.model import named_in
from tests.mobimem.tasks.acting import TEXT_BOB, Brain, staged
from tests.replay.bench import NOTES, Phone

MOVES = (("open_app", NOTES), ("tap", "New note"), ("type", "Title", "Milk"), ("tap", "Save"), ("done",))


@pytest.fixture
def server(home: Path) -> Iterator[ScriptedModel]:
    with named_in(home, Brain(MOVES, reach=(NOTES,), for_good=False)) as made:
        yield made


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """All that was printed, in one line."""
    try:
        main(list(arguments))
        ended = 0
    except SystemExit as end:
        ended = int(end.code or 0)
    told = capsys.readouterr()
    assert ended == code, told
    return " ".join((told.out + told.err).split())


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    with pytest.raises(SystemExit):
        main([*arguments, "--json"])
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def known(phone: Phone, server: ScriptedModel, home: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A task a model did once; the file that named the model."""
    said(capsys, "do", "make a note called Milk")
    return home / "models.toml"


def test_a_lesson_is_told_once_and_not_again_by_the_next_command(
    known: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known.unlink()
    first = said(capsys, "do", "make a note called Bread")
    assert done_unlearnt() == ()
    second = said(capsys, "do", "make a note called Cheese")

    assert (first.count("memory confirmed"), second.count("memory confirmed")) == (1, 1)
    assert second.index("memory confirmed") > second.index("Done and checked.")


def test_with_and_without_a_model_the_receipt_is_one_line_of_the_same_parts(
    known: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_model = said(capsys, "do", "make a note called Bread")
    known.unlink()
    without = said(capsys, "do", "make a note called Cheese")

    for line in (with_model, without):
        assert re.search(
            r"steps replayed \(0 healed\), 0 decided, \d skipped; \d+ readings; "
            r"0 model calls \(0 tokens, 0 J\); 0 questions; \d+\.\d s",
            line,
        ), line
    assert "1 runs" not in (stats := said(capsys, "stats"))
    assert "6 model calls" in stats


def test_a_file_that_is_not_understood_stops_no_known_task_and_is_the_cause_of_a_miss(
    known: Path, phone: Phone, capsys: pytest.CaptureFixture[str]
) -> None:
    known.write_text(known.read_text(encoding="utf-8") + 'colour = "red"\n', encoding="utf-8")
    told = said(capsys, "do", "make a note called Bread")
    assert f"No model is asked: [default] in {known} holds 'colour'" in told
    assert "Done and checked." in told

    told = said(capsys, "do", "call the dentist", code=ExitCode.BAD_DATA)
    assert "BadInput" in told
    assert "'colour'" in told
    told = said(capsys, "do", "--plan-only", "call the dentist", code=ExitCode.BAD_DATA)
    assert "'colour'" in told


def test_a_file_that_everybody_can_write_asks_no_model(
    known: Path, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    known.chmod(0o666)
    asked = len(server.asked)
    told = said(capsys, "do", "call the dentist", code=ExitCode.BAD_DATA)

    assert f"everybody can write {known}" in told
    assert f"chmod 600 {known}" in told
    assert len(server.asked) == asked


def test_where_only_a_planner_is_named_a_miss_says_that_a_decider_is_missing(
    server: ScriptedModel, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "models.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("default", "planner"), encoding="utf-8")
    with pytest.raises(NotDone, match="names no decider \\(planner only\\)") as told:
        orders_for("call the dentist", {}, NobodyThere(), may_decide=False)
    assert "Or add [decider]" in told.value.next_step
    assert "Or add [decider], or a whole [default]" in said(capsys, "do", "call the dentist", code=ExitCode.NOT_DONE)

    file.unlink()
    with pytest.raises(NotDone) as told:
        orders_for("call the dentist", {}, NobodyThere(), may_decide=False)
    assert "decider" not in told.value.cause


def test_a_task_that_the_owner_stops_while_the_model_thinks_says_so(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    """The model is asked, and answers once the owner has said stop: nothing here waits for a time."""
    over = threading.Event()

    def stopping(_asked: Asked) -> Answer:
        for running in all_running(folders.running_folder()):
            ask_to_stop(folders.running_folder(), running)
        over.wait(30)
        return Brain(MOVES)(_asked)

    server.script = stopping
    try:
        told = as_json(capsys, "do", "make a note called Milk")
    finally:
        over.set()

    assert (told["outcome"], phone.done) == ("cancelled", [])
    assert told["says"] == "stopped by the owner, while the model was waited for"


def test_what_is_forgotten_stands_in_no_name_of_a_run_either(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script = Brain(
        (("open_app", NOTES), ("tap", "New note"), ("type", "Title", "plants"), ("tap", "Save"), ("done",)),
        reach=(NOTES,), for_good=False,
    )  # fmt: skip
    said(capsys, "do", "water the plants: make a note called plants")
    [run] = folders.runs_folder().iterdir()
    assert "plants" not in run.name

    memories.forget(about="plants")

    assert not [one for one in folders.runs_folder().rglob("*") if "plants" in str(one.relative_to(run.parent))]
    whole = b"".join(file.read_bytes() for file in folders.runs_folder().rglob("*") if file.is_file())
    assert b"plants" not in whole


def test_a_choice_that_is_to_be_said_again_can_be_pasted_into_a_shell(home: Path) -> None:
    with staged(Brain(TEXT_BOB)) as at:
        assert at.do("text Bob that dinner is ready").done
        for sister in ("my sister is Emma Wilson", "my sister is Alice Kim"):
            memories.remember(sister)
        with pytest.raises(OwnerNeeded) as told:
            tasks_for("text my sister that lunch is ready", {})

    options = shlex.split(told.value.next_step.removeprefix("Say which: "))
    assert options in (["--set", "contact=Emma Wilson"], ["--set", "contact=Alice Kim"])


def test_the_help_says_that_a_model_may_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "do", "--help")
    assert "a model is asked for what memory lacks" in told.replace("│ ", "").replace(" │", "")
