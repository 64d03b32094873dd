"""Reading a policy file. It is the owner's: one that others can write is refused, and so is what it does not mean.

[[allow]]                                      # or [[ask]], [[refuse]]; docs/policy.md has every key
recipe = "text-someone"
step = "Tap 'Send SMS'"                        # as `mobimem replay show` prints it, or the step's id
values = { contact = "Bob", message = "*" }
by_meaning = true                              # also where other words were understood, or values filled, by memory
"""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any, Final

from mobimem.errors import BadInput
from mobimem.policy.amounts import limit_of
from mobimem.policy.rules import CLASSES, Answer, Policy, Rule

SIZE_MAX: Final = 256 * 1024  # bytes; a rule takes about 150
RULES_MAX: Final = 1000  # all of them are asked before each step
_LISTS: Final[dict[str, Answer]] = {"allow": "run", "ask": "ask", "refuse": "refuse"}
_TEXTS: Final = ("recipe", "step", "app", "side_effect", "contact", "up_to", "above")
_APP: Final = re.compile(r"[\w*]+(?:[.-][\w*]+)*")
_HINT: Final = "docs/cli.md, section Consent, shows one; docs/policy.md has every key."


def read_policy(file: Path, *, otherwise: Answer = "refuse") -> Policy:
    """Reads a policy file, TOML or JSON (by its name).

    Args:
        otherwise: what becomes of an irreversible step that no rule fits.

    Raises:
        BadInput: it is not there, is too large, can be written by others, is not TOML or JSON, or says something it
            should not; names the entry.
    """
    try:
        text = _private_text(file)
        data: Any = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(f"the policy {file} cannot be read ({error})", next_step=_HINT) from error
    lists = list(data.values()) if isinstance(data, dict) else []
    if not lists or not set(data) <= set(_LISTS) or not all(isinstance(one, list) for one in lists):
        raise BadInput(
            f"the policy {file} has to hold lists `allow`, `ask` or `refuse` and nothing else", next_step=_HINT
        )
    if sum(map(len, lists)) > RULES_MAX:
        raise BadInput(f"the policy {file} has more than {RULES_MAX} rules", next_step=_HINT)
    rules = [_rule(entry, kind, number) for kind, entries in data.items() for number, entry in enumerate(entries, 1)]
    return Policy(tuple(rules), otherwise)


def _private_text(file: Path) -> str:
    """What the file holds.

    Raises:
        OSError: it is not there or no plain file. ValueError: too large, or no text. BadInput: others can write it.
    """
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as opened:
        about = os.fstat(opened.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise OSError("it is no file")
        if about.st_mode & stat.S_IWOTH:
            raise BadInput(f"everybody can write the policy {file}", next_step=f"Make it yours: chmod 600 {file}")
        data = opened.read(SIZE_MAX + 1)
    if len(data) > SIZE_MAX:
        raise ValueError(f"it has more than {SIZE_MAX} bytes")
    return data.decode("utf-8")


def _rule(entry: Any, kind: str, number: int) -> Rule:
    where = f"entry {number} of `{kind}`"
    answer = _LISTS[kind]
    known = {*_TEXTS, "values"} - ({"above"} if answer == "run" else {"up_to"}) | (
        {"by_meaning"} if answer == "run" else set()
    )
    if not isinstance(entry, dict) or not entry:
        raise BadInput(f"{where} of the policy holds no conditions", next_step=_HINT)
    if unknown := sorted(set(entry) - known):
        raise BadInput(f"{where} of the policy has {', '.join(unknown)}, which is none of its keys", next_step=_HINT)
    values = entry.get("values", {})
    texts = [entry[key] for key in _TEXTS if key in entry]
    if not isinstance(values, dict) or not all(isinstance(text, str) for text in (*texts, *values.values())):
        raise BadInput(f"{where} of the policy holds something that is no text", next_step=_HINT)
    if empty := [key for key in _TEXTS if key in entry and not entry[key].strip()]:
        raise BadInput(f"{where} of the policy has {', '.join(empty)} with nothing in it", next_step=_HINT)
    if not isinstance(by_meaning := entry.get("by_meaning", False), bool):
        raise BadInput(f"by_meaning of {where} of the policy is neither true nor false", next_step=_HINT)
    _refuse_incomplete(entry, where, answer)
    try:
        limits = {key: limit_of(entry[key]) for key in ("up_to", "above") if key in entry}
    except ValueError as error:
        raise BadInput(f"{where} of the policy: {error}", next_step=_HINT) from error
    return Rule(
        answer=answer, recipe=entry.get("recipe", ""), step=entry.get("step", ""), values=dict(values),
        app=entry.get("app", ""), side_effect=entry.get("side_effect"), contact=entry.get("contact", ""),
        up_to=limits.get("up_to"), above=limits.get("above"), by_meaning=by_meaning, name=f"{kind} {number}",
    )  # fmt: skip


def _refuse_incomplete(entry: dict[str, Any], where: str, answer: Answer) -> None:
    """Raises BadInput where an entry says less, or other things, than its reader would take it for."""
    if "side_effect" in entry and entry["side_effect"] not in CLASSES:
        raise BadInput(
            f"{where} of the policy: {entry['side_effect']!r} is no side effect",
            next_step=f"Write one of {', '.join(CLASSES)}. {_HINT}",
        )
    if "app" in entry and not _APP.fullmatch(entry["app"]):
        raise BadInput(
            f"{where} of the policy: {entry['app']!r} is no app",
            next_step=f"Write a package such as com.example.mail, or com.example.*. {_HINT}",
        )
    if ("step" in entry or "values" in entry) and "recipe" not in entry:
        raise BadInput(f"{where} of the policy names a step or values, and not their recipe", next_step=_HINT)
    if answer == "run" and "recipe" in entry and "step" not in entry:
        raise BadInput(f"{where} of the policy needs recipe and step", next_step=_HINT)
    if answer == "run" and not {"recipe", "app", "contact"} & set(entry):
        raise BadInput(f"{where} of the policy would allow too much: name a recipe, app or contact", next_step=_HINT)
