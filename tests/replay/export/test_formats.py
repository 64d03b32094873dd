from __future__ import annotations

import ast
import dataclasses
import json
import re
from pathlib import Path

import pytest

from device.actions import PressKey
from replay.errors import ReplayError
from replay.export import plan, to_json, to_maestro, to_uiautomator2
from replay.export.plan import Place, Query, Slot, pieces
from replay.recipe import Recipe, Step, TapOn, TypeInto
from tests.replay.recorded import Lesson, text_lesson

HOSTILE = 'x"\n"""\nimport os; os.system("id")\n${output.x} # \ud800 \\'


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return text_lesson(tmp_path_factory.mktemp("e") / "lesson")


def hostile(lesson: Lesson) -> Recipe:
    """The recipe, with hostile words everywhere a stranger could put them."""
    said = HOSTILE.replace("{", "{{").replace("}", "}}")
    steps = []
    for step in lesson.recipe.steps:
        move = step.move
        if step.target is not None:
            target = dataclasses.replace(step.target, text=said, name=said, description=said, label=(said,))
            move = dataclasses.replace(move, target=target)  # type: ignore[call-arg]
        steps.append(dataclasses.replace(step, says=said, move=move))
    return dataclasses.replace(lesson.recipe, name=HOSTILE, task=said, steps=tuple(steps))


def test_a_template_falls_into_texts_and_slots() -> None:
    assert pieces("to {who}!") == ("to ", Slot("who"), "!")
    assert pieces("{{not}} {a.b}") == ("{not} ", Slot("a.b"))
    assert pieces("") == ("",)


def test_each_target_has_a_query_that_was_unique_where_it_was_recorded(lesson: Lesson) -> None:
    targets = [one.target for one in plan(lesson.recipe, lesson.trace).steps]

    assert targets[0] is None
    assert all(isinstance(target, Query) and target.instance is None for target in targets[1:])
    assert targets[2] == Query((("text", (Slot("contact"),)),))


def test_hostile_words_stay_words_in_a_script(lesson: Lesson) -> None:
    script = to_uiautomator2(plan(hostile(lesson)))

    tree = ast.parse(script)
    named = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    imported = [alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names]
    assert "system" not in named
    assert imported == ["argparse", "os", "sys", "time", "uiautomator2"]
    assert script.isascii()


def test_hostile_words_stay_words_in_a_flow(lesson: Lesson) -> None:
    flow = to_maestro(plan(hostile(lesson))).text

    assert all(line.startswith(("#", "-", " ", "appId", "name", "env")) for line in flow.splitlines())
    scalars = [line.partition(": ")[2] for line in flow.splitlines() if ': "' in line and not line.startswith("#")]
    assert all(isinstance(json.loads(scalar.partition("  #")[0]), str) for scalar in scalars)
    assert all(re.search(r"(?<!\\)\$\{output", scalar) is None for scalar in scalars)


def test_a_flow_uses_the_documented_commands_and_its_slots_as_env(lesson: Lesson) -> None:
    flow = to_maestro(plan(lesson.recipe, lesson.trace))

    assert flow.text.startswith('appId: "com.android.messaging"\n')
    for wanted in ('CONTACT: "Bob"', "- launchApp:", 'text: "${CONTACT}"', '- inputText: "${MESSAGE}"'):
        assert wanted in flow.text
    assert flow.left_out == ("step 5: it is not asked about, though it cannot be undone",)


def test_what_another_tool_cannot_do_is_named(lesson: Lesson) -> None:
    press = Step(id="p", says="Press recent", move=PressKey("recent"))
    flow = to_maestro(plan(dataclasses.replace(lesson.recipe, steps=(press,))))

    assert flow.left_out == ("step 1: Maestro cannot press recent",)


def test_json_says_everything_a_reader_needs(lesson: Lesson) -> None:
    data = json.loads(json.dumps(to_json(plan(lesson.recipe, lesson.trace))))

    assert (data["format"], data["version"], data["slots"]["contact"]) == ("mobimem-steps", 1, "Bob")
    assert [step["move"] for step in data["steps"]] == ["open_app", "tap", "tap", "input_text", "tap"]
    assert data["steps"][2]["target"] == {"text": "{contact}"}
    assert data["steps"][4]["side_effect"] == "irreversible"


def test_a_secret_is_never_written(lesson: Lesson) -> None:
    steps = list(lesson.recipe.steps)
    move = steps[3].move
    assert isinstance(move, TypeInto)
    steps[3] = dataclasses.replace(steps[3], move=dataclasses.replace(move, text="secret://pin"))
    planned = plan(dataclasses.replace(lesson.recipe, steps=tuple(steps)), lesson.trace)

    assert "set_text(secret('pin'))" in to_uiautomator2(planned)
    assert '- inputText: "${SECRET_PIN}"' in to_maestro(planned).text


def test_a_target_that_only_a_slot_beside_it_tells_apart_is_refused(lesson: Lesson) -> None:
    steps = list(lesson.recipe.steps)
    move = steps[2].move
    assert isinstance(move, TapOn)
    blank = dataclasses.replace(
        move.target, name="", text="", description="", label=(), hint="", row=("{contact}",), resource_id=""
    )
    steps[2] = dataclasses.replace(steps[2], move=TapOn(blank))

    try:
        target = plan(dataclasses.replace(lesson.recipe, steps=tuple(steps)), lesson.trace).steps[2].target
    except ReplayError as error:
        assert "hangs on contact" in str(error)
    else:
        assert isinstance(target, Place)  # not located on its screen: evidence alone


def test_a_plan_without_screens_rests_on_the_evidence(lesson: Lesson, tmp_path: Path) -> None:
    targets = [one.target for one in plan(lesson.recipe).steps]

    assert targets[2] == Query((("text", (Slot("contact"),)),))
