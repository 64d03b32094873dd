"""What the phone tells about itself: display, power, settings, properties, log, content, processes, files."""

from __future__ import annotations

import asyncio
import hashlib
import io
import re

import pytest
from PIL import Image

from device.clock import ManualClock
from device.virtual.phone import PhoneConfig, VirtualPhone
from tests.device.virtual.shell.bench import Host, run, while_running


def test_the_size_is_physical_until_it_is_overridden(phone: VirtualPhone):
    assert run(phone, "wm size").out == "Physical size: 1080x2400\n"

    run(phone, "wm size 720x1280; wm density 320")

    assert run(phone, "wm size").out == "Physical size: 1080x2400\nOverride size: 720x1280\n"
    assert run(phone, "wm density").out == "Physical density: 420\nOverride density: 320\n"
    run(phone, "wm size reset; wm density reset")
    assert run(phone, "wm size; wm density").out == "Physical size: 1080x2400\nPhysical density: 420\n"


def test_the_first_line_of_the_display_report_has_the_orientation(phone: VirtualPhone):
    phone.windows.rotate(1)

    first = run(phone, "dumpsys display").lines[0]

    match = re.search(
        r".*DisplayViewport{.*?valid=true, .*?orientation=(\d+), .*?deviceWidth=(\d+), deviceHeight=(\d+)", first
    )
    assert match is not None
    assert match.groups() == ("1", "2400", "1080")


def test_settings_turn_the_screen(phone: VirtualPhone):
    run(phone, "settings put system accelerometer_rotation 0; settings put system user_rotation 3")

    assert phone.windows.frame().rotation == 3


def test_the_display_is_named(phone: VirtualPhone):
    assert re.match(r"Display (\d+) \(HWC display 0\): ", run(phone, "dumpsys SurfaceFlinger --display-id").out)


@pytest.mark.parametrize("command", ["screencap -p", "screencap -p -d 4619827259835644672"])
def test_a_picture_comes_as_png(phone: VirtualPhone, command: str):
    picture = Image.open(io.BytesIO(run(phone, command).output))

    assert (picture.format, picture.size) == ("PNG", (1080, 2400))
    assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 10


def test_a_picture_goes_into_a_file(phone: VirtualPhone):
    assert run(phone, "screencap /sdcard/x.png").output == b""
    assert phone.files.read("/sdcard/x.png").startswith(b"\x89PNG")


def test_a_secure_window_gives_a_black_picture_and_no_tree(phone: VirtualPhone):
    run(phone, "am start -n com.android.settings/.Settings; cmd vphone secure on")

    picture = Image.open(io.BytesIO(run(phone, "screencap -p").output))
    assert picture.size == (1080, 2400)
    assert picture.convert("RGB").getcolors() == [(1080 * 2400, (0, 0, 0))]


def test_the_tree_is_written_where_it_is_asked_for(phone: VirtualPhone):
    ran = run(phone, "rm -f /data/local/tmp/ui.xml; uiautomator dump /data/local/tmp/ui.xml && echo success")

    assert ran.lines == ["UI hierchary dumped to: /data/local/tmp/ui.xml", "success"]
    text = phone.files.read("/data/local/tmp/ui.xml").decode()
    assert text.startswith("<?xml")
    assert text.rstrip().endswith("</hierarchy>")


def test_properties_are_one_line_each(phone: VirtualPhone):
    assert run(phone, "getprop ro.build.version.sdk").out == "34\n"
    assert run(phone, "getprop no.such.key").out == "\n"
    assert "[ro.serialno]: [vphone0001]" in run(phone, "getprop").lines
    run(phone, "setprop debug.mine 1")
    assert run(phone, "getprop debug.mine").out == "1\n"
    assert run(phone, "setprop ro.serialno x").status == 1


def test_settings_are_read_written_and_listed(phone: VirtualPhone):
    assert run(phone, "settings get system screen_brightness").out == "128\n"
    assert run(phone, "settings get system no_such").out == "null\n"
    assert run(phone, "settings put system screen_brightness 7").out == ""
    assert "screen_brightness=7" in run(phone, "settings list system").lines
    assert run(phone, "settings get nowhere x").status == 255


def test_the_battery_can_be_set(phone: VirtualPhone):
    assert {"  level: 100", "  USB powered: true", "  temperature: 250"} <= set(run(phone, "dumpsys battery").lines)

    run(phone, "dumpsys battery set level 7; dumpsys battery unplug")

    assert {"  level: 7", "  USB powered: false"} <= set(run(phone, "dumpsys battery").lines)
    run(phone, "dumpsys battery reset")
    assert "  level: 100" in run(phone, "dumpsys battery").lines


