"""models.toml: what it may say, and what is said of mistakes in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mobimem.errors import BadInput
from mobimem.llm.errors import NoModel
from mobimem.llm.settings import Budget, read_models

BASE = '[default]\nbase_url = "http://127.0.0.1:1/v1"\nmodel = "small"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "models.toml"


def test_no_file_means_no_models(file: Path) -> None:
    with pytest.raises(NoModel):
        read_models(file).of("planner")


def test_roles_differ_from_the_default_where_they_say_so(file: Path) -> None:
    file.write_text(BASE + 'budget = { calls = 3 }\n[planner]\nmodel = "large"\npictures = true\n')
    models = read_models(file)

    assert (models.of("planner").model, models.of("decider").model) == ("large", "small")
    assert (models.of("planner").pictures, models.of("decider").pictures) == (True, False)
    assert models.of("planner").budget == Budget(calls=3)


def test_a_role_alone_leaves_the_others_without(file: Path) -> None:
    file.write_text(BASE.replace("default", "decider"))
    models = read_models(file)

    assert models.of("decider").model == "small"
    with pytest.raises(NoModel):
        models.of("planner")


def test_keys_come_from_the_environment_or_the_secrets(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", "sesame")
    file.write_text(BASE + 'key_env = "SOME_KEY"\n[planner]\nkey_env = ""\nkey_secret = "model"\n')
    models = read_models(file, {"model": "open"}.get)

    assert (models.of("decider").key, models.of("planner").key) == ("sesame", "open")
    assert "sesame" not in repr(models)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[default", "cannot be read"),
        ("[other]\n", "'other'"),
        ("default = 3\n", "'default'"),
        ('[default]\nmodel = "m"\n', "base_url"),
        ('[default]\nbase_url = "ftp://x"\nmodel = "m"\n', "base_url"),
        ('[default]\nbase_url = "http://x/v1"\n', "model is missing"),
        (BASE + 'colour = "red"\n', "'colour'"),
        (BASE + 'pictures = "yes"\n', "pictures"),
        (BASE + "answer_tokens = true\n", "answer_tokens"),
        (BASE + "timeout_s = 0\n", "timeout_s"),
        (BASE + "budget = { calls = -1 }\n", "budget"),
        (BASE + "budget = { coins = 1 }\n", "budget"),
        (BASE + 'key_env = "NOT_THERE_AT_ALL"\n', "NOT_THERE_AT_ALL"),
        (BASE + 'key_secret = "nope"\n', "mobimem secrets add nope"),
        (BASE + 'colour = "red"\n[planner]\nmodel = "large"\n', r"\[default\] in .*'colour'"),
        (BASE + "timeout_s = 0\n", r"\[default\] in .*timeout_s"),
        (BASE + "budget = { calls = -1 }\n", r"\[default\] in .*budget"),
        (BASE + 'key_env = "NOT_THERE_AT_ALL"\n', r"\[default\] in .*NOT_THERE"),
        ('[default]\nbase_url = "ftp://x"\nmodel = "m"\n', r"\[default\] in .*base_url"),
        ('[default]\nbase_url = "http://x/v1"\n', r"\[default\] in .*model is missing"),
        (BASE + '[planner]\nbase_url = "ftp://x"\n', r"\[planner\] in .*base_url"),
        (BASE + "[decider]\ntimeout_s = 0\n", r"\[decider\] in .*timeout_s"),
        ('[planner]\nbase_url = "http://x/v1"\n', r"\[planner\] in .*model is missing"),
    ],
)
def test_a_mistake_is_named(file: Path, text: str, says: str) -> None:
    file.write_text(text)

    with pytest.raises(BadInput, match=says):
        read_models(file)


def test_a_file_that_everybody_can_write_is_refused(file: Path) -> None:
    file.write_text(BASE)
    file.chmod(0o666)
    with pytest.raises(BadInput, match="everybody can write") as told:
        read_models(file)
    assert f"chmod 600 {file}" in told.value.next_step

    file.chmod(0o644)
    assert read_models(file).of("decider").model == "small"


def test_what_the_default_lacks_may_stand_in_a_role_alone(file: Path) -> None:
    file.write_text('[default]\nbase_url = "http://x/v1"\n[planner]\nmodel = "large"\n')
    assert list(read_models(file).by_role) == ["planner"]
