"""`mobimem eval crash --agent`: an agent's task killed at every write, and by real SIGKILLs; then it resumes or asks.

The task is a message that must not be sent twice. Once it is new - a scripted model server, which is no model, decides
each step - and once known and replayed. Inside one process the kill is an exception no handler knows, raised before,
within and after each write of the journal, and before and after everything else that goes to the disk: stored
questions, the recipe that is learnt, the memory's transactions. The phone survives. After each kill the next start must
go on from the screen as it is, ask where only the owner knows, or learn what was not learnt yet; the owner answers by
what the phone holds. In the end the message was sent once, and everything learnt before or by the task is known.

`with` blocks are left on such a kill as on any exception: what only a process's death shows is for the real SIGKILLs of
`mobimem.evals.crash_agent_kills`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final, Literal
from unittest.mock import patch

from device.clock import ManualClock
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from mobimem import folders
from mobimem.evals.about import about
from mobimem.evals.crash import Fuse, FusedWriter, Killed
from mobimem.evals.payment import NAME, data_folder, now, taught_payment
from mobimem.llm.client import ModelClient
from mobimem.llm.scripted import Asked, Says, ScriptedModel
from mobimem.llm.settings import Models
from mobimem.service.agent import AgentDone, Means, run_order_on
from mobimem.service.agent_learning import finish_learning
from mobimem.service.learning import learn_taught
from mobimem.service.memories import list_memories
from mobimem.service.orders import orders_for
from mobimem.service.pending import answer_question
from mobimem.service.recall import recall_words
from mobimem.service.unfinished import list_unfinished, take_up
from mobimem.tasks.asking import NobodyThere
from mobimem.tasks.hand import Proposal
from replay.commands import Decision
from replay.library import Library
from replay.recipe import Step

Kind = Literal["new", "known"]
KINDS: Final[tuple[Kind, ...]] = ("new", "known")
MESSAGES: Final = "com.android.messaging"
WORDS: Final = {"new": "text Bob that dinner is ready", "known": "text Alice that the train is late"}
OTHER: Final = "text Oliver that lunch is over"
TEXTS: Final = {"new": "dinner is ready", "known": "the train is late"}
SEND: Final = "Send SMS"
ROUNDS_MAX: Final = 6  # starts after a kill: more would be going round in circles
_LINE: Final = re.compile(r"^ *(\d+)  (.*)$", re.MULTILINE)


def script(asked: Asked) -> Says:
    """What the scripted model says: the next step of the message, from wherever the screen stands."""
    if "apps" in (asked.schema or {}).get("properties", {}):
        return Says(json.dumps({"apps": [MESSAGES], "for_good": True, "why": "the words say so"}))
    shown = asked.text[asked.text.rindex("app in front:") :]
    text = TEXTS["new"]
    choice: dict[str, Any] = dict.fromkeys(("element", "text", "direction", "app"))
    if f"app in front: {MESSAGES}" not in shown:
        choice |= {"act": "open_app", "app": MESSAGES}
    elif f'item "{text}"' in shown and f'holds "{text}"' not in shown:
        choice |= {"act": "done"}
    elif SEND in shown and f'holds "{text}"' in shown:
        choice |= {"act": "tap", "element": _number(SEND, shown)}
    elif SEND in shown:
        choice |= {"act": "type", "element": _number("Text message", shown), "text": text}
    elif '"Bob"' in shown and '"To"' in shown:
        choice |= {"act": "tap", "element": _number('"Bob"', shown)}
    elif "Start chat" in shown:
        choice |= {"act": "tap", "element": _number("Start chat", shown)}
    else:
        choice |= {"act": "back"}
    return Says(json.dumps({**choice, "why": "the script says so"}))


def _number(label: str, shown: str) -> int:
    return next((int(number) for number, line in _LINE.findall(shown) if label in line), 0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one kill led to. `went` are the ways it took: resumed, asked, said again, learnt later."""

    point: int
    moment: str
    sent_at_kill: int
    went: tuple[str, ...]
    done: bool
    sent: int
    learnt: bool
    wrong: tuple[str, ...]


