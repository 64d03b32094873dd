"""The scripted model of `mobimem eval tasks`: a script for each task, and no model.

It gets what any model would get - one HTTP request with the owner's words and the numbered list of the screen - and
nothing else: the task is found by the words, the values are read out of them, and what a move is about is found by its
name in the list. A thing that is not shown is scrolled to, and given up where that does not show it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mobimem.evals.scripted_moves import choice, numbered
from mobimem.evals.tasks_task import Move, Task
from mobimem.llm.scripted import Asked, Says

SCROLLS_MAX: Final = 8  # in search of one thing
_WORDS: Final = re.compile(r"^.*The (?:task, in the )?owner's words: (.*)$", re.MULTILINE)
_NUMBERED: Final = re.compile(r" *(\d+)  ")
_QUOTED: Final = re.compile(r'"([^"\n]*)"')
_SCRIPT: Final = "the script says so"
_NOT_DONE: Final = "Your last choice was not carried out"
_KNOWN: Final = "This task is known. One of its steps does not fit"


@dataclass(slots=True)
class _Way:
    """How far one task is."""

    task: Task
    values: Mapping[str, str]
    at: int = 0
    scrolls: int = 0
    last: Move | None = None


@dataclass
class Brain:
    """The script of the server. `unknown` are the words it has no script for."""

    tasks: Sequence[Task]
    unknown: list[str] = field(default_factory=list)
    _ways: dict[str, _Way] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Says:
        words = _said(asked)
        if "apps" in (asked.schema or {}).get("properties", {}):
            return self._reach(words)
        way = self._ways.get(words) or self._way(words)
        if way is None:
            return choice("give_up", why="there is no script for these words")
        shown = asked.text[asked.text.rindex("app in front:") :]
        if _KNOWN in asked.text:
            return _furthest(way, shown)
        if _NOT_DONE in asked.text and way.last is not None and way.at > 0:
            way.at -= 1
        return _next(way, shown)

    def _reach(self, words: str) -> Says:
        self._ways.pop(words, None)
        way = self._way(words)
        apps = [] if way is None else list(way.task.reach or (way.task.app,))
        for_good = way is not None and bool(way.task.final)
        results = [] if way is None else [move.on for move in way.task.script if move.act == "report"]
        why = "the script of these words says so"
        answer = {"apps": apps or ["none"], "for_good": for_good, "results": results, "why": why}
        return Says(json.dumps(answer))

    def _way(self, words: str) -> _Way | None:
        """The script of the task whose own words these have most of."""
        found = [(task, values) for task in self.tasks if task.script and (values := task.values_in(words)) is not None]
        if not found:
            self.unknown.append(words)
            return None
        task, values = min(found, key=lambda one: sum(map(len, one[1].values())))
        self._ways[words] = _Way(task, values)
        return self._ways[words]


def _said(asked: Asked) -> str:
    found = _WORDS.search(asked.text)
    return "" if found is None else found[1].strip()


def _next(way: _Way, shown: str) -> Says:
    move = way.task.script[min(way.at, len(way.task.script) - 1)]
    number, text = (_number(move, way.values, shown), "") if move.act != "report" else _told(move.text, shown)
    if move.act in ("open", "back", "done") or number is not None or text:
        way.at, way.scrolls, way.last = way.at + 1, 0, move
        return _as_choice(move, way.values, number, text)
    way.last = None
    if way.scrolls < SCROLLS_MAX and re.search(r"^ *\d+  list", shown, re.MULTILINE):
        way.scrolls += 1
        return choice("scroll", direction="down", why=f"{move.on!r} may stand further down")
    return choice("give_up", why=f"{move.on!r} is not shown")


def _furthest(way: _Way, shown: str) -> Says:
    """In a task that is known: the last move that can be made here and has not been."""
    for move in reversed(way.task.script):
        number = _number(move, way.values, shown)
        held = f'holds "{move.text.format(**way.values)}"' in shown
        if number is not None and move != way.last and not (move.act == "type" and held):
            way.last = move
            return _as_choice(move, way.values, number)
    return choice("give_up", why="nothing of the script fits this screen")


def _number(move: Move, values: Mapping[str, str], shown: str) -> int | None:
    """The number of the line that a move is about: the one named so exactly, else the one that names it."""
    if move.act not in ("tap", "type"):
        return None
    name, lines = move.on.format(**values), numbered(shown)
    if move.act == "type":
        lines = [(number, line) for number, line in lines if line.startswith("field")]
    else:
        lines = [(number, line) for number, line in lines if not line.startswith(("list", "field"))] or lines
    exact = _naming(f'"{name}"', lines)
    found = exact or _naming(name, lines)
    return found[move.nth] if len(found) > move.nth else None


def _told(form: str, shown: str) -> tuple[int | None, str]:
    """The first text of the list that is of this form, and the number of its line, if that has one; else ""."""
    for line in shown.splitlines():
        number = _NUMBERED.match(line)
        for text in _QUOTED.findall(line):
            if re.fullmatch(form, text):
                return (None if number is None else int(number[1])), text
    return None, ""


def _naming(text: str, lines: Iterable[tuple[int, str]]) -> list[int]:
    return [number for number, line in lines if text.casefold() in line.casefold()]


def _as_choice(move: Move, values: Mapping[str, str], number: int | None, text: str = "") -> Says:
    match move.act:
        case "open":
            return choice("open_app", why=_SCRIPT, app=move.on)
        case "type":
            return choice("type", why=_SCRIPT, element=number, text=move.text.format(**values))
        case "tap":
            return choice("tap", why=_SCRIPT, element=number)
        case "report":
            return choice("report", why=_SCRIPT, element=number, result=move.on, text=text)
        case _:
            return choice(move.act, why=_SCRIPT)
