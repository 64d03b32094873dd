"""Processes: `ps`, `pidof`, `kill`. Clients find out by `ps` whether an app runs, so its columns are exact."""

from __future__ import annotations

from device.virtual.shell.call import COMMANDS, Call, CommandFailed

SHELL_PPID = 498
_HEAD = "USER            PID   PPID     VSZ    RSS WCHAN            ADDR S NAME                       "
_COLUMNS = {"USER": 0, "PID": 1, "NAME": 2, "CMD": 2, "ARGS": 2, "COMM": 2}


@COMMANDS.add("ps")
async def ps(call: Call) -> int:
    """`-A`, `-e`, `-ef`: all; `-u USER`, `-p PID`; `-o COLUMNS`; alone: the shell's own."""
    rows = call.phone.packages.processes()
    own = (("shell", call.phone.packages.processes()[-1][1] + 5, "ps"),)
    rows = [*rows, *own]
    words = list(call.arguments)
    columns: list[str] | None = None
    user: str | None = "shell"
    while words:
        word = words.pop(0)
        if word in ("-u", "-U") and words:
            user = words.pop(0)
            rows = [row for row in rows if row[0] == {"2000": "shell", "0": "root", "1000": "system"}.get(user, user)]
            user = None
        elif word == "-p" and words:
            pids = set(words.pop(0).split(","))
            rows = [row for row in rows if str(row[1]) in pids]
            user = None
        elif word == "-o" and words:
            columns = [column.strip().upper() for column in words.pop(0).split(",")]
        elif word.startswith("-") and set(word[1:]) <= set("AefTZlw"):
            user = None if set(word) & set("Ae") else user
        else:
            raise CommandFailed(f"ps: bad -o {word}\n" if word == "-o" else f"ps: Unknown option '{word}'\n")
    if user is not None:
        rows = [row for row in rows if row[0] == user]
    await call.out(_table(rows) if columns is None else _chosen(rows, columns))
    return 0 if rows else 1


@COMMANDS.add("pidof")
async def pidof(call: Call) -> int:
    found = [str(pid) for _, pid, name in call.phone.packages.processes() if name in call.arguments]
    if not found:
        return 1
    await call.line(" ".join(found))
    return 0


@COMMANDS.add("kill")
async def kill(call: Call) -> int:
    """Ends processes of the shell's own user; signals other than 0 all end them."""
    words = list(call.arguments)
    signal = ""
    if words[:1] == ["-s"]:
        signal, words = words[1] if len(words) > 1 else "", words[2:]
    elif words[:1] and words[0].startswith("-"):
        signal, words = words[0][1:], words[1:]
    if not words:
        raise CommandFailed("kill: Needs 1 argument\n")
    status = 0
    users = {pid: user for user, pid, _ in call.phone.packages.processes()}
    for word in words:
        if not word.isdigit():
            await call.err(f"kill: unknown pid '{word}'\n")
            status = 1
        elif int(word) not in users:
            await call.err(f"kill: {word}: No such process\n")
            status = 1
        elif users[int(word)] != "shell" or not (signal == "0" or call.phone.packages.kill_pid(int(word))):
            await call.err(f"kill: {word}: Operation not permitted\n")
            status = 1
    return status


@COMMANDS.add("pkill", "killall")
async def kill_by_name(call: Call) -> int:
    names = {word for word in call.arguments if not word.startswith("-")}
    mine = [pid for user, pid, name in call.phone.packages.processes() if user == "shell" and name in names]
    killed = [pid for pid in mine if call.phone.packages.kill_pid(pid)]
    return 0 if killed else 1


def _table(rows: list[tuple[str, int, str]]) -> str:
    lines = [_HEAD.rstrip()]
    for user, pid, name in rows:
        parent = 1 if user == "root" or pid < 500 else SHELL_PPID if user == "shell" else 455
        state = "R" if name == "ps" else "S"
        lines.append(f"{user:<12} {pid:6} {parent:6} 14623412 118204 {'do_epoll_wait':<14} {0:>6} {state} {name}")
    return "\n".join(lines) + "\n"


def _chosen(rows: list[tuple[str, int, str]], columns: list[str]) -> str:
    unknown = [column for column in columns if column not in _COLUMNS]
    if unknown:
        raise CommandFailed(f"ps: bad -o {unknown[0]}\n")
    lines = [columns, *([str(row[_COLUMNS[column]]) for column in columns] for row in rows)]
    return "".join(" ".join(f"{word:<12}" for word in line).rstrip() + "\n" for line in lines)
