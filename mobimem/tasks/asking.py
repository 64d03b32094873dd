"""Questions to the owner, as data. Who puts them - a terminal, later an API - is the caller's; never a model's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

Kind: TypeAlias = Literal["slot", "tie", "model", "doubt", "end"]
YES: Final = "yes"
NO: Final = "no"
YES_OR_NO: Final = (YES, NO)


@dataclass(frozen=True, slots=True)
class AskedOwner:
    """One question.

    `kind`: a value that is open (slot), several that fit (tie), something the model wants to know (model), something
    the model would do that the owner did not say (doubt), whether the task is done (end). `says` is ours; `quoted` is
    what a model said, which may repeat what it read on a screen, and must be shown as such. `choices` are the only
    answers, where there are any.
    """

    kind: Kind
    says: str
    choices: tuple[str, ...] = ()
    quoted: str = ""
    slot: str = ""


class Asker(Protocol):
    """Who puts questions to the owner."""

    def ask(self, question: AskedOwner) -> str | None:
        """The owner's answer, one of the choices where there are any; None if nobody answers, or not in time."""
        ...


class NobodyThere:
    """No question is answered: the task ends, not done, and says what was to be asked."""

    def ask(self, question: AskedOwner) -> str | None:
        return None
