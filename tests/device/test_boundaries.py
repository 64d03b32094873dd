"""Who may import what inside `device`, and what importing it costs."""

import ast
import subprocess
import sys
from pathlib import Path

DEVICE = Path(__file__).parents[2] / "device"


def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def _importers(module: str) -> set[str]:
    return {str(file.relative_to(DEVICE)) for file in DEVICE.rglob("*.py") if module in _imports(file)}


def test_one_module_knows_uiautomator2():
    assert _importers("uiautomator2") == {"android/u2.py"}


def test_adbutils_is_known_inside_the_android_back_end_only():
    assert all(file.startswith("android/") for file in _importers("adbutils"))


def test_the_loader_and_the_fake_import_no_back_end():
    heavy = ("uiautomator2", "adbutils", "PIL")
    program = f"import sys, device.open, device.fake; print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=DEVICE.parent, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


def test_the_virtual_phone_knows_no_client():
    assert not any(file.startswith("virtual/") for file in _importers("adbutils") | _importers("uiautomator2"))
