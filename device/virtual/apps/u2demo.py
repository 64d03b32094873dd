"""A look-alike of uiautomator2's own demo app: additions, a toast and a picture to pinch. In English, as upstream's."""

from __future__ import annotations

from typing import ClassVar

from device.virtual.app import App, Page
from device.virtual.apps.kit import app_bar
from device.virtual.window.view import FILL, Style, View, button, column, edges, edit, text

SCALE_MIN, SCALE_MAX = 0.5, 3.0

STRINGS = {
    "en": {"app_name": "U2TestDemo", "addition": "Addition of numbers", "toast": "Toasts", "pinch": "Pinch to zoom"}
}


class DemoPage(Page):
    """A bar with the page's name and what is below it."""

    def page(self, *body: View) -> View:
        bar = app_bar(self.t(self.title))
        inner = column(*body, width=FILL, weight=1, pad=edges(24), gap=16, align="center")
        return column(bar, inner, width=FILL, height=FILL, style=Style(background="background"))


class MainPage(DemoPage):
    """The demos of this app."""

    title = "app_name"

    def view(self) -> View:
        return self.page(
            button("Addition", lambda: self.host.open(".AdditionActivity"), id="addition_button", width=FILL),
            button("Toast", lambda: self.host.open(".ToastActivity"), id="toast_button", width=FILL),
            button("Pinch", lambda: self.host.open(".PinchActivity"), id="pinch_button", width=FILL),
        )


class AdditionPage(DemoPage):
    """Two numbers, and their sum once "Add" is tapped."""

    title = "addition"

    def created(self) -> None:
        self.values = ["", "", ""]

    def view(self) -> View:
        return self.page(
            *self._field(0, "num1", "Number 1"),
            *self._field(1, "num2", "Number 2"),
            button("Add", self.add, id="add_button", width=FILL),
            *self._field(2, "result", "Result"),
        )

    def add(self) -> None:
        try:
            total = float(self.values[0]) + float(self.values[1])
        except ValueError:
            self.values[2] = "Invalid number"
            return
        self.values[2] = f"{total:g}" if abs(total) < 1e6 else f"{total:.0f}"

    def _field(self, index: int, view_id: str, label: str) -> tuple[View, View]:
        """A label and its field. Not a hint: an empty field reports that as its text, and clients expect ""."""

        def typed(words: str) -> None:
            self.values[index] = words

        return text(label), edit(self.values[index], typed, id=view_id)


class ToastPage(DemoPage):
    """A button that shows a toast."""

    title = "toast"

    def view(self) -> View:
        return self.page(button("Show Toast", lambda: self.host.toast("Button Clicked!"), id="show_toast_button"))


class PinchPage(DemoPage):
    """A picture that two fingers scale, between half and three times its size."""

    title = "pinch"
    scale = 1.0

    def view(self) -> View:
        picture = View(
            kind="image",
            cls="android.widget.ImageView",
            id="pinch_image",
            desc="pinch image",
            width=FILL,
            weight=1,
            scale=self.scale,
            style=Style(icon="image", icon_dp=120, background="surface_variant", corner_dp=16),
            on_pinch=self.pinch,
        )
        return self.page(text(f"Scale: {self.scale:.2f}", id="scale_text"), picture)

    def pinch(self, factor: float) -> None:
        self.scale = min(SCALE_MAX, max(SCALE_MIN, self.scale * factor))


class U2DemoApp(App):
    package = "com.example.u2testdemo"
    icon = "star"
    version = "1.0"
    tables: ClassVar[tuple[str, ...]] = ()
    pages = {  # noqa: RUF012 - declared in App
        ".MainActivity": MainPage,
        ".AdditionActivity": AdditionPage,
        ".ToastActivity": ToastPage,
        ".PinchActivity": PinchPage,
    }
    strings = STRINGS
