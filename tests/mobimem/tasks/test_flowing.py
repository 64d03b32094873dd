"""How results get into other sub-tasks, and that what a screen says stays a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobimem.tasks.flowing import (
    as_template,
    fits_whole,
    flows_in,
    named_result,
    put_in,
    stand_ins,
    taken_out,
    with_results,
)
from perception.errors import SlotUnfilled
from replay.slots import fill


@pytest.mark.parametrize("value", ["the price", "The Price", "price", "its price.", "der price", "that price"])
def test_a_value_that_only_names_a_result_is_that_result(value: str) -> None:
    assert named_result(value, ("name", "price")) == "price"


@pytest.mark.parametrize("value", ["the price is high", "half the price", "prices", "pricey", "the", ""])
def test_a_value_that_says_more_is_the_owners_text(value: str) -> None:
    assert named_result(value, ("price",)) == ""


def test_a_name_of_two_words_is_said_as_two_words() -> None:
    assert named_result("the total price", ("total_price",)) == "total_price"


@pytest.mark.parametrize("place", [0, 1])
def test_a_stand_in_is_found_again_in_the_value_it_came_to_stand_in(place: int) -> None:
    stood = stand_ins(("price", "name"))[place]
    words = put_in("text Bob that {name} costs {price}", stood)
    message = words.removeprefix("text Bob that ")

    flows = flows_in({"contact": "Bob", "message": message}, stood)
    assert flows == {"message": "{name} costs {price}"}
    assert fits_whole("text Bob that {name} costs {price}", flows)
    assert not fits_whole("text {name} that {price}", {"message": "{price}"})


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_screen_says_is_put_in_as_it_stands(value: str, other: str) -> None:
    flows = {"message": as_template(other) + "{price}"}

    assert with_results({"contact": "Bob"}, flows, {"price": value}) == {"contact": "Bob", "message": other + value}


@given(st.text(max_size=60))
def test_a_text_without_a_stand_in_comes_back_as_itself(text: str) -> None:
    stood = {"price": "73193 no text has this \0"}

    assert fill(taken_out(text, stood), {}) == text


def test_a_result_that_is_not_there_is_told_and_nothing_takes_its_place() -> None:
    with pytest.raises(SlotUnfilled):
        with_results({}, {"message": "{price}"}, {})
