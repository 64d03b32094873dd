"""What leaves for a model: a short list, fenced, without what is private; and what its choices may be about."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from pydantic import ValidationError

from mobimem.errors import OwnerNeeded
from mobimem.llm.scripted import Answer, Asked, Says
from mobimem.service.agent import Agent, Means, private_terms, refuse_doubts
from mobimem.service.memories import remember
from mobimem.service.recall import ReadyTasks
from mobimem.tasks.forms import Choice
from mobimem.tasks.grounding import Said, is_named, stands_in
from mobimem.tasks.scope import Scope, offered, scope_of_words
from mobimem.tasks.view import LIST_MAX, see
from mobimem.tasks.watching import Bounds, Watch
from perception.screen import Screen, parse_hierarchy
from tests.mobimem.tasks.acting import TEXT_BOB, Brain, Owner, staged, texting_bob
from tests.replay.bench import MESSAGES, SETTINGS, Phone

WORDS = "text Bob that dinner is ready"


def test_a_screen_is_a_short_list_in_which_a_row_is_one_thing() -> None:
    phone = Phone()
    phone.phone.windows.start(MESSAGES)
    seen = see(Screen.of(phone.read()))

    lines = seen.text.splitlines()
    assert sum('"Alice"' in line for line in lines) == 1
    [row] = [line for line in lines if '"Alice"' in line]
    assert "Great, see you there" in row
    number = int(row.split()[0])
    element = seen.element(number)
    assert element is not None and element.clickable
    assert seen.element(0) is seen.element(len(seen.numbered) + 1) is seen.element(None) is None
    assert len(seen.text) < 4_000
    assert "status_bar" not in seen.text


def test_a_screen_of_thousands_of_things_is_cut_and_says_so() -> None:
    rows = "".join(
        f'<node class="android.widget.Button" package="a.b" bounds="[0,{n}][900,{n + 9}]" text="{"x" * 400}{n}" '
        'clickable="true" enabled="true" visible-to-user="true"/>'
        for n in range(2000)
    )
    seen = see(parse_hierarchy(f'<hierarchy rotation="0">{rows}</hierarchy>', package="a.b"))

    assert len(seen.text) < LIST_MAX + 500
    assert "more is on the screen" in seen.text


def test_what_is_read_is_fenced_and_what_the_owner_said_is_not() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        at.do(WORDS)
        asked = at.server.asked[3].text

    outside = asked[: asked.index("<untrusted-", asked.index("The task, in the owner's words"))]
    assert WORDS in outside
    fenced = asked[asked.index("source='screen'") :]
    assert "Alice" in fenced[: fenced.index("</untrusted-")]
    assert "Alice" not in asked.replace(fenced, "")


def test_the_scope_is_asked_for_before_anything_is_read_from_the_phone() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        at.do(WORDS)
        first = at.server.asked[0].text

    assert WORDS in first
    assert "source='screen'" not in first and "app in front" not in first
    assert "source='the names of the installed packages'" in first
    assert "Alice" not in first


def test_names_the_profile_knows_and_long_numbers_do_not_leave_the_machine_and_the_task_is_done() -> None:
    remember("my friend is Bob")
    assert "Bob" in private_terms()
    with staged(_veiled) as at:
        at.more["terms"] = private_terms()
        done = at.do(WORDS)
        sent = "\n".join(asked.text for asked in at.server.asked)

    assert done.done, done
    assert "Bob" not in sent
    assert "+1 202 555" not in sent
    assert at.phone.sent()[-1][1] == "dinner is ready"


def _veiled(asked: Asked) -> Answer:
    """The scripted model, for which Bob is only a placeholder."""
    found = re.search(r"text ([A-Z]+_\d+[a-z]?) that", asked.text)
    name = found[1] if found else "Bob"
    messages = tuple({**one, "content": str(one["content"]).replace(name, "Bob")} for one in asked.messages)
    answer = Brain(texting_bob)(replace(asked, messages=messages))
    return replace(answer, text=answer.text.replace("Bob", name)) if isinstance(answer, Says) else answer


def test_pictures_go_only_to_a_model_that_takes_them() -> None:
    for takes in (False, True):
        with staged(Brain((("open_app", MESSAGES), ("give_up",))), pictures=takes) as at:
            at.do("look whether Bob has written")
            pictured = ["image_url" in str(asked.messages) for asked in at.server.asked]
        assert pictured == ([False, True, True] if takes else [False] * 3)


def test_a_doubtful_reading_is_not_done_where_nobody_confirms_it() -> None:
    refuse_doubts(ReadyTasks("text Bob", ()))
    with pytest.raises(OwnerNeeded, match="not said as it was taught: Maria is from memory"):
        refuse_doubts(ReadyTasks("text mum", (), None, ("Maria is from memory",)))


def test_the_agent_does_words_and_knows_them_from_then_on() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        agent = Agent(at.phone, Means(at.owner, at.owner, at.client, clock=at.phone.clock))
        [first] = agent.run(WORDS)
        [second] = agent.run("text Alice that the train is late")

    assert (first.done, second.done, second.receipt.model_calls) == (True, True, 0)


# -- the pure parts


@pytest.mark.parametrize(
    "data",
    [{"act": "tap"}, {"act": "type", "element": 1}, {"act": "open_app"}, {"act": "scroll"}, {"act": "ask_owner"},
     {"act": "pay", "element": 1}, {"act": "tap", "element": 1, "tool": "shell"}, {"act": "tap", "element": "[0,0]"}],
)  # fmt: skip
def test_what_is_not_in_the_form_cannot_be_chosen(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Choice.model_validate({"why": "x", **data})


def test_the_owners_words_say_what_stands_in_them_and_no_more() -> None:
    said = Said("text Bob that I'm late, 晚点到").and_("at 7 pm")

    assert stands_in("I'm late", said)
    assert stands_in("i’m late".replace("’", "'"), said)
    assert stands_in("晚点到", said)
    assert stands_in("7 pm", said)
    assert not stands_in("I'm later", said)
    assert not stands_in("", said)
    assert not stands_in("Bo", said)
    assert is_named(("Dark theme",), Said("switch the dark theme on"))
    assert not is_named(("Airplane mode",), Said("switch dark mode on"))
    assert not is_named(("On",), Said("switch the dark theme on please do it on"[:10]))


def test_a_scope_holds_only_apps_that_are_offered_and_never_the_systems_own_windows() -> None:
    apps = offered([MESSAGES, "com.android.systemui", "com.android.launcher3", "no package; rm -rf", "android"])
    assert apps == (MESSAGES,)
    scope = scope_of_words("look around", [MESSAGES], apps, for_good=False)
    assert scope == Scope(frozenset((MESSAGES,)), for_good=False)
    assert isinstance(scope_of_words("look around", [SETTINGS], apps, for_good=False), str)
    assert scope_of_words("delete it", [MESSAGES], apps, for_good=False) == Scope(frozenset((MESSAGES,)), for_good=True)
    with pytest.raises(ValueError, match="systemui"):
        Scope(frozenset(("com.android.systemui",)), for_good=False)


def test_a_watch_counts_what_was_seen_before_as_no_progress() -> None:
    watch = Watch(Bounds(still=2, same=1, steps=10), began_s=0.0)
    for content in (1, 2, 1):
        watch.saw(content)
    assert watch.over(1.0) == ""
    watch.saw(2)
    assert "nothing new" in watch.over(1.0)
    assert not watch.repeats("page", "tap 1")
    watch.did("page", "tap 1")
    assert watch.repeats("page", "tap 1")
    assert not watch.repeats("another page", "tap 1")


def test_an_owner_who_is_asked_about_a_doubt_may_say_yes() -> None:
    moves = (*TEXT_BOB[:3], ("type", "Text message", "Dinner is served"), TEXT_BOB[4], ("done",))
    with staged(Brain(moves), owner=Owner({"doubt": "yes", "end": "yes"})) as at:
        done = at.do(WORDS)

    assert at.phone.typed == ["Dinner is served"]
    assert at.owner.asked[0].kind == "doubt"
    assert done.receipt.questions >= 1
