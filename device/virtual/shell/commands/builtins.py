"""What belongs to the shell itself: variables, its folder, how it ends, running other scripts and commands."""

from __future__ import annotations

import asyncio
import re

from device.virtual.shell.call import COMMANDS, SHELL, Call, CommandFailed, ShellExit
from device.virtual.shell.interpreter import reason
from device.virtual.shell.streams import read_all, read_line

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPES = {"a": "\a", "b": "\b", "e": "\033", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_ESCAPE = re.compile(r"\\(c|0[0-7]{0,3}|x[0-9A-Fa-f]{1,2}|.)", re.DOTALL)


@COMMANDS.add("true", ":")
async def true(call: Call) -> int:
    return 0


@COMMANDS.add("false")
async def false(call: Call) -> int:
    return 1


@COMMANDS.add("echo")
async def echo(call: Call) -> int:
    """mksh's echo: backslashes are resolved unless -E."""
    words = call.arguments
    newline, escapes = True, True
    while words and re.fullmatch(r"-[neE]+", words[0]):
        newline = newline and "n" not in words[0]
        escapes = "E" not in words[0]
        words = words[1:]
    text = " ".join(words)
    if escapes:
        text, ended = unescape(text)
        newline = newline and not ended
    await call.out(text + ("\n" if newline else ""))
    return 0


@COMMANDS.add("printf")
async def printf(call: Call) -> int:
    r"""`%s`, `%d`, `%%` and backslashes; the format is used again while arguments are left."""
    if not call.arguments:
        raise CommandFailed("Usage: printf FORMAT [ARGUMENT...]\n")
    form, _ = unescape(call.arguments[0])
    left = list(call.arguments[1:])
    pieces = re.split(r"(%[sd%])", form)
    while True:
        taken = len(left)
        for piece in pieces:
            if piece in ("%s", "%d"):
                value = left.pop(0) if left else ("" if piece == "%s" else "0")
                await call.out(value)
            else:
                await call.out("%" if piece == "%%" else piece)
        if not left or len(left) == taken:
            return 0


@COMMANDS.add("pwd")
async def pwd(call: Call) -> int:
    await call.line(call.state.cwd)
    return 0


@COMMANDS.add("cd", builtin=True)
async def cd(call: Call) -> int:
    target = call.arguments[0] if call.arguments else "/"
    path = call.path(target)
    info = call.phone.files.stat(path)
    if info is None or not info.is_dir:
        words = "No such file or directory" if info is None else "Not a directory"
        raise CommandFailed(f"{SHELL}: cd: {target}: {words}\n", 2)
    call.state.cwd = path
    return 0


@COMMANDS.add("export", builtin=True)
async def export(call: Call) -> int:
    for argument in call.arguments:
        name, equals, value = argument.partition("=")
        if not _NAME.fullmatch(name):
            raise CommandFailed(f"{SHELL}: export: {argument}: is not an identifier\n")
        if equals:
            call.state.variables[name] = value
        call.state.exported.add(name)
    return 0


@COMMANDS.add("unset", builtin=True)
async def unset(call: Call) -> int:
    for name in call.arguments:
        call.state.variables.pop(name, None)
        call.state.exported.discard(name)
    return 0


@COMMANDS.add("set", builtin=True)
async def set_options(call: Call) -> int:
    """Options (`set -e`) are taken and have no effect; `set -- a b` sets $1 and $2."""
    if "--" in call.arguments:
        call.state.arguments = tuple(call.arguments[call.arguments.index("--") + 1 :])
    return 0


@COMMANDS.add("shift", builtin=True)
async def shift(call: Call) -> int:
    count = _number(call, default=1)
    if count > len(call.state.arguments):
        raise CommandFailed(f"{SHELL}: shift: nothing to shift\n")
    call.state.arguments = call.state.arguments[count:]
    return 0


@COMMANDS.add("exit", "return", builtin=True)
async def leave(call: Call) -> int:
    raise ShellExit(_number(call, default=call.state.status) & 0xFF)


@COMMANDS.add("exec", builtin=True)
async def execute(call: Call) -> int:
    if not call.arguments:
        return 0
    raise ShellExit(await call.runner.command(call.arguments, call.streams, call.env))


@COMMANDS.add("eval", builtin=True)
async def evaluate(call: Call) -> int:
    return await call.runner.source(" ".join(call.arguments), call.streams)


@COMMANDS.add(".", "source", builtin=True)
async def source(call: Call) -> int:
    if not call.arguments:
        raise CommandFailed(f"{SHELL}: .: missing argument\n")
    return await call.runner.source(_script(call, call.arguments[0]), call.streams)


@COMMANDS.add("read", builtin=True)
async def read(call: Call) -> int:
    """Reads one line into the named variables; the last takes what is left. Status 1 at the end of the input."""
    names = [name for name in call.arguments if not name.startswith("-")] or ["REPLY"]
    raw = await read_line(call.streams.stdin)
    words = raw.decode("utf-8", "surrogateescape").strip()
    values = words.split(None, len(names) - 1)
    for number, name in enumerate(names):
        call.state.variables[name] = values[number] if number < len(values) else ""
    return 0 if raw.endswith(b"\n") else 1


@COMMANDS.add("wait", builtin=True)
async def wait(call: Call) -> int:
    """Waits for all jobs of this shell."""
    if call.state.jobs:
        await asyncio.wait(call.state.jobs)
        call.state.jobs.clear()
    return 0


@COMMANDS.add("command", builtin=True)
async def command(call: Call) -> int:
    """`command -v NAME` tells where a command is, `command NAME …` runs it."""
    if call.arguments[:1] != ["-v"]:
        return await call.runner.command(call.arguments, call.streams, call.env) if call.arguments else 0
    name = call.arguments[1] if len(call.arguments) > 1 else ""
    if COMMANDS.find(name) is None:
        return 1
    await call.line(f"/system/bin/{name}" if COMMANDS.is_program(name) else name)
    return 0


@COMMANDS.add("sh")
async def shell(call: Call) -> int:
    """`sh FILE args`, `sh -c TEXT [NAME args]`, or a script on standard input."""
    arguments = [argument for argument in call.arguments if argument not in ("-e", "-x", "--")]
    if not arguments:
        text = (await read_all(call.streams.stdin)).decode("utf-8", "surrogateescape")
        return await call.runner.shell(text, call.streams, call.env, [])
    if arguments[0] == "-c":
        if len(arguments) < 2:
            raise CommandFailed(f"{SHELL}: -c: argument expected\n")
        return await call.runner.shell(arguments[1], call.streams, call.env, arguments[3:])
    text = _script(call, arguments[0])
    return await call.runner.shell(text, call.streams, call.env, arguments[1:])


@COMMANDS.add("nohup", "toybox", "toolbox", "time")
async def run_other(call: Call) -> int:
    """Programs whose arguments are a command of their own."""
    if not call.arguments:
        return 0
    if call.name in ("toybox", "toolbox") and not COMMANDS.is_program(call.arguments[0]):
        raise CommandFailed(f"{call.name}: Unknown command {call.arguments[0]}\n", 127)
    return await call.runner.command(call.arguments, call.streams, call.env)


@COMMANDS.add("timeout")
async def timeout(call: Call) -> int:
    """`timeout SECONDS COMMAND …`: status 124 when it was ended. Real seconds."""
    if len(call.arguments) < 2:
        raise CommandFailed("timeout: Needs 2 arguments\n")
    limit_s = _duration_s(call.arguments[0])
    try:
        async with asyncio.timeout(limit_s):
            return await call.runner.command(call.arguments[1:], call.streams, call.env)
    except TimeoutError:
        return 124


@COMMANDS.add("sleep")
async def sleep(call: Call) -> int:
    if not call.arguments:
        raise CommandFailed("sleep: Needs 1 argument\n")
    await call.pause(sum(_duration_s(word) for word in call.arguments))  # toybox adds them up
    return 0


def unescape(text: str) -> tuple[str, bool]:
    r"""The text with its backslashes resolved, and whether a `\c` ended it."""
    ended = False

    def one(match: re.Match[str]) -> str:
        what = match.group(1)
        if what[0] == "0":
            return chr(int(what, 8) & 0xFF)
        if what[0] == "x" and len(what) > 1:
            return chr(int(what[1:], 16))
        return _ESCAPES.get(what, "\\" + what)

    stop = re.search(r"(?<!\\)(?:\\\\)*\\c", text)
    if stop:
        text, ended = text[: stop.end() - 2], True
    return _ESCAPE.sub(one, text), ended


def _script(call: Call, name: str) -> str:
    try:
        return call.phone.files.read(call.path(name)).decode("utf-8", "surrogateescape")
    except OSError as error:
        raise CommandFailed(f"{SHELL}: can't open {name}: {reason(error)}\n", 127) from error


def _number(call: Call, default: int) -> int:
    if not call.arguments:
        return default
    if not call.arguments[0].isdigit():
        raise CommandFailed(f"{SHELL}: {call.name}: {call.arguments[0]}: bad number\n")
    return int(call.arguments[0])


def _duration_s(word: str) -> float:
    """`2`, `0.5`, `3m`, `1h`."""
    match = re.fullmatch(r"(\d+\.?\d*|\.\d+)([smhd]?)", word)
    if match is None:
        raise CommandFailed(f"Unknown suffix '{word}'\n")
    return float(match.group(1)) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[match.group(2)]
