"""What `mobimem memory replies` shows."""

from __future__ import annotations

from mobimem.cli.output import console, print_json
from mobimem.service.replies import clear_replies, list_replies


def listed(*, limit: int, as_json: bool) -> None:
    """`mobimem memory replies`."""
    kept = list_replies(limit=limit)
    if as_json:
        print_json(kept)
        return
    for one in kept.replies:
        _say(f"{one.made_at:%Y-%m-%d}  served {one.uses}  {one.question}  ({one.model})")
        for before in one.chain:
            _say(f"            after: {before}")
    if kept.more:
        _say(f"... and {kept.more} more")
    _say(f"{kept.kept} replies kept, served {kept.served} times. They are kept where models.toml says cache = true.")


def cleared(*, as_json: bool) -> None:
    """`mobimem memory replies --clear`."""
    done = clear_replies()
    if as_json:
        print_json(done)
    else:
        _say(f"{done.cleared} kept replies deleted.")


def _say(text: str) -> None:
    """One line as it is: what was asked is no markup."""
    console().print(text, markup=False, soft_wrap=True, emoji=False)
