"""A scripted model that the owner's `models.toml` names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mobimem.llm.scripted import Script, ScriptedModel


@contextmanager
def named_in(home: Path, script: Script) -> Iterator[ScriptedModel]:
    """Answers as `script` says, for every role, while inside."""
    with ScriptedModel(script) as made:
        home.mkdir(exist_ok=True)
        (home / "models.toml").write_text(
            f'[default]\nbase_url = "{made.base_url}"\nmodel = "scripted"\n', encoding="utf-8"
        )
        yield made
