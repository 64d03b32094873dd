from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from device.actions import OpenApp, PressKey
from replay.distill import distill
from replay.export import plan, to_maestro
from replay.importing import read_maestro, read_uiautomator2, show
from replay.importing.showing import NotAllowed
from replay.importing.wishes import ImportRefused, Named, WishScroll, WishTap, WishType
from replay.recipe import Recipe, TapOn, TypeInto
from tests.replay.bench import ALICE, ASKED, MESSAGES, Phone
from tests.replay.recorded import text_lesson

LOG = f"""
import uiautomator2 as u2
d = u2.connect()
d.app_start("{MESSAGES}")
d(description="Start chat").click()
d(text="Bob").click()
d.sleep(2)
d(resourceId="{MESSAGES}:id/compose_message_text").set_text("See you at eight")
d(description="Send SMS").click()
"""
FLOW = f"""
appId: {MESSAGES}
env:
  WHO: "Bob"
---
- launchApp
# a comment
- tapOn: "Start chat"
- tapOn:
    text: "${{WHO}}"
- extendedWaitUntil:
    visible:
      id: "x"
    timeout: 100
- tapOn:
    id: "compose_message_text"
- eraseText: 20
- inputText: "See you at eight"
- tapOn: "Send SMS"
"""


@pytest.mark.parametrize("imported", [read_uiautomator2(LOG), read_maestro(FLOW)], ids=["uiautomator2", "maestro"])
def test_what_was_imported_is_shown_once_and_replays_with_other_values(imported: object) -> None:
    phone, values = Phone(), {"contact": "Bob", "message": "See you at eight"}
    asked: list[str] = []

    done = show(phone, imported.wishes, lambda says: not asked.append(says), clock=phone.clock)  # type: ignore[attr-defined,func-returns-value]
    recipe = distill(done, recipe_id="i", name="i", task="i Bob See you at eight", values=values)

    assert len(recipe.steps) == 5
    assert [says.partition(": ")[2] for says in asked] == ["touch 'Send SMS'"]
    other = Phone()
    assert other.run(recipe, ASKED).outcome == "done"
    assert other.sent() == [(ALICE, ASKED["message"])]


def test_without_a_yes_nothing_irreversible_is_done() -> None:
    phone = Phone()

    with pytest.raises(NotAllowed, match="line 9"):
        show(phone, read_uiautomator2(LOG).wishes, lambda says: False, clock=phone.clock)

    assert phone.sent() == []


def test_what_fits_nothing_is_refused_with_its_line() -> None:
    phone, log = Phone(), 'd.press("home")\nd(text="Nowhere").click()'

    with pytest.raises(ImportRefused, match="line 2: 0 things"):
        show(phone, read_uiautomator2(log).wishes, lambda _: True, clock=phone.clock)


def test_waits_are_passed_over_and_named() -> None:
    assert read_uiautomator2(LOG).passed_over == ("line 7: d.sleep(2)",)
    assert [one.partition(": ")[2] for one in read_maestro(FLOW).passed_over] == ["extendedWaitUntil", "eraseText"]


def test_each_call_is_its_wish() -> None:
    log = 'd.press("back")\nd.swipe_ext("up")\nd(text="a", instance=1).double_click()\nd.send_keys("x")'

    assert [wish for _, wish in read_uiautomator2(log).wishes] == [
        PressKey("back"), WishScroll("down"), WishTap(Named(text="a", instance=1), 2), WishType("x"),
    ]  # fmt: skip
    flow = "- back\n- scroll\n- swipe:\n    direction: LEFT\n- pressKey: Home\n- launchApp: a.b"
    assert [wish for _, wish in read_maestro(flow).wishes] == [
        PressKey("back"), WishScroll("down"), WishScroll("right"), PressKey("home"), OpenApp("a.b"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "__import__('os').system('id')", "d(text=open('/etc/passwd').read()).click()", "d.shell('rm -r /')",
        "d.click(540, 1200)", "d(xpath='//a').click()", "d(text=3).click()", "x = 1", "d(text='a').click() or 1",
        "(" * 300, "d().click()", "d.press('detonate')",
    ],
)  # fmt: skip
def test_a_log_is_never_run_and_what_is_not_known_is_refused(line: str) -> None:
    with pytest.raises(ImportRefused, match="line 1"):
        read_uiautomator2(line)


