"""From what was done to a recipe: selectors, slots, checks and side effects of each step, without any model.

What was done comes as a list of `Done`: the screen before, the move with the element it went to, the screen after. Slot
values (`{"contact": "Alice"}`) become slots wherever they stand in the evidence. The checks after a step are what the
next run must see: the page it led to, whatever that says, and what was chosen or typed wherever the page newly says it.
So a page full of another contact's messages passes, and the page of another contact does not. A step that led to
nothing of this and changed the page all the same must change it again (`Changed`): a tap that a phone swallows is not
taken for done, so that a digit is never missing from a number. Pure: no device, no file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from device.actions import Direction, OpenApp, PressKey
from perception.element import Element
from perception.features import features
from perception.identity import identity, same_page
from perception.screen import Screen
from perception.selector import make_selector
from perception.words import contains, normal, template
from replay.blank_fields import blank_beside, was_blank
from replay.checks import AppIs, Changed, Check, PageIs, Says, SwitchIs
from replay.errors import RecipeInvalid
from replay.keypads import is_same_number
from replay.passwords import SECRET
from replay.readout import selector_for, type_of, value_of
from replay.recipe import (
    DoubleTapOn,
    KeyIn,
    LongPressOn,
    Move,
    ReadOut,
    Recipe,
    ScrollIn,
    SetSwitch,
    SideEffect,
    Step,
    TapOn,
    TypeInto,
    slots_of,
)
from replay.scrolling import content
from replay.side_effects import side_effect_of

SEEN_BY_CHANGE: Final = (TapOn, DoubleTapOn, LongPressOn, PressKey)  # what comes of the others is known without a check


@dataclass(frozen=True, slots=True)
class Tapped:
    """The element was tapped; `times` is 2 for a double tap."""

    element: Element
    times: int = 1


@dataclass(frozen=True, slots=True)
class Held:
    """A finger rested on the element for `duration_s` seconds."""

    element: Element
    duration_s: float


@dataclass(frozen=True, slots=True)
class Typed:
    """The whole text the field held in the end."""

    element: Element
    text: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """Keys tapped in a row on a keypad the app draws; `shows` and `blank` as `replay.recipe.KeyIn` has them."""

    text: str
    shows: str
    blank: str = ""


@dataclass(frozen=True, slots=True)
class Scrolled:
    """What lies further in `direction` was brought in, in this container; None is the largest one."""

    direction: Direction
    element: Element | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What the element said was noted as the result `name`; nothing was done to the device."""

    element: Element
    name: str


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done: what was on the screen before, what was done, and what was there once it had settled."""

    before: Screen
    did: Tapped | Held | Typed | Keyed | Scrolled | Noted | PressKey | OpenApp
    after: Screen
    called: str = ""  # what the owner calls an app that was opened


def distill(done: Sequence[Done], *, recipe_id: str, name: str, task: str, values: Mapping[str, str]) -> Recipe:
    """The recipe of a demonstration. `task` are its words; the values that stand in them become slots there too.

    Raises:
        RecipeInvalid: nothing was done; or a value was neither typed, chosen nor keyed in, so that no step would change
            with it and the recipe would do the shown task whatever it is asked for.
    """
    steps: list[Step] = []
    expected: dict[str, str] = {}  # template -> what it stood for: what was chosen or typed so far
    for index, one in enumerate(done, 1):
        move = _move(one, values, [before.did.text for before in done[: index - 1] if isinstance(before.did, Typed)])
        chosen = _chosen(one, move, values)
        expected |= chosen
        step = Step(
            id=f"{recipe_id}-{index:02}",
            says=says_of(one, values),
            move=move,
            before=_before(one, move, first=index == 1),
            after=tuple(_after(one, move, chosen, expected)),
            side_effect=_side_effect(one),
        )
        steps.append(step)
    _refuse_idle(values, steps)
    return Recipe(id=recipe_id, name=name, task=template(task, values), steps=tuple(steps), slots=tuple(values))


def idle_slots(values: Mapping[str, str], steps: Sequence[Step]) -> tuple[str, ...]:
    """The slots that no step's move names."""
    named = set().union(*(slots_of(step.move) for step in steps))
    return tuple(slot for slot in values if slot not in named)


