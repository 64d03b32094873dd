"""A recipe: an ordered list of steps with slots, ready to replay. What a trace is distilled into.

A step says what to do (`Move`), to which element (a selector: several independent pieces of evidence, never only x,y),
what must hold before and after, and what it does to the world (`SideEffect`). Texts and selectors may name slots as
`{contact}`; the values are given when it is replayed. Recipes are plain data: `to_data` and `from_data` are inverse,
and a recipe from a stranger can at worst be invalid.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from device.actions import Direction, OpenApp, PressKey
from perception.errors import SelectorError
from perception.identity import ScreenIdentity, same_page
from perception.selector import Selector
from perception.words import slots_in
from replay.checks import AppIs, Changed, Check, Gone, PageIs, Says, Shown, SwitchIs
from replay.errors import RecipeInvalid, SlotMissing

RECIPE_VERSION = 1
SideEffect = Literal["read", "reversible", "irreversible"]
ValueType: TypeAlias = Literal["text", "number"]  # of what a step reads off the screen


@dataclass(frozen=True, slots=True)
class TapOn:
    """Taps the element once."""

    target: Selector


@dataclass(frozen=True, slots=True)
class DoubleTapOn:
    """Taps the element twice, quickly."""

    target: Selector


@dataclass(frozen=True, slots=True)
class LongPressOn:
    """Rests a finger on the element for `duration_s` seconds."""

    target: Selector
    duration_s: float = 0.8


@dataclass(frozen=True, slots=True)
class SetSwitch:
    """Taps the switch unless it stands like this already."""

    target: Selector
    on: bool


@dataclass(frozen=True, slots=True)
class TypeInto:
    """Replaces what the field holds by `text`; the field is tapped first if it has no focus.

    `fresh`: the field was empty when this was shown. `blank`: so was the whole form, but for what had been typed into
    it; the ids (without their package) of its other fields. What stands in one of them now is not written over
    (`replay.blank_fields`).
    """

    target: Selector
    text: str
    fresh: bool = False
    blank: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyIn:
    """Taps the keys of a keypad that the app draws itself, one for each character of `text` (`replay.keypads`).

    `shows` is the resource id (without its package) of the element that says what was keyed in so far; `blank` is what
    it says before the first key.
    """

    text: str
    shows: str
    blank: str = ""


@dataclass(frozen=True, slots=True)
class ScrollIn:
    """Scrolls a container once, towards what lies further in `direction`; None scrolls the largest one."""

    direction: Direction
    target: Selector | None = None


@dataclass(frozen=True, slots=True)
class ReadOut:
    """Reads what the element says, as the recipe's result `name`; nothing is done to the device (`replay.readout`).

    `kind` is what the value has to be: "number" has a figure in it (a price, a time), "text" is anything.
    """

    target: Selector
    name: str
    kind: ValueType = "text"


Move: TypeAlias = (
    TapOn | DoubleTapOn | LongPressOn | SetSwitch | TypeInto | KeyIn | ScrollIn | ReadOut | PressKey | OpenApp
)

_MOVES: dict[str, type] = {
    "tap": TapOn,
    "double_tap": DoubleTapOn,
    "long_press": LongPressOn,
    "set_switch": SetSwitch,
    "input_text": TypeInto,
    "key_in": KeyIn,
    "scroll": ScrollIn,
    "read": ReadOut,
    "press_key": PressKey,
    "open_app": OpenApp,
}
_CHECKS: dict[str, type] = {
    "app_is": AppIs,
    "page_is": PageIs,
    "shown": Shown,
    "gone": Gone,
    "says": Says,
    "switch_is": SwitchIs,
    "changed": Changed,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One remembered action. `says` describes it to a person and may name slots."""

    id: str
    says: str
    move: Move
    before: tuple[Check, ...] = ()
    after: tuple[Check, ...] = ()
    side_effect: SideEffect = "reversible"
    revision: int = 1

    @property
    def target(self) -> Selector | None:
        """What it acts on; None where it needs no element."""
        return getattr(self.move, "target", None)

    @property
    def for_good(self) -> bool:
        """Whether what it does cannot be undone."""
        return self.side_effect == "irreversible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Steps in order. `slots` are the names whose values must be given; `task` is the phrasing they came from."""

    id: str
    name: str
    task: str
    steps: tuple[Step, ...]
    slots: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.steps:
            raise RecipeInvalid(f"recipe {self.name!r} has no steps")
        ids = [step.id for step in self.steps]
        if doubled := {i for i in ids if ids.count(i) > 1}:
            raise RecipeInvalid(f"recipe {self.name!r}: step ids must differ; {', '.join(sorted(doubled))} does not")
        for step in self.steps:
            if unknown := _slots_of_step(step) - set(self.slots):
                named = ", ".join(sorted(unknown))
                raise RecipeInvalid(f"recipe {self.name!r}, step {step.id!r} names {named}, which is no slot of it")
        read = self.results
        if len(set(read)) < len(read) or set(read) & set(self.slots):
            raise RecipeInvalid(f"recipe {self.name!r}: a result needs a name of its own: {', '.join(read)}")

    @property
    def results(self) -> tuple[str, ...]:
        """The names of what its steps read off the screen, in order."""
        return tuple(step.move.name for step in self.steps if isinstance(step.move, ReadOut))

    @property
    def for_good(self) -> bool:
        """Whether any of its steps does what cannot be undone."""
        return any(step.for_good for step in self.steps)

    def require(self, values: Mapping[str, str]) -> None:
        """Makes sure every slot has a value.

        Raises:
            SlotMissing: names the slots without one.
        """
        if missing := {slot for slot in self.slots if not values.get(slot)}:
            raise SlotMissing(self.name, missing)


