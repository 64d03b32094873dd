from __future__ import annotations

import pytest

from device.clock import ManualClock
from device.virtual.apps import address_book
from device.virtual.state import Row
from tests.device.virtual.apps.hand import Hand, new_phone

MAIL = "com.android.email"


def mails(hand: Hand, **wanted: object) -> list[Row]:
    return [row for row in hand.rows("mails") if all(row[key] == value for key, value in wanted.items())]


def one(hand: Hand, **wanted: object) -> Row:
    [row] = mails(hand, **wanted)
    return row


def write(hand: Hand, to: str = "bob@example.com", subject: str = "Hello", body: str = "See you") -> Hand:
    hand.open(MAIL).tap("Compose")
    for field, words in (("to", to), ("subject", subject), ("body", body)):
        if words:
            hand.type(field, words)
    return hand


def airplane(hand: Hand, on: bool = True) -> None:
    hand.phone.settings.put("global", "airplane_mode_on", "1" if on else "0")


def test_the_inbox_has_the_newest_thread_on_top_with_its_date_by_the_phones_clock(hand: Hand) -> None:
    hand.open(MAIL)

    senders = [words for words in hand.texts() if words in ("Nina Patel", "City Library", "Alice")]
    assert senders == ["Nina Patel", "City Library", "Alice"]
    assert hand.sees("08:00")  # an hour and a half before the phone's 09:30
    assert not hand.sees("City Water")  # archived


def test_opening_a_thread_marks_it_read_and_shows_all_of_it(hand: Hand) -> None:
    assert one(hand, subject="Notes from Friday")["read"] == 0
    hand.open(MAIL).tap("Nina Patel")
    assert one(hand, subject="Notes from Friday")["read"] == 1

    hand.back().tap("Alice")
    assert hand.sees("Shall we take the early train?")
    assert hand.sees("Yes, the one at 8:12.")
    assert hand.sees("Good. I bring the sandwiches.")


def test_a_mail_is_sent_once_it_has_everything(hand: Hand) -> None:
    write(hand).tap("Send")

    sent = one(hand, folder="sent", subject="Hello")
    assert (sent["recipients"], sent["body"], sent["sender"]) == ("bob@example.com", "See you", "me@example.com")
    assert hand.toast() == "Mail sent"
    assert hand.sees("Inbox")
    assert hand.phone.store.document(f"{MAIL}.drafts", {}) == {}


def test_a_contacts_full_name_and_a_suggestion_stand_for_the_address(hand: Hand) -> None:
    write(hand, to="Alice").tap("Send")
    assert one(hand, folder="sent", subject="Hello")["recipients"] == "alice@example.com"

    hand.tap("Compose").type("to", "nin")
    hand.tap("nina@example.co.uk").type("subject", "Notes").tap("Send")
    assert one(hand, folder="sent", subject="Notes")["recipients"] == "nina@example.co.uk"


@pytest.mark.parametrize(
    ("to", "said"),
    [("", "Add at least one recipient"), ("bob", "“bob@” is no mail address"), ("x@y", "“x@y” is no mail address")],
)
def test_a_wrong_recipient_is_named_and_nothing_is_sent(hand: Hand, to: str, said: str) -> None:
    write(hand, to=to and (to if "@" in to else f"{to}@")).tap("Send")

    assert hand.sees(said)
    assert mails(hand, folder="sent", subject="Hello") == []


def test_a_mail_without_a_subject_is_asked_about(hand: Hand) -> None:
    write(hand, subject="").tap("Send")
    assert hand.sees("Send without a subject?")
    hand.tap("Cancel")
    assert mails(hand, folder="sent", recipients="bob@example.com") == []

    hand.tap("Send").tap("android:id/button1")
    assert one(hand, folder="sent", recipients="bob@example.com")["subject"] == ""