def _refuse_idle(values: Mapping[str, str], steps: Sequence[Step]) -> None:
    if steps and (idle := idle_slots(values, steps)):
        slots = ", ".join(f"{slot}={values[slot]!r}" for slot in idle)
        raise RecipeInvalid(
            f"no step types, keys in or chooses {slots}: with another value it would still do what was shown",
            next_step="Teach it with the value typed or chosen in one go, or leave that slot out.",
        )


def _move(one: Done, values: Mapping[str, str], typed: Sequence[str]) -> Move:
    """`typed`: what was typed before it."""
    match one.did:
        case PressKey() | OpenApp() as action:
            return action
        case Scrolled(direction, element):
            return ScrollIn(direction, None if element is None else make_selector(one.before, element, values))
        case Typed(element, text):
            beside = blank_beside(one.before, element, typed)
            target = make_selector(one.before, element, values)
            return TypeInto(target, template(text, values), was_blank(element), beside)
        case Keyed(text, shows, blank):
            return KeyIn(_keyed(text, values), shows, blank)
        case Noted(element, name):
            return ReadOut(selector_for(one.before, element, values), name, type_of(value_of(element)))
        case Held(element, duration_s):
            return LongPressOn(make_selector(one.before, element, values), duration_s)
        case Tapped(element, times):
            target = make_selector(one.before, element, values)
            if times == 2:
                return DoubleTapOn(target)
            return SetSwitch(target, not element.checked) if element.checkable else TapOn(target)
        case _:
            assert_never(one.did)


def _keyed(text: str, values: Mapping[str, str]) -> str:
    """What was keyed in as a template; the words may write the same number with blanks and dashes."""
    named = next((name for name, value in values.items() if is_same_number(value, text)), "")
    return f"{{{named}}}" if named else template(text, {})


def _chosen(one: Done, move: Move, values: Mapping[str, str]) -> dict[str, str]:
    """What this step chose or typed, as later pages may say it: slots, whole texts, the list item that was tapped."""
    chosen = {f"{{{slot}}}": values[slot] for slot in slots_of(move) if slot in values}
    if isinstance(move, TypeInto) and not move.text.startswith(SECRET):
        assert isinstance(one.did, Typed)
        chosen[move.text] = one.did.text
    if isinstance(move, TapOn | LongPressOn) and not chosen and isinstance(one.did, Tapped | Held):
        derived = features(one.before)
        if derived.in_flow(one.did.element):  # labels of buttons get reworded; what stands in lists is content
            said = spoken(one.before, one.did.element)
            chosen |= {template(said, values): said} if said else {}
    return {text: value for text, value in chosen.items() if normal(value)}


def _before(one: Done, move: Move, *, first: bool) -> tuple[Check, ...]:
    """Keys, those of a keypad too, go to whatever is in front. A target proves its page itself."""
    if isinstance(move, KeyIn):
        return (PageIs(identity(one.before)),)
    if first and isinstance(move, PressKey) and move.key not in ("home", "recent"):
        return (PageIs(identity(one.before)),)
    return ()


def _after(one: Done, move: Move, chosen: Mapping[str, str], expected: Mapping[str, str]) -> list[Check]:
    """What must be seen after the step. What it chose (`chosen`) has to be said by the page it led to, even where the
    list it was chosen from said it in the same way; what was chosen before, only where that is news."""
    checks: list[Check] = []
    if isinstance(move, ReadOut):
        return checks
    if isinstance(move, OpenApp) and one.after.package == move.package:  # else a permission request came up first
        checks.append(AppIs(move.package))
    if isinstance(move, SetSwitch):
        checks.append(SwitchIs(move.target, move.on))
    was_there = isinstance(move, OpenApp) and one.before is one.after  # shown from there on: `replay.opening`
    led_on = not same_page(identity(one.before), identity(one.after))
    if was_there or led_on:
        checks.append(PageIs(identity(one.after)))
    if not isinstance(one.did, Typed | Keyed | Scrolled):  # what a scroll brings into sight depends on the screen
        for text, value in expected.items():
            said = _said_after(value, one, anyway=led_on and text in chosen)
            checks += [Says(text, entry, whole) for entry, whole in said]
    if not checks and isinstance(move, SEEN_BY_CHANGE) and content(one.before) != content(one.after):
        checks.append(Changed())
    return checks


