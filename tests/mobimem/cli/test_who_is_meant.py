"""`mobimem do` with words that name nobody: the owner is asked who is meant, before anything is done, and no model."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.errors import StoreHeld
from mobimem.exit_codes import ExitCode
from mobimem.llm.scripted import ScriptedModel
from mobimem.service import questions
from mobimem.service.memories import remember
from mobimem.service.questions import list_questions
from tests.mobimem.cli.calling import Called, Terminal, call
from tests.mobimem.cli.model import named_in
from tests.mobimem.cli.test_do_with_a_model import MOVES
from tests.mobimem.tasks.acting import Brain
from tests.replay.bench import NOTES, Phone

CONTACTS = "com.android.contacts"
STAR = (("open_app", CONTACTS), ("tap", "Bob"), ("tap", "Add to favorites"), ("done",))
MUM = "make mum a favorite"


@pytest.fixture
def server(phone: Phone, home: Path) -> Iterator[ScriptedModel]:
    """A model that was asked once: the task is known from then on."""
    with named_in(home, Brain(STAR, reach=(CONTACTS,), for_good=False)) as made:
        first = typed("y", "do", "make Bob a favorite")
        assert "known" in first.said, first
        made.asked.clear()
        yield made


def starred(phone: Phone) -> set[str]:
    return {row["name"] for row in phone.phone.store.table("contacts").rows() if row["starred"]}


def typed(answer: str, *arguments: str) -> Called:
    """The command with a person at the terminal who types this; a real stream, for it is waited for."""

    class Keys(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    there, here = os.pipe()
    os.write(here, f"{answer}\n".encode())
    os.close(here)
    out, err = Terminal(), Terminal()
    with pytest.MonkeyPatch.context() as patch, Keys(os.fdopen(there, "rb")) as keys:
        patch.setattr(sys, "stdin", keys)
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        from mobimem.cli import main

        try:
            main(list(arguments))
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
    return Called(code, out.getvalue(), err.getvalue())


@pytest.mark.parametrize("words", [MUM, "make my sister a favorite", "make the boss a favorite"])
def test_with_nobody_there_the_question_is_stored_and_nothing_is_done(
    phone: Phone, server: ScriptedModel, words: str
) -> None:
    before, done = starred(phone), len(phone.done)
    said = call("do", words, "--json")

    assert said.code == ExitCode.OWNER_NEEDED, said
    assert (len(server.asked), len(phone.done), starred(phone)) == (0, done, before)
    [waiting] = list_questions()
    assert waiting.question.kind == "slot"
    assert waiting.question.says == f"{words}: who is '{words[5:-11]}'?"


def test_an_answer_for_good_is_used_is_shown_and_is_not_asked_for_again(phone: Phone, server: ScriptedModel) -> None:
    assert call("do", MUM).code == ExitCode.OWNER_NEEDED
    [waiting] = list_questions()
    assert call("answer", waiting.id, "always: Carol").code == 0

    first = call("do", MUM)
    assert (first.code, len(server.asked)) == (0, 0), first
    assert "Carol" in starred(phone)
    contacts = phone.phone.store.table("contacts")
    [carol] = [row for row in contacts.rows() if row["name"] == "Carol"]
    contacts.update(carol["_id"], starred=0)
    again = call("do", "make my mother a favorite")
    assert again.code == 0, again
    assert "Understood: make Carol a favorite" in again.said
    assert "will ask you" not in again.said
    assert ("Carol" in starred(phone), len(server.asked)) == (True, 0)


def test_a_person_at_the_terminal_is_asked_and_what_they_say_is_understood(phone: Phone, server: ScriptedModel) -> None:
    said = typed("Carol", "do", MUM)

    assert (said.code, len(server.asked)) == (0, 0), said
    assert "make mum a favorite: who is 'mum'?" in said.said
    assert "Understood: make Carol a favorite" in said.said
    assert "is Carol: you said so for 'mum'" in said.said
    assert "Carol" in starred(phone)


def test_an_answer_that_cannot_be_remembered_serves_the_task_and_the_terminal_says_so(
    phone: Phone, server: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*given: object) -> None:
        raise StoreHeld("another process holds it")

    monkeypatch.setattr(questions, "through_owner", held)
    said = typed("always: Carol", "do", MUM)

    assert (said.code, len(server.asked)) == (0, 0), said
    assert "Your answer serves this task, and is not remembered: another process holds it" in said.said
    assert "Carol" in starred(phone)


def test_what_will_be_asked_is_said_beforehand(phone: Phone, server: ScriptedModel) -> None:
    for fact in ("my brother is Oliver", "my brother is Frank", "my usual is Oat latte"):
        remember(fact)

    tie = call("do", "make my brother a favorite", "--explain")
    assert tie.code == 0, tie
    assert "will ask you: which is meant by 'my brother'? (Oliver or Frank)" in tie.said
    usual = call("do", "make the usual a favorite", "--explain")
    assert "will ask you: who is 'the usual'?" in usual.said
    assert "Oat latte" not in usual.said
    [task] = call("do", MUM, "--explain", "--json").json["tasks"]
    assert [(left["said"], left["person"]) for left in task["open"]] == [("mum", True)]


def test_after_a_choice_between_two_the_reading_has_the_one_that_was_chosen(
    phone: Phone, server: ScriptedModel
) -> None:
    for fact in ("my brother is Oliver", "my brother is Carol"):
        remember(fact)

    said = typed("2", "do", "make my brother a favorite")
    assert said.code == 0, said
    [chosen] = [name for name in ("Oliver", "Carol") if f"  2  {name}" in said.out + said.err]
    assert f"Understood: make {chosen} a favorite" in said.said
    assert chosen in starred(phone)


def test_a_name_is_sought_as_it_was_said(phone: Phone, server: ScriptedModel) -> None:
    [task] = call("do", "make Zoe a favorite", "--explain", "--json").json["tasks"]
    assert (list(task["values"].values()), task["open"]) == (["Zoe"], [])


def test_a_note_may_have_that_title(phone: Phone, server: ScriptedModel) -> None:
    server.script = Brain(MOVES, reach=(NOTES,), for_good=False)
    assert call("do", "make a note called Milk").code == 0
    remember("my mother is Maria")

    [task] = call("do", "make a note called Mum", "--explain", "--json").json["tasks"]
    assert (list(task["values"].values()), task["open"]) == (["Mum"], [])
