"""What can go wrong while remembering, grouped by what to do next.

    MemoryFault
    +-- StoreHeld                another process owns the data folder: work through it, or stop it
    +-- StoreDamaged             the truth's file is no sound database: nothing was overwritten, a copy is named
    +-- StoreTooNew              a later release wrote it: update
    +-- ExtraMissing             an optional package is not installed: install the extra named
    +-- EmbedderFault            words cannot be made into vectors
    |   +-- EmbedderNotSetUp     its files are not there: run the set-up
    |   +-- WeightsRefused       the files are not the ones this project was checked with
    |   +-- EmbedderUnreachable  the endpoint does not answer as it should
    +-- NothingToRemember        the text holds no words
    +-- NotRemembered            there is nothing with that id
    +-- NoSuchPreset             the retrieval asked for has no such name
    +-- NotAnExport              what shall be taken in is no export of a memory

Like the other packages' errors each carries `cause` and `next_step`; a test holds this picture and the classes
together. Finding nothing is no error: it is an empty answer.
"""

from __future__ import annotations


class MemoryFault(Exception):
    """Root of memory's errors. `str()` gives cause and next step in one line."""

    next_step = "Run `mobimem doctor` and follow what it says."

    def __init__(self, cause: str, *, next_step: str | None = None) -> None:
        self.cause = cause
        if next_step is not None:
            self.next_step = next_step
        super().__init__(f"{cause}. {self.next_step}")


class StoreHeld(MemoryFault):
    """Another process owns the data folder. `holder` tells which, as far as it is known."""

    next_step = "Work through that process, or stop it and try again."
    holder = ""

    def __init__(self, cause: str, *, holder: str = "", next_step: str | None = None) -> None:
        self.holder = holder
        super().__init__(cause, next_step=next_step)


class StoreDamaged(MemoryFault):
    next_step = "Restore an older copy of the file, or move it away to start with an empty memory."


class StoreTooNew(MemoryFault):
    next_step = "Update mobimem; nothing was changed."


class ExtraMissing(MemoryFault):
    """A package is not installed. The message names the extra that brings it."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed", next_step=f"Run `pip install 'mobimem[{extra}]'`.")


class EmbedderFault(MemoryFault):
    """Words cannot be made into vectors."""


class EmbedderNotSetUp(EmbedderFault):
    next_step = "Run `mobimem setup`."


class WeightsRefused(EmbedderFault):
    next_step = "Run `mobimem setup` again, or give it another file or mirror; nothing was installed."


class EmbedderUnreachable(EmbedderFault):
    next_step = "Check the endpoint's address, key and model name, then try again."


class NothingToRemember(MemoryFault):
    next_step = "Say it in words."


class NotRemembered(MemoryFault):
    next_step = "List what is remembered with `mobimem memory list`."


class NoSuchPreset(MemoryFault):
    next_step = "Use one of the names it lists."


class NotAnExport(MemoryFault):
    next_step = "Give a file that `mobimem memory export` wrote; nothing was changed."
