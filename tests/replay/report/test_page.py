from __future__ import annotations

import dataclasses
import html
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from replay.errors import ReplayError, TraceDamaged, TraceHostile
from replay.library import Library
from replay.report import page, salvage, write_report
from replay.report.markup import text
from replay.report.salvage import Salvaged
from replay.trace import Event, Note, ScreenSeen, Trace, hierarchy_hash
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter, pack
from tests.replay.bench import ASKED
from tests.replay.recorded import Lesson, header, run_of, text_lesson, without_target
from tests.replay.test_repairs import AT
from tests.replay.test_repairs import healed as healed_run

HOSTILE = "</text></svg><script>alert(1)</script><img src=x onerror=alert(2)>\"'\u202e\ud800\x00&lt;"


class Tags(HTMLParser):
    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return text_lesson(tmp_path_factory.mktemp("t") / "trace")


@pytest.fixture
def damaged(lesson: Lesson, tmp_path: Path) -> Path:
    """A copy of the trace that a test may spoil."""
    with zipfile.ZipFile(_packed(lesson.path, tmp_path / "t.zip")) as archive:
        archive.extractall(tmp_path / "copy")
    return tmp_path / "copy"


def _packed(folder: Path, target: Path) -> Path:
    pack(folder, target)
    return target


def with_texts(trace: Trace, said: str) -> Trace:
    """The trace, with every text of its screens and its words put to this."""
    quoted = html.escape(said.replace("\x00", "").replace("\ud800", ""))
    screens: dict[str, str] = {}
    events: list[Event] = []
    for event in trace.events:
        if isinstance(event, ScreenSeen):
            was = trace.screens[event.hierarchy]
            tree = re.sub(r'\b(text|content-desc)="[^"]+"', lambda match: f'{match[1]}="{quoted}"', was)
            screens[hierarchy_hash(tree)] = tree
            events.append(dataclasses.replace(event, hierarchy=hierarchy_hash(tree), activity=said, package=said))
        else:
            events.append(event)
    head = dataclasses.replace(trace.header, name=said, task=said, values={said: said}, started_at=said)
    return dataclasses.replace(trace, header=head, events=tuple(events), screens=screens)


def test_every_step_has_its_section_its_screens_and_its_mark(lesson: Lesson) -> None:
    document = page(salvage(lesson.path))

    assert document.count("<section class='step'") == 5
    assert document.count("class='number good'") == 5
    assert 'class="m-box"' in document
    assert "Start chat" in document and "David Miller" in document


def test_what_screens_say_is_never_markup(lesson: Lesson) -> None:
    trace = with_texts(lesson.trace, HOSTILE)

    tags = Tags(page(Salvaged(trace, (HOSTILE,), True))).tags

    names = [tag for tag, _ in tags]
    assert names.count("script") == 1
    assert "img" not in names
    assert all(not name.startswith("on") for _, attributes in tags for name in attributes)
    links = [attributes[key] for _, attributes in tags for key in ("href", "src") if attributes.get(key)]
    assert all(link is not None and link.startswith(("#", "data:")) for link in links)


def test_characters_that_html_forbids_are_replaced_and_turning_ones_dropped() -> None:
    assert text("a\x00\ud800b\u202ec") == "a\ufffd\ufffdbc"
    text(HOSTILE).encode("utf-8")


def test_nothing_is_loaded_from_anywhere(lesson: Lesson) -> None:
    document = page(salvage(lesson.path))

    assert "default-src 'none'" in document
    assert "http://" not in document and "https://" not in document


def test_a_password_is_not_drawn(lesson: Lesson) -> None:
    field = '<node class="android.widget.EditText" text="hunter2" password="true" bounds="[0,0][900,200]" package="a"/>'
    tree = f'<hierarchy rotation="0">{field}</hierarchy>'
    trace = lesson.trace
    first = next(event for event in trace.events if isinstance(event, ScreenSeen))
    spoilt = dataclasses.replace(trace, screens={**trace.screens, first.hierarchy: tree})

    document = page(Salvaged(spoilt, (), True))

    assert "hunter2" not in document and "•••••" in document


