"""Eyes for healing: the recorded look of a step's target, sought on a picture of now, after the tree did not tell.

Asked by `replay.healing` only when healing by the tree has failed, so no picture is taken while a replay finds its
way. Two answers are possible: an element that looks as the recorded one did (`Eyes.element`), which is one proof among
others for `perception.healing.heal`; and, where the element tree is silent (a game, a canvas, a page within a page), a
place to tap (`Eyes.place`). What shows words is sought by its words, through a reader of words, and never by its look:
two rows look alike. What shows none is sought by its look. Neither is told where it is there twice.
A protected window gives no picture, and nothing is done then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from device.errors import AskOwner, ReadAgain
from device.protocol import Picture
from perception.element import Bounds, Element
from perception.healing.picture import seen_at, sign_in, words_in
from perception.identity import identity
from perception.screen import Screen
from perception.selector import Selector
from perception.vision.errors import PackageMissing, VisionError
from perception.vision.image import Image, decode
from perception.vision.read_screen import silent_part
from perception.vision.reader import Reader
from perception.words import normal, plain


@dataclass(frozen=True, slots=True)
class Look:
    """One picture of now, of the screen it was taken on."""

    taken: Picture
    image: Image
    screen: Screen


@dataclass
class Eyes:
    """Looks at the phone.

    Args:
        take: takes a picture of the phone: `Device.picture`.
        reader: gives the reader of words there is, None if there is none; asked once, when first needed.
    """

    take: Callable[[], Picture]
    reader: Callable[[], Reader | None] = lambda: None
    _reader: list[Reader | None] = field(default_factory=list)
    _told: bool = False

    def look(self, screen: Screen) -> Look | str:
        """A picture of the screen as it is; or in words why there is none.

        Raises:
            Reconnect: the phone was lost.
        """
        try:
            taken = self.take()
            image = decode(taken)
        except (AskOwner, ReadAgain, VisionError) as error:
            return f"there is no picture to look at: {error.cause}"
        if image.size != screen.size:
            return "the picture is of another size than the screen"
        return Look(taken, image, screen)

    def element(self, recorded: bytes, target: Element, look: Look) -> Element | str:
        """The element of now that looks as the recorded one did on the recorded picture (PNG or JPEG bytes)."""
        then = _decoded(recorded)
        return then if isinstance(then, str) else seen_at(then, target, look.screen, look.image)

    def place(self, recorded: bytes, then: Screen, target: Element, selector: Selector, look: Look) -> Bounds | str:
        """Where the target is on a page whose tree is silent; or in words why that is not told.

        Args:
            selector: the step's, filled; what its slots stand for has to be read there, literally.
        """
        silent = silent_part(look.screen)
        if silent is None:
            return "the element tree is not silent here"
        one, other = identity(then), identity(look.screen)
        if (one.package, one.activity) != (other.package, other.activity):
            return "another page is in front"
        words = _shown_words(then, target, selector)
        box = self._read(words, look, silent) if words else self._signed(recorded, target, selector, look, silent)
        if isinstance(box, str) or (box.meet(silent) == box and box.area_px):
            return box
        return "what was found reaches out of the silent part of the page"

    def _signed(self, recorded: bytes, target: Element, selector: Selector, look: Look, silent: Bounds) -> Bounds | str:
        if selector.filled_with:
            return "what a slot stands for is not said by a look"
        then = _decoded(recorded)
        return then if isinstance(then, str) else sign_in(then, target, look.image, silent)

    def _read(self, words: str, look: Look, silent: Bounds) -> Bounds | str:
        if not self._reader:
            self._reader.append(self.reader())
        reader = self._reader[0]
        if reader is None:
            told, self._told = self._told, True
            return "" if told else "there is no reader of words: install the extra `ocr`, or tesseract"
        try:
            return words_in(reader.read(look.image, silent), words)
        except VisionError as error:
            return f"the words on the picture cannot be read: {error.cause}"


def reader_at_hand() -> Reader | None:
    """The reader of words that is installed: rapidocr, else tesseract; None if neither is."""
    from perception.vision.packages import rapidocr
    from perception.vision.rapid import RapidReader
    from perception.vision.tesseract import TesseractReader

    try:
        rapidocr()
        return RapidReader()
    except PackageMissing:
        reader = TesseractReader()
        return reader if reader.present else None


def _decoded(recorded: bytes) -> Image | str:
    if not recorded:
        return "no picture was kept when it was recorded"
    media = "image/png" if recorded.startswith(b"\x89PNG") else "image/jpeg"
    try:
        return decode(Picture(recorded, media, datetime.fromtimestamp(0, UTC)))  # type: ignore[arg-type]  # one of two
    except VisionError as error:
        return f"the recorded picture cannot be used: {error.cause}"


def _shown_words(then: Screen, target: Element, selector: Selector) -> str:
    """What the target shows in words, with this run's values; "" for a sign. A description is not to be seen."""
    shown = [normal(one.text) for one in then.subtree(target) if one.visible]
    shown = [text for text in shown if any(map(str.isalnum, text))]
    if not shown:
        return ""
    words = plain(selector.name)
    return words if selector.filled_with or normal(words) in shown else shown[0]
