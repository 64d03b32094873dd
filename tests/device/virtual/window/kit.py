"""Small apps and a phone's windows around them, on a clock that only tests move."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from device.actions import Size
from device.clock import ManualClock
from device.virtual.app import App, Page
from device.virtual.packages import PackageManager
from device.virtual.state import StateStore, SystemSettings
from device.virtual.window.compose import find
from device.virtual.window.frame import Box, Window
from device.virtual.window.layout import FixedMeasure
from device.virtual.window.system import WindowSystem
from device.virtual.window.view import (
    FILL,
    View,
    button,
    column,
    edit,
    list_view,
    row,
    scroll,
    slider,
    space,
    switch,
    text,
)

HOME = "com.android.launcher3"
SHOP = "com.example.shop"
FORM = "com.example.form"


class HomePage(Page):
    def view(self) -> View:
        rows = [
            text(label, on_tap=lambda name=name: self.host.start(name)) for name, label, _ in self.host.launchable()
        ]
        return column(*rows, width=FILL, height=FILL)


class Home(App):
    package = HOME
    system = True
    in_launcher = False
    pages: ClassVar = {".MainActivity": HomePage}
    strings: ClassVar = {"en": {"app_name": "Home"}}


class ShopPage(Page):
    """Forty rows; tapping one opens it. Counts what happens to it."""

    secure_page = False

    def created(self) -> None:
        self.events: list[str] = []
        self.asking = False
        self.volume = 0.0
        self.pinched = 1.0

    def resumed(self) -> None:
        self.events.append("resumed")

    def view(self) -> View:
        rows = [
            row(
                text(f"Item {number}", id="android:id/text1"),
                id="item",
                key=f"item {number}",
                on_tap=lambda number=number: self.host.open(".ItemActivity", number=number),
                on_long_press=lambda number=number: self.events.append(f"held {number}"),
                width=FILL,
                height=72.0,
                align="center",
            )
            for number in range(40)
        ]
        return column(
            row(
                text(self.t("app_name"), id="title"),
                space(),
                button(self.t("buy"), self.buy, id="buy"),
                button(self.t("sell"), lambda: self.events.append("sold"), id="sell"),
                width=FILL,
            ),
            slider(self.volume, self.turn, id="volume"),
            text("map", id="map", width=FILL, height=120.0, on_pinch=self.pinch),
            text("photo", id="photo", on_tap=lambda: self.events.append("tap"), on_double_tap=self.double),
            switch(False, lambda: self.events.append("switched"), id="off", enabled=False),
            list_view(rows),
            width=FILL,
            height=FILL,
        )

    def dialog(self) -> View | None:
        if not self.asking:
            return None
        return column(text("Really?"), button("Yes", self.answer, id="yes"))

    def dialog_cancelled(self) -> None:
        self.asking = False
        self.events.append("cancelled")

    def buy(self) -> None:
        self.asking = True

    def answer(self) -> None:
        self.asking = False
        self.events.append("bought")
        self.host.toast("Bought!")

    def turn(self, value: float) -> None:
        self.volume = value

    def pinch(self, factor: float) -> None:
        self.pinched *= factor

    def double(self) -> None:
        self.events.append("double")


class ItemPage(Page):
    def view(self) -> View:
        return column(text(f"Item number {self.extras['number']}", id="name"), width=FILL, height=FILL)


class HiddenPage(Page):
    secure = True

    def view(self) -> View:
        return text("secret", id="secret")


class Shop(App):
    package = SHOP
    permissions = ("android.permission.CAMERA",)
    pages: ClassVar = {".MainActivity": ShopPage, ".ItemActivity": ItemPage, ".HiddenActivity": HiddenPage}
    strings: ClassVar = {
        "en": {"app_name": "Shop", "buy": "Buy", "sell": "Sell"},
        "de": {"app_name": "Laden", "buy": "Kaufen", "sell": "Verkaufen"},
        "zh": {"app_name": "商店", "buy": "买", "sell": "卖"},
    }


class FormPage(Page):
    """Fields of each kind, the last far down."""

    def created(self) -> None:
        self.values: dict[str, str] = {}
        self.sent: list[str] = []

    def view(self) -> View:
        return scroll(
            self.field("name", on_enter=lambda: self.sent.append(self.values.get("name", ""))),
            self.field("age", input="number"),
            self.field("pin", input="password"),
            self.field("story", input="multiline", height=200.0),
            *(text(f"paragraph {number}", height=100.0) for number in range(10)),
            self.field("last"),
            gap=8,
        )

    def field(self, name: str, **fields: Any) -> View:
        def changed(words: str) -> None:
            self.values[name] = words

        return edit(self.values.get(name, ""), changed, id=name, hint=f"Your {name}", **fields)


class Form(App):
    package = FORM
    pages: ClassVar = {".MainActivity": FormPage}
    strings: ClassVar = {"en": {"app_name": "Form"}}


class Bench:
    """A window system with what it stands on."""

    def __init__(self, apps: Iterable[type[App]] = (Home, Shop, Form), *, strict: bool = True, **options: Any) -> None:
        self.clock = ManualClock()
        self.store = StateStore()
        self.settings = SystemSettings(self.store)
        self.packages = PackageManager(self.store, self.clock, apps)
        self.windows = WindowSystem(
            clock=self.clock,
            store=self.store,
            settings=self.settings,
            packages=self.packages,
            measure=FixedMeasure(),
            **{"size": Size(1080, 2400), **options},
        )
        self.windows.trouble.strict = strict

    def page(self, package: str = SHOP) -> Any:
        """The running app's front page, opened if need be."""
        if self.windows.current()[0] != package:
            assert self.windows.start(package)
        front = self.windows._parts.stack.front
        assert front is not None
        return front.page

    def boxes(self, kind: str | None = None) -> list[tuple[Window, Box]]:
        return [
            (window, box)
            for window in self.windows.frame().windows
            if kind is None or window.kind == kind
            for box in window.root.walk()
        ]

    def look(self, name: str, kind: str | None = None) -> Box:
        """The box with this id, words or description; the uppermost window's first."""
        found = [
            box
            for _, box in reversed(self.boxes(kind))
            if name in (box.view.id.split("/")[-1], box.view.text, box.view.desc)
        ]
        assert found, f"nothing called {name!r} in {self.words()}"
        return found[0]

    def sees(self, words: str) -> bool:
        """Whether these words can be read somewhere."""
        return any(words in (box.view.text, box.view.desc) and not box.visible.empty for _, box in self.boxes())

    def words(self) -> list[str]:
        return [box.view.text for _, box in self.boxes() if box.view.text and not box.visible.empty]

    def tap(self, name: str, kind: str | None = None) -> None:
        box = self.look(name, kind)
        assert not box.visible.empty, f"{name} cannot be seen"
        self.touch(*box.visible.center)

    def touch(self, x: float, y: float, *, hold_s: float = 0.05) -> None:
        self.windows.pointer("down", x, y)
        self.clock.advance(hold_s)
        self.windows.pointer("up", x, y)

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, duration_s: float = 1.0) -> None:
        """A finger drawn in a straight line in twenty steps, which rests before it goes up if it was slow."""
        steps = 20
        self.windows.pointer("down", *start)
        for step in range(1, steps + 1):
            self.clock.advance(duration_s / steps)
            part = step / steps
            self.windows.pointer("move", start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
        self.windows.pointer("up", *end)

    def window(self, kind: str) -> Window | None:
        return next((one for one in self.windows.frame().windows if one.kind == kind), None)

    def again(self, window: Window, box: Box) -> Box:
        """The same box in the frame of now."""
        fresh = next(one for one in self.windows.frame().windows if one.name == window.name)
        found = find(fresh, box.path)
        assert found is not None
        return found
