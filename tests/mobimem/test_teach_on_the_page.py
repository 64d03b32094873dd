"""A lesson on the viewer's page, as a person has it: a phone over adb, the page served, and a client that speaks its
protocol over its WebSocket; then the page itself in a real browser.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from device.actions import OpenApp
from device.android import adb
from device.android.device import AndroidDevice
from device.android.wire import Wire
from device.errors import DeviceError
from device.protocol import Foreground
from device.virtual.phone import PhoneConfig
from device.virtual.spawn import ChildPhone
from mobimem.service.demo import Message, messages, number_of
from mobimem.service.teach import Request, Taught, teach_on
from perception.screen import Screen
from perception.words import normal
from replay.library import Library
from replay.recorder import Noticed
from replay.teaching import Teaching
from tests.adbserver import AdbServer, adb_server, wait_until  # noqa: F401 - a fixture
from tests.replay.report.browser import CHROMIUM, Browser, browser

pytest.importorskip("fastapi", reason="pip install 'mobimem[view]'")
pytest.importorskip("uvicorn", reason="pip install 'mobimem[view]'")
pytest.importorskip("websockets", reason="pip install 'mobimem[view]'")

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

REQUEST = Request("text-someone", "text Bob that see you at 8")
STEPS = [
    "Open Messages",
    "Tap 'Start chat'",
    "Tap '{contact}'",
    "Type '{message}' into 'Text message'",
    "Tap 'Send SMS'",
]
LOOK_S = 30.0


@pytest.fixture(scope="module")
def phone(adb_server: AdbServer) -> Iterator[tuple[AndroidDevice, Wire]]:  # noqa: F811 - the fixture
    child = ChildPhone(PhoneConfig())
    child.start()
    try:
        serial = adb_server.connect(child.port)
        device = AndroidDevice(adb.server(adb_server.port), serial)
        yield device, Wire(adb.server(adb_server.port), serial)
        device.close()
        adb_server.disconnect(serial)
    finally:
        child.stop()


@pytest.fixture(autouse=True)
def at_home(phone: tuple[AndroidDevice, Wire]) -> None:
    phone[1].run("am force-stop com.android.messaging")
    phone[1].run("input keyevent KEYCODE_HOME")


def test_a_phone_over_adb_tells_where_an_apps_icon_leads(phone: tuple[AndroidDevice, Wire]):
    device, _ = phone
    device.perform(OpenApp("com.android.messaging"))
    start = device.start_activity("com.android.messaging")

    assert start and wait_until(lambda: device.read().foreground == Foreground("com.android.messaging", start))
    assert device.start_activity("com.example.none") == device.start_activity("no package; id") == ""
    assert {"com.android.messaging", "com.example.notes"} <= set(device.installed())


class Person:
    """Looks at the phone to know where things are, and waits for each step to be understood, as a teacher does."""

    def __init__(self, teaching: Teaching) -> None:
        self.teaching = teaching
        self.deeds = 0

    def place(self, says: str) -> tuple[int, int]:
        screen = Screen.of(self.teaching.device.read())
        wanted = normal(says)
        found = [
            one
            for one in screen.visible_elements()
            if wanted in (normal(one.text), normal(one.description), normal(one.hint))
        ]
        assert found, f"{says!r} is not on the screen"
        point = screen.point_on(found[0])
        assert point is not None
        return point.x_px, point.y_px

    def done(self, deeds: int = 1) -> None:
        self.deeds += deeds
        assert self.teaching.wait_until_seen(self.deeds, timeout_s=LOOK_S), "it was not understood in time"


def lesson(device: AndroidDevice, folder: Path, show: Callable[[Person, str], None]) -> tuple[Taught, list[Noticed]]:
    """One lesson on the page; `show` gets who shows it, and the page's address."""
    failed: list[Exception] = []
    heard: list[Noticed] = []
    threads: list[threading.Thread] = []

    def run(teaching: Teaching, url: str) -> None:
        try:
            assert teaching.wait_until_seen(0, timeout_s=LOOK_S)
            show(Person(teaching), url)
        except (AssertionError, DeviceError, OSError, WebSocketException) as error:
            failed.append(error)
        finally:
            teaching.stop.set()

    def started(teaching: Teaching, url: str) -> None:
        threads.append(threading.Thread(target=run, args=(teaching, url)))
        threads[0].start()

    try:
        taught = teach_on(device, REQUEST, Library(folder), view=True, on_start=started, on_notice=heard.append)
    finally:
        threads[0].join()
        if failed:
            raise failed[0]
    return taught, heard


