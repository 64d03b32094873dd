"""The tesseract reader: Debian's `tesseract` program, if it is there. Small and quick, and reads worse than rapidocr.

One run of the program for each picture, fed through a pipe: nothing is kept in memory and no file is written. Sparse
text (page segmentation 11) fits screens, whose words stand apart; a box that is one line high is read as one line (7).
The program's environment is ours but for one thread (OpenMP otherwise takes every core and is slower).
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from typing import Final

from perception.element import Bounds
from perception.vision.errors import PackageMissing, ReaderFailed
from perception.vision.image import Image, Pixels
from perception.vision.packages import opencv
from perception.vision.reader import Line, in_reading_order, part

TIMEOUT_S: Final = 30.0  # a whole screen takes 1 to 3 s
ONE_LINE_MAX: Final = 0.12  # height by width of a box read as one line
DARK_MAX: Final = 110  # mean brightness of 255: darker pictures are turned around, the models know black on white
_FIELDS: Final = ("level", "page_num", "block_num", "par_num", "line_num", "left", "top", "width", "height", "conf")


class TesseractMissing(PackageMissing):
    """The program is not on the path."""

    def __init__(self, program: str) -> None:
        super().__init__(program, "ocr")
        self.next_step = "apt-get install tesseract-ocr, or pip install 'mobimem[ocr]' for the other reader."
        self.args = (f"{self.cause}. {self.next_step}",)


class TesseractReader:
    """Reads with the program. Keeps the contract of `Reader`.

    Args:
        languages: tesseract's names, joined with "+"; each needs its package (`tesseract-ocr-chi-sim`).
        program: its name or path.
    """

    name = "tesseract"

    def __init__(self, languages: str = "eng", *, program: str = "tesseract") -> None:
        self._languages, self._program = languages, program

    @property
    def present(self) -> bool:
        return shutil.which(self._program) is not None

    def read(self, image: Image, box: Bounds | None = None) -> tuple[Line, ...]:
        if not self.present:
            raise TesseractMissing(self._program)
        cut, left, top = part(image, box)
        one_line = box is not None and cut.height_px <= ONE_LINE_MAX * cut.width_px
        lines = _lines(self._run(_as_png(cut.rgb), "7" if one_line else "11"), left, top)
        return in_reading_order(lines)

    def release(self) -> None:
        """Nothing is held between two reads."""

    def _run(self, png: bytes, segmentation: str) -> str:
        command = [self._program, "stdin", "stdout", "-l", self._languages, "--psm", segmentation, "tsv"]
        try:
            done = subprocess.run(
                command,
                input=png,
                capture_output=True,
                timeout=TIMEOUT_S,
                check=True,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except subprocess.TimeoutExpired as error:
            raise ReaderFailed(f"tesseract gave no answer within {TIMEOUT_S:g} s") from error
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ReaderFailed(f"tesseract ended with {error.returncode}: {said[-1] if said else 'no word'}") from error
        except OSError as error:
            raise ReaderFailed(f"tesseract cannot be started: {error}") from error
        return done.stdout.decode("utf-8", "replace")


def _as_png(rgb: Pixels) -> bytes:
    cv2 = opencv()
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    if cv2.mean(grey)[0] < DARK_MAX:
        grey = cv2.bitwise_not(grey)
    data: bytes = cv2.imencode(".png", grey, (cv2.IMWRITE_PNG_COMPRESSION, 1))[1].tobytes()
    return data


def _lines(table: str, left: int, top: int) -> list[Line]:
    """Lines of tesseract's table of words; a line's confidence is the mean of its words', 0..1."""
    words: dict[tuple[str, ...], list[tuple[str, Bounds, float]]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if not text or any(not row.get(name) for name in _FIELDS) or float(row["conf"]) < 0:
            continue
        x, y, width, height = (int(row[name]) for name in ("left", "top", "width", "height"))
        box = Bounds(left + x, top + y, left + x + width, top + y + height)
        key = tuple(row[name] for name in ("page_num", "block_num", "par_num", "line_num"))
        words.setdefault(key, []).append((text, box, float(row["conf"]) / 100))
    return [_line(parts) for parts in words.values()]


def _line(words: list[tuple[str, Bounds, float]]) -> Line:
    boxes = [box for _, box, _ in words]
    around = Bounds(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
    return Line(" ".join(text for text, _, _ in words), around, sum(sure for _, _, sure in words) / len(words))
