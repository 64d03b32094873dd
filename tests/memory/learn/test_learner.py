"""What a lesson and a run become, and that they become it once."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from memory.errors import MemoryFault
from memory.learn import learner as learning
from memory.learn import queue
from memory.learn.learner import Learner
from memory.learn.lesson import lesson_from_data, lesson_of, repairs
from memory.learn.steps import steps_of
from memory.opening import Memory
from replay.checks import Says
from replay.recipe import Step, TapOn
from tests.memory.learn.lessons import BOB, CONTACTS, LATE, ran, recipe, taught

ROOT = Path(__file__).parents[3]


def everything(memory: Memory) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for those of the indexes' own."""
    with memory.store.read() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return {
            name: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
            for name in names
            if "lexical" not in name and not name.startswith("sqlite_")
        }


def replayed(memory: Memory, name: str) -> tuple[Step, ...]:
    return steps_of(memory.action.steps, memory.experience.template(name).steps, name)


def test_a_lesson_becomes_a_template_with_steps_tree_chain_and_statistics(
    learner: Learner, opened: Callable[[], Memory]
) -> None:
    learnt = learner.learn(taught("text", **LATE))

    assert (learnt.template, learnt.result) == ("text", "learnt")
    memory = opened()
    template = memory.experience.template("text")
    assert template.phrasings[0].pattern() == "text {contact} that {message}"
    assert template.state == "candidate"
    assert [step.says for step in replayed(memory, "text")] == [step.says for step in recipe("text", **LATE).steps]
    assert memory.action.tree.size() == 5
    assert len(memory.action.chain) > 0
    assert [fact.value for fact in memory.profile.facts()] == ["Bob"]


def test_the_steps_come_back_from_the_store_as_they_were_taught(learner: Learner, opened: Callable[[], Memory]) -> None:
    learner.learn(taught("text", **LATE))

    nameless = [dataclasses.replace(step, id="") for step in replayed(opened(), "text")]

    assert nameless == [dataclasses.replace(step, id="") for step in recipe("text", **LATE).steps]


def test_the_same_lesson_and_the_same_run_again_change_nothing(memory: Memory, learner: Learner) -> None:
    for lesson in (taught("star", **BOB), ran("star", key="run-1", words="make Alice a favorite", contact="Alice")):
        first = learner.learn(lesson)
        before = everything(memory)

        assert learner.learn(lesson) == first
        assert not learner.offer(lesson)
        assert learner.work() == ()
        assert everything(memory) == before


def test_tasks_share_the_steps_they_have_in_common(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))
    learner.learn(taught("text", contact="Alice", message="hello"))

    star, written = (memory.experience.template(name).steps for name in ("star", "text"))
    assert star[:2] == written[:2]
    assert len(memory.action.steps) == 6
    assert memory.action.tree.size() == 6


