"""A node to search in, built in one expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(eq=False)
class FakeNode:
    """What a selector looks at; parents and indexes are set by the parent."""

    text: str = ""
    cls: str = "android.view.View"
    desc: str = ""
    resource_id: str = ""
    package: str = "org.app"
    children: list[FakeNode] = field(default_factory=list)
    checkable: bool = False
    checked: bool = False
    clickable: bool = False
    long_clickable: bool = False
    scrollable: bool = False
    enabled: bool = True
    focusable: bool = False
    focused: bool = False
    selected: bool = False
    index: int = 0
    parent: FakeNode | None = None

    def __post_init__(self) -> None:
        for place, child in enumerate(self.children):
            child.parent, child.index = self, place

    def walk(self) -> Iterator[FakeNode]:
        yield self
        for child in self.children:
            yield from child.walk()
