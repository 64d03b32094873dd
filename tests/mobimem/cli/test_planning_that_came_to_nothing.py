"""What a plan took that was refused, stopped, not confirmed or only looked at: journalled, counted and told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mobimem import folders
from mobimem.cli import main
from mobimem.exit_codes import ExitCode
from mobimem.llm.scripted import Answer, Asked, Fails, Says, ScriptedModel, endless_chunks
from mobimem.running import all_running, ask_to_stop
from mobimem.service.runs import task_of
from mobimem.service.unfinished import list_unfinished
from replay.trace import Note, Trace
from replay.trace_reader import read_trace
from tests.mobimem.cli.model import named_in
from tests.mobimem.tasks.planning import SHOP, Planner, part, said
from tests.replay.bench import MESSAGES, Phone

WORDS = "look up the price of Wool scarf in the shop and text Bob the price"
LOOKING = part("look", "look up the price of Wool scarf in the shop", SHOP, results=["price"])
TELLING = part("tell", "text Bob {price}", MESSAGES, for_good=True)
CIRCLE = said({**LOOKING, "after": ["tell"]}, TELLING)


@pytest.fixture
def server(home: Path) -> Iterator[ScriptedModel]:
    with named_in(home, Planner([CIRCLE], {})) as made:
        yield made


def mobimem(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    try:
        main([*arguments, "--json"])
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, json.loads(capsys.readouterr().out)


def journal() -> Trace:
    [folder] = folders.runs_folder().iterdir()
    return read_trace(folder / "trace")


@pytest.mark.parametrize("options", [(), ("--plan-only",)], ids=["do", "plan-only"])
def test_a_refused_plan_leaves_a_journal_with_each_plan_and_its_faults_and_stats_count_it(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    code, told = mobimem(capsys, "do", WORDS, *options)
    kept = journal()

    assert (code, told["error"]["kind"], phone.done) == (ExitCode.NOT_DONE, "PlanRefused", [])
    assert "planning took 2 model calls (" in told["error"]["message"]
    assert kept.header.trace_id in told["error"]["message"]
    assert "Value error" not in told["error"]["message"] + server.asked[1].text
    task = task_of(kept)
    assert task is not None
    assert task.says == WORDS
    plans = [one for one in kept.events if isinstance(one, Note) and one.topic == "plan"]
    assert [json.loads(one.says)["parts"][0]["name"] for one in plans] == ["look", "look"]
    assert all("circle: look -> tell -> look" in one.data["fault"] for one in plans)
    assert kept.end is not None
    assert (kept.end.outcome, kept.end.receipt["model_calls"]) == ("stopped", 2)

    _, stats = mobimem(capsys, "stats")
    assert (stats["runs"], stats["outcomes"], stats["took"]["model_calls"]) == (1, {"stopped": 1}, 2)
    assert stats["took"]["tokens"] == kept.end.receipt["tokens"] > 0
    assert list_unfinished() == (), "nothing was done, so nothing can be gone on with"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Fails(400), "RequestRejected"),
        (Says("I would rather not.", refusal=True), "ModelRefused"),
        (endless_chunks("and on " * 100), "RequestRejected"),
    ],
    ids=["400", "refusal", "endless"],
)
def test_so_does_a_model_that_gives_no_plan(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str], answer: Answer, kind: str
) -> None:
    server.script = lambda _asked: answer
    _, told = mobimem(capsys, "do", WORDS)
    asked = len(server.asked)
    _, stats = mobimem(capsys, "stats")

    assert told["error"]["kind"] == kind, told
    assert "planning took" in told["error"]["message"]
    assert (stats["runs"], stats["took"]["model_calls"]) == (1, asked)
    assert asked >= 1


def test_so_does_a_budget_that_is_spent_while_planning(
    phone: Phone, server: ScriptedModel, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (home / "models.toml").open("a", encoding="utf-8") as file:
        file.write("budget = { calls = 1 }\n")
    _, told = mobimem(capsys, "do", WORDS)
    _, stats = mobimem(capsys, "stats")

    assert told["error"]["kind"] == "BudgetSpent"
    assert "planning took 1 model call (" in told["error"]["message"]
    assert stats["took"]["model_calls"] == len(server.asked) == 1
    assert [one.topic for one in journal().events if isinstance(one, Note)] == ["task", "plan"]


def test_a_plan_that_is_not_confirmed_or_only_looked_at_is_counted_too(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    also = part("also", "text Alice that I am away", MESSAGES, for_good=True)
    server.script = Planner([said(LOOKING, TELLING, also)], {})
    code, told = mobimem(capsys, "do", WORDS)
    assert (code, told["error"]["kind"]) == (ExitCode.OWNER_NEEDED, "OwnerNeeded")
    assert "planning took 1 model call (" in told["error"]["message"]

    code, told = mobimem(capsys, "do", WORDS, "--plan-only")
    assert (code, told["model_calls"]) == (0, 1)
    _, stats = mobimem(capsys, "stats")
    assert (stats["outcomes"], stats["took"]["model_calls"]) == ({"asked": 1, "cancelled": 1}, 2)
    assert phone.done == []


def test_planning_can_be_stopped_and_says_who_stopped_it(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    """The model is asked, and answers once the owner has said stop: nothing here waits for a time."""

    def stopping(_asked: Asked) -> Answer:
        for running in all_running(folders.running_folder()):
            ask_to_stop(folders.running_folder(), running)
        over.wait(30)
        return CIRCLE

    over = threading.Event()
    server.script = stopping
    try:
        code, told = mobimem(capsys, "do", WORDS)
    finally:
        over.set()

    assert (code, told["error"]["kind"]) == (ExitCode.NOT_DONE, "AskingCancelled")
    assert "stopped by the owner" in told["error"]["message"]
    assert "no longer waited for" not in told["error"]["message"]
    end = journal().end
    assert end is not None
    assert end.outcome == "cancelled"
