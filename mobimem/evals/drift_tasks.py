"""The tasks of `mobimem eval drift`: everything a person can do in the demo apps that leaves a trace, and more.

Each is shown once with the first of its values and asked for with others. What is left out stands in `NOT_COVERED`
with the reason.
"""

from __future__ import annotations

from typing import Final

from mobimem.evals.drift_clock import CLOCK, CLOCK_TASKS
from mobimem.evals.drift_errands import ERRAND_TASKS
from mobimem.evals.drift_people import CONTACTS, MESSAGES, PEOPLE_TASKS
from mobimem.evals.drift_settings import SETTINGS, SETTINGS_TASKS
from mobimem.evals.drift_task import DriftTask
from mobimem.evals.drift_things import NOTES, THINGS_TASKS

__all__ = ["CLOCK", "CONTACTS", "MESSAGES", "NOTES", "NOT_COVERED", "SETTINGS", "TASKS"]

NOT_COVERED: Final = {
    "saved passwords": "the window is secure: nothing of it can be read, so it can neither be shown nor replayed",
    "attaching a file": "the app only says that it cannot",
    "the launcher's pages, the shade, the lock": "parts of the system, not apps",
    "samples of ApiDemos that only draw or move something": "they do nothing that the phone could tell afterwards",
}

TASKS: Final[tuple[DriftTask, ...]] = (
    *PEOPLE_TASKS, *SETTINGS_TASKS, *CLOCK_TASKS, *THINGS_TASKS, *ERRAND_TASKS,
)  # fmt: skip
