from tests.adbserver import AdbServer, adb_server  # isort: skip  # before adbutils

import json

from device.actions import Tap
from device.android import adb
from device.android.acceptance import CHECKS, run
from device.android.diagnose import diagnose, gather
from device.errors import DeviceTimeout
from device.fake import FakeDevice, FakeScreen, node, tree
from tests.device.android.bench import OWNERS_KEYBOARD, AndroidBench

__all__ = ["adb_server"]


def test_the_virtual_phone_passes_every_check_and_is_left_as_it_was(adb_server: AdbServer):
    bench = AndroidBench(adb_server)
    try:
        report = run(bench.device)
        failed = [check for check in report["checks"] if check["outcome"] == "fail"]

        assert failed == []
        assert report["accepted"]
        assert report["device"]["virtual"]
        assert len(report["checks"]) == len(CHECKS)
        assert bench.keyboard() == OWNERS_KEYBOARD
        assert json.loads(json.dumps(report)) == report
    finally:
        bench.close()


def test_a_check_that_fails_is_reported_with_its_evidence_and_the_others_go_on():
    home = FakeScreen(tree(node("Clock", package="com.launcher")), "com.launcher", "com.launcher.Home")
    settings = FakeScreen(tree(*[node(f"Entry {n}") for n in range(8)]), "com.android.settings", "com.android.Settings")
    phone = FakeDevice({"home": home, "settings": settings}, apps={"com.android.settings": "settings"})
    phone.fail_next("picture", DeviceTimeout("no answer"))
    seen = []

    report = run(phone, clock=phone.clock, on_result=seen.append)

    outcomes = {check["name"]: check["outcome"] for check in report["checks"]}
    assert outcomes["gives a picture"] == "fail"
    assert outcomes["gives its element tree"] == "pass"
    assert not report["accepted"]
    assert len(seen) == len(CHECKS)
    assert not any(isinstance(action, Tap) and action.at.measured_on != phone.size for action in phone.actions)


def test_gathering_sees_the_phone_and_its_server_and_finds_nothing_wrong(adb_server: AdbServer):
    bench = AndroidBench(adb_server)
    try:
        facts = gather(adb_server.port, env=adb_server.environment)

        assert facts.jars == {bench.serial: "same"}
        assert [listed.state for listed in facts.devices] == ["device"]
        assert [found for found in diagnose(facts) if found.severity == "problem"] == []
        assert facts.program == adb.program(adb.find_program(adb_server.environment))
    finally:
        bench.close()
