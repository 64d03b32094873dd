from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import pytest

from device.virtual.app import App, Page
from device.virtual.logcat import Level
from device.virtual.window.view import FILL, View, button, column, edit, slider, text
from tests.device.virtual.window.kit import HOME, SHOP, Bench, Home, Shop

CLUMSY = "com.example.clumsy"
ASKS = "android.permission.CAMERA"


class Clumsy(Exception):
    """A mistake of the app's."""


def stumble(*_: object) -> None:
    raise Clumsy("stumbled")


class ClumsyPage(Page):
    """Everything on it fails; what else fails is said by the app's `fails`."""

    def created(self) -> None:
        self.app.may_fail("created")

    def resumed(self) -> None:
        self.app.may_fail("resumed")

    def view(self) -> View:
        self.app.may_fail("view")
        return column(
            button("tap", stumble),
            button("hold", None, on_long_press=stumble),
            button("double", None, on_double_tap=stumble),
            button("both", stumble, on_double_tap=stumble),
            text("pinch", height=200.0, width=FILL, on_pinch=stumble),
            slider(0.1, stumble, id="slide"),
            edit("", stumble, id="words"),
            edit("", lambda words: None, id="number", on_enter=stumble),
            button("later", lambda: self.host.after(5.0, stumble)),
            button("ask", lambda: self.host.request(ASKS, stumble)),
            button("notify", lambda: self.host.notify("Hello", "tap me", on_tap=stumble)),
            button("open", lambda: self.host.open(".BrokenActivity")),
            button("nowhere", lambda: self.host.open(".NoSuchActivity")),
            button("dialog", self.ask),
            width=FILL,
            height=FILL,
        )

    asking = False

    def ask(self) -> None:
        self.asking = True

    def dialog(self) -> View | None:
        return text("Really?") if self.asking else None

    def dialog_cancelled(self) -> None:
        stumble()

    def back(self) -> bool:
        self.app.may_fail("back")
        return False


class BrokenPage(Page):
    def created(self) -> None:
        stumble()


class ClumsyApp(App):
    package = CLUMSY
    permissions = (ASKS,)
    pages: ClassVar = {".MainActivity": ClumsyPage, ".BrokenActivity": BrokenPage}
    strings: ClassVar = {"en": {"app_name": "Clumsy"}}
    fails: ClassVar[set[str]] = set()

    def started(self) -> None:
        self.may_fail("started")

    def may_fail(self, where: str) -> None:
        if where in self.fails:
            stumble()


class ClumsyHome(ClumsyApp):
    """A launcher that fails."""

    package = HOME
    system = True
    in_launcher = False
    fails: ClassVar[set[str]] = {"view"}


