from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from replay.errors import ReplayError, TraceError
from replay.redaction import MASK, prune, redact
from replay.report import page, salvage
from replay.trace import ScreenSeen
from replay.trace_reader import read_trace
from tests.replay.bench import ASKED
from tests.replay.recorded import run_of, text_lesson


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("redact")
    run_of(folder / "run", text_lesson(folder / "lesson").recipe, ASKED, pictures=True)
    return folder / "run"


def everything(folder: Path) -> str:
    texts = [(folder / "trace.jsonl").read_text(encoding="utf-8")]
    texts += [gzip.decompress(file.read_bytes()).decode() for file in (folder / "screens").iterdir()]
    return "\n".join(texts).casefold()


def test_what_was_taken_out_is_nowhere_in_the_copy(run: Path, tmp_path: Path) -> None:
    whole = read_trace(run)
    assert "alice" in everything(run) and whole.pictures

    copy = redact(whole, tmp_path / "copy", ["ALICE", "running  late"])

    assert "alice" not in everything(tmp_path / "copy") and "running late" not in everything(tmp_path / "copy")
    assert MASK in everything(tmp_path / "copy")
    assert not copy.pictures and not (tmp_path / "copy" / "pictures").exists()
    assert (copy.header.source, copy.header.parent) == ("redacted", whole.content_hash)
    assert len(copy.steps()) == 5
    assert read_trace(run).content_hash == whole.content_hash
    assert "Alice" not in page(salvage(tmp_path / "copy"))


def test_every_text_can_be_masked(run: Path, tmp_path: Path) -> None:
    redact(read_trace(run), tmp_path / "copy", [], every_text=True)

    tree = next(iter(read_trace(tmp_path / "copy").screens.values()))
    assert "start chat" not in tree.casefold()


def test_nothing_to_take_out_is_an_error_and_nothing_is_overwritten(run: Path, tmp_path: Path) -> None:
    with pytest.raises(ReplayError, match="nothing to redact"):
        redact(read_trace(run), tmp_path / "copy", [" "])
    (tmp_path / "copy").mkdir()
    with pytest.raises(TraceError, match="exists"):
        redact(read_trace(run), tmp_path / "copy", ["x"])


def test_pruning_keeps_some_steps_and_their_screens_only(run: Path, tmp_path: Path) -> None:
    whole = read_trace(run)

    copy = prune(whole, tmp_path / "copy", first=2, last=3)

    assert [step.index for step in copy.steps()] == [1, 2]
    assert (copy.header.source, copy.header.parent) == ("pruned", whole.content_hash)
    assert sum(isinstance(event, ScreenSeen) for event in copy.events) <= 4
    assert not copy.pictures
    assert all(copy.screen(step.before) and copy.screen(step.after) for step in copy.steps())  # type: ignore[arg-type]
    with pytest.raises(ReplayError, match="It has 5 steps"):
        prune(whole, tmp_path / "other", first=9)


def test_pictures_stay_when_they_are_asked_for(run: Path, tmp_path: Path) -> None:
    assert prune(read_trace(run), tmp_path / "copy", pictures=True).pictures
