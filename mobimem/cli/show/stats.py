"""What `mobimem stats` shows: what all runs took, and what remembering has saved."""

from __future__ import annotations

from mobimem.cli.output import console, print_json
from mobimem.service.stats import total


def run(*, as_json: bool) -> None:
    """Prints what all runs took and saved."""
    told = total()
    if as_json:
        print_json(told)
        return
    screen = console()
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(told.outcomes.items())) or "none yet"
    screen.print(f"runs      {told.runs}: {outcomes}; {told.without_model} without a model", soft_wrap=True)
    steps = ", ".join(f"{count} {level}" for level, count in sorted(told.steps.items())) or "none"
    screen.print(f"steps     {steps}; {told.questions} questions to you", soft_wrap=True)
    about = "about " if told.tokens_estimated else ""
    energy = "energy unknown" if told.joules is None else f"{told.joules:.0f} J"
    took = told.took
    screen.print(
        f"took      {took.model_calls} model calls, {about}{took.tokens} tokens, {took.seconds:.1f} s, {energy}",
        soft_wrap=True,
    )
    saved = told.saved
    screen.print(
        f"saved     {saved.model_calls} model calls, {about}{saved.tokens} tokens, {saved.seconds:.1f} s against the "
        f"first run of each task, net of what went wrong ({told.compared} runs compared)",
        soft_wrap=True,
    )
    if told.unread:
        screen.print(f"{told.unread} journals are damaged and not counted: mobimem replay pending", style="yellow")
