"""Templates made up for measuring: many, alike, and different enough to be told apart. Seeded; no data file."""

from __future__ import annotations

import random
from collections.abc import Iterator

_VERBS = [
    "create",
    "delete",
    "rename",
    "share",
    "open",
    "archive",
    "export",
    "pin",
    "move",
    "copy",
    "print",
    "send",
    "edit",
    "upload",
    "download",
    "sort",
]
_THINGS = [
    "note",
    "alarm",
    "photo",
    "album",
    "playlist",
    "song",
    "event",
    "task",
    "list",
    "folder",
    "file",
    "message",
    "contact",
    "recipe",
    "expense",
    "budget",
    "video",
    "route",
    "ticket",
    "order",
    "invoice",
    "report",
    "draft",
    "comment",
    "post",
    "group",
    "channel",
    "timer",
    "bookmark",
    "tab",
    "theme",
    "widget",
    "backup",
    "account",
    "card",
]
_FRAMES = (
    "{verb} the {adjective} {thing} named {value} in {app}",
    "in {app}, {verb} a {adjective} {thing} titled '{value}' for {second}",
    "{verb} {value} from the {adjective} {thing} list to {second} with {app}",
    "please {verb} the {adjective} {thing} of {value} on {second} using {app}",
)
_SYLLABLES = ["ba", "ko", "lu", "mi", "ner", "tas", "vo", "zel", "qui", "dra", "fen", "gop", "hux", "jar"]


def goals(count: int, seed: int = 0) -> Iterator[tuple[str, str, list[str], str]]:
    """(key, words, texts the run showed, the same task with other values) of `count` different tasks."""
    rng = random.Random(seed)
    apps = [_name(rng) for _ in range(max(20, count // 100))]
    adjectives = [_name(rng).lower() for _ in range(max(40, count // 50))]
    for number in range(count):
        parts = {
            "verb": rng.choice(_VERBS),
            "thing": rng.choice(_THINGS),
            "adjective": rng.choice(adjectives),
            "app": rng.choice(apps),
        }
        frame = rng.choice(_FRAMES)
        first, other = ({"value": _name(rng), "second": _name(rng)} for _ in range(2))
        shown = [value for name, value in first.items() if f"{{{name}}}" in frame]
        yield f"k{number}", frame.format(**parts, **first), shown, frame.format(**parts, **other)


def _name(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, 4))).capitalize()
