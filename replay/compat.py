"""Older versions of the trace format: one converter for each step from version n to n + 1, chained.

There is one version so far, so there is nothing to convert: this only refuses what it cannot read. When TRACE_VERSION
moves, the converter from the version before comes here and a sample of that version into tests/fixtures/traces.
"""

from __future__ import annotations

import json

from replay.errors import TraceDamaged, TraceTooNew
from replay.trace import TRACE_VERSION


def check_version(header_line: str) -> str:
    """The header line as it is, if this release can read it.

    Raises:
        TraceTooNew: a later release wrote the trace.
        TraceDamaged: the line does not say which version it is.
    """
    try:
        version = json.loads(header_line)["version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise TraceDamaged("the first line is no trace header") from error
    if not isinstance(version, int) or version < 1:
        raise TraceDamaged(f"{version!r} is no trace version")
    if version > TRACE_VERSION:
        raise TraceTooNew(f"this trace has version {version}; this release reads up to {TRACE_VERSION}")
    return header_line
