"""Mending a step while it is replayed: its target or its page found again on a screen that the strict way refuses.

The player asks `Healer.mend` only after the strict way has failed for as long as it waits anyway, and with the screen
at rest. What comes back is the step as it would have been recorded on the screen of now: from then on the strict code
plays it, and proves it, as any other. So healing adds one decision and no second way to act.

What was recorded is the complete screen (`Recorded`), from the demonstration or from an earlier repair. A step whose
recorded screen is missing, or does not show its target, is not healed.
Pure: no device, no clock, no file; recorded screens come through a callable that is called when first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from perception.healing import Healed, Unhealed, heal, means_same, page_now
from perception.identity import identity, same_page
from perception.locate import Found, locate
from perception.screen import Screen
from perception.selector import Selector, make_selector
from perception.words import normal, plain, slots_in, template
from replay.checks import Check, Gone, PageIs, Says, Shown, SwitchIs, judge
from replay.recipe import Recipe, Step

Part: TypeAlias = Literal["target", "before", "after"]
NEARER_MIN: Final = 0.1  # of the page: how much more the page after a step has to be matched than the one before it


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a step was recorded with: the complete screens before and after it, and the values of that run."""

    before: Screen | None
    after: Screen | None
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mended:
    """A step that was found again. `step` is the step as it is now; `part` what of it had failed.

    `element` is the target's index on the screen of now, None where only a page was found again; `by`, `page` and
    `reasons` are the evidence, old beside new, as `perception.healing` gives it.
    """

    index: int
    step: Step
    part: Part
    element: int | None
    by: tuple[str, ...]
    page: float
    reasons: tuple[tuple[str, str, str, str], ...]
    says: str

    def to_data(self) -> dict[str, Any]:
        """As plain JSON data, without the step: it follows from the screen and the element."""
        return {
            "index": self.index,
            "step_id": self.step.id,
            "part": self.part,
            "element": self.element,
            "by": list(self.by),
            "page": round(self.page, 3),
            "evidence": [list(reason) for reason in self.reasons],
        }


class Healer:
    """Mends steps of one recipe. `recorded` gives what each step was recorded with, by step id."""

    def __init__(self, recorded: Callable[[], Mapping[str, Recorded]]) -> None:
        self._load = recorded
        self._recorded: Mapping[str, Recorded] | None = None
        self._renamed: dict[str, str] = {}  # what targets were called -> what they are called now

    def mend(self, recipe: Recipe, index: int, part: Part, screen: Screen, values: Mapping[str, str]) -> Mended | str:
        """The step as it is on this screen, or in words why it cannot be told."""
        if self._recorded is None:
            self._recorded = self._load()
        step = recipe.steps[index]
        recorded = self._recorded.get(step.id)
        if recorded is None:
            return "the screen it was recorded on was not kept"
        case = _Case(step, index, recorded, screen, values, self._renamed)
        if part != "target":
            return case.checks(part)
        mended = case.target()
        if isinstance(mended, Mended) and step.target is not None and mended.step.target is not None:
            self._renamed[step.target.name] = mended.step.target.name
        return mended


