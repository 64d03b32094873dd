import http.client
import io
import json
import socket
import sys
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from PIL import Image

from device.actions import Size
from device.virtual.render.paint import encode
from device.virtual.viewer import Look, Phase, Viewed, Viewer, ViewerUnavailable

pytest.importorskip("fastapi", reason="pip install 'mobimem[view]'")
pytest.importorskip("uvicorn", reason="pip install 'mobimem[view]'")
websockets = pytest.importorskip("websockets", reason="pip install 'mobimem[view]'")

from websockets.sync.client import ClientConnection, connect  # noqa: E402


class Toy:
    """A phone that is a picture of one colour: every event is written down and makes the next frame."""

    name = 'Toy <"1">'

    def __init__(self) -> None:
        self.events: list[tuple[object, ...]] = []
        self.screen = Size(100, 200)
        self.field = True
        self.looks = 0
        self.asked = 0
        self._lock = threading.Lock()

    def number(self) -> int:
        self.asked += 1
        return len(self.events)

    def size(self) -> Size:
        return self.screen

    def look(self) -> Look:
        with self._lock:
            self.looks += 1
            number = len(self.events)
            colour = (200, 40 * number % 255, 0)
            picture = Image.new("RGB", (self.screen.width_px, self.screen.height_px), colour)
            return Look(number, self.screen, encode(picture, "JPEG"))

    def touch(self, phase: Phase, x_px: int, y_px: int) -> None:
        self.events.append((phase, x_px, y_px))

    def key(self, name: str) -> bool:
        self.events.append(("key", name))
        return True

    def type(self, text: str) -> bool:
        if self.field:
            self.events.append(("type", text))
        return self.field

    def turn(self) -> None:
        self.screen = Size(self.screen.height_px, self.screen.width_px)
        self.events.append(("turn",))


@pytest.fixture
def toy() -> Toy:
    return Toy()


@pytest.fixture
def url(toy: Toy) -> Iterator[str]:
    with Viewer(toy) as viewer:
        assert viewer.url is not None
        yield viewer.url


def page_of(url: str, **options: object) -> ClientConnection:
    """Opens the page's WebSocket as a browser on the page itself would."""
    parts = urlsplit(url)
    given = {"origin": f"http://{parts.netloc}", **options}
    return connect(f"ws://{parts.netloc}{parts.path}screen", open_timeout=10, close_timeout=5, **given)


def picture(page: ClientConnection) -> tuple[int, tuple[int, int], Image.Image]:
    data = page.recv(timeout=10)
    assert isinstance(data, bytes)
    number, width, height = (int.from_bytes(data[at : at + 4], "big") for at in (0, 4, 8))
    return number, (width, height), Image.open(io.BytesIO(data[12:]))


def touch(page: ClientConnection, phase: str, x: int, y: int, *, size: tuple[int, int] = (100, 200)) -> None:
    page.send(json.dumps({"do": "touch", "phase": phase, "x": x, "y": y, "width": size[0], "height": size[1]}))


def get(url: str, **headers: str) -> http.client.HTTPResponse:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", parts.path, headers=headers)
    answer = connection.getresponse()
    answer.body = answer.read().decode()  # type: ignore[attr-defined]
    connection.close()
    return answer


def test_a_toy_is_all_the_viewer_needs(toy: Toy):
    assert isinstance(toy, Viewed)


def test_the_page_is_served_with_the_phones_name_and_loads_nothing_from_elsewhere(url: str):
    answer = get(url)

    assert answer.status == 200
    assert "<title>Toy &lt;&quot;1&quot;&gt;</title>" in answer.body  # type: ignore[attr-defined]
    assert "{{" not in answer.body  # type: ignore[attr-defined]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_first_picture_comes_at_once_and_the_next_only_when_the_frame_changed(toy: Toy, url: str):
    with page_of(url) as page:
        number, size, image = picture(page)
        assert (number, size, image.size, image.format) == (0, (100, 200), (100, 200), "JPEG")
        with pytest.raises(TimeoutError):
            page.recv(timeout=0.2)

        toy.key("home")

        assert picture(page)[0] == 1


def test_a_touch_on_the_page_reaches_the_phone_in_its_pixels(toy: Toy, url: str):
    with page_of(url) as page:
        picture(page)
        for phase, x, y in (("down", 10, 20), ("move", 15, 60), ("up", 15, 90)):
            touch(page, phase, x, y)
        while picture(page)[0] < 3:
            pass

    assert toy.events == [("down", 10, 20), ("move", 15, 60), ("up", 15, 90)]


def test_keys_text_and_turning_reach_the_phone(toy: Toy, url: str):
    with page_of(url) as page:
        for message in ({"do": "key", "name": "back"}, {"do": "type", "text": "Grüße 你好"}, {"do": "turn"}):
            page.send(json.dumps(message))
        while (seen := picture(page))[0] < 3:
            pass

    assert toy.events == [("key", "back"), ("type", "Grüße 你好"), ("turn",)]
    assert seen[1] == (200, 100)


def test_the_page_is_told_when_no_field_takes_the_text(toy: Toy, url: str):
    toy.field = False
    with page_of(url) as page:
        picture(page)
        page.send(json.dumps({"do": "type", "text": "x"}))

        assert "No text field" in json.loads(page.recv(timeout=10))["say"]


def test_a_touch_measured_on_another_size_is_dropped(toy: Toy, url: str):
    with page_of(url) as page:
        touch(page, "down", 150, 50, size=(200, 100))
        page.send(json.dumps({"do": "key", "name": "home"}))
        while picture(page)[0] < 1:
            pass

    assert toy.events == [("key", "home")]