def test_radios_are_settings(phone: VirtualPhone):
    assert re.search(r"inet addr:(\S+) ", run(phone, "ifconfig wlan0").out)
    assert re.search(r"inet (\d+.*?)/\d+", run(phone, "ip addr show dev wlan0").out)

    run(phone, "svc wifi disable; am broadcast -a android.intent.action.AIRPLANE_MODE --ez state true")

    assert run(phone, "settings get global wifi_on; settings get global airplane_mode_on").out == "0\n1\n"
    assert "inet addr" not in run(phone, "ifconfig wlan0").out


def test_the_dark_theme_follows_the_command(phone: VirtualPhone):
    assert run(phone, "cmd uimode night yes").out == "Night mode: yes\n"
    assert phone.windows.frame().dark


def test_the_shade_opens_and_closes(phone: VirtualPhone):
    run(phone, "cmd notification post -t Title tag 'some words'; cmd statusbar expand-notifications")

    assert "android.title=String (Title)" in run(phone, "dumpsys notification --noredact").out
    assert any(window.kind == "shade" for window in phone.windows.frame().windows)
    run(phone, "cmd statusbar collapse")
    assert not any(window.kind == "shade" for window in phone.windows.frame().windows)


def test_the_next_alarm_is_reported(phone: VirtualPhone):
    phone.store.table("alarms").insert(hour=7, minute=15, label="gym", enabled=1, days=[])

    assert "= 2026-03-03 07:15:00 =" in run(phone, "dumpsys alarm").out


def test_the_date_is_the_phones(clock: ManualClock):
    with VirtualPhone(PhoneConfig(time_zone="Asia/Shanghai"), clock=clock) as phone:
        assert run(phone, "date +%Y-%m-%dT%H:%M").out == "2026-03-02T17:30\n"
        assert run(phone, "date +%s").out == f"{int(clock.now().timestamp())}\n"


# --- the log ---


def test_a_logged_line_has_the_form_of_each_view(phone: VirtualPhone):
    run(phone, "logcat -c; log -p i -t TAG hello")

    assert run(phone, "logcat -d -v time").lines[1] == "03-02 09:30:00.000 I/TAG     ( 5121): hello"
    assert run(phone, "logcat -d").lines[1] == "03-02 09:30:00.000  5121  5121 I TAG     : hello"
    assert run(phone, "logcat -d -v brief TAG:W").lines == ["--------- beginning of main"]
    assert run(phone, "logcat -d -s TAG -v raw").lines[1:] == ["hello"]


def test_a_follower_sees_new_lines_and_a_silent_log_ticks(phone: VirtualPhone):
    async def use(host: Host, task: asyncio.Task[int]) -> None:
        await host.heard("beginning of main")
        phone.log.write("MINE", "while following")
        await host.heard("MINE")
        await host.heard("BatteryStatsService")  # nobody wrote it

    while_running(phone, "logcat -v time", use)


# --- content ---


def test_contacts_are_inserted_found_and_deleted(phone: VirtualPhone):
    uri = "--uri content://com.android.contacts/contacts"
    run(phone, f"content insert {uri} --bind display_name:s:Ada --bind number:s:555")

    found = run(phone, f"content query {uri} --where \"display_name='Ada'\" --projection display_name:number")
    assert found.out == "Row: 0 display_name=Ada, number=555\n"
    run(phone, f"content delete {uri} --where \"display_name LIKE 'ad%' AND number='555'\"")
    assert run(phone, f"content query {uri} --where \"display_name='Ada'\"").out == "No result found.\n"


def test_the_inbox_shows_what_was_received_only(phone: VirtualPhone):
    phone.store.table("sms").delete(lambda row: True)
    for kind in ("inbox", "sent"):
        run(phone, f"content insert --uri content://sms/{kind} --bind address:s:1 --bind body:s:{kind} --bind date:l:5")

    assert run(phone, "content query --uri content://sms/inbox --projection body:type:date").lines == [
        "Row: 0 body=inbox, type=1, date=5"
    ]
    assert len(run(phone, "content query --uri content://sms --sort '_id DESC'").lines) == 2
    run(phone, "content delete --uri content://sms")
    assert run(phone, "content query --uri content://sms").out == "No result found.\n"


def test_a_bad_condition_changes_nothing(phone: VirtualPhone):
    before = phone.store.table("sms").rows()

    ran = run(phone, "content delete --uri content://sms --where 'body = '")

    assert ran.status == 1
    assert phone.store.table("sms").rows() == before


