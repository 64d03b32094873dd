from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobimem.policy.amounts import Amount
from mobimem.policy.rules import CLASSES, Answer, Deed, Policy, Rule, allow

STRICT: dict[Answer, int] = {"run": 0, "ask": 1, "refuse": 2}
BANK, MAIL = "com.example.bank", "com.example.mail"
DEED = Deed(
    recipe="pay", step="pay-1", says="Tap 'Pay now'", side_effect="irreversible", app=BANK,
    values={"recipient": "Ann", "amount": "12.50", "note": "Lunch"}, slots=frozenset(("recipient", "amount", "note")),
    screen=("You pay", "12,50 €", "to Ann"),
)  # fmt: skip
LIMIT = Amount(Decimal(20), "EUR")
ANYTHING = {"recipient": "*", "amount": "*", "note": "*"}


def answer(*rules: Rule, deed: Deed = DEED, otherwise: Answer = "ask") -> Answer:
    return Policy(rules, otherwise).decide(deed).answer


def test_the_strictest_rule_that_fits_wins_and_is_named() -> None:
    yes, ask, no = allow("pay", "pay-1", ANYTHING), Rule(answer="ask", app=BANK), Rule(answer="refuse", contact="Ann")

    assert answer(yes) == "run"
    assert answer(yes, ask) == "ask"
    decided = Policy((yes, ask, no)).decide(DEED)
    assert (decided.answer, decided.rule) == ("refuse", no)
    assert "refused: contact Ann" in decided.why


def test_what_no_rule_fits_runs_if_it_can_be_undone() -> None:
    assert answer(deed=replace(DEED, side_effect="reversible")) == "run"
    assert answer() == "ask"
    assert answer(otherwise="refuse") == "refuse"


def test_a_rule_that_asks_lets_nothing_be_asked_that_is_refused_for_want_of_a_rule() -> None:
    ask = Rule(answer="ask", contact="Ann")

    assert answer(ask, otherwise="refuse") == "refuse"
    assert answer(ask, allow("pay", "pay-1", ANYTHING), otherwise="refuse") == "ask"


def test_an_app_may_be_named_by_a_pattern() -> None:
    for pattern, fits in [(BANK, True), ("com.example.*", True), ("com.example", False), ("com.*.mail", False)]:
        assert answer(Rule(answer="refuse", app=pattern)) == ("refuse" if fits else "ask"), pattern


def test_a_step_of_an_unknown_app_may_be_of_the_app_that_is_refused() -> None:
    somewhere = replace(DEED, app="", side_effect="reversible")

    assert answer(Rule(answer="refuse", app=BANK), deed=somewhere) == "ask"
    assert answer(Rule(answer="run", app=BANK), deed=replace(DEED, app="")) == "ask"


def test_a_refused_app_is_left_alone_altogether_and_an_asking_one_only_for_what_cannot_be_undone() -> None:
    reading = replace(DEED, side_effect="read")

    assert answer(Rule(answer="refuse", app=BANK), deed=reading) == "refuse"
    assert answer(Rule(answer="ask", app=BANK), deed=reading) == "run"
    assert answer(Rule(answer="ask", app=BANK, side_effect="read"), deed=reading) == "ask"


def test_a_contact_allows_only_in_a_slot_that_holds_people_and_restricts_wherever_it_stands() -> None:
    to_ann = Rule(answer="run", app=BANK, contact="Ann")
    elsewhere = replace(DEED, values={"recipient": "Bob", "amount": "1", "note": "Ann"}, screen=())

    assert answer(to_ann) == "run"
    assert answer(to_ann, deed=elsewhere) == "ask"
    assert answer(Rule(answer="refuse", contact="Ann"), deed=elsewhere) == "refuse"
    assert answer(Rule(answer="refuse", contact="Mallory"), deed=replace(DEED, screen=("to Mallory X",))) == "refuse"


@pytest.mark.parametrize(
    ("screen", "expected"),
    [
        (("12,50 €",), "run"),
        (("12,50 €", "Total 19.99 €"), "run"),
        (("12,50 €", "Total 95.00 €"), "refuse"),  # beyond the limit: the rule does not fit
        (("12,50 €", "about 14 USD"), "ask"),
        (("12,50 €", "fee 1,234 €"), "ask"),
        (("$12.50",), "ask"),
        ((), "ask"),
        (None, "ask"),
    ],
)
def test_up_to_allows_only_what_is_certainly_within_it(screen: tuple[str, ...] | None, expected: Answer) -> None:
    rule = replace(allow("pay", "pay-1", ANYTHING), up_to=LIMIT)

    assert answer(rule, deed=replace(DEED, screen=screen), otherwise="refuse") == expected


@pytest.mark.parametrize(
    ("screen", "expected"),
    [
        (("12,50 €",), "run"),
        (("12,50 €", "Total 95.00 €"), "refuse"),
        (("12,50 €", "95.00 USD"), "ask"),
        (("five euros", "12,50 €"), "ask"),
        (None, "ask"),
    ],
)
def test_above_refuses_what_is_beyond_it_and_asks_where_that_is_not_known(
    screen: tuple[str, ...] | None, expected: Answer
) -> None:
    rules = (allow("pay", "pay-1", ANYTHING), Rule(answer="refuse", above=LIMIT))

    assert answer(*rules, deed=replace(DEED, screen=screen)) == expected


