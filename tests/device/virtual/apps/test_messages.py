from __future__ import annotations

import pytest

from device.actions import Size
from device.clock import ManualClock
from tests.device.virtual.apps.hand import Hand, new_phone

MESSAGES = "com.android.messaging"
READ_CONTACTS = "android.permission.READ_CONTACTS"


def sent(hand: Hand) -> list[tuple[str, str]]:
    before = 2  # the factory's own
    return [(row["address"], row["body"]) for row in hand.rows("sms") if row["type"] == 2][before:]


def test_a_message_to_a_contact_without_a_conversation_is_sent_and_shown(hand: Hand) -> None:
    hand.open(MESSAGES).tap("Start chat").tap("Bob")
    assert hand.view("action_bar_title").text == "Bob"

    hand.type("Text message", "See you at 5").tap("Send SMS")

    assert sent(hand) == [("+1 202 555 0125", "See you at 5")]
    assert hand.sees("See you at 5")
    assert hand.view("compose_message_text").text == ""
    hand.back().back()
    assert hand.sees("You: See you at 5")


def test_an_answer_goes_into_the_thread_it_belongs_to(hand: Hand) -> None:
    hand.open(MESSAGES).tap("Alex Kim").type("Text message", "Sure").tap("Send SMS")

    threads = {row["thread"] for row in hand.rows("sms") if row["address"] == "+1 202 555 0178"}
    assert len(threads) == 1


def test_the_picker_tells_near_namesakes_apart(hand: Hand) -> None:
    hand.open(MESSAGES).tap("Start chat").type("recipient_text_view", "Alex")

    assert hand.sees("Alex Kim")
    hand.tap("Next")
    assert hand.view("action_bar_title").text == "Alex"


def test_a_number_nobody_has_can_be_written_to(hand: Hand) -> None:
    hand.open(MESSAGES).tap("Start chat").type("recipient_text_view", "+49 171 555 01").tap("Send to +49 171 555 01")
    hand.type("Text message", "Hallo").tap("Send SMS")

    assert sent(hand) == [("+49 171 555 01", "Hallo")]


@pytest.mark.parametrize(("typed", "said"), [("", "Add a recipient"), ("nobody", "“nobody” is not a phone number")])
def test_a_recipient_that_is_none_is_refused_in_words(hand: Hand, typed: str, said: str) -> None:
    hand.open(MESSAGES).tap("Start chat")
    if typed:
        hand.type("recipient_text_view", typed)
    hand.tap("Next")

    assert hand.sees(said)


def test_an_empty_message_is_not_sent(hand: Hand) -> None:
    hand.open(MESSAGES).tap("Alex Kim").type("Text message", "   ").tap("Send SMS")

    assert sent(hand) == []
    assert hand.toast() == "Can’t send an empty message"


def test_airplane_mode_keeps_the_message_in_the_field(hand: Hand) -> None:
    hand.phone.settings.put("global", "airplane_mode_on", "1")
    hand.open(MESSAGES).tap("Alex Kim").type("Text message", "Sure").tap("Send SMS")

    assert sent(hand) == []
    assert hand.toast() == "Can’t send: airplane mode is on"
    assert hand.view("compose_message_text").text == "Sure"


def test_words_not_sent_are_a_draft_in_the_list_and_in_the_thread(hand: Hand) -> None:
    hand.open(MESSAGES).tap("Alex Kim").type("Text message", "Maybe lat").back().back()
    assert hand.sees("Draft: Maybe lat")

    hand.tap("Alex Kim")
    assert hand.view("compose_message_text").text == "Maybe lat"


def test_opening_a_conversation_marks_it_read(hand: Hand) -> None:
    assert [row["body"] for row in hand.rows("sms") if not row["read"]] == ["Can you send me the notes from Friday?"]

    hand.open(MESSAGES).tap("Alex Kim")

    assert all(row["read"] for row in hand.rows("sms"))


def test_a_message_is_deleted_after_a_long_press_and_a_question(hand: Hand) -> None:
    before = len(hand.rows("sms"))
    hand.open(MESSAGES).tap("Alice").long_press("Great, see you there")
    assert hand.sees("Delete this message?")
    assert len(hand.rows("sms")) == before

    hand.tap("Delete")
    assert len(hand.rows("sms")) == before - 1
    assert not hand.sees("Great, see you there")


def test_a_conversation_is_deleted_with_all_its_messages_after_a_question(hand: Hand) -> None:
    hand.open(MESSAGES).tap("Alice").tap("More options").tap("Delete conversation")
    assert hand.sees("All messages with Alice will be permanently deleted")

    hand.tap("Delete")
    assert not [row for row in hand.rows("sms") if row["address"] == "+1 202 555 0110"]
    assert not hand.sees("Alice")


def test_the_newest_message_of_a_long_thread_is_seen_above_the_keyboard(hand: Hand) -> None:
    hand.open(MESSAGES).tap("Alex Kim")
    for number in range(15):
        hand.type("Text message", f"Message {number}").tap("Send SMS")

    assert hand.sees("Message 14")
    hand.windows.hide_keyboard()
    assert hand.sees("Message 14")


def test_searching_finds_conversations_by_what_was_said(hand: Hand) -> None:
    hand.open(MESSAGES).type("Search messages", "parcel")
    assert not hand.sees("Maria")  # only the newest message of a thread is searched

    hand.replace("search_src_text", "verification")
    assert hand.sees("72055")
    assert not hand.sees("Maria")


def test_without_the_permission_people_are_numbers_until_it_is_given(hand: Hand) -> None:
    hand.phone.packages.revoke(MESSAGES, READ_CONTACTS)
    hand.open(MESSAGES)
    assert hand.sees("+1 202 555 0178")
    assert not hand.sees("Alex Kim")

    hand.tap("Start chat")
    assert hand.sees("To find people by name, Messages needs access to your contacts")
    hand.tap("Allow access")
    assert hand.toast() == "Permission denied. You can allow it in the app’s settings"

    hand.phone.packages.grant(MESSAGES, READ_CONTACTS)
    hand.back().tap("Start chat")
    assert hand.sees("Alex Kim")


def test_a_phone_that_was_never_asked_for_the_contacts_asks_in_the_picker(hand: Hand) -> None:
    hand.phone.packages.clear(MESSAGES)
    hand.open(MESSAGES).tap("Start chat")

    assert hand.windows.current()[0] == "com.android.permissioncontroller" or hand.sees("Allow")
    hand.tap("Allow")
    assert hand.sees("Alex Kim")


def test_another_program_can_ask_for_a_conversation_with_words_to_begin_with(hand: Hand) -> None:
    hand.open(MESSAGES, address="+1 202 555 0125", body="On my way")

    assert hand.view("action_bar_title").text == "Bob"
    assert hand.view("compose_message_text").text == "On my way"
    assert sent(hand) == []


@pytest.mark.parametrize("density_dpi", [320, 420])
def test_the_newest_message_is_seen_above_the_keyboard_of_a_small_screen(density_dpi: int) -> None:
    clock = ManualClock()
    with new_phone(clock, size=Size(720, 1280), density_dpi=density_dpi) as phone:
        hand = Hand(phone, clock).open(MESSAGES).tap("Alex Kim")
        for number in range(6):
            hand.type("compose_message_text", f"Message {number}").tap("Send SMS")

        newest, keyboard = hand.find("Message 5"), phone.windows.keyboard_shown

    assert keyboard
    assert newest.visible == newest.bounds