# --- processes and files ---


def test_only_the_shells_own_processes_can_be_killed(phone: VirtualPhone):
    pid = phone.packages.spawn("com.android.settings")

    ran = run(phone, f"kill {pid}; kill 99999")

    assert ran.err == f"kill: {pid}: Operation not permitted\nkill: 99999: No such process\n"
    assert phone.packages.process("com.android.settings") == pid


def test_a_checksum_is_that_of_the_file(phone: VirtualPhone):
    phone.files.write("/data/local/tmp/u2.jar", b"jar")

    assert hashlib.md5(b"jar").hexdigest() in run(phone, "toybox md5sum /data/local/tmp/u2.jar").out
    missing = run(phone, "toybox md5sum /data/local/tmp/none")
    assert (missing.status, missing.err) == (1, "md5sum: /data/local/tmp/none: No such file or directory\n")


def test_files_are_made_listed_copied_and_removed(phone: VirtualPhone):
    run(phone, "mkdir -p /sdcard/a/b; echo one > /sdcard/a/f; cp -r /sdcard/a /sdcard/c; mv /sdcard/c/f /sdcard/c/g")

    assert run(phone, "ls /sdcard/a").out == "b\nf\n"
    assert run(phone, "find /sdcard/c -type f").out == "/sdcard/c/g\n"
    assert re.search(r"-rw-r--r-- 1 shell shell +4 2026-03-02 09:30 f", run(phone, "ls -l /sdcard/a").out)
    assert run(phone, "rm /sdcard/a").err == "rm: /sdcard/a: Is a directory\n"
    run(phone, "rm -r /sdcard/a /sdcard/c")
    assert run(phone, "ls /sdcard/a").err == "ls: /sdcard/a: No such file or directory\n"
    assert run(phone, "rm -f /sdcard/none").status == 0
    assert run(phone, "rm /sdcard/none").status == 1


def test_programs_are_found_and_others_are_not(phone: VirtualPhone):
    assert run(phone, "which screenrecord").out == "/system/bin/screenrecord\n"
    assert run(phone, "which ffmpeg").status == 1


def test_adbutils_way_to_record_leaves_a_file(phone: VirtualPhone):
    script = b'#!/system/bin/sh\nscreenrecord "$1" &\nPID=$!\nread ANY\nkill -INT $PID\nwait\n'
    phone.files.write("/sdcard/adbutils-screenrecord.sh", script)

    assert run(phone, "sh /sdcard/adbutils-screenrecord.sh /sdcard/video.mp4", sends=b"\n").status == 0
    assert b"ftyp" in phone.files.read("/sdcard/video.mp4")[:16]


# --- the u2 server ---

LAUNCH = "CLASSPATH=/data/local/tmp/u2.jar app_process / com.wetest.uia2.Main -p 9008"


@pytest.fixture
def phone_with_jar(phone: VirtualPhone) -> VirtualPhone:
    phone.files.write("/data/local/tmp/u2.jar", b"jar")
    return phone


def shell_processes(phone: VirtualPhone) -> list[str]:
    return [line.split()[-1] for line in run(phone, "ps -u shell").lines[1:]]


def test_the_u2_server_listens_while_its_stream_is_open(phone_with_jar: VirtualPhone):
    phone = phone_with_jar

    async def use(host: Host, task: asyncio.Task[int]) -> None:
        await host.heard("http server listening on *:9008")
        assert phone.ports.get(9008) is not None
        assert "app_process" in await asyncio.to_thread(shell_processes, phone)
        second = await asyncio.to_thread(run, phone, LAUNCH)
        assert (second.status, "already registered" in second.out) == (1, True)
        dump = await asyncio.to_thread(run, phone, "uiautomator dump")
        assert (dump.status, "already registered" in dump.err) == (137, True)

    while_running(phone, LAUNCH, use)

    assert phone.ports.get(9008) is None
    assert "app_process" not in shell_processes(phone)


def test_killing_the_u2_server_ends_its_stream(phone_with_jar: VirtualPhone):
    phone = phone_with_jar

    async def use(host: Host, task: asyncio.Task[int]) -> None:
        await host.heard("http server listening")
        await asyncio.to_thread(run, phone, "kill -9 $(pidof app_process)")
        assert await task == 137

    while_running(phone, LAUNCH, use)
    assert phone.ports.get(9008) is None


def test_without_its_jar_the_u2_server_does_not_start(phone: VirtualPhone):
    ran = run(phone, LAUNCH)

    assert ran.status == 134
    assert "Could not find or load main class" in ran.err
