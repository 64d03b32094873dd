"""Nothing that stands in a password field is kept: hierarchies lose it before anything else sees them.

Android itself shows bullets, but not always: a field with "show password" switched on, or the letter typed last. So the
text of every password field is replaced by the same few bullets, however long it is; and a field once seen as a
password stays one while it is watched, also when an eye icon makes it readable. Works on the dump's text, before it is
parsed, so that what is stored and what is understood are the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from device.protocol import Reading

BULLETS: Final = "\u2022" * 8
SECRET: Final = "secret://"
_NODE: Final = re.compile(r"<[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_TOKEN: Final = re.compile(r"[a-z0-9]+")


class Redactor:
    """Removes what stands in password fields, reading after reading of one device."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()  # package and id of fields once seen as passwords

    def redacted(self, reading: Reading) -> Reading:
        """The reading without any text of a password field; the same object where there is none."""
        if 'password="true"' not in reading.hierarchy and not self._known:
            return reading
        hierarchy = _NODE.sub(self._node, reading.hierarchy)
        return reading if hierarchy == reading.hierarchy else replace(reading, hierarchy=hierarchy)

    def _node(self, match: re.Match[str]) -> str:
        tag = match[0]
        name = (_attribute(tag, "package"), _attribute(tag, "resource-id"))
        if _attribute(tag, "password") == "true":
            if name[1]:
                self._known.add(name)
        elif name not in self._known:
            return tag
        text = _attribute(tag, "text")
        if not text or text == _attribute(tag, "hint"):
            return tag
        return _replaced(tag, "text", BULLETS)


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf"\s{name}=(?:\"([^\"]*)\"|'([^']*)')", tag)
    return "" if match is None else match[1] or match[2] or ""


def _replaced(tag: str, name: str, value: str) -> str:
    put: Callable[[re.Match[str]], str] = lambda match: f'{match[1]}"{value}"'  # noqa: E731
    return re.sub(rf"(\s{name}=)(?:\"[^\"]*\"|'[^']*')", put, tag, count=1)


def secret_name(package: str, entry: str) -> str:
    """A name to keep a secret under, from the app and the field: `messaging-password`."""
    app = package.rpartition(".")[2] or "app"
    words = [word for word in _TOKEN.findall(entry.lower().replace("_", " ")) if word not in ("edit", "text", "field")]
    return "-".join([app.lower(), *(words or ["password"])])
