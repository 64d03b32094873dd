"""Comparing what a screen says: which differences change no word."""

from __future__ import annotations

import pytest

from perception.words import same_letters


@pytest.mark.parametrize(
    ("one", "other"), [("sign in…", "sign-in"), ("wi-fi", "wi fi"), ("search apps", "search apps:"), ("发送。", "发送")]
)
def test_signs_and_spaces_change_no_word(one: str, other: str) -> None:
    assert same_letters(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("descargar", "recargar"),
        ("install", "uninstall"),
        ("delete contact", "delete contacts"),
        ("search apps", "search apps later"),
        ("row 2", "row 3"),
        ("…", "!"),
    ],
)
def test_one_letter_or_word_more_is_another_thing(one: str, other: str) -> None:
    assert not same_letters(one, other)
