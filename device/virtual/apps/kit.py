"""The pieces the phone's apps are put together from, so that they look and behave alike.

Only functions from values to views, in the ids, classes and measures of Android's own Material components. No words of
its own: every word is handed in, already in the phone's language. Pages with dialogs and menus are in `dialogs`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from device.virtual.window.view import (
    FILL,
    WRAP,
    Length,
    Style,
    View,
    button,
    column,
    edges,
    edit,
    frame,
    icon_button,
    image,
    row,
    scroll,
    space,
    switch,
    text,
)

Act = Callable[[], None]
Typed = Callable[[str], None]

RECYCLER = "androidx.recyclerview.widget.RecyclerView"
TOOLBAR = "androidx.appcompat.widget.Toolbar"
AVATAR_COLORS = ("#7b4b94", "#1e6f9f", "#2f7d4f", "#a04b3c", "#8a6d1b", "#5564b8", "#3f7f7f", "#9b3f68")
QUIET = "on_surface_variant"


def screen(bar: View | None, *body: View | None, fab: View | None = None, bottom: View | None = None) -> View:
    """A whole page: the bar, what is below it, a floating button above the lower right corner, a bar at the bottom."""
    content = column(*body, width=FILL, height=FILL)
    upper = frame(content, fab, id="coordinator", width=FILL, weight=1, align="end")
    return column(bar, upper, bottom, width=FILL, height=FILL, style=Style(background="background"))


def app_bar(title: str, *actions: View | None, up: Act | None = None, up_desc: str = "", up_icon: str = "back") -> View:
    """The bar at the top; `up` gives it an arrow (or another icon) with the content description `up_desc`."""
    arrow = None if up is None else icon_button(up_icon, up_desc, up)
    words = text(title, id="action_bar_title", weight=1, style=Style(text_sp=22, max_lines=1))
    pad = edges(16, 0, 4, 0) if up is None else edges(4, 0, 4, 0)
    return row(arrow, words, *actions, cls=TOOLBAR, id="toolbar", width=FILL, height=64, pad=pad, gap=4, align="center")


def recycler(items: Sequence[View | None], *, view_id: str = "recycler_view", bottom_dp: float = 0) -> View:
    """A scrolling list that takes the height left over. `bottom_dp` keeps its end clear of a floating button."""
    end = gap(bottom_dp) if bottom_dp else None
    return scroll(*items, end, cls=RECYCLER, id=view_id, weight=1)


def list_row(
    title: str,
    subtitle: str = "",
    *,
    key: str,
    leading: View | None = None,
    trailing: View | None = None,
    on_tap: Act | None = None,
    on_long_press: Act | None = None,
    ids: tuple[str, str] = ("android:id/title", "android:id/summary"),
    bold: bool = False,
    enabled: bool = True,
    lines: int = 1,
) -> View:
    """A row of a list: the row is what can be tapped, its texts are children. It grows with the font size."""
    color = "on_surface" if enabled else "outline"
    words = column(
        text(title, id=ids[0], enabled=enabled, style=Style(text_sp=16, bold=bold, max_lines=1, color=color)),
        text(subtitle, id=ids[1], enabled=enabled, style=Style(text_sp=14, bold=bold, max_lines=lines, color=QUIET))
        if subtitle
        else None,
        weight=1,
        gap=2,
        cls="android.widget.RelativeLayout",
    )
    return row(
        leading,
        words,
        trailing,
        key=key,
        width=FILL,
        pad=edges(16, 12) if leading is not None or trailing is not None or subtitle else edges(16, 16),
        gap=16,
        align="center",
        enabled=enabled,
        on_tap=on_tap,
        on_long_press=on_long_press,
    )


def switch_row(
    title: str, subtitle: str, on: bool, toggle: Act, *, key: str, icon: str = "", enabled: bool = True
) -> View:
    """A setting that is on or off. The row takes the touch; the switch only shows the state, as Android's do."""
    widget = switch(on, None, id="android:id/switch_widget", enabled=enabled)
    leading = image(icon, id="android:id/icon") if icon else None
    act = toggle if enabled else None
    return list_row(title, subtitle, key=key, leading=leading, trailing=widget, on_tap=act, enabled=enabled)


