import json

import pytest

from mobimem import cli
from mobimem.exit_codes import ExitCode


def test_a_port_in_the_environment_that_is_none_is_named(monkeypatch, capsys):
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", "foo")

    with pytest.raises(SystemExit) as ended:
        cli.main(["devices", "--json"])

    said = json.loads(capsys.readouterr().out)
    assert ended.value.code == said["exit_code"] == ExitCode.BAD_DATA
    assert "'foo'" in said["error"]["message"]


def test_what_nobody_foresaw_is_a_bug_with_its_own_exit_code_and_says_where_to_send_it(monkeypatch, capsys):
    def broken(**_: object) -> None:
        raise ZeroDivisionError("one by nought")

    monkeypatch.setattr("mobimem.service.devices.list_devices", broken)

    with pytest.raises(SystemExit) as ended:
        cli.main(["devices", "--json"])

    printed = capsys.readouterr()
    assert ended.value.code == ExitCode.BUG
    assert json.loads(printed.out)["error"]["kind"] == "ZeroDivisionError"
    assert "Traceback" in printed.err
