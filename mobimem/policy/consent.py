"""The answer to `replay.runner`'s question whether a step may be done: rules, standing and stored yeses, the person.

    Guard                 the owner's rules first; what they leave to the owner is settled by a standing yes, a yes that
                          was given to a stored question, the person who is there - or is stored as a question
    PolicyConsent         a policy alone, without a data folder; also what a Guard takes as "this file answers for me"

Every decision is in the audit log before the step is done.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

from device.actions import OpenApp
from device.clock import Clock
from mobimem.errors import OwnerNeeded
from mobimem.policy.asks import Ask, AskBook
from mobimem.policy.audit import AuditLog
from mobimem.policy.rules import Deed, Policy, Verdict
from mobimem.policy.standing import StandingBook
from replay.commands import Decision, Progress
from replay.recipe import Recipe, Step, step_to_data
from replay.recorder_effect import is_launcher
from replay.runner import Consent, ConsentToChange
from replay.slots import fill

Look: TypeAlias = Callable[[], tuple[str, ...] | None]


class DecidedStep(Protocol):
    """What is known of a step that a model chose. `carried` is what was typed and chosen on the way, by where."""

    @property
    def words(self) -> str:
        """What the model was asked to do, in the owner's words."""
        ...

    @property
    def carried(self) -> Mapping[str, str]:
        """What was typed and chosen on the way, by where."""
        ...


