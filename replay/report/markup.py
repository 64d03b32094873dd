"""Putting strangers' text into HTML: everything a screen, an app or a trace says goes through `text` or `attribute`.

What comes out holds no mark-up, no character that HTML forbids, and no control that could turn the line round a reader
sees (each piece stands in its own direction). Never builds tags from data.
"""

from __future__ import annotations

import html
import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(said: object, most: int = 4000) -> str:
    """A text without what HTML forbids or what turns the lines round it, cut to `most` characters."""
    whole = _TURNING.sub("", _FORBIDDEN.sub("\ufffd", str(said)))
    return whole if len(whole) <= most else whole[: most - 1] + "…"


def text(said: object, most: int = 4000) -> str:
    """A stranger's text as the content of an element or a quoted attribute."""
    return html.escape(clean(said, most), quote=True)


def quoted(said: object, most: int = 4000) -> str:
    """The same in an element of its own, whatever direction its script runs in."""
    return f"<bdi>{text(said, most)}</bdi>"
