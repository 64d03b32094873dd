"""What can go wrong with a recipe or a trace, apart from the device itself.

    ReplayError
    +-- RecipeInvalid        the recipe is not one we can play: mend or record it again
    +-- SlotMissing          a slot has no value: ask the owner for it
    +-- TraceError           a trace cannot be used as it is
        +-- TraceDamaged     its content is not what its hashes say, or not a trace: get it again
        +-- TraceTooNew      a later release wrote it: update
        +-- TraceHostile     it breaks a limit or a rule of safety: do not use it

Every error carries `cause` and `next_step`. A run that stops is not an error: the player says why in its `Stop`
command (`replay.player`). A trace cut off by a crash is not damaged: it reads up to its last whole line and says so.
"""

from __future__ import annotations

from collections.abc import Iterable


class ReplayError(Exception):
    """Root of replay's errors."""

    next_step = "Record the task again."

    def __init__(self, cause: str, *, next_step: str | None = None) -> None:
        self.cause = cause
        if next_step is not None:
            self.next_step = next_step
        super().__init__(f"{cause}. {self.next_step}")


class RecipeInvalid(ReplayError):
    """The recipe breaks its own rules; the message names the step and the rule."""

    next_step = "Mend the step it names, or record the task again."


class SlotMissing(ReplayError):
    """Values are missing for slots of a recipe. `slots` names them."""

    def __init__(self, recipe: str, slots: Iterable[str]) -> None:
        self.slots = tuple(sorted(slots))
        given = " ".join(f"--set {slot}=…" for slot in self.slots)
        super().__init__(f"recipe {recipe!r} has no value for {', '.join(self.slots)}", next_step=f"Give {given}.")


class TraceError(ReplayError):
    """A trace cannot be used as it is."""


class TraceDamaged(TraceError):
    next_step = "Get the trace again from where it came; `mobimem replay verify` names each damaged part."


class TraceTooNew(TraceError):
    next_step = "Update mobimem; nothing was read."


class TraceHostile(TraceError):
    next_step = "Do not use this file; nothing of it was unpacked."
