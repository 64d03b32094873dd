"""Where mobimem keeps its data: one folder, of which this module knows the layout and nothing else does.

    $MOBIMEM_HOME, else $XDG_DATA_HOME/mobimem, else ~/.local/share/mobimem
        phone/      the virtual phone of `mobimem phone`
        recipes/    taught tasks (`replay.library`)
        runs/       the journals of runs (`replay.resume`)
        plans/      plans that are not over (`mobimem.service.plans.kept`)
        running/    which run is on which device now (`mobimem.running`)
        policy/     rules, questions, standing yeses and the audit log (`mobimem.policy`)
        questions/  questions to the owner that wait (`mobimem.tasks.waiting`)
        secrets/    secrets that no OS keyring keeps (`mobimem.secrets`)
        memory.sqlite  vectors/  embedder/  owner.*    the memory (`memory.opening`, `mobimem.owner`)

Folders are 0700, files 0600. Nothing is made before it is needed, and the environment is read on each call.
"""

from __future__ import annotations

import os
from pathlib import Path

from mobimem.errors import BadInput
from replay.private_files import private_folder


def home() -> Path:
    """The data folder; it may not exist yet."""
    for name, below in (("MOBIMEM_HOME", ""), ("XDG_DATA_HOME", "mobimem")):
        if given := os.environ.get(name):
            return Path(given).expanduser() / below
    return Path.home() / ".local" / "share" / "mobimem"


def phone_folder() -> Path:
    """The virtual phone's; made by the phone."""
    return home() / "phone"


def recipes_folder() -> Path:
    """Where recipes are kept, made if it is missing."""
    return _made("recipes")


def runs_folder() -> Path:
    """Where the journals of runs are kept, made if it is missing."""
    return _made("runs")


def plans_folder() -> Path:
    """Where the plans that were made are kept, made if it is missing."""
    return _made("plans")


def running_folder() -> Path:
    """Where runs that are under way say so, made if it is missing."""
    return _made("running")


def policy_folder() -> Path:
    """Where the rules and the audit log are kept, made if it is missing."""
    return _made("policy")


def questions_folder() -> Path:
    """Where questions that wait for the owner are kept, made if it is missing."""
    return _made("questions")


def secrets_folder() -> Path:
    """Where secrets are kept where the OS keyring does not hold them, made if it is missing."""
    return _made("secrets")


def memory_folder() -> Path:
    """The folder the memory's owner holds: the data folder itself."""
    return _made("")


def _made(name: str) -> Path:
    """The folder, made private.

    Raises:
        BadInput: it cannot be made.
    """
    try:
        private_folder(home())
        return private_folder(home() / name)
    except OSError as error:
        raise BadInput(
            f"the data folder {home()} cannot be used ({error.strerror})",
            next_step="Make it yours, or name another with MOBIMEM_HOME=FOLDER.",
        ) from error
