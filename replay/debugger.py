"""The debugger: a command language over a replay, one step at a time. `HELP` lists the commands.

The debugger decides nothing about screens: it tells a `Stage` to play from one step to another - the same player and
runner as any run, on a device or on recorded screens - and keeps where it is, what was edited, and which irreversible
steps were done. A line goes in, lines come out; no terminal, clock or file. Going back in the record undoes nothing on
the phone, and an irreversible step that was done is not done again unless the owner says `again`.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from device.actions import OpenApp, PressKey
from perception.element import Element
from perception.errors import PerceptionError
from perception.locate import Ambiguous, Found, NotFound
from perception.screen import Screen
from perception.selector import Selector, make_selector
from perception.words import normal
from replay.checks import judge
from replay.commands import Divergence, Progress
from replay.divergence import parting_of
from replay.explain import candidate_to_data, explain
from replay.progress import check_says
from replay.readout import located
from replay.recipe import KeyIn, ReadOut, Recipe, Step
from replay.slots import fill
from replay.trace import Trace

HELP: Final = """\
next [COUNT]          play this step (or so many)          n
continue [STEP]       play on, up to before that step       c
break [STEP]          stop before a step; without one, list  b
back [COUNT]          go back in the record; undoes nothing on the phone
goto STEP             go to a step without playing
skip                  leave this step out                    s
again                 allow an irreversible step that was done to be asked about again
locate                find this step's target on the screen now   l
checks                judge this step's checks on the screen now
screen                what the screen says now
edit PIECE TEXT       edit the target's evidence: name text description hint near resource_id cls
pick TEXT             make what says TEXT on the screen now this step's target
set SLOT VALUE        another value for a slot
where, list           this step; all steps                   w
save                  keep the edited recipe as a new version
help, quit            q"""
EDITABLE: Final = ("name", "text", "description", "hint", "near", "resource_id", "cls")
STOPPED: Final = "stopped by the owner; the session is over"
_SHORT: Final = {"n": "next", "c": "continue", "b": "break", "s": "skip", "l": "locate", "w": "where", "q": "quit"}


@dataclass(frozen=True, slots=True)
class Played:
    """What playing came to. `index` is the step that would be next. `divergence` is set where it could not go on."""

    index: int
    progress: tuple[Progress, ...]
    says: str
    went_on: bool
    divergence: Divergence | None = None
    in_doubt: bool = False  # the device was lost; the step may have been done


class Stage(Protocol):
    """Where steps are played."""

    def play(self, recipe: Recipe, values: Mapping[str, str], start: int, end: int) -> Played:
        """Plays the steps from `start` up to before `end` (from 0), until one cannot be done."""
        ...

    def look(self) -> Screen:
        """The screen as it is now."""
        ...

    def place(self, index: int) -> None:
        """The debugger stands before this step now, without having played to it."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command came to. `failed`: it could not be done, or playing stopped."""

    says: tuple[str, ...]
    failed: bool = False
    quit: bool = False