def test_the_same_task_shown_again_with_another_value_is_the_same_steps(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    before = memory.experience.template("text").steps

    assert learner.learn(taught("text", key="text@2", contact="Alice", message="hello")).result == "revised"

    assert memory.experience.template("text").steps == before
    assert memory.experience.template("text").values["contact"] == ("Alice", "Bob")


def repaired_star(says: str = "Tap the star") -> Step:
    """The second step of `star`, after an update moved it; also of `text`."""
    step = recipe("star", **BOB).steps[1]
    assert isinstance(step.move, TapOn)
    target = dataclasses.replace(step.move.target, resource_id="com.android.contacts:id/renamed_row")
    return dataclasses.replace(step, says=says, move=TapOn(target), revision=step.revision + 1)


def test_a_step_repaired_once_is_replayed_by_its_template_another_one_and_the_tree(
    learner: Learner, opened: Callable[[], Memory]
) -> None:
    learner.learn(taught("star", **BOB))
    learner.learn(taught("text", contact="Alice", message="hello"))
    steps = list(recipe("star", **BOB).steps)
    steps[1] = repaired_star("Choose '{contact}'")
    mended = dataclasses.replace(recipe("star", **BOB), steps=tuple(steps))

    assert repairs([recipe("star", **BOB)], mended) == (1,)
    lesson = dataclasses.replace(taught("star", key="star@2", **BOB), recipe=mended, repaired=(1,))

    learnt = learner.learn(lesson)

    assert (learnt.result, learnt.says) == ("revised", "1 steps repaired, which text has too")
    memory = opened()
    for name in ("star", "text"):
        step = replayed(memory, name)[1]
        assert (step.says, step.revision) == ("Choose '{contact}'", 2)
        assert isinstance(step.move, TapOn)
        assert step.move.target.entry == "renamed_row"
    [place] = memory.action.tree.walk(CONTACTS, [f"Open {CONTACTS}"])
    [form] = [memory.action.steps.current(step).form for step in place.node.edges]
    assert form == "Choose '{contact}' <renamed_row>"
    done = [f"Open {CONTACTS}", "Choose 'Carol' <renamed_row>"]
    assert memory.action.next_step("make Carol a favorite", done, CONTACTS) == ("Tap 'Add to favorites' <menu_star>")
    assert [one.form for one in memory.action.steps.history(memory.experience.template("text").steps[1])] == [
        "Tap '{contact}'", "Choose '{contact}' <renamed_row>",
    ]  # fmt: skip


def test_a_repair_of_one_recipe_leaves_what_another_ones_repair_did_to_the_same_steps(
    memory: Memory, learner: Learner
) -> None:
    learner.learn(taught("star", **BOB))
    learner.learn(taught("text", contact="Alice", message="hello"))
    mine, theirs = list(recipe("star", **BOB).steps), list(recipe("text", contact="Alice", message="hello").steps)
    mine[1] = repaired_star()
    theirs[4] = dataclasses.replace(theirs[4], says="Tap the arrow", revision=2)
    starred = dataclasses.replace(recipe("star", **BOB), steps=tuple(mine))
    written = dataclasses.replace(recipe("text", contact="Alice", message="hello"), steps=tuple(theirs))

    learner.learn(dataclasses.replace(taught("star", key="star@2", **BOB), recipe=starred, repaired=(1,)))
    learner.learn(dataclasses.replace(taught("text", key="text@2", **LATE), recipe=written, repaired=(4,)))

    assert [step.revision for step in replayed(memory, "text")] == [1, 2, 1, 1, 2]


def test_what_is_shown_anew_is_no_repair() -> None:
    before = recipe("star", **BOB)
    shown = dataclasses.replace(before, steps=(*before.steps[:1], dataclasses.replace(before.steps[1], says="x"),
                                               *before.steps[2:]))  # fmt: skip

    assert repairs([before], shown) == ()
    assert repairs([before], dataclasses.replace(before, steps=before.steps[:2])) == ()
    assert repairs([before], before) == ()
    assert repairs([], before) == ()


def test_a_repair_taken_back_is_one_too_and_something_new_in_its_place_is_not() -> None:
    before = recipe("star", **BOB)
    mended = dataclasses.replace(before, steps=(before.steps[0], repaired_star(), before.steps[2]))
    anew = dataclasses.replace(before.steps[1], says="x")

    assert repairs([before, mended], before) == (1,)
    assert repairs([mended], before) == ()  # nobody knows that it was like this
    shown = dataclasses.replace(before, steps=(before.steps[0], anew, before.steps[2]))
    assert repairs([before, mended], shown) == ()


def test_a_success_of_its_own_verifies_a_candidate(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))

    learnt = learner.learn(ran("star", key="run-1", contact="Alice"))

    assert (learnt.result, learnt.says) == ("confirmed", "verified")
    template = memory.experience.template("star")
    assert (template.state, template.values["contact"]) == ("verified", ("Alice", "Bob"))
    assert [earlier.state for earlier in memory.template_history("star")] == ["candidate"]


def test_a_success_that_checked_nothing_verifies_nothing(memory: Memory, learner: Learner) -> None:
    unchecked = tuple(dataclasses.replace(step, before=(), after=()) for step in recipe("star", **BOB).steps)
    lesson = taught("star", **BOB)
    learner.learn(dataclasses.replace(lesson, recipe=dataclasses.replace(recipe("star", **BOB), steps=unchecked)))

    learner.learn(ran("star", key="run-1", contact="Alice"))

    assert memory.experience.template("star").state == "candidate"