@pytest.mark.parametrize("what", ["changed", "decided", "meant"])
def test_what_was_healed_chosen_by_a_model_or_understood_is_never_allowed_by_a_plain_rule(what: str) -> None:
    deed = replace(DEED, **{what: True})  # type: ignore[arg-type]

    assert answer(allow("pay", "pay-1", ANYTHING), Rule(answer="run", app=BANK), deed=deed) == "ask"
    meaning = answer(allow("pay", "pay-1", ANYTHING, by_meaning=True), deed=deed)
    assert meaning == ("run" if what == "meant" else "ask")


# -- properties

texts = st.sampled_from(["Ann", "Bob", "12.50", "12,50 €", "95 EUR", "5 USD", "five euros", "Lunch", "1,234 €", ""])
answers: st.SearchStrategy[Answer] = st.sampled_from(get_args(Answer))
limits = st.one_of(st.none(), st.builds(Amount, st.sampled_from([Decimal(5), Decimal(50)]), st.just("EUR")))
values = st.dictionaries(st.sampled_from(["recipient", "amount", "note"]), st.one_of(texts, st.just("*")))
deeds = st.builds(
    Deed, recipe=st.sampled_from(["pay", "text"]), step=st.just("pay-1"), says=st.just("Tap 'Pay now'"),
    side_effect=st.sampled_from(CLASSES), values=st.fixed_dictionaries({"recipient": texts, "amount": texts}),
    slots=st.just(frozenset(("recipient", "amount"))), app=st.sampled_from([BANK, MAIL, ""]),
    screen=st.one_of(st.none(), st.lists(texts, max_size=3).map(tuple)), meant=st.booleans(), changed=st.booleans(),
    decided=st.booleans(),
)  # fmt: skip


@st.composite
def any_rule(draw: st.DrawFn, answer: Answer | None = None, app: str | None = None) -> Rule:
    said = draw(answers) if answer is None else answer
    recipe = draw(st.sampled_from(["", "pay", "text"]))
    return Rule(
        answer=said, recipe=recipe, step=draw(st.sampled_from(["", "pay-1"])) if recipe else "",
        values=draw(values) if recipe else {}, app=draw(st.sampled_from(["", BANK, "com.*"])) if app is None else app,
        side_effect=draw(st.sampled_from([None, *CLASSES])), contact=draw(st.sampled_from(["", "Ann", "Bob"])),
        up_to=draw(limits) if said == "run" else None, above=None if said == "run" else draw(limits),
        by_meaning=said == "run" and draw(st.booleans()),
    )  # fmt: skip


policies = st.builds(Policy, st.lists(any_rule(), max_size=4).map(tuple), answers)


@given(policies, any_rule(answer="refuse"), deeds)
def test_adding_a_rule_that_refuses_never_makes_anything_run(policy: Policy, rule: Rule, deed: Deed) -> None:
    before, after = policy.decide(deed).answer, replace(policy, rules=(*policy.rules, rule)).decide(deed).answer

    assert after != "run" or before == "run"
    assert STRICT[after] >= STRICT[before]


@given(policies, any_rule(answer="ask"), deeds)
def test_adding_a_rule_that_asks_never_makes_anything_run(policy: Policy, rule: Rule, deed: Deed) -> None:
    after = replace(policy, rules=(*policy.rules, rule)).decide(deed).answer

    assert STRICT[after] >= STRICT[policy.decide(deed).answer]


@given(policies, any_rule(app="org.other.app"), deeds.filter(lambda deed: deed.app))
def test_a_rule_about_another_app_never_matters(policy: Policy, rule: Rule, deed: Deed) -> None:
    assert replace(policy, rules=(*policy.rules, rule)).decide(deed).answer == policy.decide(deed).answer


@given(policies, deeds.filter(lambda deed: deed.screen is not None), st.lists(texts, max_size=3))
def test_a_text_that_appears_on_the_screen_never_makes_an_answer_laxer_where_amounts_are_given_with_their_currency(
    policy: Policy, deed: Deed, more: list[str]
) -> None:
    given_in_full = replace(deed, values={"recipient": "Ann", "amount": "12.50 EUR"})
    shown = replace(given_in_full, screen=(*(given_in_full.screen or ()), *more))

    assert STRICT[policy.decide(shown).answer] >= STRICT[policy.decide(given_in_full).answer]


@given(policies, deeds)
def test_what_a_model_chose_or_healing_found_is_never_answered_laxer(policy: Policy, deed: Deed) -> None:
    plain = replace(deed, meant=False, changed=False, decided=False)
    for marked in (replace(plain, decided=True), replace(plain, changed=True), replace(plain, meant=True)):
        if policy.otherwise != "run" and plain.for_good:
            assert policy.decide(marked).answer != "run" or policy.decide(plain).answer == "run"


@given(policies, deeds)
def test_the_order_of_rules_does_not_matter_for_the_answer(policy: Policy, deed: Deed) -> None:
    backwards = replace(policy, rules=policy.rules[::-1])

    assert backwards.decide(deed).answer == policy.decide(deed).answer
