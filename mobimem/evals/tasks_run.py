"""One run of a task of `mobimem eval tasks`: the production agent on a phone of its own, and what the phone says of it.

The agent is `mobimem.service.agent.Agent`, with the model client, the memory, the journal and the consent it always
has. After the run every table, document and setting of the phone is compared with what was there before
(`mobimem.evals.drift_account`); nothing of that reaches the agent, the scripted model or the owner's answers.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from device.clock import ManualClock
from device.errors import DeviceError
from device.protocol import Reading
from device.virtual.direct import DirectDevice
from device.virtual.phone import PhoneConfig, VirtualPhone
from mobimem.errors import MobimemError, OwnerNeeded
from mobimem.evals.drift import fresh_phone
from mobimem.evals.drift_account import difference, facts, trouble
from mobimem.evals.tasks_task import Task, Twist
from mobimem.llm.client import ModelClient
from mobimem.service.agent import Agent, AgentDone, Means, private_terms
from mobimem.service.learning import learn_taught
from mobimem.service.recall import ReadyTasks
from mobimem.service.recipes import library
from mobimem.service.runs import device_facts
from mobimem.service.teach import Request, recipe_of
from mobimem.tasks.asking import YES, AskedOwner
from mobimem.tasks.hand import Proposal
from perception.errors import PerceptionError
from perception.words import normal
from replay.commands import Decision
from replay.demonstration import Demonstration
from replay.errors import ReplayError
from replay.lesson_trace import write_lesson
from replay.private_files import private_folder
from replay.recipe import Step
from replay.trace import Header
from replay.trace_reader import read_trace

POLICY: Final = (
    "yes to a step that cannot be undone if it is one of those the task's words mean (`final` of the task) and it "
    "carries the asked values and no others; else no",
    "yes to a step that the model chose only if nothing about it is doubtful, or what is doubtful is named in `fine`",
    "a reading that is shown is confirmed if it is what the first run taught, with the asked value in each slot",
    "in a first run: yes to 'is it done?'; in a second run that question is answered with no",
    "all other questions are not answered",
)
NO_TWIST: Final = Twist("")


class HappeningDevice(DirectDevice):
    """A phone on which something may happen by itself, before the reading of a given number."""

    def __init__(self, phone: VirtualPhone, at_read: int, then: Callable[[VirtualPhone], None] | None) -> None:
        super().__init__(phone)
        self._at_read, self._then, self._reads = at_read, then, 0
        self.happened = then is None

    def read(self, *, timeout_s: float = 10.0) -> Reading:
        self._reads += 1
        if self._then is not None and self._reads == self._at_read:
            self._then(self._phone)
            self.happened = True
        return super().read(timeout_s=timeout_s)


@dataclass
class StatedOwner:
    """Answers by the printed policy. `said` is every answer, in words."""

    task: Task
    values: Mapping[str, str]
    known_as: str
    second: bool
    said: list[str] = field(default_factory=list)
    consents: int = 0
    confirmed: int = 0

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return self._consent(says, self._are_asked(values))

    def decide_decided(self, step: Step, says: str, proposal: Proposal) -> Decision:
        doubtful = [one for one in proposal.doubts if not any(fine in one for fine in self.task.fine)]
        return self._consent(says, not doubtful, "; ".join(doubtful))

    def confirm(self, found: ReadyTasks) -> None:
        """Confirms a reading that is doubtful, or refuses it by raising."""
        if not found.doubts:
            return
        read = [(task.entry.name, {slot: normal(value) for slot, value in task.values.items()}) for task in found.tasks]
        right = read == [(self.known_as, self._meant())]
        self.confirmed += 1
        self.said.append(f"{'yes' if right else 'no'} to the reading {read}: {'; '.join(found.doubts)}")
        if not right:
            raise OwnerNeeded("the owner did not mean that", next_step="Say it otherwise.")

    def _meant(self) -> dict[str, str]:
        """By slot of what the first run taught, the value that is asked now."""
        entry = library().named(self.known_as) if self.known_as else None
        if entry is None or entry.trace is None:
            return {}
        slot_of = {normal(value): slot for slot, value in self.task.first.items()}
        taught = read_trace(entry.trace, lines_only=True).header.values
        return {slot: normal(self.values[slot_of[normal(value)]]) for slot, value in taught.items()}

    def ask(self, question: AskedOwner) -> str | None:
        answer = self._answer(question)
        self.said.append(f"{answer or 'nothing'} to: {question.says} {question.quoted}".strip())
        return answer

    def _answer(self, question: AskedOwner) -> str | None:
        match question.kind:
            case "end":
                return None if self.second else YES
            case "doubt":
                return YES if any(fine in question.says for fine in self.task.fine) else None
            case _:
                return None

    def _consent(self, says: str, right: bool, doubts: str = "") -> Decision:
        self.consents += 1
        meant = any(f"'{label.format(**self.values)}'" in says for label in self.task.final)
        answer: Decision = "run" if right and meant else "refuse"
        self.said.append(f"{answer} to: {says} {doubts}".strip())
        return answer

    def _are_asked(self, values: Mapping[str, str]) -> bool:
        """Whether these are the asked values, each of them and no other; a value may be taught apart from its word."""
        asked = [normal(value) for value in self.values.values()]
        return sorted(map(normal, values.values())) == sorted(asked)


@dataclass(frozen=True, slots=True)
class Ran:
    """One run, as JSON data. `success`: it ended as it has to, and the phone changed as asked and in no other way.

    `wrong`: something was changed that was not asked for, it says done and is not, or it told something else than what
    was asked (`results`). `seconds` are those of this
    machine, `phone_seconds` those of the phone's clock, which somebody at the phone would wait.
    """

    second: bool
    words: str
    served_by: str
    outcome: str
    success: bool
    wrong: bool
    why: str
    says: str
    proof: str
    model_calls: int
    tokens: int
    seconds: float
    phone_seconds: float
    replayed: int
    repaired: int
    decided: int
    skipped: int
    questions: int
    confirmations: int
    consents: int
    answers: tuple[str, ...]
    learnt_as: str
    not_learnt: str
    results: Mapping[str, str] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "second"}


@dataclass
class Stage:
    """A phone made ready for one run of a task, and the account of it before."""

    task: Task
    second: bool

    def __post_init__(self) -> None:
        task = self.task
        self.values = task.second if self.second else task.first
        self.twist = (task.twist if self.second else None) or NO_TWIST
        self.clock = ManualClock()
        self.phone = fresh_phone(PhoneConfig(), self.clock)
        task.prepare(self.phone, self.values)
        if self.twist.before is not None:
            self.twist.before(self.phone, self.values)
        self.before = facts(self.phone, passing=task.passing)
        self.device = HappeningDevice(self.phone, self.twist.at_read, self._happens if self.twist.then else None)

    def _happens(self, phone: VirtualPhone) -> None:
        """What the twist changes by itself is not the run's doing."""
        was = facts(phone, passing=self.task.passing)
        if self.twist.then is not None:
            self.twist.then(phone)
        now = facts(phone, passing=self.task.passing)
        self.before.update(now - was)
        self.before.subtract(was - now)

    def account(self, *, done: bool, says: str, results: Mapping[str, str]) -> tuple[bool, str]:
        """Whether all is as it has to be after the run, and what was changed or told that was not asked for."""
        changed = difference(self.before, facts(self.phone, passing=self.task.passing))
        change = (self.twist.change or self.task.change)(self.values)
        why = trouble(change, changed, self.phone, whole=done)
        asked = self.task.tells(self.phone, self.values) if self.task.tells is not None and done else dict(results)
        if not why and results != asked:
            why = f"told {dict(results)}, and not {dict(asked)}"
        if why:
            return False, why
        if not self.device.happened:
            return False, f"{self.twist.name!r} was to happen at reading {self.twist.at_read}, and did not"
        if self.twist.expected == "not done":
            return not done and self.twist.says in says, ""
        return done, ""


