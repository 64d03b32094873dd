"""A run that stopped for no fault of the task leaves the task as it was."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from mobimem import folders
from mobimem.evals.payment import now
from mobimem.service.learning import learn_run, learn_taught
from mobimem.service.recall import tasks_for
from mobimem.service.recipes import named_task
from mobimem.service.replay import ReplayDone, run_on
from mobimem.tasks import trouble
from mobimem.tasks.trouble import Trouble
from perception.screen import Screen
from replay.commands import Decision
from replay.library import Library
from replay.recipe import Step
from tests.replay.bench import ALICE, ASKED, MESSAGES, THREAD, Phone, text_someone
from tests.replay.test_blank_fields import drafted


class Yes:
    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "run"


@pytest.fixture
def phone(home: Path) -> Phone:
    """The task was taught, and is verified: it was done once."""
    Library(folders.recipes_folder()).save(text_someone(), at=now())
    learn_taught()
    made = Phone()
    assert learn_run(run(made).trace).learnt[-1].result == "confirmed"
    return made


def run(phone: Phone) -> ReplayDone:
    return run_on(phone, named_task("text", ASKED), Yes(), clock=phone.clock)


def test_a_draft_left_in_the_field_disables_no_task(phone: Phone) -> None:
    drafted(phone, "Dear Alice, about yesterday")
    for _ in range(2):
        phone.phone.windows.start(MESSAGES, THREAD, address=ALICE)
        stopped = run(phone)
        assert "half written there is left alone" in stopped.says
        [*_, learnt] = learn_run(stopped.trace).learnt
        assert (learnt.result, "half written" in learnt.says) == ("nothing", True)

    assert tasks_for("text", ASKED).tasks
    assert tasks_for("text Alice I'm running late", {}).tasks


@pytest.mark.parametrize(
    ("page", "result"), [(Trouble("offline", "You are offline", None), "nothing"), (None, "failed")]
)
def test_what_the_app_says_of_itself_excuses_the_task(
    phone: Phone, page: Trouble | None, result: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Screen] = []
    monkeypatch.setattr(trouble, "trouble_on", lambda screen: asked.append(screen) or page)
    phone.after_act = lambda _action: phone.phone.windows.start("com.android.settings", ".Settings")

    stopped = run(phone)
    learnt = learn_run(stopped.trace).learnt[-1]

    assert (stopped.outcome, len(asked), learnt.result) == ("stopped", 1, result), (stopped.says, learnt)
