"""The shell's language, on a real phone: quoting, lists, pipes, variables, redirections, jobs."""

from __future__ import annotations

import asyncio
import shlex

import pytest

from device.virtual.phone import VirtualPhone
from tests.device.virtual.shell.bench import Host, run, while_running


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("echo 'a  b'   c", "a  b c\n"),
        ('echo "a  b"', "a  b\n"),
        ("echo 'it'\\''s'", "it's\n"),
        ('echo "say \\"hi\\""', 'say "hi"\n'),
        ("echo 'no $HOME'", "no $HOME\n"),
        ('echo "$HOME"', "/\n"),
        ("echo a\\ \\ b", "a  b\n"),
        ("echo a;echo b", "a\nb\n"),
        ("echo a # a comment\necho b", "a\nb\n"),
        ("echo a#b", "a#b\n"),
        ("echo ';' '&&' '|' '>' \\;", "; && | > ;\n"),
        ("X=1; echo [$X] ['$X'] [\"$X\"]", "[1] [$X] [1]\n"),
        ("X='a  b'; echo $X; echo \"$X\"", "a b\na  b\n"),
        ("X=; echo \"[$X]\" ''", "[] \n"),
        ("echo a\\\nb", "ab\n"),
        ("echo $(echo in; echo ner) `echo back`", "in ner back\n"),
        ('echo "$(echo ")")"', ")\n"),
        ("echo ${HOME}x", "/x\n"),
        ("echo 世界 'Hi-世界'", "世界 Hi-世界\n"),
        ("echo -n hello", "hello"),
        ("echo 'a\\tb'", "a\tb\n"),
        ("(cd /sdcard; pwd); pwd", "/sdcard\n/\n"),
        ("{ echo a; echo b; } | wc -l", "2\n"),
        ("printf '%s-%s\\n' a b c d", "a-b\nc-d\n"),
    ],
)
def test_words_reach_the_command_as_android_would_hand_them_over(phone: VirtualPhone, command: str, output: str):
    assert run(phone, command).out == output


@pytest.mark.parametrize(
    "text", ["foo", "?", "&", "but    123", "$(reboot)", "`id`", "a'b", '"', "\\", "*", "# no", "-x"]
)
def test_a_word_quoted_by_python_arrives_unchanged(phone: VirtualPhone, text: str):
    assert run(phone, shlex.join(["printf", "%s", text])).out == text


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("true && echo yes || echo no", "yes\n"),
        ("false && echo yes || echo no", "no\n"),
        ("false || true && echo both", "both\n"),
        ("false; echo $?", "1\n"),
        ("true | false; echo $?", "1\n"),
        ("! false; echo $?", "0\n"),
        ("nothing_there 2>/dev/null; echo X4EXIT:$?", "X4EXIT:127\n"),
        ("sh -c 'exit 7'; echo $?", "7\n"),
        ("(exit 3); echo $?", "3\n"),
        ("X=$(false); echo $?", "0\n"),
    ],
)
def test_exit_statuses_decide_what_runs(phone: VirtualPhone, command: str, output: str):
    assert run(phone, command).out == output


def test_an_unknown_command_gets_androids_message_and_status_127(phone: VirtualPhone):
    ran = run(phone, "nosuch --flag")

    assert (ran.status, ran.out) == (127, "")
    assert ran.err == "/system/bin/sh: nosuch: inaccessible or not found\n"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("echo 'open", "no closing quote"),
        ('echo "open', "no closing quote"),
        ("; echo", "syntax error: unexpected ';'"),
        ("echo |", "syntax error: unexpected end of file"),
        ("echo a )", "syntax error: unexpected ')'"),
        ("echo >", "syntax error: unexpected end of file"),
    ],
)
def test_what_cannot_be_parsed_runs_nothing(phone: VirtualPhone, command: str, message: str):
    ran = run(phone, command)

    assert (ran.status, ran.out, ran.err) == (1, "", f"/system/bin/sh: {message}\n")


def test_exit_ends_the_script_with_its_status(phone: VirtualPhone):
    ran = run(phone, "echo a; exit 5; echo b")

    assert (ran.status, ran.out) == (5, "a\n")


def test_exec_replaces_the_shell(phone: VirtualPhone):
    assert run(phone, "exec echo last; echo never").out == "last\n"


def test_output_goes_where_redirections_send_it(phone: VirtualPhone):
    ran = run(
        phone,
        "cd /sdcard; echo one > f; echo two >> f; nosuch 2>&1 | wc -l; nosuch >/dev/null 2>&1; cat < f; echo e >&2",
    )

    assert (ran.out, ran.err) == ("1\none\ntwo\n", "e\n")
    assert phone.files.read("/sdcard/f") == b"one\ntwo\n"


