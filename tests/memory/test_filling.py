"""Who is meant where the words give no name: the profile says it, or only the owner knows."""

from __future__ import annotations

import dataclasses
import json

import pytest

from memory.filling import Open
from memory.learn.learner import Learner
from memory.learn.lesson import Lesson
from memory.opening import Memory
from memory.profile.records import ANYTIME, Situation, Source
from memory.recall import RecalledTask
from replay.recipe import from_data, to_data
from tests.memory.learn.lessons import BOB, CONTACTS, LATE, ran, recipe, taught
from tests.memory.test_recall import one


def texting(words: str, pattern: str, **values: str) -> Lesson:
    """The task of texting, taught in these words."""
    made = dataclasses.replace(recipe("text", **LATE), task=pattern)
    return dataclasses.replace(taught("text", **LATE), words=words, values=values, said=values, recipe=made)


def heading(key: str, where: str, *, app: str) -> Lesson:
    """A task whose slot is called "to", with what stands there."""
    told = json.dumps(to_data(recipe("star", **BOB))).replace("{contact}", "{to}").replace('"contact"', '"to"')
    made = from_data(json.loads(told.replace(CONTACTS, app)))
    lesson = taught("star", key=key, **BOB)
    words, values = f"plan a route to {where}", {"to": where}
    made = dataclasses.replace(made, id="route", name="route", task="plan a route to {to}")
    return dataclasses.replace(lesson, name="route", words=words, values=values, said=values, recipe=made)


def who(task: RecalledTask) -> str:
    """Who is sought by words that are no name; fails where a value stands for them."""
    assert "contact" not in task.values
    [left] = task.open
    assert (left.slot, left.choices, left.person) == ("contact", (), True)
    return left.said


IN_LANGUAGES = (
    (texting("schreib Bob, dass ich später komme", "schreib {contact}, dass {message}", contact="Bob",
             message="ich später komme"), "schreib {}, dass ich da bin",
     ("Mama", "meiner Mutter", "dem Chef", "meinem Bruder"), "Zoe"),
    (texting("écris à Bob que je suis en retard", "écris à {contact} que {message}", contact="Bob",
             message="je suis en retard"), "écris à {} que je suis là", ("maman", "ma sœur", "mon chef"), "Zoé"),
    (texting("escribe a Bob que llego tarde", "escribe a {contact} que {message}", contact="Bob",
             message="llego tarde"), "escribe a {} que ya llego", ("mamá", "mi hermana", "la jefa"), "Zoe"),
    (texting("给小明发短信说我晚点到", "给{contact}发短信说{message}", contact="小明", message="我晚点到"),
     "给{}发短信说饭好了", ("妈妈", "我妈", "我的姐姐", "老板"), "小红"),
)  # fmt: skip


@pytest.mark.parametrize(
    "said", ["mum", "Mum", "my sister", "the boss", "my boss", "my plumber", "his mother", "my Italian teacher", "Oma"]
)
def test_whoever_no_fact_names_is_left_to_the_owner(memory: Memory, learner: Learner, said: str) -> None:
    learner.learn(taught("text", **LATE))

    task = one(memory, f"text {said} that dinner is ready")

    assert who(task) == said
    assert task.open[0].asks == f"who is {said!r}?"
    assert task.reading == f"text {said} that dinner is ready"


@pytest.mark.parametrize(("lesson", "words", "all_said", "name"), IN_LANGUAGES, ids=("de", "fr", "es", "zh"))
def test_so_it_is_in_other_languages_and_a_name_stays_a_name(
    memory: Memory, lesson: Lesson, words: str, all_said: tuple[str, ...], name: str
) -> None:
    Learner(memory).learn(lesson)

    for said in all_said:
        assert who(one(memory, words.format(said))) == said
    assert one(memory, words.format(name)).values["contact"] == name


def test_the_profile_knows_a_relation_in_whatever_language_it_was_said(memory: Memory, learner: Learner) -> None:
    lesson, words, _, _ = IN_LANGUAGES[0]
    learner.learn(lesson)
    memory.profile.remember("my mother is Maria")

    assert one(memory, words.format("meiner Mutter")).values["contact"] == "Maria"
    assert who(one(memory, words.format("seiner Mutter"))) == "seiner Mutter", "that is somebody else's"


@pytest.mark.parametrize("name", ["Zoe", "zoe", "uncle Joe", "Dr Smith", "my mum Zoe", "my uncle Joe"])
def test_a_name_is_the_value(memory: Memory, learner: Learner, name: str) -> None:
    learner.learn(taught("text", **LATE))

    task = one(memory, f"text {name} that dinner is ready")
    assert (task.values["contact"], task.open) == (name, ())


