"""Mending a step while it is replayed: its target or its page found again on a screen that the strict way refuses.

The player asks `Healer.mend` only after the strict way has failed for as long as it waits anyway, and with the screen
at rest. What comes back is the step as it would have been recorded on the screen of now: from then on the strict code
plays it, and proves it, as any other. So healing adds one decision and no second way to act.

What was recorded is the complete screen (`Recorded`), from the demonstration or from an earlier repair. A step whose
recorded screen is missing, or does not show its target, is not healed.
What the tree does not tell, a picture may (`replay.seeing`), if the step was recorded with one and the healer was given
eyes. Where the tree is silent the target is a place on that picture: a `point`, good for this one moment and no repair.
Pure but for the eyes: no device, no clock, no file; recorded screens come through a callable, called when first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from device.actions import Point
from device.protocol import Picture
from perception.element import Element
from perception.healing import Healed, Unhealed, heal, means_same, page_now
from perception.identity import identity, same_page
from perception.locate import Found, locate
from perception.screen import Screen
from perception.selector import Selector, make_selector
from perception.words import normal, plain, slots_in, template
from replay.checks import Check, Gone, PageIs, Says, Shown, SwitchIs, judge
from replay.recipe import DoubleTapOn, LongPressOn, Recipe, Step, TapOn
from replay.seeing import Eyes, Look

Part: TypeAlias = Literal["target", "before", "after"]
NEARER_MIN: Final = 0.1  # of the page: how much more the page after a step has to be matched than the one before it


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a step was recorded with: the complete screens before and after it, and the values of that run.

    `picture` is what the screen before it looked like, PNG or JPEG; empty where no picture was kept.
    """

    before: Screen | None
    after: Screen | None
    values: Mapping[str, str]
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Mended:
    """A step that was found again. `step` is the step as it is now; `part` what of it had failed.

    `element` is the target's index on the screen of now, None where only a page was found again; `by`, `page` and
    `reasons` are the evidence, old beside new, as `perception.healing` gives it. `picture` is what was looked at, if it
    was. `point` is where the target was seen on it, where no element stands. Not `lasting`: only true of this picture;
    there is nothing to write back.
    """

    index: int
    step: Step
    part: Part
    element: int | None
    by: tuple[str, ...]
    page: float
    reasons: tuple[tuple[str, str, str, str], ...]
    says: str
    point: Point | None = None
    picture: Picture | None = None
    lasting: bool = True

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
            "point": None if self.point is None else [self.point.x_px, self.point.y_px],
            "lasting": self.lasting,
        }


class Healer:
    """Mends steps of one recipe.

    Args:
        recorded: gives what each step was recorded with, by step id.
        eyes: looks at the phone where the tree does not tell; None: no picture is ever taken.
    """

    def __init__(self, recorded: Callable[[], Mapping[str, Recorded]], eyes: Eyes | None = None) -> None:
        self._load = recorded
        self._eyes = eyes
        self._recorded: Mapping[str, Recorded] | None = None
        self._renamed: dict[str, str] = {}  # what targets were called -> what they are called now

    def mend(
        self, recipe: Recipe, index: int, part: Part, screen: Screen, values: Mapping[str, str], *, look: bool = True
    ) -> Mended | str:
        """The step as it is on this screen, or in words why it cannot be told.

        Args:
            look: a picture may be taken, if the tree does not tell.

        Raises:
            Reconnect: the phone was lost while a picture was taken.
        """
        if self._recorded is None:
            self._recorded = self._load()
        step = recipe.steps[index]
        recorded = self._recorded.get(step.id)
        if recorded is None:
            return "the screen it was recorded on was not kept"
        case = _Case(step, index, recorded, screen, values, self._renamed)
        mended = case.target() if part == "target" else case.checks(part)
        if isinstance(mended, str) and look and self._eyes is not None:
            mended = self._looked(mended, case, recipe, part, self._eyes)
        if (
            part == "target"
            and isinstance(mended, Mended)
            and step.target is not None
            and mended.step.target is not None
        ):
            self._renamed[step.target.name] = mended.step.target.name
        return mended

    def _looked(self, why: str, case: _Case, recipe: Recipe, part: Part, eyes: Eyes) -> Mended | str:
        """What a picture tells where the tree did not, for the reason `why`."""
        if part == "target":
            sought = case
        elif part == "after" and case.index + 1 < len(recipe.steps):
            step = recipe.steps[case.index + 1]  # the page is told by what is to be touched on it next
            sought = replace(case, step=step, recorded=(self._recorded or {}).get(step.id, _NOTHING))
        else:
            return why
        if not sought.may_be_seen:
            return why
        look = eyes.look(case.screen)
        if isinstance(look, str):
            return _joined(why, look)
        answer = sought.seen(eyes, look) if part == "target" else case.silent_after(sought.spot(eyes, look))
        return _joined(why, answer) if isinstance(answer, str) else replace(answer, picture=look.taken)


