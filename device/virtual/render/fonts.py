"""Fonts: which files of this machine draw which characters, how wide words are and where lines break.

Latin comes from the first of Roboto, Noto Sans, Open Sans, Liberation Sans and DejaVu that is installed (else from
the font inside Pillow), other characters from the first further font that has them, character by character, so
mixed text draws right. A character no font has is drawn as a box; `missing_scripts()` says which package would help.
Nothing is downloaded and nothing is read on import. Measures depend on the fonts installed: two machines may break a
line at different places.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

from device.virtual.render.coverage import Coverage, UnreadableFont, read_coverage
from device.virtual.render.wrapping import break_lines

LINE_HEIGHT = 1.3  # of the text size; Android's Roboto with font padding is 1.33, Material's body text 1.43
CJK_PACKAGE = "fonts-noto-cjk"

_FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
    "/System/Library/Fonts", "/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip

# (regular, bold, index of the face in a collection), the better ones first
_LATIN = (
    ("Roboto-Regular.ttf", "Roboto-Medium.ttf", 0),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", 0),
    ("OpenSans-Regular.ttf", "OpenSans-Semibold.ttf", 0),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf", 0),
    ("DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf", 0),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", 0),
    ("Arial.ttf", "Arial Bold.ttf", 0),
    ("arial.ttf", "arialbd.ttf", 0),
)
_OTHERS = (
    ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", 2),  # 2: simplified Chinese
    ("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf", 0),
    ("NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf", 0),
    ("wqy-microhei.ttc", "", 0),
    ("wqy-zenhei.ttc", "", 0),
    ("DroidSansFallbackFull.ttf", "", 0),
    ("PingFang.ttc", "", 0),
    ("msyh.ttc", "msyhbd.ttc", 0),
    ("NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf", 0),
    ("NotoSansHebrew-Regular.ttf", "NotoSansHebrew-Bold.ttf", 0),
    ("NotoSansThai-Regular.ttf", "NotoSansThai-Bold.ttf", 0),
    ("NotoSansDevanagari-Regular.ttf", "NotoSansDevanagari-Bold.ttf", 0),
    ("DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf", 0),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", 0),
    ("NotoEmoji-Regular.ttf", "", 0),
    ("NotoSansSymbols-Regular.ttf", "", 0),
    ("NotoSansSymbols2-Regular.ttf", "", 0),
    ("Symbola.ttf", "", 0),
)
_SCRIPTS = (
    ("Latin", "Aä", "fonts-roboto"),
    ("Chinese", "汉漢", CJK_PACKAGE),
    ("Japanese", "あア", CJK_PACKAGE),
    ("Korean", "한", CJK_PACKAGE),
)
DRAWN = {  # characters drawn as icons, whatever fonts there are: few text fonts have them
    "\u232b": "backspace", "\u21e7": "shift", "\u21b5": "enter", "\u23ce": "enter", "\u2713": "check",
    "\u2714": "check", "\u2715": "close", "\u2605": "star", "\u2764": "heart", "\u2665": "heart", "\u26a0": "warning",
}  # fmt: skip
_BUILT_IN = Coverage((0x20, 0xA0), (0x7E, 0xFF))  # what the font inside Pillow draws for sure


@dataclass(frozen=True, slots=True)
class MissingScript:
    """A script that is drawn as boxes, and the Debian package whose fonts hold it."""

    script: str
    example: str
    debian_package: str


@dataclass(frozen=True, slots=True)
class Face:
    """One typeface on the disk. `bold` is None where the family has no heavy cut (it is then drawn twice)."""

    regular: Path | None  # None: the font inside Pillow
    bold: Path | None
    index: int
    coverage: Coverage

    def font(self, size_px: float, bold: bool) -> ImageFont.FreeTypeFont:
        return _load(self.bold if bold and self.bold is not None else self.regular, self.index, round(size_px, 2))


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text one face draws; `face` is None for characters drawn as icons or boxes."""

    face: Face | None
    words: str