class Client:
    """Speaks the page's protocol: pictures come with the size that touches are measured on."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.size = self._picture()

    def _picture(self) -> tuple[int, int]:
        while isinstance(data := self._socket.recv(timeout=LOOK_S), str):
            pass
        assert data[12:14] == b"\xff\xd8", "no JPEG"
        return int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")

    def send(self, **message: Any) -> None:
        self._socket.send(json.dumps(message))

    def touch(self, phase: str, x: int, y: int, size: tuple[int, int] | None = None) -> None:
        width, height = size or self.size
        self.send(do="touch", phase=phase, x=x, y=y, width=width, height=height)

    def tap(self, x: int, y: int) -> None:
        self.touch("down", x, y)
        self.touch("up", x, y)

    def told(self) -> str:
        """What the page is told next, pictures aside."""
        while not isinstance(data := self._socket.recv(timeout=LOOK_S), str):
            pass
        return str(json.loads(data)["say"])


def client(url: str) -> ClientConnection:
    parts = urlsplit(url)
    return connect(f"ws://{parts.netloc}{parts.path}screen", open_timeout=10, origin=f"http://{parts.netloc}")  # type: ignore[arg-type]


def assert_taught(taught: Taught, heard: list[Noticed], sent: list[Message], bob: str) -> None:
    assert [step.says for step in taught.steps] == STEPS
    assert taught.slots == {"contact": "Bob", "message": "see you at 8"} and taught.unclear == 0
    assert not [notice for notice in heard if notice.kind == "unclear"]
    assert sent == [Message(bob, "see you at 8")], "what the page showed was not done on the phone, once"


def test_a_lesson_over_the_pages_websocket_teaches_and_does_the_task(phone: tuple[AndroidDevice, Wire], tmp_path: Path):
    device, wire = phone
    before = len(messages(wire))

    def show(person: Person, url: str) -> None:
        with client(url) as socket:
            page = Client(socket)
            for says in ("Messages", "Start chat", "Bob", "Text message"):
                page.tap(*person.place(says))
                person.done()
            for letter in "see you at 88":  # the page sends each key as it is pressed
                page.send(do="type", text=letter)
            page.send(do="key", name="del")  # as it names Backspace
            person.done(len("see you at 88") + 1)
            page.tap(*person.place("Send SMS"))
            person.done()

    taught, heard = lesson(device, tmp_path / "recipes", show)

    assert_taught(taught, heard, messages(wire)[before:], number_of(wire, "Bob"))


def test_what_the_page_cannot_do_is_told_on_it_and_is_no_step(phone: tuple[AndroidDevice, Wire], tmp_path: Path):
    device, _ = phone

    def show(person: Person, url: str) -> None:
        with client(url) as socket:
            page = Client(socket)
            page.send(do="type", text="nobody listens")
            assert "No text field" in page.told()
            page.send(do="key", name="forward_del")
            assert "does nothing" in page.told()
            x, y = person.place("Messages")
            page.touch("down", x, y, (page.size[1], page.size[0]))  # measured on a screen that is not there any more
            page.touch("up", x, y, (page.size[1], page.size[0]))
            page.tap(x, y)
            person.done()
            page.send(do="key", name="back")
            person.done()

    taught, heard = lesson(device, tmp_path / "recipes", show)

    assert [step.says for step in taught.steps] == ["Open Messages", "Press back"]
    assert not [notice for notice in heard if notice.kind == "unclear"]


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_the_page_itself_teaches_in_a_browser(phone: tuple[AndroidDevice, Wire], tmp_path: Path):
    device, wire = phone
    before = len(messages(wire))

    def show(person: Person, url: str) -> None:
        with browser(tmp_path / "profile") as page:
            page.open_url(url)
            live(page)
            for says in ("Messages", "Start chat", "Bob", "Text message"):
                click(page, *person.place(says))
                person.done()
            page.run("document.getElementById('text').value = 'see you at 8'")
            page.run("document.querySelector('#typing button').click()")
            person.done()
            click(page, *person.place("Send SMS"))
            person.done()
            assert page.complaints == []

    taught, heard = lesson(device, tmp_path / "recipes", show)

    assert_taught(taught, heard, messages(wire)[before:], number_of(wire, "Bob"))


def live(page: Browser) -> None:
    """Waits until the page shows a picture of the phone."""
    page.run(
        """new Promise((good, bad) => { const at = Date.now(); (function look() {
        if (document.querySelector('#state').classList.contains('live') && canvas.dataset.frame) good(true);
        else if (Date.now() - at > 30000) bad('no picture'); else requestAnimationFrame(look); })(); })"""
    )


def click(page: Browser, x_px: int, y_px: int) -> None:
    """A mouse click on the picture, where the page shows this place of the phone."""
    box = page.run("(({left, top, width, height}) => ({left, top, width, height}))(canvas.getBoundingClientRect())")
    size = page.run("({width: canvas.width, height: canvas.height})")
    at = {
        "x": box["left"] + (x_px + 0.5) * box["width"] / size["width"],
        "y": box["top"] + (y_px + 0.5) * box["height"] / size["height"],
    }
    for kind in ("mousePressed", "mouseReleased"):
        page.ask("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **at)
