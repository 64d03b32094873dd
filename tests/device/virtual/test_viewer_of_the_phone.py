"""The viewer on the virtual phone itself: what the page sends is the owner's hand on the glass."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.render.fonts import TextMeasure
from device.virtual.viewer import PhoneView, Viewer
from device.virtual.window.frame import Box, Frame

pytest.importorskip("fastapi", reason="pip install 'mobimem[view]'")
pytest.importorskip("uvicorn", reason="pip install 'mobimem[view]'")
pytest.importorskip("websockets", reason="pip install 'mobimem[view]'")

from websockets.sync.client import ClientConnection, connect


@pytest.fixture
def phone() -> Iterator[VirtualPhone]:
    with VirtualPhone(PhoneConfig(), measure=TextMeasure()) as phone:
        yield phone


@pytest.fixture
def page(phone: VirtualPhone) -> Iterator[ClientConnection]:
    with Viewer(phone) as viewer:
        parts = urlsplit(viewer.url or "")
        address = f"ws://{parts.netloc}{parts.path}screen"
        with connect(address, origin=f"http://{parts.netloc}") as page:
            yield page


def box_of(frame: Frame, desc: str) -> Box:
    return next(box for window in frame.windows for box in window.root.walk() if box.view.desc == desc)


def size_shown(page: ClientConnection) -> tuple[int, int]:
    data = page.recv(timeout=10)
    assert isinstance(data, bytes)
    return int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")


def test_a_tap_on_the_page_opens_an_app_and_is_logged_as_a_hardware_touch(phone: VirtualPhone, page: ClientConnection):
    size = dict(zip(("width", "height"), size_shown(page), strict=True))
    x, y = box_of(phone.windows.frame(), "Settings").visible.center
    before = len(phone.touches.contacts())

    for phase in ("down", "up"):
        page.send(json.dumps({"do": "touch", "phase": phase, "x": x, "y": y, **size}))
    while phone.windows.current()[0] != "com.android.settings":
        page.recv(timeout=10)

    assert len(phone.touches.contacts()) > before


def test_keys_and_turning_reach_the_phone(phone: VirtualPhone, page: ClientConnection):
    phone.windows.start("com.android.settings")
    page.send(json.dumps({"do": "key", "name": "home"}))
    page.send(json.dumps({"do": "turn"}))
    while size_shown(page) != (2400, 1080):
        pass

    assert phone.windows.current()[0] == "com.android.launcher3"


def test_the_picture_is_compressed_once_per_frame(phone: VirtualPhone):
    view = PhoneView(phone)

    first, second = view.look(), view.look()
    phone.windows.start("com.android.settings")

    assert first is second
    assert view.look().number > first.number
    assert view.look().size == view.size()
