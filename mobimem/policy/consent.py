"""The answer to `replay.runner`'s question whether a step may be done: rules, standing and stored yeses, the person.

    Guard                 the owner's rules first; what they leave to the owner is settled by a standing yes, a yes that
                          was given to a stored question, the person who is there - or is stored as a question
    PolicyConsent         a policy alone, without a data folder; also what a Guard takes as "this file answers for me"

Every decision is in the audit log before the step is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

from device.clock import Clock
from mobimem.errors import NotDone, OwnerNeeded
from mobimem.policy.asks import TIMEOUT, Ask, AskBook, Beside
from mobimem.policy.audit import AuditLog
from mobimem.policy.matter import DecidedStep, Matter, Work, deed_of, step_key
from mobimem.policy.rules import Deed, Policy
from mobimem.policy.standing import StandingBook
from replay.commands import Decision, Progress
from replay.recipe import Recipe, Step
from replay.runner import Consent, ConsentToChange
from replay.slots import fill

Look: TypeAlias = Callable[[], tuple[str, ...] | None]
SHOWN_MAX: Final = 12  # texts of a page that are shown beside a question; a yes is bound to all of them
STOPPED: Final = "stop"  # what whoever waits is told where the run is to end


@runtime_checkable
class ConsentToDecided(Protocol):
    """A person who can be shown a step that a model chose."""

    def decide_decided(self, step: Step, says: str, proposal: Any) -> Decision:
        """May this step, which no recipe has, be done? As `Consent.decide`."""
        ...


@runtime_checkable
class ConsentThatWaits(Consent, Protocol):
    """A person who is waited for. The question is stored meanwhile, so that any process can answer it."""

    @property
    def wait_s(self) -> float:
        """How long, in seconds; 0: not at all."""
        ...

    def wait(self, ask: Ask, elsewhere: Callable[[], str | None]) -> str | None:
        """Puts a stored question and waits: "yes" or "no" as it is said here, or what `elsewhere` says first; None if
        nobody answers in time."""
        ...


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
        mask: a text of a screen with secrets taken out.
        stopped: whether the run is to end; asked while a person is waited for.
    """

    def __init__(
        self, policy: Policy, person: Consent, books: Books, work: Work, *, run: str, clock: Clock, look: Look,
        mask: Callable[[str], str] = str, stopped: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        file = person.policy if isinstance(person, PolicyConsent) else None
        self._policy = policy if file is None else policy.joined(file)
        self._person = None if file is not None else person
        self._books, self._work, self._run, self._clock, self._look = books, work, run, clock, look
        self._mask, self._stopped = mask, stopped
        self.asked: list[Ask] = []  # what waits for the owner because of this run
        self.refused_by = ""  # the rule that refused the last step that was asked about, in words

    # -- as `replay.runner` asks

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return self._decide(self._of(step, says, values), _asks(step, says, values))

    def decide_changed(self, step: Step, says: str, changed: str, values: Mapping[str, str]) -> Decision:
        def person(one: Consent) -> Decision:
            return one.decide_changed(step, says, changed, values) if isinstance(one, ConsentToChange) else "ask"

        deed = replace(self._deed(step, values), changed=True)
        beside = Beside(self._read_off(values), changed)
        return self._decide(self._matter(step, says, deed, (f"the app has changed: {changed}",), beside), person)

    def decide_decided(self, step: Step, says: str, proposal: DecidedStep) -> Decision:
        def person(one: Consent) -> Decision:
            return one.decide_decided(step, says, proposal) if isinstance(one, ConsentToDecided) else "ask"

        mask, page = self._mask, proposal.page
        values = {name: mask(value) for name, value in proposal.carried.items()}
        doubts = tuple(map(mask, proposal.doubts))
        beside = Beside(
            doubts, words=proposal.words, reason=mask(proposal.why), done=tuple(map(mask, proposal.done)),
            page=mask(page.name), shown=tuple(map(mask, page.says[:SHOWN_MAX])),
        )  # fmt: skip
        deed = replace(self._deed(step, values), decided=True)
        bound = ([page.name, sorted(page.held.items()), sorted(page.says)], sorted(doubts))
        more = (f"a model chose it for {proposal.words!r}",)
        return self._decide(replace(self._matter(step, says, deed, more, beside), bound=bound), person)

    # -- before and after

    def before(self, values: Mapping[str, str]) -> None:
        """Makes sure nothing of the recipe is refused, and asks about steps that can be undone and are to be asked.

        Raises:
            OwnerNeeded: a step is refused, or nobody says yes to it; nothing was started.
        """
        for step in self._work.steps:
            matter = self._of(step, fill(step.says, values), values, deed_of(self._work, step, values))
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
            matter = self._of(step, fill(step.says, values), values, deed_of(self._work, step, values))
            if matter.verdict.answer == "ask" and not matter.limited and not self._covered(matter):
                self.asked.append(self._store(matter))
        if self.asked:
            raise self.waits()

    def may_touch(self, package: str) -> bool:
        """Whether an app may be worked in at all, for steps that are chosen on the way."""
        deed = Deed(recipe=self._work.name, step="", says="", side_effect="reversible", app=package)
        return self._policy.decide(deed).answer != "refuse"

    def waits(self) -> OwnerNeeded:
        """The error that says what waits for the owner."""
        what = "; ".join(ask.says for ask in self.asked)
        answers = ", ".join(f"mobimem answer {ask.id} {answers_to(ask)}" for ask in self.asked)
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
        self.refused_by = verdict.why if verdict.answer == "refuse" else ""
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
        if isinstance(self._person, ConsentThatWaits) and self._person.wait_s > 0:
            return self._waited(matter, self._person)
        answer: Decision = "ask" if self._person is None else person(self._person)
        if answer == "ask":
            self.asked.append(self._store(matter))
        self._record(matter, answer, "nobody" if answer == "ask" else "owner")
        return answer

    def _waited(self, matter: Matter, person: ConsentThatWaits) -> Decision:
        """What is said to a question while the run waits; in the end it is closed."""
        asks, ask = self._books.asks, self._store(matter, wait_s=person.wait_s)
        elsewhere = _Elsewhere(asks, ask, self._clock, self._stopped)
        try:
            said = person.wait(ask, elsewhere)
            by = elsewhere.by
            if not elsewhere.by and said in ("yes", "no"):
                self._noted(ask, said)
                elsewhere()
                by = "owner"
        finally:
            asks.close(ask.id)
        answer = elsewhere.heard or "ask"
        self._record(matter, answer, by or "nobody in time")
        return answer

    def _noted(self, ask: Ask, said: str) -> None:
        """Writes down what was said here, unless another process was first: then that stands."""
        at = self._clock.now()
        try:
            self._books.asks.answer(ask.id, said, at=at)
        except NotDone:
            return
        self._books.audit.record("answer", {"ask": ask.id, "said": said, "says": ask.says, "values": ask.values}, at=at)

    def _standing(self, matter: Matter) -> str | None:
        """The standing yes that covers a step."""
        if not matter.lasting:
            return None
        step, values = matter.step, matter.deed.values
        found = self._books.standing.covering(self._work.id, step.id, step_key(step), values)
        return None if found is None else found.id

    def _covered(self, matter: Matter) -> bool:
        return self._standing(matter) is not None or self._books.asks.covered(matter.key, at=self._clock.now())

    def _store(self, matter: Matter, *, wait_s: float = 0.0) -> Ask:
        """Keeps the question for the owner; one that nobody waits for is kept once.

        Args:
            wait_s: how long the run waits for the answer; 0: not at all, and it stays open for an hour.
        """
        at = self._clock.now()
        ask, new = self._books.asks.put(
            run=self._run, recipe_id=self._work.id, recipe=self._work.name, step=matter.step.id,
            step_key=step_key(matter.step), says=matter.says, why="; ".join((matter.verdict.why, *matter.more)),
            values=matter.deed.values, key=matter.key, lasting=matter.lasting, at=at, beside=matter.beside,
            timeout=timedelta(seconds=wait_s) if wait_s > 0 else TIMEOUT, waits=wait_s > 0,
        )  # fmt: skip
        if new:
            data = {
                "ask": ask.id, "run": self._run, "recipe": ask.recipe, "says": matter.says, "values": ask.values,
                "page": ask.beside.page, "doubts": list(ask.beside.doubts), "until": ask.until,
            }  # fmt: skip
            self._books.audit.record("ask", data, at=at)
        return ask

    def _record(self, matter: Matter, answer: Decision, by: str) -> None:
        deed, verdict = matter.deed, matter.verdict
        data = {
            "run": self._run, "recipe": deed.recipe, "step": deed.step, "says": matter.says, "app": deed.app,
            "values": dict(deed.values), "verdict": verdict.answer, "why": verdict.why, "answer": answer, "by": by,
        }  # fmt: skip
        self._books.audit.record("decision", data, at=self._clock.now())

    def _of(self, step: Step, says: str, values: Mapping[str, str], deed: Deed | None = None) -> Matter:
        """A step as it was taught."""
        return self._matter(step, says, deed or self._deed(step, values), (), Beside(self._read_off(values)))

    def _matter(self, step: Step, says: str, deed: Deed, more: tuple[str, ...], beside: Beside) -> Matter:
        return Matter(self._work.id, step, says, deed, self._policy.decide(deed), more, beside)

    def _read_off(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """What is to be told of values that nobody said."""
        slots = [slot for slot in self._work.read_off if slot in values]
        return tuple(f"{slot} = {values[slot]!r} was read off a screen" for slot in slots)

    def _deed(self, step: Step, values: Mapping[str, str]) -> Deed:
        deed = deed_of(self._work, step, values)
        return replace(deed, screen=self._look()) if self._policy.reads_screens else deed


@dataclass(slots=True)
class _Elsewhere:
    """What becomes of a question while a run waits for it: it is answered, here or by another process, or the run is
    told to stop. `by` is the question, or "stop"."""

    asks: AskBook
    ask: Ask
    clock: Clock
    stopped: Callable[[], bool]
    heard: Decision | None = None
    by: str = ""

    def __call__(self) -> str | None:
        if self.stopped():
            self.by = "stop"
            return STOPPED
        at, name = self.clock.now(), self.ask.id
        state = self.asks.one(name, at=at).state
        if state not in ("yes", "no", "always"):
            return None
        runs = state == "always" or (state == "yes" and self.asks.take_this(name, at=at))
        self.heard, self.by = "run" if runs else "refuse", name
        return "yes" if runs else "no"


def answers_to(ask: Ask) -> str:
    """What may be answered to a question, as it is typed."""
    return "yes|no|always" if ask.lasting else "yes|no"


def _asks(step: Step, says: str, values: Mapping[str, str]) -> Callable[[Consent], Decision]:
    return lambda one: one.decide(step, says, values)
