"""`mobimem do` with a question: the answer stands at the end, and in the JSON, the first time and the second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mobimem.exit_codes import ExitCode
from mobimem.llm.scripted import ScriptedModel
from tests.mobimem.cli.test_do_with_a_model import mobimem, shown
from tests.mobimem.tasks.acting import Brain
from tests.mobimem.tasks.planning import SHOP
from tests.mobimem.tasks.test_a_lone_question import ASKING, COSTS, SCARF, asks
from tests.replay.bench import Phone


@pytest.fixture
def server(home: Path) -> Iterator[ScriptedModel]:
    with ScriptedModel(asks(ASKING, "price")) as made:
        home.mkdir(exist_ok=True)
        (home / "models.toml").write_text(
            f'[default]\nbase_url = "{made.base_url}"\nmodel = "scripted"\n', encoding="utf-8"
        )
        yield made


def test_the_answer_is_in_the_json_of_both_runs_and_the_second_asks_no_model(
    phone: Phone, server: ScriptedModel, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, first, _ = mobimem(capsys, "do", SCARF)
    calls = len(server.asked)
    assert (code, first["results"], first["runs"][0]["proof"]) == (0, {"price": "22.50 €"}, "checked"), first

    code, second, _ = mobimem(capsys, "do", COSTS.format("desk lamp"))
    assert (code, second["results"], len(server.asked)) == (0, {"price": "32.90 €"}, calls), second

    (home / "models.toml").unlink()
    code, third, _ = mobimem(capsys, "do", COSTS.format("stoneware mug"))
    assert (code, third["results"]) == (0, {"price": "12.90 €"}), third


def test_the_reader_is_told_the_answer(
    phone: Phone, server: ScriptedModel, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown("do", SCARF)
    assert "price: 22.50 €" in capsys.readouterr().out.splitlines()

    shown("do", COSTS.format("desk lamp"))
    assert "price: 32.90 €" in capsys.readouterr().out.splitlines()


def test_what_was_read_cannot_steer_the_terminal(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = "Scarf \u202e[bold]"
    phone.phone.store.put("com.example.shop.names", {"scarf": odd})
    server.script = asks([("open_app", SHOP), ("report", "name", odd), ("done",), ("done",)], "name")
    shown("do", "what is the newest thing in the shop called?")
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("name: ")]

    assert len(told) == 1, "it was reported, as one line"
    assert all(character.isprintable() for line in told for character in line)
    assert told[0].endswith("[bold]")


def test_a_question_that_is_not_answered_ends_not_done(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script = Brain([("open_app", SHOP), ("done",)], reach=(SHOP,), for_good=False, results=("price",))
    code, told, _ = mobimem(capsys, "do", SCARF)

    assert (code, told["done"], told["results"]) == (ExitCode.NOT_DONE, False, {})
    assert "did not report price" in told["says"]


def test_the_plan_of_a_question_alone_asks_no_model_and_touches_nothing(
    phone: Phone, server: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    code, plan, _ = mobimem(capsys, "do", SCARF, "--plan-only")

    assert (code, len(plan["parts"]), plan["source"]) == (0, 1, "model")
    assert (len(server.asked), phone.done) == (0, [])