class FontSet:
    """The faces in use, the preferred first.

    Args:
        folders: where to look for font files, with everything below. None takes the system's usual places.
    """

    def __init__(self, folders: tuple[Path, ...] | None = None) -> None:
        places = tuple(Path(name).expanduser() for name in _FOLDERS) if folders is None else folders
        files = _files(places)
        latin = next((face for names in _LATIN if (face := _face(files, *names)) is not None), None)
        first = latin or Face(None, None, 0, _BUILT_IN)
        rest = (_face(files, *names) for names in _OTHERS if files.get(names[0]) != first.regular)
        self.faces: tuple[Face, ...] = (first, *(face for face in rest if face is not None))
        self._of_character: dict[str, Face | None] = {}

    def face_for(self, character: str) -> Face | None:
        """The first face that has this character; None if it is drawn as an icon or a box."""
        if character not in self._of_character:
            code = ord(character)
            faces = () if character in DRAWN else self.faces
            self._of_character[character] = next((face for face in faces if code in face.coverage), None)
        return self._of_character[character]

    def runs(self, words: str) -> tuple[Run, ...]:
        """The text cut into stretches of one face each. Characters without a shape of their own are dropped."""
        found: list[Run] = []
        for character in words:
            face = self.face_for(character)
            if face is None and _is_silent(character):
                continue
            if character.isspace() and found and found[-1].face is not None:
                face = found[-1].face if ord(character) in found[-1].face.coverage else face
            if found and found[-1].face is face:
                found[-1] = Run(face, found[-1].words + character)
            else:
                found.append(Run(face, character))
        return tuple(found)

    def missing_scripts(self) -> tuple[MissingScript, ...]:
        """The scripts the phone's languages use and no installed font has."""
        return tuple(
            MissingScript(script, example, package)
            for script, example, package in _SCRIPTS
            if any(self.face_for(character) is None for character in example)
        )


class TextMeasure:
    """How wide text is and where it breaks, in px, with the fonts it will be drawn with. Safe from any thread."""

    def __init__(self, fonts: FontSet | None = None) -> None:
        self.fonts = fonts or system_fonts()
        self._width = lru_cache(maxsize=16384)(self._measure)
        self._wrap = lru_cache(maxsize=4096)(self._break)

    def width(self, words: str, size_px: float, bold: bool = False) -> float:
        """The advance of one line of text. Line breaks in it count nothing."""
        return self._width(words, round(size_px, 2), bold)

    def wrap(
        self, words: str, size_px: float, bold: bool = False, max_width_px: float = 0, max_lines: int = 0
    ) -> tuple[str, ...]:
        """The text as lines no wider than `max_width_px`; at most `max_lines` (0: all), the last ending in "…".

        Spaced scripts break between words, Chinese, Japanese and Korean between characters but not before closing
        punctuation; a word wider than a line is cut. The empty text is one empty line.
        """
        return self._wrap(words, round(size_px, 2), bold, max_width_px, max_lines)

    def line_height(self, size_px: float) -> int:
        """The height of one line, the same whatever fonts are installed."""
        return round(size_px * LINE_HEIGHT)

    def _measure(self, words: str, size_px: float, bold: bool) -> float:
        total = 0.0
        for run in self.fonts.runs(words):
            if run.face is None:
                total += sum(box_advance(character) for character in run.words) * size_px
            else:
                total += run.face.font(size_px, bold).getlength(run.words)
        return total

    def _break(self, words: str, size_px: float, bold: bool, max_width_px: float, max_lines: int) -> tuple[str, ...]:
        return break_lines(words, lambda part: self._width(part, size_px, bold), max_width_px, max_lines)


def box_advance(character: str) -> float:
    """Width of the icon or box drawn for a character, in text sizes."""
    return 1.0 if character in DRAWN or unicodedata.east_asian_width(character) in "WF" else 0.6


@cache
def system_fonts() -> FontSet:
    """The fonts of this machine, looked up once."""
    return FontSet()


def missing_scripts() -> tuple[MissingScript, ...]:
    """What `mobimem doctor` shows: scripts that would be drawn as boxes on this machine."""
    return system_fonts().missing_scripts()


def _is_silent(character: str) -> bool:
    """True for controls, joiners and variation selectors, which are no shapes."""
    return unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me")


def _files(folders: tuple[Path, ...]) -> dict[str, Path]:
    """Font files by name. Where a name occurs twice, the first in sorted order counts."""
    found: dict[str, Path] = {}
    for folder in folders:
        for place, below, names in os.walk(folder):
            below.sort()
            for name in sorted(names):
                if name.lower().endswith((".ttf", ".otf", ".ttc")):
                    found.setdefault(name, Path(place) / name)
    return found


def _face(files: dict[str, Path], regular: str, bold: str, index: int) -> Face | None:
    if regular not in files:
        return None
    try:
        coverage = read_coverage(files[regular], index)
    except UnreadableFont:
        return None  # a damaged file counts as not installed
    return Face(files[regular], files.get(bold), index, coverage)


@lru_cache(maxsize=256)
def _load(file: Path | None, index: int, size_px: float) -> ImageFont.FreeTypeFont:
    if file is None:
        built_in = ImageFont.load_default(size_px)
        if not isinstance(built_in, ImageFont.FreeTypeFont):
            raise UnreadableFont("this Pillow has no FreeType: install a Pillow wheel from PyPI")
        return built_in
    return ImageFont.truetype(str(file), size_px, index=index, layout_engine=ImageFont.Layout.BASIC)
