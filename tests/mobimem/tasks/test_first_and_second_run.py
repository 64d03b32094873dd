"""A task nobody taught: decided step by step, learnt, and done again for somebody else with no model at all."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mobimem.evals.scripted_moves import Move
from mobimem.service.agent import Means, run_order_on
from mobimem.service.stats import total
from mobimem.tasks.hand import Proposal
from replay.commands import Decision
from replay.recipe import Step
from replay.trace import Note
from replay.trace_reader import read_trace
from tests.mobimem.tasks.acting import TEXT_BOB, Brain, Owner, staged
from tests.replay.bench import ALICE, NOTES, SETTINGS

WALLET = "com.example.wallet"


class AlwaysYes:
    """Says yes to anything it is asked, and is not asked about what a model chose."""

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "run"


def test_the_second_run_for_somebody_else_with_other_words_asks_no_model() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        first = at.do("text Bob that dinner is ready")
        assert (first.outcome, first.proof, first.not_learnt) == ("done", "checked", ""), first
        calls = at.calls
        assert calls == first.receipt.model_calls == 7
        second = at.do("text Alice that the train is late")

        assert (second.outcome, second.says) == ("done", second.says)
        assert at.calls == calls
    assert second.receipt.model_calls == second.receipt.decided == 0
    assert second.receipt.replayed == 5
    assert at.phone.sent()[-1] == (ALICE, "the train is late")
    assert len(at.phone.sent()) == 2


def test_what_was_saved_is_counted_against_the_first_run_net_of_what_later_ones_took() -> None:
    with staged(Brain(TEXT_BOB), joules_per_token=0.5) as at:
        first = at.do("text Bob that dinner is ready").receipt
        assert first.joules == first.tokens * 0.5
        assert total().saved.model_calls == 0
        second = at.do("text Alice that the train is late").receipt
    told = total()

    assert (told.runs, told.without_model, told.compared, told.unread) == (2, 1, 1, 0)
    assert told.took.model_calls == told.saved.model_calls == 7
    assert told.saved.tokens == first.tokens
    assert told.saved.seconds == round(first.seconds - second.seconds, 3)
    assert told.steps == {"decided": 5, "replayed": 5}
    assert told.joules == first.joules


def test_a_task_without_values_has_a_first_run_too() -> None:
    moves = (("open_app", SETTINGS), ("done",))
    with staged(Brain(moves, reach=(SETTINGS,), for_good=False), owner=Owner({"end": "yes"})) as at:
        assert at.do("look at the settings").proof == "confirmed"
        second = at.do("look at the settings")
    told = total()

    assert (second.done, second.receipt.model_calls) == (True, 0)
    assert (told.compared, told.saved.model_calls) == (1, told.took.model_calls)


def test_energy_is_unknown_where_the_settings_say_nothing_of_it() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        done = at.do("text Bob that dinner is ready")

    assert done.receipt.joules is None
    assert total().joules is None


def test_every_decision_is_in_the_journal_with_reason_level_and_cost() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        done = at.do("text Bob that dinner is ready")
    trace = read_trace(done.trace)
    decisions = [event.data for event in trace.events if isinstance(event, Note) and event.topic == "decision"]

    assert [one["choice"]["act"] for one in decisions] == [move[0] for move in TEXT_BOB]
    assert {one["level"] for one in decisions} == {"model"}
    assert all(one["choice"]["why"] and one["tokens"] > 0 and one["model"].startswith("scripted") for one in decisions)
    assert {step.level for step in trace.steps()} == {"decided"}
    assert trace.end is not None
    assert trace.end.receipt["learnt_as"] == done.learnt_as


def test_before_an_irreversible_step_the_owner_is_told_what_why_and_by_whom() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        at.do("text Bob that dinner is ready")
    [proposal] = at.owner.proposals

    assert proposal.words == "text Bob that dinner is ready"
    assert proposal.why == "it is next"
    assert set(proposal.carried.values()) == {"Bob", "dinner is ready"}
    assert proposal.doubts == ()
    assert at.owner.consented == ["Tap 'Send SMS'"]


class No(Owner):
    """Refuses every step a model chose, and counts."""

    def decide_decided(self, step: Step, says: str, proposal: Proposal) -> Decision:
        self.proposals.append(proposal)
        return "refuse"


def test_what_the_owner_refuses_is_not_done_nor_asked_again() -> None:
    with staged(Brain((*TEXT_BOB[:-1], TEXT_BOB[-2])), owner=No()) as at:
        done = at.do("text Bob that dinner is ready")

    assert (done.outcome, done.learnt_as) == ("stopped", "")
    assert "could not be carried out" in done.says
    assert len(at.owner.proposals) == 1
    assert at.phone.sent() == []
    assert done.did[-1] == "Type 'dinner is ready' into 'Text message'"


def test_a_second_no_to_something_else_ends_the_task() -> None:
    with staged(Brain((*TEXT_BOB[:-1], ("tap", "Call"))), owner=No()) as at:
        done = at.do("text Bob that dinner is ready")

    assert (done.outcome, done.learnt_as, len(at.owner.proposals)) == ("stopped", "", 2)
    assert "not allowed: Tap 'Call'" in done.says
    assert at.phone.sent() == []


def test_who_cannot_judge_a_decided_step_cannot_say_yes_to_one() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        [order] = at.orders("text Bob that dinner is ready").orders
        means = Means(AlwaysYes(), at.owner, at.client, clock=at.phone.clock)
        done = run_order_on(at.phone, order, means)

    assert done.outcome == "asked"
    assert at.phone.sent() == []


def test_a_task_that_only_the_model_calls_done_is_not_learnt_unless_the_owner_says_so() -> None:
    moves = (("open_app", SETTINGS), ("done",))
    with staged(Brain(moves, reach=(SETTINGS,), for_good=False)) as at:
        judged = at.do("look at the settings")
    assert (judged.outcome, judged.proof, judged.learnt_as) == ("done", "judged", "")
    assert "only the model" in judged.not_learnt

    with staged(Brain(moves, reach=(SETTINGS,), for_good=False), owner=Owner({"end": "yes"})) as at:
        confirmed = at.do("look at the settings")
    assert (confirmed.proof, confirmed.receipt.questions) == ("confirmed", 1)
    assert confirmed.learnt_as

    with staged(Brain(moves, reach=(SETTINGS,)), owner=Owner({"end": "no"})) as at:
        denied = at.do("have a good look at the display settings")
    assert (denied.outcome, denied.learnt_as) == ("stopped", "")


def test_what_still_stands_in_its_field_is_not_done_whatever_the_model_says() -> None:
    with staged(Brain((*TEXT_BOB[:4], ("done",)))) as at:
        done = at.do("text Bob that dinner is ready")

    assert done.outcome == "stopped"
    assert "still stands in a field" in done.says
    assert at.phone.sent() == []


def test_a_note_is_checked_by_what_the_list_says_and_learnt() -> None:
    moves = (
        ("open_app", NOTES), ("tap", "New note"), ("type", "Title", "Milk"), ("type", "Note", "buy two"),
        ("tap", "Save"), ("done",),
    )  # fmt: skip
    with staged(Brain(moves, reach=(NOTES,), for_good=False)) as at:
        first = at.do("make a note called Milk with the text buy two")
        assert (first.proof, first.not_learnt) == ("checked", "")
        second = at.do("make a note called Bread with the text buy three")
        notes = [(row["title"], row["body"]) for row in at.phone.phone.store.table("notes").rows()]

    assert (second.outcome, second.receipt.model_calls) == ("done", 0)
    assert notes[-2:] == [("Milk", "buy two"), ("Bread", "buy three")]


def test_where_the_model_went_astray_and_came_back_the_second_run_does_not() -> None:
    astray = (TEXT_BOB[0], ("tap", "Start chat"), ("back",), *TEXT_BOB[1:])
    with staged(Brain(astray)) as at:
        first = at.do("text Bob that dinner is ready")
        second = at.do("text Alice that the train is late")

    assert (first.receipt.decided, second.receipt.replayed) == (7, 5)
    assert second.done


def paying(shown: str) -> Move:
    """What to do next for "pay 12.50 to Alice Kim for Lunch", from wherever it stands."""
    if f"app in front: {WALLET}" not in shown:
        return ("open_app", WALLET)
    for field, value in (("Recipient", "Alice Kim"), ("Amount", "12.50"), ("Note", "Lunch")):
        if f'field "{field}"' in shown:
            return ("tap", "Next") if f'holds "{value}"' in shown else ("type", field, value)
    if "Payment made" in shown:
        return ("done",)
    if "Check the payment" in shown:
        ticked = re.search(r'box "All of this is right" \(on', shown)
        return ("tap", "Pay now") if ticked else ("tap", "All of this is right")
    return ("tap", "New payment")


def test_a_payment_over_five_pages_is_made_once_with_consent_and_the_next_one_needs_no_model() -> None:
    owner = Owner({"doubt": "yes"}, wants=("Tap 'Pay now'",))
    with staged(Brain(paying, reach=(WALLET,)), owner=owner) as at:
        first = at.do("pay 12.50 to Alice Kim for Lunch")
        assert (first.outcome, first.proof, first.not_learnt) == ("done", "checked", ""), first
        [proposal] = owner.proposals
        assert {"12.50", "Alice Kim", "Lunch"} <= set(proposal.carried.values())
        calls = at.calls
        second = at.do("pay 3 to Bob Ray for Tea")

        assert (second.outcome, second.receipt.model_calls, at.calls) == ("done", 0, calls), second
    rows = at.phone.phone.store.table("payments").rows()
    assert [(row["recipient"], row["amount_cents"], row["note"]) for row in rows] == [
        ("Alice Kim", 1250, "Lunch"), ("Bob Ray", 300, "Tea")
    ]  # fmt: skip


def test_a_page_that_only_previews_a_payment_is_no_proof_of_it() -> None:
    def stops_short(shown: str) -> Move:
        return ("done",) if "Check the payment" in shown else paying(shown)

    with staged(Brain(stops_short, reach=(WALLET,))) as at:
        done = at.do("pay 12.50 to Alice Kim for Lunch")

    assert (done.proof, done.learnt_as) == ("judged", ""), done
    assert "done for good" in done.says
