"""A port of this computer that nobody listens on. Imports nothing that reads the environment."""

from __future__ import annotations

import contextlib
import random
import socket


def free_port() -> int:
    """A loopback port below those that outgoing connections are given: it is still free when the server starts."""
    while True:
        port = random.SystemRandom().randrange(16384, 32768)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
