from __future__ import annotations

from tests.device.virtual.apps.hand import Hand

NOTES = "com.example.notes"


def write(hand: Hand, title: str, body: str) -> None:
    hand.open(NOTES).tap("New note").type("Title", title).type("Note", body).tap("Save")


def test_a_fresh_phone_has_no_notes_and_says_so(hand: Hand) -> None:
    assert hand.open(NOTES).sees("Notes you add appear here")


def test_a_saved_note_is_in_the_list_and_in_the_table(hand: Hand) -> None:
    write(hand, "Shopping", "Milk and bread")

    [note] = hand.rows("notes")
    assert (note["title"], note["body"]) == ("Shopping", "Milk and bread")
    assert hand.sees("Shopping")
    assert hand.sees("Milk and bread")


def test_back_keeps_the_note(hand: Hand) -> None:
    hand.open(NOTES).tap("New note").type("Title", "Idea").back().back()

    assert [note["title"] for note in hand.rows("notes")] == ["Idea"]
    assert hand.toast() == "Note saved"


def test_an_empty_note_is_not_saved(hand: Hand) -> None:
    hand.open(NOTES).tap("New note").tap("Save")
    assert hand.toast() == "Write a title or a text first"

    hand.back()
    assert hand.rows("notes") == []


def test_a_killed_process_loses_nothing_of_an_unsaved_note(hand: Hand) -> None:
    hand.open(NOTES).tap("New note").type("Title", "Half a tho")
    hand.windows.force_stop(NOTES)

    hand.open(NOTES).tap("New note")
    assert hand.view("edit_title").text == "Half a tho"


def test_editing_changes_the_same_note_and_moves_it_to_the_top(hand: Hand) -> None:
    write(hand, "First", "a")
    hand.wait(60)
    write(hand, "Second", "b")
    hand.wait(60).tap("First").type("edit_body", "bc").tap("Save")

    notes = hand.rows("notes")
    assert [note["body"] for note in notes] == ["abc", "b"]
    assert notes[0]["edited_ms"] > notes[0]["created_ms"]
    assert hand.find("First").bounds.top < hand.find("Second").bounds.top


def test_deleting_asks_first(hand: Hand) -> None:
    write(hand, "Shopping", "Milk")
    hand.tap("Shopping").tap("Delete note")
    assert hand.sees("“Shopping” will be deleted forever")
    assert hand.rows("notes")

    hand.tap("Delete")
    assert hand.rows("notes") == []
    assert hand.sees("Notes you add appear here")


def test_a_long_press_in_the_list_offers_to_delete(hand: Hand) -> None:
    write(hand, "Shopping", "Milk")
    hand.long_press("Shopping").tap("Cancel")
    assert len(hand.rows("notes")) == 1

    hand.long_press("Shopping").tap("Delete")
    assert hand.rows("notes") == []


def test_searching_looks_at_titles_and_texts(hand: Hand) -> None:
    write(hand, "Shopping", "Milk")
    write(hand, "Work", "Call Bob")
    hand.type("Search notes", "bob")

    assert hand.sees("Work")
    assert not hand.sees("Shopping")


def test_a_copy_is_a_note_of_its_own(hand: Hand) -> None:
    write(hand, "Shopping", "Milk")
    hand.tap("Shopping").tap("More options").tap("Make a copy")

    assert [note["title"] for note in hand.rows("notes")] == ["Shopping", "Shopping"]
