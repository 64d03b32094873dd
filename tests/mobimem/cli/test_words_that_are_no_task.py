"""Words that cannot be a task's: refused before memory, the owner or a model is asked, with a model and without one."""

from __future__ import annotations

import json

import pytest

from mobimem.cli import main
from mobimem.errors import BadInput
from mobimem.exit_codes import ExitCode
from mobimem.llm.scripted import ScriptedModel
from mobimem.service.agent import Agent, Means
from mobimem.tasks.words import WORDS_MAX, fault_of_words
from tests.mobimem.cli.model import named_in
from tests.mobimem.tasks.acting import Brain, staged
from tests.replay.bench import NOTES, Phone

NO_TASK = {
    "nothing": "", "blanks": "  \t ", "a mark": "-", "emoji": "🎉🎂👨‍👩‍👧", "a bell": "make a note\x07 called Milk",
    "an escape sequence": "make \x1b[31ma note", "a line turned around": "make a note called \u202ekliM",
    "tags": "make a note" + "".join(chr(0xE0000 + ord(one)) for one in "pay"), "half a character": "note \udcff",
    "far too long": "make a note called Milk " * 4_000,
}  # fmt: skip
MOVES = (("open_app", NOTES), ("done",))


def ended_with(*arguments: str) -> int:
    try:
        main(list(arguments))
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.mark.parametrize("options", [(), ("--plan-only",), ("--explain",)], ids=["do", "plan-only", "explain"])
@pytest.mark.parametrize("model", [True, False], ids=["with a model", "without"])
@pytest.mark.parametrize("words", NO_TASK.values(), ids=NO_TASK.keys())
def test_they_are_bad_input_and_no_request_is_made(
    phone: Phone, capsys: pytest.CaptureFixture[str], words: str, model: bool, options: tuple[str, ...]
) -> None:
    from mobimem import folders

    with named_in(folders.home(), Brain(MOVES, reach=(NOTES,))) as server:
        if not model:
            (folders.home() / "models.toml").unlink()
        code = ended_with("do", *options, "--", words)
        asked = len(server.asked)
    said = capsys.readouterr()

    assert (code, asked, phone.done) == (ExitCode.BAD_DATA, 0, [])
    assert "this is no task" in said.err
    assert "Next:" in said.err
    assert len(said.out + said.err) < 600, "the words were repeated"
    assert not {"\x07", "\u202e", "\udcff"} & set(said.out + said.err)
    assert "\x1b[31ma" not in said.out + said.err


def test_what_is_wrong_is_told_as_data_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended_with("do", "make a note\x07", "--json") == ExitCode.BAD_DATA
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["kind"], "character 12 is U+0007" in error["message"]) == ("BadInput", True)


@pytest.mark.parametrize("words", [*NO_TASK.values(), "make a note of x " * 65_000], ids=[*NO_TASK, "1 MB"])
def test_an_agent_refuses_them_by_call(home: object, words: str) -> None:
    with staged(Brain(MOVES, reach=(NOTES,))) as at:
        agent = Agent(at.phone, Means(at.owner, at.owner, at.client, clock=at.phone.clock))
        with pytest.raises(BadInput, match="this is no task"):
            agent.run(words)
        assert (at.calls, at.owner.asked, at.phone.done) == (0, [], [])


@pytest.mark.parametrize(
    "words", ["5", "叫我", "text Bob 🎉", "two\nlines", "👨‍👩‍👧 to Bob", "می‌خواهم", "x" * WORDS_MAX]
)
def test_what_a_person_says_is_let_through(words: str) -> None:
    assert fault_of_words(words) == ""


def test_a_server_that_is_there_would_have_been_asked(phone: Phone, home: object) -> None:
    """The requests counted above are those of a model that `do` does ask."""
    from mobimem import folders

    server: ScriptedModel
    with named_in(folders.home(), Brain(MOVES, reach=(NOTES,))) as server:
        ended_with("do", "make a note called Milk")
        assert server.asked
