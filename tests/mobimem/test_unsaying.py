"""Forgotten words leave the traces of runs: redacted copies take their place, and say whose place."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from memory.errors import NotRemembered
from memory.forgetting import speaking_of
from mobimem import folders
from mobimem.evals.crash import World
from mobimem.evals.payment import NAME
from mobimem.service import memories
from mobimem.unsaying import NEW, recipes_that_say, trace_says, unsay, without_name
from replay.trace_reader import read_trace

ALICE = "Alice Kim"


def says(words: Sequence[str]) -> Callable[[str], bool]:
    return lambda text: any(speaking_of(word)(text) for word in words)


def every_byte(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_forgetting_a_name_redacts_the_runs_that_say_it(world: World) -> None:
    run = world.run().run
    place = folders.runs_folder() / run / "trace"
    before = read_trace(place)
    assert trace_says(before, speaking_of(ALICE))
    memories.remember("my friend is Alice Kim")

    told = memories.forget(about=ALICE)

    after = read_trace(place)
    assert [line.run for line in told.runs] == [run]
    assert told.runs[0].parent == before.content_hash == after.header.parent
    assert told.runs[0].content_hash == after.content_hash
    assert not trace_says(after, speaking_of(ALICE))
    assert ALICE.encode() not in every_byte(place)
    assert told.remains == ()
    assert memories.list_memories().facts == ()


def test_a_run_that_waits_for_an_answer_is_left_and_named(world: World) -> None:
    run = world.run().run

    done = unsay(folders.runs_folder(), lambda _: [ALICE], says, busy={run})

    assert done.runs == () and len(done.left) == 1 and run in done.left[0]


def test_only_the_runs_named_are_touched(world: World) -> None:
    run = world.run().run
    before = read_trace(folders.runs_folder() / run / "trace").content_hash

    done = unsay(folders.runs_folder(), lambda _: (), says)

    assert done.runs == () == done.left
    assert read_trace(folders.runs_folder() / run / "trace").content_hash == before


@pytest.mark.parametrize("whole", [True, False])
def test_a_replacement_that_was_cut_off_is_finished(world: World, whole: bool) -> None:
    folder = folders.runs_folder() / world.run().run
    original = read_trace(folder / "trace").content_hash
    if whole:  # cut off after the old trace had gone
        unsay(folders.runs_folder(), lambda _: [ALICE], says)
        redacted = read_trace(folder / "trace").content_hash
        (folder / "trace").rename(folder / f"{NEW}-whole")
    else:  # cut off while the copy was written
        shutil.copytree(folder / "trace", folder / NEW)

    unsay(folders.runs_folder(), lambda _: (), says)

    assert sorted(one.name for one in folder.iterdir() if one.is_dir()) == ["trace"]
    assert read_trace(folder / "trace").content_hash == (redacted if whole else original)


def test_recipes_are_named_by_what_they_say(world: World) -> None:
    assert recipes_that_say(folders.recipes_folder(), speaking_of("Pay now")) == (NAME,)
    assert recipes_that_say(folders.recipes_folder(), speaking_of("Nobody")) == ()


def test_a_run_that_is_called_by_the_words_loses_its_name_and_the_second_time_nothing_is_left(world: World) -> None:
    old = folders.runs_folder() / world.run().run
    stamp, number = old.name.partition("-")[0], old.name.rpartition("-")[2]
    called = old.rename(old.with_name(f"{stamp}-pay_Alice_Kim_the_rent-{number}")).name

    told = memories.forget(about=ALICE)
    [run] = told.runs

    assert run.run == f"{stamp}-redacted-{number}"
    assert [one.name for one in folders.runs_folder().iterdir()] == [run.run]
    assert read_trace(folders.runs_folder() / run.run / "trace").header.trace_id == run.run
    assert (told.remains, ALICE.encode() in every_byte(folders.runs_folder())) == ((), False)
    with pytest.raises(NotRemembered):
        memories.forget(about=ALICE)
    assert without_name(called) == without_name(run.run), "what memory knows it by still leads there"


def test_a_rename_that_was_cut_off_is_made_up_for(world: World) -> None:
    old = folders.runs_folder() / world.run().run
    memories.forget(about=ALICE)
    stamp, number = old.name.partition("-")[0], old.name.rpartition("-")[2]
    [now] = folders.runs_folder().iterdir()
    now.rename(now.with_name(f"{stamp}-pay-alice-kim-{number}"))

    told = memories.forget(about=ALICE)

    assert [one.name for one in folders.runs_folder().iterdir()] == [f"{stamp}-redacted-{number}"]
    assert told.remains == ()
