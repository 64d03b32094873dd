"""What `mobimem stats` shows: what all runs took, and what remembering has saved."""

from __future__ import annotations

from mobimem.cli.output import console, print_json
from mobimem.service.stats import total
from mobimem.tasks.receipt import how_many


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
    screen.print(f"steps     {steps}; {how_many(told.questions, 'question')} to you", soft_wrap=True)
    about = "about " if told.tokens_estimated else ""
    energy = "energy unknown" if told.joules is None else f"{told.joules:.0f} J"
    took = told.took
    calls = how_many(took.model_calls, "model call")
    screen.print(f"took      {calls}, {about}{took.tokens} tokens, {took.seconds:.1f} s, {energy}", soft_wrap=True)
    saved = told.saved
    calls = how_many(saved.model_calls, "model call")
    screen.print(
        f"saved     {calls}, {about}{saved.tokens} tokens, {saved.seconds:.1f} s against the "
        f"first run of each task, net of what went wrong ({how_many(told.compared, 'run')} compared)",
        soft_wrap=True,
    )
    if told.unread:
        screen.print(f"{told.unread} journals are damaged and not counted: mobimem replay pending", style="yellow")
