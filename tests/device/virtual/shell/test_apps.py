"""Apps from the shell: what adbutils and uiautomator2 parse, and what starting and stopping does."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import uiautomator2

from device.virtual.phone import VirtualPhone
from tests.device.virtual.shell.bench import run

DEMO = "com.example.u2testdemo"
APK = Path(uiautomator2.__file__).parent / "assets" / "app-uiautomator.apk"
U2_KEYBOARD = "com.github.uiautomator/.AdbKeyboard"


def pid_of(phone: VirtualPhone, package: str) -> int | None:
    """As uiautomator2 finds it."""
    for line in run(phone, "ps -A").lines:
        fields = line.split()
        if len(fields) >= 9 and fields[-1] == package:
            return int(fields[1])
    return None


def current(phone: VirtualPhone) -> tuple[str, str, int]:
    """As adbutils finds it."""
    found = re.findall(r"ACTIVITY (\S+)/([^/\s]+) \w+ pid=(\d+)", run(phone, "dumpsys activity top").out)
    package, activity, pid = found[-1]
    return package, activity, int(pid)


def test_monkey_brings_an_app_to_the_front(phone: VirtualPhone):
    ran = run(phone, f"monkey -p {DEMO} -c android.intent.category.LAUNCHER 1")

    assert ran.status == 0
    assert "Events injected: 1" in ran.lines
    assert current(phone) == (DEMO, ".MainActivity", pid_of(phone, DEMO))


def test_monkey_refuses_what_is_not_there(phone: VirtualPhone):
    ran = run(phone, "monkey -p no.such.app -c android.intent.category.LAUNCHER 1")

    assert (ran.status, ran.err) == (252, "** No activities found to run, monkey aborted.\n")


def test_an_activity_starts_by_its_component(phone: VirtualPhone):
    ran = run(phone, f"am start -W -n {DEMO}/.AdditionActivity")

    assert ran.lines[0] == f"Starting: Intent {{ cmp={DEMO}/.AdditionActivity }}"
    assert "Status: ok" in ran.lines
    assert current(phone)[:2] == (DEMO, ".AdditionActivity")
    activities = run(phone, "dumpsys activity activities").out
    assert re.search(rf"mResumedActivity: ActivityRecord\{{\w+ u0 {DEMO}/\.AdditionActivity t\d+\}}", activities)


def test_an_unknown_activity_is_refused(phone: VirtualPhone):
    ran = run(phone, f"am start -n {DEMO}/.NoActivity")

    assert ran.status == 1
    assert "does not exist" in ran.err


def test_a_stopped_app_has_no_process_and_starts_with_a_new_one(phone: VirtualPhone):
    run(phone, f"am start -n {DEMO}/.MainActivity")
    before = pid_of(phone, DEMO)

    assert run(phone, f"am force-stop {DEMO}").out == ""
    assert pid_of(phone, DEMO) is None
    assert current(phone)[0] == "com.android.launcher3"
    run(phone, f"am start -n {DEMO}/.MainActivity")
    assert pid_of(phone, DEMO) not in (None, before)


def test_the_focus_is_named_in_the_whole_report_but_not_in_the_windows(phone: VirtualPhone):
    run(phone, f"am start -n {DEMO}/.MainActivity")
    focus = f" u0 {DEMO}/{DEMO}.MainActivity}}"

    assert "mCurrentFocus" not in run(phone, "dumpsys window windows").out
    for command in ("dumpsys window", "dumpsys window displays"):
        assert [line for line in run(phone, command).lines if "mCurrentFocus=Window{" in line and line.endswith(focus)]


def test_an_intent_without_a_component_finds_the_app_that_answers_it(phone: VirtualPhone):
    run(phone, "am start -a android.intent.action.SENDTO -d sms:%2B12345 --es sms_body 'on my way'")
    assert phone.windows.current()[0] == "com.android.messaging"

    run(phone, "am start -a android.intent.action.INSERT -t vnd.android.cursor.dir/contact --es name 'Ada Lovelace'")
    assert phone.windows.current()[1].endswith("ContactEditorActivity")

    ran = run(phone, "am start -a android.intent.action.VIEW -d https://example.com")
    assert ran.status == 1
    assert "unable to resolve Intent { act=android.intent.action.VIEW dat=https://example.com }" in ran.err


def test_an_empty_filter_lists_all_packages(phone: VirtualPhone):
    everything = run(phone, "pm list packages ''").lines

    assert f"package:{DEMO}" in everything
    assert everything == run(phone, "pm list packages").lines
    assert f"package:{DEMO}" in run(phone, "pm list packages -3").lines
    assert "package:com.android.settings" not in run(phone, "pm list packages -3").lines
    assert run(phone, "pm list packages u2test").lines == [f"package:{DEMO}"]


def test_a_path_is_known_for_installed_packages_only(phone: VirtualPhone):
    assert run(phone, f"pm path {DEMO}").out == f"package:/data/app/{DEMO}/base.apk\n"
    unknown = run(phone, "pm path no.such.app")
    assert (unknown.status, unknown.out) == (1, "")


def test_a_package_tells_what_adbutils_reads(phone: VirtualPhone):
    text = run(phone, "dumpsys package com.android.contacts").out

    assert re.search(r"versionName=\S+", text)
    assert re.search(r"versionCode=\d+", text)
    assert re.search(r"PackageSignatures\{.*?\[(.*)\]\}", text)
    assert re.search(r"pkgFlags=\[\s*(.*)\s*\]", text)
    assert re.search(r"firstInstallTime=[-\d]+\s+[:\d]+\n", text)
    assert "targetSdk=33" in text
    assert "android.permission.READ_CONTACTS: granted=false" in text


def test_a_grant_shows_and_clearing_takes_it_back(phone: VirtualPhone):
    name, permission = "com.android.contacts", "android.permission.READ_CONTACTS"

    assert run(phone, f"pm grant {name} {permission}").status == 0
    assert f"{permission}: granted=true" in run(phone, f"dumpsys package {name}").out
    assert run(phone, f"pm clear {name}").out == "Success\n"
    assert f"{permission}: granted=false" in run(phone, f"dumpsys package {name}").out
    assert phone.store.table("contacts").rows() == []


def test_a_permission_that_was_not_requested_cannot_be_granted(phone: VirtualPhone):
    ran = run(phone, f"pm grant {DEMO} android.permission.CAMERA")

    assert ran.status == 255
    assert "has not requested permission" in ran.err


def test_an_apk_is_installed_from_a_file_and_from_the_stream(phone: VirtualPhone):
    data = APK.read_bytes()
    phone.files.write("/data/local/tmp/unknown.apk", data)

    assert run(phone, "pm install -r -t /data/local/tmp/unknown.apk").out == "Success\n"
    assert run(phone, "pm uninstall com.github.uiautomator").out == "Success\n"
    assert run(phone, f"cmd package 'install' '-r' -S {len(data)}", sends=data).out == "Success\n"
    assert "package:com.github.uiautomator" in run(phone, "pm list packages").lines


def test_what_is_no_apk_is_not_installed(phone: VirtualPhone):
    phone.files.write("/data/local/tmp/x.apk", b"no zip")

    ran = run(phone, "pm install /data/local/tmp/x.apk")
    assert (ran.status, ran.out[:35]) == (1, "Failure [INSTALL_PARSE_FAILED_NOT_A")
    assert "Unable to open file" in run(phone, "pm install /data/local/tmp/none.apk").err


def test_only_third_party_packages_can_be_uninstalled(phone: VirtualPhone):
    assert run(phone, f"pm uninstall {DEMO}").out == "Success\n"
    for name in (DEMO, "com.android.settings"):
        ran = run(phone, f"pm uninstall {name}")
        assert (ran.status, ran.out) == (1, "Failure [DELETE_FAILED_INTERNAL_ERROR]\n")


# --- keyboards ---


def use_u2_keyboard(phone: VirtualPhone) -> None:
    phone.packages.install_apk(APK.read_bytes())
    run(phone, f"ime enable {U2_KEYBOARD}; ime set {U2_KEYBOARD}")


def open_addition(phone: VirtualPhone) -> None:
    """The demo's page with text fields, its first one in focus."""
    run(phone, f"am start -n {DEMO}/.AdditionActivity")
    frame = phone.windows.frame()
    box = next(box for window in frame.windows for box in window.root.walk() if box.view.kind == "edit")
    x, y = box.visible.center
    run(phone, f"input tap {x} {y}")


