"""`mobimem do` with words that are several tasks, and `--plan-only`: on a phone in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mobimem.exit_codes import ExitCode
from mobimem.llm.scripted import ScriptedModel
from tests.mobimem.cli.model import named_in
from tests.mobimem.cli.test_do_with_a_model import mobimem, shown
from tests.mobimem.tasks.planning import SHOP, Planner, looking_up, part, said, texting
from tests.mobimem.tasks.test_plans_done import noting
from tests.replay.bench import MESSAGES, NOTES, Phone

LOOK = "look up the price of Wool scarf in the shop"
WORDS = f"{LOOK} and make a note called Scarf with the text the price"
AGAIN = "look up the price of Electric kettle in the shop and make a note called Kettle with the text the price"
LOOKING = part("look", LOOK, SHOP, results=["price"])
MAKING = part("make", "make a note called Scarf with the text {price}", NOTES)


@pytest.fixture
def server(home: Path) -> Iterator[ScriptedModel]:
    brains = {"look up": looking_up("Wool scarf"), "make a note": noting("Scarf", "22.50 €")}
    with named_in(home, Planner([said(LOOKING, MAKING)], brains)) as made:
        yield made


def notes_of(phone: Phone) -> list[tuple[str, str]]:
    return [(row["title"], row["body"]) for row in phone.phone.store.table("notes").rows()]


def test_a_plan_is_made_done_and_learnt_and_the_second_time_needs_no_model(
    phone: Phone, server: ScriptedModel, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, first, told = mobimem(capsys, "do", WORDS)
    assert (code, first["done"], first["source"], first["results"]) == (0, True, "model", {"price": "22.50 €"}), first
    assert [(one["name"], one["state"], one["level"]) for one in first["parts"]] == [
        ("look", "done", "model"), ("make", "done", "model")
    ]  # fmt: skip
    assert first["receipt"]["model_calls"] == len(server.asked)
    assert len(first["runs"]) == 2
    assert "Plan of 2 sub-tasks, from a model" in told
    (home / "models.toml").unlink()

    code, second, _ = mobimem(capsys, "do", AGAIN)
    assert (code, second["source"], second["receipt"]["model_calls"]) == (0, "template", 0), second
    assert notes_of(phone)[-2:] == [("Scarf", "22.50 €"), ("Kettle", "49.00 €")]


def test_the_reader_sees_one_receipt_with_a_line_for_each_sub_task(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    shown("do", WORDS)
    out = " ".join(capsys.readouterr().out.split())

    assert "done look: look up the price of Wool scarf in the shop (decided) price = '22.50 €'" in out
    assert "done make: make a note called Scarf with the text 22.50 € (decided)" in out
    assert "Done: all 2 sub-tasks done." in out
    assert "memory learnt the whole as" in out


def test_plan_only_says_where_each_part_comes_from_and_does_nothing(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, _ = mobimem(capsys, "do", WORDS, "--plan-only")

    assert (code, told["source"], told["model_calls"], phone.done) == (0, "model", 1, [])
    assert [(one["name"], one["known_as"], one["uses"], one["waits_for"]) for one in told["parts"]] == [
        ("look", "", [], []), ("make", "", ["price"], ["look"])
    ]  # fmt: skip
    shown("do", WORDS, "--plan-only")
    out = capsys.readouterr().out
    assert "gives price" in out
    assert "takes price" in out
    assert phone.done == []


def test_plan_only_of_a_known_task_asks_no_model(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    mobimem(capsys, "do", WORDS)
    calls, acts = len(server.asked), len(phone.done)
    code, whole, _ = mobimem(capsys, "do", AGAIN, "--plan-only")
    assert (code, whole["source"], [one["known_as"] != "" for one in whole["parts"]]) == (0, "template", [True, True])
    code, single, _ = mobimem(capsys, "do", "look up the price of Electric kettle in the shop", "--plan-only")

    assert (code, len(single["parts"]), single["parts"][0]["results"]) == (0, 1, ["price"])
    assert (len(server.asked), len(phone.done)) == (calls, acts)
    shown("do", "look up the price of Electric kettle in the shop")
    assert "price: 49.00 €" in capsys.readouterr().out


def test_a_plan_that_cannot_be_done_is_an_error_with_cause_and_next_step(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script = Planner([said({**LOOKING, "after": ["make"]}, MAKING)], {})
    code, told, _ = mobimem(capsys, "do", WORDS)

    assert (code, phone.done) == (ExitCode.NOT_DONE, [])
    assert "circle" in told["error"]["message"]
    assert "mobimem teach" in told["error"]["next_step"]


def test_with_nobody_at_a_terminal_what_was_read_is_not_sent_and_the_question_waits_with_its_value(
    phone: Phone, server: ScriptedModel, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell = part("tell", "text Bob {price}", MESSAGES, for_good=True)
    server.script = Planner(
        [said(LOOKING, tell)], {"look up": looking_up("Wool scarf"), "text Bob": texting("22.50 €")}
    )
    code, told, _ = mobimem(capsys, "do", f"{LOOK} and text Bob the price")

    assert (code, told["outcome"], phone.sent()) == (ExitCode.OWNER_NEEDED, "asked", []), told
    [ask] = [ask for run in told["runs"] for ask in run["asks"]]
    code, pending, _ = mobimem(capsys, "replay", "pending")
    assert ask in json.dumps(pending)
    assert "22.50 €" in json.dumps(pending, ensure_ascii=False)


def test_without_a_model_several_unknown_tasks_are_a_miss(phone: Phone, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = mobimem(capsys, "do", WORDS)

    assert code == ExitCode.NOT_DONE
    assert "mobimem teach" in told["error"]["next_step"]
    assert phone.done == []