def to_data(recipe: Recipe) -> dict[str, Any]:
    """The recipe as plain JSON data."""
    return {
        "recipe": RECIPE_VERSION,
        "id": recipe.id,
        "name": recipe.name,
        "task": recipe.task,
        "slots": list(recipe.slots),
        "steps": [step_to_data(step) for step in recipe.steps],
    }


def from_data(data: Any) -> Recipe:
    """Reads what `to_data` wrote.

    Raises:
        RecipeInvalid: another version, or something that does not fit; the message names the step.
    """
    if not isinstance(data, dict) or data.get("recipe") != RECIPE_VERSION:
        said = data.get("recipe") if isinstance(data, dict) else type(data).__name__
        raise RecipeInvalid(f"this is no recipe of version {RECIPE_VERSION} but {said!r}")
    try:
        return Recipe(
            id=str(data["id"]),
            name=str(data["name"]),
            task=str(data["task"]),
            slots=tuple(map(str, data["slots"])),
            steps=tuple(step_from_data(step) for step in data["steps"]),
        )
    except (KeyError, TypeError) as error:
        raise RecipeInvalid(f"the recipe lacks or garbles {error}") from error


def step_to_data(step: Step) -> dict[str, Any]:
    """The step as plain JSON data, as it stands in a recipe."""
    return {
        "id": step.id,
        "revision": step.revision,
        "says": step.says,
        "move": _tagged(step.move, _MOVES),
        "before": [_tagged(check, _CHECKS) for check in step.before],
        "after": [_tagged(check, _CHECKS) for check in step.after],
        "side_effect": step.side_effect,
    }


def step_from_data(data: Any) -> Step:
    """Reads what `step_to_data` wrote.

    Raises:
        RecipeInvalid: something does not fit; the message names the step.
    """
    name = data.get("id", "?") if isinstance(data, dict) else "?"
    try:
        if data["side_effect"] not in ("read", "reversible", "irreversible"):
            raise ValueError(f"side effect {data['side_effect']!r}")
        return Step(
            id=str(data["id"]),
            revision=int(data["revision"]),
            says=str(data["says"]),
            move=_untagged(data["move"], _MOVES),
            before=tuple(_untagged(check, _CHECKS) for check in data["before"]),
            after=tuple(_untagged(check, _CHECKS) for check in data["after"]),
            side_effect=data["side_effect"],
        )
    except (KeyError, TypeError, ValueError, AttributeError, SelectorError) as error:
        raise RecipeInvalid(f"step {name!r}: {error}") from error


def _tagged(value: Any, kinds: Mapping[str, type]) -> dict[str, Any]:
    tag = next(tag for tag, kind in kinds.items() if kind is type(value))
    fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return {"is": tag, **{name: _plain(part) for name, part in fields.items()}}


def _plain(part: Any) -> Any:
    if isinstance(part, Selector | ScreenIdentity):
        return part.to_data()
    return list(part) if isinstance(part, tuple) else part


def _untagged(data: Mapping[str, Any], kinds: Mapping[str, type]) -> Any:
    fields = dict(data)
    tag = fields.pop("is")
    if tag not in kinds:
        raise ValueError(f"{tag!r} is none of {', '.join(kinds)}")
    if isinstance(fields.get("target"), Mapping):
        fields["target"] = Selector.from_data(fields["target"])
    if "page" in fields:
        fields["page"] = ScreenIdentity.from_data(fields["page"])
    if "blank" in fields and tag == "input_text":
        fields["blank"] = tuple(map(str, fields["blank"]))
    return kinds[tag](**fields)


def slots_of(part: Move | Check) -> set[str]:
    """The slots a move or a check names."""
    target = getattr(part, "target", None)
    found = set(target.slots) if isinstance(target, Selector) else set()
    text = getattr(part, "text", None)
    return found | set(slots_in(text)) if isinstance(text, str) else found


def _slots_of_step(step: Step) -> set[str]:
    return set(slots_in(step.says)).union(*(slots_of(part) for part in (step.move, *step.before, *step.after)))


def same_step(one: Step, other: Step) -> bool:
    """Whether two recordings are of one step: the same done to the same element of the same page, with the same checks.

    Where things stand, how they are laid out and what else the page says may differ; ids and revisions do not count.
    """
    return (
        (one.says, one.side_effect) == (other.says, other.side_effect)
        and _same_part(one.move, other.move)
        and _same_checks(one.before, other.before)
        and _same_checks(one.after, other.after)
    )


def _same_checks(some: tuple[Check, ...], others: tuple[Check, ...]) -> bool:
    return len(some) == len(others) and all(map(_same_part, some, others))


def _same_part(one: Move | Check, other: Move | Check) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, TypeInto) and isinstance(other, TypeInto) and one.blank and other.blank:
        other = dataclasses.replace(other, blank=one.blank)  # both begin a form; how much of it was left does not count
    pairs = ((getattr(one, field.name), getattr(other, field.name)) for field in dataclasses.fields(one))
    return all(_same_piece(piece, twin) for piece, twin in pairs)


def _same_piece(one: object, other: object) -> bool:
    if isinstance(one, Selector) and isinstance(other, Selector):
        return _names(one) == _names(other) and same_page(one.page, other.page)
    if isinstance(one, ScreenIdentity) and isinstance(other, ScreenIdentity):
        return same_page(one, other)
    if isinstance(one, float) and isinstance(other, float):
        return True  # how long a finger rested
    return one == other


def _names(target: Selector) -> tuple[object, ...]:
    """The evidence that names an element; what stands beside a slot belongs to the value that stood there."""
    around = () if target.slots else (target.label, target.row)
    rank = target.twin if target.twins > 1 else 0
    return (
        target.name, target.text, target.description, target.hint, target.resource_id, target.cls, target.role,
        target.flow, rank, *around,
    )  # fmt: skip
