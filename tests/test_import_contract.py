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
    assert "2 kept, 0 broken" in done.stdout


def test_an_import_against_the_layers_is_found(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    for package in ("device", "perception", "replay", "memory", "mobimem"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "device" / "android").mkdir()
    (tmp_path / "device" / "virtual").mkdir()
    for module in ("android/__init__.py", "virtual/__init__.py", "open.py"):
        (tmp_path / "device" / module).touch()
    assert lint(tmp_path).returncode == 0

    (tmp_path / "device" / "open.py").write_text("import replay\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    assert "device.open -> replay" in done.stdout