def section(words: str) -> View:
    """The heading of a part of a list."""
    return text(
        words, id="android:id/title", pad=edges(16, 16, 16, 8), style=Style(text_sp=14, bold=True, color="primary")
    )


def card(*children: View | None, on_tap: Act | None = None, on_long_press: Act | None = None, key: str = "") -> View:
    """A raised box of the page's width around some views."""
    return column(
        *children,
        cls="androidx.cardview.widget.CardView",
        key=key,
        width=FILL,
        pad=edges(16),
        margin=edges(16, 6),
        gap=6,
        style=Style(background="surface_variant", corner_dp=12),
        on_tap=on_tap,
        on_long_press=on_long_press,
    )


def avatar(name: str, *, size_dp: float = 40) -> View:
    """The first letter of a name on a disc whose colour belongs to the name."""
    color = AVATAR_COLORS[sum(name.encode()) % len(AVATAR_COLORS)]
    letter = name.strip()[:1].upper() or "#"
    look = Style(background=color, color="#ffffff", corner_dp=size_dp / 2, text_sp=size_dp * 0.45, text_align="center")
    words = text(letter, width=FILL, style=replace(look, background=None))
    return column(words, width=size_dp, height=size_dp, justify="center", style=look, cls="android.widget.FrameLayout")


def app_icon(icon: str, size_dp: float) -> View:
    """An app's icon as a round tile."""
    color = AVATAR_COLORS[sum(icon.encode()) % len(AVATAR_COLORS)]
    look = Style(icon=icon, icon_dp=size_dp * 0.55, color="#ffffff", background=color, corner_dp=size_dp / 2)
    return image(icon, id="android:id/icon", width=size_dp, height=size_dp, pad=edges(size_dp * 0.225), style=look)


def fab(icon: str, desc: str, on_tap: Act, *, words: str = "", view_id: str = "floating_action_button") -> View:
    """A floating button; with `words` the wide kind that also says what it does."""
    look = Style(background="primary_container", color="on_primary_container", corner_dp=16, elevation_dp=6, icon=icon)
    if not words:
        floating = "com.google.android.material.floatingactionbutton.FloatingActionButton"
        return View(
            kind="image", cls=floating, id=view_id, desc=desc, on_tap=on_tap,
            width=56, height=56, pad=edges(16), margin=edges(16), style=look,
        )  # fmt: skip
    return row(
        image(icon, style=Style(icon=icon, color="on_primary_container")),
        text(words, style=Style(text_sp=15, bold=True, color="on_primary_container")),
        id=view_id,
        desc=desc,
        on_tap=on_tap,
        height=56,
        pad=edges(16, 0, 20, 0),
        margin=edges(16),
        gap=12,
        align="center",
        style=replace(look, icon=""),
    )


def search_bar(query: str, hint: str, on_text: Callable[[str], None], *, clear_desc: str, view_id: str) -> View:
    """A field to search by, with a button that empties it once there is something in it."""
    field = edit(
        query,
        on_text,
        id=view_id,
        hint=hint,
        weight=1,
        width=WRAP,
        pad=edges(4, 12),
        style=Style(text_sp=16, max_lines=1),
    )
    clear = icon_button("close", clear_desc, lambda: on_text(""), id="search_close_btn") if query else None
    return row(
        image("search", style=Style(icon="search", color=QUIET), margin=edges(16, 0, 8, 0)),
        field,
        clear,
        id="search_bar",
        width=FILL,
        height=52,
        margin=edges(16, 8),
        align="center",
        style=Style(background="surface_variant", corner_dp=26),
    )


