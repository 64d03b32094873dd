"""`mobimem memory`: what is remembered can be read, searched, explained, written, forgotten and moved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from mobimem.cli.output import Json

app = typer.Typer(no_args_is_help=True, help="Read, search, write, forget and move what is remembered.")

Limit = Annotated[int, typer.Option("--limit", "-n", help="How many at most.", min=1, max=100_000)]
History = Annotated[bool, typer.Option("--history", help="Also what is no longer valid.")]


@app.command("list")
def list_(
    what: Annotated[Literal["all", "facts", "tasks"], typer.Argument(help="all, facts or tasks.")] = "all",
    history: History = False,
    limit: Limit = 100,
    as_json: Json = False,
) -> None:
    """List what is remembered: facts, then tasks."""
    from mobimem.cli.show import memory as show

    show.listed(what, history=history, limit=limit, as_json=as_json)


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Of a fact or task, or the beginning of it.")],
    as_json: Json = False,
) -> None:
    """Show one fact with its sources and what it replaced, or one task with its wordings and steps."""
    from mobimem.cli.show import memory as showing

    showing.one(id_, as_json=as_json)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help='In any words: "where does Alice live".')],
    limit: Limit = 10,
    by: Annotated[str, typer.Option("--by", help="How to search: disgraph, bm25, dense, rrf.")] = "disgraph",
    history: History = False,
    as_json: Json = False,
) -> None:
    """Find the facts that answer a question, each with the path that led to it."""
    from mobimem.cli.show import memory as show

    show.found(question, limit=limit, by=by, history=history, as_json=as_json)


@app.command()
def explain(
    words: Annotated[str, typer.Argument(help="Words of a task, or a question.")],
    id_: Annotated[str, typer.Argument(metavar="[ID]", help="A fact: how do the words lead to it?")] = "",
    as_json: Json = False,
) -> None:
    """Say why words lead to a task and to facts, or which word nothing explains."""
    from mobimem.cli.show import memory as show

    show.explained(words, id_, as_json=as_json)


@app.command()
def remember(
    text: Annotated[str, typer.Argument(help='A statement: "my mother is Maria"; - reads standard input.')],
    alias_of: Annotated[
        str, typer.Option("--alias-of", metavar="NAME", help="The text is another name of this one.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Remember a statement. What says the same is merged, what it corrects is closed and kept as history."""
    from mobimem.cli.show import memory as show

    show.remembered(text, alias_of=alias_of, as_json=as_json)


@app.command()
def extract(
    limit: Annotated[int, typer.Option("--limit", "-n", help="How many facts at most.", min=1, max=1_000)] = 10,
    as_json: Json = False,
) -> None:
    """Let the model of models.toml find plain statements in facts that fit no form; ends with NOT_DONE without one."""
    from mobimem.cli.show import extraction as show

    show.extracted(limit=limit, as_json=as_json)


@app.command()
def forget(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Facts and tasks.")] = None,
    about: Annotated[
        str, typer.Option("--about", metavar="NAME", help="Everything that speaks of this name, also in runs.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Forget facts and tasks, or a name everywhere, and prove it: in the memory, its indexes and the runs' traces."""
    from mobimem.cli.show import memory as show

    show.forgotten(tuple(ids or ()), about=about, as_json=as_json)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where the JSON lines go (mode 0600).")],
    replace: Annotated[bool, typer.Option("--replace", help="Write over the file if it is there.")] = False,
    as_json: Json = False,
) -> None:
    """Write everything as JSON lines, without secrets."""
    from mobimem.cli.show import memory as show

    show.exported(file, replace=replace, as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="What `mobimem memory export` wrote.")], as_json: Json = False
) -> None:
    """Merge an export into the memory; importing it again changes nothing."""
    from mobimem.cli.show import memory as show

    show.imported(file, as_json=as_json)


@app.command()
def stats(as_json: Json = False) -> None:
    """Count what is remembered, and say which embedder is in use."""
    from mobimem.cli.show import memory as show

    show.stats(as_json=as_json)


@app.command()
def replies(
    clear: Annotated[bool, typer.Option("--clear", help="Delete all of them.")] = False,
    limit: Limit = 100,
    as_json: Json = False,
) -> None:
    """Show the replies of models that are kept to be served again (cache = true in models.toml), or delete them."""
    from mobimem.cli.show import replies as show

    show.cleared(as_json=as_json) if clear else show.listed(limit=limit, as_json=as_json)


@app.command("rebuild-index")
def rebuild_index(as_json: Json = False) -> None:
    """Make the lexical and the vector index anew from the truth."""
    from mobimem.cli.show import memory as show

    show.rebuilt(as_json=as_json)


@app.command()
def verify(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what differs.")] = False, as_json: Json = False
) -> None:
    """Compare the indexes with the truth and say what differs; ends with NOT_DONE where something does and stays."""
    from mobimem.cli.show import memory as show

    show.verified(repair=repair, as_json=as_json)
