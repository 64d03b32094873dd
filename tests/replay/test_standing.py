"""What was chosen stays chosen: a page that says another value is not acted on."""

from __future__ import annotations

from device.actions import Size
from device.fake import node, tree
from perception.identity import identity
from perception.screen import Screen, parse_hierarchy
from replay.checks import Check, PageIs, Says
from replay.recipe import Step, TypeInto
from replay.standing import Standing
from tests.replay.test_player import tapping

ALICE = {"contact": "Alice"}
SAYS = Says("{contact}", "title", whole=True)


def thread(name: str, *, entry: str = "title", other: str = "call") -> Screen:
    parts = [node(name, resource_id=f"com.app:id/{entry}", bounds=(0, 0, 1000, 100))]
    for place, words in enumerate((other, "more", "attach", "send", "text")):
        at = 200 + 150 * place
        parts.append(node(words, resource_id=f"com.app:id/{words}", bounds=(0, at, 1000, at + 100), clickable="true"))
    whole = node(bounds=(0, 0, 1000, 2000), _class="android.widget.FrameLayout")
    return parse_hierarchy(tree(whole.replace(" />", f">{''.join(parts)}</node>")), size=Size(1000, 2000))


def learnt(*after: Check, screen: Screen | None = None) -> Standing:
    standing = Standing()
    step = Step(id="s", says="", move=tapping().steps[0].move, after=after)
    standing.learn(step, screen or thread("Alice"), ALICE)
    return standing


def test_the_same_page_with_another_name_is_told() -> None:
    said = learnt(SAYS).broken(thread("Oliver"))
    assert "Alice" in said and "Oliver" in said


def test_a_name_that_only_begins_alike_is_another_name() -> None:
    assert learnt(SAYS).broken(thread("Alice Miller"))
    assert not learnt(Says("{contact}", "title")).broken(thread("Alice Miller"))


def test_the_same_name_or_another_page_is_no_contradiction() -> None:
    assert learnt(SAYS).broken(thread("Alice")) == ""
    other = parse_hierarchy(tree(node("Oliver", resource_id="com.app:id/title")), size=Size(1000, 2000))
    assert learnt(SAYS).broken(other) == ""


def test_an_id_that_an_update_renamed_is_remembered_as_it_is_now() -> None:
    standing = learnt(SAYS, screen=thread("Alice", entry="title_new"))
    assert standing.broken(thread("Oliver", entry="title_new"))


def test_coming_to_the_page_anew_forgets_what_it_said() -> None:
    standing = learnt(SAYS)
    oliver = thread("Oliver")
    step = Step(id="s", says="", move=tapping().steps[0].move, after=(PageIs(identity(oliver)),))
    standing.learn(step, oliver, ALICE)
    assert standing.broken(oliver) == ""


def test_a_field_that_is_typed_into_may_say_something_else() -> None:
    field = node("Alice", resource_id="com.app:id/inbox", _class="android.widget.EditText", bounds=(0, 0, 900, 90))
    rest = "".join(
        node(str(i), resource_id=f"com.app:id/p{i}", bounds=(0, 100 * i, 900, 100 * i + 90)) for i in range(1, 9)
    )
    screen = parse_hierarchy(tree(field, rest), size=Size(1000, 2000))
    standing = Standing()
    target = tapping().steps[0].target
    assert target is not None and target.entry == "inbox"
    standing.learn(
        Step(id="a", says="", move=tapping().steps[0].move, after=(Says("{contact}", "inbox"),)), screen, ALICE
    )
    changed = parse_hierarchy(tree(field.replace("Alice", "Bob"), rest), size=Size(1000, 2000))
    assert standing.broken(changed)
    standing.learn(Step(id="b", says="", move=TypeInto(target, "Bob")), changed, ALICE)
    assert standing.broken(changed) == ""
