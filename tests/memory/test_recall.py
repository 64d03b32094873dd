"""Words become known tasks with values - from the words and from the profile - and steps ready to replay."""

from __future__ import annotations

import dataclasses
from datetime import datetime

import pytest

from memory.filling import Open
from memory.learn.learner import Learner
from memory.opening import Memory
from memory.recall import Recalled, RecalledTask, Where, recall, recall_meant, recall_named
from tests.memory.learn.lessons import BOB, LATE, ran, recipe, taught

CONTACTS = "com.android.contacts"
MORNING = Where(datetime.fromisoformat("2026-03-04T09:30:00+01:00"))


def ask(memory: Memory, words: str, **given: str) -> Recalled:
    return recall(memory, words, given=given, where=MORNING)


def one(memory: Memory, words: str, **given: str) -> RecalledTask:
    recalled = ask(memory, words, **given)
    [task] = recalled.tasks
    return task


def test_the_same_words_with_other_values_are_ready_to_replay(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))

    task = one(memory, "text Carol that dinner is ready")

    assert task.values == {"contact": "Carol", "message": "dinner is ready"}
    assert (task.exact, task.reading) == (True, "text Carol that dinner is ready")
    assert [step.says for step in task.recipe_steps()] == [step.says for step in recipe("text", **LATE).steps]


def test_other_words_are_read_in_the_words_that_were_taught_with_less_confidence(
    memory: Memory, learner: Learner
) -> None:
    learner.learn(taught("text", **LATE))

    task = one(memory, "let Carol know that dinner is ready")

    assert task.values == {"contact": "Carol", "message": "dinner is ready"}
    assert task.reading == "text Carol that dinner is ready"
    assert not task.exact
    assert task.confidence < one(memory, "text Carol that dinner is ready").confidence
    assert "lexicon" in " ".join(task.reasons)


def test_whoever_the_profile_knows_by_another_word_is_filled_in_with_the_reason(
    memory: Memory, learner: Learner
) -> None:
    learner.learn(taught("text", **LATE))
    memory.profile.remember("my mother is Maria")

    task = one(memory, "text mum that dinner is ready")

    assert task.values["contact"] == "Maria"
    assert task.said["contact"] == "mum"
    assert [(filled.slot, filled.said, filled.value) for filled in task.filled] == [("contact", "mum", "Maria")]
    assert "you said: my mother is Maria" in " ".join(task.reasons)
    assert task.reading == "text Maria that dinner is ready"


def test_a_name_that_was_used_before_is_itself_and_nobody_else(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    learner.learn(ran("text", key="run-1", contact="mum", message="hello"))
    memory.profile.remember("my mother is Maria")

    assert one(memory, "text Mum that dinner is ready").values["contact"] == "Mum"


def test_what_is_typed_stays_as_it_was_said(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    memory.profile.remember("my home is 12 Elm Street")

    assert one(memory, "text Bob that home").values["message"] == "home"


def test_the_usual_is_what_recurred(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))
    for number in range(3):
        learner.learn(ran("star", key=f"run-{number}", contact="Emma Wilson"))

    task = one(memory, "make the usual contact a favorite")

    assert task.values["contact"] == "Emma Wilson"
    assert "used in 3 of 4 runs" in task.filled[0].reason


def test_several_who_fit_are_left_to_the_owner(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))
    memory.profile.remember("my sister is Ann")
    memory.profile.remember("my sister is Zoe")

    task = one(memory, "make my sister a favorite")

    if task.open:
        assert task.open == (Open("contact", "my sister", ("Ann", "Zoe"), CONTACTS),)
        assert "contact" not in task.values
    else:  # the profile holds one sister at a time: the corrected one
        assert task.values["contact"] == "Zoe"


def test_given_values_go_before_those_in_the_words(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))

    assert one(memory, "text Bob that it rains", contact="Alice").values == {"contact": "Alice", "message": "it rains"}


def test_a_miss_says_which_word_nothing_explains_and_what_is_nearest(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))

    recalled = ask(memory, "email Bob that dinner is ready")

    assert recalled.tasks == ()
    assert recalled.missed is not None
    assert (recalled.missed.nearest, recalled.missed.pattern) == ("text", "text {contact} that {message}")
    assert "email" in recalled.missed.unexplained


def test_the_opposite_is_another_task(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("dark"))

    assert one(memory, "switch on the dark theme").template == "dark"
    assert ask(memory, "turn dark theme off").tasks == ()


def test_two_known_tasks_in_one_sentence_come_back_in_order(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))
    learner.learn(taught("dark"))

    recalled = ask(memory, "make Carol a favorite and then turn dark theme on")

    assert [task.template for task in recalled.tasks] == ["star", "dark"]
    assert recalled.tasks[0].values == {"contact": "Carol"}


def test_a_second_task_after_a_free_text_is_a_task_of_its_own_and_not_certain(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))

    recalled = ask(memory, "text Bob that I am late and then text Alice that dinner is ready")

    assert [task.values for task in recalled.tasks] == [
        {"contact": "Bob", "message": "I am late"},
        {"contact": "Alice", "message": "dinner is ready"},
    ]
    assert not any(task.exact for task in recalled.tasks)
    assert "long value" in " ".join(recalled.reasons)
    assert len(ask(memory, "text Bob that I am late and then I go home").tasks) == 1


def test_whoever_was_filled_in_once_is_filled_in_again(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    memory.profile.remember("my mother is Maria")
    words = "send mum a message saying I am home"
    task = one(memory, words)
    learner.learn(ran("text", key="run-1", words=words, said=task.said, **task.values))

    again = one(memory, words)

    assert again.exact
    assert again.values == {"contact": "Maria", "message": "I am home"}


def test_words_for_many_are_never_one_replay(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))

    for words in ("make everyone a favorite", "make all contacts a favorite", "make Bob, Alice and Carol a favorite"):
        assert ask(memory, words).tasks == (), words


