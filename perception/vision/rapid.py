"""The rapidocr reader (extra `ocr`): PaddleOCR's models on onnxruntime, shipped in the package, no network.

Reads Latin and Chinese well and needs much: some 600 MB while it works on a screen. So the models are loaded with the
first `read`, and `release_if_idle` lets go of them; whoever keeps a reader for long calls it now and then.
One picture at a time: a lock holds a second caller back.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from perception.element import Bounds
from perception.vision.errors import ReaderFailed
from perception.vision.image import Image
from perception.vision.packages import opencv, rapidocr
from perception.vision.reader import Line, in_reading_order, part

IDLE_S: Final = 60.0  # loading again takes about 1 s; a task that reads at all reads every few seconds
SIDE_MAX_PX: Final = 1280  # words are sought at this size (and read at full size); 2400 takes twice as long
THREADS: Final = 1  # reading must not take the phone's other cores from the rest of the program
_PARAMS: Final = {
    "Global.log_level": "critical",
    "Global.use_cls": False,  # words on a screen do not stand on their heads
    "Det.limit_type": "max",  # the default enlarges a crop of one line to 736 px of height: 2 s instead of 0.2
    "Det.limit_side_len": SIDE_MAX_PX,
    "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
    "EngineConfig.onnxruntime.inter_op_num_threads": THREADS,
}


class RapidReader:
    """Reads with rapidocr. Keeps the contract of `Reader`."""

    name = "rapidocr"

    def __init__(self, *, clock_s: Callable[[], float] = time.monotonic, make: Callable[[], Any] | None = None) -> None:
        """`make` builds the engine; None takes rapidocr's own."""
        self._clock_s, self._make = clock_s, make or _engine
        self._engine: Any = None
        self._used_s = 0.0
        self._lock = threading.Lock()

    @property
    def loaded(self) -> bool:
        return self._engine is not None

    def read(self, image: Image, box: Bounds | None = None) -> tuple[Line, ...]:
        cut, left, top = part(image, box)
        with self._lock:
            if self._engine is None:
                self._engine = self._make()
            try:
                result = self._engine(opencv().cvtColor(cut.rgb, opencv().COLOR_RGB2BGR))
            except Exception as error:  # onnxruntime and rapidocr have no common root of errors
                raise ReaderFailed(f"rapidocr broke off: {type(error).__name__}: {error}") from error
            finally:
                self._used_s = self._clock_s()
        if result.txts is None or result.boxes is None:
            return ()
        read = zip(result.txts, result.boxes, result.scores, strict=True)
        lines = [Line(text.strip(), _box(corners, left, top), float(score)) for text, corners, score in read]
        return in_reading_order([line for line in lines if line.text])

    def release(self) -> None:
        with self._lock:
            self._engine = None
        gc.collect()

    def release_if_idle(self, idle_s: float = IDLE_S) -> bool:
        """Releases if nothing was read for so long; whether it did."""
        if self._engine is None or self._clock_s() - self._used_s < idle_s:
            return False
        self.release()
        return True


def _engine() -> Any:
    return rapidocr().RapidOCR(params=dict(_PARAMS))


def _box(corners: Any, left: int, top: int) -> Bounds:
    """The upright box around four corners."""
    across, down = [float(corner[0]) for corner in corners], [float(corner[1]) for corner in corners]
    return Bounds(left + int(min(across)), top + int(min(down)), left + round(max(across)), top + round(max(down)))
