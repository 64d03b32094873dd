"""What can go wrong while making sense of a screen, grouped by what to do next.

    PerceptionError
    +-- HierarchyRefused          this text is no element tree we may or can read: read the screen again
    |   +-- HierarchyTooLarge     more bytes or more elements than any phone shows
    |   +-- HierarchyUnsafe       it declares a document type or entities
    |   +-- HierarchyEmpty        the dumper said so, or there is not one element in it
    |   +-- NotAHierarchy         no XML at all, or XML of something else
    +-- SelectorError             a fault of whoever made or filled the selector
        +-- SelectorMalformed     the data is no selector, or one of a version we do not know
        +-- SlotUnfilled          the selector still holds slots: call `Selector.fill(values)` first

Every error carries `cause` (what was seen) and `next_step` (what the reader does now). A test holds this picture and
the classes together. Not finding an element is no error: it is an answer of `perception.locate`.
"""

from __future__ import annotations


class PerceptionError(Exception):
    """Root of all perception errors. `str()` gives cause and next step in one line."""

    next_step = "Please report this with the screen that caused it."

    def __init__(self, cause: str, *, next_step: str | None = None) -> None:
        self.cause = cause
        if next_step is not None:
            self.next_step = next_step
        super().__init__(f"{cause}. {self.next_step}")


class HierarchyRefused(PerceptionError):
    """This text is no element tree we may or can read."""

    next_step = "Read the screen again."


class HierarchyTooLarge(HierarchyRefused):
    next_step = "Read the screen again; if it stays this large, close the page and go another way to the goal."


class HierarchyUnsafe(HierarchyRefused):
    next_step = "No Android dumper writes this: find out where the text comes from before using it."


class HierarchyEmpty(HierarchyRefused):
    next_step = "Wait for the screen to settle and read it again; a secure window stays empty."


class NotAHierarchy(HierarchyRefused):
    next_step = "Give the output of `uiautomator dump`, uiautomator2's `dump_hierarchy()` or Appium's page source."


class SelectorError(PerceptionError):
    """A fault of whoever made or filled the selector."""


class SelectorMalformed(SelectorError):
    next_step = "Record the step again, or read it with the version that wrote it."


class SlotUnfilled(SelectorError):
    next_step = "Call Selector.fill(values) with a value for every slot before locating."