def test_somebody_who_really_goes_by_that_name_is_known_from_another_task(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    learner.learn(taught("star", **BOB))
    learner.learn(ran("star", key="run-1", contact="Mum"))
    memory.profile.remember("my father is Jim")

    assert one(memory, "text Mum that hello").values["contact"] == "Mum"
    assert one(memory, "text my mum that hello").values["contact"] == "Mum"
    assert who(one(memory, "text his mum that hello")) == "his mum"
    assert one(memory, "text dad that hello").values["contact"] == "Jim"


def test_a_note_of_that_name_is_nobody(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    learner.learn(ran("text", key="run-1", contact="Bob", message="mum"))

    assert who(one(memory, "text mum that hello")) == "mum"


def test_another_name_of_somebody_is_whom_it_means(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    memory.profile.add_alias("Maria", "mum")

    for said in ("mum", "my mum"):
        assert one(memory, f"text {said} that hello").values["contact"] == "Maria"
    assert who(one(memory, "text her mum that hello")) == "her mum"


def test_a_slot_called_to_may_lead_somewhere(memory: Memory, learner: Learner) -> None:
    learner.learn(heading("route@1", "the airport", app="org.example.maps"))
    memory.profile.remember("my home is 12 Elm Street")

    assert one(memory, "plan a route to home").values["to"] == "12 Elm Street"
    station = one(memory, "plan a route to the station")
    assert (station.values["to"], station.open) == ("the station", ())


@pytest.mark.parametrize(("held", "app"), [("Bob", "org.example.maps"), ("the airport", "org.example.mail")])
def test_a_slot_called_to_is_somebody_where_it_only_was_or_in_an_app_of_people(
    memory: Memory, learner: Learner, held: str, app: str
) -> None:
    learner.learn(heading("route@1", held, app=app))

    [left] = one(memory, "plan a route to the plumber").open
    assert (left.slot, left.said, left.person) == ("to", "the plumber", True)


def test_what_is_told_of_the_relation_names_nobody(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    memory.profile.remember("Mum's birthday is May 3")
    memory.profile.remember("my mother's birthday is May 3")

    assert who(one(memory, "text mum that hello")) == "mum"


@pytest.mark.parametrize("said", ["mum", "my sister", "my plumber", "the plumber", "his mother"])
def test_an_answer_for_good_is_not_asked_for_again(memory: Memory, learner: Learner, said: str) -> None:
    learner.learn(taught("text", **LATE))
    learner.learn(taught("star", **BOB))
    [left] = one(memory, f"text {said} that hello").open
    where = Situation(app=left.app)
    memory.profile.settle(left.slot, left.said, "Zoe", situation=where, source=Source("said", "question q"))

    task = one(memory, f"text {said} that hello")
    assert (task.values["contact"], task.open) == ("Zoe", ())
    assert [(filled.said, filled.value) for filled in task.filled] == [(said, "Zoe")]
    assert one(memory, f"make {said} a favorite").values["contact"] == "Zoe", "who it is holds in every app"


PREFERENCES = (
    "my usual is Oat latte",
    "my favourite coffee is Oat latte",
    "my home is 12 Elm Street",
    "my car is a Fiat",
)


@pytest.mark.parametrize("said", ["my usual", "the usual", "my favourite coffee"])
def test_what_is_liked_is_nobody(memory: Memory, learner: Learner, said: str) -> None:
    learner.learn(taught("text", **LATE))
    for fact in PREFERENCES:
        memory.profile.remember(fact)

    task = one(memory, f"text {said} that hello")
    assert who(task) == said
    assert task.open[0].app == CONTACTS, "who it usually is depends on the app"


def test_an_address_is_nobody_and_the_word_for_it_may_be_a_name(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    for fact in PREFERENCES:
        memory.profile.remember(fact)

    assert one(memory, "text home that hello").values["contact"] == "home"


def test_the_usual_one_may_be_said_of_somebody(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    memory.profile.remember("my usual is Bob")
    assert one(memory, "text my usual that hello").values["contact"] == "Bob", "Bob was somebody before"

    memory.profile.remember("my usual contact is Zoe")
    assert one(memory, "text the usual contact that hello").values["contact"] == "Zoe"


def test_whoever_recurs_is_the_usual_one_and_no_other_slots_value(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    for number in range(3):
        learner.learn(ran("text", key=f"run-{number}", contact=("Ann", "Ben", "Cleo")[number], message="hello"))

    assert who(one(memory, "text the usual that dinner is ready")) == "the usual", "the text recurred, and nobody"
    for number in range(4, 9):
        learner.learn(ran("text", key=f"run-{number}", contact="Ann", message="hello"))
    assert one(memory, "text the usual that dinner is ready").values["contact"] == "Ann"


def test_after_the_answer_the_reading_has_the_value(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    task = one(memory, "text my brother that {contact} is no slot")

    told = task.answered({**task.values, "contact": "Frank"}, ())

    assert task.open == (Open("contact", "my brother", person=True),)
    assert told.reading == "text Frank that {contact} is no slot"
    assert told.values == {"contact": "Frank", "message": "{contact} is no slot"}
    assert told.reasons[-1] == "contact is Frank: you said so for 'my brother'"
    assert task.answered(task.values, task.open).reading == task.reading
    assert memory.profile.settled("contact", "my brother", situation=ANYTIME) == []
