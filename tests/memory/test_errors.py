"""The picture of memory's errors is the truth about them."""

from __future__ import annotations

import inspect
import re

from memory import errors


def test_the_picture_names_every_error_under_its_parent() -> None:
    drawn = re.findall(r"^    ((?:\|   |    )*)\+-- (\w+)", errors.__doc__ or "", re.M)
    parents: dict[str, str] = {}
    above = ["MemoryFault"]
    for indent, name in drawn:
        depth = len(indent) // 4 + 1
        above = [*above[:depth], name]
        parents[name] = above[depth - 1]

    classes = {
        name: kind.__bases__[0].__name__
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.MemoryFault) and kind is not errors.MemoryFault
    }
    assert parents == classes


def test_every_error_says_what_to_do_next() -> None:
    assert "pip install 'mobimem[memory]'" in str(errors.ExtraMissing("chromadb", "memory"))
    assert "mobimem setup" in str(errors.EmbedderNotSetUp("it is not there"))
