"""What memory took from a lesson or a run, as it is shown at their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mobimem.service.agent_learning import finish_learning
from mobimem.service.learning import LearnReport

if TYPE_CHECKING:
    from rich.console import Console


def show_learnt(screen: Console, learnt: list[LearnReport]) -> None:
    """What memory took from it, and why it could not."""
    for report in learnt:
        for line in report.learnt:
            what = f"{line.task}: {line.says}" if line.task else line.says
            screen.print(f"memory   {line.result}  {what}", style="dim", markup=False, soft_wrap=True)
        if report.problem:
            screen.print(f"memory   learnt nothing: {report.problem}", style="yellow", markup=False, soft_wrap=True)


def make_up(screen: Console) -> None:
    """What runs taught and a killed process did not get to is learnt now, and shown."""
    show_learnt(screen, list(finish_learning()))
