"""What every RPC method works with: the phone, its nodes, the fingers, and what the server itself remembers.

The server remembers little, as the Java one does: names given to objects found by `childBy*` (for 60 s) and the
configurator's numbers. All of it ends with the server's process.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from device.virtual.u2 import selector as selectors
from device.virtual.u2.errors import UiObjectNotFound
from device.virtual.u2.fingers import Fingers
from device.virtual.u2.pace import Pace
from device.virtual.u2.phone import Phone, Windows
from device.virtual.u2.selector import Selector
from device.virtual.window.frame import Frame
from device.virtual.window.hierarchy import Node, nodes

NAME_LIFE_S: Final = 60.0
CONFIGURATOR: Final = {
    "actionAcknowledgmentTimeout": 3000,
    "keyInjectionDelay": 0,
    "scrollAcknowledgmentTimeout": 200,
    "uiAutomationFlags": 0,
    "waitForIdleTimeout": 0,
    "waitForSelectorTimeout": 0,
}  # ms; UiAutomator's own defaults, but the server waits neither for idleness nor for selectors by itself


class NamedSelectors:
    """Selectors that clients hold by a name. A name ends after 60 s and is never given twice."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._kept: dict[str, tuple[float, Selector]] = {}
        self._count = 0

    def keep(self, selector: Selector) -> str:
        self._forget_old()
        self._count += 1
        name = str(self._count)
        self._kept[name] = self._pace.now_s() + NAME_LIFE_S, selector
        return name

    def get(self, name: str) -> Selector:
        """Raises UiObjectNotFound once the name has ended."""
        self._forget_old()
        if name not in self._kept:
            raise UiObjectNotFound(f"no object is kept under {name!r}")
        return self._kept[name][1]

    def _forget_old(self) -> None:
        now_s = self._pace.now_s()
        self._kept = {name: entry for name, entry in self._kept.items() if entry[0] > now_s}


class Automation:
    """One running server's view of the phone. `target` is always a selector as JSON, or the name of a kept one."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.pace = Pace(phone.clock)
        self.fingers = Fingers(phone.windows, self.pace)
        self.named = NamedSelectors(self.pace)
        self.configurator: dict[str, int] = dict(CONFIGURATOR)
        self._seen: tuple[Frame, Sequence[Node]] | None = None

    @property
    def windows(self) -> Windows:
        return self.phone.windows

    def nodes(self) -> Sequence[Node]:
        """The accessibility nodes on the screen now."""
        frame = self.windows.frame()
        if self._seen is None or self._seen[0] is not frame:
            self._seen = frame, nodes(frame)
        return self._seen[1]

    def selector(self, target: Any) -> Selector:
        """Reads a target.

        Raises:
            InvalidParams: neither a selector nor a name.
            UiObjectNotFound: a name that has ended.
        """
        return self.named.get(target) if isinstance(target, str) else selectors.parse(target)

    def find_all(self, selector: Selector) -> list[Node]:
        """Every node that fits now, in the order of the dump."""
        return selectors.find_all(selector, self.nodes())

    def find(self, target: Any) -> Node:
        """`first` of a target."""
        return self.first(self.selector(target))

    def first(self, selector: Selector) -> Node:
        """The first node that fits now.

        Raises:
            UiObjectNotFound: there is none.
        """
        found = self.find_all(selector)
        if not found:
            raise UiObjectNotFound(str(selector))
        return found[0]

    def exists(self, selector: Selector) -> bool:
        return bool(self.find_all(selector))
