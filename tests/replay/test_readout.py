"""Reading a value off the screen as a step: found by all but what it says, taken only at rest, never from elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device.actions import OpenApp
from perception.locate import Found
from perception.screen import Screen, parse_hierarchy
from replay.demonstration import Demonstration
from replay.distill import Done, Noted, distill
from replay.errors import RecipeInvalid, ReplayError
from replay.export.plan import plan
from replay.export.uiautomator2 import to_uiautomator2
from replay.readout import find, is_name, read, selector_for, type_of, unfit, value_of
from replay.recipe import ReadOut, Recipe, Step, from_data, to_data
from tests.replay.bench import Phone

SHOP = "com.example.shop"


def element_of(screen: Screen, entry: str):  # type: ignore[no-untyped-def]
    [found] = [one for one in screen.elements if one.entry == entry]
    return found


def shown(phone: Phone, product: str) -> Recipe:
    """ "what does {product} cost", shown on this phone."""
    hand = Demonstration(phone, clock=phone.clock)
    hand.open(SHOP)
    hand.tap(product)
    screen = hand.screen
    hand.done.append(Done(screen, Noted(element_of(screen, "product_price"), "price"), screen))
    values = {"product": product}
    return distill(hand.done, recipe_id="cost", name="cost", task=f"what does {product} cost", values=values)


def test_the_value_of_another_product_is_read_on_its_page() -> None:
    phone = Phone()
    recipe = shown(phone, "Wool scarf")
    result = Phone().run(recipe, {"product": "Electric kettle"})

    assert result.outcome == "done", result.says
    assert result.results == {"price": "49.00 €"}
    assert recipe.results == ("price",)
    assert recipe.steps[-1].side_effect == "read"
    assert recipe.steps[-1].says == "Read the price"


def test_reading_does_nothing_to_the_device() -> None:
    recipe, phone = shown(Phone(), "Wool scarf"), Phone()
    phone.run(recipe, {"product": "Wool scarf"})

    assert len(phone.done) == sum(not isinstance(step.move, ReadOut) for step in recipe.steps)


def test_the_page_of_another_product_is_not_read() -> None:
    """Somebody goes to another product between the tap and the reading: the page no longer says what was chosen."""
    recipe, phone = shown(Phone(), "Wool scarf"), Phone()
    last = next(i for i, step in enumerate(recipe.steps) if isinstance(step.move, ReadOut))

    def elsewhere(action: object) -> None:
        if len(phone.done) == last:
            other = Demonstration(phone, clock=phone.clock)
            phone.after_act = lambda _: None
            other.tap("Navigate up")
            other.tap("Electric kettle")

    phone.after_act = elsewhere
    result = phone.run(recipe, {"product": "Wool scarf"})

    assert result.outcome != "done"
    assert result.results == {}


def test_the_step_is_plain_data_and_comes_back_as_it_was() -> None:
    recipe = shown(Phone(), "Wool scarf")

    assert from_data(to_data(recipe)) == recipe


def test_a_result_needs_a_name_of_its_own() -> None:
    recipe = shown(Phone(), "Wool scarf")
    last = recipe.steps[-1]
    assert isinstance(last.move, ReadOut)
    with pytest.raises(RecipeInvalid, match="a name of its own"):
        replace(recipe, steps=(*recipe.steps, replace(last, id="again")))
    with pytest.raises(RecipeInvalid, match="a name of its own"):
        replace(recipe, steps=(*recipe.steps[:-1], replace(last, move=replace(last.move, name="product"))))


def test_an_export_to_a_tool_that_cannot_hand_a_value_on_says_so() -> None:
    with pytest.raises(ReplayError, match="reads a value off the screen"):
        to_uiautomator2(plan(shown(Phone(), "Wool scarf")))


PAGE = """<hierarchy rotation="0"><node class="android.widget.FrameLayout" package="a" bounds="[0,0][1000,2000]">
<node class="android.widget.TextView" package="a" resource-id="a:id/title" text="Rates" bounds="[0,0][1000,100]"/>
<node class="android.widget.TextView" package="a" resource-id="a:id/{entry}" text="{text}" bounds="[0,100][1000,200]"/>
<node class="android.widget.TextView" package="a" text="no id" bounds="[0,200][1000,300]"/>
</node></hierarchy>"""


def page(text: str = "12.50", entry: str = "price") -> Screen:
    return parse_hierarchy(PAGE.format(text=text, entry=entry))


def test_it_is_found_whatever_it_says_now() -> None:
    then, now = page("12.50"), page("on request")
    found = find(now, selector_for(then, element_of(then, "price"), {}))

    assert isinstance(found, Found)
    assert read(now, found) == "on request"


def test_what_has_another_id_is_not_read_in_its_place() -> None:
    then, now = page("12.50"), page("12.50", entry="old_price")

    assert not isinstance(find(now, selector_for(then, element_of(then, "price"), {})), Found)


def test_what_has_no_id_is_never_read_again() -> None:
    screen = page()
    nameless = next(one for one in screen.elements if one.text == "no id")
    with pytest.raises(RecipeInvalid, match="has no id"):
        selector_for(screen, nameless, {})


@pytest.mark.parametrize(
    ("value", "kind", "why"),
    [
        ("12.50 €", "number", ""),
        ("Sold out", "number", "there was a number"),
        ("Sold out", "text", ""),
        ("", "text", "says nothing"),
        ("x" * 501, "text", "501 characters"),
        ("secret://bank", "text", "names a secret"),
        ("pay secret://bank now 1", "number", "names a secret"),
    ],
)
def test_what_is_no_value_of_the_kind_is_told(value: str, kind: str, why: str) -> None:
    told = unfit(value, kind)  # type: ignore[arg-type]

    assert why in told
    assert bool(told) == bool(why)


def test_a_number_stays_a_number_and_a_text_a_text() -> None:
    assert (type_of("12.50 €"), type_of("Lyon")) == ("number", "text")


@pytest.mark.parametrize("name", ["1a", "Price", "", "the price", "a" * 33, "{price}", "price\n"])
def test_a_name_that_could_be_anything_else_in_words_is_none(name: str) -> None:
    assert not is_name(name)
    assert is_name("total_price2")


def test_a_page_that_says_there_is_no_price_any_more_stops_the_run() -> None:
    phone = Phone()
    hand = Demonstration(phone, clock=phone.clock)
    hand.open(SHOP)
    hand.tap("Bread knife")
    sold = hand.screen
    stock = element_of(sold, "product_stock")
    assert value_of(stock) == "Sold out"
    target = selector_for(sold, stock, {})
    odd = Recipe(
        id="odd", name="odd", task="", slots=(),
        steps=(
            Step(id="open", says="Open", move=OpenApp(SHOP)),
            Step(id="read", says="Read", move=ReadOut(target, "left", "number"), side_effect="read"),
        ),
    )  # fmt: skip
    result = phone.run(odd, start=1)

    assert (result.outcome, result.results) == ("stopped", {})
    assert "there was a number" in result.says
