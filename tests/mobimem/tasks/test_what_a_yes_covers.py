"""A stored yes to a step that a model chose covers the page, the recipient and the text it was given for.

Between the question and the act somebody else opens another page: the owner's words are the same, the button is too.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mobimem import folders
from mobimem.policy.asks import Ask
from mobimem.service.agent import AgentDone, Means, run_order_on
from mobimem.service.orders import Order
from mobimem.service.plans.doing import PlanDone, resume_plan, run_plan
from mobimem.service.plans.taking_up import take_up_plan
from mobimem.service.policy import answer_ask, list_asks, read_audit
from mobimem.service.unfinished import take_up
from mobimem.tasks.page import Page, page_of, untyped
from replay.demonstration import Demonstration
from tests.mobimem.tasks.acting import Brain, Owner, Stage, staged, texting_bob
from tests.mobimem.tasks.planning import do, plan_of
from tests.mobimem.tasks.test_plans_done import AGAIN, Agrees, planner
from tests.mobimem.tasks.test_plans_done import WORDS as PLANNED
from tests.replay.bench import MESSAGES, Phone

WORDS = "text Bob that lunch is ready"
BOB = "+1 202 555 0125"
SENDING = (("tap", "Send SMS"), ("done",))


class Nobody:
    """No person is there: what needs a yes is stored."""

    def decide(self, *_given: object) -> str:
        return "ask"

    decide_decided = decide


def thread(phone: Phone, who: str, draft: str) -> None:
    """By hand: the thread of somebody is open, and a text stands in its field, unsent."""
    hand = Demonstration(phone, clock=phone.clock)
    hand.open(MESSAGES)
    while "Start chat" not in {one.text or one.description for one in hand.screen.elements}:
        phone.phone.windows.key("back")
        hand = Demonstration(phone, clock=phone.clock)
    hand.tap("Start chat")
    hand.tap(who)
    hand.type("Text message", draft)


def again(at: Stage, words: str = WORDS) -> AgentDone:
    """The words are said with nobody at a terminal."""
    at.server.script = Brain(SENDING)
    means = Means(Nobody(), at.owner, at.client, clock=at.phone.clock)  # type: ignore[arg-type]
    return run_order_on(at.phone, Order(words), means)


def asked(at: Stage) -> Ask:
    [one] = list_asks(clock=at.phone.clock)
    return one.ask


def yes(at: Stage) -> Ask:
    ask = asked(at)
    answer_ask(ask.id, "yes", clock=at.phone.clock)
    return ask


def test_what_stands_in_a_field_and_whose_page_it_is_is_shown_and_stored() -> None:
    with staged(Brain(SENDING)) as at:
        thread(at.phone, "Alice", "I hate you")
        assert again(at).outcome == "asked"
        ask = asked(at)

    assert ask.values == {"already in Text message": "I hate you"}
    assert (ask.beside.page, ask.beside.reason, ask.beside.words) == ("Alice", "it is next", WORDS)
    assert "the field 'Text message' holds 'I hate you', which this task did not type" in ask.beside.doubts
    assert any("on the page 'Alice'" in doubt and "words do not name" in doubt for doubt in ask.beside.doubts)
    [line] = [entry for entry in read_audit().entries if entry.kind == "ask"]
    assert (line.data["recipe"], line.data["values"], line.data["page"]) == (ask.recipe, ask.values, "Alice")


@pytest.mark.parametrize(
    ("who", "draft"),
    [("Alice", "I hate you"), ("Alice", "lunch is ready"), ("Bob", "I hate you"), ("Bob", "lunch is")],
    ids=["another's page and text", "another's page", "another text", "a part of the text"],
)
def test_a_stored_yes_sends_nothing_to_another_and_no_other_text(who: str, draft: str) -> None:
    with staged(Brain(SENDING)) as at:
        thread(at.phone, "Bob", "lunch is ready")
        assert again(at).outcome == "asked"
        assert asked(at).beside.doubts == (), "it is what the words say, on the page they name"
        first = yes(at)
        thread(at.phone, who, draft)
        assert again(at).outcome == "asked"

        assert at.phone.sent() == []
        assert asked(at).id != first.id, "the other page is asked about anew"
        thread(at.phone, "Bob", "lunch is ready")
        again(at)
    assert at.phone.sent() == [(BOB, "lunch is ready")], "the yes was not used up by what it did not cover"


def test_taken_up_on_a_changed_phone_a_stored_yes_is_no_yes() -> None:
    with staged(Brain(texting_bob)) as at:
        means = Means(Nobody(), at.owner, at.client, clock=at.phone.clock)  # type: ignore[arg-type]
        first = run_order_on(at.phone, Order("text Bob that dinner is ready"), means)
        yes(at)
        thread(at.phone, "Alice", "dinner is ready")
        at.server.script = Brain(SENDING)
        earlier = take_up(first.run)
        done = run_order_on(at.phone, earlier.order, means, earlier=earlier)

    assert (done.outcome, at.phone.sent()) == ("asked", [])


def test_nothing_is_learnt_from_sending_what_was_there_already() -> None:
    """As a recipe it would be the button alone, and send whatever stands on whatever page is open then."""
    with staged(Brain(SENDING), owner=Owner(answers={"end": "yes"})) as at:
        thread(at.phone, "Bob", "lunch is ready")
        done = at.do(WORDS)

    assert (done.proof, at.phone.sent()) == ("confirmed", [(BOB, "lunch is ready")]), done
    assert (done.learnt_as, "not known well enough" in done.not_learnt) == ("", True)


class Slow(Owner):
    """Says yes; while they think, something else happens on the phone."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    def decide_decided(self, *_given: object) -> str:  # type: ignore[override]
        self.meanwhile()
        return "run"


