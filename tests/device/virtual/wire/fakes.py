"""The two ends of the wire, for tests: a scripted adb host, and a small phone with a scripted shell."""

from __future__ import annotations

import asyncio
import shlex
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from device.clock import ManualClock
from device.virtual.files import PhoneFiles
from device.virtual.ports import Ports
from device.virtual.wire.command_io import CommandIO
from device.virtual.wire.packets import CLSE, CNXN, OKAY, OPEN, VERSION, WRTE

WAIT_S = 5.0
HOST_BANNER = b"host::features=shell_v2,cmd,stat_v2,ls_v2"


class Packet(NamedTuple):
    command: int
    arg0: int
    arg1: int
    data: bytes = b""


class FakeHost:
    """An adb server's side of one connection, driven by hand. Every wait ends after `WAIT_S` with a failure."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), WAIT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._last_id = 100

    def close(self) -> None:
        self._socket.close()

    def send_bytes(self, data: bytes) -> None:
        self._socket.sendall(data)

    def send(self, command: int, arg0: int, arg1: int, data: bytes = b"") -> None:
        self.send_bytes(struct.pack("<6I", command, arg0, arg1, len(data), 0, command ^ 0xFFFFFFFF) + data)

    def receive(self) -> Packet:
        command, arg0, arg1, length, _, magic = struct.unpack("<6I", self.receive_bytes(24))
        assert magic == command ^ 0xFFFFFFFF
        return Packet(command, arg0, arg1, self.receive_bytes(length))

    def receive_bytes(self, n: int) -> bytes:
        data = bytearray()
        while len(data) < n:
            part = self._socket.recv(n - len(data))
            if not part:
                raise EOFError(f"the phone closed the connection after {bytes(data)!r}")
            data += part
        return bytes(data)

    def silent(self) -> bool:
        """Whether the phone has sent nothing up to a packet that it must answer."""
        self.send(OPEN, 99, 0, b"no-such-service:\0")
        return self.receive() == Packet(CLSE, 0, 99)

    def ended(self) -> bool:
        """Waits for the phone to close the connection; False if it sends something instead."""
        try:
            return self._socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def greet(self, *, max_data: int = 1024 * 1024, version: int = VERSION) -> Packet:
        self.send(CNXN, version, max_data, HOST_BANNER)
        return self.receive()

    def open(self, service: str) -> HostStream:
        """Opens a stream that the phone must accept."""
        self._last_id += 1
        self.send(OPEN, self._last_id, 0, service.encode() + b"\0")
        command, phone_id, host_id, data = self.receive()
        assert (command, host_id, data) == (OKAY, self._last_id, b"")
        assert phone_id != 0
        return HostStream(self, self._last_id, phone_id)

    def ask(self, service: str) -> bytes:
        """Opens a stream and returns all it says until the phone closes it."""
        stream = self.open(service)
        said = stream.read_to_end()
        stream.close()
        return said


@dataclass
class HostStream:
    host: FakeHost
    host_id: int
    phone_id: int

    def write(self, data: bytes) -> None:
        """Writes and waits for the phone's OKAY, which must come next."""
        self.write_without_waiting(data)
        assert self.host.receive() == self.packet(OKAY)

    def write_without_waiting(self, data: bytes) -> None:
        self.host.send(WRTE, self.host_id, self.phone_id, data)

    def okay(self) -> None:
        self.host.send(OKAY, self.host_id, self.phone_id)

    def close(self) -> None:
        self.host.send(CLSE, self.host_id, self.phone_id)

    def packet(self, command: int, data: bytes = b"") -> Packet:
        """A packet as the phone must send it on this stream."""
        return Packet(command, self.phone_id, self.host_id, data)

    def read_write(self) -> bytes:
        """The phone's next write, answered."""
        packet = self.host.receive()
        assert packet == self.packet(WRTE, packet.data)
        self.okay()
        return packet.data

    def read(self, n: int) -> bytes:
        """Exactly `n` bytes, which must end with one of the phone's writes."""
        data = b""
        while len(data) < n:
            data += self.read_write()
        assert len(data) == n, data
        return data

    def read_to_end(self) -> bytes:
        """Everything up to the phone's CLSE; OKAYs in between are passed over."""
        said = b""
        while (packet := self.host.receive()).command != CLSE:
            if packet.command == WRTE:
                assert packet == self.packet(WRTE, packet.data)
                self.okay()
                said += packet.data
            else:
                assert packet == self.packet(OKAY)
        assert packet == self.packet(CLSE)
        return said


@dataclass
class FakeConfig:
    model: str = "VPhone"


@dataclass
class FakeFaults:
    on_drop_transport: Callable[[], None] | None = None


class FakeImage:
    size = (2, 1)

    def convert(self, mode: str) -> FakeImage:
        assert mode == "RGBA"
        return self

    def tobytes(self) -> bytes:
        return bytes([255, 0, 0, 255, 0, 255, 0, 255])


class FakePhone:
    """Real files and ports, and a shell that knows the commands of the methods `_do_…`."""

    def __init__(self, folder: Path) -> None:
        self.config = FakeConfig()
        self.faults = FakeFaults()
        self.ports = Ports()
        self.files = PhoneFiles(folder, ManualClock())
        self.running = threading.Event()
        self.cancelled = threading.Event()
        self.rebooted = False
        self.on_reboot: Callable[[], None] = lambda: None

    def reboot(self) -> None:
        self.rebooted = True
        self.on_reboot()

    def picture(self) -> FakeImage:
        return FakeImage()

    async def run_command(self, command: str, io: CommandIO) -> int:
        verb, *arguments = shlex.split(command)
        do: Callable[[CommandIO, str], Any] = getattr(self, f"_do_{verb}")
        return int(await do(io, " ".join(arguments)))

    async def _do_echo(self, io: CommandIO, words: str) -> int:
        await io.out(words.encode() + b"\n")
        return 0

    async def _do_complain(self, io: CommandIO, words: str) -> int:
        await io.out(b"out\n")
        await io.err(b"err\n")
        return int(words or 0)

    async def _do_zeros(self, io: CommandIO, size: str) -> int:
        await io.out(bytes(int(size)))
        return 0

    async def _do_cat(self, io: CommandIO, _: str) -> int:
        while data := await io.read(65536):
            await io.out(data)
        return 0

    async def _do_save(self, io: CommandIO, path: str) -> int:
        content = b""
        while data := await io.read(4):
            content += data
        self.files.write(path, content)
        self.cancelled.set()
        return 0

    async def _do_hang(self, io: CommandIO, _: str) -> int:
        self.running.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.cancelled.set()
        return 0

    async def _do_chatter(self, io: CommandIO, _: str) -> int:
        try:
            while True:
                await io.out(b"x" * 1000)
        finally:
            self.cancelled.set()

    async def _do_crash(self, io: CommandIO, _: str) -> int:
        raise ZeroDivisionError("a mistake in a command")


@dataclass
class Hosts:
    """Makes hosts for one port and closes them all."""

    port: int
    made: list[FakeHost] = field(default_factory=list)

    def connect(self, *, greet: bool = True) -> FakeHost:
        host = FakeHost(self.port)
        self.made.append(host)
        if greet:
            assert host.greet().command == CNXN
        return host

    def close(self) -> None:
        for host in self.made:
            host.close()
