"""What `mobimem memory extract` shows."""

from __future__ import annotations

import typer

from mobimem.cli.output import console, print_json
from mobimem.exit_codes import ExitCode
from mobimem.service.extraction import extract_statements

_SHORT = 12  # characters of an id that are shown; its beginning is enough everywhere
_TEXT = 100  # characters of an origin


def extracted(*, limit: int, as_json: bool) -> None:
    """`mobimem memory extract`; ends with NOT_DONE when the model stopped answering."""
    result = extract_statements(limit=limit)
    if as_json:
        print_json(result)
    else:
        for one in result.read:
            _say(f"{one.origin[:_SHORT]}  {one.text[:_TEXT]}")
            for id_ in one.facts:
                _say(f"  new: {id_[:_SHORT]}")
            for refused in one.refused:
                _say(f"  not taken: {refused.statement!r}: {refused.why}")
        known = sum(one.known for one in result.read)
        _say(f"Read {len(result.read)} facts: {result.facts} new statements, {known} known; {result.left} wait.")
        if result.withheld:
            _say(f"{result.withheld} were not sent: they speak of passwords, codes or cards.")
        if result.model_calls:
            _say(f"{result.model_calls} calls, {result.tokens:,} tokens: {result.model or 'no answer of use'}")
        if result.stopped:
            _say(f"Stopped: {result.stopped}. {result.next_step}")
    if result.stopped:
        raise typer.Exit(ExitCode.NOT_DONE)


def _say(text: str) -> None:
    """One line as it is: remembered words are no markup."""
    console().print(text, markup=False, soft_wrap=True, emoji=False)