class Yes:
    """The owner, who wants the message sent."""

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "run"

    def decide_decided(self, step: Step, says: str, proposal: Proposal) -> Decision:
        return "refuse" if proposal.doubts else "run"


@dataclass
class World:
    """A phone that survives, and a data folder; a model server that is no model."""

    kind: Kind
    client: ModelClient
    clock: ManualClock = field(default_factory=ManualClock)

    def __post_init__(self) -> None:
        self.phone = VirtualPhone(clock=self.clock, measure=FixedMeasure())
        self._first = len(self._messages())

    @property
    def sent(self) -> int:
        return len(self._messages()) - self._first

    def _messages(self) -> list[Any]:
        return self.phone.store.table("sms").rows(lambda row: row["type"] == 2)

    def do(self, *, writer: Any = None) -> AgentDone:
        """The task as its words say it, from its beginning."""
        found = orders_for(WORDS[self.kind], {}, NobodyThere(), may_decide=self.kind == "new")
        return run_order_on(DirectDevice(self.phone), found.orders[0], self.means(writer))

    def resume(self, run: str) -> AgentDone:
        earlier = take_up(run)
        return run_order_on(DirectDevice(self.phone), earlier.order, self.means(None), earlier=earlier)

    def means(self, writer: Any) -> Means:
        more = {} if writer is None else {"writer": writer}
        return Means(Yes(), NobodyThere(), self.client if self.kind == "new" else None, clock=self.clock, **more)


def evaluate(*, points: int | None = None, kills: int = 0, seed: int = 1) -> dict[str, Any]:
    """Runs the evaluation.

    Args:
        points: how many of the enumerated points of each kind, drawn by `seed`; None for all.
        kills: how many real SIGKILLs.
    """
    result: dict[str, Any] = {"about": about(), "seed": seed, "model": "scripted, no model"}
    with ExitStack() as stack:
        server = stack.enter_context(ScriptedModel(script))
        client = ModelClient(Models({"planner": server.model(), "decider": server.model()}))
        stack.callback(client.close)
        prepared = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mobimem-crash-")))
        for kind in KINDS:
            result[kind] = _injected(kind, prepared / kind, client, points, seed)
    if kills:
        from mobimem.evals.crash_agent_kills import evaluate_kills

        result["sigkill"] = evaluate_kills(kills, seed)
    return result


def _injected(kind: Kind, prepared: Path, client: ModelClient, points: int | None, seed: int) -> dict[str, Any]:
    with data_folder(prepared):
        Library(folders.recipes_folder()).save(taught_payment(), at=now())
        if kind == "known" and not World("new", client).do().learnt_as:
            raise AssertionError("the message cannot be learnt undisturbed")
        learn_taught()
    whole = Fuse()
    with _home(prepared):
        reference = _run(World(kind, client), whole)
    if reference is None or not reference.done:
        raise AssertionError(f"the message cannot be sent undisturbed: {reference}")
    chosen = list(range(len(whole.passed)))
    if points is not None and points < len(chosen):
        chosen = sorted(Random(seed).sample(chosen, points))
    verdicts = [one for point in chosen if (one := _kill_at(point, kind, prepared, client)) is not None]
    return {
        "points_in_all": len(whole.passed),
        "not_reached": len(chosen) - len(verdicts),
        "by_kind": dict(sorted(Counter(what.partition(" ")[2] for what in whole.passed).items())),
        **summary([(one.went, one.done, one.sent, one.learnt, one.wrong) for one in verdicts]),
        "wrong": [
            {"point": one.point, "moment": one.moment, "sent_at_kill": one.sent_at_kill, "what": list(one.wrong)}
            for one in verdicts
            if one.wrong
        ],
    }


