"""The guard of the reply cache: what is the same request, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobimem.llm.sameness import REQUEST_MAX, compare

SAME = [
    ("Please install Signal", "Could you install Signal?"),
    ("show me my photos", "let me see my pictures"),
    ("delete the note Groceries", "remove the note Groceries"),
    ("text Ana that I'm ill", "send Ana a text that I'm ill"),
    ("what's the weather in Rome", "how is the weather in Rome?"),
    ("switch on bluetooth", "turn bluetooth on"),
    ("Wake me at 9 pm", "Wake me at 21:00"),
    ("打开蓝牙", "把蓝牙打开"),
]
DIFFERENT = [
    ("Text Mark that I will be there", "Text Marc that I will be there"),
    ("Move the chat from Work to Private", "Move the chat from Private to Work"),
    ("Remind Al to call me", "Remind me to call Al"),
    ("Send my location to Al", "Send Al's location to me"),
    ("Is the heater on?", "Turn the heater on"),
    ("Was the heater on?", "Is the heater on?"),
    ("How do I add a contact?", "Add a contact"),
    ("Show photos before June", "Show photos after June"),
    ("Remind me in 2 hours", "Remind me every 2 hours"),
    ("Lower the volume by 10", "Lower the volume to 10"),
    ("Convert video to audio", "Convert audio to video"),
    ("turn on wifi and turn off bluetooth", "turn off wifi and turn on bluetooth"),
    ("Reply to the last message", "Reply to the last email"),
    ("Email the report to Tim", "Email the report about Tim"),
    ("Delete everything but spam", "Delete spam"),
    ("Delete the photo of Ana", "Delete the photos of Ana"),
    ("Did he pay?", "Did she pay?"),
    ("Should I call?", "May I call?"),
    ("What is 7 - 2", "What is 7 + 2"),
    ("Play the song 'Blue'", "Play the song 'Grey'"),
    ("明天提醒我不要迟到", "明天提醒我迟到"),
    ("记录支出", "删除支出"),
    ("Schick Ana das Foto von Ben", "Schick Ben das Foto von Ana"),
    ("Guarda la nota", "Borra la nota"),
]
ORDERS = ["Transfer {} euros to Lea", "Set the brightness to {}", "Delete message {}", "给李雷转{}元"]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_another_wording_is_the_same_request(one: str, other: str) -> None:
    assert compare(one, other).same, compare(one, other).reason


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_a_request_that_differs_in_one_thing_is_another_and_the_reason_is_said(one: str, other: str) -> None:
    verdict = compare(one, other)

    assert not verdict.same
    assert verdict.reason


@given(st.sampled_from(ORDERS), st.integers(0, 99_999), st.integers(0, 99_999))
def test_another_number_is_never_the_same_request(words: str, one: int, other: int) -> None:
    assert compare(words.format(one), words.format(other)).same == (one == other)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_are_judged_alike_in_either_order(one: str, other: str) -> None:
    assert compare(one, other).same == compare(other, one).same


@given(st.text(min_size=1, max_size=80))
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert compare(text, f" {text} ").same


@given(st.sampled_from([pair[0] for pair in SAME]), st.sampled_from(["not ", "never "]))
def test_a_negation_put_before_it_makes_it_another_request(words: str, negation: str) -> None:
    assert not compare(words, negation + words).same


def test_a_long_text_is_the_same_only_to_the_letter() -> None:
    long = "Summarise: " + "word " * REQUEST_MAX

    assert compare(long, long).same
    assert "longer" in compare(long, f"please {long}").reason