def test_a_reply_stays_in_its_thread_and_quotes(hand: Hand) -> None:
    hand.open(MAIL).tap("Nina Patel").tap("Reply").type("body", "Here they are").tap("Send")

    asked, sent = one(hand, subject="Notes from Friday"), one(hand, folder="sent", subject="Re: Notes from Friday")
    assert sent["thread"] == asked["thread"]
    assert sent["recipients"] == "nina@example.co.uk"
    assert sent["body"].startswith("Here they are\n\nOn 08:00, Nina Patel wrote:\n> Hi, can you")
    assert hand.sees("To: Nina Patel")


def test_a_forwarded_mail_is_a_thread_of_its_own(hand: Hand) -> None:
    hand.open(MAIL).tap("Bob").tap("Forward").type("to", "carol@example.com").tap("Send")

    sent = one(hand, folder="sent", subject="Fwd: Invoice 4711")
    assert sent["thread"] != one(hand, subject="Invoice 4711")["thread"]
    assert "It is due in 14 days" in sent["body"]


def test_deleting_can_be_undone_while_the_line_is_shown(hand: Hand) -> None:
    hand.open(MAIL).tap("Bob").tap("Delete")
    assert one(hand, subject="Invoice 4711")["folder"] == "trash"
    assert not hand.sees("Invoice 4711")

    hand.tap("Undo")
    assert one(hand, subject="Invoice 4711")["folder"] == "inbox"
    assert hand.sees("Invoice 4711")


def test_the_undo_goes_away_by_itself(hand: Hand) -> None:
    hand.open(MAIL).long_press("Bob").tap("Delete").wait(11)

    assert not hand.sees("Undo")
    assert one(hand, subject="Invoice 4711")["folder"] == "trash"


def test_what_is_in_the_trash_is_deleted_for_good_only_after_a_question(hand: Hand) -> None:
    hand.open(MAIL).long_press("Bob").tap("Delete").tap("Show folders").tap("Trash")
    hand.tap("More options").tap("Empty trash").tap("Cancel")
    assert mails(hand, subject="Invoice 4711")

    hand.tap("More options").tap("Empty trash").tap("Delete forever")
    assert mails(hand, subject="Invoice 4711") == []
    assert hand.sees("Nothing in Trash")


def test_archiving_and_moving_back(hand: Hand) -> None:
    hand.open(MAIL).tap("Bob").tap("Archive")
    assert one(hand, subject="Invoice 4711")["folder"] == "archive"

    hand.tap("Show folders").tap("Archive").tap("Bob").tap("Move to inbox")
    assert one(hand, subject="Invoice 4711")["folder"] == "inbox"


def test_a_star_is_put_on_and_taken_off_and_makes_a_folder(hand: Hand) -> None:
    hand.open(MAIL).tap("Add star")  # the first one: Nina's
    assert one(hand, subject="Notes from Friday")["starred"] == 1

    hand.tap("Show folders").tap("Starred")
    assert hand.sees("Nina Patel") and hand.sees("Rail Tickets") and not hand.sees("Bob")
    hand.tap("Nina Patel").tap("Remove star")
    assert one(hand, subject="Notes from Friday")["starred"] == 0


def test_marking_unread_and_all_read(hand: Hand) -> None:
    hand.open(MAIL).tap("Bob").tap("Mark as unread")
    assert one(hand, subject="Invoice 4711")["read"] == 0

    hand.tap("More options").tap("Mark all as read")
    assert mails(hand, read=0) == []


def test_search_looks_into_the_words_of_the_mails(hand: Hand) -> None:
    hand.open(MAIL).type("Search mail", "spinach")
    assert hand.sees("Garden Weekly") and not hand.sees("Alice")

    hand.replace("search_src_text", "zzz")
    assert hand.sees("No mail matches “zzz”")


