"""What stood in no field when a step was shown, and stands there today, is not written over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device.actions import PressKey, Size
from device.fake import node, tree
from perception.element import Element
from perception.screen import Screen, parse_hierarchy
from replay.blank_fields import blank_beside, filled_by_others, was_blank
from replay.demonstration import Demonstration
from replay.recipe import Recipe, TypeInto, from_data, same_step, step_to_data, to_data
from tests.replay.bench import ALICE, ASKED, CONTACTS, MESSAGES, NOTES, THREAD, Phone, text_someone

WALLET = "com.example.wallet"
ZOE, INES = {"name": "Zoe", "phone": "5550101"}, {"name": "Ines", "phone": "5550177"}


def new_contact() -> Recipe:
    def act(hand: Demonstration) -> None:
        hand.open(CONTACTS)
        hand.tap("Create contact")
        hand.type("Name", ZOE["name"])
        hand.type("Phone", ZOE["phone"])
        hand.tap("Save")

    return Phone().show("new", ZOE, act)


def form(*fields: tuple[str, str, str], password: str = "") -> Screen:
    """A form of fields, each (id, text, hint)."""
    parts = [
        node(
            text, resource_id=f"com.app:id/{entry}", _class="android.widget.EditText", hint=hint,
            bounds=(0, 100 * at, 900, 100 * at + 90), password="true" if entry == password else "false",
        )
        for at, (entry, text, hint) in enumerate(fields)
    ]  # fmt: skip
    return parse_hierarchy(tree(*parts), size=Size(1000, 2000))


def only(screen: Screen, entry: str) -> Element:
    (found,) = (one for one in screen.elements if one.entry == entry)
    return found


def typing(text: str, *, fresh: bool = True, blank: tuple[str, ...] = ()) -> tuple[Recipe, TypeInto]:
    recipe = new_contact()
    step = next(step for step in recipe.steps if isinstance(step.move, TypeInto))
    assert isinstance(step.move, TypeInto)
    move = replace(step.move, text=text, fresh=fresh, blank=blank)
    return replace(recipe, steps=(replace(step, move=move),)), move


# -- what was shown


@pytest.mark.parametrize(
    ("entry", "text", "hint", "counts"),
    [
        ("name", "", "Name", True),
        ("name", "Name", "Name", True),  # dumps of older phones say the hint as the text
        ("name", "Oliver", "Name", False),
        ("search_src_text", "", "Find people", False),  # what is sought is nobody's record
        ("box", "", "Suchen", False),
        ("secret", "", "Password", False),  # what it holds cannot be read
    ],
)
def test_an_empty_field_counts_unless_it_is_for_searching_or_a_secret(
    entry: str, text: str, hint: str, counts: bool
) -> None:
    assert was_blank(only(form((entry, text, hint), password="secret"), entry)) == counts


def test_the_other_empty_fields_count_in_a_form_that_was_begun_empty_only() -> None:
    new = form(("name", "Zoe", "Name"), ("phone", "", "Phone"), ("email", "", "Email"))
    assert blank_beside(new, only(new, "phone"), ["Zoe"]) == ("email",)
    assert blank_beside(new, only(new, "phone"), []) == ()  # somebody's, who has no number yet
    assert blank_beside(new, only(new, "name"), []) == ()


def test_a_recipe_remembers_it_and_is_read_back_the_same() -> None:
    recipe = new_contact()
    assert from_data(to_data(recipe)) == recipe
    name, phone = (step.move for step in recipe.steps if isinstance(step.move, TypeInto))
    assert isinstance(name, TypeInto) and isinstance(phone, TypeInto)
    assert (name.fresh, phone.fresh) == (True, True)
    assert name.blank == ("phone_edit", "email_edit") and phone.blank == ("email_edit",)


def test_a_recipe_from_before_is_read_and_says_nothing_of_it() -> None:
    data = to_data(new_contact())
    for step in data["steps"]:
        step["move"].pop("fresh", None)
        step["move"].pop("blank", None)
    assert {step.move.fresh for step in from_data(data).steps if isinstance(step.move, TypeInto)} == {False}


def test_typing_into_an_empty_field_and_typing_over_a_text_are_two_steps() -> None:
    (step,) = typing("{name}")[0].steps
    assert isinstance(step.move, TypeInto)
    assert not same_step(step, replace(step, move=replace(step.move, fresh=False)))
    begun = replace(step, move=replace(step.move, blank=("email", "phone")))
    assert same_step(begun, replace(begun, move=replace(step.move, blank=("email",))))
    assert step_to_data(begun)["move"]["blank"] == ["email", "phone"]


# -- what is there today


@pytest.mark.parametrize(
    ("held", "stops"),
    [("", False), ("Name", False), ("0.00", False), ("+ ", False), ("Ines", False), ("ines ", False), ("Oliver", True),
     ("7", True), ("奥利弗", True)],
)  # fmt: skip
def test_only_what_somebody_else_wrote_stops_it(held: str, stops: bool) -> None:
    recipe, move = typing("{name}")
    now = form(("name", held, "Name"))
    assert bool(filled_by_others(recipe, move, only(now, "name"), now, {"name": "Ines"})) == stops


def test_a_field_beside_it_stops_it_too_and_is_named() -> None:
    recipe, move = typing("{name}", blank=("email",))
    now = form(("name", "", "Name"), ("email", "o@example.com", "Email"), ("phone", "123", "Phone"))
    told = filled_by_others(recipe, move, only(now, "name"), now, {"name": "Ines"})
    assert "'Email'" in told and "o@example.com" in told


def test_what_was_shown_on_a_field_with_text_replaces_any_text() -> None:
    recipe, move = typing("{name}", fresh=False)
    now = form(("name", "Oliver", "Name"))
    assert filled_by_others(recipe, move, only(now, "name"), now, {"name": "Ines"}) == ""


# -- runs


def test_the_form_of_another_contact_is_left_as_it_is() -> None:
    recipe, phone = new_contact(), Phone()
    people = phone.phone.store.table("contacts").rows()

    def front() -> None:
        phone.phone.windows.start(CONTACTS, ".activities.ContactEditorActivity", contact=people[-1]["_id"])

    phone.after_act = lambda action: front() if len(phone.done) == 2 else None  # right after "Create contact"
    result = phone.run(recipe, INES)
    assert result.outcome == "asked" and people[-1]["name"] in result.says
    assert result.divergence is not None and result.divergence.expected == "blank"
    assert result.divergence.wanted == "the form is as empty as it was when this was shown"
    assert phone.typed == [] and phone.phone.store.table("contacts").rows() == people


def drafted(phone: Phone, words: str) -> Phone:
    """Leaves something half written in Alice's thread, by hand."""
    phone.phone.windows.start(MESSAGES, THREAD, address=ALICE)
    hand = Demonstration(phone, clock=phone.clock)
    hand.type("Text message", words)
    for key in ("back", "back", "home"):
        hand.press(PressKey(key))  # type: ignore[arg-type]
    phone.done.clear()
    return phone


