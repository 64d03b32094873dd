"""`Reader`: what reads words off a picture, and `Line`, what it gives back. The contract of every OCR back end.

A reader is asked for one picture, or one box of it, at a time. It may hold much memory while it works: `release()` lets
go of it, and the next `read` takes it up again. Words are as read: nothing is corrected, and a confidence is the
engine's own, comparable only with others of the same engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from perception.element import Bounds
from perception.vision.image import Image

CONFIDENCE_MIN: Final = 0.6  # rapidocr on the settings page: words 0.94 and more, icons taken for letters 0.54 to 0.82


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words. `box` in px of the whole picture, also when only a part was read; confidence 0..1."""

    text: str
    box: Bounds
    confidence: float


@runtime_checkable
class Reader(Protocol):
    """Reads words off pictures."""

    @property
    def name(self) -> str:
        """What it is called in reports: `rapidocr`, `tesseract`."""
        ...

    def read(self, image: Image, box: Bounds | None = None) -> tuple[Line, ...]:
        """The lines in the box (None: the whole picture), top to bottom and left to right; empty if there are none.

        Reading a box costs a fraction of reading a screen: give one where it is known what is sought.

        Raises:
            ValueError: the box lies outside of the picture.
            PackageMissing: the engine is not installed; `next_step` says how.
            ReaderFailed: the engine broke off. Read again, or use another reader.
        """
        ...

    def release(self) -> None:
        """Lets go of models and memory. Safe to call at any time; the next `read` loads them again."""
        ...


def in_reading_order(lines: list[Line]) -> tuple[Line, ...]:
    """From top to bottom; what overlaps in height by half is one row, read from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (one.box.top + one.box.bottom, one.box.left)):
        middle = (line.box.top + line.box.bottom) / 2
        first = rows[-1][0].box if rows else None
        if first is not None and first.top <= middle < first.bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda one: one.box.left))


def part(image: Image, box: Bounds | None) -> tuple[Image, int, int]:
    """The part to read, and where its corner lies in the picture.

    Raises:
        ValueError: the box lies outside of the picture.
    """
    if box is None:
        return image, 0, 0
    return image.crop(box), max(0, box.left), max(0, box.top)
