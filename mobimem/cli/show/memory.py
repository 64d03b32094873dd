"""What `mobimem memory …` shows."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from mobimem.cli.output import console, print_json
from mobimem.exit_codes import ExitCode
from mobimem.memory_calls.lines import FactLine, TaskLine
from mobimem.memory_calls.looking import FoundFact, Shown, What
from mobimem.service import memories

_SHORT = 12  # characters of an id that are shown; its beginning is enough everywhere


def listed(what: What, *, history: bool, limit: int, as_json: bool) -> None:
    """`mobimem memory list`."""
    result = memories.list_memories(what=what, history=history, limit=limit)
    if as_json:
        print_json(result)
        return
    if not result.facts and not result.tasks:
        _say('Nothing yet. Tell it something: mobimem memory remember "my mother is Maria"')
    for fact in result.facts:
        _fact(fact)
    for task in result.tasks:
        _task(task)
    if result.more:
        _say("There is more: give a higher --limit.")


def one(id_: str, *, as_json: bool) -> None:
    """`mobimem memory show ID`."""
    result = memories.show_memory(id_)
    if as_json:
        print_json(result)
        return
    if result.fact is not None:
        _fact(result.fact, whole=True)
        _say(f"  kind {result.fact.kind}, confidence {result.fact.confidence:.2f}, seen {result.fact.count} times")
        for source in result.sources:
            at = source.at.isoformat(timespec="seconds") if source.at else ""
            _say(f"  source: {source.kind} {source.ref} {at}: {source.text}")
        for old in result.replaced:
            _say(f"  before: {old.text}")
    _show_task(result)


def found(question: str, *, limit: int, by: str, history: bool, as_json: bool) -> None:
    """`mobimem memory search QUESTION`."""
    result = memories.search_memories(question, limit=limit, by=by, history=history)
    if as_json:
        print_json(result)
        return
    for fact in result.facts:
        _found(fact)
    if not result.facts:
        _say("Nothing found.")
    if result.embedder_kind == "lexical":
        _say("Meaning was compared by the lexical stand-in, which sees letters: `mobimem setup` fetches the encoder.")


def explained(words: str, id_: str, *, as_json: bool) -> None:
    """`mobimem memory explain WORDS [ID]`."""
    result = memories.explain_memory(words, id_)
    if as_json:
        print_json(result)
        return
    match result.answer:
        case "task" | "tasks":
            _say(f"{' and '.join(result.tasks)} (confidence {result.confidence:.2f})")
            for name, value in result.values.items():
                _say(f"  {name} = {value}")
        case "miss":
            _say("No known task" + (f"; the nearest is {result.tasks[0]}" if result.tasks else ""))
            if result.unexplained:
                _say(f"  nothing explains: {', '.join(result.unexplained)}")
        case "fact":
            pass
    for reason in result.reasons:
        _say(f"  {reason}")
    for fact in result.facts:
        _found(fact)


def remembered(text: str, *, alias_of: str, as_json: bool) -> None:
    """`mobimem memory remember TEXT`."""
    result = memories.remember(sys.stdin.read() if text == "-" else text, alias_of=alias_of)
    if as_json:
        print_json(result)
        return
    said = {"new": "Remembered.", "merged": "Known already; one more source.", "alias": "Also known by that name."}
    _say(f"{said.get(result.outcome, 'Remembered, in place of what it corrects.')} {result.id[:_SHORT]}")
    for old in result.replaced:
        _say(f"  no longer valid: {old[:_SHORT]}")


def forgotten(ids: tuple[str, ...], *, about: str, as_json: bool) -> None:
    """`mobimem memory forget`; ends with NOT_DONE when something of it remains."""
    result = memories.forget(ids, about=about)
    if as_json:
        print_json(result)
    else:
        removed = ", ".join(f"{count} {what}" for what, count in result.removed.items() if count)
        _say(f"Forgotten: {removed or 'what runs recorded'}.")
        for run in result.runs:
            _say(f"  run {run.run}: replaced by a redacted copy of {run.parent[:_SHORT]}")
        if result.kept:
            _say(f"Kept as it is, for nobody edits what was asked and done: {', '.join(result.kept)}.")
        if result.remains:
            _say(f"It still stands in: {', '.join(result.remains)}.")
        else:
            _say("Looked again in the tables, the indexes, the graph, the tasks and the file: nothing of it is there.")
    if result.remains:
        raise typer.Exit(ExitCode.NOT_DONE)


def exported(file: Path, *, replace: bool, as_json: bool) -> None:
    """`mobimem memory export FILE`."""
    result = memories.export_memory(file, replace=replace)
    if as_json:
        print_json(result)
        return
    _say(f"{result.facts} facts and {result.tasks} tasks are in {result.file}.")
    if result.withheld:
        _say(f"{result.withheld} were withheld: they speak of passwords, codes or cards.")


def imported(file: Path, *, as_json: bool) -> None:
    """`mobimem memory import FILE`."""
    result = memories.import_memory(file)
    if as_json:
        print_json(result)
    elif not result.changed:
        _say("Everything in it was known; nothing was changed.")
    else:
        _say(f"New: {result.facts} facts, {result.sources} sources, {result.tasks} tasks, {result.steps} steps.")
        if result.left_out:
            _say(f"{result.left_out} tasks were left out: known here with other steps, or without their steps.")


def stats(*, as_json: bool) -> None:
    """`mobimem memory stats`."""
    result = memories.memory_stats()
    if as_json:
        print_json(result)
        return
    tasks = ", ".join(f"{count} {state}" for state, count in result.tasks.items()) or "none"
    _say(f"facts     {result.facts} ({result.closed} no longer valid), {result.sources} sources")
    _say(f"graph     {result.entities} entities, {result.names} names, {result.edges} edges")
    _say(f"tasks     {tasks}; {result.steps} steps")
    _say(f"file      {result.bytes:,} bytes; {result.waiting_for_indexes} facts wait for the indexes")
    _say(f"embedder  {result.embedder} ({result.embedder_kind})")


def rebuilt(*, as_json: bool) -> None:
    """`mobimem memory rebuild-index`."""
    result = memories.rebuild_index()
    if as_json:
        print_json(result)
    else:
        _say(f"Both indexes were made anew from {result.facts} facts.")


def verified(*, repair: bool, as_json: bool) -> None:
    """`mobimem memory verify`."""
    result = memories.verify_memory(repair=repair)
    if as_json:
        print_json(result)
    elif result.sound:
        _say(f"The indexes say what the truth says ({result.facts} facts).")
    else:
        for wrong in result.wrong:
            _say(f"Wrong: {wrong}")
        _say("Mended." if result.mended else "Mend it: mobimem memory verify --repair")
    if not result.sound and not result.mended:
        raise typer.Exit(ExitCode.NOT_DONE)


def _fact(fact: FactLine, *, whole: bool = False) -> None:
    over = f"  (until {fact.until:%Y-%m-%d})" if fact.until else ""
    where = f"  [{fact.situation}]" if fact.situation else ""
    text = fact.text if whole or len(fact.text) <= 200 else f"{fact.text[:200]}…"
    _say(f"{fact.id[:_SHORT]}  {text}{where}{over}")


def _task(task: TaskLine) -> None:
    _say(f"{task.id[:_SHORT]}  {task.words}  ({task.state}, {task.steps} steps, used {task.uses} times)")


def _found(found: FoundFact) -> None:
    _say(f"{found.score:.2f}  {found.fact.id[:_SHORT]}  {found.fact.text}")
    _say(f"      {found.why}")


def _show_task(result: Shown) -> None:
    if result.task is None:
        return
    _task(result.task)
    for wording in result.wordings:
        _say(f"  wording: {wording}")
    for name, values in result.values.items():
        _say(f"  {name}: {', '.join(values)}")
    for number, step in enumerate(result.steps, 1):
        _say(f"  {number}. {step.says}  (revision {step.revision}{', ' + step.source if step.source else ''})")
    for earlier in result.earlier:
        _say(f"  earlier: {earlier}")


def _say(text: str) -> None:
    """One line as it is: remembered words are no markup."""
    console().print(text, markup=False, soft_wrap=True, emoji=False)
