"""The command `teach`."""

from __future__ import annotations

from typing import Annotated

import typer

from mobimem.cli.output import Json
from mobimem.cli.replays import AdbPort, Serial


def teach(
    name: Annotated[str, typer.Argument(help="What the task shall be called.")],
    task: Annotated[str, typer.Option("--task", "-t", help='Its words: "text Alice that I am late".')] = "",
    slots: Annotated[
        list[str] | None,
        typer.Option("--slot", metavar="SLOT=VALUE", help="A value that will change; may be given repeatedly."),
    ] = None,
    device: Serial = None,
    view: Annotated[bool, typer.Option("--view", help="Show it on a local page, by mouse and keyboard.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Take the proposed slots; keep nothing if anything is unclear.")
    ] = False,
    adb_port: AdbPort = None,
    as_json: Json = False,
) -> None:
    """Teach a task by doing it once on the phone; Enter or Ctrl-C ends the lesson."""
    from mobimem.cli.show import teach as show

    show.run(name, task, slots or [], device, adb_port, view=view, yes=yes, as_json=as_json)
