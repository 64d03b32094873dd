"""One request over the wire, with the `openai` package: text out, or one of `mobimem.llm.errors`.

The answer is streamed and read by a thread of its own, so the caller keeps its limits whatever the endpoint does: a
time for the whole answer, a size, and being cancelled. The package's own retries are off; `mobimem.llm.client` decides.
Nothing of the key, and of the endpoint's own words only the first line, gets into an error.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2 as httpx  # what the openai package speaks through
import openai

from mobimem.llm.errors import (
    AskingCancelled,
    KeyRejected,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelSlow,
    ModelUnknown,
    ModelUnreachable,
    RequestRejected,
)
from mobimem.llm.settings import Model

ANSWER_CHARS_MAX: Final = 200_000  # whatever the settings allow
TOKEN_CHARS_MAX: Final = 8  # of an answer, on the average: twice what English has, so no answer in bounds is cut off
BODY_BYTES_MAX: Final = 8_000_000  # of one response, whatever it is: a page of HTML without an end is cut off here
LOOK_S: Final = 0.05  # how soon being cancelled is noticed
CONNECT_S: Final = 10.0
NO_KEY: Final = "none"  # local endpoints want a header and do not look at it


@dataclass(frozen=True, slots=True)
class Raw:
    """What came: the text, the endpoint's count of tokens if it counts, and why it ended ("stop", "length")."""

    text: str
    usage: Any
    ended: str


class Wire:
    """Requests to one model. Holds a connection pool: close it."""

    def __init__(self, model: Model, transport: httpx.BaseTransport | None = None) -> None:
        self._model = model
        carried = transport or httpx.HTTPTransport(retries=0)
        self._http = httpx.Client(
            transport=_Bounded(carried), timeout=httpx.Timeout(model.timeout_s, connect=CONNECT_S)
        )
        self._client = openai.OpenAI(
            base_url=model.base_url, api_key=model.key or NO_KEY, max_retries=0, http_client=self._http
        )

    def close(self) -> None:
        self._client.close()

    def ask(self, chat: list[dict[str, Any]], schema: Mapping[str, Any] | None, cancelled: threading.Event) -> Raw:
        """One request.

        Args:
            schema: asked for as the form of the answer; None asks in words only.

        Raises:
            ModelError: what went wrong, as `mobimem.llm.errors` groups it.
        """
        most = min(ANSWER_CHARS_MAX, TOKEN_CHARS_MAX * self._model.answer_tokens)
        reading = _Reading(lambda: self._stream(chat, schema), self._model.where, most)
        deadline_s = time.monotonic() + self._model.timeout_s
        try:
            return reading.result(deadline_s, cancelled)
        except _Late:
            slow = ModelSlow(f"{self._model.where} gave no whole answer within {self._model.timeout_s:g} s")
            slow.read_chars = reading.chars
            raise slow from None
        except ModelError as error:
            error.read_chars = reading.chars
            raise
        finally:
            reading.abandon()

    def _stream(self, chat: list[dict[str, Any]], schema: Mapping[str, Any] | None) -> Any:
        request: dict[str, Any] = {
            "model": self._model.model,
            "messages": chat,
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": 0,
            "max_tokens": self._model.answer_tokens,
        }
        if schema is not None:
            form = {"name": "answer", "schema": schema, "strict": True}
            request["response_format"] = {"type": "json_schema", "json_schema": form}
        return self._client.chat.completions.create(**request)


class _Late(Exception):
    """The time is over; never leaves this module."""


