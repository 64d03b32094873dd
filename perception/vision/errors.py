"""What can go wrong while looking at pictures, grouped by what to do next.

    VisionError
    +-- PackageMissing        an optional package is not installed: install the extra that is named
    +-- PictureRefused        these bytes are no picture we may or can look at: take another one
    |   +-- PictureTooLarge   more bytes or pixels than any phone's screen has
    |   +-- PictureDamaged    cut short, of another kind, or no picture at all
    +-- PatchUnusable         what was cut out shows nothing that could be found again
    +-- ReaderFailed          the OCR engine broke off or did not answer in time

Not finding something, or finding it twice, is no error: it is an answer of `perception.vision.find`.
"""

from __future__ import annotations

from perception.errors import PerceptionError


class VisionError(PerceptionError):
    """Root of the errors of looking at pictures."""


class PackageMissing(VisionError):
    """An optional package is not installed. `extra` is the one that brings it."""

    def __init__(self, package: str, extra: str) -> None:
        self.package, self.extra = package, extra
        super().__init__(f"{package} is not installed", next_step=f"pip install 'mobimem[{extra}]'")


class PictureRefused(VisionError):
    """These bytes are no picture we may or can look at."""

    next_step = "Take another picture of the screen."


class PictureTooLarge(PictureRefused):
    next_step = "No phone's screen is this large: find out where the picture comes from."


class PictureDamaged(PictureRefused):
    next_step = "Take another picture; if they keep coming damaged, look at the connection with `mobimem doctor`."


class PatchUnusable(VisionError):
    next_step = "Cut out more of the screen around it, or find the element by its text or id."


class ReaderFailed(VisionError):
    next_step = "Read again, or use another reader (`rapidocr` or `tesseract`)."