def summary(outcomes: list[tuple[tuple[str, ...], bool, int, bool, tuple[str, ...]]]) -> dict[str, Any]:
    """Counts of (the ways taken, done, messages sent, everything learnt is known, promises broken)."""
    ways = Counter(way for went, *_ in outcomes for way in dict.fromkeys(went))
    return {
        "n": len(outcomes),
        **{way.replace(" ", "_"): ways[way] for way in ("resumed", "asked", "said again", "learnt later")},
        "done": sum(done for _, done, *_ in outcomes),
        "sent_exactly_once": sum(sent == 1 for _, _, sent, _, _ in outcomes),
        "twice": sum(sent > 1 for _, _, sent, _, _ in outcomes),
        "lost_lessons": sum(not learnt for *_, learnt, _ in outcomes),
        "promises_broken": sum(bool(wrong) for *_, wrong in outcomes),
    }


@contextmanager
def _home(prepared: Path) -> Iterator[None]:
    """A copy of the prepared data folder as the owner's own."""
    with tempfile.TemporaryDirectory(prefix="mobimem-crash-") as place:
        home = Path(shutil.copytree(prepared, Path(place) / "home"))
        with data_folder(home):
            yield


def _run(world: World, fuse: Fuse) -> AgentDone | None:
    """The task with a fuse at everything it writes; None if that burnt."""
    try:
        with _fused(fuse):
            return world.do(writer=lambda folder, header: FusedWriter(folder, header, fuse))
    except Killed:
        return None


@contextmanager
def _fused(fuse: Fuse) -> Iterator[None]:
    """Moments before and after what this thread brings to the disk beside the journal's lines."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    thread = threading.get_ident()

    def moment(what: str) -> None:
        if threading.get_ident() == thread:
            fuse.moment(what)

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            moment(f"before {name}")
            result = real(*given, **more)
            moment(f"after {name}")
            return result

        return call

    def commits(_connection: Any) -> None:
        moment("before commit")

    event.listen(Engine, "commit", commits)
    try:
        with ExitStack() as stack:
            for name in ("link", "replace", "rename"):
                stack.enter_context(patch.object(os, name, wrapped(name, getattr(os, name))))
            yield
    finally:
        event.remove(Engine, "commit", commits)


def _kill_at(point: int, kind: Kind, prepared: Path, client: ModelClient) -> Verdict | None:
    """None where the run came to its end before this point: threads may write a little less than the other time."""
    with _home(prepared):
        world, fuse = World(kind, client), Fuse(at=point)
        if _run(world, fuse) is not None:
            return None
        sent_at_kill = world.sent
        went: list[str] = []
        wrong: list[str] = []
        done = _afterwards(world, went, wrong)
        learnt = _known(kind)
        if not done:
            wrong.append("it was not done in the end")
        if world.sent != 1:
            wrong.append(f"it was sent {world.sent} times")
        if not learnt:
            wrong.append("something that was learnt is not known any more")
        return Verdict(point, fuse.passed[point], sent_at_kill, tuple(went), done, world.sent, learnt, tuple(wrong))


def _afterwards(world: World, went: list[str], wrong: list[str]) -> bool:
    """The next starts: what is not learnt is learnt, what is not done goes on. True once it is done."""
    for report in finish_learning(clock=world.clock):
        went.append("learnt later")
        wrong += [report.problem] if report.problem else []
    for _ in range(ROUNDS_MAX):
        left = list_unfinished(clock=world.clock)
        if not left:
            if world.sent:
                return True
            went.append("said again")
            world.do()
            continue
        for question in left[-1].questions:
            if question.doubt == "unclear":
                went.append("asked")
                answer_question(question.run, "done" if world.sent else "not-done", step=question.index + 1)
        if left[-1].can_go_on:
            went.append("resumed")
            done = world.resume(left[-1].run)
        else:
            went.append("said again")
            done = world.do()
        if done.done:
            return True
        wrong.append(f"{went[-1]}: {done.says}")
    return False


def _known(kind: Kind) -> bool:
    """Whether what was known before is known, and the message can be sent to somebody else without a model."""
    tasks = {task.id for task in list_memories(what="tasks").tasks}
    return NAME in tasks and bool(recall_words(OTHER).tasks)