def focused_text(phone: VirtualPhone) -> str | None:
    box = phone.windows.focused()
    return None if box is None else box.view.text


def broadcast(phone: VirtualPhone, action: str, **extras: str) -> str:
    words = " ".join(f"--es {key} {value}" for key, value in extras.items())
    return run(phone, f"am broadcast -a {action} {words}").lines[-1]


def test_the_u2_keyboard_is_listed_once_its_package_is_installed(phone: VirtualPhone):
    assert U2_KEYBOARD not in run(phone, "ime list -s -a").lines
    use_u2_keyboard(phone)

    assert U2_KEYBOARD in run(phone, "ime list -s -a").lines
    assert run(phone, "settings get secure default_input_method").out == f"{U2_KEYBOARD}\n"
    run(phone, f"ime disable {U2_KEYBOARD}")
    assert run(phone, "settings get secure default_input_method").out == "com.android.inputmethod.latin/.LatinIME\n"


def test_an_unknown_keyboard_cannot_be_set(phone: VirtualPhone):
    ran = run(phone, "ime set no.such/.Ime")

    assert (ran.status, ran.out) == (255, "")
    assert "Unknown input method" in ran.err


def test_text_of_any_script_is_typed_by_broadcast(phone: VirtualPhone):
    use_u2_keyboard(phone)
    open_addition(phone)
    text = "Grüße, 世界"
    encoded = base64.b64encode(text.encode()).decode()

    assert broadcast(phone, "ADB_KEYBOARD_INPUT_TEXT", text=encoded).startswith("Broadcast completed: result=-1")
    assert focused_text(phone) == text
    assert "result=-1" in broadcast(phone, "ADB_KEYBOARD_CLEAR_TEXT")
    assert focused_text(phone) == ""
    assert "result=-1" in broadcast(phone, "ADB_KEYBOARD_HIDE")


def test_a_keyboard_that_is_not_in_use_hears_nothing(phone: VirtualPhone):
    open_addition(phone)

    assert broadcast(phone, "ADB_KEYBOARD_INPUT_TEXT", text="YQ==") == "Broadcast completed: result=0"
    assert focused_text(phone) == ""


def test_mobiagents_keyboard_types_too(phone: VirtualPhone):
    open_addition(phone)
    run(phone, "settings put secure default_input_method com.android.adbkeyboard/.AdbIME")

    broadcast(phone, "ADB_INPUT_B64", msg=base64.b64encode("你好".encode()).decode())
    assert focused_text(phone) == "你好"
    broadcast(phone, "ADB_CLEAR_TEXT")
    assert focused_text(phone) == ""
