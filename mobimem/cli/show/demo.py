"""What `mobimem demo` shows: each stage and each step as it happens, then the receipt."""

from __future__ import annotations

import typer

from mobimem.cli.output import console, print_json
from mobimem.exit_codes import ExitCode
from mobimem.service.demo import DemoResult, Replayed, run_demo
from replay.commands import Progress

_MARKS = {
    "taught": "    [dim]shown[/]   ",
    "kept": "    [cyan]taught[/]  ",
    "memory": "    [cyan]memory[/]  ",
    "understood": "    [bold]means[/]   ",
    "because": "    [dim]because[/] ",
    "policy": "  [yellow]policy[/]    ",
    "trouble": "  [magenta]trouble[/]   ",
    "view": "  watch it  ",
}


def run(*, view: bool, as_json: bool) -> None:
    """Runs the demo; ends with NOT_DONE unless the phone's own store shows each outcome."""
    screen = console(stderr=as_json)

    def tell(kind: str, words: str) -> None:
        screen.print(_MARKS.get(kind, "[bold]>[/] "), end="")
        screen.print(words, markup=False, soft_wrap=True)

    def step(progress: Progress) -> None:
        screen.print(f"    [green]{progress.result:7}[/] ", end="")
        screen.print(progress.says, markup=False, end="  ", soft_wrap=True)
        screen.print("[dim]" + "; ".join(progress.reasons).replace("[", "\\[") + "[/]", soft_wrap=True)

    result = run_demo(tell=tell, on_step=step, view=view)
    if as_json:
        print_json(_as_data(result))
    else:
        _print(result)
    if not result.done:
        raise typer.Exit(ExitCode.NOT_DONE)


def _as_data(result: DemoResult) -> dict[str, object]:
    return {
        "done": result.done,
        "taught": {
            "task": result.taught.task,
            "slots": result.taught.slots,
            "steps": [step.says for step in result.taught.steps],
            "seconds": result.taught.seconds,
        },
        "replays": [_replay_data(one) for one in result.replays],
        "model_calls": result.model_calls,
        "saved_s": result.saved_s,
    }


def _replay_data(one: Replayed) -> dict[str, object]:
    return {
        "done": one.done,
        "task": one.words,
        "reading": one.reading,
        "reasons": one.reasons,
        "confidence": one.confidence,
        "trouble": one.trouble,
        "outcome": one.run.outcome,
        "says": one.run.says,
        "replayed": one.run.receipt.replayed,
        "skipped": one.run.receipt.skipped,
        "detours": one.detours,
        "healed": one.healed,
        "repairs": one.repairs,
        "seconds": one.run.receipt.seconds,
        "sent": one.sent,
        "expected": one.expected,
        "learnt": one.learnt,
    }


def _print(result: DemoResult) -> None:
    screen = console()
    for one in result.replays:
        if not one.done:
            screen.print("[bold red]Not done:[/] ", end="")
            screen.print(f"{one.words}: {one.run.says}", markup=False, soft_wrap=True)
        for message in one.sent:
            screen.print("[bold]In the phone's message store:[/] to ", end="")
            screen.print(f"{message.address}: {message.body!r}", markup=False, soft_wrap=True)
    screen.print("[bold]Receipt[/]")
    taught = result.taught
    screen.print(f"  taught once       {len(taught.steps)} steps in {taught.seconds:.1f} s, by touches getevent told")
    for one in result.replays:
        receipt = one.run.receipt
        counts = f"{receipt.replayed} steps replayed, {receipt.skipped} skipped in {receipt.seconds:.1f} s"
        screen.print(f"  from memory       {counts}, while {one.trouble}", soft_wrap=True)
        for detour in one.detours:
            screen.print(f"    on the way      {detour}", markup=False, soft_wrap=True)
        for healed in one.healed:
            screen.print(f"    healed          {healed}", markup=False, soft_wrap=True)
        for repair in one.repairs:
            screen.print(f"    repair          {repair}", markup=False, soft_wrap=True)
    screen.print(f"  model calls       {result.model_calls}, 0 tokens")
    against = "less" if result.saved_s >= 0 else "more"
    took = f"{abs(result.saved_s):.1f} s {against} than the scripted finger, which is faster than any person's"
    screen.print(f"  took              {took}")
    verdict = "[bold green]Done and checked[/]" if result.done else "[bold red]The outcome is not the one asked for[/]"
    screen.print(f"{verdict}, on the phone's own message store.", soft_wrap=True)