class Mending:
    """A healer and its last answer: while the page stays as it is, it is not asked the same again."""

    def __init__(self, healer: Healer) -> None:
        self._healer = healer
        self._last: tuple[int, Part, int, bool, Mended | str] | None = None

    def told(
        self, recipe: Recipe, index: int, part: Part, screen: Screen, values: Mapping[str, str], *, content: int,
        look: bool,
    ) -> Mended | str:  # fmt: skip
        """As `Healer.mend`; `content` is what is on the screen. Asked anew where a picture may be taken by now."""
        last = self._last
        if last is None or last[:3] != (index, part, content) or (look and not last[3] and isinstance(last[4], str)):
            mended = self._healer.mend(recipe, index, part, screen, values, look=look)
            last = self._last = (index, part, content, look, mended)
        return last[4]

    def done(self) -> None:
        """The answer was used."""
        self._last = None


_NOTHING: Final = Recorded(None, None, {})


def _joined(*why: str) -> str:
    return "; ".join(filter(None, why))


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
        return self._found(step.target, *answer)

    def _found(self, target: Selector, healed: Healed, selector: Selector) -> Mended:
        reasons = tuple((r.piece, str(r.verdict), r.wanted, r.found) for r in healed.reasons)
        mended = with_target(self.step, target, selector)
        return Mended(self.index, mended, "target", healed.element.index, healed.by, healed.page, reasons, healed.says)

    # -- by a picture

    @property
    def may_be_seen(self) -> bool:
        """Whether there is anything a picture could tell: a target, and the screen it was recorded on."""
        return self.step.target is not None and self.recorded.before is not None

    def seen(self, eyes: Eyes, look: Look) -> Mended | str:
        """The target by its look: an element that has it, or a place where the tree is silent."""
        step, then = self.step, self.recorded.before
        assert step.target is not None and then is not None, "asked only where it may be seen"
        old = _recorded_target(step.target, then, self.recorded.values)
        if isinstance(old, str):
            return old
        seen = eyes.element(self.recorded.picture, old, look)
        why = seen if isinstance(seen, str) else ""
        if isinstance(seen, Element):
            answer = found_again(step.target, then, self.recorded.values, self.screen, self.values, seen=seen)
            if not isinstance(answer, str):
                return self._found(step.target, *answer)
            why = f"its look is there, but {answer}"
        spot = self.spot(eyes, look)
        if isinstance(spot, str):
            return why if spot == why else _joined(why, spot)
        says = f"found again by its picture alone, at {spot.x_px}, {spot.y_px} px: no element stands there"
        return Mended(self.index, step, "target", None, ("picture",), 0.0, (), says, point=spot, lasting=False)

    def spot(self, eyes: Eyes, look: Look) -> Point | str:
        """Where the target is seen on a page whose tree is silent."""
        target, then = self.step.target, self.recorded.before
        assert target is not None and then is not None, "asked only where it may be seen"
        if not isinstance(self.step.move, TapOn | DoubleTapOn | LongPressOn):
            return "only a tap can do without an element"
        old = _recorded_target(target, then, self.recorded.values)
        if isinstance(old, str):
            return old
        box = eyes.place(self.recorded.picture, then, old, target.fill(self.values), look)
        if isinstance(box, str):
            return box
        return Point((box.left + box.right - 1) // 2, (box.top + box.bottom - 1) // 2, self.screen.size)

    def silent_after(self, spot: Point | str) -> Mended | str:
        """The step with its page as it is now, silent, where the next step's target is seen on it."""
        if isinstance(spot, str):
            return spot
        here = PageIs(identity(self.screen))
        made = tuple(here if isinstance(check, PageIs) else check for check in self.step.after)
        for check in made:
            if not judge(check, self.screen, self.values).holds:
                return self._does_not_hold(check)
        step = replace(self.step, after=made)
        says = "the page was found again by its picture: what is touched on it next is seen there"
        return Mended(self.index, step, "after", None, ("picture",), 0.0, (), says, lasting=False)

    # -- checks

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
    target: Selector, then: Screen, then_values: Mapping[str, str], now: Screen, values: Mapping[str, str], *,
    seen: Element | None = None,
) -> tuple[Healed, Selector] | str:  # fmt: skip
    """The target on the screen of now and its selector made anew there; or in words why it cannot be told.

    The new selector has to find it the strict way, and to hold the same slots. `seen` is what looks as it did.
    """
    old = _recorded_target(target, then, then_values)
    if isinstance(old, str):
        return old
    answer = heal(then, old, now, selector=target.fill(values), seen=seen)
    if isinstance(answer, Unhealed):
        return answer.why
    selector = make_selector(now, answer.element, {slot: values[slot] for slot in target.slots})
    if set(selector.slots) != set(target.slots):
        return "not all that a slot stands for is said by it"
    anew = locate(now, selector.fill(values))
    if not isinstance(anew, Found) or anew.element.index != answer.element.index:
        return "it cannot be told from others on this screen the strict way"
    return answer, selector


def _recorded_target(target: Selector, then: Screen, then_values: Mapping[str, str]) -> Element | str:
    """The target on the screen it was recorded on; or in words why it is not known."""
    if missing := [slot for slot in target.slots if not then_values.get(slot)]:
        return f"it is not known what {', '.join(missing)} stood for when it was recorded"
    old = locate(then, target.fill(then_values))
    if not isinstance(old, Found):
        return "the screen it was recorded on does not show it"
    return old.element


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
