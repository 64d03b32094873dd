"""The layers hold: device <- perception <- replay <- memory <- mobimem."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TIMEOUT_S = 100.0


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )


def test_imports_go_one_way() -> None:
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout[-3000:]
    assert "4 kept, 0 broken" in done.stdout


def empty_packages(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    for package in ("device", "perception", "replay", "memory", "mobimem"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "device" / "android").mkdir()
    (tmp_path / "device" / "virtual").mkdir()
    for module in ("android/__init__.py", "virtual/__init__.py", "open.py"):
        (tmp_path / "device" / module).touch()
    for module in ("device/actions", "device/fake", "perception/screen", "perception/vision"):
        (tmp_path / f"{module}.py").touch()
    for module in ("replay/trace", "replay/recipe", "replay/player"):
        (tmp_path / f"{module}.py").touch()
    assert lint(tmp_path).returncode == 0


def test_an_import_against_the_layers_is_found(tmp_path: Path) -> None:
    empty_packages(tmp_path)

    (tmp_path / "device" / "open.py").write_text("import replay\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    assert "device.open -> replay" in done.stdout


def test_the_agents_parts_import_downwards_only(tmp_path: Path) -> None:
    empty_packages(tmp_path)
    for part in ("service", "tasks", "llm"):
        (tmp_path / "mobimem" / part).mkdir()
        (tmp_path / "mobimem" / part / "__init__.py").touch()
    (tmp_path / "mobimem" / "service" / "agent.py").write_text("import mobimem.tasks, mobimem.llm\n")
    assert lint(tmp_path).returncode == 0

    (tmp_path / "mobimem" / "llm" / "client.py").write_text("import mobimem.tasks\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    assert "mobimem.llm.client -> mobimem.tasks" in done.stdout


def test_memory_may_import_data_and_nothing_else_of_the_lower_packages(tmp_path: Path) -> None:
    empty_packages(tmp_path)
    recall = tmp_path / "memory" / "recall.py"
    data = "import device.actions, perception.screen, replay.trace, replay.recipe\n"
    recall.write_text(data)
    assert lint(tmp_path).returncode == 0

    recall.write_text(data + "import device, device.fake, perception.vision\nfrom replay import player\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    for module in ("device.fake", "perception.vision", "replay.player"):
        assert f"memory.recall -> {module}" in done.stdout
    assert "replay.trace" not in done.stdout


def test_memory_reaches_no_device_through_the_data_it_may_import(tmp_path: Path) -> None:
    empty_packages(tmp_path)
    (tmp_path / "memory" / "recall.py").write_text("import replay.recipe\n")
    (tmp_path / "replay" / "recipe.py").write_text("import device.open\n")

    done = lint(tmp_path)

    assert done.returncode != 0
    assert "replay.recipe -> device.open" in done.stdout
