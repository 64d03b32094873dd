"""A phone, a scripted model that can read the list it is shown, and an owner: what the agent's tests are made of.

The scripted model is no model: it follows a list of moves named by what is on the screen ("tap Start chat"), and, where
a test says so, obeys any order it reads on a screen first - the worst a real model could do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mobimem.evals.scripted_moves import NOWHERE, Move, number_of, said
from mobimem.llm.client import ModelClient
from mobimem.llm.scripted import Answer, Asked, Says, ScriptedModel
from mobimem.llm.settings import Models
from mobimem.service.agent import AgentDone, Means, run_order_on
from mobimem.service.orders import Order, Orders, orders_for
from mobimem.tasks.asking import AskedOwner
from mobimem.tasks.hand import Proposal
from mobimem.tasks.watching import Bounds
from replay.commands import Decision
from replay.recipe import Step
from tests.replay.bench import MESSAGES, Phone

NEXT = "it is next"
TEXT_BOB: tuple[Move, ...] = (
    ("open_app", MESSAGES), ("tap", "Start chat"), ("tap", "Bob"), ("type", "Text message", "dinner is ready"),
    ("tap", "Send SMS"), ("done",),
)  # fmt: skip


@dataclass
class Brain:
    """Answers like a model would that knows what to do.

    Args:
        moves: what to do, in order, said once each; or a function of the screen as it is shown.
        reach: the apps it names for the task.
        orders: text on a screen -> what it does on reading it, once, move by move: a model that obeys.
        results: what it says the words ask to be told.
    """

    moves: Sequence[Move | Answer] | Callable[[str], Move]
    reach: Sequence[str] = (MESSAGES,)
    for_good: bool = True
    orders: Mapping[str, Sequence[Move]] = field(default_factory=dict)
    results: Sequence[str] = ()
    at: int = 0
    obeyed: list[Move] = field(default_factory=list)
    _obeying: list[Move] = field(default_factory=list)
    _read: set[str] = field(default_factory=set)

    def __call__(self, asked: Asked) -> Answer:
        if "apps" in (asked.schema or {}).get("properties", {}):
            assert "app in front" not in asked.text, "a screen was shown where the task's scope is fixed"
            return Says(json.dumps({
                "apps": list(self.reach), "for_good": self.for_good, "results": list(self.results),
                "why": "the words say so",
            }))  # fmt: skip
        shown = asked.text[asked.text.rindex("app in front:") :]
        for text in self.orders.keys() - self._read:
            if text in shown and can_begin(self.orders[text][0], shown):
                self._read.add(text)
                self._obeying += self.orders[text]
        if self._obeying:
            self.obeyed.append(self._obeying[0])
            return said(self._obeying.pop(0), shown, why="I was told to on the screen")
        if callable(self.moves):
            return said(self.moves(shown), shown, why=NEXT)
        move = self.moves[min(self.at, len(self.moves) - 1)]
        self.at += 1
        return said(move, shown, why=NEXT) if isinstance(move, tuple) else move


def texting_bob(shown: str) -> Move:
    """What to do next for "text Bob that dinner is ready", from wherever it stands."""
    held = 'holds "dinner is ready"' in shown
    if f"app in front: {MESSAGES}" not in shown:
        return ("open_app", MESSAGES)
    if "Send SMS" in shown and '-  "Bob"' in shown:
        if 'item "dinner is ready"' in shown and not held:
            return ("done",)
        return ("tap", "Send SMS") if held else ("type", "Text message", "dinner is ready")
    if '-  "To"' in shown:
        return ("tap", "Bob")
    return ("tap", "Start chat") if "Start chat" in shown else ("back",)


def can_begin(move: Move, shown: str) -> bool:
    """Whether an order can be obeyed here; one that names nothing there is obeyed all the same."""
    act, label, *_ = (*move, "")
    return act not in ("tap", "hold", "type") or label.startswith("Element") or number_of(label, shown) != NOWHERE


@dataclass
class Owner:
    """Says yes to what the model chose only if it was asked for and nothing about it is doubtful."""

    answers: dict[str, str] = field(default_factory=dict)  # kind of question -> answer
    wants: tuple[str, ...] = ("Tap 'Send SMS'",)  # what is done for good
    proposals: list[Proposal] = field(default_factory=list)
    asked: list[AskedOwner] = field(default_factory=list)
    consented: list[str] = field(default_factory=list)

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        self.consented.append(says)
        return "run"

    def decide_decided(self, step: Step, says: str, proposal: Proposal) -> Decision:
        self.proposals.append(proposal)
        if proposal.doubts or says not in self.wants:
            return "refuse"
        self.consented.append(says)
        return "run"

    def ask(self, question: AskedOwner) -> str | None:
        self.asked.append(question)
        return self.answers.get(question.kind)


@dataclass
class Stage:
    """Everything together."""

    phone: Phone
    owner: Owner
    server: ScriptedModel
    client: ModelClient | None
    bounds: Bounds = field(default_factory=Bounds)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def calls(self) -> int:
        return len(self.server.asked)

    def orders(self, words: str, given: Mapping[str, str] | None = None) -> Orders:
        return orders_for(words, given or {}, self.owner, may_decide=self.client is not None)

    def do(self, words: str, given: Mapping[str, str] | None = None) -> AgentDone:
        found = self.orders(words, given)
        [order] = found.orders
        return self.run(order, asked=found.asked)

    def run(self, order: Order, *, asked: int = 0) -> AgentDone:
        means = Means(
            self.owner, self.owner, self.client, clock=self.phone.clock, bounds=self.bounds, **self.more
        )  # fmt: skip
        return run_order_on(self.phone, order, means, asked=asked)


@contextmanager
def staged(
    script: Callable[[Asked], Answer], *, phone: Phone | None = None, owner: Owner | None = None,
    bounds: Bounds | None = None, **settings: Any,
) -> Iterator[Stage]:  # fmt: skip
    """A phone and a model that answers by this script."""
    phone = phone or Phone()
    with ScriptedModel(script) as server:
        model = server.model(**{"timeout_s": 20.0, **settings})
        client = ModelClient(Models({"planner": model, "decider": model}), clock=phone.clock, chance=lambda: 0.0)
        try:
            yield Stage(phone, owner or Owner(), server, client, bounds or Bounds())
        finally:
            client.close()
