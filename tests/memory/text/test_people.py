"""Slots and apps of people, by their names."""

from __future__ import annotations

import pytest

from memory.text.people import is_app_of_people, is_contact_slot


@pytest.mark.parametrize(
    ("package", "peoples"),
    [("com.android.contacts", True), ("com.google.android.dialer", True), ("org.example.mail", True),
     ("com.example.notes", False), ("com.example.phonebook_covers", False), ("", False)],
)  # fmt: skip
def test_an_app_of_people_is_known_by_a_whole_word_of_its_package(package: str, peoples: bool) -> None:
    assert is_app_of_people(package) is peoples


def test_a_second_slot_of_a_name_holds_what_the_first_does() -> None:
    assert is_contact_slot("contact2")
    assert is_contact_slot("Recipient")
    assert not is_contact_slot("title")