def test_leaving_keeps_a_draft_which_is_sent_in_its_place(hand: Hand) -> None:
    write(hand).back().back()  # the keyboard, then the page
    assert hand.toast() == "Draft saved"
    draft = one(hand, folder="drafts", subject="Hello")

    hand.tap("Show folders").tap("Drafts").tap("Hello").replace("body", "Changed").tap("Send")
    sent = one(hand, folder="sent", subject="Hello")
    assert (sent["_id"], sent["body"]) == (draft["_id"], "Changed")


def test_a_killed_letter_is_still_there(hand: Hand) -> None:
    write(hand)
    hand.windows.force_stop(MAIL)

    hand.open(MAIL).tap("Compose")
    assert hand.view("subject").text == "Hello"
    assert mails(hand, subject="Hello") == []


def test_a_draft_is_discarded_after_a_question(hand: Hand) -> None:
    hand.open(MAIL).tap("Show folders").tap("Drafts").tap("Birthday present")
    hand.tap("More options").tap("Discard draft").tap("Discard")

    assert mails(hand, folder="drafts") == []
    assert hand.sees("Nothing in Drafts")


def test_offline_mail_waits_in_the_outbox_and_goes_out_later(hand: Hand) -> None:
    airplane(hand)
    write(hand).tap("Send")
    assert hand.toast() == "You’re offline. It will be sent later"
    assert one(hand, subject="Hello")["folder"] == "outbox"
    assert hand.sees("No connection. New mail comes when you’re back online")

    airplane(hand, on=False)
    hand.tap("Refresh")
    assert one(hand, subject="Hello")["folder"] == "sent"
    assert hand.toast() == "Sent from the outbox: 1"


def test_a_failing_server_sends_nothing_and_a_refresh_says_so_until_it_is_back(hand: Hand) -> None:
    hand.phone.faults.server(False, MAIL)
    write(hand).tap("Send")
    assert hand.toast() == "The mail could not be sent. Try again"
    assert mails(hand, subject="Hello") == []

    hand.back().back()  # the keyboard, then the page
    assert hand.sees("Something went wrong on our side")
    hand.phone.faults.server(True, MAIL)
    hand.tap("Try again")
    assert hand.sees("Nina Patel")


def test_refreshing_shows_that_it_loads(hand: Hand, clock: ManualClock) -> None:
    hand.open(MAIL)
    box = hand.find("Refresh")
    hand.windows.tap_box(next(w for w in hand.windows.frame().windows if w.package == MAIL), box)
    assert hand.sees("Loading…")

    hand.wait(0.5)
    assert hand.toast() == "Everything is up to date"


def test_a_cleared_app_has_empty_folders(hand: Hand) -> None:
    hand.phone.packages.clear(MAIL)

    assert hand.open(MAIL).sees("Nothing in Inbox")


def test_contacts_writes_a_mail(hand: Hand) -> None:
    hand.open("com.android.contacts").tap("Bob").tap("verb_email")

    assert hand.windows.current()[0] == MAIL
    assert hand.view("to").text == "bob@example.com"


@pytest.mark.parametrize(
    ("locale", "sent", "empty"),
    [
        ("zh", "邮件已发出", "“垃圾箱”中没有邮件"),
        ("de", "E-Mail gesendet", "Nichts in „Papierkorb“"),
    ],
)
def test_mail_works_in_other_languages(clock: ManualClock, locale: str, sent: str, empty: str) -> None:
    with new_phone(clock, locale=locale) as phone:
        hand = Hand(phone, clock).open(MAIL).tap("compose_button")
        hand.type("to", "bob@example.com").type("subject", "S").tap("send")
        assert hand.toast() == sent
        hand.open(MAIL, ".MailboxActivity", folder="trash")
        assert hand.sees(empty)


def test_recipients_are_read_as_people_write_them(hand: Hand) -> None:
    good, bad = address_book.read_recipients(hand.phone.store, "Alex; bob@example.com, bob@example.com,nobody, Frank,")

    assert good == ["alex@example.com", "bob@example.com"]
    assert bad == ["nobody", "Frank"]  # Frank is known, without an address
