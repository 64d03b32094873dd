from pathlib import Path

import pytest

from device.android.adb import Listed, Program
from device.android.diagnose import Facts, Finding, MissingFont, diagnose
from device.errors import AdbUnavailable

ADB = Program(Path("/usr/bin/adb"), "1.0.41", "36.0.0")
WELL = Facts(
    program=ADB,
    server_version=41,
    devices=(Listed("R58", "device", "Pixel 7", "device"),),
    jars={"R58": "same"},
)


def _bad(facts: Facts) -> list[Finding]:
    return [finding for finding in diagnose(facts) if finding.severity != "ok"]


def test_where_all_is_well_nothing_is_to_be_done():
    assert _bad(WELL) == []
    assert {finding.name for finding in diagnose(WELL)} == {"adb", "adb server", "device R58"}


def test_a_missing_adb_names_how_to_get_one():
    (finding,) = _bad(Facts(program_problem=AdbUnavailable("no adb program", next_step="apt install adb")))[:1]

    assert (finding.severity, finding.fix) == ("problem", "apt install adb")


def test_a_server_that_cannot_start_hides_no_device_findings():
    facts = Facts(program=ADB, server_problem=AdbUnavailable("cannot write its key", next_step="Set HOME"))

    assert [(finding.name, finding.fix) for finding in _bad(facts)] == [("adb server", "Set HOME")]


def test_two_versions_of_adb_are_a_warning_with_the_command_that_ends_it():
    facts = Facts(program=ADB, server_version=39, server_port=5037, devices=WELL.devices, jars=WELL.jars)

    (finding,) = _bad(facts)
    assert finding.severity == "warning"
    assert finding.fix == "/usr/bin/adb -P 5037 kill-server"


def test_no_device_says_how_to_switch_debugging_on():
    (finding,) = _bad(Facts(program=ADB, server_version=41))

    assert "USB debugging" in finding.fix
    assert "mobimem phone" in finding.fix


@pytest.mark.parametrize(
    ("listed", "fix"),
    [
        (Listed("R58", "unauthorized"), "allow this computer"),
        (Listed("R58", "authorizing"), "allow this computer"),
        (Listed("R58", "offline"), "adb reconnect offline"),
        (Listed("10.0.0.7:5555", "offline"), "adb connect 10.0.0.7:5555"),
        (Listed("R58", "no permissions"), "android-sdk-platform-tools-common"),
        (Listed("R58", "recovery", said="recovery"), "adb -s R58 reboot"),
        (Listed("R58", "other", said="host"), "adb -s R58 reboot"),
    ],
)
def test_each_state_of_a_device_has_its_way_out(listed, fix):
    (finding,) = _bad(Facts(program=ADB, server_version=41, devices=(listed,)))

    assert finding.severity == "problem"
    assert fix in finding.fix


def test_another_version_of_the_server_on_the_phone_is_only_a_warning():
    (finding,) = _bad(Facts(program=ADB, server_version=41, devices=WELL.devices, jars={"R58": "other"}))

    assert finding.severity == "warning"
    assert "another version" in finding.what


def test_a_script_without_a_font_names_the_package():
    facts = Facts(ADB, None, 5037, 41, None, WELL.devices, WELL.jars, (MissingFont("Tamil", "fonts-noto-core"),))

    assert [finding.fix for finding in _bad(facts)] == ["sudo apt install fonts-noto-core"]
