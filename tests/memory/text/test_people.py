"""Slots and apps of people, by their names."""

from __future__ import annotations

import pytest

from memory.text.people import is_ambiguous_slot, is_app_of_people, is_contact_slot


@pytest.mark.parametrize(
    ("package", "peoples"),
    [("com.android.contacts", True), ("com.google.android.dialer", True), ("org.example.mail", True),
     ("com.google.android.gm", True), ("com.android.phone", True), ("com.whatsapp.w4b", True),
     ("com.simplemobiletools.contacts.pro", True), ("com.tencent.mm", True), ("com.tencent.mobileqq", True),
     ("com.tencent.wework", True), ("com.tencent.map", False), ("com.tencent.qqmusic", False),
     ("com.tencent.mmgame", False), ("com.phone.cleaner", False), ("com.mail.shop", False), ("android", False),
     ("com.example.notes", False), ("com.example.phonebook_covers", False), ("", False)],
)  # fmt: skip
def test_an_app_of_people_is_known_by_whole_words_of_its_package(package: str, peoples: bool) -> None:
    assert is_app_of_people(package) is peoples


def test_a_second_slot_of_a_name_holds_what_the_first_does() -> None:
    assert is_contact_slot("contact2")
    assert is_contact_slot("Recipient")
    assert not is_contact_slot("title")


def test_a_name_that_may_be_a_places_is_told_apart() -> None:
    assert all(map(is_ambiguous_slot, ("to", "To2", "an", "guest", "para", "à", "给")))
    assert not any(map(is_ambiguous_slot, ("contact", "recipient", "title")))
