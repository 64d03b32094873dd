"""One owner of the data folder: a call is performed here if the folder is free, else by the process that holds it.

    through_owner(CALL, request)
        the folder is free    open it, perform the call, serve others meanwhile, close it
        it is held            ask the holder; where nobody answers (just opening, closing, or killed) try again
                              until `wait_s` is over

Whoever holds the folder listens on 127.0.0.1 at a free port; port and token stand in `owner.door` (0600). The token
never travels: each side sends a number used once, and the holder proves that it knows the token before anything is
asked; all is signed (HMAC-SHA256). A program that got the port of a dead holder learns nothing and cannot answer. One
JSON line each way, one call for each connection, calls one at a time. A call may be performed twice - the holder was
killed after doing it and before answering - so handlers are idempotent.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from memory import errors as memory_errors
from memory.errors import ExtraMissing, MemoryFault, StoreHeld
from mobimem import errors as mobimem_errors
from mobimem.errors import MobimemError
from mobimem.wire import from_wire, to_wire
from replay.private_files import private_folder, write_private

if TYPE_CHECKING:
    from memory.opening import Memory

Request = TypeVar("Request")
Result = TypeVar("Result")

DOOR: Final = "owner.door"
WAIT_S: Final = 30.0
"""How long a command waits for the folder. Opening after a crash at 100,000 facts takes about ten seconds."""
ANSWER_S: Final = 600.0  # a call that takes longer than rebuilding an index of 100,000 facts has gone wrong
CONNECT_S: Final = 2.0
SILENT_S: Final = 10.0  # a client that connected and says nothing is let go
LINE_MAX: Final = 256 * 1024 * 1024  # an import of a whole memory
_FIRST_PAUSE_S, _PAUSE_MAX_S = 0.01, 0.25


@dataclass(frozen=True, slots=True)
class Call(Generic[Request, Result]):
    """A use case of the memory: what it takes, what it gives, and how it is performed by the folder's owner."""

    name: str
    request: type[Request]
    result: type[Result]
    perform: Callable[[Memory, Request], Result]


class _Unanswered(Exception):
    """The holder cannot be reached now; whether it did anything is not known."""


def through_owner(
    call: Call[Request, Result], request: Request, *, folder: Path | None = None, wait_s: float = WAIT_S
) -> Result:
    """Performs the call, by whoever owns the data folder.

    Args:
        folder: the data folder instead of the user's.
        wait_s: how long to try where the folder is held and its holder does not answer.

    Raises:
        StoreHeld: that time is over. MemoryFault, MobimemError: as the call says.
    """
    place = folder or _folder()
    until, pause = time.monotonic() + wait_s, _FIRST_PAUSE_S
    while True:
        try:
            with owning(place, holder=f"mobimem {call.name}") as memory, memory.lock:
                return call.perform(memory, request)
        except StoreHeld as held:
            if (answer := _try_asking(place, call, request)) is not None:
                return from_wire(call.result, answer)
            if time.monotonic() + pause > until:
                raise StoreHeld(
                    f"{held.cause}, and it did not answer in {wait_s:g} s", holder=held.holder,
                    next_step="Wait until it has ended, or end that process; nothing is lost.",
                ) from held  # fmt: skip
        time.sleep(pause)
        pause = min(2 * pause, _PAUSE_MAX_S)


@contextmanager
def owning(folder: Path, *, holder: str) -> Iterator[Memory]:
    """The opened folder for the block's time, while others are served.

    Raises:
        StoreHeld: another process holds it. MemoryFault: it cannot be opened.
    """
    private_folder(folder)
    with _memory_class().open(folder, holder=holder) as memory, serving(memory):
        yield memory


@contextmanager
def serving(memory: Memory) -> Iterator[None]:
    """Performs the calls of other processes during the block. Calls that came in are finished before it ends."""
    token = secrets.token_hex(32)
    server = _Server(memory, token)
    door = memory.folder / DOOR
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="owner", daemon=True)
    thread.start()
    try:
        words = json.dumps({"pid": os.getpid(), "port": server.server_address[1], "token": token})
        write_private(door, words, replace=True)
        yield
    finally:
        door.unlink(missing_ok=True)
        server.shutdown()
        thread.join()
        server.server_close()  # waits for the calls that came in


# --- asking ----------------------------------------------------------------------------------------------------------


def _try_asking(folder: Path, call: Call[Any, Any], request: Any) -> Any:
    """The holder's answer as data; None where it cannot be reached now."""
    try:
        return _ask(folder, call.name, to_wire(request))
    except _Unanswered:
        return None


