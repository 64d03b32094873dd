"""The optional packages behind looking at pictures, imported when first used and nowhere else.

`vision` brings numpy and OpenCV (headless; 0.45 s to import), `ocr` brings rapidocr and onnxruntime. They are
handed out as `Any`: whoever has not installed them can still type-check the project.
"""

from __future__ import annotations

import importlib
from typing import Any, Final

from perception.vision.errors import PackageMissing

VISION: Final = "vision"
OCR: Final = "ocr"


def numpy() -> Any:
    """The module `numpy`.

    Raises:
        PackageMissing: the extra `vision` is not installed.
    """
    return _module("numpy", VISION)


def opencv() -> Any:
    """The module `cv2`.

    Raises:
        PackageMissing: the extra `vision` is not installed.
    """
    return _module("cv2", VISION)


def rapidocr() -> Any:
    """The module `rapidocr`.

    Raises:
        PackageMissing: the extra `ocr` is not installed, or only a part of it.
    """
    _module("onnxruntime", OCR)
    return _module("rapidocr", OCR)


def _module(name: str, extra: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise PackageMissing(name, extra) from error
