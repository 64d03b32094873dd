from __future__ import annotations

import importlib
import inspect
import re
from typing import Any

import pytest

from perception.errors import PerceptionError
from perception.vision import errors, packages


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    drawn = set(re.findall(r"^ {4}[|+\- ]*([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE))
    classes = {name for name, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__}

    assert drawn == classes
    assert issubclass(errors.VisionError, PerceptionError)


@pytest.mark.parametrize(
    ("ask", "extra"), [(packages.numpy, "vision"), (packages.opencv, "vision"), (packages.rapidocr, "ocr")]
)
def test_a_missing_package_names_the_extra_to_install(monkeypatch: Any, ask: Any, extra: str) -> None:
    def absent(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)

    with pytest.raises(errors.PackageMissing, match=re.escape(f"pip install 'mobimem[{extra}]'")):
        ask()


def test_importing_the_vision_modules_imports_neither_opencv_nor_an_ocr_engine() -> None:
    import subprocess
    import sys

    names = "image changes restless stable edges patch find reader rapid tesseract read_screen"
    modules = ", ".join(f"perception.vision.{name}" for name in names.split())
    heavy = "{'cv2', 'numpy', 'rapidocr', 'onnxruntime'}"

    done = subprocess.run(
        [sys.executable, "-c", f"import sys, {modules}; print(sorted({heavy} & set(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"