def test_failures_in_a_row_make_it_stale_and_take_it_out_of_tree_and_chain(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("dark"))
    learner.learn(ran("dark", key="run-1"))
    for number in (2, 3):
        assert memory.experience.template("dark").state == "verified"
        learner.learn(ran("dark", key=f"run-{number}", outcome="stopped", failed_at=1))

    assert memory.experience.template("dark").state == "stale"
    assert (memory.action.tree.size(), len(memory.action.chain)) == (0, 0)
    assert [earlier.state for earlier in memory.template_history("dark")] == ["verified", "candidate"]

    learner.learn(ran("dark", key="run-4"))  # done by name: it works again

    assert memory.experience.template("dark").state == "verified"
    assert memory.action.tree.size() == 3


def test_a_success_between_failures_counts_them_anew(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("dark"))
    for number, outcome in enumerate(("stopped", "done", "stopped")):
        learner.learn(ran("dark", key=f"run-{number}", outcome=outcome, failed_at=1))

    assert (memory.experience.template("dark").state, memory.experience.template("dark").failures) == ("verified", 1)


@pytest.mark.parametrize(
    ("outcome", "failed_at", "contact", "why"),
    [
        ("stopped", 1, "Nobody", "'Nobody' was never seen as contact"),
        ("cancelled", 1, "Bob", "ended as cancelled"),
        ("asked", 1, "Bob", "ended as asked"),
        ("stopped", None, "Bob", "ended as stopped"),
        ("stopped", 9, "Bob", "a step the task has not"),
        ("cut off", None, "Bob", "cut off"),
    ],
)
def test_what_is_not_the_tasks_fault_is_not_held_against_it(  # noqa: PLR0917
    memory: Memory, learner: Learner, outcome: str, failed_at: int | None, contact: str, why: str
) -> None:
    learner.learn(taught("star", **BOB))

    learnt = learner.learn(ran("star", key="run-1", outcome=outcome, failed_at=failed_at, contact=contact))

    assert learnt.result == "nothing"
    assert why in learnt.says
    assert memory.experience.template("star").failures == 0


def test_other_words_that_were_right_become_a_phrasing(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    words, values = "let Alice know that dinner is ready", {"contact": "Alice", "message": "dinner is ready"}

    learner.learn(ran("text", key="run-1", words=words, **values))
    learner.learn(ran("text", key="run-2", words="let Bob know that it rains", contact="Bob", message="it rains"))

    patterns = [phrasing.pattern() for phrasing in memory.experience.template("text").phrasings]
    assert patterns == ["let {contact} know that {message}", "text {contact} that {message}"]
    match = memory.experience.match("let Emma know that we are here")
    assert getattr(match, "exact", False), match


def test_words_that_leave_a_value_to_the_profile_are_learnt_as_they_were_said(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))
    said = {"contact": "my sister"}

    learner.learn(ran("star", key="run-1", words="please star my sister now", said=said, contact="Alice"))

    newest = memory.experience.template("star").phrasings[0]
    assert newest.pattern() == "please star {contact} now"
    assert memory.experience.template("star").values["contact"] == ("Alice", "Bob")


def test_a_task_taught_anew_in_another_way_is_a_candidate_again(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))
    learner.learn(ran("star", key="run-1", contact="Alice"))
    short = dataclasses.replace(recipe("star", **BOB), steps=recipe("star", **BOB).steps[:2])

    learner.learn(dataclasses.replace(taught("star", key="star@2", **BOB), recipe=short))

    template = memory.experience.template("star")
    assert (template.state, len(template.steps)) == ("candidate", 2)
    assert next((one.state, len(one.steps)) for one in memory.template_history("star")) == ("verified", 3)
    assert memory.action.tree.size() == 2


def test_a_recipe_without_its_demonstration_is_known_by_its_words_with_any_values(
    memory: Memory, learner: Learner
) -> None:
    made = recipe("text", **LATE)
    learner.learn(lesson_of(None, made, key="text@1"))

    match = memory.experience.match("text Carol that it rains")
    assert getattr(match, "values", None) == {"contact": "Carol", "message": "it rains"}