def field(
    label: str,
    words: str,
    on_text: Callable[[str], None],
    *,
    view_id: str,
    error: str = "",
    **fields: object,
) -> View:
    """A field of a form: its label is the hint while it is empty, and above it from then on; `error` stands below."""
    look = Style(border="error" if error else "outline", corner_dp=8)
    return column(
        text(label if words else "", style=Style(text_sp=12, color="error" if error else QUIET)),
        edit(words, on_text, **{"id": view_id, "hint": label, "style": look, **fields}),
        text(error, id="textinput_error", style=Style(text_sp=12, color="error")) if error else None,
        key=f"{view_id}_layout",
        cls="com.google.android.material.textfield.TextInputLayout",
        width=FILL,
        gap=4,
    )


def text_button(words: str, on_tap: Act | None, **fields: object) -> View:
    """A button that is only its word."""
    look = Style(color="primary", text_sp=14, bold=True, text_align="center", corner_dp=20)
    return button(words, on_tap, **{"style": look, "pad": edges(12, 12), **fields})


def tonal_button(words: str, on_tap: Act | None, **fields: object) -> View:
    """A button less loud than the filled one."""
    look = Style(
        background="primary_container",
        color="on_primary_container",
        text_sp=14,
        bold=True,
        text_align="center",
        corner_dp=20,
    )
    return button(words, on_tap, **{"style": look, **fields})


def action(icon: str, label: str, on_tap: Act, *, view_id: str, enabled: bool = True, selected: bool = False) -> View:
    """An icon in a tinted disc over its word; the whole column is the target."""
    fill, tint = ("primary_container", "on_primary_container") if enabled else ("surface_variant", "outline")
    if selected:
        fill, tint = "primary", "on_primary"
    disc = Style(background=fill, corner_dp=24, icon=icon, color=tint)
    return column(
        image(icon, width=48, height=48, pad=edges(12), style=disc),
        text(label, style=Style(text_sp=13, color="on_surface" if enabled else "outline", text_align="center")),
        id=view_id,
        weight=1,
        gap=6,
        pad=edges(4, 8),
        align="center",
        enabled=enabled,
        selected=selected,
        on_tap=on_tap if enabled else None,
    )


def empty_state(icon: str, words: str, button: View | None = None, *, view_id: str = "empty_view") -> View:
    """What a list shows that has nothing to show, with a button where something can be done about it."""
    return column(
        image(icon, width=72, height=72, style=Style(icon=icon, icon_dp=72, color="outline")),
        text(words, id=view_id, style=Style(text_sp=16, color=QUIET, text_align="center")),
        button,
        width=FILL,
        weight=1,
        pad=edges(32, 0, 32, 96),
        gap=16,
        align="center",
        justify="center",
    )


def tab_bar(tabs: Sequence[tuple[str, str, str]], current: str, choose: Callable[[str], None]) -> View:
    """The bar at the bottom that changes what a page shows. `tabs` are (key, icon, words)."""
    return row(
        *(_tab(key, icon, words, key == current, choose) for key, icon, words in tabs),
        cls="com.google.android.material.bottomnavigation.BottomNavigationView",
        id="bottom_navigation",
        width=FILL,
        height=80,
        style=Style(background="surface_variant"),
    )


def _tab(key: str, icon: str, words: str, current: bool, choose: Callable[[str], None]) -> View:
    color = "on_primary_container" if current else QUIET
    disc = Style(icon=icon, color=color, corner_dp=16, background="primary_container" if current else None)
    label = Style(text_sp=12, bold=current, color="on_surface" if current else QUIET, text_align="center")
    return column(
        image(icon, width=64, height=32, pad=edges(20, 4), style=disc),
        text(words, id="navigation_bar_item_label_view", selected=current, style=label),
        id=f"tab_menu_{key}",
        desc=words,
        selected=current,
        weight=1,
        height=FILL,
        gap=4,
        align="center",
        justify="center",
        on_tap=lambda: choose(key),
    )


def gap(height_dp: Length) -> View:
    """Room between or after views."""
    return space(weight=0, width=FILL, height=height_dp)
