"""General rules of matching, one at a time: what a value may be made of, and what another effect or relation is."""

from __future__ import annotations

import pytest

from memory.experience.induce import Shown
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Match, Miss

Taught = tuple[str, dict[str, str]]  # the words of one run, and its values: typed ones end with a colon in the name


def memory_with(*tasks: Taught) -> ExperienceMemory:
    memory = ExperienceMemory()
    for number, (words, values) in enumerate(tasks):
        shown = [Shown(v, "typed" if n.endswith(":") else "tapped", n.rstrip(":")) for n, v in values.items()]
        memory.learn(f"task {number}", words, shown)
    return memory


def values_in(memory: ExperienceMemory, words: str) -> dict[str, str] | None:
    found = memory.match(words)
    return dict(found.values) if isinstance(found, Match) else None


NEAR: Taught = ("find petrol stations near Leeds", {"what:": "petrol stations", "place": "Leeds"})
SONG: Taught = ("play Yellow by Coldplay", {"song:": "Yellow", "artist:": "Coldplay"})
LIST: Taught = ("add water the plants to my to-do list", {"task:": "water the plants"})
TEXT: Taught = ("text Bob that dinner is ready", {"contact": "Bob", "message:": "dinner is ready"})


@pytest.mark.parametrize(
    ("taught", "asked", "values"),
    [
        (NEAR, "look for vegan restaurants close to York", {"what": "vegan restaurants", "place": "York"}),
        (LIST, "put call the bank on my to-do list", {"task": "call the bank"}),
        (LIST, "add call the bank to my to-do list", {"task": "call the bank"}),
    ],
)
def test_what_was_typed_may_be_made_of_words_of_tasks(taught: Taught, asked: str, values: dict[str, str]) -> None:
    assert values_in(memory_with(taught), asked) == values


@pytest.mark.parametrize(
    ("taught", "asked"),
    [
        (
            ("play Yellow by Coldplay", {"song:": "Yellow", "artist:": "Coldplay"}),
            "listen to the voice message by Nora",
        ),
        (("navigate to Oslo", {"place:": "Oslo"}), "open the note Packing list"),
        (NEAR, "look for the note Garden near York"),
        (NEAR, "find photos near York"),
        (("add bread to the note Food", {"text:": "bread", "title": "Food"}), "add a picture to the note Food"),
    ],
)
def test_things_there_are_were_not_typed(taught: Taught, asked: str) -> None:
    assert isinstance(memory_with(taught).match(asked), Miss)


@pytest.mark.parametrize(
    ("taught", "asked"),
    [
        (("start a timer for 10 minutes", {"minutes:": "10"}), "add 10 minutes to the timer"),
        (("lance un minuteur de 10 minutes", {"minutes:": "10"}), "ajoute 10 minutes au minuteur"),
        (LIST, "add a to-do list called water the plants"),
        (("setze Butter auf die Liste", {"item:": "Butter"}), "setze die Liste auf privat"),
        (("send the last photo to Vera", {"name": "Vera"}), "send the last photo of Vera"),
        (("用微信给小刚转100元", {"name": "小刚", "amount:": "100"}), "小刚用微信给我转了100元"),
    ],
)
def test_what_is_put_where_is_not_turned_round(taught: Taught, asked: str) -> None:
    assert isinstance(memory_with(taught).match(asked), Miss)


@pytest.mark.parametrize(
    ("taught", "asked"),
    [
        (("mach lauter", {}), "mach leiser"),
        (("turn bluetooth on", {}), "pair a bluetooth device"),
        (("make a playlist called Road Trip", {"name:": "Road Trip"}), "make it 23 degrees"),
        (("close all tabs", {}), "close all apps"),
        (("baja la música", {}), "descarga la música"),
    ],
)
def test_another_effect_on_the_same_thing_is_another_task(taught: Taught, asked: str) -> None:
    assert isinstance(memory_with(taught).match(asked), Miss)


@pytest.mark.parametrize(
    ("taught", "asked"),
    [
        (("set an alarm for 6:00", {"time": "6:00"}), "set an alarm for 6:00 on weekends"),
        (("set an alarm for 6:00 am", {"time": "6:00"}), "wake me at 7:00 pm"),
        (("pay Olaf 20 euros for pizza", {"n": "Olaf", "a:": "20", "w:": "pizza"}), "pay Olaf 20 dollars for pizza"),
        (("pay Olaf 20 euros for pizza", {"n": "Olaf", "a:": "20", "w:": "pizza"}),
         "pay Olaf 20 euros for pizza every month"),
        (("在美团上点一份宫保鸡丁", {"dish": "宫保鸡丁"}), "在美团上点两份宫保鸡丁"),
        (("wie wird das Wetter morgen in Köln", {"d": "morgen", "c:": "Köln"}), "wie war das Wetter gestern in Köln"),
        (("打车去虹桥机场", {"to:": "虹桥机场"}), "打车去虹桥机场要多少钱"),
        (("navigate to Oslo", {"place:": "Oslo"}), "go to bbc.co.uk"),
    ],
)  # fmt: skip
def test_what_a_value_never_had_is_no_part_of_it(taught: Taught, asked: str) -> None:
    assert isinstance(memory_with(taught).match(asked), Miss)


