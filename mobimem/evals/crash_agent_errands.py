"""What `mobimem eval crash --agent` has done: a message, and a plan of a price that is read and two messages.

Each once new, worked out by a scripted model server, which is no model, and once known. The script keeps nothing in
mind: whatever the screen and the question say tells it what comes next, so that it can go on where a killed one was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from mobimem.evals.scripted_moves import Move, said
from mobimem.llm.scripted import Asked, Says

MESSAGES: Final = "com.android.messaging"
SHOP: Final = "com.example.shop"
SEND: Final = "Send SMS"
_WORDS: Final = "The task, in the owner's words: "
_WHY: Final = "the script says so"


@dataclass(frozen=True, slots=True)
class Errand:
    """Words, and what has to be sent by them, once each: whom -> what. `teaches`: words that are known afterwards."""

    words: str
    texts: Mapping[str, str]
    teaches: str


Kind: TypeAlias = Literal["new", "known", "new_plan", "known_plan"]
ERRANDS: Final[dict[Kind, Errand]] = {
    "new": Errand("text Bob that dinner is ready", {"Bob": "dinner is ready"}, "text Oliver that lunch is over"),
    "known": Errand(
        "text Alice that the train is late", {"Alice": "the train is late"}, "text Oliver that lunch is over"
    ),
    "new_plan": Errand(
        "look up the price of Wool scarf in the shop, text Bob the price and text Alice that the train is late",
        {"Bob": "22.50 €", "Alice": "the train is late"},
        "look up the price of Desk lamp in the shop, text Oliver the price and text Carol that lunch is over",
    ),
    "known_plan": Errand(
        "look up the price of Electric kettle in the shop, text Alice the price and text Bob that lunch is over",
        {"Alice": "49.00 €", "Bob": "lunch is over"},
        "look up the price of Desk lamp in the shop, text Oliver the price and text Carol that lunch is over",
    ),
}  # fmt: skip
KINDS: Final = tuple(ERRANDS)
BEFORE: Final[dict[Kind, tuple[Kind, ...]]] = {  # what has to be done before
    "new": (), "known": ("new",), "new_plan": ("new",), "known_plan": ("new", "new_plan")
}  # fmt: skip
_LOOK: Final = "look up the price of Wool scarf in the shop"
_PARTS: Final[tuple[tuple[str, str, str, bool, list[str]], ...]] = (
    ("look", _LOOK, SHOP, False, ["price"]),
    ("bob", "text Bob that {price}", MESSAGES, True, []),
    ("alice", "text Alice that the train is late", MESSAGES, True, []),
)
_TYPED: Final = (
    ("dinner", "Bob", "dinner is ready"),
    ("train", "Alice", "the train is late"),
    ("Bob", "Bob", "22.50 €"),
)


def script(asked: Asked) -> Says:
    """The next step, from wherever the screen stands."""
    fields: Mapping[str, Any] = (asked.schema or {}).get("properties", {})
    if "parts" in fields:
        return Says(json.dumps({"parts": [_part(*one) for one in _PARTS], "why": _WHY}))
    if "apps" in fields:
        return Says(json.dumps({"apps": [MESSAGES], "for_good": True, "results": [], "why": _WHY}))
    shown = asked.text[asked.text.rindex("app in front:") :]
    words = asked.text.rpartition(_WORDS)[2].split("\n")[0]
    wanted = "Results to report" in asked.text
    move = _looking(shown, wanted=wanted) if words.startswith("look up") else _texting(shown)
    return said(move, shown, why=_WHY)


def _part(name: str, words: str, app: str, for_good: bool, results: list[str]) -> dict[str, Any]:
    return {
        "name": name, "words": words, "app": app, "device": None, "for_good": for_good, "results": results,
        "check": None, "after": [],
    }  # fmt: skip


def _looking(shown: str, *, wanted: bool) -> Move:
    if f"app in front: {SHOP}" not in shown:
        return ("open_app", SHOP)
    if "Add to cart" not in shown:
        return ("tap", "Wool scarf")
    return ("report", "price", "22.50 €") if wanted else ("done",)


def _texting(shown: str) -> Move:
    who, text = "Bob", "dinner is ready"
    if f"app in front: {MESSAGES}" not in shown:
        return ("open_app", MESSAGES)
    if f'item "{text}"' in shown and f'holds "{text}"' not in shown:
        return ("done",)
    if SEND in shown:
        return ("tap", SEND) if f'holds "{text}"' in shown else ("type", "Text message", text)
    if f'"{who}"' in shown and '"To"' in shown:
        return ("tap", who)
    return ("tap", "Start chat") if "Start chat" in shown else ("back",)
