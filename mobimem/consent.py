"""Who says yes to an irreversible step, where it is not a person at the terminal: a policy the owner wrote down.

A policy file (TOML or JSON) lists what is allowed, each entry one recipe and one step of it, and for every slot of the
recipe the value it may have ("*" is any). What no entry allows is refused. It is printed before a run uses it.

    [[allow]]
    recipe = "text-someone"
    step = "Tap 'Send SMS'"                        # as `mobimem replay show` prints it, or the step's id
    values = { contact = "Bob", message = "*" }
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mobimem.errors import BadInput
from perception.words import normal
from replay.player import Decision
from replay.recipe import Recipe, Step

ANY = "*"


@dataclass(frozen=True, slots=True)
class Allowed:
    """One thing that may be done without asking."""

    recipe: str
    step: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        given = ", ".join(
            f"{slot} = {'anything' if value == ANY else repr(value)}" for slot, value in self.values.items()
        )
        return f"{self.recipe}: {self.step}" + (f" with {given}" if given else "")


@dataclass(frozen=True, slots=True)
class Policy:
    """What a file allows; everything else is refused."""

    allowed: tuple[Allowed, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The policy for the reader, one line each."""
        return (*(f"allowed: {one.words}" for one in self.allowed), "everything else: refused")


def read_policy(file: Path) -> Policy:
    """Reads a policy file.

    Raises:
        BadInput: it is not there, not TOML or JSON, or says something it should not; names the entry.
    """
    try:
        text = file.read_text(encoding="utf-8")
        data: Any = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise BadInput(f"the policy {file} cannot be read ({error})", next_step=_HINT) from error
    if not isinstance(data, dict) or set(data) != {"allow"} or not isinstance(data["allow"], list):
        raise BadInput(f"the policy {file} has to hold a list `allow` and nothing else", next_step=_HINT)
    return Policy(tuple(_allowed(entry, number) for number, entry in enumerate(data["allow"], 1)))


class PolicyConsent:
    """Answers for one recipe by a policy."""

    def __init__(self, policy: Policy, recipe: Recipe) -> None:
        self._allowed = [one for one in policy.allowed if normal(one.recipe) == normal(recipe.name)]
        self._slots = set(recipe.slots)

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "run" if any(self._covers(one, step, values) for one in self._allowed) else "refuse"

    def _covers(self, one: Allowed, step: Step, values: Mapping[str, str]) -> bool:
        if one.step != step.id and normal(one.step) != normal(step.says):
            return False
        return set(one.values) == self._slots and all(
            wanted in (ANY, values.get(slot)) for slot, wanted in one.values.items()
        )


def _allowed(entry: Any, number: int) -> Allowed:
    known = {"recipe", "step", "values"}
    if not isinstance(entry, dict) or not {"recipe", "step"} <= set(entry) <= known:
        raise BadInput(f"entry {number} of the policy needs recipe and step, and may have values", next_step=_HINT)
    values = entry.get("values", {})
    texts = [entry["recipe"], entry["step"], *(values.values() if isinstance(values, dict) else [None])]
    if not all(isinstance(text, str) for text in texts):
        raise BadInput(f"entry {number} of the policy holds something that is no text", next_step=_HINT)
    return Allowed(entry["recipe"], entry["step"], dict(values))


_HINT = "docs/cli.md, section Consent, shows one."