def test_two_tasks_of_other_names_with_the_same_words_are_a_tie(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))
    learner.learn(taught("star", called="other", **BOB))

    match = memory.experience.match("make Carol a favorite")
    assert "equally" in " ".join(match.reasons)


def test_a_run_of_a_task_that_was_forgotten_teaches_nothing(memory: Memory, learner: Learner) -> None:
    assert learner.learn(ran("gone", key="run-1")).result == "nothing"


def test_full_queues_lose_the_oldest_runs_and_nothing_that_was_taught(
    memory: Memory, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "QUEUE_MAX", 3)
    learner.offer(taught("dark"))
    for number in range(6):
        learner.offer(ran("dark", key=f"run-{number}"))

    assert learner.waiting() == 3
    assert [one.key for one in learner.work()] == ["dark@1", "run-4", "run-5"]


def test_a_lesson_that_cannot_be_learnt_is_put_aside_and_holds_nothing_up(
    memory: Memory, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise MemoryFault("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(learning, "app_of", broken)
        learner.offer(taught("dark"))
        for _ in range(queue.TRIES_MAX):
            with pytest.raises(MemoryFault):
                learner.work()
    learner.offer(taught("star", **BOB))

    results = {one.key: one.result for one in learner.work()}

    assert results == {"dark@1": "refused", "star@1": "learnt"}
    assert [template.id for template in memory.experience.templates()] == ["star"]
    assert learner.waiting() == 0


KILLED = """
import os, signal, sys
from pathlib import Path
from memory.embedding.lexical import LexicalEmbedder
from memory.learn import queue
from memory.learn.learner import Learner
from memory.learn.lesson import lesson_of, repairs
from memory.opening import Memory
from memory.profile.memory import in_memory_vectors
from tests.memory.learn.lessons import BOB, taught

embedder = LexicalEmbedder()
learner = Learner(Memory.open(Path(sys.argv[1]), embedder, vectors=in_memory_vectors(embedder)))
learner.offer(taught("star", **BOB))
finish = queue.finish
def dying(*arguments, **named):
    finish(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)
queue.finish = dying
learner.work()
"""


def test_a_lesson_whose_learning_was_killed_waits_and_is_learnt_once(
    tmp_path: Path, opened: Callable[[], Memory]
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "data")], cwd=ROOT, timeout=60, check=False, capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    memory = opened()
    learner = Learner(memory)

    assert memory.experience.templates() == ()
    assert learner.waiting() == 1
    assert [one.result for one in learner.work()] == ["learnt"]
    assert memory.experience.template("star").uses == 1


def test_a_key_that_is_none_is_refused(learner: Learner) -> None:
    for key in ("", "k" * 129):
        with pytest.raises(ValueError, match="1 to 128"):
            learner.offer(dataclasses.replace(taught("dark"), key=key))


def test_checks_that_differ_make_it_another_step(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))
    steps = list(recipe("star", **BOB).steps)
    steps[1] = dataclasses.replace(steps[1], after=(*steps[1].after, Says("Favorite")))
    other = dataclasses.replace(taught("star", called="other", **BOB))
    assert other.recipe is not None

    learner.learn(dataclasses.replace(other, recipe=dataclasses.replace(other.recipe, steps=tuple(steps))))

    mine, theirs = (memory.experience.template(name).steps for name in ("star", "other"))
    assert [a == b for a, b in zip(mine, theirs, strict=True)] == [True, False, True]


def test_a_stop_with_an_excuse_is_not_held_against_a_verified_task(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))
    learner.learn(ran("star", key="run-0", contact="Bob"))
    for number in range(3):
        stopped = ran("star", key=f"run-{number + 1}", outcome="stopped", failed_at=0, contact="Bob")
        excused = dataclasses.replace(stopped, excuse="something half written was left alone")
        learnt = learner.learn(lesson_from_data(excused.to_data()))
        assert (learnt.result, "half written" in learnt.says) == ("nothing", True)

    template = memory.experience.template("star")
    assert (template.state, template.failures) == ("verified", 0)
