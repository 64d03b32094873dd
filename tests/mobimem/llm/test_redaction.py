"""What leaves the machine holds no private value, and what comes back is as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobimem.llm.redaction import Veil

TERMS = {
    "Maria Lopez": "person",
    "Maria": "person",
    "Acme Dental": "place",
    "李雷": "person",
    "12 Elm Street": "address",
}


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("Text Maria Lopez that I am late", "Maria Lopez"),
        ("text MARIA now", "MARIA"),
        ("给李雷发短信", "李雷"),
        ("call +49 (0)30 1234-567 today", "+49 (0)30 1234-567"),
        ("call 5551234567", "5551234567"),
        ("mail ann.b+c@mail.example.org please", "ann.b+c@mail.example.org"),
        ("pay with 4111 1111 1111 1111", "4111 1111 1111 1111"),
        ("to DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
        ("the key is sk-abcdefghijklmnop1234", "sk-abcdefghijklmnop1234"),
        ("see https://ann:pw@host.example/path", "ann:pw@host.example"),
        ("drive to 12 elm street", "12 elm street"),
    ],
)
def test_private_values_are_hidden_and_come_back(text: str, private: str) -> None:
    veil = Veil(TERMS)
    hidden = veil.hide(text)

    assert private not in hidden
    assert veil.restore(hidden) == text


@pytest.mark.parametrize(
    "text",
    [
        "wake me at 7:30 on 2026-11-22",
        "order 250 g for 12.50 EUR",
        "room 1204, order 98765",
        "due 22.11.2026",
        "Mariana and the marina",
    ],
)
def test_what_is_not_private_stays(text: str) -> None:
    assert Veil(TERMS).hide(text) == text


def test_one_value_has_one_placeholder_and_its_spellings_are_kept_apart() -> None:
    veil = Veil(TERMS)
    hidden = veil.hide("Maria, maria and Maria Lopez; again Maria")

    assert hidden == "PERSON_1, PERSON_1b and PERSON_2; again PERSON_1"
    assert veil.restore("<PERSON_1b> met person_2") == "maria met Maria Lopez"


def test_a_placeholder_that_stood_in_the_text_is_never_given_to_a_value() -> None:
    veil = Veil(TERMS)
    hidden = veil.hide("PERSON_1 is the label; write to Maria")

    assert veil.restore(hidden) == "PERSON_1 is the label; write to Maria"
    assert "Maria" not in hidden


def test_placeholders_nobody_gave_stay() -> None:
    assert Veil(TERMS).restore("PERSON_7 and {slot}") == "PERSON_7 and {slot}"


WORDS = st.lists(
    st.sampled_from([*TERMS, "maria", "PERSON_1", "EMAIL_2b", "a@b.cd", "+1 555 123 4567", "x", "。"]), max_size=8
)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_whatever_is_hidden_comes_back_as_it_was(texts: list[list[str]]) -> None:
    veil = Veil(TERMS)
    before = [" ".join(words) for words in texts]
    hidden = [veil.hide(text) for text in before]

    for text in hidden:
        assert "maria" not in text.lower()
        assert "@" not in text
    if "PERSON_1" not in " ".join(before[1:]) and "EMAIL_2b" not in " ".join(before[1:]):
        assert [veil.restore(text) for text in hidden] == before


@pytest.mark.parametrize("term", ["12", "7", "45", "120"])
def test_a_short_number_is_no_private_value_for_a_list_is_numbered_with_them(term: str) -> None:
    screen = '  3  button "Pay"\n 12  item "Kettle", "12.90"\n120  item "Lamp"'

    assert Veil({term: "private"}).hide(screen) == screen


def test_a_longer_number_that_is_known_is_hidden() -> None:
    assert "48213" not in Veil({"48213": "code"}).hide("the door opens with 48213")


def test_a_latin_name_inside_chinese_words_is_the_one_on_the_screen() -> None:
    veil = Veil({"Garden": "private", "Bob": "person"})
    words, shown = veil.hide("把笔记Garden改名,告诉Bob明天见"), veil.hide('5  item "Garden"; 6  item "Bob"')

    assert "Garden" not in words
    assert "Bob" not in words
    assert shown == '5  item "PRIVATE_1"; 6  item "PERSON_1"'
    assert "PRIVATE_1" in words
    assert veil.hide("Bobby gardens") == "Bobby gardens"