@runtime_checkable
class ConsentToDecided(Protocol):
    """A person who can be shown a step that a model chose."""

    def decide_decided(self, step: Step, says: str, proposal: Any) -> Decision:
        """May this step, which no recipe has, be done? As `Consent.decide`."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """What a run is of: a recipe, or words nobody taught (then there are no steps, and a model chooses each).

    `meant`: memory had to understand the words, or to fill in a value.
    """

    id: str
    name: str
    steps: tuple[Step, ...] = ()
    slots: tuple[str, ...] = ()
    meant: bool = False

    @classmethod
    def of(cls, recipe: Recipe, *, meant: bool = False) -> Work:
        """The run of a recipe."""
        return cls(recipe.id, recipe.name, recipe.steps, recipe.slots, meant)


@dataclass(frozen=True, slots=True)
class Matter:
    """One step that the rules have judged. `more` came with it: what healing changed, what a model was asked."""

    recipe_id: str
    step: Step
    says: str
    deed: Deed
    verdict: Verdict
    more: tuple[str, ...] = ()

    @property
    def lasting(self) -> bool:
        """Whether a standing yes may cover it: it overrules no rule, nor covers what was healed or chosen."""
        return self.verdict.rule is None and not self.more

    @property
    def limited(self) -> bool:
        """Whether amounts decided, which the screen may tell."""
        rule = self.verdict.rule
        return rule is not None and (rule.up_to is not None or rule.above is not None)

    @property
    def key(self) -> str:
        """What a yes covers: the step and its values as they are, and the amounts too where they decided."""
        money = self.deed.money
        amounts = [[amount.words for amount in money.read], list(money.doubtful)] if self.limited else []
        values = sorted(self.deed.values.items())
        return _hashed([self.recipe_id, self.step.id, step_key(self.step), values, amounts, list(self.more)])


@dataclass(frozen=True, slots=True)
class Books:
    """What is written down about consent, in one folder."""

    asks: AskBook
    standing: StandingBook
    audit: AuditLog

    @classmethod
    def of(cls, folder: Path) -> Books:
        """The books kept in a folder; nothing is made before it is needed."""
        return cls(AskBook(folder / "asks"), StandingBook(folder / "standing"), AuditLog(folder))


class PolicyConsent:
    """Answers for one recipe by a policy."""

    def __init__(self, policy: Policy, recipe: Recipe) -> None:
        self.policy, self._work = policy, Work.of(recipe)

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return self.policy.decide(deed_of(self._work, step, values)).answer

    def allows_meaning(self, step: Step, values: Mapping[str, str]) -> bool:
        """Whether the step may be done though memory had to understand the words, or to fill in a value."""
        return self.policy.decide(replace(deed_of(self._work, step, values), meant=True)).answer == "run"


class Guard:
    """Answers for one run.

    Args:
        policy: the owner's rules.
        person: who is asked where the rules leave it to the owner. A `PolicyConsent` is no person: its rules join the
            owner's, and what those do not allow is not asked. A person who answers "ask" is not there.
        run: the run's name, for the record.
        look: the texts on the screen, None if they cannot be read; called only if a rule depends on them.
    """

    def __init__(
        self, policy: Policy, person: Consent, books: Books, work: Work, *, run: str, clock: Clock, look: Look
    ) -> None:
        file = person.policy if isinstance(person, PolicyConsent) else None
        self._policy = policy if file is None else policy.joined(file)
        self._person = None if file is not None else person
        self._books, self._work, self._run, self._clock, self._look = books, work, run, clock, look
        self.asked: list[Ask] = []  # what waits for the owner because of this run

    # -- as `replay.runner` asks

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return self._decide(self._matter(step, says, self._deed(step, values)), _asks(step, says, values))

    def decide_changed(self, step: Step, says: str, changed: str, values: Mapping[str, str]) -> Decision:
        def person(one: Consent) -> Decision:
            return one.decide_changed(step, says, changed, values) if isinstance(one, ConsentToChange) else "ask"

        deed = replace(self._deed(step, values), changed=True)
        return self._decide(self._matter(step, says, deed, (f"the app has changed: {changed}",)), person)

    def decide_decided(self, step: Step, says: str, proposal: DecidedStep) -> Decision:
        def person(one: Consent) -> Decision:
            return one.decide_decided(step, says, proposal) if isinstance(one, ConsentToDecided) else "ask"

        deed = replace(self._deed(step, dict(proposal.carried)), decided=True)
        return self._decide(self._matter(step, says, deed, (f"a model chose it for {proposal.words!r}",)), person)

    # -- before and after

    def before(self, values: Mapping[str, str]) -> None:
        """Makes sure nothing of the recipe is refused, and asks about steps that can be undone and are to be asked.

        Raises:
            OwnerNeeded: a step is refused, or nobody says yes to it; nothing was started.
        """
        for step in self._work.steps:
            matter = self._matter(step, fill(step.says, values), deed_of(self._work, step, values))
            verdict = matter.verdict
            if verdict.answer == "refuse" and verdict.rule is not None:
                self._record(matter, "refuse", "rule")
                raise OwnerNeeded(
                    f"the policy refuses {matter.says!r} of {self._work.name!r} ({verdict.why})",
                    next_step="`mobimem policy show` shows the rules; only you can change them, in that file.",
                )
            if verdict.answer == "ask" and not step.for_good:
                answer = self._settle(matter, _asks(step, matter.says, values))
                if answer == "ask":
                    raise self.waits()
                if answer == "refuse":
                    raise OwnerNeeded(f"you did not allow {matter.says!r}", next_step="Nothing was started.")

    def before_nobody(self, values: Mapping[str, str]) -> None:
        """Makes sure nobody will have to be asked, as far as that is known before the screens are; stores what will.

        Raises:
            OwnerNeeded: somebody will; the questions are stored, and nothing was started.
        """
        self.before(values)
        for step in self._work.steps:
            if not step.for_good:
                continue
            matter = self._matter(step, fill(step.says, values), deed_of(self._work, step, values))
            if matter.verdict.answer == "ask" and not matter.limited and not self._covered(matter):
                self._store(matter)
        if self.asked:
            raise self.waits()

    def may_touch(self, package: str) -> bool:
        """Whether an app may be worked in at all, for steps that are chosen on the way."""
        deed = Deed(recipe=self._work.name, step="", says="", side_effect="reversible", app=package)
        return self._policy.decide(deed).answer != "refuse"

    def waits(self) -> OwnerNeeded:
        """The error that says what waits for the owner."""
        what = "; ".join(ask.says for ask in self.asked)
        answers = ", ".join(f"mobimem answer {ask.id} yes|no|always" for ask in self.asked)
        return OwnerNeeded(
            f"this task does something that needs your yes ({what}), and nobody is at a terminal to ask",
            next_step=f"Say {answers}, and then the task again; or run it at a terminal, or allow it in a policy: "
            "--consent FILE (docs/cli.md, Consent).",
        )

    def telling(self, on_progress: Callable[[Progress], None] | None) -> Callable[[Progress], None]:
        """Tells each step to the caller, after it is written down that an irreversible one was done."""

        def told(progress: Progress) -> None:
            if progress.result == "done" and progress.step.for_good:
                data = {"run": self._run, "recipe": self._work.name, "step": progress.step.id, "says": progress.says}
                self._books.audit.record("act", data, at=self._clock.now())
            if on_progress is not None:
                on_progress(progress)

        return told

    # -- one decision

    def _decide(self, matter: Matter, person: Callable[[Consent], Decision]) -> Decision:
        verdict = matter.verdict
        if verdict.answer == "ask":
            return self._settle(matter, person)
        self._record(matter, verdict.answer, "rule" if verdict.rule else "no rule")
        return verdict.answer

    def _settle(self, matter: Matter, person: Callable[[Consent], Decision]) -> Decision:
        """What the owner said, says, or is to say about a step."""
        if (standing := self._standing(matter)) is not None:
            self._record(matter, "run", standing)
            return "run"
        if (taken := self._books.asks.take(matter.key, at=self._clock.now())) is not None:
            self._record(matter, "run", taken.id)
            return "run"
        answer: Decision = "ask" if self._person is None else person(self._person)
        if answer == "ask":
            self._store(matter)
        self._record(matter, answer, "nobody" if answer == "ask" else "owner")
        return answer

    def _standing(self, matter: Matter) -> str | None:
        """The standing yes that covers a step."""
        if not matter.lasting:
            return None
        step, values = matter.step, matter.deed.values
        found = self._books.standing.covering(self._work.id, step.id, step_key(step), values)
        return None if found is None else found.id

    def _covered(self, matter: Matter) -> bool:
        return self._standing(matter) is not None or self._books.asks.covered(matter.key, at=self._clock.now())

    def _store(self, matter: Matter) -> None:
        """Keeps the question for the owner; the same one is kept once."""
        at = self._clock.now()
        ask, new = self._books.asks.put(
            run=self._run, recipe_id=self._work.id, recipe=self._work.name, step=matter.step.id,
            step_key=step_key(matter.step), says=matter.says, why="; ".join((matter.verdict.why, *matter.more)),
            values=matter.deed.values, key=matter.key, lasting=matter.lasting, at=at,
        )  # fmt: skip
        self.asked.append(ask)
        if new:
            data = {"ask": ask.id, "run": self._run, "says": matter.says, "until": ask.until}
            self._books.audit.record("ask", data, at=at)

    def _record(self, matter: Matter, answer: Decision, by: str) -> None:
        deed, verdict = matter.deed, matter.verdict
        data = {
            "run": self._run, "recipe": deed.recipe, "step": deed.step, "says": matter.says, "app": deed.app,
            "values": dict(deed.values), "verdict": verdict.answer, "why": verdict.why, "answer": answer, "by": by,
        }  # fmt: skip
        self._books.audit.record("decision", data, at=self._clock.now())

    def _matter(self, step: Step, says: str, deed: Deed, more: tuple[str, ...] = ()) -> Matter:
        return Matter(self._work.id, step, says, deed, self._policy.decide(deed), more)

    def _deed(self, step: Step, values: Mapping[str, str]) -> Deed:
        deed = deed_of(self._work, step, values)
        return replace(deed, screen=self._look()) if self._policy.reads_screens else deed


def deed_of(work: Work, step: Step, values: Mapping[str, str]) -> Deed:
    """A step as rules see it, before the screen is looked at."""
    return Deed(
        recipe=work.name, step=step.id, says=step.says, side_effect=step.side_effect, values=dict(values),
        slots=frozenset(work.slots), app=app_of(work.steps, step), meant=work.meant,
    )  # fmt: skip


def app_of(steps: Iterable[Step], step: Step) -> str:
    """The package a step is done in: that of its page, else the last one known before it; "" if none is."""
    app = ""
    for one in (*steps, step):
        if isinstance(one.move, OpenApp):
            app = one.move.package
        elif one.target is not None and one.target.page.package and not is_launcher(one.target.page.package):
            app = one.target.page.package
        if one.id == step.id:
            break
    return app


def step_key(step: Step) -> str:
    """What a step is, as a hash: another after it was repaired or taught anew."""
    data = {key: value for key, value in step_to_data(step).items() if key != "revision"}
    return _hashed(data)[:16]


def _asks(step: Step, says: str, values: Mapping[str, str]) -> Callable[[Consent], Decision]:
    return lambda one: one.decide(step, says, values)


def _hashed(data: object) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