@dataclass(frozen=True, slots=True)
class _Case:
    """One step to be mended on one screen."""

    step: Step
    index: int
    recorded: Recorded
    screen: Screen
    values: Mapping[str, str]
    renamed: Mapping[str, str]

    def target(self) -> Mended | str:
        step, then = self.step, self.recorded.before
        if step.target is None or then is None:
            return "the screen it was recorded on was not kept"
        answer = found_again(step.target, then, self.recorded.values, self.screen, self.values)
        if isinstance(answer, str):
            return answer
        healed, selector = answer
        reasons = tuple((r.piece, str(r.verdict), r.wanted, r.found) for r in healed.reasons)
        mended = with_target(step, step.target, selector)
        return Mended(self.index, mended, "target", healed.element.index, healed.by, healed.page, reasons, healed.says)

    def checks(self, part: Literal["before", "after"]) -> Mended | str:
        """The step with the checks that fail on this screen made anew, where its page is shown to be the same."""
        step = self.step
        checks = step.before if part == "before" else step.after
        then = self.recorded.before if part == "before" else self.recorded.after
        if then is None:
            return "the screen it was recorded with was not kept"
        if part == "after" and (refused := _not_led_on(self.recorded, self.screen)):
            return refused
        world = page_now(then, self.screen)
        if world.why_not:
            return world.why_not
        made: list[Check] = []
        for check in checks:
            anew = check if judge(check, self.screen, self.values).holds else self._anew(check, then)
            if isinstance(anew, str):
                return anew
            made.append(anew)
        if tuple(made) == checks:
            return "its checks hold as they are"
        mended = replace(step, before=tuple(made)) if part == "before" else replace(step, after=tuple(made))
        says = f"the page was found again: {world.page:.0%} of it can be matched"
        return Mended(self.index, mended, part, None, ("structure",), world.page, (), says)

    def _anew(self, check: Check, then: Screen) -> Check | str:
        """A check that fails on a page that is the same: made anew there, where nothing has to be guessed for it."""
        match check:
            case PageIs(page):
                if not same_page(page, identity(then)):
                    return "the recorded screen is another page than the one that is checked for"
                return PageIs(identity(self.screen))
            case Says():
                return self._said_otherwise(check)
            case Shown(target) | SwitchIs(target, _):
                answer = found_again(target, then, self.recorded.values, self.screen, self.values)
                return answer if isinstance(answer, str) else replace(check, target=answer[1])
            case _:
                return self._does_not_hold(check)

    def _said_otherwise(self, check: Says) -> Check | str:
        """What was tapped is called otherwise now, and so is the page it leads to.

        The new name, or a word for the same, has to be said there by one thing. What a slot stands for is never said
        otherwise.
        """
        if slots_in(check.text):
            return self._does_not_hold(check)
        old, new = plain(check.text), self.renamed.get(check.text)
        sayers = [
            one
            for one in self.screen.visible_elements()
            if (said := one.text or one.description) and not one.editable
            if (new is not None and normal(said) == normal(plain(new))) or means_same(said, old)
        ]
        if len(sayers) != 1:
            return self._does_not_hold(check)
        return Says(template(sayers[0].text or sayers[0].description, {}), sayers[0].entry, check.whole)

    def _does_not_hold(self, check: Check) -> str:
        return f"{type(check).__name__} does not hold: {judge(check, self.screen, self.values).says}"


def found_again(
    target: Selector, then: Screen, then_values: Mapping[str, str], now: Screen, values: Mapping[str, str]
) -> tuple[Healed, Selector] | str:
    """The target on the screen of now and its selector made anew there; or in words why it cannot be told.

    The new selector has to find it the strict way, and to hold the same slots.
    """
    if missing := [slot for slot in target.slots if not then_values.get(slot)]:
        return f"it is not known what {', '.join(missing)} stood for when it was recorded"
    old = locate(then, target.fill(then_values))
    if not isinstance(old, Found):
        return "the screen it was recorded on does not show it"
    answer = heal(then, old.element, now, selector=target.fill(values))
    if isinstance(answer, Unhealed):
        return answer.why
    selector = make_selector(now, answer.element, {slot: values[slot] for slot in target.slots})
    if set(selector.slots) != set(target.slots):
        return "not all that a slot stands for is said by it"
    anew = locate(now, selector.fill(values))
    if not isinstance(anew, Found) or anew.element.index != answer.element.index:
        return "it cannot be told from others on this screen the strict way"
    return answer, selector


def with_target(step: Step, old: Selector, new: Selector) -> Step:
    """The step with a target in place of another, in its move and wherever its checks name it."""
    return replace(
        step,
        move=replace(step.move, target=new),  # type: ignore[arg-type]  # only of moves that have one
        before=tuple(_retargeted(check, old, new) for check in step.before),
        after=tuple(_retargeted(check, old, new) for check in step.after),
    )


def with_step(recipe: Recipe, index: int, step: Step) -> Recipe:
    """The recipe with one step in place of another."""
    return replace(recipe, steps=(*recipe.steps[:index], step, *recipe.steps[index + 1 :]))


def _retargeted(check: Check, old: Selector, new: Selector) -> Check:
    if isinstance(check, Shown | Gone | SwitchIs) and check.target == old:
        return replace(check, target=new)
    return check


def _not_led_on(recorded: Recorded, screen: Screen) -> str:
    """Why this is rather the page before the step than the one after it; "" if it is not."""
    if recorded.before is None or recorded.after is None:
        return ""
    if same_page(identity(recorded.before), identity(recorded.after)):
        return ""
    before, after = page_now(recorded.before, screen).page, page_now(recorded.after, screen).page
    return "" if after >= before + NEARER_MIN else "it looks as much like the page before the step"
