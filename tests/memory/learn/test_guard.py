"""What is never learnt, and that ordinary words are no secrets."""

from __future__ import annotations

import dataclasses

import pytest

from memory.learn.guard import junk, looks_secret
from memory.learn.learner import Learner
from memory.learn.lesson import Lesson, lesson_from_data
from memory.opening import Memory
from tests.memory.learn.lessons import BOB, LATE, ran, taught


def test_a_good_lesson_and_a_good_run_are_no_junk() -> None:
    assert junk(taught("star", **BOB)) == ""
    assert junk(ran("star", key="run", words="make Bob a favorite", **BOB)) == ""


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"outcome": "cut off"}, "did not end well"),
        ({"outcome": "failed"}, "did not end well"),
        ({"recipe": None}, "no steps"),
        ({"words": ""}, "no words"),
        ({"words": " \n\t"}, "no words"),
        ({"words": "🙂🎉!"}, "no words"),
        ({"words": "x" * 7000}, "no task"),
        ({"evidence": "redacted"}, "redacted"),
        ({"evidence": "pruned"}, "pruned"),
        ({"evidence": ""}, "unknown"),
        ({"words": "log in with secret://bank"}, "reference to a secret"),
        ({"values": {"card": "4111 1111 1111 1111"}}, "card number"),
        ({"words": "my password is hunter2"}, "a password"),
    ],
)
def test_junk_is_refused_with_the_reason_and_leaves_nothing(
    memory: Memory, learner: Learner, changes: dict[str, object], why: str
) -> None:
    lesson = dataclasses.replace(taught("star", **BOB), **changes)  # type: ignore[arg-type]

    learnt = learner.learn(lesson)

    assert learnt.result == "nothing"
    assert why in learnt.says
    assert memory.experience.templates() == ()
    assert len(memory.action.steps) == 0
    assert memory.profile.facts() == []


@pytest.mark.parametrize(
    "text",
    [
        "5500 0000 0000 0004", "sk-proj-abcdefghijklmnop1234", "ghp_" + "a" * 36, "AKIAABCDEFGHIJKLMNOP",
        "-----BEGIN RSA PRIVATE KEY-----", "PIN: 1234", "Passwort ist geheim", "密码是 abc123", "验证码：884213",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x",
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_seen(text: str) -> None:
    assert looks_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "+49 30 1234567890 12", "call +1 202 555 0110", "pin the note to the top", "change my password",
        "2026-03-02 09:30", "0000000000000000", "order 4111111111111112", "忘记密码怎么办", "the key is under the mat",
        "task-list and risk",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_secret(text: str) -> None:
    assert looks_secret(text) == ""


def test_a_run_with_a_secret_in_its_words_teaches_nothing_of_them(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    words = "text Bob that the password is hunter2"

    learnt = learner.learn(ran("text", key="run", words=words, contact="Bob", message="the password is hunter2"))

    assert learnt.result == "nothing"
    with memory.store.read() as connection:
        dump = str(connection.connection.driver_connection.iterdump)  # type: ignore[union-attr]
        rows = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert dump
    assert "hunter2" not in rows


def test_a_run_by_name_with_a_secret_value_verifies_and_keeps_no_value(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))

    learner.learn(ran("text", key="run", contact="Bob", message="secret://code"))

    template = memory.experience.template("text")
    assert template.state == "verified"
    assert "secret://code" not in template.values["message"]
    assert all("secret" not in fact.value for fact in memory.profile.facts())


def test_a_lesson_survives_as_plain_data() -> None:
    for lesson in (taught("text", **LATE), ran("text", key="r", outcome="stopped", failed_at=3, **LATE)):
        assert lesson_from_data(lesson.to_data()) == lesson


@pytest.mark.parametrize("data", [None, [], {}, {"form": 2}, {**taught("dark").to_data(), "colour": "red"}])
def test_other_data_is_no_lesson(data: object) -> None:
    with pytest.raises(ValueError, match="lesson"):
        lesson_from_data(data)


def test_a_lesson_holds_what_a_stranger_may_read() -> None:
    assert isinstance(taught("dark"), Lesson)