@pytest.mark.parametrize(
    ("taught", "asked", "values"),
    [
        (("stelle den Wecker auf 6:30 Uhr", {"time": "6:30"}), "weck mich um 7:15 Uhr", {"time": "7:15"}),
        (("设一个早上七点的闹钟", {"time": "七点"}), "帮我定个早上八点的闹钟", {"time": "八点"}),
        (SONG, "put on Hey Jude by The Beatles", {"song": "Hey Jude", "artist": "The Beatles"}),
        (("follow @natgeo on Flock", {"user:": "@natgeo"}), "start following @nasa on Flock", {"user": "@nasa"}),
        (("show the balance of my savings account", {"a": "savings"}), "what's the balance on my joint account",
         {"a": "joint"}),
        (("order a large Margherita", {"size": "large", "dish:": "Margherita"}), "get me a small Calzone",
         {"size": "small", "dish": "Calzone"}),
        (("把你好翻译成法语", {"text:": "你好", "l": "法语"}), "帮我把再见翻成日语", {"text": "再见", "l": "日语"}),
        (("installe l'application Signal", {"name:": "Signal"}), "télécharge l'appli Doctolib", {"name": "Doctolib"}),
    ],
)  # fmt: skip
def test_values_end_where_the_learnt_one_ended(taught: Taught, asked: str, values: dict[str, str]) -> None:
    assert values_in(memory_with(taught), asked) == values


def test_of_two_tasks_the_one_that_says_more_of_the_words_is_meant() -> None:
    memory = memory_with(("find pizza places", {"what:": "pizza places"}), NEAR)

    assert values_in(memory, "look for vegan restaurants near York") == {"what": "vegan restaurants", "place": "York"}


@pytest.mark.parametrize(
    "words",
    [
        "tell Bob I came and saw you",
        "tell Bob I am late, see you soon",
        "tell Bob that I went home and watched a movie",
    ],
)
def test_what_was_done_is_no_other_task_inside_a_text(words: str) -> None:
    assert isinstance(memory_with(TEXT).match(words), Match)


def test_a_call_after_a_comma_is_asked_about_though_no_call_is_known() -> None:
    found = memory_with(TEXT).match("text Bob that I am late, call Alice")

    assert isinstance(found, Miss)
    assert found.readings == ({"contact": "Bob", "message": "I am late, call Alice"},)


def test_a_number_is_told_as_a_whole() -> None:
    assert values_in(memory_with(TEXT), "tell 555-0102 are you home?") == {
        "contact": "555-0102",
        "message": "are you home?",
    }


def test_whom_is_nobody_to_offer() -> None:
    found = memory_with(("给小明发短信说我晚点到", {"contact": "小明", "message:": "我晚点到"})).match("告诉谁我到了")

    assert isinstance(found, Miss)
    assert found.readings == ()


@pytest.mark.parametrize(
    ("taught", "asked"),
    [
        (("llama a Rosa", {"name": "Rosa"}), "él llama a Rosa"),
        (("enciende la luz de la cocina", {"room": "cocina"}), "si llueve enciende la luz de la cocina"),
        (("enciende la luz de la cocina", {"room": "cocina"}), "quién enciende la luz de la cocina"),
        (("allume la lampe du salon", {"room": "salon"}), "il allume la lampe du salon"),
        (("allume la lampe du salon", {"room": "salon"}), "quand allume la lampe du salon"),
        (("ruf Martin an", {"name": "Martin"}), "Jonas ruft Martin an"),
        (("lösche die Notiz Garten", {"title": "Garten"}), "wer löschte die Notiz Garten"),
        (("打开客厅的灯", {"room": "客厅"}), "如果下雨打开客厅的灯"),
        (("打开客厅的灯", {"room": "客厅"}), "谁打开客厅的灯"),
    ],
)
def test_statements_questions_and_conditions_order_nothing(taught: Taught, asked: str) -> None:
    assert isinstance(memory_with(taught).match(asked), Miss)