def test_turning_the_screen_under_a_finger_lifts_it(toy: Toy, url: str):
    with page_of(url) as page:
        touch(page, "down", 50, 50)
        page.send(json.dumps({"do": "turn"}))
        touch(page, "move", 60, 60)
        while picture(page)[0] < 3:
            pass

    assert toy.events == [("down", 50, 50), ("turn",), ("up", 50, 50)]


def test_a_place_outside_the_picture_is_moved_to_its_edge(toy: Toy, url: str):
    with page_of(url) as page:
        touch(page, "down", 5, 5)
        touch(page, "up", 500, -7)
        while picture(page)[0] < 2:
            pass

    assert toy.events[1] == ("up", 99, 0)


def test_a_page_that_is_closed_lifts_its_finger(toy: Toy, url: str):
    with page_of(url) as watching:
        with page_of(url) as page:
            touch(page, "down", 10, 20)
            while picture(watching)[0] < 1:
                pass
        while picture(watching)[0] < 2:
            pass

    assert toy.events == [("down", 10, 20), ("up", 10, 20)]


def test_several_pages_see_the_same_and_only_one_holds_the_finger(toy: Toy, url: str):
    with page_of(url) as first, page_of(url) as second:
        picture(first), picture(second)
        touch(first, "down", 10, 10)
        assert picture(second)[0] == 1
        touch(second, "down", 90, 90)
        second.send(json.dumps({"do": "key", "name": "home"}))
        while picture(first)[0] < 2:
            pass
        touch(first, "up", 10, 10)
        while picture(second)[0] < 3:
            pass

    assert toy.events == [("down", 10, 10), ("key", "home"), ("up", 10, 10)]


def test_nobody_watching_asks_nothing_of_the_phone(toy: Toy, url: str):
    assert get(url).status == 200
    assert (toy.asked, toy.looks) == (0, 0)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None, "http://127.0.0.1"])
def test_another_site_cannot_drive_the_phone(toy: Toy, url: str, origin: str | None):
    with pytest.raises(websockets.InvalidStatus) as refused:
        page_of(url, origin=origin)

    assert refused.value.response.status_code == 403
    assert toy.events == []


def test_a_name_that_was_rebound_to_this_machine_is_not_served(url: str):
    assert get(url, Host="evil.example").status == 421
    parts = urlsplit(url)
    with pytest.raises(websockets.InvalidStatus):
        page_of(url, additional_headers={"Host": f"evil.example:{parts.port}"})


@pytest.mark.parametrize("path", ["/", "/wrong/", "/docs", "/openapi.json"])
def test_without_the_token_there_is_nothing(url: str, path: str):
    parts = urlsplit(url)
    answer = get(f"http://{parts.netloc}{path}")

    assert answer.status == 404
    with pytest.raises(websockets.InvalidStatus):
        connect(f"ws://{parts.netloc}/wrong/screen", origin=f"http://{parts.netloc}")


@pytest.mark.parametrize(
    "message",
    [
        "no json", "[]", '{"do": "format"}',
        '{"do": "touch", "phase": "hover", "x": 1, "y": 1, "width": 9, "height": 9}',
        '{"do": "touch", "phase": "down", "x": "1", "y": 1, "width": 9, "height": 9}',
        '{"do": "touch", "phase": "down", "x": 1, "y": 1, "width": 0, "height": 9}',
        b"\x00\x01", json.dumps({"do": "type", "text": "x" * 10_001}),
    ],
)  # fmt: skip
def test_what_is_no_command_closes_the_page_and_touches_nothing(toy: Toy, url: str, message: str | bytes):
    with page_of(url) as page:
        page.send(message)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            while True:
                page.recv(timeout=10)

    assert closed.value.rcvd is not None and closed.value.rcvd.code == 1003
    assert toy.events == []


def test_it_listens_on_this_machine_only_and_is_gone_after_stop(toy: Toy):
    viewer = Viewer(toy)
    url = viewer.start()
    assert viewer.start() == url
    assert urlsplit(url).hostname == "127.0.0.1"
    with page_of(url) as page:
        picture(page)

        viewer.stop()
        viewer.stop()

        with pytest.raises(websockets.ConnectionClosed):
            page.recv(timeout=10)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=5)
    assert not [thread.name for thread in threading.enumerate() if thread.name == "viewer"]


def test_a_phone_that_fails_ends_the_page_instead_of_freezing_it(toy: Toy, monkeypatch: pytest.MonkeyPatch):
    def fail() -> Look:
        raise RuntimeError("the app named a colour that does not exist")

    monkeypatch.setattr(toy, "look", fail)
    with Viewer(toy) as viewer, page_of(viewer.url or "") as page, pytest.raises(websockets.ConnectionClosed):
        page.recv(timeout=10)


def test_two_starts_have_different_tokens(toy: Toy):
    with Viewer(toy) as one, Viewer(toy) as other:
        assert one.url is not None and other.url is not None
        assert urlsplit(one.url).path != urlsplit(other.url).path


def test_a_taken_port_is_named(toy: Toy):
    with Viewer(toy) as viewer:
        taken = urlsplit(viewer.url or "").port or 0
        with pytest.raises(ViewerUnavailable, match=f"port {taken}"):
            Viewer(toy).start(taken)


def test_a_missing_extra_is_named_with_the_command_that_installs_it(toy: Toy, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    with pytest.raises(ViewerUnavailable, match=r"pip install 'mobimem\[view\]'"):
        Viewer(toy).start()
