"""The commands of lessons: `teach`, and for one that was cut off `replay keep` and `replay discard`."""

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


Lesson = Annotated[str, typer.Argument(metavar="LESSON", help="As `mobimem replay list` names it.")]


def keep(
    lesson: Lesson,
    name: Annotated[str | None, typer.Option("--name", help="Another name than the lesson was begun with.")] = None,
    task: Annotated[str | None, typer.Option("--task", "-t", help="Other words.")] = None,
    slots: Annotated[
        list[str] | None,
        typer.Option("--slot", metavar="SLOT=VALUE", help="Instead of the lesson's slots; may be given repeatedly."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Take the proposed slots; keep nothing if anything is unclear.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a recipe of a lesson that was cut off, up to its last whole step; its very last touch may be missing."""
    from mobimem.cli.show import lessons as show

    show.keep(lesson, name, task, slots, yes=yes, as_json=as_json)


def discard(lesson: Lesson, as_json: Json = False) -> None:
    """Remove a lesson that was cut off, with all that was recorded of it."""
    from mobimem.cli.show import lessons as show

    show.discard(lesson, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Adds the commands for lessons that were cut off to `mobimem replay`."""
    for command in (keep, discard):
        app.command()(command)
