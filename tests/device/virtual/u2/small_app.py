"""An app with one page on which the server's methods find everything they can act on, and a launcher to go home to."""

from __future__ import annotations

from typing import ClassVar

from device.virtual.app import App, Page
from device.virtual.window.view import View, button, column, edit, heading, image, list_view, row, switch, text

PACKAGE = "org.example.small"
LATER_S = 1.0


class SmallPage(Page):
    """Everything the server's methods can do something with."""

    def created(self) -> None:
        self.taps = 0
        self.long_presses = 0
        self.name = "Ada"
        self.wifi = False
        self.zoom = 1.0

    def view(self) -> View:
        return column(
            heading(f"Taps {self.taps}", id="title"),
            row(
                button("Tap me", self.tapped, id="tap", on_long_press=self.held),
                button("Later", lambda: self.host.after(LATER_S, self.tapped)),
                button("Secret", lambda: self.host.open(".SecretActivity")),
            ),
            text(f"Held {self.long_presses}"),
            edit(self.name, self.named, id="name"),
            row(text("Wi-Fi"), switch(self.wifi, self.switched, desc="Use Wi-Fi")),
            image("star", desc="star", width=200.0, height=100.0, on_pinch=self.pinched),
            text(f"Zoom {self.zoom:.2f}"),
            list_view([text(f"Row {number}", height=56.0, key=str(number)) for number in range(40)], weight=1),
            width="fill",
            height="fill",
        )

    def tapped(self) -> None:
        self.taps += 1
        self.host.toast("Tapped!")

    def held(self) -> None:
        self.long_presses += 1

    def named(self, name: str) -> None:
        self.name = name

    def switched(self) -> None:
        self.wifi = not self.wifi

    def pinched(self, factor: float) -> None:
        self.zoom = min(3.0, max(0.5, self.zoom * factor))


class SecretPage(Page):
    secure = True

    def view(self) -> View:
        return column(text("nobody may see this"))


class SmallApp(App):
    package = PACKAGE
    pages: ClassVar = {".MainActivity": SmallPage, ".SecretActivity": SecretPage}
    strings: ClassVar = {"en": {"app_name": "Small"}}


class HomePage(Page):
    def view(self) -> View:
        return column(text("home"))


class HomeApp(App):
    package = "com.android.launcher3"
    pages: ClassVar = {".MainActivity": HomePage}
    strings: ClassVar = {"en": {"app_name": "Home"}}