def run(task: Task, *, second: bool, client: ModelClient | None, known_as: str = "") -> Ran:
    """Lets the agent do a task and judges it by the phone.

    Args:
        known_as: what the first run was kept as; "" before that.
    """
    stage = Stage(task, second)
    owner = StatedOwner(task, stage.values, known_as, second)
    means = Means(owner, owner, client, clock=stage.clock, terms=private_terms())
    words = task.second_words if second else task.first_words
    started_s = time.perf_counter()
    ended: tuple[AgentDone, ...] = ()
    error = ""
    try:
        ended = Agent(stage.device, means, confirm=owner.confirm).run(words)
    except (MobimemError, ReplayError, PerceptionError, DeviceError) as raised:
        error = f"{type(raised).__name__}: {raised.cause}"
    seconds = time.perf_counter() - started_s
    done = bool(ended) and ended[-1].done
    last = ended[-1] if ended else None
    results = {name: value for one in ended for name, value in one.results.items()}
    success, why = stage.account(done=done, says=last.says if last else "", results=results)
    receipts = [one.receipt for one in ended]
    calls = sum(one.model_calls for one in receipts)
    return Ran(
        second=second, words=words, served_by="scripted model" if calls else "memory",
        outcome=last.outcome if last else "error", success=success, wrong=bool(why), why=why,
        says=error or (last.says if last else ""),
        proof=last.proof if last else "", model_calls=calls, tokens=sum(one.tokens for one in receipts),
        seconds=round(seconds, 3), phone_seconds=round(stage.clock.monotonic_s(), 1),
        replayed=sum(one.replayed for one in receipts), repaired=sum(one.healed for one in receipts),
        decided=sum(one.decided for one in receipts), skipped=sum(one.skipped for one in receipts),
        questions=sum(one.questions for one in receipts), confirmations=owner.confirmed, consents=owner.consents,
        answers=tuple(owner.said),
        learnt_as=last.learnt_as if last else "", not_learnt=last.not_learnt if last else "", results=results,
    )  # fmt: skip


