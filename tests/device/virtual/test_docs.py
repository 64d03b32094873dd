"""docs/virtual-phone.md says what the code does: its table of faults is the one `cmd vphone help` prints."""

from __future__ import annotations

from pathlib import Path

from device.virtual.apps import INSTALLED
from device.virtual.fault_commands import COMMANDS, help_text
from device.virtual.faults import Faults
from device.virtual.u2.faults import RPC_USAGE

DOCS = (Path(__file__).parents[3] / "docs" / "virtual-phone.md").read_text(encoding="utf-8")


def test_the_table_of_faults_is_the_one_the_phone_prints() -> None:
    table = DOCS.split("<!-- faults:")[1].split("-->\n", 1)[1].split("<!-- end of faults -->")[0]

    assert table.strip() == f"```text\n{help_text()}```"
    assert RPC_USAGE in " ".join(DOCS.split())


def test_every_fault_of_the_shell_has_its_name_in_python() -> None:
    assert [name for name in COMMANDS if not hasattr(Faults, name.replace("-", "_"))] == []


def test_every_app_is_described() -> None:
    assert [app.package for app in INSTALLED if f"`{app.package}`" not in DOCS] == []
