"""What the owner has allowed once and for all: one step of one recipe, with values by slot ("*" is any).

    standing/yes-<id>.json          what was allowed, and when
    standing/yes-<id>.revoked.json  when it was taken back; from that moment it counts no more

Files are read at each decision, so taking one back works at once, also for a run that is under way. A yes holds for the
step as it was when it was given: a step that was taught anew or repaired is asked about again.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from mobimem.errors import BadInput, NotDone
from mobimem.policy.rules import ANY
from replay.private_files import private_folder, write_private

_ID: Final = re.compile(r"yes-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Standing:
    """One standing yes. `values` name every slot of the recipe."""

    id: str
    recipe_id: str
    recipe: str
    step: str
    step_key: str
    says: str
    values: dict[str, str]
    at: str
    revoked_at: str = ""

    def covers(self, recipe_id: str, step: str, step_key: str, values: Mapping[str, str]) -> bool:
        """Whether it allows this step with these values."""
        same = (self.recipe_id, self.step, self.step_key) == (recipe_id, step, step_key)
        fits = set(self.values) == set(values) and all(
            wanted in (ANY, values[slot]) for slot, wanted in self.values.items()
        )
        return same and fits and not self.revoked_at


class StandingBook:
    """The standing yeses of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def give(
        self, *, recipe_id: str, recipe: str, step: str, step_key: str, says: str, values: Mapping[str, str],
        at: datetime,
    ) -> Standing:  # fmt: skip
        """Keeps a yes."""
        given = Standing(
            f"yes-{secrets.token_hex(4)}", recipe_id, recipe, step, step_key, says, dict(values), at.isoformat()
        )
        private_folder(self._folder)
        write_private(self._folder / f"{given.id}.json", json.dumps(asdict(given), ensure_ascii=False))
        return given

    def revoke(self, name: str, *, at: datetime) -> Standing:
        """Takes a yes back.

        Raises:
            BadInput: there is none of this name. NotDone: it was taken back before.
        """
        found = [one for one in self.all() if one.id == name]
        if not found:
            raise BadInput(f"there is no standing yes {name!r}", next_step="`mobimem policy show` lists them.")
        try:
            write_private(self._folder / f"{name}.revoked.json", json.dumps({"at": at.isoformat()}))
        except FileExistsError as error:
            raise NotDone(f"{name} was taken back before", next_step="Nothing more is to be done.") from error
        return found[0]

    def covering(self, recipe_id: str, step: str, step_key: str, values: Mapping[str, str]) -> Standing | None:
        """A yes that allows this step with these values."""
        return next((one for one in self.all() if one.covers(recipe_id, step, step_key, values)), None)

    def all(self) -> tuple[Standing, ...]:
        """Every yes ever given, oldest first, taken back or not.

        Raises:
            BadInput: a file is not what was written there.
        """
        files = [file for file in self._folder.glob("yes-*.json") if _ID.fullmatch(file.stem)]
        return tuple(sorted(map(self._read, files), key=lambda one: (one.at, one.id)))

    def _read(self, file: Path) -> Standing:
        revoked = file.with_name(f"{file.stem}.revoked.json")
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            if revoked.exists():
                data["revoked_at"] = file_time(revoked)
            return Standing(**data)
        except (OSError, ValueError, TypeError) as error:
            raise BadInput(f"{file} cannot be read ({error})", next_step="Remove it, and say yes anew.") from error


def file_time(file: Path) -> str:
    """When a yes was taken back; "unknown" where the note is damaged, which takes it back all the same."""
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return "unknown"
