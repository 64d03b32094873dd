"""What the host can open on the phone: the table from a service's name to what serves it.

A service not in the table is refused (the host then says "error: closed"), and so are `tcp:` and `localabstract:` where
nobody listens. What the phone consists of is handed in as `PhoneSide`; this layer knows no more of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from device.virtual.ports import Ports
from device.virtual.wire.command_io import BareIO, FramedIO
from device.virtual.wire.framebuffer import Pixels, pack_framebuffer
from device.virtual.wire.reverse import Forwards, address_of
from device.virtual.wire.stream import Stream
from device.virtual.wire.sync import SyncFiles, serve_sync
from device.virtual.wire.terminal import RunCommand, run_lines, run_terminal
from device.virtual.wire.transport import Connection, Opening

# No compression and no abb_exec: a host that is told of them sends files compressed and installs through abb.
FEATURES = ("shell_v2", "cmd", "stat_v2", "ls_v2", "fixed_push_mkdir", "sendrecv_v2", "sendrecv_v2_dry_run_send")


@dataclass(frozen=True, slots=True)
class PhoneSide:
    """What the services need of the phone.

    `new_shell` gives a shell whose commands share variables and folder. It and what it runs are called on the event
    loop and must not block it; `picture` and `reboot` may block, they are called on another thread.
    """

    product: str
    model: str
    ports: Ports
    files: SyncFiles
    new_shell: Callable[[], RunCommand]
    picture: Callable[[], Pixels]
    reboot: Callable[[], None]

    @property
    def banner(self) -> str:
        """How the phone introduces itself to the host."""
        props = {"name": self.product, "model": self.model, "device": self.product}
        listed = "".join(f"ro.product.{key}={value};" for key, value in props.items())
        return f"device::{listed}features={','.join(FEATURES)}"


class Services:
    """Decides about every OPEN of one phone. Lives on the event loop's thread."""

    def __init__(self, phone: PhoneSide) -> None:
        self.phone = phone
        self._forwards = Forwards(phone.ports)

    def open(self, connection: Connection, service: str) -> Opening | None:
        """What serves `service`, or None to refuse it."""
        word, colon, argument = service.partition(":")
        kind, *options = word.split(",")
        prepare = SERVICES.get(kind)
        if prepare is None or not colon:
            return None
        return prepare(_Request(self.phone, self._forwards, connection, frozenset(options), argument))

    def connection_ended(self, connection: Connection) -> None:
        """Forgets what belonged to one host connection."""
        self._forwards.drop(connection)


@dataclass(frozen=True, slots=True)
class _Request:
    """`kind,option,option:argument`, and what it can be served from."""

    phone: PhoneSide
    forwards: Forwards
    connection: Connection
    options: frozenset[str]
    argument: str


_Prepare: TypeAlias = Callable[[_Request], Opening | None]


def _shell(request: _Request) -> Opening:
    command = request.argument
    terminal = "pty" in request.options or not (command or "raw" in request.options)

    async def run(stream: Stream) -> None:
        io = FramedIO(stream) if "v2" in request.options else BareIO(stream)
        shell = request.phone.new_shell()
        if terminal:
            code = await run_terminal(shell, io, command, prompt=f"{request.phone.product}:/ $ ")
        elif command:
            code = await shell(command, io)
        else:
            code = await run_lines(shell, io)
        await io.exit(code)

    return Opening(run)


def _exec(request: _Request) -> Opening:
    """A bare command. The host may close as soon as it has sent all input (`adb exec-in`), so that ends nothing."""

    async def run(stream: Stream) -> None:
        await request.phone.new_shell()(request.argument, BareIO(stream))

    return Opening(run, survives_close=True)


def _sync(request: _Request) -> Opening:
    return Opening(lambda stream: serve_sync(request.phone.files, stream))


def _tcp(request: _Request) -> Opening | None:
    return _listener(request, f"tcp:{request.argument.partition(':')[0]}")  # a host name may follow; it is always us


def _localabstract(request: _Request) -> Opening | None:
    return _listener(request, f"localabstract:{request.argument}")


def _listener(request: _Request, spelled: str) -> Opening | None:
    address = address_of(spelled)
    handler = None if address is None else request.phone.ports.get(address)
    if handler is None:
        return None

    async def run(stream: Stream) -> None:
        await handler(stream)

    return Opening(run, survives_close=True)


def _reverse(request: _Request) -> Opening:
    answer = request.forwards.answer(request.connection, request.argument)
    return Opening(lambda stream: stream.write(answer))


def _reboot(request: _Request) -> Opening:
    """The whole phone restarts, which cuts every connection, this one too."""

    async def run(stream: Stream) -> None:
        await asyncio.to_thread(request.phone.reboot)

    return Opening(run)


def _says(words: str) -> _Prepare:
    return lambda request: Opening(lambda stream: stream.write(words.encode()))


def _framebuffer(request: _Request) -> Opening:
    async def run(stream: Stream) -> None:
        await stream.write(pack_framebuffer(await asyncio.to_thread(request.phone.picture)))

    return Opening(run)


SERVICES: Mapping[str, _Prepare] = {
    "shell": _shell,
    "exec": _exec,
    "sync": _sync,
    "tcp": _tcp,
    "localabstract": _localabstract,
    "reverse": _reverse,
    "reboot": _reboot,
    "root": _says("adbd cannot run as root in production builds\n"),
    "unroot": _says("adbd not running as root\n"),
    "framebuffer": _framebuffer,
}