def teach(task: Task) -> Ran:
    """Teaches a task by a scripted finger, keeps it as `mobimem teach` does, and judges that by the phone too."""
    if task.show is None:
        raise ValueError(f"{task.name} has neither a script nor a demonstration")
    stage = Stage(task, second=False)
    started_s = time.perf_counter()
    hand = Demonstration(stage.device, clock=stage.clock)
    task.show(hand, stage.values)
    steps = tuple(hand.done)
    values = dict(task.first)  # as a teacher names them
    recipe = recipe_of(Request(task.name, task.first_words), steps, values)
    info = stage.device.info()
    header = Header(
        trace_id=task.name, name=task.name, task=task.first_words, source="teach", device=device_facts(info),
        started_at=stage.clock.now().isoformat(), recipe_id=recipe.id, values=dict(values),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(dir=private_folder(library().folder), prefix=".trace-") as folder:
        trace = Path(folder) / "trace"
        write_lesson(trace, header, recipe, steps, serial=info.serial, clock=stage.clock)
        library().save(recipe, trace, at=stage.clock.now())
    learnt = learn_taught()
    success, why = stage.account(done=True, says="", results={})
    return Ran(
        second=False, words=task.first_words, served_by="teaching", outcome="done", success=success, wrong=bool(why),
        why=why,
        says=learnt.problem, proof="", model_calls=0, tokens=0, seconds=round(time.perf_counter() - started_s, 3),
        phone_seconds=round(stage.clock.monotonic_s(), 1), replayed=0, repaired=0, decided=0, skipped=0, questions=0,
        confirmations=0, consents=0, answers=(), learnt_as=recipe.name, not_learnt=learnt.problem,
    )  # fmt: skip