def test_a_task_by_its_name_has_the_steps_memory_has_now(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))
    steps = list(recipe("star", **BOB).steps)
    steps[1] = dataclasses.replace(steps[1], says="Choose '{contact}'", revision=2)
    mended = dataclasses.replace(recipe("star", **BOB), steps=tuple(steps))
    learner.learn(dataclasses.replace(taught("star", key="star@2", **BOB), recipe=mended, repaired=(1,)))

    task = recall_named(memory, "star", given={"contact": "Carol"}, where=MORNING)

    assert task is not None
    assert [step.says for step in task.recipe_steps()][1] == "Choose '{contact}'"
    assert recall_named(memory, "nothing", given={}, where=MORNING) is None


def test_what_nobody_said_and_nothing_tells_is_open(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("star", **BOB))

    task = recall_named(memory, "star", given={}, where=MORNING)

    assert task is not None
    assert task.open == (Open("contact", "", app=CONTACTS),)
    assert task.reading == "make ? a favorite"


def test_a_task_taught_in_chinese_is_known_with_other_values(memory: Memory, learner: Learner) -> None:
    values = {"contact": "小明", "message": "我晚点到"}
    lesson = dataclasses.replace(
        taught("text", **LATE), words="给小明发短信说我晚点到", values=values, said=values,
        recipe=dataclasses.replace(recipe("text", **LATE), task="给{contact}发短信说{message}"),
    )  # fmt: skip
    learner.learn(lesson)

    task = one(memory, "给小红发短信说饭好了")

    assert task.values == {"contact": "小红", "message": "饭好了"}


@pytest.mark.parametrize(
    "words",
    ["", " ", "\x00\x07\x1b[31m", "🙂" * 50, "a" * 1_000_000, "text " * 20_000, "Robert'); DROP TABLE templates;--",
     "NEAR(\"text\" AND *) OR contact:x", "text Бob 发 that دinner", "{contact} {message}", "\u202etext Bob that x",
     "text \ud800 that x"],
)  # fmt: skip
def test_words_of_any_kind_are_answered(memory: Memory, learner: Learner, words: str) -> None:
    learner.learn(taught("text", **LATE))

    recalled = ask(memory, words)

    assert recalled.reasons
    assert recalled.tasks or recalled.missed is not None


@pytest.mark.parametrize(
    ("words", "contact", "message"),
    [
        ("tell Bob dinner is ready", "Bob", "dinner is ready"),  # used before
        ("tell mum dinner is ready", "Maria", "dinner is ready"),  # known to the profile
        ("tell my mum I'm late", "Maria", "I'm late"),
        ("tell Emma Wilson I'm late", "Emma Wilson", "I'm late"),  # written as a name
        ("text Emma dinner is ready", "Emma", "dinner is ready"),
        ("please could you let Emma know I will be late", "Emma", "I will be late"),  # all of a text at the end
    ],
)
def test_two_values_side_by_side_are_cut_by_what_is_known(
    memory: Memory, learner: Learner, words: str, contact: str, message: str
) -> None:
    learner.learn(taught("text", **LATE))
    memory.profile.remember("my mother is Maria")

    task = one(memory, words)
    assert task.values == {"contact": contact, "message": message}
    assert not task.exact


def test_a_word_for_somebody_cuts_though_nobody_said_who_that_is(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))

    task = one(memory, "tell dad I'm late")
    assert task.said == {"contact": "dad", "message": "I'm late"}
    assert [left.said for left in task.open] == ["dad"]


@pytest.mark.parametrize("words", ["tell zork dinner is ready", "tell Emma Dinner is ready"])
def test_two_values_that_nothing_known_cuts_are_left_to_the_owner(memory: Memory, learner: Learner, words: str) -> None:
    learner.learn(taught("text", **LATE))

    recalled = ask(memory, words)

    assert recalled.tasks == ()
    assert "ends and message begins" in recalled.reasons[0]


def test_a_value_in_quotes_comes_without_them(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))

    assert one(memory, "text Bob that “on my way”").values["message"] == "on my way"


def test_a_reading_the_owner_chose_is_the_task_with_these_values(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    words = "tell zork dinner is ready"
    missed = ask(memory, words).missed
    assert missed is not None
    assert missed.readings == ("tell zork: dinner is ready", "tell zork dinner: is ready")

    [task] = recall_meant(memory, words, "text", missed.meant[1], given={}, where=MORNING).tasks

    assert task.values == task.said == {"contact": "zork dinner", "message": "is ready"}
    assert task.exact
    assert task.reasons == ("you said that this is meant",)


def test_a_reading_that_is_none_is_not_taken(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    words = "tell zork dinner is ready"

    for template, meant in (("text", {"contact": "Alice", "message": "is ready"}), ("gone", {"contact": "zork"})):
        recalled = recall_meant(memory, words, template, meant, given={}, where=MORNING)
        assert (recalled.tasks, recalled.missed) == ((), ask(memory, words).missed)


def test_whoever_a_chosen_reading_points_at_is_filled_in(memory: Memory, learner: Learner) -> None:
    learner.learn(taught("text", **LATE))
    memory.profile.remember("my mother is Maria")
    words = "tell mum to call me"
    missed = ask(memory, words).missed
    assert missed is not None

    [task] = recall_meant(memory, words, "text", missed.meant[0], given={}, where=MORNING).tasks

    assert task.values == {"contact": "Maria", "message": "to call me"}
    assert [one.said for one in task.filled] == ["mum"]