@dataclass(slots=True)
class Debugger:
    """One session. Feed lines to `do`.

    Args:
        taught: the demonstration, to show expected beside seen.
        keep: saves an edited recipe and says what it is called now; None where it cannot be kept.
        shown: the only values that can be played, because recorded screens show no others; None: any.
        stopped: whether the owner has said that all is to stop; asked before each command. Then the session is over.
    """

    recipe: Recipe
    values: dict[str, str]
    stage: Stage
    taught: Trace | None = None
    keep: Callable[[Recipe], str] | None = None
    shown: Mapping[str, str] | None = None
    stopped: Callable[[], bool] = lambda: False
    index: int = 0
    breaks: set[int] = field(default_factory=set)
    edited: set[int] = field(default_factory=set)
    _sent: set[str] = field(default_factory=set)  # ids of irreversible steps that were done, or may have been
    failed: Played | None = None

    def do(self, line: str) -> Reply:
        """Does one command. A blank line or a `#` comment does nothing."""
        try:
            words = shlex.split(line, comments=True)
        except ValueError as error:
            return Reply((f"this line cannot be read: {error}",), failed=True)
        if self.stopped():
            return Reply((STOPPED,), failed=True, quit=True)
        if not words:
            return Reply(())
        name, given = _SHORT.get(words[0], words[0]), words[1:]
        act = getattr(self, f"_do_{name}", None)
        if act is None:
            return Reply((f"there is no command {words[0]!r}; `help` lists them",), failed=True)
        try:
            reply: Reply = act(given)
        except _Misused as error:
            return Reply((str(error),), failed=True)
        except PerceptionError as error:
            return Reply((error.cause,), failed=True)
        return reply

    @property
    def at_end(self) -> bool:
        """Whether every step is behind."""
        return self.index >= len(self.recipe.steps)

    def prompt(self) -> str:
        """Where it stands, in a line."""
        if self.at_end:
            return f"at the end of {len(self.recipe.steps)} steps"
        return f"{self.index + 1}/{len(self.recipe.steps)}  {self._says(self._step())}"

    # -- playing

    def _do_next(self, given: list[str]) -> Reply:
        return self._play(min(self.index + _number(given, 1), len(self.recipe.steps)))

    def _do_continue(self, given: list[str]) -> Reply:
        if given:
            return self._play(self._index(given))
        end = min((at for at in self.breaks if at > self.index), default=len(self.recipe.steps))
        return self._play(end)

    def _play(self, end: int) -> Reply:
        if self.at_end:
            return Reply((self.prompt(),), failed=True)
        twice = next((one for one in self.recipe.steps[self.index : end] if one.id in self._sent), None)
        if twice is not None:
            says = f"{self._says(twice)!r} was done in this session and cannot be undone: `skip` it, or say `again`"
            return Reply((says,), failed=True)
        played = self.stage.play(self.recipe, self.values, self.index, end)
        lines = [f"{one.result:8} {one.index + 1:>3}  {one.says}  {'; '.join(one.reasons)}" for one in played.progress]
        self._remember(played)
        self.index = played.index
        self.failed = None if played.went_on else played
        if played.went_on:
            return Reply((*lines, f"-> {self.prompt()}"))
        if self.stopped():
            return Reply((*lines, played.says), failed=True, quit=True)
        if played.divergence is not None:
            says = self._says(played.divergence.step)
            lines.append(parting_of(played.divergence, says, self.taught).to_text())
        else:
            lines.append(played.says)
        return Reply(tuple(lines), failed=True)

    def _remember(self, played: Played) -> None:
        done = {one.step.id for one in played.progress if one.result == "done"}
        diverged = played.divergence
        if diverged is not None and diverged.expected == "after":
            done.add(diverged.step.id)  # it was sent
        elif not played.went_on and diverged is None and played.in_doubt:
            done.add(self.recipe.steps[played.index].id)
        self._sent |= {one.id for one in self.recipe.steps if one.id in done and one.for_good}

    # -- moving

    def _do_back(self, given: list[str]) -> Reply:
        return self._move(max(0, self.index - _number(given, 1)))

    def _do_goto(self, given: list[str]) -> Reply:
        return self._move(self._index(given))

    def _do_skip(self, given: list[str]) -> Reply:
        if self.at_end:
            return Reply((self.prompt(),), failed=True)
        return self._move(self.index + 1, f"left out: {self._says(self._step())}")

    def _do_again(self, given: list[str]) -> Reply:
        step = self._step()
        self._sent.discard(step.id)
        return Reply((f"{self._says(step)!r} will be asked about anew",))

    def _do_break(self, given: list[str]) -> Reply:
        if given:
            self.breaks ^= {self._index(given)}
        return Reply((f"breaks before {', '.join(str(at + 1) for at in sorted(self.breaks)) or 'no step'}",))

    def _move(self, index: int, *says: str) -> Reply:
        self.index = index
        self.failed = None
        self.stage.place(index)
        return Reply((*says, f"-> {self.prompt()}"))

    # -- looking

    def _do_where(self, given: list[str]) -> Reply:
        if self.at_end:
            return Reply((self.prompt(),))
        step = self._step()
        lines = [self.prompt(), f"  side effect  {step.side_effect}"]
        lines += [f"  {name:12} {said}" for name, said in _evidence(step.target) if said]
        for when, checks in (("before", step.before), ("after", step.after)):
            lines += [f"  {when:12} {check_says(check, self.values)}" for check in checks]
        return Reply(tuple(lines))

    def _do_list(self, given: list[str]) -> Reply:
        lines = []
        for number, step in enumerate(self.recipe.steps):
            sign = ">" if number == self.index else "*" if number in self.breaks else " "
            edited = "  (edited)" if number in self.edited else ""
            lines.append(f"{sign} {number + 1:>3}  {self._says(step)}{edited}")
        return Reply(tuple(lines))

    def _do_screen(self, given: list[str]) -> Reply:
        screen = self.stage.look()
        lines = [f"{screen.package} {screen.activity}"]
        shown = (one for one in screen.visible_elements() if one.text or one.description)
        lines += [f"  {one.short_cls:14} {_said(one)!r} {one.entry}" for one in shown]
        return Reply(tuple(lines))

    def _do_locate(self, given: list[str]) -> Reply:
        answer = located(self._step(), self.stage.look(), self.values)
        match answer:
            case None:
                raise _Misused("this step has no target")
            case Found(element=element, score=score, reasons=reasons):
                lines = [f"found {_said(element)!r} at {tuple(element.bounds)}, score {score:.2f}"]
                lines += [f"  {one.verdict:8} {one.piece}: {one.wanted!r}, found {one.found!r}" for one in reasons]
                return Reply(tuple(lines))
            case Ambiguous() | NotFound():
                lines = [explain(answer)]
                closest = answer.closest if isinstance(answer, NotFound) else None
                rows = [] if closest is None else candidate_to_data(closest)["evidence"]
                lines += [f"  {verdict:8} {piece}: {want!r}, found {found!r}" for piece, verdict, want, found in rows]
                return Reply(tuple(lines), failed=True)

    def _do_checks(self, given: list[str]) -> Reply:
        step, screen = self._step(), self.stage.look()
        lines = []
        for when, checks in (("before", step.before), ("after", step.after)):
            for check in checks:
                verdict = judge(check, screen, self.values)
                says = f"{when}: {check_says(check, self.values)} ({verdict.says})"
                lines.append(f"{'holds' if verdict.holds else 'fails'}  {says}")
        return Reply(tuple(lines) or ("this step has no checks",))

    # -- editing

    def _do_edit(self, given: list[str]) -> Reply:
        if len(given) != 2 or given[0] not in EDITABLE:
            raise _Misused(f"edit PIECE TEXT, where PIECE is one of {', '.join(EDITABLE)}")
        target = self._target()
        was = getattr(target, given[0])
        self._retarget(replace(target, **{given[0]: given[1]}))  # type: ignore[arg-type]
        return Reply((f"{given[0]}: {was!r} -> {given[1]!r}",))

    def _do_pick(self, given: list[str]) -> Reply:
        screen, wanted = self.stage.look(), normal(" ".join(given))
        if not wanted:
            raise _Misused("pick TEXT, as the screen says it")
        shown = screen.visible_elements()
        said = [one for one in shown if wanted in map(normal, (one.text, one.description, one.hint))]
        fits = list({one.index: one for one in (_touchable(screen, one) for one in said)}.values())
        if len(fits) != 1:
            raise _Misused(f"{len(fits)} elements say that; pick one by words it alone says")
        self._target()
        self._retarget(make_selector(screen, fits[0], self.values))
        return Reply((f"the target is now {_said(fits[0])!r} at {tuple(fits[0].bounds)}",))

    def _do_set(self, given: list[str]) -> Reply:
        if len(given) < 2 or given[0] not in self.recipe.slots:
            slots = ", ".join(self.recipe.slots) or "(this recipe has none)"
            raise _Misused(f"set SLOT VALUE, where SLOT is one of {slots}")
        value = " ".join(given[1:])
        if self.shown is not None and self.shown.get(given[0]) != value:
            said = self.shown.get(given[0], "")
            says = f"the recorded screens only show {given[0]} = {said!r}; on a phone another value can be set"
            return Reply((says,), failed=True)
        self.values[given[0]] = value
        return Reply((f"{given[0]} = {self.values[given[0]]!r}",))

    def _do_save(self, given: list[str]) -> Reply:
        if not self.edited:
            return Reply(("nothing was edited",))
        if self.keep is None:
            return Reply(("this recipe is not in the library, so there is nowhere to keep it",), failed=True)
        said = self.keep(self.recipe)
        self.edited.clear()
        return Reply((said,))

    def _do_help(self, given: list[str]) -> Reply:
        return Reply(tuple(HELP.split("\n")))

    def _do_quit(self, given: list[str]) -> Reply:
        left = f"; {len(self.edited)} edited steps were not kept" if self.edited else ""
        return Reply((f"left at {self.prompt()}{left}",), quit=True)

    # -- parts

    def _retarget(self, target: Selector) -> None:
        step = self._step()
        assert not isinstance(step.move, PressKey | OpenApp | KeyIn), "only what has a target is given another"
        if isinstance(step.move, ReadOut):
            raise _Misused("what a step reads is found by all but its text, which is not picked here: teach it anew")
        move = replace(step.move, target=target)
        steps = list(self.recipe.steps)
        steps[self.index] = replace(step, move=move, revision=step.revision + (self.index not in self.edited))
        self.recipe = replace(self.recipe, steps=tuple(steps))
        self.edited.add(self.index)

    def _step(self) -> Step:
        if self.at_end:
            raise _Misused(self.prompt())
        return self.recipe.steps[self.index]

    def _target(self) -> Selector:
        target = self._step().target
        if target is None:
            raise _Misused("this step has no target")
        return target

    def _says(self, step: Step) -> str:
        try:
            return fill(step.says, self.values)
        except PerceptionError:
            return step.says

    def _index(self, given: list[str]) -> int:
        number = _number(given, 0)
        if not 1 <= number <= len(self.recipe.steps):
            raise _Misused(f"a step from 1 to {len(self.recipe.steps)}")
        return number - 1


class _Misused(Exception):
    """A command was given what it cannot use; says what it takes."""


def _number(given: list[str], otherwise: int) -> int:
    if not given:
        return otherwise
    if len(given) != 1 or not given[0].isascii() or not given[0].isdigit():
        raise _Misused(f"a number, not {' '.join(given)!r}")
    return int(given[0])


def _touchable(screen: Screen, one: Element) -> Element:
    """Of a label in something that takes touches, that thing."""
    if one.clickable or one.editable:
        return one
    return next((above for above in screen.ancestors(one) if above.clickable), one)


def _said(one: Element) -> str:
    return one.description if one.password else one.text or one.description or one.hint or one.entry or one.short_cls


def _evidence(target: Selector | None) -> tuple[tuple[str, str], ...]:
    if target is None:
        return ()
    return tuple((name, str(getattr(target, name))) for name in EDITABLE)
