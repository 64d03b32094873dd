from __future__ import annotations

from device.clock import ManualClock
from tests.device.virtual.apps.hand import Hand

CONTACTS = "com.android.contacts"


def contact(hand: Hand, name: str) -> dict[str, object] | None:
    return next((row for row in hand.rows("contacts") if row["name"] == name), None)


def test_the_list_is_longer_than_the_screen_and_scrolls_to_its_last_name(hand: Hand) -> None:
    hand.open(CONTACTS)

    assert not hand.sees("王伟")
    assert hand.scroll_to("王伟").sees("王伟")


def test_searching_keeps_only_the_contacts_that_fit(hand: Hand) -> None:
    hand.open(CONTACTS).type("Search contacts", "alex")

    assert hand.sees("Alex")
    assert hand.sees("Alex Kim")
    assert not hand.sees("Bob")


def test_a_search_without_hits_says_so_and_back_ends_it(hand: Hand) -> None:
    hand.open(CONTACTS).type("Search contacts", "zzz")

    assert hand.sees("No contacts found for “zzz”")
    hand.back().back()  # the keyboard, then the search
    assert hand.sees("Alice")


def test_a_number_is_found_however_it_is_spaced(hand: Hand) -> None:
    hand.open(CONTACTS).type("Search contacts", "2025550125")

    assert hand.sees("Bob")
    assert not hand.sees("Alice")


def test_a_contact_is_created_from_the_form(hand: Hand) -> None:
    hand.open(CONTACTS).tap("Create contact")
    hand.type("Name", "Zoe").type("Phone", "+1 202 555 0199").type("Email", "zoe@example.com").tap("Save")

    saved = contact(hand, "Zoe")
    assert saved is not None
    assert (saved["phone"], saved["email"], saved["starred"]) == ("+1 202 555 0199", "zoe@example.com", 0)
    assert hand.toast() == "Zoe saved"
    assert hand.scroll_to("Zoe").sees("Zoe")


def test_the_form_names_each_mistake_and_saves_nothing(hand: Hand) -> None:
    before = len(hand.rows("contacts"))
    hand.open(CONTACTS).tap("Create contact")
    hand.type("Phone", "12").type("Email", "zoe").tap("Save")

    assert hand.sees("Enter a name")
    assert hand.sees("Enter a valid phone number")
    assert hand.sees("Enter a valid email address")
    assert len(hand.rows("contacts")) == before


def test_editing_changes_the_same_contact(hand: Hand) -> None:
    before = len(hand.rows("contacts"))
    hand.open(CONTACTS).tap("Bob").tap("Edit contact").replace("Bob", "Bobby").tap("Save")

    assert contact(hand, "Bob") is None
    assert contact(hand, "Bobby") is not None
    assert len(hand.rows("contacts")) == before
    assert hand.view("large_title").text == "Bobby"


def test_leaving_a_changed_form_asks_and_keeps_what_was_typed(hand: Hand) -> None:
    hand.open(CONTACTS).tap("Create contact").type("Name", "Zoe").back().back()

    assert hand.sees("Discard your changes?")
    hand.tap("Cancel")
    assert hand.view("name_edit").text == "Zoe"


def test_a_half_filled_form_survives_a_killed_process(hand: Hand) -> None:
    hand.open(CONTACTS).tap("Create contact").type("Name", "Zoe")
    hand.windows.force_stop(CONTACTS)

    hand.open(CONTACTS).tap("Create contact")
    assert hand.view("name_edit").text == "Zoe"


def test_discarding_drops_the_draft(hand: Hand) -> None:
    hand.open(CONTACTS).tap("Create contact").type("Name", "Zoe").tap("Close").tap("Discard").tap("Create contact")

    assert hand.view("name_edit").text == ""


def test_deleting_asks_first(hand: Hand) -> None:
    hand.open(CONTACTS).tap("Bob").tap("More options").tap("Delete")

    assert contact(hand, "Bob") is not None
    hand.tap("Delete")
    assert contact(hand, "Bob") is None
    assert hand.toast() == "Bob deleted"


def test_cancelling_the_question_deletes_nothing(hand: Hand) -> None:
    hand.open(CONTACTS).tap("Bob").tap("More options").tap("Delete").tap("Cancel")

    assert contact(hand, "Bob") is not None


def test_the_star_is_kept_and_filters_the_list(hand: Hand) -> None:
    hand.open(CONTACTS).tap("Bob").tap("Add to favorites")
    bob = contact(hand, "Bob")
    assert bob is not None and bob["starred"] == 1

    hand.tap("Navigate up").tap("More options").tap("Show favorites only")
    assert hand.sees("Bob")
    assert not hand.sees("Carol")


def test_texting_a_contact_opens_the_conversation_with_it(hand: Hand) -> None:
    hand.open(CONTACTS).tap("Bob").tap("Text")

    assert hand.windows.current()[0] == "com.android.messaging"
    assert hand.view("action_bar_title").text == "Bob"


def test_calling_a_contact_is_written_to_the_call_log(hand: Hand, clock: ManualClock) -> None:
    hand.open(CONTACTS).tap("Bob").tap("Call")
    hand.wait(7).tap("End call")

    [call] = hand.rows("call_log")
    assert (call["name"], call["number"]) == ("Bob", "+1 202 555 0125")
    assert call["duration_s"] >= 7
    assert call["date_ms"] <= clock.now().timestamp() * 1000