def test_a_draft_is_reported_and_not_written_over() -> None:
    phone = drafted(Phone(), "Dear Alice, about yesterday")
    result = phone.run(text_someone(), ASKED)
    assert result.outcome == "asked" and "Dear Alice, about yesterday" in result.says
    assert phone.sent() == [] and phone.typed == []


def test_a_draft_that_says_just_what_is_to_be_sent_is_sent() -> None:
    phone = drafted(Phone(), ASKED["message"])
    assert phone.run(text_someone(), ASKED).outcome == "done"
    assert phone.sent() == [(ALICE, ASKED["message"])] and phone.typed == []


def test_the_last_query_of_a_search_is_replaced() -> None:
    def act(hand: Demonstration) -> None:
        hand.open(NOTES)
        hand.type("Search notes", "milk")
        hand.tap("New note")

    recipe = Phone().show("search", {"words": "milk"}, act)
    assert [step.move.fresh for step in recipe.steps if isinstance(step.move, TypeInto)] == [False]
    phone = Phone()
    hand = Demonstration(phone, clock=phone.clock)
    hand.open(NOTES)
    hand.type("Search notes", "old query")
    assert phone.run(recipe, {"words": "milk"}).outcome == "done"
    assert phone.typed[-1] == "milk"


def test_an_amount_that_somebody_else_put_in_is_not_paid_over() -> None:
    shown = {"who": "Bob Stone", "amount": "40"}

    def act(hand: Demonstration) -> None:
        hand.open(WALLET)
        hand.tap("New payment")
        hand.type("Recipient", shown["who"])
        hand.tap("Next")
        hand.type("Amount", shown["amount"])
        hand.tap("Next")

    recipe = Phone().show("pay", shown, act)
    phone = Phone()

    def prefilled() -> None:
        phone.phone.windows.start(WALLET, ".AmountActivity", recipient="Mallory Gray", amount="1")

    phone.after_act = lambda action: prefilled() if len(phone.done) == 5 else None
    result = phone.run(recipe, {"who": "Nina Patel", "amount": "12.50"})
    assert result.outcome != "done"
    assert "12.50" not in phone.typed


def test_a_stop_at_something_half_written_says_that_it_is_not_the_tasks_fault() -> None:
    recipe, phone = text_someone(), drafted(Phone(), "Dear Alice, about yesterday")
    phone.phone.windows.start(MESSAGES, THREAD, address=ALICE)

    result = phone.run(recipe, ASKED)

    assert result.outcome == "stopped" and "half written there is left alone" in result.says
    assert result.divergence is not None
    assert result.divergence.to_data()["excuse"] == "something half written was left alone"