@pytest.mark.parametrize(
    "line",
    [
        "- runScript: x.js", "- evalScript: ${1+1}", "- tapOn: !!python/object:os.system x", "- tapOn: {text: a}",
        '- tapOn: "a.*"', "- tapOn: ${output.x}", "- tapOn:", "- pressKey: Boom", "- launchApp", "  stray: 1", "}{",
    ],
)  # fmt: skip
def test_a_flow_is_never_run_and_what_is_not_known_is_refused(line: str) -> None:
    with pytest.raises(ImportRefused, match="line 1"):
        read_maestro(line)


@pytest.mark.parametrize(
    "line",
    [
        'import time; d(text="Delete everything").click()', 'd = d; d(text="Pay").click()', "from x import y; d.foo()",
        'd = u2.connect(); d(text="Pay").click()', 'd = d(text="Pay").click()', "d = u2.connect(d.press('home'))",
        'e = u2.connect()', "d = e = u2.connect()", 'd.press("home"); d(text="Pay").click()', "d = u2",
    ],
)  # fmt: skip
def test_nothing_behind_an_import_or_a_connection_is_dropped(line: str) -> None:
    with pytest.raises(ImportRefused, match="line 2"):
        read_uiautomator2(f'd.press("back")\n{line}')


def test_an_import_and_a_connection_alone_say_nothing_to_do() -> None:
    log = """import time
from uiautomator2 import connect  # the tool
d = connect("emulator-5554")
device = u2.connect_usb(serial="a")
d.press("back")  # go back
"""
    assert read_uiautomator2(log).wishes == ((5, PressKey("back")),)


@pytest.mark.parametrize("left_open", [False, True], ids=["fresh", "app left open"])
def test_a_flow_that_was_exported_is_imported_again(tmp_path: Path, left_open: bool) -> None:
    phone = Phone()
    lesson = text_lesson(tmp_path / "lesson", phone)  # which leaves the app open, on the conversation
    flow = to_maestro(plan(lesson.recipe, lesson.trace)).text
    assert r"com\\.android\\.messaging:id/" in flow
    phone = phone if left_open else Phone()
    before = len(phone.sent())

    show(phone, read_maestro(flow).wishes, lambda _: True, clock=phone.clock)

    assert [message for _, message in phone.sent()[before:]] == ["See you at eight"]


SAID = r"1.5 (a|b) [c]* {d}? ^$ \d \. C:\x ${output.x} $"


def test_words_with_signs_of_patterns_come_back_as_they_were_exported(tmp_path: Path) -> None:
    template = SAID.replace("{", "{{").replace("}", "}}")
    open_, tap, *_ = text_lesson(tmp_path / "lesson").recipe.steps
    assert isinstance(tap.move, TapOn)
    named = dataclasses.replace(tap.move.target, resource_id="", text=template, description="", cls="")
    typed = dataclasses.replace(tap, id="t", move=TypeInto(named, template))
    tapped = dataclasses.replace(tap, move=TapOn(named))
    recipe = Recipe(id="r", name=SAID, task="r", steps=(open_, tapped, typed), slots=())

    wishes = [wish for _, wish in read_maestro(to_maestro(plan(recipe)).text).wishes]

    target = Named(text=SAID, either=True)
    assert wishes == [OpenApp(MESSAGES), WishTap(target), WishTap(target), WishType(SAID)]


def test_a_value_of_env_names_what_it_says() -> None:
    flow = 'env:\n  WHO: "Bob (work) \\\\${x}"\n---\n- tapOn: "to ${WHO}\\\\."\n- inputText: "${WHO}"'

    assert [wish for _, wish in read_maestro(flow).wishes] == [
        WishTap(Named(text="to Bob (work) ${x}.", either=True)), WishType("Bob (work) ${x}"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "command, says",
    [
        (r'- tapOn: "a\\\\(b)"', r"pattern \(\(\)"), (r'- tapOn: "\\d"', r"pattern \(.d\)"),
        (r'- tapOn: "a\\"', "pattern"), ('- inputText: "${SECRET_X}"', "no value"),
        ("- swipe:\n    start: 10%,10%", "swipe with start"), ("- launchApp:\n    clearState: true", "with clearState"),
    ],
)  # fmt: skip
def test_a_pattern_or_what_cannot_be_done_is_refused_by_name(command: str, says: str) -> None:
    with pytest.raises(ImportRefused, match=f"line 5.*{says}"):
        read_maestro(f'appId: a\nenv:\n  SECRET_X: ""\n---\n{command}')
