"""Asking a model for a plan: the form of its answer, the request, and the plan that comes of it.

The whole plan is judged while the answer is read, so a circle, an unknown app or a plan without end is told to the
model once, as any other answer that is not of the form; a second one that does not fit ends it, and nothing was done.
The model sees the owner's words, the names of the apps, made-up ones of the devices, and the nearest known tasks as
examples. What apps and tasks are called is fenced: whoever made an app chose its name, and what was learnt or imported
once is not the owner speaking now. No fence holds a model that obeys what stands in it; so what a plan says and the
owner's words do not (`unasked`) is shown to the owner before anything is begun.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mobimem.llm.client import Heard, ModelClient, Reply
from mobimem.llm.errors import AnswerUnusable
from mobimem.llm.prompt import Part, Prompt, Question, Said, Untrusted
from mobimem.llm.redaction import Veil
from mobimem.llm.settings import Role
from mobimem.llm.spending import Account
from mobimem.tasks.plan import Known, Plan, PlanRefused, SubTask, faults
from perception.words import normal
from replay.side_effects import is_for_good

PARTS_MAX: Final = 64  # read at all; how many a plan may have is `plan.Bound`'s to say
EXAMPLES_MAX: Final = 6
TEXT_MAX: Final = 2_000
THIS_DEVICE: Final = "this device"

STEM: Final = 5  # letters: "mails" and "mailing" are one word, as in `straying`
_RESULT: Final = re.compile(r"\{[^{}]*\}")
_JOINED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_SPACED_WORD: Final = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4,}")

_PLAN: Final = """\
You divide what the owner of a phone asks for into sub-tasks, each done in one app. Use the owner's own words and names
for each, and add nothing that is not asked for. A sub-task that finds something out names it in results (a short name
such as price); a later sub-task that uses it has that name in braces in its words: text Bob {price}. Where a known
task of the examples does a sub-task, say it in the words of the example. for_good: true only for a sub-task that sends,
pays, deletes, posts, calls or books something. after: sub-tasks to be done first though no result is taken from them.
Name only apps and devices of the lists. As few sub-tasks as possible; one is enough where one does it."""


class PartForm(BaseModel):
    """One sub-task of a plan."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=40, description="a to z, 0 to 9 and _")
    words: str = Field(max_length=TEXT_MAX, description="what to do, in the owner's words; {name} is a result")
    app: str = Field(max_length=255, description="package from the list")
    device: str | None = Field(None, max_length=128, description="name from the list; null where any will do")
    for_good: bool = Field(description="true if it sends, pays, deletes, posts, calls or books something")
    results: list[str] = Field(max_length=16, description="names of what it finds out")
    check: str | None = Field(
        None, max_length=200, description="what the screen says once it is done, word for word; null where not known"
    )
    after: list[str] = Field(max_length=PARTS_MAX, description="names of sub-tasks to be done before")


class PlanForm(BaseModel):
    """The sub-tasks of a task, in order."""

    model_config = ConfigDict(extra="forbid")

    parts: list[PartForm] = Field(min_length=1, max_length=PARTS_MAX)
    why: str = Field(max_length=500)

    def plan(self, words: str) -> Plan:
        """The plan of these words."""
        return Plan(words, tuple(_sub_task(part) for part in self.parts))


def form_for(words: str, known: Known) -> type[PlanForm]:
    """The form of a plan that may run: one that may not is no answer."""

    class FittingPlan(PlanForm):
        @model_validator(mode="after")
        def _may_run(self) -> FittingPlan:
            if found := faults(self.plan(words), known):
                raise ValueError("; ".join(found[:4]))
            return self

    return FittingPlan


def ask_for_plan(
    client: ModelClient, words: str, known: Known, examples: Sequence[str], *, account: Account,
    veil: Veil | None = None, cancelled: threading.Event | None = None, heard: Heard | None = None,
) -> tuple[Plan, Reply[PlanForm]]:  # fmt: skip
    """A plan of these words that may run. The planner is asked; where none is configured, the decider.

    Args:
        known: the apps and devices it may name, and how large it may be.
        examples: the nearest known tasks, as they are said.
        heard: is told of each plan that came, and what is wrong with it.

    Raises:
        PlanRefused: the model's plan could not be done, and neither could the one it gave when told why. ModelError: as
            `ModelClient.ask`.
    """
    role: Role = "planner" if client.has("planner") else "decider"
    serials = _names_of(known.devices)
    shown = replace(known, devices=tuple(serials))
    prompt = Prompt(_PLAN, tuple(_parts(words, shown, examples)))
    try:
        reply = client.ask(
            role, prompt, form_for(words, shown), account=account, redactor=veil or Veil(), cancelled=cancelled,
            heard=heard,
        )  # fmt: skip
    except AnswerUnusable as error:
        raise PlanRefused(f"the model gave no plan that can be done, twice: {error.cause}") from error
    plan = reply.answer.plan(words)
    parts = tuple(replace(part, device=serials.get(part.device, "")) for part in plan.parts)
    return Plan(words, parts), Reply(reply.answer, reply.spent, reply.model, reply.repaired)


def _names_of(devices: Collection[str]) -> dict[str, str]:
    """What a model calls each device -> its serial, which says who made it and whose it is, and is not sent."""
    kept = tuple(devices)
    return {THIS_DEVICE: kept[0]} if len(kept) == 1 else {f"device {n}": one for n, one in enumerate(kept, 1)}


def added(part: SubTask, said: str) -> list[str]:
    """Why a planned sub-task has to be confirmed, whatever it does: its words are not the owner's. Else nothing."""
    more = unasked(part, said)
    return [f"a model planned {part.words!r}, and your words do not say {', '.join(map(repr, more))}"] if more else []


def unasked(part: SubTask, said: str) -> tuple[str, ...]:
    """The words of a planned sub-task that the owner did not say, whatever their ending; results in braces apart.

    Short words of scripts with spaces say little ("its", "the") and do not count.

    Args:
        said: the owner's words for the whole.
    """
    own = normal(said)
    stems = {word[:STEM] for word in _SPACED_WORD.findall(own)}
    words = dict.fromkeys(normal(_RESULT.sub(" ", part.words)).split())
    spaced = [one for word in words for one in _SPACED_WORD.findall(word) if one[:STEM] not in stems]
    joined = [one for word in words for run in _JOINED.findall(word) for one in _pairs(run) if one not in own]
    return tuple(dict.fromkeys((*spaced, *joined)))


def _pairs(run: str) -> list[str]:
    """The characters of a script without spaces, two by two as they stand; one alone is itself."""
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def _parts(words: str, known: Known, examples: Sequence[str]) -> list[Part]:
    bound = known.bound
    parts: list[Part] = [
        Question("The owner's words: ", words),
        Untrusted("the names of the installed packages", "\n".join(known.apps)),
        Said(f"Devices: {', '.join(known.devices) or 'none is named'}"),
        Said(f"At most {bound.parts} sub-tasks, each of at most {bound.words} characters."),
    ]
    if examples:
        parts.append(Untrusted("examples of known tasks", "\n".join(examples[:EXAMPLES_MAX])))
    return parts


def _sub_task(part: PartForm) -> SubTask:
    return SubTask(
        part.name, part.words, "model", app=part.app, device=part.device or "", results=tuple(part.results),
        after=tuple(part.after), check=part.check or "",
        for_good=part.for_good or is_for_good([part.words]),
    )  # fmt: skip
