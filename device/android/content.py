"""Reading a phone's own stores (messages, contacts, calendar) through Android's `content query`.

Works on a real phone as far as Android lets the shell user read the provider; the answer is text that does not escape
anything, so the columns asked for are what separates the values. Never writes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from device.android.wire import Wire
from device.errors import ActionRefused

Row = dict[str, str | None]


def query(wire: Wire, uri: str, columns: Sequence[str]) -> list[Row]:
    """The rows behind a content URI, with these columns, in the order of the store.

    Raises:
        ActionRefused: Android does not let the shell read this provider, or there is none.
    """
    said = wire.run(f"content query --uri {uri} --projection {':'.join(columns)}")
    return parse(said, columns, uri=uri)


def parse(said: str, columns: Sequence[str], *, uri: str = "") -> list[Row]:
    """Reads what `content query` printed. Values may hold commas, equal signs and line breaks.

    Raises:
        ActionRefused: it printed an error instead of rows.
    """
    said = said.strip("\r\n")
    if said == "No result found.":
        return []
    starts = [match.start() for match in re.finditer(rf"^Row: \d+ {re.escape(columns[0])}=", said, re.MULTILINE)]
    if not starts or starts[0] != 0:
        raise ActionRefused(f"the phone does not let us read {uri}: {said[:200]}")
    fields = ", ".join(f"{re.escape(column)}=(.*{'' if column == columns[-1] else '?'})" for column in columns)
    pattern = re.compile(rf"Row: \d+ {fields}", re.DOTALL)
    rows = []
    for start, end in zip(starts, [*starts[1:], len(said) + 1], strict=True):
        match = pattern.fullmatch(said[start:end].rstrip("\r\n"))
        if match is None:
            raise ActionRefused(f"the phone gave other columns of {uri} than were asked for: {said[start:end][:200]}")
        rows.append(dict(zip(columns, (None if value == "NULL" else value for value in match.groups()), strict=True)))
    return rows
