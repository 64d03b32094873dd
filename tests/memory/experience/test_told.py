"""Who is told what: everyday wordings are read whole and right, or asked about, or missed - never wrong.

`data/everyday.jsonl` holds self-written wordings of everyday tasks in three languages, all of them learnt together.
They were split at random: half 1 was worked on, half 2 was run when the work was done (docs/memory.md has both).
`data/told_traps.jsonl` are sentences that look like telling somebody something and are not, or not one thing to one.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from memory.experience.induce import Shown
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Joined, Match, Miss
from memory.recall import unquoted

DATA = Path(__file__).parent / "data"
EVERYDAY: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "everyday.jsonl").read_text("utf-8").splitlines()
]
TRAPS: list[dict[str, str]] = [json.loads(line) for line in (DATA / "told_traps.jsonl").read_text("utf-8").splitlines()]
TAUGHT = {
    "en": [
        ("text Bob that dinner is ready", "Bob", "dinner is ready"),
        ("tell Bob dinner is ready", "Bob", "dinner is ready"),
        ("text Bob hello", "Bob", "hello"),
        ("send Bob a message saying dinner is ready", "Bob", "dinner is ready"),
        ("send a text to Bob: dinner is ready", "Bob", "dinner is ready"),
    ],
    "zh": [("给小明发短信说晚饭好了", "小明", "晚饭好了")],
    "de": [("schreibe Jonas, dass das Essen fertig ist", "Jonas", "das Essen fertig ist")],
}
FLOORS = {1: 0.9, 2: 0.7}  # of the wordings of a half; below what was reached, so that a loss is noticed


def texting(
    words: str = "text Bob that dinner is ready", name: str = "Bob", text: str = "dinner is ready"
) -> ExperienceMemory:
    memory = ExperienceMemory()
    memory.learn("text", words, [Shown(name, "tapped", "contact"), Shown(text, "typed", "message")])
    return memory


@pytest.fixture(scope="module")
def everyday() -> ExperienceMemory:
    memory = ExperienceMemory()
    for row in EVERYDAY:
        shown = [Shown(text, role, name) for text, role, name in row["shown"]]
        named = [] if row["app"] in {item.text for item in shown} else [Shown(row["app"], "app")]
        memory.learn(row["id"], row["taught"], [*shown, *named])
    return memory


def read(memory: ExperienceMemory, row: dict[str, Any], asked: dict[str, Any]) -> str:
    found = memory.match(asked["words"])
    if isinstance(found, Miss):
        return "asked" if found.readings else "missed"
    if isinstance(found, Joined) or found.template != row["id"]:
        return "wrong"
    values = {slot: unquoted(value) for slot, value in found.values.items()}
    return "right" if values == asked["values"] else "wrong"


@pytest.mark.parametrize("half", [1, 2])
def test_everyday_wordings_are_mostly_read_right_and_never_wrong(everyday: ExperienceMemory, half: int) -> None:
    asked = [(row, one) for row in EVERYDAY for one in row["asked"] if one["half"] == half]
    counts = Counter(read(everyday, row, one) for row, one in asked)

    assert len(asked) >= 60
    assert counts["wrong"] == 0, [one["words"] for row, one in asked if read(everyday, row, one) == "wrong"]
    assert counts["right"] / len(asked) >= FLOORS[half], counts


@pytest.mark.parametrize(("language", "words", "name", "text"), [(k, *one) for k, v in TAUGHT.items() for one in v])
def test_what_is_not_one_thing_told_to_one_is_never_done(language: str, words: str, name: str, text: str) -> None:
    memory = texting(words, name, text)
    traps = [trap["words"] for trap in TRAPS if trap["language"] == language]

    assert len(traps) >= 19
    assert [trap for trap in traps if not isinstance(memory.match(trap), Miss)] == []


def test_there_are_enough_of_both() -> None:
    assert len(TRAPS) >= 150
    assert len({row["id"] for row in EVERYDAY}) >= 20
    assert sum(len(row["asked"]) for row in EVERYDAY) >= 120


@pytest.mark.parametrize(("words", "name", "text"), TAUGHT["en"])
@pytest.mark.parametrize("frame", ["tell {} {}", "let {} know {}", "text {} that {}", "message {}: {}", "ping {} {}"])
@pytest.mark.parametrize(
    "said", ["I am on my way", "she can come", "we're all set, no worries!", "my car is, er, gone"]
)
def test_the_text_is_all_the_rest_as_it_was_said(words: str, name: str, text: str, frame: str, said: str) -> None:
    found = texting(words, name, text).match(frame.format("Ann Lee", said))

    assert isinstance(found, Match)
    assert found.values == {"contact": "Ann Lee", "message": said}


def test_somebody_known_goes_before_how_a_name_is_written() -> None:
    memory = texting()

    assert isinstance(memory.match("tell uncle joe dinner is ready"), Miss)
    found = memory.match("tell uncle joe dinner is ready", knows=lambda name: name.lower() == "uncle joe")
    assert isinstance(found, Match)
    assert found.values == {"contact": "uncle joe", "message": "dinner is ready"}


@pytest.mark.parametrize(
    ("words", "readings"),
    [
        ("tell Emma Dinner is ready", [("Emma", "Dinner is ready"), ("Emma Dinner", "is ready")]),
        ("tell zork dinner is ready", [("zork", "dinner is ready"), ("zork dinner", "is ready")]),
        ("tell Bob to call me", [("Bob", "to call me")]),
        ("tell uncle joe dinner is ready", [("uncle", "joe dinner is ready"), ("uncle joe", "dinner is ready")]),
        ("text Bob not to come", [("Bob", "not to come")]),
        ("告诉李雷会议取消了", [("李雷", "会议取消了")]),
        ("告诉小红明天见", [("小红", "明天见")]),  # no name ends inside of 明天
        ("告诉小明明天开会", [("小明", "明天开会")]),
    ],
)
def test_where_several_readings_are_left_they_are_shown_and_none_is_chosen(
    words: str, readings: list[tuple[str, str]]
) -> None:
    found = texting(*TAUGHT["zh" if words[0] == "告" else "en"][0]).match(words)

    assert isinstance(found, Miss)
    assert [tuple(one.values()) for one in found.readings] == readings
    assert found.nearest == "text"
    assert found.reasons[0]


@pytest.mark.parametrize(
    ("words", "unexplained"),
    [
        ("don't tell Bob dinner is ready", "don't"),
        ("tell Bob and Carol dinner is ready", "and"),
        ("tell Bob's sister dinner is ready", "'s"),
        ("email Bob that dinner is ready", "email"),
        ("schedule a text to Bob that dinner is ready", "schedule"),
        ("remind Carol that lunch is over", "remind"),
    ],
)
def test_a_miss_names_the_word_that_spoke_against_it(words: str, unexplained: str) -> None:
    found = texting().match(words)

    assert isinstance(found, Miss)
    assert unexplained in found.unexplained
    assert unexplained in " ".join(found.reasons)


@pytest.mark.parametrize(
    "words",
    ["tell Alice I'm late and call Bob", "tell Alice I'm late, then call Bob", "告诉小红我到了，然后打电话给小明"],
)
def test_another_known_task_after_the_text_is_a_task_of_its_own(words: str) -> None:
    memory = texting(*TAUGHT["zh" if "小" in words else "en"][0])
    memory.learn(
        "call", "给小明打电话" if "小" in words else "call Bob", [Shown("小明" if "小" in words else "Bob", "tapped")]
    )

    found = memory.match(words)

    assert isinstance(found, Joined)
    assert [part.template for part in found.parts] == ["text", "call"]


def test_what_may_be_another_task_is_not_swallowed_by_the_text() -> None:
    found = texting().match("tell Alice I'm late and turn off the lights")

    assert isinstance(found, Miss)
    assert "another task" in found.reasons[0]


def test_telling_goes_before_a_task_that_would_take_the_sentence_for_its_value() -> None:
    memory = texting()
    memory.learn("search", "search for pizza near me", [Shown("pizza near me", "typed", "query")])

    for words in ("tell Bob I am late", "tell Carol she can come"):
        found = memory.match(words)
        assert isinstance(found, Match)
        assert found.template == "text"
    assert isinstance(memory.match("tell Bob to call me"), Miss)


def test_who_was_forgotten_is_nobody_known() -> None:
    memory = texting("text uncle joe that dinner is ready", "uncle joe")
    memory.put(memory.template("text"))
    found = memory.match("tell uncle joe lunch is ready")
    assert isinstance(found, Match)
    assert found.values == {"contact": "uncle joe", "message": "lunch is ready"}

    memory.forget("text")
    memory.learn("text", "text Bob that dinner is ready", [Shown("Bob", "tapped"), Shown("dinner is ready", "typed")])
    assert isinstance(memory.match("tell uncle joe lunch is ready"), Miss)


@pytest.mark.parametrize("words", ["tell uncle joe dinner is ready", "tell Bob Carol is here"])
def test_a_known_word_before_more_of_a_name_is_not_the_whole_name(words: str) -> None:
    found = texting().match(words, knows=lambda name: name.lower() in ("uncle", "bob"))

    assert isinstance(found, Miss)
    assert len(found.readings) == 2


@pytest.mark.parametrize(
    ("language", "words", "name", "text"),
    [
        ("de", "teile Jonas mit, dass ich da bin", "Jonas", "ich da bin"),
        ("de", "teile Lena mit, dass das Essen fertig ist", "Lena", "das Essen fertig ist"),
        ("de", "richte Jonas aus dass ich da bin", "Jonas", "ich da bin"),
        ("zh", "发消息告诉小明明天见", "小明", "明天见"),
        ("zh", "告诉小明下午三点见", "小明", "下午三点见"),
    ],
)
def test_verbs_in_two_halves_and_partings_are_read(language: str, words: str, name: str, text: str) -> None:
    found = texting(*TAUGHT[language][0]).match(words)

    assert isinstance(found, Match), found
    assert tuple(found.values.values()) == (name, text)


def test_a_reading_that_was_meant_before_is_meant_again_and_no_other() -> None:
    memory = texting()
    memory.learn(
        "text", "tell Bob to call me", [Shown("Bob", "tapped", "contact"), Shown("to call me", "typed", "message")]
    )

    again = memory.match("tell Bob to call me")
    assert isinstance(again, Match), again
    assert again.values == {"contact": "Bob", "message": "to call me"}
    assert not again.exact
    assert isinstance(memory.match("please tell Bob to call me"), Match)
    for words in ("tell Bob to sit down", "tell Zoe to call me", "tell Bob not to call me"):
        assert isinstance(memory.match(words), Miss), words


def test_a_draft_is_not_sent() -> None:
    for words in ("draft a message to Bob saying dinner is ready", "draft a text to Bob: dinner is ready"):
        assert isinstance(texting(*TAUGHT["en"][3]).match(words), Miss), words
