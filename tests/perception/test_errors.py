"""The picture at the top of `perception.errors` and its classes stay together."""

from __future__ import annotations

import inspect
import re

from perception import errors


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    drawn = set(re.findall(r"^ {4}[|+\- ]*([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE))
    classes = {name for name, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__}

    assert drawn == classes


def test_every_error_says_what_was_seen_and_what_to_do_next() -> None:
    error = errors.HierarchyEmpty("nothing there")

    assert str(error) == f"nothing there. {errors.HierarchyEmpty.next_step}"
    assert isinstance(error, errors.PerceptionError)
