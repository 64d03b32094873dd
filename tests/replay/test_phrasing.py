from __future__ import annotations

import pytest

from perception.screen import parse_hierarchy
from perception.selector import make_selector
from replay.phrasing import values_in

_XML = (
    '<hierarchy rotation="0"><node index="0" text="" resource-id="a:id/to" class="android.widget.EditText" '
    'package="a" content-desc="To" checkable="false" checked="false" clickable="true" enabled="true" focusable="true" '
    'focused="true" scrollable="false" long-clickable="false" password="false" selected="false" '
    'visible-to-user="true" bounds="[0,0][100,100]" /></hierarchy>'
)
_SCREEN = parse_hierarchy(_XML)
SELECTOR = make_selector(_SCREEN, _SCREEN.elements[0], {})

TEXT = "text {contact} that {message}"


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("text Bob that I'm late", {"contact": "Bob", "message": "I'm late"}),
        ("  Text  Ann Lee   that see you at 8! ", {"contact": "Ann Lee", "message": "see you at 8!"}),
        ("text Bob that “on my way”", {"contact": "Bob", "message": "on my way"}),
        ("text 王芳 that 我晚点到", {"contact": "王芳", "message": "我晚点到"}),
    ],
)
def test_the_words_of_a_task_give_its_values_as_they_were_written(words: str, values: dict[str, str]) -> None:
    assert values_in(words, TEXT) == values


@pytest.mark.parametrize(
    "words",
    ["text Bob", "please text Bob that I am late", "text that", "call Bob that I am late", "", "text  that I am late"],
)
def test_other_words_are_not_this_task(words: str) -> None:
    assert values_in(words, TEXT) is None


def test_words_that_can_be_split_in_two_ways_have_no_answer() -> None:
    assert values_in("text Bob that I know that you know", TEXT) is None


def test_a_script_without_spaces_needs_none() -> None:
    assert values_in("给王芳发短信说我晚点到", "给{contact}发短信说{message}") == {
        "contact": "王芳",
        "message": "我晚点到",
    }


def test_a_task_without_slots_is_its_words_and_no_others() -> None:
    assert values_in("Turn off Wi-Fi", "turn off wi-fi") == {}
    assert values_in("turn on Wi-Fi", "turn off wi-fi") is None


def test_a_slot_named_twice_has_one_value() -> None:
    assert values_in("remind Bob about Bob's car", "remind {who} about {who}'s car") == {"who": "Bob"}
    assert values_in("remind Bob about Ann's car", "remind {who} about {who}'s car") is None


def test_signs_of_regular_expressions_and_doubled_braces_stand_for_themselves() -> None:
    assert values_in("note {x} costs 3.50 (really)?", "note {{x}} costs {price} (really)?") == {"price": "3.50"}
