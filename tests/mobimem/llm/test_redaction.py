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
        ("Your verification code is 481 920", "481 920"),
        ("Your verification code is 481-920.", "481-920"),
        ("G-481920 is your Google code", "481920"),
        ("481920 ist Ihr Bestätigungscode", "481920"),
        ("Use OTP 4819 to sign in", "4819"),
        ("Ihre mTAN lautet 481920, gültig 5 Minuten", "481920"),
        ("PIN: 4819", "4819"),
        ("your pin is 4819", "4819"),
        ("Tu código de verificación: 481920", "481920"),
        ("Votre code de vérification est le 481 920", "481 920"),
        ("رمز التحقق الخاص بك هو 481920", "481920"),
        ("【银行】您的验证码是481920，请勿告诉他人", "481920"),
        ('4 -  "Verification code"\n5 -  "481 920"\n6 button "Copy"', "481 920"),
        ("Backup codes: 1234 5678, 8765 4321, 4711 0815", "4711 0815"),
        ("Enter the code A1B2C3 within ten minutes", "A1B2C3"),
        ("Passwort: Sommerregen", "Sommerregen"),
        ("the password is hunter22", "hunter22"),
        ("Mot de passe : soleil", "soleil"),
        ("密码：abcd", "abcd"),
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
        "a code review on 2026-11-22 at 14:30, 45 minutes, 12.50 EUR",
        "the QR code, 3 of 12",
        "the password is wrong",
        "tan shoes, size 4819, pinned by 2019 people",
        "wo 2024 gewohnt wurde",
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


def test_what_is_far_from_any_word_for_codes_stays_a_number() -> None:
    text = f"Your code is 481920. {'and so on ' * 12}order 98765"
    hidden = Veil().hide(text)

    assert "481920" not in hidden
    assert "order 98765" in hidden


def test_a_code_that_is_shown_never_reaches_the_model_and_the_one_it_types_is_the_real_one() -> None:
    veil = Veil()
    shown = veil.hide('12 -  "Your verification code is 481 920"')

    assert shown == '12 -  "Your verification code is CODE_1"'
    assert veil.restore("type CODE_1") == "type 481 920"


def test_a_screen_full_of_codes_takes_no_time_that_grows_with_its_square() -> None:
    """20,000 characters are what a fence holds; counted are the placeholders, not seconds."""
    hidden = Veil().hide("PIN 4819, " * 2_000)
    assert ("4819" in hidden, hidden.count("CODE_1")) == (False, 2_000)


OWN = ("PERSON_1", "EMAIL_2b", "CODE_1")  # placeholders that a text has by itself
WORDS = st.lists(
    st.sampled_from([
        *TERMS, *OWN, "maria", "a@b.cd", "+1 555 123 4567", "x", "。", "code", "481 920", "PIN:", "Passwort:",
        "验证码", "4819",
    ]), max_size=8,
)  # fmt: skip


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_whatever_is_hidden_comes_back_as_it_was(texts: list[list[str]]) -> None:
    veil = Veil(TERMS)
    before = [" ".join(words) for words in texts]
    hidden = [veil.hide(text) for text in before]

    for text in hidden:
        assert "maria" not in text.lower()
        assert "@" not in text
    if not any(own in " ".join(before[1:]) for own in OWN):
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
