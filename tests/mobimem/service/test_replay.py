from __future__ import annotations

import threading
import traceback
from collections.abc import Mapping
from pathlib import Path

import pytest

from device.actions import Action, InputText, Tap
from device.errors import ActionRefused, DeviceBug, DeviceError, DeviceGone, DeviceTimeout
from device.protocol import Performed
from device.virtual.direct import DirectDevice
from mobimem import folders
from mobimem.errors import BadInput, NotDone, OwnerNeeded
from mobimem.evals.crash import World
from mobimem.evals.payment import NAME, POLICY, VALUES
from mobimem.policy.consent import PolicyConsent
from mobimem.running import all_running
from mobimem.service.pending import after_answer, answer_question, list_pending
from mobimem.service.recipes import Task, list_recipes, named_task, show_recipe, verify
from mobimem.service.replay import QuestionsOpen, consent_by_policy, run_on
from mobimem.service.stop import stop_all
from replay.commands import Decision
from replay.errors import ReplayError, SlotMissing
from replay.recipe import Step
from replay.trace_reader import read_trace


class Losing(DirectDevice):
    """A phone whose cable falls out right after the nth tap."""

    def __init__(self, world: World, after_taps: int) -> None:
        super().__init__(world.phone)
        self.left = after_taps

    def perform(self, action: Action, *, timeout_s: float = 10.0) -> Performed:
        performed = super().perform(action, timeout_s=timeout_s)
        self.left -= isinstance(action, Tap)
        if not self.left:
            raise DeviceGone("the cable fell out", serial=self.serial)
        return performed


def taps_until_paid(world: World) -> int:
    """How many taps a run makes up to and with 'Pay now'."""
    trace = read_trace(world.run().trace)
    world.fresh()
    return 1 + sum(
        1 if (step.action or {}).get("action") == "tap" else (step.action or {}).get("action") == "input_text"
        for step in trace.steps()[:9]
    )


def test_a_run_is_done_once_and_leaves_a_trace_and_a_receipt(world: World) -> None:
    result = world.run()

    assert (result.done, world.paid, result.questions) == (True, 1, ())
    receipt = result.receipt
    assert (receipt.steps, receipt.replayed, receipt.model_calls, receipt.tokens) == (12, 12, 0, 0)
    trace = read_trace(result.trace)
    assert trace.complete
    assert (trace.header.source, trace.header.recipe_id, dict(trace.header.values)) == ("run", NAME, VALUES)
    assert trace.end is not None
    assert trace.end.receipt["replayed"] == 12


def test_a_refused_step_is_not_done_and_the_run_says_so(world: World) -> None:
    class No:
        def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
            return "refuse"

    result = run_on(DirectDevice(world.phone), world.task, No(), clock=world.clock)

    assert (result.outcome, world.paid, result.questions) == ("stopped", 0, ())
    assert "Pay now" in result.says


def test_a_policy_that_does_not_cover_the_values_is_told_before_anything_starts(world: World) -> None:
    task = Task(world.task.entry, {**VALUES, "amount": "999"})

    with pytest.raises(OwnerNeeded, match="does not allow"):
        consent_by_policy(task, POLICY)


def test_a_phone_lost_right_after_paying_leaves_a_question_that_stands_in_the_way(world: World) -> None:
    lost = Losing(world, taps_until_paid(world))
    with pytest.raises(DeviceGone):
        run_on(lost, world.task, consent_by_policy(world.task, POLICY), clock=world.clock)
    assert world.paid == 1

    with pytest.raises(QuestionsOpen, match=r"Pay now.*mobimem answer"):
        world.run()
    [pending] = list_pending(DirectDevice(world.phone)).pending
    assert pending.question.doubt == "unclear"
    assert "Pay now" in pending.last_screen
    assert "Payment made" in list_pending(DirectDevice(world.phone)).now_on_screen
    assert world.paid == 1


def test_an_answer_lets_it_run_again_only_if_it_was_not_done(world: World) -> None:
    with pytest.raises(DeviceGone):
        run_on(
            Losing(world, taps_until_paid(world)), world.task, consent_by_policy(world.task, POLICY), clock=world.clock
        )
    [pending] = list_pending().pending

    assert after_answer(pending.question, "done", NAME, VALUES) == "finished"
    assert after_answer(pending.question, "done", NAME, {**VALUES, "amount": "1"}) == "run"
    assert after_answer(pending.question, "not-done", NAME, VALUES) == "run"
    assert after_answer(pending.question, "abandon", NAME, VALUES) == "leave"
    with pytest.raises(BadInput, match="no answer"):
        answer_question(pending.question.run, "maybe")
    with pytest.raises(BadInput, match="nothing is open"):
        answer_question("another", "done")
    answer_question(pending.question.run, "done")
    assert list_pending().pending == ()


