"""An adb server made of a table: for what adb says when a phone is unauthorized, offline or hardly there."""

from __future__ import annotations

import socket
import threading


class ScriptedAdbServer:
    """Answers `host:version`, `host:devices-l` and every transport request with the same words.

    Args:
        listing: lines of `adb devices -l`.
        refusal: what a transport request gets as its failure.
    """

    def __init__(self, listing: str, refusal: str) -> None:
        self._listing = listing
        self._refusal = refusal
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                length = int(connection.recv(4) or b"0", 16)
                connection.sendall(self._answer(connection.recv(length).decode()))

    def _answer(self, command: str) -> bytes:
        match command:
            case "host:version":
                return b"OKAY" + _block("0029")
            case "host:devices-l":
                return b"OKAY" + _block(self._listing)
            case _:
                return b"FAIL" + _block(self._refusal)


def _block(text: str) -> bytes:
    data = text.encode()
    return f"{len(data):04x}".encode() + data