def _said_after(value: str, one: Done, *, anyway: bool) -> list[tuple[str, bool]]:
    """The id of the element that says a value after the step, and whether it says nothing else; without `anyway` only
    where nothing like it said so before.

    At most one: a field last (what stands there is the app's word only where nothing else says it), then one that says
    nothing else (a name, not a mail address with the name in it), then a still one.
    """
    new = _sayers(value, one.after) - (set() if anyway else _sayers(value, one.before))
    return [(entry, not among) for _, among, _, entry in sorted(new)[:1]]


def _sayers(value: str, screen: Screen) -> set[tuple[bool, bool, bool, str]]:
    """Who says a value: whether it is a field, whether among other words, whether it scrolls, and its id."""
    needle = normal(value)
    derived = features(screen)
    return {
        (
            element.editable,
            needle not in (normal(element.text), normal(element.description)),
            derived.in_flow(element),
            element.entry,
        )
        for element in screen.visible_elements()
        if any(contains(normal(text), needle) for text in (element.text, element.description) if text)
    }


def _side_effect(one: Done) -> SideEffect:
    match one.did:
        case Tapped(element) | Held(element):
            derived = features(one.before)
            said = (element.text, element.description, *derived.label(element))
            return side_effect_of(said, entry=element.entry, content=derived.in_flow(element))
        case Scrolled() | Noted():
            return "read"
        case PressKey("enter"):
            return "irreversible" if _leaves_field_empty(one) else "reversible"
        case _:
            return "reversible"


def _leaves_field_empty(one: Done) -> bool:
    """The text is gone from its field: enter has sent it off."""
    full = next((field for field in one.before.elements if field.focused and field.editable), None)
    if full is None or full.text in ("", full.hint):
        return False
    return not any(field.editable and field.text == full.text for field in one.after.elements)


def says_of(one: Done, values: Mapping[str, str] | None = None) -> str:  # noqa: PLR0911
    """What was done in a person's words; slots stand for the values given."""
    values = values or {}
    match one.did:
        case OpenApp(package):
            return f"Open {template(one.called or package, {})}"
        case PressKey(key):
            return f"Press {key}"
        case Scrolled(direction):
            return f"Scroll {direction}"
        case Typed(element, text):
            typed = f"the secret {text.removeprefix(SECRET)}" if text.startswith(SECRET) else f"'{text}'"
            return f"Type {template(typed, values)} into {_name(one.before, element, values)}"
        case Keyed(text):
            return f"Key in '{_keyed(text, values)}'"
        case Noted(_, name):
            return f"Read the {name}"
        case Held(element):
            return f"Hold {_name(one.before, element, values)}"
        case Tapped(element, times):
            name = _name(one.before, element, values)
            if element.checkable:
                return f"Switch {name} {'off' if element.checked else 'on'}"
            return f"{'Double-tap' if times == 2 else 'Tap'} {name}"
        case _:
            assert_never(one.did)


def spoken(screen: Screen, element: Element, values: Mapping[str, str] | None = None) -> str:
    """What an element is called by a person: what it says, what stands in it, or what its list item says.

    Of several texts the one that says a value counts, else the first with more than one character (an avatar's letter
    names nobody).
    """
    own = element.description if element.editable else element.text or element.description
    if own or element.hint:
        return own or element.hint
    around = [element]
    if element.checkable and (item := features(screen).item_of(element)) is not None:
        around.append(item)
    for whole in around:
        said = [text for part in screen.subtree(whole) if part.visible and (text := part.text or part.description)]
        valued = [text for text in said if any(contains(normal(text), normal(v)) for v in (values or {}).values())]
        longer = [text for text in said if len(text) > 1]
        if said:
            return (valued or longer or said)[0]
    return ""


def _name(screen: Screen, element: Element, values: Mapping[str, str]) -> str:
    said = template(spoken(screen, element, values), values)
    return f"'{said}'" if said else template(element.entry.replace("_", " "), {}) or element.short_cls
