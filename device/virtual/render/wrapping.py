"""Where lines of text break: a pure rule over a measuring function.

Spaced scripts break after spaces and hyphens; Chinese, Japanese and Korean between any two characters, except before
closing and after opening punctuation. A piece wider than the line is cut between characters. This is what Android's
greedy line breaker does; hyphenation and balanced paragraphs are left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

Width = Callable[[str], float]

ELLIPSIS = "…"
_CLOSING = "，。、；：！？）」』】》〉…—,.;:!?)]}%”’"
_OPENING = "（「『【《〈([{“‘"


def break_lines(words: str, width: Width, max_width_px: float, max_lines: int) -> tuple[str, ...]:
    """The lines of `words`. With `max_lines` > 0 the last one takes what remains, cut to fit with an ellipsis."""
    lines: list[str] = []
    paragraphs = words.split("\n")
    for number, paragraph in enumerate(paragraphs):
        rest = paragraph
        while True:
            last = max_lines > 0 and len(lines) == max_lines - 1
            if last:
                more = number < len(paragraphs) - 1
                return (*lines, _ellipsized(rest, width, max_width_px, more))
            line, rest = _take_line(rest, width, max_width_px)
            lines.append(line)
            if not rest:
                break
    return tuple(lines)


def pieces(words: str) -> list[str]:
    """The parts of a paragraph that stay together on a line, each with the spaces that follow it."""
    found: list[str] = []
    for character in words:
        previous = found[-1][-1] if found else ""
        if not found:
            found.append(character)
        elif character.isspace() or _sticks(previous, character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _sticks(previous: str, character: str) -> bool:
    """True if no line may break between the two."""
    if previous.isspace():
        return False
    if _is_wide(previous) or _is_wide(character):
        return character in _CLOSING or previous in _OPENING
    return previous not in "-\u2013\u2014" or character.isdigit()


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _take_line(words: str, width: Width, max_width_px: float) -> tuple[str, str]:
    """The first line and what is left for the next ones."""
    if width(words.rstrip()) <= max_width_px:
        return words.rstrip(), ""
    taken, used = "", 0.0
    for piece in pieces(words):
        if used + width(piece.rstrip()) > max_width_px:
            break
        taken += piece
        used += width(piece)
    if not taken:
        taken = _cut(words, width, max_width_px)
    return taken.rstrip(), words[len(taken) :]


def _cut(words: str, width: Width, max_width_px: float) -> str:
    """As many characters as fit, one at least."""
    used = 0.0
    for at, character in enumerate(words):
        used += width(character)
        if used > max_width_px and at > 0:
            return words[:at]
    return words


def _ellipsized(words: str, width: Width, max_width_px: float, more: bool) -> str:
    if not more and width(words.rstrip()) <= max_width_px:
        return words.rstrip()
    return _cut(words, width, max_width_px - width(ELLIPSIS)).rstrip() + ELLIPSIS
