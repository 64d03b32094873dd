"""The owner's rules over real runs: the payment on a virtual phone, judged by what it has paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from device.virtual.direct import DirectDevice
from mobimem import folders
from mobimem.errors import BadInput, NotDone, OwnerNeeded
from mobimem.evals.crash import World
from mobimem.evals.payment import NAME, PAY_NOW, POLICY, VALUES, WALLET
from mobimem.policy.asks import TIMEOUT
from mobimem.policy.consent import PolicyConsent
from mobimem.policy.matter import Work
from mobimem.policy.rules import Policy, allow
from mobimem.service.pending import list_pending
from mobimem.service.policy import answer_ask, guarded, list_asks, read_audit, revoke_yes, show_policy
from mobimem.service.recipes import Task
from mobimem.service.replay import ReplayDone, consent_by_policy, refuse_unasked, run_on
from mobimem.tasks.hand import Proposal
from replay.commands import Decision
from replay.recipe import Step
from replay.runner import Consent

ALLOW = f'recipe = "{NAME}"\nstep = "{PAY_NOW}"\nvalues = {{ recipient = "*", amount = "*", note = "*" }}\n'


class Nobody:
    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "ask"


class Person:
    """Says yes, and remembers what to."""

    def __init__(self, said: Decision = "run") -> None:
        self.said, self.asked = said, list[str]()

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        self.asked.append(says)
        return self.said


def rules(text: str) -> None:
    file = folders.policy_folder() / "rules.toml"
    file.write_text(text)
    file.chmod(0o600)


def run(world: World, person: Consent, **values: str) -> ReplayDone:
    task = Task(world.task.entry, {**VALUES, **values})
    return run_on(DirectDevice(world.phone), task, person, clock=world.clock)


def decisions() -> list[tuple[str, str]]:
    """What the log says of decisions: the answer, and who gave it."""
    shown = read_audit()
    assert shown.broken == ""
    return [(entry.data["answer"], entry.data["by"]) for entry in shown.entries if entry.kind == "decision"]


def test_without_rules_the_owner_is_asked_and_all_of_it_is_in_the_log(world: World) -> None:
    person = Person()

    assert run(world, person).done
    assert (person.asked, world.paid) == ([PAY_NOW], 1)
    assert [entry.kind for entry in read_audit().entries] == ["decision", "act"]
    [decision, act] = read_audit().entries
    assert decision.data["values"] == VALUES
    assert (decision.data["answer"], decision.data["by"], decision.data["app"]) == ("run", "owner", WALLET)
    assert act.data["says"] == PAY_NOW


def test_what_a_rule_allows_runs_with_nobody_there(world: World) -> None:
    rules("[[allow]]\n" + ALLOW)

    assert run(world, Nobody()).done
    assert (world.paid, decisions()) == (1, [("run", "rule")])


def test_what_a_rule_refuses_is_not_started_whoever_says_yes(world: World) -> None:
    for refusing in (
        f'app = "{WALLET}"',
        'contact = "alice kim"',
        'app = "com.example.*"\nside_effect = "irreversible"',
    ):
        rules(f"[[allow]]\n{ALLOW}[[refuse]]\n{refusing}\n")
        for consent in (Person(), PolicyConsent(POLICY, world.task.recipe)):
            with pytest.raises(OwnerNeeded, match="the policy refuses"):
                run(world, consent)

    assert world.paid == 0
    assert list(folders.runs_folder().iterdir()) == []
    assert set(decisions()) == {("refuse", "rule")}


@pytest.mark.parametrize(
    ("rule", "paid"),
    [
        ('up_to = "20 EUR"\n', True),
        ('up_to = "12.50 EUR"\n', True),
        ('up_to = "12.49 EUR"\n', False),
        ('up_to = "20 USD"\n', False),
    ],
)
def test_an_amount_is_held_against_what_the_screen_says_before_it_is_paid(world: World, rule: str, paid: bool) -> None:
    rules("[[allow]]\n" + ALLOW + rule)

    result = run(world, Nobody())

    assert (result.done, world.paid) == (paid, int(paid))
    assert result.outcome == ("done" if paid else "asked")


def test_a_limit_refuses_though_the_file_of_this_call_allows(world: World) -> None:
    rules('[[refuse]]\nabove = "10 EUR"\n')

    result = run(world, PolicyConsent(POLICY, world.task.recipe))

    assert (result.outcome, world.paid) == ("stopped", 0)
    assert decisions() == [("refuse", "rule")]


def test_with_nobody_there_the_question_is_stored_and_a_yes_lets_it_run_once(world: World) -> None:
    first = run(world, Nobody())
    assert (first.outcome, world.paid) == ("asked", 0)
    [ask] = [one.ask for one in list_asks(clock=world.clock)]
    assert first.asks == (ask.id,)
    assert (ask.says, ask.values, ask.run) == (PAY_NOW, VALUES, first.run)

    answer_ask(ask.id, "yes", clock=world.clock)
    world.leave_app()
    assert run(world, Nobody(), amount="13").outcome == "asked"
    world.leave_app()
    assert run(world, Nobody()).done
    world.leave_app()
    assert run(world, Nobody()).outcome == "asked"

    assert world.paid == 1
    assert ("run", ask.id) in decisions()


def test_a_yes_that_comes_too_late_is_none(world: World) -> None:
    [name] = run(world, Nobody()).asks
    world.clock.sleep(TIMEOUT.total_seconds())

    with pytest.raises(NotDone, match="timed out"):
        answer_ask(name, "yes", clock=world.clock)
    world.leave_app()
    assert run(world, Nobody()).outcome == "asked"
    assert world.paid == 0


def test_nothing_is_started_where_somebody_would_have_to_be_asked_and_nobody_is_there(world: World) -> None:
    with pytest.raises(OwnerNeeded, match="needs your yes") as caught:
        refuse_unasked(world.task, Nobody())

    [ask] = list_pending().asks
    assert f"mobimem answer {ask.id} yes|no|always" in caught.value.next_step
    assert list(folders.runs_folder().iterdir()) == []
    answer_ask(ask.id, "yes")
    refuse_unasked(world.task, Nobody())  # does not raise, and does not use the yes up
    refuse_unasked(world.task, Nobody())
    assert list_pending().asks == ()


def test_a_standing_yes_is_for_its_values_listed_and_taken_back_at_once(world: World) -> None:
    [name] = run(world, Nobody()).asks
    answered = answer_ask(name, "always", any_value=["amount", "note"], clock=world.clock)
    given = answered.standing
    assert given is not None
    assert given.values == {"recipient": "Alice Kim", "amount": "*", "note": "*"}
    assert show_policy().standing == (given,)

    for amount, paid in (("1", 1), ("2", 2)):
        world.leave_app()
        assert run(world, Nobody(), amount=amount).done
        assert world.paid == paid
    world.leave_app()
    assert run(world, Nobody(), recipient="Bob").outcome == "asked"

    revoke_yes(given.id, clock=world.clock)
    world.leave_app()
    assert run(world, Nobody(), amount="1").outcome == "asked"
    assert world.paid == 2
    kinds = [entry.kind for entry in read_audit().entries]
    assert [kinds.count(kind) for kind in ("standing", "revoked", "act")] == [1, 1, 2]


def test_a_yes_taken_back_during_a_run_stops_it_before_the_act(world: World) -> None:
    [name] = run(world, Nobody()).asks
    given = answer_ask(name, "always", clock=world.clock).standing
    assert given is not None
    answer = guarded(Work.of(world.task.recipe), Nobody(), run="r", clock=world.clock)
    step = next(one for one in world.task.recipe.steps if one.for_good)
    world.leave_app()
    assert answer.decide(step, PAY_NOW, {**VALUES}) == "run"

    revoke_yes(given.id, clock=world.clock)

    assert answer.decide(step, PAY_NOW, {**VALUES, "note": "Tea"}) == "ask"
    assert answer.decide(step, PAY_NOW, {**VALUES}) == "ask"


def test_a_standing_yes_overrules_no_rule_and_covers_nothing_healed_or_chosen(world: World) -> None:
    [name] = run(world, Nobody()).asks
    answer_ask(name, "always", any_value=VALUES, clock=world.clock)
    step = next(one for one in world.task.recipe.steps if one.for_good)
    guard = guarded(Work.of(world.task.recipe), Nobody(), run="r", clock=world.clock)
    other = {**VALUES, "note": "Tea"}
    assert guard.decide(step, PAY_NOW, other) == "run"
    proposal = Proposal("pay", "it is next", (), other, ())

    assert guard.decide_changed(step, PAY_NOW, "it is called otherwise", other) == "ask"
    assert guard.decide_decided(step, PAY_NOW, proposal) == "ask"
    assert guard.decide(replace(step, says="Tap 'Pay twice'"), PAY_NOW, other) == "ask"
    rules(f'[[ask]]\napp = "{WALLET}"\n')
    strict = guarded(Work.of(world.task.recipe), Nobody(), run="r", clock=world.clock)
    assert strict.decide(step, PAY_NOW, other) == "ask"
    with pytest.raises(NotDone, match="once and for all"):
        answer_ask(strict.asked[-1].id, "always", clock=world.clock)


def test_what_a_model_chose_is_asked_of_a_person_who_is_told_or_of_nobody(world: World) -> None:
    class Told(Person):
        def decide_decided(self, step: Step, says: str, proposal: object) -> Decision:
            self.asked.append("a model chose it")
            return "run"

    rules("[[allow]]\n" + ALLOW)
    step = next(one for one in world.task.recipe.steps if one.for_good)
    proposal = Proposal("pay Alice", "it is next", (), {"amount": "12.50"}, ())
    told, untold = Told(), Person()

    assert guarded(Work("w", "w"), told, run="r", clock=world.clock).decide_decided(step, "Pay", proposal) == "run"
    assert guarded(Work("w", "w"), untold, run="r", clock=world.clock).decide_decided(step, "Pay", proposal) == "ask"
    assert (told.asked, untold.asked) == (["a model chose it"], [])


def test_a_stored_question_says_which_values_were_read_off_a_screen(world: World) -> None:
    task = replace(world.task, recall={**world.task.recall, "flows": ["amount"]})
    assert run_on(DirectDevice(world.phone), task, Nobody(), clock=world.clock).outcome == "asked"
    [one] = list_asks(clock=world.clock)

    assert one.ask.beside.doubts == (f"amount = {VALUES['amount']!r} was read off a screen",)
    [line] = [entry for entry in read_audit().entries if entry.kind == "ask"]
    assert (line.data["recipe"], line.data["values"], line.data["run"]) == (NAME, VALUES, one.ask.run)


def test_a_rule_may_ask_about_what_can_be_undone_before_anything_starts(world: World) -> None:
    rules(f'[[ask]]\napp = "{WALLET}"\nside_effect = "reversible"\n')

    with pytest.raises(OwnerNeeded, match="needs your yes"):
        run(world, Nobody())
    with pytest.raises(OwnerNeeded, match="you did not allow"):
        run(world, Person("refuse"))
    assert list(folders.runs_folder().iterdir()) == []
    assert run(world, Person()).done


def test_rules_that_cannot_be_read_let_nothing_run(world: World) -> None:
    rules("[[allow]]\n")
    with pytest.raises(BadInput, match="no conditions"):
        run(world, Person())
    rules("[[allow]]\n" + ALLOW)
    (folders.policy_folder() / "rules.toml").chmod(0o666)
    with pytest.raises(BadInput, match="everybody can write"):
        run(world, Person())
    assert world.paid == 0


def test_without_a_log_nothing_irreversible_is_done(world: World) -> None:
    (folders.policy_folder() / "audit.jsonl").mkdir()

    with pytest.raises(OwnerNeeded, match="audit log"):
        run(world, Person())
    assert world.paid == 0


def test_a_file_of_rules_with_amounts_is_left_to_the_screen_and_one_beyond_is_told_at_once(world: World) -> None:
    def limited(limit: str) -> Policy:
        from mobimem.policy.amounts import limit_of

        return Policy((replace(allow(NAME, PAY_NOW, dict.fromkeys(VALUES, "*")), up_to=limit_of(limit)),))

    consent_by_policy(world.task, limited("20 EUR"))
    in_full = Task(world.task.entry, {**VALUES, "amount": "12.50 EUR"})
    with pytest.raises(OwnerNeeded, match="does not allow"):
        consent_by_policy(in_full, limited("10 EUR"))
    assert run(world, PolicyConsent(limited("20 EUR"), world.task.recipe)).done


def test_wrong_answers_are_told(world: World) -> None:
    [name] = run(world, Nobody()).asks

    for said, any_value, says in (
        ("perhaps", [], "no answer"),
        ("yes", ["note"], "widens"),
        ("always", ["x"], "no slot"),
    ):
        with pytest.raises(BadInput, match=says):
            answer_ask(name, said, any_value=any_value, clock=world.clock)
    answer_ask(name, "no", clock=world.clock)
    with pytest.raises(NotDone, match="closed: no"):
        answer_ask(name, "yes", clock=world.clock)


def test_no_secret_value_is_in_the_log(world: World) -> None:
    values = {**VALUES, "note": "secret://code", "recipient": "4111 1111 1111 1111", "pin": "4711"}
    guard = guarded(Work.of(world.task.recipe), Nobody(), run="r", clock=world.clock)
    step = next(one for one in world.task.recipe.steps if one.for_good)
    guard.decide(step, PAY_NOW, values)

    log = (folders.policy_folder() / "audit.jsonl").read_text()
    assert "secret://code" in log
    assert "4111 1111" not in log
    assert "4711" not in log


def test_what_memory_understood_or_filled_in_is_run_by_a_rule_only_if_that_says_so(world: World) -> None:
    said = dict(VALUES)
    filled = {slot: value for slot, value in VALUES.items() if slot != "recipient"}
    plain = {"words": "pay", "said": said, "exact": True}
    for recall, meaning, ran in (
        (plain, "", True),
        ({**plain, "exact": False}, "", False),
        ({**plain, "said": filled}, "", False),
        ({**plain, "said": filled, "exact": False}, "by_meaning = true\n", True),
    ):
        rules("[[allow]]\n" + ALLOW + meaning)
        world.leave_app()
        before = world.paid
        task = replace(world.task, recall=recall)
        assert run_on(DirectDevice(world.phone), task, Nobody(), clock=world.clock).done == ran
        assert world.paid - before == int(ran)


def test_an_app_that_is_refused_is_none_for_steps_that_are_chosen_on_the_way(world: World) -> None:
    rules(f'[[refuse]]\napp = "{WALLET}"\n[[ask]]\napp = "com.example.mail"\n[[refuse]]\ncontact = "Ann"\n')
    guard = guarded(Work("words-1", "pay ann"), Nobody(), run="r", clock=world.clock)

    assert [guard.may_touch(app) for app in (WALLET, "com.example.mail", "com.other")] == [False, True, True]
