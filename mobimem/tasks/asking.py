"""Questions to the owner, as data. Who puts them - a terminal, later an API - is the caller's; never a model's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

from mobimem.errors import NotDone

Kind: TypeAlias = Literal["reading", "slot", "tie", "model", "doubt", "end", "meant", "again"]
YES: Final = "yes"
NO: Final = "no"
YES_OR_NO: Final = (YES, NO)
YESES: Final = ("y", "yes", "j", "ja", "是")
NOES: Final = ("n", "no", "nein", "否", "不")
NONE_OF_THESE: Final = "none of these"  # the last choice where words have several readings
ALWAYS: Final = "always:"  # before an answer: it holds from now on, and not only for this run


@dataclass(frozen=True, slots=True)
class AskedOwner:
    """One question.

    `kind`: which of several readings of the words is meant (reading), a value that is open (slot), several that fit
    (tie), something the model wants to know (model), something the model would do that the owner did not say (doubt),
    whether the task is done (end), whether what was understood is meant (meant), whether an earlier try is gone on with
    (again). `says` is ours; `quoted` is what a model said, which may repeat what it read on a
    screen, and must be shown as such. `choices` are the only answers, where there are any. Of a value: `said` is what
    stands for it in the words ("" for nothing), `app` the package of the task it is for.
    """

    kind: Kind
    says: str
    choices: tuple[str, ...] = ()
    quoted: str = ""
    slot: str = ""
    said: str = ""
    app: str = ""

    @property
    def may_last(self) -> bool:
        """Whether it may be answered once and for all: a value may, a doubt about one step may not."""
        return self.kind in ("slot", "tie")

    def answered_by(self, typed: str) -> str | None:
        """What is answered by what a person typed: a choice by itself or by its number; None for no answer to it."""
        typed = typed.strip()
        if not self.choices:
            return typed or None
        if self.choices == YES_OR_NO:
            return YES if typed.casefold() in YESES else NO if typed.casefold() in NOES else None
        if typed in self.choices:
            return typed
        return self.choices[int(typed) - 1] if typed.isdecimal() and 1 <= int(typed) <= len(self.choices) else None


class StoppedAsking(NotDone):
    """The owner said stop while an answer was waited for."""


class Asker(Protocol):
    """Who puts questions to the owner."""

    def ask(self, question: AskedOwner) -> str | None:
        """The owner's answer, one of the choices where there are any; None if nobody answers, or not in time.

        Raises:
            StoppedAsking: the owner said stop.
        """
        ...


class NobodyThere:
    """No question is answered: the task ends, not done, and says what was to be asked."""

    def ask(self, question: AskedOwner) -> str | None:
        return None


def cut_always(typed: str) -> tuple[str, bool]:
    """What was typed without "always:" before it, and whether that stood there."""
    lasting = typed.strip().casefold().startswith(ALWAYS)
    return (typed.strip()[len(ALWAYS) :].strip() if lasting else typed.strip()), lasting
