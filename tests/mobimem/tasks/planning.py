"""A scripted model that can plan as well: what the tests of plans are made of. It is no model."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mobimem.evals.scripted_moves import Move
from mobimem.llm.scripted import Answer, Asked, Says
from mobimem.service.agent import Means
from mobimem.service.orders import orders_for
from mobimem.service.plans.doing import PlanDone, run_plan
from mobimem.service.plans.making import ReadyPlan, known_plan, model_plan
from tests.mobimem.tasks.acting import Brain, Stage, texting_bob

SHOP = "com.example.shop"
PRICES = {"Wool scarf": "22.50 €", "Desk lamp": "32.90 €", "Electric kettle": "49.00 €"}


def part(name: str, words: str, app: str, **more: Any) -> dict[str, Any]:
    """A sub-task as a model says it."""
    return {
        "name": name, "words": words, "app": app, "device": None, "for_good": False, "results": [], "check": None,
        "after": [], **more,
    }  # fmt: skip


def said(*parts: Mapping[str, Any]) -> Says:
    return Says(json.dumps({"parts": list(parts), "why": "these are the tasks"}))


@dataclass
class Planner:
    """Answers plans in turn (the last one again and again), and decides each sub-task by what its words begin with."""

    plans: Sequence[Answer]
    brains: Mapping[str, Callable[[Asked], Answer]]
    asked_for_plans: list[Asked] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        if "parts" in (asked.schema or {}).get("properties", {}):
            assert "app in front" not in asked.text, "a screen was shown where the plan is made"
            self.asked_for_plans.append(asked)
            return self.plans[min(len(self.asked_for_plans), len(self.plans)) - 1]
        words = asked.text.rpartition("The task, in the owner's words: ")[2]
        brain = next((brain for start, brain in self.brains.items() if words.startswith(start)), None)
        assert brain is not None, words[:200]
        return brain(asked)


def looking_up(product: str, result: str = "price") -> Callable[[Asked], Answer]:
    """Opens the product's page in the shop and reports what it costs."""

    def move(shown: str) -> Move:
        if f"app in front: {SHOP}" not in shown:
            return ("open_app", SHOP)
        if "Add to cart" not in shown:
            return ("tap", product)
        return ("report", result, PRICES[product]) if not reported else ("done",)

    reported: list[bool] = []

    def answer(asked: Asked) -> Answer:
        choice = Brain(move)(asked)
        assert isinstance(choice, Says)
        if '"act": "report"' in choice.text:
            reported.append(True)
        return choice

    return answer


def texting(message: str) -> Callable[[Asked], Answer]:
    """Texts Bob, from wherever it stands."""

    def move(shown: str) -> Move:
        done = texting_bob(shown.replace(message, "dinner is ready"))
        return ("type", "Text message", message) if done[0] == "type" else done

    return Brain(move)


def plan_of(at: Stage, words: str) -> ReadyPlan:
    """The plan of these words: known, else the model's."""
    found = orders_for(words, {}, at.owner, may_decide=at.client is not None)
    if found.ready is not None:
        return known_plan(found.ready, asked=found.asked)
    assert at.client is not None
    return model_plan(words, at.client, at.phone, at.owner)


def do(at: Stage, words: str) -> PlanDone:
    """Does them, and learns the whole."""
    ready = plan_of(at, words)
    means = Means(at.owner, at.owner, at.client, clock=at.phone.clock, bounds=at.bounds)
    return run_plan(at.phone, ready, means)
