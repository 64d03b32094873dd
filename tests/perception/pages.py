"""Small hierarchies to read: `node(...)` writes one node as uiautomator does, `page(...)` the dump around them."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from perception.element import Element
from perception.screen import Screen, parse_hierarchy

STATES = (
    "checkable", "checked", "clickable", "enabled", "focusable", "focused", "scrollable", "long-clickable", "password",
    "selected",
)  # fmt: skip


def node(
    *inside: str,
    text: str = "",
    id: str = "",
    cls: str = "android.widget.TextView",
    desc: str = "",
    bounds: tuple[int, int, int, int] = (0, 0, 100, 50),
    package: str = "com.app",
    hint: str | None = None,
    **states: bool,
) -> str:
    values: dict[str, Any] = {
        "index": "0", "text": text, "resource-id": f"{package}:id/{id}" if id else "", "class": cls,
        "package": package, "content-desc": desc,
    }  # fmt: skip
    on = {name.replace("_", "-"): value for name, value in states.items()}
    values |= {name: str(on.get(name, name == "enabled")).lower() for name in STATES}
    values["bounds"] = "[{},{}][{},{}]".format(*bounds)
    if hint is not None:
        values["hint"] = hint
    attributes = " ".join(f"{name}={quoteattr(str(value))}" for name, value in values.items())
    return f"<node {attributes}>{''.join(inside)}</node>" if inside else f"<node {attributes} />"


def page(*inside: str) -> str:
    declaration = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"
    return f'{declaration}<hierarchy rotation="0">{"".join(inside)}</hierarchy>'


def frame(*inside: str, **more: Any) -> str:
    return node(*inside, cls="android.widget.FrameLayout", bounds=(0, 0, 1080, 2400), **more)


def row(place: int, title: str, below: str = "", *, top: int = 300) -> str:
    """A contact row: avatar, name, last message and a menu button that says the same in every row."""
    y = top + 150 * place
    return node(
        node(id="avatar", cls="android.widget.ImageView", bounds=(20, y + 20, 120, y + 120)),
        node(text=title, id="title", bounds=(140, y + 20, 800, y + 70)),
        node(text=below, id="message", bounds=(140, y + 80, 800, y + 130)),
        node(id="more", cls="android.widget.ImageButton", desc="More", bounds=(900, y, 1060, y + 140), clickable=True),
        cls="android.widget.LinearLayout", bounds=(0, y, 1080, y + 150), clickable=True,
    )  # fmt: skip


def chats(*rows: str, title: str = "Chats", extra: str = "") -> str:
    """A list page with a toolbar, a list of rows, tabs, and icons that say nothing."""
    icon: dict[str, Any] = {"cls": "android.widget.ImageButton", "clickable": True}
    tab: dict[str, Any] = {"cls": "android.widget.Button", "clickable": True}
    return page(
        frame(
            node(
                node(id="back", desc="Navigate up", bounds=(0, 100, 120, 220), **icon),
                node(text=title, id="toolbar_title", bounds=(140, 120, 600, 200)),
                node(id="search", bounds=(800, 100, 920, 220), **icon),
                node(id="camera", bounds=(940, 100, 1060, 220), **icon),
                id="toolbar", cls="android.view.ViewGroup", bounds=(0, 100, 1080, 220),
            ),
            node(
                *rows, id="list", cls="androidx.recyclerview.widget.RecyclerView", bounds=(0, 300, 1080, 2100),
                scrollable=True,
            ),
            node(
                node(text="Chats", bounds=(0, 2200, 360, 2400), **tab),
                node(text="Calls", bounds=(360, 2200, 720, 2400), **tab),
                node(text="Settings", bounds=(720, 2200, 1080, 2400), **tab),
                id="tabs", cls="android.widget.LinearLayout", bounds=(0, 2200, 1080, 2400),
            ),
            extra,
        )
    )  # fmt: skip


ALICE, BOB, CAROL = row(0, "Alice", "See you"), row(1, "Bob", "Thanks"), row(2, "Carol", "On my way")
CHATS = chats(ALICE, BOB, CAROL)


def screen(xml: str, **more: Any) -> Screen:
    return parse_hierarchy(xml, **more)


def one(shown: Screen, **wanted: str) -> Element:
    """The one element with these attributes: text, description, entry, short_cls."""
    found = [e for e in shown.elements if all(getattr(e, name) == value for name, value in wanted.items())]
    assert len(found) == 1, f"{len(found)} elements have {wanted}"
    return found[0]
