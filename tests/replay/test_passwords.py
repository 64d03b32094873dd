"""No reading that is kept holds what stands in a password field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from device.actions import Size
from device.fake import node, tree
from device.protocol import Foreground, Reading
from perception.screen import parse_hierarchy
from replay.passwords import BULLETS, Redactor, secret_name


def reading(*nodes: str) -> Reading:
    return Reading(
        "fake", datetime(2026, 3, 2, tzinfo=UTC), tree(*nodes), Size(1080, 2400), 0, Foreground("com.app", ""), True,
        True, "unlocked",
    )  # fmt: skip


def field(text: str, *, password: str = "true", **more: str) -> str:
    given = {"resource_id": "com.app:id/pin", "class_": "android.widget.EditText", "password": password} | more
    return node(text, **given)


@pytest.mark.parametrize("text", ["hunter2", "••••r", "a>b", "x&quot;y", "'", "•••"])
def test_whatever_a_password_field_says_becomes_the_same_few_bullets(text: str):
    redacted = Redactor().redacted(reading(field(text), node("Sign in"))).hierarchy
    texts = [element.text for element in parse_hierarchy(redacted).elements]
    assert texts == [BULLETS, "Sign in"]


def test_an_empty_password_field_keeps_its_hint():
    before = reading(field("Password", hint="Password"), field(""))
    assert Redactor().redacted(before) is before


def test_a_password_made_readable_by_an_eye_icon_is_still_one():
    redactor = Redactor()
    redactor.redacted(reading(field("•••••••")))
    assert "hunter2" not in redactor.redacted(reading(field("hunter2", password="false"))).hierarchy


def test_other_fields_and_other_attributes_stay_as_they_are():
    plain = field("hunter2", password="false", resource_id="com.app:id/name")
    redactor = Redactor()
    redacted = redactor.redacted(reading(field("secret", content_desc="PIN"), plain)).hierarchy
    assert "hunter2" in redacted and 'content-desc="PIN"' in redacted and "secret" not in redacted


def test_a_field_without_an_id_is_known_by_its_place_when_an_eye_icon_shows_it():
    for moved in ((0, 0, 100, 100), (0, 50, 100, 150)):
        redactor = Redactor()
        redactor.redacted(reading(field("•••••••", resource_id="")))
        shown = field("hunter2", resource_id="", password="false", bounds=moved)
        assert "hunter2" not in redactor.redacted(reading(shown)).hierarchy


def form(*fields: str, says: tuple[str, ...]) -> Reading:
    return reading(*(node(text, class_="android.widget.TextView") for text in says), *fields)


LOGIN = ("Example", "Sign in", "E-mail", "Password", "Forgot it?")


def test_a_plain_field_of_another_page_at_the_same_place_is_left_alone_and_what_it_says_is_no_secret():
    """As in an app of one activity, whose fields have no ids."""
    redactor = Redactor()
    redactor.redacted(form(field("•••••••", resource_id=""), says=LOGIN))
    plain = field("Alice", resource_id="", password="false")
    search = form(plain, says=("Example", "Search", "Recent", "Alice Kim", "Bob"))
    assert redactor.redacted(search) is search
    thread = reading(node("Alice"))
    assert redactor.redacted(thread) is thread


@pytest.mark.parametrize(
    "says",
    [LOGIN, ("Wrong password", *LOGIN[1:]), LOGIN[2:4], ()],
    ids=["the same", "an error in place of the title", "a keyboard covers the rest", "nothing"],
)
def test_on_the_same_page_a_field_without_an_id_stays_a_password(says: tuple[str, ...]):
    redactor = Redactor()
    redactor.redacted(form(field("•••••••", resource_id=""), says=LOGIN))
    shown = field("hunter2", resource_id="", password="false")
    assert "hunter2" not in redactor.redacted(form(shown, says=says)).hierarchy


def test_another_kind_of_field_at_the_same_place_is_left_alone():
    redactor = Redactor()
    redactor.redacted(reading(field("•••••••", resource_id="")))
    before = reading(node("Alice", class_="android.widget.TextView"))
    assert redactor.redacted(before) is before


@pytest.mark.parametrize(
    "said", [{"content_desc": "hunter2"}, {"hint": "hunter2"}, {"text": "hunter2", "hint": "hunter2"}], ids=str
)
def test_a_password_in_any_attribute_of_its_field_goes_and_is_masked_elsewhere(said: dict[str, str]):
    given = {"text": "", **said}
    text = given.pop("text")
    redactor = Redactor()
    before = reading(node("Saved: hunter2"), field(text, **given), node("", content_desc="hunter2"))
    assert "hunter2" not in redactor.redacted(before).hierarchy
    assert "hunter2" not in redactor.redacted(reading(node("Welcome, hunter2!"))).hierarchy


def test_what_was_typed_into_a_password_field_is_masked_elsewhere():
    redactor = Redactor()
    redactor.redacted(reading(field("", focused="true")))
    redactor.typed("hunter2")
    assert "hunter2" not in redactor.redacted(reading(node("Your password is hunter2"))).hierarchy


def test_what_was_typed_into_another_field_stays():
    redactor = Redactor()
    redactor.redacted(reading(field(""), field("", resource_id="com.app:id/name", password="false", focused="true")))
    redactor.typed("Alice")
    assert "Alice" in redactor.redacted(reading(field("", focused="false"), node("Alice"))).hierarchy


def test_a_single_character_and_a_reference_are_not_taken_for_a_password():
    redactor = Redactor()
    redacted = redactor.redacted(reading(field("1"), field("secret://bank"), node("1 of 12"))).hierarchy
    assert "1 of 12" in redacted and "secret://bank" in redacted


def test_a_secret_is_named_after_the_app_and_the_field():
    assert secret_name("com.example.bank", "pin_edit_text") == "bank-pin"
    assert secret_name("com.example.bank", "") == "bank-password"
