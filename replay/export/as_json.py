"""A recipe as JSON for other programs: each step in words, its move, plain query, checks in words, side effect."""

from __future__ import annotations

import dataclasses
from typing import Any

from device.actions import OpenApp, PressKey
from perception.errors import PerceptionError
from replay.export.plan import Place, Plan, Planned, Query, Slot, Text
from replay.progress import check_says
from replay.recipe import step_to_data

FORMAT = "mobimem-steps"
VERSION = 1


def to_json(plan: Plan) -> dict[str, Any]:
    """The export as plain JSON data. Texts with slots are templates: `{contact}`; braces are doubled."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": plan.recipe.name,
        "task": plan.recipe.task,
        "slots": {slot: plan.values.get(slot, "") for slot in plan.recipe.slots},
        "steps": [_step(plan, one) for one in plan.steps],
    }


def _step(plan: Plan, one: Planned) -> dict[str, Any]:
    move = one.step.move
    name = step_to_data(one.step)["move"]["is"]
    fields = {key: getattr(move, key, None) for key in ("text", "on", "duration_s", "direction")}
    more = {key: value for key, value in fields.items() if value is not None}
    if isinstance(move, OpenApp | PressKey):
        more = {key: value for key, value in dataclasses.asdict(move).items() if value is not None}
    return {
        "number": one.number,
        "id": one.step.id,
        "says": one.step.says,
        "move": name,
        **more,
        "target": _target(one.target),
        "before": [_check(plan, check) for check in one.step.before],
        "after": [_check(plan, check) for check in one.step.after],
        "landmark": one.landmark or None,
        "side_effect": one.step.side_effect,
    }


def _check(plan: Plan, check: Any) -> str:
    try:
        return check_says(check, {slot: f"{{{slot}}}" for slot in plan.recipe.slots})
    except PerceptionError as error:
        return str(error)


def _target(target: Query | Place | None) -> dict[str, Any] | None:
    match target:
        case None:
            return None
        case Place(across, down):
            return {"place": [across, down]}
        case Query(attributes, instance):
            asked: dict[str, Any] = {name: _template(text) for name, text in attributes}
            return asked if instance is None else {**asked, "instance": instance}


def _template(text: Text) -> str:
    return "".join(
        f"{{{one.name}}}" if isinstance(one, Slot) else one.replace("{", "{{").replace("}", "}}") for one in text
    )
