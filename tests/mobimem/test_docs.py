"""`docs/cli.md` says what the command line is."""

from __future__ import annotations

import re
from pathlib import Path

from mobimem.cli.reference import commands, with_reference
from mobimem.exit_codes import MEANING, ExitCode

PAGE = Path(__file__).parent.parent.parent / "docs" / "cli.md"


def test_the_page_lists_the_commands_and_options_there_are() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert text == with_reference(text), "run: python -m mobimem.cli.reference docs/cli.md"


def test_every_command_has_its_heading_and_no_other_does() -> None:
    headings = re.findall(r"^### `(mobimem[a-z -]*[a-z])", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert headings == [path for path, _ in commands()]


def test_every_exit_code_is_on_the_page_with_its_meaning() -> None:
    rows = re.findall(r"^\| (\d+) \| ([A-Z_]+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert rows == [(str(int(code)), code.name, MEANING[code]) for code in ExitCode]