def test_a_phone_lost_before_the_payment_leaves_no_question(world: World) -> None:
    with pytest.raises(DeviceGone):
        run_on(Losing(world, 3), world.task, consent_by_policy(world.task, POLICY), clock=world.clock)

    world.leave_app()
    assert world.run().done
    assert world.paid == 1


SECRET = "Hedgehog-7781-lantern"


@pytest.mark.parametrize("kind", [ActionRefused, DeviceTimeout, DeviceBug])
def test_an_error_that_quotes_the_typed_secret_is_cleaned_before_anybody_sees_it(
    world: World, kind: type[DeviceError]
) -> None:
    class Quoting(DirectDevice):
        def perform(self, action: Action, *, timeout_s: float = 10.0) -> Performed:
            if isinstance(action, InputText) and SECRET in action.text:
                raise kind(f"cannot type {action.text!r}") from ValueError(action.text)
            return super().perform(action, timeout_s=timeout_s)

    task = Task(world.task.entry, {**VALUES, "note": "secret://code"})
    consent = PolicyConsent(POLICY, task.recipe)
    said = ""
    try:
        result = run_on(Quoting(world.phone), task, consent, clock=world.clock, reveal=lambda _name: SECRET)
        said += repr(result)
        assert not result.done
    except DeviceError as error:
        said += "".join(traceback.format_exception(error))
        assert kind is DeviceBug
    for file in folders.home().rglob("*.jsonl"):
        said += file.read_text()

    assert "secret://code" in said
    assert SECRET not in said


def test_stop_halts_a_run_within_one_step_and_nothing_more_is_sent(world: World) -> None:
    sent: list[Action] = []
    told = threading.Event()

    class Slow(DirectDevice):
        """Waits at the first typing until the owner has said stop."""

        def perform(self, action: Action, *, timeout_s: float = 10.0) -> Performed:
            sent.append(action)
            if isinstance(action, InputText):
                told.set()
                assert stopping.wait(20)
            return super().perform(action, timeout_s=timeout_s)

    stopping = threading.Event()
    consent = consent_by_policy(world.task, POLICY)
    results = []
    thread = threading.Thread(
        target=lambda: results.append(run_on(Slow(world.phone), world.task, consent, clock=world.clock))
    )
    thread.start()
    assert told.wait(20)
    already = len(sent)
    stopper = threading.Thread(target=lambda: results.append(stop_all(wait_s=20)))
    stopper.start()
    while not list(folders.running_folder().glob("*.stop")):
        assert stopper.is_alive() or results
    stopping.set()
    thread.join(20)
    stopper.join(20)

    [run] = [result for result in results if hasattr(result, "outcome")]
    [stopped] = [result for result in results if hasattr(result, "still_running")]
    assert (run.outcome, world.paid, len(sent)) == ("cancelled", 0, already)
    assert [one.name for one in stopped.stopped] == [NAME]
    assert all_running(folders.running_folder()) == ()


def test_with_nothing_running_stop_says_so_at_once(home: Path) -> None:
    result = stop_all()

    assert (result.stopped, result.still_running) == ((), ())


def test_a_recipe_is_taken_by_its_name_and_what_is_missing_or_too_much_is_named(world: World) -> None:
    assert named_task(NAME.upper(), VALUES).values == VALUES

    with pytest.raises(NotDone, match="mobimem do WORDS"):
        named_task("buy a boat", {})
    with pytest.raises(SlotMissing, match="--set amount"):
        named_task(NAME, {"recipient": "Bob", "note": "x"})
    with pytest.raises(BadInput, match="no slot colour"):
        named_task(NAME, {**VALUES, "colour": "red"})


def test_recipes_are_listed_shown_and_verified(world: World) -> None:
    [line] = list_recipes().recipes
    assert (line.name, line.steps, line.irreversible, line.version) == (NAME, 12, 1, 1)
    shown = show_recipe(NAME)
    assert [step.number for step in shown.steps if step.for_good] == [10]
    assert verify(NAME).what == NAME
    run = world.run()
    assert verify(str(run.trace)).complete
    with pytest.raises(BadInput, match="neither a file nor a recipe"):
        verify("nothing")
    with pytest.raises(ReplayError):
        show_recipe("nothing")
