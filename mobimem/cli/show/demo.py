"""What `mobimem demo` shows: each stage and each step as it happens, then the outcome."""

from __future__ import annotations

import typer

from mobimem.cli.output import console, print_json
from mobimem.exit_codes import ExitCode
from mobimem.service.demo import DemoResult, run_demo
from replay.player import Progress


def run(*, view: bool, as_json: bool) -> None:
    """Runs the demo; ends with NOT_DONE unless the phone's own store shows the outcome."""
    screen = console(stderr=as_json)

    def tell(kind: str, words: str) -> None:
        match kind:
            case "taught":
                screen.print("    [dim]shown[/]  ", end="")
            case "policy":
                screen.print("  [yellow]policy[/]   ", end="")
            case "view":
                screen.print("  watch it  ", end="")
            case _:
                screen.print("[bold]>[/] ", end="")
        screen.print(words, markup=False, soft_wrap=True)

    def step(progress: Progress) -> None:
        screen.print(f"    [green]{progress.result}[/]   ", end="")
        screen.print(progress.says, markup=False, end="  ", soft_wrap=True)
        screen.print("[dim]" + "; ".join(progress.reasons).replace("[", "\\[") + "[/]", soft_wrap=True)

    result = run_demo(tell=tell, on_step=step, view=view)
    if as_json:
        print_json(
            {
                "done": result.done,
                "task": result.task,
                "outcome": result.run.outcome,
                "says": result.run.says,
                "shown_steps": result.shown_steps,
                "replayed_steps": len(result.run.progress),
                "model_calls": result.model_calls,
                "seconds": round(result.run.duration_s, 3),
                "sent": result.sent,
                "expected": result.expected,
            }
        )
    else:
        _print(result)
    if not result.done:
        raise typer.Exit(ExitCode.NOT_DONE)


def _print(result: DemoResult) -> None:
    screen = console()
    run = result.run
    if not result.done:
        screen.print("[bold red]Not done.[/] ", end="")
        screen.print(run.says, markup=False, soft_wrap=True)
    for message in result.sent:
        screen.print("[bold]In the phone's message store:[/] to ", end="")
        screen.print(f"{message.address}: {message.body!r}", markup=False, soft_wrap=True)
    verdict = "[bold green]Done and checked[/]" if result.done else "[bold red]The outcome is not the one asked for[/]"
    screen.print(
        f"{verdict}: {len(run.progress)} steps replayed in {run.duration_s:.1f} s, "
        f"{result.model_calls} model calls, 0 tokens.",
        soft_wrap=True,
    )