class _Reading:
    """A stream read by a thread, which ends by itself once the stream is closed.

    Args:
        most: characters of an answer; one that goes on beyond them ignores the length it was given.
    """

    def __init__(self, opened: Callable[[], Any], where: str, most: int) -> None:
        self._opened, self._where, self._most = opened, where, most
        self._stream: Any = None
        self.chars = 0  # of the answer, read so far
        self._left = threading.Event()
        self._done: queue.SimpleQueue[Raw | Exception] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="model answer", daemon=True).start()

    def result(self, deadline_s: float, cancelled: threading.Event) -> Raw:
        while True:
            if cancelled.is_set():
                raise AskingCancelled(f"{self._where} was no longer waited for")
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                raise _Late
            try:
                got = self._done.get(timeout=min(LOOK_S, left_s))
            except queue.Empty:
                continue
            if isinstance(got, Exception):
                raise got
            return got

    def abandon(self) -> None:
        """Stops reading; the connection is closed by whoever sees it last."""
        self._left.set()
        if self._stream is not None:
            self._stream.close()

    def _read(self) -> None:
        try:
            self._stream = self._opened()
            self._done.put(self._gathered(self._stream))
        except ModelError as error:
            self._done.put(error)
        except (openai.OpenAIError, httpx.HTTPError, httpx.StreamError, ValueError, TypeError, AttributeError) as error:
            self._done.put(translated(error, self._where))
        finally:
            if self._left.is_set() and self._stream is not None:
                self._stream.close()

    def _gathered(self, stream: Any) -> Raw:
        where = self._where
        said: list[str] = []
        refusal: list[str] = []
        usage, ended, events = None, "", 0
        for chunk in stream:
            if self._left.is_set():
                break
            events += 1
            usage = getattr(chunk, "usage", None) or usage
            for choice in getattr(chunk, "choices", None) or ():
                delta = choice.delta
                if delta is not None:
                    said.append(delta.content or "")
                    refusal.append(getattr(delta, "refusal", None) or "")
                    self.chars += len(said[-1]) + len(refusal[-1])
                ended = choice.finish_reason or ended
            if self.chars > self._most:
                raise RequestRejected(f"{where} goes on answering beyond {self._most:,} characters")
        if refused := "".join(refusal).strip():
            raise ModelRefused(f"{where} refused: {_first_line(refused)}")
        if ended == "content_filter":
            raise ModelRefused(f"{where} withheld its answer (content filter)")
        if not events:
            raise ModelUnreachable(
                f"{where} sent no answer a model gives: is this the address of an OpenAI-compatible API?"
            )
        return Raw("".join(said), usage, ended)


def translated(error: Exception, where: str) -> ModelError:  # noqa: PLR0911 - one line for each kind
    """The package's error as one of ours."""
    match error:
        case _TooMuch():
            return ModelUnreachable(f"{where} sent more than {BODY_BYTES_MAX // 1_000_000} MB that are no answer")
        case openai.APITimeoutError() | httpx.TimeoutException():
            return ModelSlow(f"{where} did not answer in time")
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return KeyRejected(f"{where} does not accept the key (HTTP {error.status_code})")
        case openai.NotFoundError():
            return ModelUnknown(f"{where} is not there (HTTP 404: {_words(error)})")
        case openai.RateLimitError():
            wait_s = _retry_after(error.response.headers)
            told = "" if wait_s is None else f" and asks to wait {wait_s:g} s"
            return ModelBusy(f"{where} is over its limit (HTTP 429){told}", wait_s=wait_s)
        case openai.InternalServerError():
            return ModelUnreachable(f"{where} has an error of its own (HTTP {error.status_code}: {_words(error)})")
        case openai.APIStatusError():
            return RequestRejected(f"{where} does not take the request (HTTP {error.status_code}: {_words(error)})")
        case openai.APIConnectionError():
            cause = error.__cause__
            if isinstance(cause, _TooMuch):
                return translated(cause, where)
            return ModelUnreachable(f"{where} cannot be reached ({_first_line(str(cause or error))})")
        case _:
            return ModelUnreachable(f"{where} sent what no such endpoint sends ({_first_line(str(error))})")


def _words(error: openai.APIStatusError) -> str:
    body = error.body
    said = body.get("message", "") if isinstance(body, dict) else str(body or "")
    return _first_line(str(said) or type(error).__name__)


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 120 else line[:119] + "…"


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header; None where there is none or it is a date."""
    given = headers.get("retry-after-ms", "")
    if given.isdigit():
        return int(given) / 1000
    given = headers.get("retry-after", "").strip()
    try:
        seconds = float(given)
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


class _TooMuch(httpx.ReadError):
    """A response went beyond `BODY_BYTES_MAX`."""


class _Bounded(httpx.BaseTransport):
    """A transport that stops reading a response that does not end."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        if isinstance(response.stream, httpx.SyncByteStream):
            response.stream = _Counted(response.stream, request)
        return response

    def close(self) -> None:
        self._inner.close()


class _Counted(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, request: httpx.Request) -> None:
        self._inner, self._request = inner, request

    def __iter__(self) -> Iterator[bytes]:
        read = 0
        for piece in self._inner:
            read += len(piece)
            if read > BODY_BYTES_MAX:
                raise _TooMuch("the response does not end", request=self._request)
            yield piece

    def close(self) -> None:
        self._inner.close()