def test_an_existing_file_is_left_alone(lesson: Lesson, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("mine")

    with pytest.raises(ReplayError, match="exists"):
        write_report(lesson.path, target)

    assert target.read_text() == "mine"
    write_report(lesson.path, target, replace=True)
    assert target.stat().st_mode & 0o077 == 0


def test_where_it_parted_stands_expected_beside_seen(lesson: Lesson, tmp_path: Path) -> None:
    run_of(tmp_path / "run", without_target(lesson.recipe, 2), ASKED)

    document = page(salvage(tmp_path / "run"), taught=lesson.trace)

    assert "id='parting'" in document
    assert "It parted at step 3" in document
    assert "when it was taught" in document
    assert 'id="then-' in document


def test_a_missing_screen_is_named_and_the_rest_is_shown(damaged: Path) -> None:
    gone = sorted((damaged / "screens").iterdir())[0]
    gone.unlink()

    found = salvage(damaged)
    document = page(found)

    assert not found.verified
    assert any(gone.name in problem for problem in found.problems)
    assert document.count("<section class='step'") == 5
    assert "Not everything of this trace is there" in document


def test_a_changed_line_is_left_out_and_named(damaged: Path) -> None:
    file = damaged / "trace.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if '"kind":"step"' in line)
    lines[at] = lines[at].replace('"done"', '"skipped"')
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    found = salvage(damaged)

    assert [problem for problem in found.problems if f"line {at + 1} was changed" in problem]
    assert len(found.trace.steps()) == 4


def test_lines_after_an_unreadable_one_are_kept_unverified(damaged: Path) -> None:
    file = damaged / "trace.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2][:40]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    found = salvage(damaged)

    assert any("is not JSON" in problem for problem in found.problems)
    assert any("cannot be verified" in problem for problem in found.problems)
    assert len(found.trace.steps()) >= 4


@pytest.mark.parametrize("left", [0.1, 0.5, 0.9, 0.999])
def test_a_trace_cut_off_anywhere_opens(damaged: Path, left: float) -> None:
    file = damaged / "trace.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * left)])

    found = salvage(damaged)

    assert found.problems
    assert page(found).endswith("</html>\n")


def test_without_its_first_line_or_as_a_broken_archive_it_says_so(damaged: Path, tmp_path: Path) -> None:
    file = damaged / "trace.jsonl"
    file.write_text("nonsense\n" + file.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    assert "(its first line is lost)" in page(salvage(damaged))

    (tmp_path / "no.zip").write_bytes(b"PK not a zip")
    with pytest.raises(TraceDamaged):
        salvage(tmp_path / "no.zip")
    with pytest.raises(TraceDamaged):
        salvage(tmp_path / "nothing-here")


def test_what_is_hostile_is_not_opened_at_all(damaged: Path, tmp_path: Path) -> None:
    (damaged / "screens" / "link").symlink_to("/etc/passwd")

    with pytest.raises(TraceHostile):
        salvage(damaged)


def test_a_stranger_s_lines_of_any_type_still_make_a_page(tmp_path: Path) -> None:
    with TraceWriter(tmp_path / "t", header("t", {})) as writer:
        writer.note("x", "y", "z", {"index": {"a": 1}})
        writer.note("divergence", "y", "z", {"index": "three", "closest": 7, "tried": "no", "screen": []})
        writer.end("done", "", "", {"a": [1]})

    document = page(salvage(tmp_path / "t"))

    assert "It parted at step 1" in document
    assert json.dumps("x")[1:-1] in document


def test_a_healed_step_shows_what_it_was_beside_what_was_found_again(tmp_path: Path):
    kept = Library(tmp_path / "recipes")
    taught = text_lesson(tmp_path / "lesson")
    kept.save(taught.recipe, taught.path, at=AT)
    assert healed_run(kept, tmp_path / "run").mended

    write_report(tmp_path / "run", tmp_path / "report.html", taught=taught.trace)

    document = (tmp_path / "report.html").read_text(encoding="utf-8")
    notes = [one for one in read_trace(tmp_path / "run").events if isinstance(one, Note) and one.topic == "healed"]
    assert document.count("<div class='healed'>") == len(notes) > 0
    first = document[document.index("<div class='healed'>") :]
    assert "when it was taught" in first[:20000] and "found again" in first[:20000]
    assert "message_button_send" in document
