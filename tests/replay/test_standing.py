"""What was chosen stays chosen: a page that says another value is not acted on."""

from __future__ import annotations

from device.actions import Size
from device.fake import node, tree
from perception.identity import identity
from perception.screen import Screen, parse_hierarchy
from perception.selector import make_selector
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


FIELDS = ("name", "phone")


def written(name: str, phone: str, *, kind: str = "android.widget.EditText") -> Screen:
    parts = [
        node(text, resource_id=f"com.app:id/{entry}", hint=entry.title(), _class=kind, bounds=(0, at, 900, at + 90))
        for at, (entry, text) in enumerate(zip(FIELDS, (name, phone), strict=True))
    ]
    rest = "".join(
        node(str(i), resource_id=f"com.app:id/p{i}", bounds=(0, 100 * i, 900, 100 * i + 90)) for i in range(3, 12)
    )
    return parse_hierarchy(tree(*parts, rest), size=Size(1000, 2000))


def type_into(entry: str, text: str) -> Step:
    screen = written("", "")
    (field,) = (one for one in screen.elements if one.entry == entry)
    return Step(id=f"type {entry}", says="", move=TypeInto(make_selector(screen, field), text))


def tap() -> Step:
    return Step(id="t", says="", move=tapping().steps[0].move)


def typed(name: str = "Zoe") -> Standing:
    standing = Standing()
    standing.learn(type_into("name", "{contact}"), written(name, ""), {"contact": name})
    return standing


def test_what_was_typed_into_a_field_has_to_stand_there_at_later_steps() -> None:
    assert typed().broken(written("Zoe", "")) == ""
    assert typed().broken(written("zoe ", "")) == ""
    told = typed().broken(written("Oliver", ""))
    assert "Zoe" in told and "Oliver" in told
    assert typed().broken(written("", ""))  # another form, and empty


def test_signs_that_an_app_puts_into_a_number_are_no_other_number() -> None:
    standing = Standing()
    standing.learn(type_into("phone", "5550177"), written("", "5550177"), {})
    assert standing.broken(written("", "555-0177")) == ""
    assert standing.broken(written("", "555-0178"))


def test_the_step_that_has_begun_may_empty_a_field_and_not_fill_it() -> None:
    assert typed().broken(written("", ""), touched=True) == ""
    assert typed().broken(written("Oliver", ""), touched=True)


def test_a_tap_may_change_what_was_typed_and_typing_elsewhere_may_only_empty_it() -> None:
    standing = typed()
    standing.learn(tap(), written("", ""), {})
    assert standing.broken(written("", "")) == ""
    standing = typed()
    standing.learn(type_into("phone", "1"), written("", "1"), {})
    assert standing.broken(written("", "1")) == ""
    standing = typed()
    standing.learn(type_into("phone", "1"), written("Oliver", "1"), {})
    assert standing.broken(written("Oliver", "1"))