def test_a_page_that_changed_while_the_owner_thought_is_not_what_they_said_yes_to() -> None:
    phone = Phone()
    with staged(Brain(SENDING), phone=phone, owner=Slow(lambda: thread(phone, "Alice", "I hate you"))) as at:
        thread(phone, "Bob", "lunch is ready")
        done = at.do(WORDS)

    assert (done.outcome, phone.sent()) == ("stopped", [])
    assert "the page is not any more the one you were asked about" in done.says


def test_a_rule_that_refuses_a_decided_step_is_named_at_the_end() -> None:
    with staged(Brain(texting_bob)) as at:
        file = folders.policy_folder() / "rules.toml"
        file.write_text('[[refuse]]\ncontact = "Bob"\nside_effect = "irreversible"\n', encoding="utf-8")
        file.chmod(0o600)
        done = at.do("text Bob that dinner is ready")

    assert (done.outcome, at.phone.sent()) == ("stopped", [])
    assert "your rules refuse it (refuse 1: refused: what is irreversible, contact Bob" in done.says, done.says


def test_a_stored_yes_of_a_plans_part_is_good_when_the_plan_is_taken_up() -> None:
    with staged(planner(), owner=Owner()) as at:
        ready = plan_of(at, PLANNED)
        means = Means(Nobody(), at.owner, at.client, clock=at.phone.clock)  # type: ignore[arg-type]
        first = run_plan(at.phone, ready, means)
        assert (first.done, first.outcome, at.phone.sent()) == (False, "asked", [])
        ask = yes(at)
        assert "'22.50 €' was read off a screen (price)" in ask.beside.doubts
        done: PlanDone = resume_plan(at.phone, take_up_plan(first.plan), means)

        assert list_asks(clock=at.phone.clock) == (), "it was not asked anew"
    assert (done.done, [words for _, words in at.phone.sent()]) == (True, ["22.50 €"]), done


def test_so_is_one_of_a_known_part_that_takes_what_another_read() -> None:
    with staged(planner(), owner=Agrees()) as at:
        assert do(at, PLANNED).done
        ready = plan_of(at, AGAIN)
        means = Means(Nobody(), at.owner, None, clock=at.phone.clock)  # type: ignore[arg-type]
        first = run_plan(at.phone, ready, means)
        assert (first.outcome, len(at.phone.sent())) == ("asked", 1), first
        ask = yes(at)
        assert any("was read off a screen" in doubt for doubt in ask.beside.doubts), ask
        done = resume_plan(at.phone, take_up_plan(first.plan), means)

        assert list_asks(clock=at.phone.clock) == ()
    assert (done.done, [words for _, words in at.phone.sent()]) == (True, ["22.50 €", "49.00 €"]), done


def test_fields_that_the_task_filled_in_are_not_among_those_it_did_not() -> None:
    phone = Phone()
    thread(phone, "Bob", "lunch is ready")
    hand = Demonstration(phone, clock=phone.clock)

    page = page_of(hand.screen)
    assert (page.name, dict(page.held)) == ("Bob", {"Text message": "lunch is ready"})
    assert untyped(hand.screen, [("compose_message_text", "Lunch is  ready")]) == {}
    assert untyped(hand.screen, [("subject", "lunch is ready")]) == {"Text message": "lunch is ready"}
    assert page.still(Page("Bob", page.held, (*page.says, "saved")))
    assert not page.still(Page("Bob", {"Text message": "lunch"}, page.says))
