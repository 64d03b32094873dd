"""A text to somebody goes out as it was meant: nothing that stands beside it is sent, nobody is no contact."""

from __future__ import annotations

import pytest

from memory.experience.induce import Shown
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Joined, Match, Miss
from tests.memory.experience.test_told import TAUGHT, texting


@pytest.mark.parametrize(
    "words",
    [
        'text Bob "dinner is ready" on WhatsApp',
        'text Bob "dinner is ready" via Zapchat please',
        "text Bob “it's ready” using Signal",
        "text Bob 'it's ready' on WhatsApp",
        'tell Bob "dinner is ready" tomorrow',
        'text Bob "dinner is ready" and "come home"',
    ],
)
def test_words_after_a_closed_quotation_are_unexplained(words: str) -> None:
    found = texting().match(words)

    assert isinstance(found, Miss), found
    assert found.unexplained
    assert words.endswith(found.unexplained[0].strip('"') + ('"' if words.endswith('"') else ""))


@pytest.mark.parametrize(
    "way", ["on WhatsApp", "on whatsapp", "via Zapchat", "over Telegram", "with Signal", "on Zapchat"]
)
@pytest.mark.parametrize("frame", ["text Bob that dinner is ready {}", "tell Bob I come home {}"])
def test_a_way_to_send_it_at_the_end_is_asked_about(frame: str, way: str) -> None:
    found = texting().match(frame.format(way))

    assert isinstance(found, Miss), found
    assert [one["contact"] for one in found.readings] == ["Bob"]
    assert way in found.reasons[0]


@pytest.mark.parametrize(
    "text", ["the party is on Friday", "I am on Main Street", "I am with Alice", '"dinner is ready"', "'it's ready'"]
)
def test_a_text_that_only_looks_so_is_sent(text: str) -> None:
    found = texting().match(f"text Bob that {text}")

    assert isinstance(found, Match), found
    assert found.values["message"].strip("\"'") == text.strip("\"'")


NOBODY = {
    "en": [
        "nobody",
        "no one",
        "none",
        "anyone",
        "anybody",
        "Anybody",
        "everybody",
        "somebody",
        "Nobody",
        "nobody else",
    ],
    "zh": ["没人", "谁都", "谁也", "谁", "某人", "有人", "人人", "大家", "任何人"],
    "de": ["niemand", "niemandem", "Niemand", "jemand", "jemandem", "irgendwem", "keinem", "allen"],
}
FRAMES = {
    "en": ["tell {} that I am late", "text {} that dinner is ready", "let {} know I am late", "message {}: I am late"],
    "zh": ["给{}发短信说我到了", "告诉{}我到了", "告诉{}说我到了", "告诉{}都说我到了"],
    "de": ["schreibe {}, dass ich da bin", "sag {} dass ich da bin", "schreib {} ich bin da"],
}


@pytest.mark.parametrize(("language", "name"), [(code, name) for code, names in NOBODY.items() for name in names])
def test_nobody_and_everybody_are_no_contact(language: str, name: str) -> None:
    memory = texting(*TAUGHT[language][0])

    assert [f for f in FRAMES[language] if not isinstance(memory.match(f.format(name)), Miss)] == []


def test_a_contact_who_was_meant_by_such_a_word_is_meant_again() -> None:
    memory = texting("text Everybody that dinner is ready", "Everybody")

    found = memory.match("text Everybody that I am late")
    assert isinstance(found, Match), found
    assert found.values["contact"] == "Everybody"


@pytest.mark.parametrize(
    "words",
    [
        "tell Bob that dinner is ready and call Alice",
        "text Bob that dinner is ready and call Alice",
        "tell Bob that dinner is ready then turn off the lights",
    ],
)
def test_another_task_after_and_is_asked_about_or_done_never_sent_unasked(words: str) -> None:
    memory = texting()
    found = memory.match(words)
    assert isinstance(found, Miss), found
    assert found.readings
    assert "another task" in found.reasons[0]

    memory.learn("call", "call Bob", [Shown("Bob", "tapped", "contact")])
    memory.learn("lights", "turn off the lights", [])
    joined = memory.match(words)
    assert isinstance(joined, Joined), joined
    assert joined.parts[0].values == {"contact": "Bob", "message": "dinner is ready"}


def test_what_follows_and_is_sent_where_it_was_so_before_or_stands_in_quotes() -> None:
    memory = texting()
    memory.learn(
        "text", "text Bob that dinner is ready and call Alice",
        [Shown("Bob", "tapped", "contact"), Shown("dinner is ready and call Alice", "typed", "message")],
    )  # fmt: skip

    for words in ("text Bob that dinner is ready and call Alice", 'text Bob that "eat and call Alice"'):
        assert isinstance(memory.match(words), Match), words


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("could you let 555-0102 know I'm outside?", "I'm outside"),
        ("Could you please tell 555-0102 that I'm home?", "I'm home"),
        ("hey, can you tell Bob dinner is ready?", "dinner is ready"),
        ("would you let 555-0102 know I am late?", "I am late"),
        ("let 555-0102 know I'm outside?", "I'm outside?"),
        ("can you tell Bob how are you?", "how are you?"),
        ("can you text 555-0102: are you home?", "are you home?"),
        ("tell Bob are you home?", "are you home?"),
    ],
)
def test_the_question_mark_of_a_request_is_no_part_of_the_text(words: str, text: str) -> None:
    found = texting().match(words)

    assert isinstance(found, Match), found
    assert found.values == {"contact": "Bob" if "Bob" in words else "555-0102", "message": text}


def test_the_question_of_a_chinese_request_is_no_part_of_the_text() -> None:
    memory: ExperienceMemory = texting(*TAUGHT["zh"][0])
    for words, text in (("你能告诉小红我到了吗？", "我到了"), ("告诉小红我到了？", "我到了？")):
        found = memory.match(words)
        assert isinstance(found, Match), found
        assert found.values["message"] == text
