"""The command line in this process: what it was given, what it printed, how it ended."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from mobimem.cli import main


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Called:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        return " ".join((self.out + self.err).split())


def call(*arguments: str, stdin: str = "", terminal: bool = False) -> Called:
    """Runs `mobimem` with these arguments. With `terminal`, a person sits there and types `stdin`."""
    kind = Terminal if terminal else io.StringIO
    given, out, err = kind(stdin), kind(), kind()
    code = 0
    with patch.object(sys, "stdin", given), patch.object(sys, "stdout", out), patch.object(sys, "stderr", err):
        try:
            main(list(arguments))
        except SystemExit as end:
            code = int(end.code or 0)
    return Called(code, out.getvalue(), err.getvalue())
