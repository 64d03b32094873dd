"""The viewer's web part: one page and one WebSocket, both behind the token. Import needs the extra `view`.

From the server: binary messages of three big-endian 32-bit numbers (frame, width px, height px) and a JPEG, one
whenever the frame changed. From the page: JSON objects whose "do" is "touch", "key", "type" or "turn". A touch carries
the size it was measured on and is dropped when the screen has another by now (as scrcpy does).

Another site in the same browser must not drive the phone: the `Host` header must name this machine (no DNS rebinding),
a WebSocket must come from our own page (`Origin`), the token is compared in constant time, and the page may load
nothing from elsewhere and not be framed.
"""

from __future__ import annotations

import asyncio
import html
import json
import secrets
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any, get_args

from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import HTMLResponse, PlainTextResponse

from device.actions import Size
from device.virtual.viewer import Look, Phase, Viewed

LOOK_EVERY_S = 1 / 30  # how often the frame number is asked while somebody watches
FRAME_HEADER = struct.Struct(">III")
TEXT_MAX = 10_000  # characters typed by one message
POLICY_VIOLATION = 1008
BAD_DATA = 1003


class BadMessage(ValueError):
    """The page sent what is no command. The connection is closed."""


def site(viewed: Viewed, *, token: str, port: int, ready: Callable[[], None]) -> FastAPI:
    """The application for one phone. `ready` is called once it takes requests."""
    hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
    origins = frozenset(f"http://{host}" for host in hosts)
    watch = _Watch(viewed)
    hand = _Hand(viewed)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        ready()
        yield

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)

    @app.middleware("http")
    async def only_this_machine(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        if not hosts.issuperset(request.headers.getlist("host") or [""]):  # all of them: a second one may be forged
            return PlainTextResponse("this address is not served", status_code=421)
        return await go_on(request)

    @app.get("/{given}/")
    async def page(given: str) -> Response:
        if not _same(given, token):
            return PlainTextResponse("not found", status_code=404)
        nonce = secrets.token_urlsafe(16)
        return HTMLResponse(_page(viewed.name, nonce), headers=_headers(nonce))

    @app.websocket("/{given}/screen")
    async def screen(socket: WebSocket, given: str) -> None:
        headers = socket.headers
        if (
            not hosts.issuperset(headers.getlist("host") or [""])
            or headers.get("origin") not in origins
            or not _same(given, token)
        ):
            await socket.close(POLICY_VIOLATION)
            return
        await socket.accept()
        await _Session(socket, watch, hand).run()

    return app


class _Watch:
    """Asks for the frame number while at least one session waits, and wakes them all when it changed."""

    def __init__(self, viewed: Viewed) -> None:
        self._viewed = viewed
        self._asking: asyncio.Task[int] | None = None

    async def next_look(self, after: int | None) -> Look:
        """The picture, as soon as its number is another than `after`."""
        while await self._number() == after:
            await asyncio.sleep(LOOK_EVERY_S)
        return await asyncio.to_thread(self._viewed.look)

    async def _number(self) -> int:
        """One question at a time, its answer shared by all who wait for it."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(asyncio.to_thread(self._viewed.number))
        return await asyncio.shield(self._asking)


class _Hand:
    """The one finger all pages share: while one page holds it down the touches of others are dropped."""

    def __init__(self, viewed: Viewed) -> None:
        self.viewed = viewed
        self._holder: object | None = None
        self._size: Size | None = None
        self._at = (0, 0)

    async def touch(self, who: object, phase: Phase, x_px: int, y_px: int, measured_on: Size) -> None:
        if self._holder not in (None, who) or (self._holder is None and phase != "down"):
            return
        if await asyncio.to_thread(self.viewed.size) != measured_on:
            await self.let_go(who)
            return
        x_px, y_px = min(max(0, x_px), measured_on.width_px - 1), min(max(0, y_px), measured_on.height_px - 1)
        self._holder, self._at = (None if phase == "up" else who), (x_px, y_px)
        await asyncio.to_thread(self.viewed.touch, phase, x_px, y_px)

    async def let_go(self, who: object) -> None:
        """Lifts the finger if this page holds it down."""
        if self._holder is who:
            self._holder = None
            await asyncio.to_thread(self.viewed.touch, "up", *self._at)


class _Session:
    """One open page."""

    def __init__(self, socket: WebSocket, watch: _Watch, hand: _Hand) -> None:
        self._socket = socket
        self._watch = watch
        self._hand = hand

    async def run(self) -> None:
        """Until the page goes away. A failure of the phone ends the session and is logged by the server."""
        both = {asyncio.create_task(self._send()), asyncio.create_task(self._receive())}
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            await self._hand.let_go(self)

    async def _receive(self) -> None:
        try:
            while True:
                await self._obey(_parsed(await self._socket.receive_text()))
        except BadMessage as error:
            await self._socket.close(BAD_DATA, str(error))
        except KeyError:  # Starlette's answer to a binary message where text is due
            await self._socket.close(BAD_DATA, "only text is taken")
        except WebSocketDisconnect:
            pass

    async def _send(self) -> None:
        """Pictures, each as soon as the last has gone out: a slow page skips frames."""
        sent: int | None = None
        try:
            while True:
                look = await self._watch.next_look(sent)
                header = FRAME_HEADER.pack(look.number & 0xFFFFFFFF, look.size.width_px, look.size.height_px)
                await self._socket.send_bytes(header + look.jpeg)
                sent = look.number
        except WebSocketDisconnect:
            pass

    async def _obey(self, message: dict[str, Any]) -> None:
        viewed = self._hand.viewed
        match message:
            case {"do": "touch", "phase": phase, "x": int(x), "y": int(y), "width": int(width), "height": int(height)}:
                if phase not in get_args(Phase) or width <= 0 or height <= 0:
                    raise BadMessage("not a touch")
                await self._hand.touch(self, phase, x, y, Size(width, height))
            case {"do": "key", "name": str(name)}:
                if not await asyncio.to_thread(viewed.key, name):
                    await self._socket.send_text(json.dumps({"say": "This key does nothing on this phone."}))
            case {"do": "type", "text": str(text)} if len(text) <= TEXT_MAX:
                if not await asyncio.to_thread(viewed.type, text):
                    await self._socket.send_text(json.dumps({"say": "No text field has the focus: tap one first."}))
            case {"do": "turn"}:
                await asyncio.to_thread(viewed.turn)
            case _:
                raise BadMessage("unknown command")


def _parsed(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except ValueError as error:
        raise BadMessage("not JSON") from error
    if not isinstance(message, dict):
        raise BadMessage("not an object")
    return message


def _same(given: str, token: str) -> bool:
    return secrets.compare_digest(given.encode(), token.encode())


def _page(name: str, nonce: str) -> str:
    page = resources.files("device.virtual").joinpath("viewer.html").read_text(encoding="utf-8")
    return page.replace("{{name}}", html.escape(name)).replace("{{nonce}}", nonce)


def _headers(nonce: str) -> dict[str, str]:
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
        "img-src blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
