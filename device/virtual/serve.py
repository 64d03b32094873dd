"""The phone's adb port: a thread with its own event loop that lets adb servers connect to one virtual phone.

Binds 127.0.0.1 only. `drop_transport`, `kill`/`revive` and `reboot` are what can happen to a phone's connection; an
unmodified adb server reconnects by itself after each of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import random
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Protocol

from device.virtual.ports import Ports
from device.virtual.wire.command_io import CommandIO
from device.virtual.wire.framebuffer import Pixels
from device.virtual.wire.listener import Listener
from device.virtual.wire.services import PhoneSide, Services
from device.virtual.wire.sync import SyncFiles
from device.virtual.wire.terminal import RunCommand
from device.virtual.wire.transport import READ_BUFFER_BYTES, Connection

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
ADB_SCANS = range(5555, 5586)  # an adb server lists what listens here by itself, as emulator-…
# Below the ports a system gives to outgoing connections: while a phone is down, adb's own attempts to reconnect to it
# would now and then be given the phone's port, and it could not listen there again.
FREE_PORTS = range(16384, 32768)
STOP_TIMEOUT_S = 10.0
PORT_TRIES = 100


class PortTaken(Exception):
    """The port asked for belongs to another program."""

    def __init__(self, port: int) -> None:
        self.port = port
        where = f"{HOST}:{port}" if port else f"every port tried from {FREE_PORTS[0]} to {FREE_PORTS[-1]}"
        super().__init__(
            f"{where} is in use by another program. Stop that program, choose another port, or 0 for a free one."
        )


class _Config(Protocol):
    @property
    def model(self) -> str: ...


class _Image(Protocol):
    """A picture as PIL has it."""

    @property
    def size(self) -> tuple[int, int]: ...
    def convert(self, mode: str) -> _Image: ...
    def tobytes(self) -> bytes: ...


class _Faults(Protocol):
    on_drop_transport: Callable[[], None] | None


class ServedPhone(Protocol):
    """What is needed of `VirtualPhone`."""

    @property
    def config(self) -> _Config: ...
    @property
    def faults(self) -> _Faults: ...
    @property
    def ports(self) -> Ports: ...
    @property
    def files(self) -> SyncFiles: ...
    def picture(self) -> _Image: ...
    def reboot(self) -> None:
        """Restarts the phone, its connection included (`Serving.reboot`). Called on a thread that may wait."""
        ...


class Serving:
    """Serves one phone's adb port. Everything may be called from any thread.

    Called on the event loop's own thread (by a shell command, say), nothing waits: what was asked happens next.

    Args:
        new_shell: makes what executes shell commands; None: the phone's own shell does.
    """

    def __init__(self, phone: ServedPhone, *, new_shell: Callable[[], RunCommand] | None = None) -> None:
        self._faults = phone.faults
        self._services = Services(_phone_side(phone, new_shell or _shells_of(phone)))
        self._connections: set[Connection] = set()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listener: Listener | None = None
        self._over: asyncio.Event | None = None
        self._background: set[asyncio.Task[None]] = set()
        self._port = 0

    @property
    def port(self) -> int:
        """The port it listens on, or will again after `kill`; 0 before the first start."""
        return self._port

    @property
    def connected(self) -> int:
        """How many adb servers are connected."""
        return len(self._connections)

    def start(self, port: int = 0) -> int:
        """Listens and returns the port; 0 takes a free one that no adb server scans.

        Raises:
            PortTaken: another program has it.
            RuntimeError: it is running already.
        """
        if self._thread is not None:
            raise RuntimeError(f"the phone is being served already, on port {self._port}")
        started: Future[int] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._main(port, started)), name="virtual-phone-adb", daemon=True
        )
        self._thread.start()
        try:
            return started.result()
        except BaseException:
            self._thread.join()
            self._thread = None
            raise

    def stop(self) -> None:
        """Cuts every connection and ends the thread; nothing is left running. Safe to call twice."""
        thread, loop, over = self._thread, self._loop, self._over
        if thread is None or loop is None or over is None:
            return
        loop.call_soon_threadsafe(over.set)
        if thread is not threading.current_thread():
            thread.join(STOP_TIMEOUT_S)
            if thread.is_alive():
                raise RuntimeError(f"a service of the virtual phone on port {self._port} does not end when cancelled")
        self._thread = self._loop = self._over = None

    def drop_transport(self) -> None:
        """Cuts every adb connection, as a pulled cable does; commands run from there end. The port still listens."""
        self._do(self._drop())

    def kill(self) -> None:
        """As if the phone's process died: every command ends, connections are cut, the port is closed."""
        self._do(self._close())

    def revive(self) -> None:
        """Listens again on the port it had before `kill`.

        Raises:
            PortTaken: another program has taken it meanwhile.
        """
        self._do(self._listen(self._port))

    def reboot(self) -> None:
        """`kill` and `revive`. What a restart does to apps and windows is `VirtualPhone.reboot`."""
        self._do(self._restart())

    async def _main(self, port: int, started: Future[int]) -> None:
        """The thread's work: listens until it is over."""
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        try:
            await self._listen(port)
        except (PortTaken, OSError) as error:
            started.set_exception(error)
            return
        self._faults.on_drop_transport = self.drop_transport
        started.set_result(self._port)
        await self._over.wait()
        self._faults.on_drop_transport = None
        await self._close()

    async def _listen(self, port: int) -> None:
        if self._listener is not None:
            return
        if port in ADB_SCANS:
            log.warning("adb servers look for emulators on port %d: some will list this phone twice", port)
        listening = _bind(port) if port else _bind_free()
        self._listener = Listener(listening, self._serve, self._kill_connections, buffer_bytes=READ_BUFFER_BYTES)
        self._port = self._listener.port
        log.info("listening on %s:%d", HOST, self._port)

    async def _close(self) -> None:
        if self._listener is not None:
            listener, self._listener = self._listener, None
            await listener.close()

    def _kill_connections(self) -> None:
        for connection in self._connections:
            connection.kill()

    async def _drop(self) -> None:
        for connection in self._connections:
            connection.drop()

    async def _restart(self) -> None:
        await self._close()
        await self._listen(self._port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer, banner=self._services.phone.banner, open_service=self._services.open)
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)
            self._services.connection_ended(connection)

    def _do(self, what: Coroutine[Any, Any, None]) -> None:
        """Runs `what` on the loop; waits for it unless this is the loop's thread."""
        if self._loop is None or self._thread is None:
            what.close()
            raise RuntimeError("the phone is not being served: call start() first")
        if threading.current_thread() is self._thread:
            task = self._loop.create_task(what)
            self._background.add(task)
            task.add_done_callback(self._background.discard)
        else:
            asyncio.run_coroutine_threadsafe(what, self._loop).result(STOP_TIMEOUT_S)


def _phone_side(phone: ServedPhone, new_shell: Callable[[], RunCommand]) -> PhoneSide:
    def picture() -> Pixels:
        image = phone.picture().convert("RGBA")
        return Pixels(*image.size, image.tobytes())

    model = phone.config.model.replace(" ", "_")  # adb's device list is cut at blanks
    return PhoneSide(
        product=model.lower(),
        model=model,
        ports=phone.ports,
        files=phone.files,
        new_shell=new_shell,
        picture=picture,
        reboot=phone.reboot,
    )


def _shells_of(phone: Any) -> Callable[[], RunCommand]:
    from device.virtual import shell
    from device.virtual.shell.call import State

    def new_shell() -> RunCommand:
        state = State()

        async def run_command(command: str, io: CommandIO) -> int:
            return await shell.run(phone, command, io, state=state)

        return run_command

    return new_shell


def _bind(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()  # here, so that a second phone on the port is refused now
    except OSError as error:
        listener.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortTaken(port) from error
        raise
    return listener


def _bind_free() -> socket.socket:
    for port in random.SystemRandom().sample(FREE_PORTS, PORT_TRIES):
        with contextlib.suppress(PortTaken):
            return _bind(port)
    raise PortTaken(0)
