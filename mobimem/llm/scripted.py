"""A scripted model server: the HTTP protocol of an OpenAI-compatible endpoint, with answers somebody wrote beforehand.

It is no model and says so: its model is called "scripted", its answers' `system_fingerprint` is "scripted, no model",
and whatever uses it in a demo or an evaluation has to say so too. It exists to show and test everything around a model
where none is at hand, the faults of endpoints included.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, TypeAlias

from mobimem.llm.prompt import texts_of
from mobimem.llm.settings import Model
from mobimem.llm.spending import estimated_tokens

NAME: Final = "scripted"
FINGERPRINT: Final = "scripted, no model"
PIECE_CHARS: Final = 40  # an answer is streamed in pieces of this many characters
REQUEST_BYTES_MAX: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: the messages, the form asked for, the key that was shown."""

    model: str
    messages: tuple[Mapping[str, Any], ...]
    schema: Mapping[str, Any] | None
    key: str

    @property
    def text(self) -> str:
        """Everything that was said to the model, for a script to look into."""
        return "\n".join(texts_of([dict(message) for message in self.messages]))


@dataclass(frozen=True, slots=True)
class Says:
    """An answer in words, which may be anything. `counts`: tell the tokens; `ended`: why it ended."""

    text: str
    ended: str = "stop"
    refusal: bool = False
    counts: bool = True
    pause_s: float = 0.0  # before the first piece


@dataclass(frozen=True, slots=True)
class Fails:
    """An HTTP error, or a page that is no answer of a model."""

    status: int
    body: str = '{"error": {"message": "scripted failure"}}'
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class GoesOn:
    """A response that never ends: the piece, again and again, as fast as it is read (or every `pause_s`)."""

    piece: str
    content_type: str = "text/event-stream"
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True)
class HangsUp:
    """The connection is closed in the middle of the answer."""


Answer: TypeAlias = Says | Fails | GoesOn | HangsUp
Script: TypeAlias = Callable[[Asked], Answer]


def in_turn(answers: Sequence[Answer | Mapping[str, Any]]) -> Script:
    """A script that gives the answers one after the other, the last one again and again. Data is said as JSON."""
    made = [one if isinstance(one, Says | Fails | GoesOn | HangsUp) else Says(json.dumps(one)) for one in answers]
    place = iter(range(len(made)))
    lock = threading.Lock()

    def script(_asked: Asked) -> Answer:
        with lock:
            return made[next(place, len(made) - 1)]

    return script


class ScriptedModel:
    """The server, on a free port of 127.0.0.1. A context manager; `asked` are the requests so far."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler, self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="scripted model", daemon=True
        )
        self._thread.start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def model(self, **settings: Any) -> Model:
        """Settings that lead here."""
        return Model(self.base_url, NAME, **settings)

    def close(self) -> None:
        """Ends the server, and waits for its thread."""
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> ScriptedModel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], owner: ScriptedModel) -> None:
        self.owner = owner
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of ours; tests close connections on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Standard error belongs to the program."""

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            self._send(200, json.dumps({"object": "list", "data": [{"id": NAME, "object": "model"}]}))
        else:
            self._send(404, '{"error": {"message": "there is nothing here"}}')

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        if self.path != "/v1/chat/completions" or not 0 < length <= REQUEST_BYTES_MAX:
            self._send(404, '{"error": {"message": "there is nothing here"}}')
            return
        request = json.loads(self.rfile.read(length))
        form = (request.get("response_format") or {}).get("json_schema") or {}
        asked = Asked(
            str(request.get("model", "")),
            tuple(request["messages"]),
            form.get("schema"),
            self.headers.get("Authorization", "").removeprefix("Bearer "),
        )
        self.server.owner.asked.append(asked)
        match self.server.owner.script(asked):
            case Fails(status=status, body=body, headers=headers, content_type=kind):
                self._send(status, body, headers, kind)
            case Says() as says:
                self._say(says, asked, streamed=bool(request.get("stream")))
            case GoesOn() as goes_on:
                self._go_on(goes_on)
            case HangsUp():
                self._begin("text/event-stream")
                self._piece(_event(_chunk("half an ans", None)))
                self.close_connection = True

    def _say(self, says: Says, asked: Asked, *, streamed: bool) -> None:
        if says.pause_s and self.server.owner.over.wait(says.pause_s):
            return
        usage = _usage(asked, says) if says.counts else None
        if not streamed:
            message = {"role": "assistant", "content": None if says.refusal else says.text}
            message |= {"refusal": says.text} if says.refusal else {}
            choice = {"index": 0, "message": message, "finish_reason": says.ended}
            self._send(200, json.dumps(_head("chat.completion") | {"choices": [choice], "usage": usage}))
            return
        self._begin("text/event-stream")
        said = "refusal" if says.refusal else "content"
        for start in range(0, len(says.text), PIECE_CHARS):
            self._piece(_event(_chunk(says.text[start : start + PIECE_CHARS], None, said)))
        self._piece(_event(_chunk("", says.ended)))
        if usage:
            self._piece(_event(_head("chat.completion.chunk") | {"choices": [], "usage": usage}))
        self._piece("data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _go_on(self, goes_on: GoesOn) -> None:
        self._begin(goes_on.content_type)
        while not self.server.owner.over.wait(goes_on.pause_s):
            self._piece(goes_on.piece)

    def _begin(self, content_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _piece(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _send(
        self, status: int, body: str, headers: Mapping[str, str] | None = None, kind: str = "application/json"
    ) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _head(kind: str) -> dict[str, Any]:
    return {"id": "scripted", "object": kind, "created": 0, "model": NAME, "system_fingerprint": FINGERPRINT}


def _chunk(text: str, ended: str | None, said: str = "content") -> dict[str, Any]:
    choice = {"index": 0, "delta": {said: text} if text else {}, "finish_reason": ended}
    return _head("chat.completion.chunk") | {"choices": [choice]}


def _event(data: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(data)}\n\n"


def _usage(asked: Asked, says: Says) -> dict[str, int]:
    tokens_in, tokens_out = estimated_tokens([asked.text]), estimated_tokens([says.text])
    return {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}


def endless_chunks(piece: str = "and on ") -> GoesOn:
    """An answer in good form that never ends."""
    return GoesOn(_event(_chunk(piece, None)))
