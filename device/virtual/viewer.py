"""The viewer: a page on this machine that shows a phone's live picture and takes mouse, wheel and keyboard as touches.

It listens on 127.0.0.1 only, behind a random token in the address, and runs in its own thread with its own event loop.
Several pages may watch at once; nobody watching costs nothing. What is viewed is anything that fits `Viewed`;
`PhoneView` makes the virtual phone fit. The web part stands in `viewer_site` and needs the extra `view`.

What is touched here counts as the owner's own hand: a hardware touch, not one injected by a program.
"""

from __future__ import annotations

import secrets
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from device.actions import Size
from device.virtual.render.paint import encode

if TYPE_CHECKING:
    from device.virtual.phone import VirtualPhone

Phase = Literal["down", "move", "up"]

START_TIMEOUT_S = 10.0
STOP_TIMEOUT_S = 5.0
LOOPBACK = "127.0.0.1"


class ViewerUnavailable(Exception):
    """The viewer cannot start; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Look:
    """One picture, with the screen size its touches are measured on."""

    number: int
    size: Size
    jpeg: bytes


@runtime_checkable
class Viewed(Protocol):
    """What the viewer needs of a phone. Called from the viewer's own threads; calls may block for a moment."""

    @property
    def name(self) -> str:
        """What the page is called."""
        ...

    def number(self) -> int:
        """Changes whenever the picture does. Cheap: asked many times a second while somebody watches."""
        ...

    def size(self) -> Size:
        """The screen's size as it is turned now. Cheap: asked for every touch."""
        ...

    def look(self) -> Look: ...

    def touch(self, phase: Phase, x_px: int, y_px: int) -> None:
        """The one finger goes down, moves or leaves, at a place in px of the screen as it is turned now."""
        ...

    def key(self, name: str) -> bool:
        """Presses a key by its Android name in lower case ("home", "back", …); False if there is none."""
        ...

    def type(self, text: str) -> bool:
        """Types into the focused field; False if none has the focus."""
        ...

    def turn(self) -> None:
        """Turns the screen by a quarter."""
        ...


class PhoneView:
    """The virtual phone as the viewer sees it."""

    def __init__(self, phone: VirtualPhone) -> None:
        self._phone = phone
        self._lock = threading.Lock()
        self._last: Look | None = None

    @property
    def name(self) -> str:
        return f"{self._phone.config.model} ({self._phone.config.serialno})"

    def number(self) -> int:
        with self._phone.lock:
            return self._phone.windows.frame().number

    def size(self) -> Size:
        with self._phone.lock:
            return self._phone.windows.frame().size

    def look(self) -> Look:
        """The current picture; compressed once per frame however many pages watch."""
        with self._lock:
            with self._phone.lock:
                frame = self._phone.windows.frame()
                fresh = self._last is None or self._last.number != frame.number
                picture = self._phone.picture() if fresh else None
            if picture is not None:
                self._last = Look(frame.number, frame.size, encode(picture, "JPEG"))
            assert self._last is not None
            return self._last

    def touch(self, phase: Phase, x_px: int, y_px: int) -> None:
        self._phone.windows.pointer(phase, x_px, y_px, hardware=True)

    def key(self, name: str) -> bool:
        return bool(self._phone.windows.key(name))

    def type(self, text: str) -> bool:
        return bool(self._phone.windows.type_text(text))

    def turn(self) -> None:
        windows = self._phone.windows
        with self._phone.lock:
            windows.rotate((windows.rotation + 1) % 4)


class Viewer:
    """Serves the page for one phone.

    Args:
        viewed: the phone; a `VirtualPhone` is wrapped by itself.
    """

    def __init__(self, viewed: Viewed | VirtualPhone) -> None:
        self._viewed: Viewed = viewed if isinstance(viewed, Viewed) else PhoneView(viewed)
        self._server: Any = None
        self._thread: threading.Thread | None = None
        self.url: str | None = None

    def start(self, port: int = 0) -> str:
        """Starts serving in a thread of its own and returns the page's address, token included. Twice is once.

        Raises:
            ViewerUnavailable: the extra `view` is not installed, or the port is taken.
        """
        if self.url is not None:
            return self.url
        try:
            import uvicorn

            from device.virtual.viewer_site import site
        except ModuleNotFoundError as error:
            raise ViewerUnavailable(f"the viewer needs {error.name}: pip install 'mobimem[view]'") from error
        listener = _listen(port)
        port = listener.getsockname()[1]
        token = secrets.token_urlsafe(24)
        ready = threading.Event()
        config = uvicorn.Config(
            site(self._viewed, token=token, port=port, ready=ready.set),
            log_level="warning", access_log=False, ws="websockets-sansio", ws_max_size=1 << 16, lifespan="on",
            timeout_graceful_shutdown=1, server_header=False, proxy_headers=False,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, args=(listener, ready), name="viewer", daemon=True)
        self._thread.start()
        if not ready.wait(START_TIMEOUT_S) or not self._thread.is_alive():
            self.stop()
            raise ViewerUnavailable(f"the viewer's server did not start within {START_TIMEOUT_S:.0f} s; see its log")
        self.url = f"http://{LOOPBACK}:{port}/{token}/"
        return self.url

    def stop(self) -> None:
        """Ends the server and its thread; pages say that they lost the phone. Safe twice."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT_S)
        self._server = self._thread = self.url = None

    def __enter__(self) -> Viewer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        try:
            self._server.run(sockets=[listener])
        finally:
            listener.close()
            ready.set()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(16)
    except OSError as error:
        listener.close()
        raise ViewerUnavailable(f"port {port} on {LOOPBACK} cannot be used ({error}); choose another or 0") from error
    return listener