def _ask(folder: Path, name: str, data: Any) -> Any:
    try:
        door = json.loads((folder / DOOR).read_text(encoding="utf-8"))
        port, token = int(door["port"]), str(door["token"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _Unanswered from error
    asked = False
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=CONNECT_S) as line:
            line.settimeout(SILENT_S)
            stream, mine = line.makefile("rwb"), secrets.token_hex(16)
            stream.write(f"{mine}\n".encode("ascii"))
            stream.flush()
            nonce = str(_receive(stream, token, mine + ":here"))  # it knows the token: it may be told
            line.settimeout(ANSWER_S)
            _send(stream, token, nonce + ":asked", {"call": name, "data": data})
            asked = True
            answer = _receive(stream, token, nonce + ":answered")
    except TimeoutError as error:
        if not asked:
            raise _Unanswered from error
        raise StoreHeld(
            f"the owner of {folder} (process {door.get('pid')}) has not answered in time; whether it did it is unknown",
            next_step="Look at what is remembered, then try again.",
        ) from error
    except (OSError, ValueError) as error:
        raise _Unanswered from error
    if "error" in answer:
        raise _error_of(answer["error"])
    return answer["result"]


# --- answering -------------------------------------------------------------------------------------------------------


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False
    block_on_close = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, memory: Memory, token: str) -> None:
        self.memory, self.token = memory, token
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, or was none: it is its loss, and it tries again."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server
    timeout = SILENT_S

    def handle(self) -> None:
        theirs, nonce = self.rfile.readline(256).decode("ascii").strip(), secrets.token_hex(16)
        _send(self.wfile, self.server.token, theirs + ":here", nonce)
        asked = _receive(self.rfile, self.server.token, nonce + ":asked")
        _send(self.wfile, self.server.token, nonce + ":answered", self._answer(asked))

    def _answer(self, asked: Any) -> dict[str, Any]:
        from mobimem.calls import all_calls

        try:
            call = next((one for one in all_calls() if one.name == asked.get("call")), None)
            if call is None:
                raise MobimemError(
                    f"the process that holds the data folder knows no {asked.get('call')!r}",
                    next_step="It is of another release: end it and try again.",
                )
            with self.server.memory.lock:
                return {"result": to_wire(call.perform(self.server.memory, from_wire(call.request, asked["data"])))}
        except (MemoryFault, MobimemError) as error:
            return {"error": _told(error)}
        except Exception as error:  # noqa: BLE001  (the caller reports it as the bug it is; the holder goes on)
            return {"error": {"kind": "", "cause": f"{type(error).__name__}: {error}", "next_step": ""}}


def _told(error: MemoryFault | MobimemError) -> dict[str, str]:
    return {"kind": type(error).__name__, "cause": error.cause, "next_step": error.next_step}


def _error_of(told: dict[str, str]) -> Exception:
    """The error the holder met, of the same class."""
    for module, root in ((memory_errors, MemoryFault), (mobimem_errors, MobimemError)):
        kind = getattr(module, told["kind"], None) if told["kind"] else None
        if isinstance(kind, type) and issubclass(kind, root):
            made: Exception = kind.__new__(kind)
            root.__init__(made, told["cause"], next_step=told["next_step"])  # type: ignore[arg-type]
            return made
    return RuntimeError(f"the process that holds the data folder failed: {told['cause']}")


# --- the line --------------------------------------------------------------------------------------------------------


def _send(stream: Any, token: str, salt: str, body: Any) -> None:
    words = json.dumps(body, ensure_ascii=True)
    stream.write(f"{_signature(token, salt, words)} {words}\n".encode("ascii"))
    stream.flush()


def _receive(stream: Any, token: str, salt: str) -> Any:
    """Raises: ValueError: it ended early, or the other side does not know the token."""
    line = stream.readline(LINE_MAX)
    if not line.endswith(b"\n"):
        raise ValueError("the line ended early")
    signature, _, words = line.decode("ascii").rstrip("\n").partition(" ")
    if not hmac.compare_digest(signature, _signature(token, salt, words)):
        raise ValueError("the other side does not know the token")
    return json.loads(words)


def _signature(token: str, salt: str, words: str) -> str:
    return hmac.new(token.encode("ascii"), f"{salt}\n{words}".encode("ascii"), hashlib.sha256).hexdigest()


def _folder() -> Path:
    from mobimem import folders

    return folders.memory_folder()


def _memory_class() -> type[Memory]:
    try:
        from memory.opening import Memory
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("memory", "mobimem"):
            raise  # one of ours: a bug
        raise ExtraMissing(error.name or "a package", "memory") from error
    return Memory