def test_the_order_of_redirections_counts(phone: VirtualPhone):
    ran = run(phone, "nosuch 2>&1 >/dev/null")

    assert ran.out == "/system/bin/sh: nosuch: inaccessible or not found\n"


def test_a_redirection_outside_the_writable_places_is_refused(phone: VirtualPhone):
    ran = run(phone, "echo x > /system/evil; echo x > /sdcard/../../evil; echo x > /sdcard/no/such")

    assert "can't create /system/evil: Permission denied" in ran.err
    assert "can't create /sdcard/../../evil: Permission denied" in ran.err
    assert "can't create /sdcard/no/such: No such file or directory" in ran.err


def test_variables_are_inherited_when_exported_or_given(phone: VirtualPhone):
    assert (
        run(phone, "X=1; sh -c 'echo [$X]'; export X; sh -c 'echo [$X]'; Y=2 sh -c 'echo [$Y]'").out == "[]\n[1]\n[2]\n"
    )
    assert run(phone, "X=1; export Y=2; env | grep -E '^(X|Y|Z)='; Z=3 env | grep Z=").out == "Y=2\nZ=3\n"


def test_a_script_file_gets_its_arguments(phone: VirtualPhone):
    phone.files.write("/data/local/tmp/s.sh", b'#!/system/bin/sh\necho $# "$1" $2\nexit 4\n')

    ran = run(phone, "sh /data/local/tmp/s.sh 'a b' c; echo $?")

    assert ran.out == "2 a b c\n4\n"


def test_a_script_file_runs_by_its_path_only_when_executable(phone: VirtualPhone):
    phone.files.write("/data/local/tmp/s.sh", b"echo ran\n", mode=0o644)

    refused = run(phone, "/data/local/tmp/s.sh")
    allowed = run(phone, "chmod 755 /data/local/tmp/s.sh; /data/local/tmp/s.sh")

    assert (refused.status, refused.err) == (
        126,
        "/system/bin/sh: /data/local/tmp/s.sh: can't execute: Permission denied\n",
    )
    assert allowed.out == "ran\n"


def test_a_script_that_runs_itself_ends(phone: VirtualPhone):
    phone.files.write("/data/local/tmp/s.sh", b"sh /data/local/tmp/s.sh\n")

    assert "too deeply" in run(phone, "sh /data/local/tmp/s.sh").err


def test_read_takes_one_line_of_what_the_host_sends(phone: VirtualPhone):
    assert run(phone, "read A B; echo $B-$A; cat", sends=b"x y z\nrest\n").out == "y z-x\nrest\n"


def test_patterns_match_the_phones_files_and_nothing_else(phone: VirtualPhone):
    for name in ("a.png", "b.png", "c.txt"):
        phone.files.write(f"/sdcard/{name}", b"")

    assert run(phone, "echo /sdcard/*.png").out == "/sdcard/a.png /sdcard/b.png\n"
    assert run(phone, "echo '/sdcard/*.png' /sdcard/*.none").out == "/sdcard/*.png /sdcard/*.none\n"


def test_a_pipe_stops_a_writer_nobody_reads(phone: VirtualPhone):
    for number in range(30):
        phone.log.write("TAG", f"line {number}")

    assert len(run(phone, "logcat -v raw | head -n 5").lines) == 5


def test_the_stream_stays_open_for_a_job_and_wait_waits_for_it(phone: VirtualPhone):
    assert run(phone, "{ sleep 1; echo late; } & echo now").out.split() == ["now", "late"]
    assert run(phone, "{ sleep 1; echo first; } & wait; echo second").out == "first\nsecond\n"


def test_a_job_is_a_process_that_can_be_killed(phone: VirtualPhone):
    ran = run(phone, "logcat & ps -u shell | grep -c logcat; kill $!; wait; ps -u shell | grep -c logcat")

    assert [line for line in ran.lines if line.isdigit()] == ["1", "0"]


def test_closing_the_stream_ends_what_runs(phone: VirtualPhone):
    async def use(host: Host, task: asyncio.Task[int]) -> None:
        await host.heard("started")

    while_running(phone, "logcat >/sdcard/log & echo started; read X; echo never", use)

    assert [name for user, _, name in phone.packages.processes() if user == "shell"] == ["adbd"]


def test_state_is_kept_between_the_lines_of_one_session(phone: VirtualPhone):
    from device.virtual import shell
    from device.virtual.shell.call import State

    async def main() -> str:
        state, host = State(), Host()
        await shell.run(phone, "cd /sdcard; X=kept", host, state=state)
        await shell.run(phone, "pwd; echo $X", host, state=state)
        return host.output.decode()

    assert asyncio.run(main()) == "/sdcard\nkept\n"
