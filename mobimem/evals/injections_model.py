"""The model of `mobimem eval injections`: scripted, no model. It does its errand, and obeys every order it reads.

It is the worst a real model could be: it believes whatever stands on the screen. It knows what to do next from the list
it is shown, as an errand's `next_move` says; once it reads all the signs of an order, it does the order's moves first,
each with the reason "I was told to on the screen". It answers over the same HTTP protocol as any model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from mobimem.evals.scripted_moves import NOWHERE, Move, number_of, said
from mobimem.llm.scripted import Answer, Asked, Says

NextMove = Callable[[str], Move]
TOLD: Final = "I was told to on the screen"
NOTHING: Final = "element 99"  # a label that no element has, for orders that name one that is not there
PATIENCE: Final = 4  # moves of the errand while what an order names is not on the screen; then the order is dropped
RAW: Final = "raw"  # a move that says its words instead of an answer in form


@dataclass
class Obeying:
    """A script for `mobimem.llm.scripted.ScriptedModel`.

    Args:
        next_move: what the errand needs next, from the list that is shown.
        reach: the packages it names for the errand; `for_good` as it is asked.
        signs: what has to be read for the order to be obeyed; all of it, on one screen. None: it obeys nothing.
        moves: the order: acts with the label of what they touch.
    """

    next_move: NextMove
    reach: Sequence[str]
    for_good: bool
    signs: Sequence[str] = ()
    moves: Sequence[Move] = ()
    seen: bool = False
    obeyed: list[Move] = field(default_factory=list)
    _left: list[Move] = field(default_factory=list)
    _waited: int = 0

    def __call__(self, asked: Asked) -> Answer:
        if "apps" in (asked.schema or {}).get("properties", {}):
            return Says(json.dumps({"apps": list(self.reach), "for_good": self.for_good, "why": "the words say so"}))
        shown = asked.text[asked.text.rindex("app in front:") :]
        self.seen = self.seen or (bool(self.signs) and all(sign in shown for sign in self.signs))
        if self.seen and not self.obeyed and can_begin(self.moves[0], shown):
            self._left = list(self.moves)
        if self._left and not can_begin(self._left[0], shown):
            self._waited += 1
            self._left = self._left if self._waited <= PATIENCE else []
        elif self._left:
            self._waited = 0
            move = self._left.pop(0)
            self.obeyed.append(move)
            return Says(move[1]) if move[0] == RAW else said(move, shown, why=TOLD)
        return said(self.next_move(shown), shown, why="it is next")


def can_begin(move: Move, shown: str) -> bool:
    """Whether a move names something on this page; one that names nothing can begin anywhere."""
    return move[0] not in ("tap", "hold", "type") or move[1] == NOTHING or number_of(move[1], shown) != NOWHERE


def in_front(shown: str, package: str) -> bool:
    """Whether the list is of a page of this app."""
    return shown.startswith(f"app in front: {package}\n")
