"""ApiDemos: the pages that are lists of samples, and the pages samples stand on."""

from __future__ import annotations

from functools import partial

from device.virtual.apps import kit
from device.virtual.apps.apidemos.tree import SAMPLES, TREE, Menu
from device.virtual.apps.dialogs import DialogPage
from device.virtual.window.view import FILL, Style, View, column, edges, image, list_view, text

MENU = ".ApiDemos"
SAMPLE = ".graphics.GraphicsActivity"
ROW_DP = 64.0  # Android's listPreferredItemHeight


class MenuPage(DialogPage):
    """One level of the menus. `path` names it, e.g. "App/Menu"; the first level has none."""

    title = "app_name"

    def created(self) -> None:
        self.path = str(self.extras.get("path", "")).strip("/")

    def view(self) -> View:
        rows = [list_row(name, partial(self._open, name)) for name in menu_at(self.path)]
        bar = kit.app_bar(self.t("app_name"))  # on every level, as ApiDemos has it: a watcher for "App" meets it once
        return column(bar, list_view(rows, weight=1), width=FILL, height=FILL, style=Style(background="background"))

    def _open(self, name: str) -> None:
        path = f"{self.path}/{name}" if self.path else name
        if menu_at(self.path)[name]:
            self.host.open(MENU, path=path)
        else:
            self.host.open(SAMPLES.get(path, SAMPLE), path=path)


class DemoPage(DialogPage):
    """A sample: a bar with its name, and what it shows."""

    title = "app_name"

    def created(self) -> None:
        self.path = str(self.extras.get("path", ""))
        self.started()

    def started(self) -> None:
        """Sets what the sample starts from."""

    def page(self, *body: View | None, gap: float = 12) -> View:
        bar = kit.app_bar(self.path or self.t("app_name"))
        inner = column(*body, width=FILL, weight=1, pad=edges(16), gap=gap)
        return column(bar, inner, width=FILL, height=FILL, style=Style(background="background"))


class SamplePage(DemoPage):
    """A sample that only draws something."""

    def view(self) -> View:
        name = self.path.rsplit("/", 1)[-1]
        canvas = image(
            "image", desc=name, width=FILL, weight=1, style=Style(icon="image", icon_dp=160, color="outline")
        )
        return self.page(text(name, id="sample_name", style=Style(text_sp=18)), canvas)


def list_row(words: str, on_tap: kit.Act, *, view_id: str = "android:id/text1") -> View:
    """A row as Android's simple_list_item_1 has it: one text, which takes the touch itself."""
    return text(
        words,
        id=view_id,
        key=words,
        width=FILL,
        height=ROW_DP,
        pad=edges(16, 20),
        on_tap=on_tap,
        style=Style(text_sp=18, max_lines=1),
    )


def menu_at(path: str) -> Menu:
    """The entries at a path; none where there is no menu."""
    menu = TREE
    for name in path.split("/") if path else ():
        menu = menu.get(name, {})
    return menu
