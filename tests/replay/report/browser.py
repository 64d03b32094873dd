"""A real browser for tests: headless chromium, spoken to over its own debugging pipe. No driver, no network."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Browser:
    """One page in the browser. `complaints` collects what its console and its policy say against the page."""

    def __init__(self, sending: IO[bytes], answers: IO[bytes]) -> None:
        self._sending, self._answers = sending, answers
        self._number = 0
        self._session: str | None = None
        self.complaints: list[str] = []
        self.requested: list[str] = []
        self._events: list[str] = []

    def open(self, file: Path, fragment: str = "") -> None:
        self.open_url(file.as_uri() + fragment)

    def open_url(self, url: str) -> None:
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self._navigate(url)

    def go(self, file: Path, fragment: str = "") -> None:
        self._navigate(file.as_uri() + fragment)

    def _navigate(self, url: str) -> None:
        self._events.clear()
        self.ask("Page.navigate", url=url)
        while "Page.loadEventFired" not in self._events:
            self._take()

    def run(self, script: str) -> Any:
        """The value of an expression in the page; a promise is awaited."""
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        text = {"text": key} if len(key) == 1 else {}
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, **(text if kind == "keyDown" else {}))

    def scripts(self, *, on: bool) -> None:
        self.ask("Emulation.setScriptExecutionDisabled", value=not on)

    def dark(self) -> None:
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])

    def screenshot(self, file: Path) -> bytes:
        data = base64.b64decode(self.ask("Page.captureScreenshot")["data"])
        file.write_bytes(data)
        return data

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        self._sending.write(json.dumps(message).encode() + b"\0")
        self._sending.flush()
        while True:
            said = self._take()
            if said.get("id") == self._number:
                assert "error" not in said, said
                result: dict[str, Any] = said["result"]
                return result

    def _take(self) -> dict[str, Any]:
        raw = bytearray()
        while not raw.endswith(b"\0"):
            piece = self._answers.read(1)
            assert piece, "the browser is gone"
            raw += piece
        said: dict[str, Any] = json.loads(raw[:-1])
        method, parameters = said.get("method", ""), said.get("params", {})
        self._events.append(method)
        if method == "Runtime.exceptionThrown" or (
            method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert")
        ):
            self.complaints.append(json.dumps(parameters))
        elif method == "Log.entryAdded":
            self.complaints.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requested.append(parameters["request"]["url"][:60])
        return said


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser of its own, ended when left."""
    read, sending = os.pipe()
    answers, write = os.pipe()
    words = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe",
        "--disable-background-networking", "--window-size=1280,1000", f"--user-data-dir={profile}",
    ]  # fmt: skip
    process = subprocess.Popen(
        ["bash", "-c", f'exec "$@" 3<&{read} 4>&{write}', "bash", *words],
        pass_fds=(read, write), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(read)
    os.close(write)
    with open(sending, "wb") as out, open(answers, "rb") as into:  # noqa: PTH123 - pipes, not paths
        page = Browser(out, into)
        try:
            yield page
        finally:
            process.terminate()
            process.wait(timeout=20)