class Log:
    def __init__(self) -> None:
        self.lines: list[tuple[str, str, Level, int]] = []

    def __call__(self, tag: str, message: str, level: Level = "I", *, pid: int = 0) -> None:
        self.lines.append((tag, message, level, pid))


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def bench(log: Log, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(ClumsyApp, "fails", set())
    return Bench((Home, Shop, ClumsyApp), strict=False, log=log)


def crashed(bench: Bench) -> bool:
    """Whether Android says so, the process has gone, and the launcher answers."""
    assert bench.sees("Clumsy keeps stopping")
    assert bench.packages.process(CLUMSY) is None
    assert bench.windows.current()[0] == HOME
    bench.tap("Close app")
    bench.tap("Shop")
    return bool(bench.windows.current()[0] == SHOP)


def tap(words: str) -> Callable[[Bench], None]:
    return lambda bench: bench.tap(words)


def hold(bench: Bench) -> None:
    bench.touch(*bench.look("hold").visible.center, hold_s=0.8)


def double(bench: Bench) -> None:
    bench.tap("double")
    bench.tap("double")


def once_of_both(bench: Bench) -> None:
    bench.tap("both")
    bench.clock.advance(0.5)


def pinch(bench: Bench) -> None:
    x, y = bench.look("pinch").visible.center
    for finger, side in enumerate((-50, 50)):
        bench.windows.pointer("down", x + side, y, pointer=finger)
    bench.windows.pointer("move", x + 200, y, pointer=1)
    for finger, side in enumerate((-50, 200)):
        bench.windows.pointer("up", x + side, y, pointer=finger)


def slide(bench: Bench) -> None:
    bench.touch(bench.look("slide").bounds.right - 200, bench.look("slide").visible.center[1])


def type_words(bench: Bench) -> None:
    bench.tap("words")
    bench.windows.type_text("x")


def press_enter(bench: Bench) -> None:
    bench.tap("number")
    bench.windows.key("enter")


def wait(bench: Bench) -> None:
    bench.tap("later")
    bench.windows.home()
    bench.clock.advance(6.0)


def answer(bench: Bench) -> None:
    bench.tap("ask")
    bench.tap("Allow")


def tap_the_notification(bench: Bench) -> None:
    bench.tap("notify")
    bench.tap("tap me")


def cancel_the_dialog(bench: Bench) -> None:
    bench.tap("dialog")
    bench.windows.back()


@pytest.mark.parametrize(
    "happens",
    [
        tap("tap"), hold, double, once_of_both, pinch, slide, type_words, press_enter, wait, answer,
        tap_the_notification, tap("open"), tap("nowhere"), cancel_the_dialog,
    ],
)  # fmt: skip
def test_whatever_an_app_raises_ends_the_app_and_nothing_else(bench: Bench, happens: Callable[[Bench], None]) -> None:
    bench.page(CLUMSY)

    happens(bench)

    assert crashed(bench)


@pytest.mark.parametrize("where", ["started", "created", "resumed", "view"])
def test_an_app_that_fails_as_it_starts_was_started_all_the_same(bench: Bench, where: str) -> None:
    ClumsyApp.fails.add(where)

    assert bench.windows.start(CLUMSY)

    assert crashed(bench)


def test_an_app_may_fail_at_the_back_key(bench: Bench) -> None:
    bench.page(CLUMSY)
    ClumsyApp.fails.add("back")

    bench.windows.back()

    assert crashed(bench)


def test_an_app_that_fails_while_it_is_looked_at_is_not_seen_again(bench: Bench) -> None:
    bench.page(CLUMSY)
    bench.windows.frame()
    ClumsyApp.fails.add("view")
    bench.windows.invalidate()

    assert not any(window.package == CLUMSY for window in bench.windows.frame().windows)
    assert crashed(bench)


def test_the_log_has_the_stack_trace_under_the_apps_own_pid(bench: Bench, log: Log) -> None:
    bench.page(CLUMSY)
    pid = bench.packages.process(CLUMSY)

    bench.tap("tap")

    (entry,) = [line for line in log.lines if line[0] == "AndroidRuntime"]
    assert entry[1].startswith(f"FATAL EXCEPTION: main\nProcess: {CLUMSY}, PID: {pid}\nTraceback")
    assert "in stumble" in entry[1] and "Clumsy: stumbled" in entry[1]
    assert entry[2:] == ("E", pid)


def test_the_error_is_kept_for_whoever_asks(bench: Bench) -> None:
    bench.page(CLUMSY)
    assert bench.windows.trouble.last_app_error is None

    bench.tap("tap")

    found = bench.windows.trouble.last_app_error
    assert found is not None
    assert found.package == CLUMSY
    assert isinstance(found.error, Clumsy)


def test_a_strict_phone_hands_the_error_to_the_caller(bench: Bench) -> None:
    bench.windows.trouble.strict = True
    bench.page(CLUMSY)

    with pytest.raises(Clumsy):
        bench.tap("tap")

    assert bench.packages.process(CLUMSY) is not None


def test_an_app_opened_again_after_a_crash_has_a_new_process(bench: Bench) -> None:
    bench.page(CLUMSY)
    before = bench.packages.process(CLUMSY)
    bench.tap("tap")

    bench.tap("Open app again")

    assert bench.windows.current()[0] == CLUMSY
    assert bench.packages.process(CLUMSY) not in (None, before)


def test_an_app_that_crashes_again_and_again_has_one_dialog(bench: Bench) -> None:
    for _ in range(3):
        bench.windows.start(CLUMSY)
        bench.windows.set_text(bench.look("words").path, bench.window("app").name, "x")  # under the dialog

    assert crashed(bench)


def test_a_launcher_that_crashes_is_started_again_when_the_dialog_is_closed_or_home_is_pressed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench((ClumsyHome, Shop), strict=False)
    assert bench.sees("Clumsy keeps stopping")
    assert bench.windows.current() == ("", "", 0)
    bench.windows.home()
    assert bench.sees("Clumsy keeps stopping")

    monkeypatch.setattr(ClumsyHome, "fails", set())
    bench.tap("Close app")

    assert bench.windows.current()[0] == HOME
    assert "com.android.launcher3 crashed" in caplog.text


def test_a_mistake_of_the_phones_own_reaches_the_caller(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.page(CLUMSY)
    monkeypatch.setattr(bench.windows._compositor, "window", stumble)

    with pytest.raises(Clumsy):
        bench.windows.frame()

    assert bench.packages.process(CLUMSY) is not None
