"""Files: `ls`, `cat`, `rm`, `mkdir`, `touch`, `chmod`, `cp`, `mv`, `stat`, `find`, checksums, `df`, `which`."""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import posixpath
import stat
from collections.abc import Callable

from device.virtual.files import FileStat
from device.virtual.shell.call import COMMANDS, Call, CommandFailed
from device.virtual.shell.interpreter import reason
from device.virtual.shell.options import letters, read_options
from device.virtual.shell.streams import read_all


@COMMANDS.add("ls")
async def ls(call: Call) -> int:
    options = read_options(call.arguments)
    given = letters(options)
    targets = options.words or ["."]
    status = 0
    for target in sorted(targets):
        info = call.phone.files.stat(call.path(target))
        if info is None:
            await call.err(f"ls: {target}: No such file or directory\n")
            status = 1
            continue
        if not info.is_dir or "d" in given:
            await _list(call, [(target, info)], given)
            continue
        if len(targets) > 1:
            await call.line(f"{target}:")
        entries = call.phone.files.list(call.path(target))
        if "a" in given:
            entries = [(".", info), ("..", info), *entries]
        elif "A" not in given:
            entries = [entry for entry in entries if not entry[0].startswith(".")]
        if "l" in given:
            await call.line(f"total {sum(-(-entry.size // 4096) * 8 for _, entry in entries)}")
        await _list(call, entries, given)
    return status


async def _list(call: Call, entries: list[tuple[str, FileStat]], given: set[str]) -> None:
    if "t" in given:
        entries = sorted(entries, key=lambda entry: -entry[1].mtime)
    if "r" in given:
        entries = entries[::-1]
    for name, info in entries:
        if "l" not in given:
            await call.line(name)
            continue
        links = 2 if info.is_dir else 1
        when = f"{call.local_time(info.modified):%Y-%m-%d %H:%M}"
        await call.line(f"{stat.filemode(info.mode)} {links} shell shell {info.size:6} {when} {name}")


@COMMANDS.add("cat")
async def cat(call: Call) -> int:
    status = 0
    for name in read_options(call.arguments).words or ["-"]:
        if name == "-":
            while piece := await call.streams.stdin.read(65536):
                await call.out(piece)
            continue
        try:
            await call.out(call.phone.files.read(call.path(name)))
        except OSError as error:
            await call.err(f"cat: {name}: {reason(error)}\n")
            status = 1
    return status


@COMMANDS.add("rm")
async def rm(call: Call) -> int:
    options = read_options(call.arguments)
    given = letters(options)

    def remove(name: str) -> None:
        path = call.path(name)
        info = call.phone.files.stat(path)
        if info is None and "f" in given:
            return
        if info is not None and info.is_dir and not given & {"r", "R"}:
            raise IsADirectoryError(name)
        call.phone.files.remove(path, recursive=True)

    if not options.words and "f" not in given:
        raise CommandFailed("rm: Needs 1 argument\n")
    return await _each(call, options.words, remove)


@COMMANDS.add("rmdir")
async def rmdir(call: Call) -> int:
    return await _each(call, call.arguments, lambda name: call.phone.files.remove(call.path(name)))


@COMMANDS.add("mkdir")
async def mkdir(call: Call) -> int:
    options = read_options(call.arguments, valued=("-m",))
    parents = "p" in letters(options)
    return await _each(call, options.words, lambda name: call.phone.files.mkdir(call.path(name), parents=parents))


@COMMANDS.add("touch")
async def touch(call: Call) -> int:
    words = read_options(call.arguments, valued=("-t", "-d", "-r")).words
    return await _each(call, words, lambda name: call.phone.files.touch(call.path(name)))


@COMMANDS.add("chmod")
async def chmod(call: Call) -> int:
    """Octal modes, and `+x` in any of its spellings."""
    words = read_options([word for word in call.arguments if word not in ("-R", "-f")]).words
    if len(words) < 2:
        raise CommandFailed("chmod: Needs 2 arguments\n")

    def change(name: str) -> None:
        path = call.path(name)
        info = call.phone.files.stat(path)
        if info is None:
            raise FileNotFoundError(name)
        call.phone.files.chmod(path, _mode(words[0], info.mode))

    return await _each(call, words[1:], change)


def _mode(word: str, before: int) -> int:
    if word and all(digit in "01234567" for digit in word):
        return int(word, 8)
    if "+" in word and word.rpartition("+")[2] == "x":
        return before | 0o111
    if "-" in word and word.rpartition("-")[2] == "x":
        return before & ~0o111
    return before


@COMMANDS.add("cp")
async def cp(call: Call) -> int:
    options = read_options(call.arguments)
    recursive = bool(letters(options) & {"r", "R", "a"})
    sources, target = _sources_and_target(call, options.words)

    def copy(name: str) -> None:
        _copy(call, call.path(name), _into(call, name, target), recursive=recursive)

    return await _each(call, sources, copy)


def _copy(call: Call, source: str, target: str, *, recursive: bool) -> None:
    files = call.phone.files
    info = files.stat(source)
    if info is None:
        raise FileNotFoundError(source)
    if not info.is_dir:
        files.write(target, files.read(source), mode=info.mode, parents=False)
        return
    if not recursive or target == source or target.startswith(source + "/"):
        raise IsADirectoryError(source)
    files.mkdir(target)
    for name, _ in files.list(source):
        _copy(call, f"{source}/{name}", f"{target}/{name}", recursive=True)


@COMMANDS.add("mv")
async def mv(call: Call) -> int:
    sources, target = _sources_and_target(call, read_options(call.arguments).words)
    return await _each(call, sources, lambda name: call.phone.files.move(call.path(name), _into(call, name, target)))


def _sources_and_target(call: Call, words: list[str]) -> tuple[list[str], str]:
    if len(words) < 2:
        raise CommandFailed(f"{call.name}: Needs 2 arguments\n")
    return words[:-1], words[-1]


def _into(call: Call, source: str, target: str) -> str:
    """Where a source ends up: below the target if that is a folder."""
    path = call.path(target)
    info = call.phone.files.stat(path)
    return posixpath.join(path, posixpath.basename(call.path(source))) if info and info.is_dir else path


@COMMANDS.add("stat")
async def show_stat(call: Call) -> int:
    options = read_options(call.arguments, valued=("-c",))
    status = 0
    for name in options.words:
        info = call.phone.files.stat(call.path(name))
        if info is None:
            await call.err(f"stat: '{name}': No such file or directory\n")
            status = 1
            continue
        form = options.values.get("-c", "  File: %n\n  Size: %s\nAccess: (%a)\nModify: %y")
        values = {"%n": name, "%s": str(info.size), "%a": f"{stat.S_IMODE(info.mode):o}", "%Y": str(info.mtime)}
        values["%y"] = f"{call.local_time(info.modified):%Y-%m-%d %H:%M:%S %z}"
        for key, value in values.items():
            form = form.replace(key, value)
        await call.line(form)
    return status


@COMMANDS.add("find")
async def find(call: Call) -> int:
    """`find PATH… [-name PATTERN] [-type f|d] [-maxdepth N]`."""
    options = read_options(call.arguments, valued=("-name", "-iname", "-type", "-maxdepth"))
    deepest = options.number("-maxdepth", 64)
    status = 0

    async def visit(shown: str, depth: int) -> None:
        info = call.phone.files.stat(call.path(shown))
        if info is None:
            return
        if _found(shown, info, options.values):
            await call.line(shown)
        if info.is_dir and depth < deepest:
            for name, _ in call.phone.files.list(call.path(shown)):
                await visit(posixpath.join(shown, name), depth + 1)

    for start in options.words or ["."]:
        if call.phone.files.stat(call.path(start)) is None:
            await call.err(f"find: {start}: No such file or directory\n")
            status = 1
        await visit(start, 0)
    return status


def _found(shown: str, info: FileStat, wanted: dict[str, str]) -> bool:
    name = posixpath.basename(shown.rstrip("/")) or "/"
    if wanted.get("-type", "d" if info.is_dir else "f") != ("d" if info.is_dir else "f"):
        return False
    if "-iname" in wanted and not fnmatch.fnmatchcase(name.lower(), wanted["-iname"].lower()):
        return False
    return fnmatch.fnmatchcase(name, wanted.get("-name", "*"))


@COMMANDS.add("md5sum", "sha1sum", "sha256sum")
async def checksum(call: Call) -> int:
    algorithm = call.name.removesuffix("sum")
    status = 0
    for name in read_options(call.arguments).words or ["-"]:
        try:
            data = await read_all(call.streams.stdin) if name == "-" else call.phone.files.read(call.path(name))
        except OSError as error:
            await call.err(f"{call.name}: {name}: {reason(error)}\n")
            status = 1
            continue
        await call.line(f"{hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()}  {name}")
    return status


@COMMANDS.add("base64")
async def encode_base64(call: Call) -> int:
    """Encodes, or with -d decodes, a file or standard input."""
    options = read_options(call.arguments, valued=("-w",))
    try:
        data = (
            call.phone.files.read(call.path(options.words[0])) if options.words else await read_all(call.streams.stdin)
        )
        await call.out(base64.b64decode(data) if "d" in letters(options) else _wrapped(data, options.number("-w", 76)))
    except OSError as error:
        raise CommandFailed(f"base64: {options.words[0]}: {reason(error)}\n") from error
    except ValueError as error:
        raise CommandFailed("base64: bad input\n") from error
    return 0


def _wrapped(data: bytes, width: int) -> bytes:
    text = base64.b64encode(data)
    if width <= 0:
        return text
    return b"".join(text[start : start + width] + b"\n" for start in range(0, len(text), width))


@COMMANDS.add("which")
async def which(call: Call) -> int:
    status = 0
    for name in read_options(call.arguments).words:
        if COMMANDS.is_program(name):
            await call.line(f"/system/bin/{name}")
        else:
            status = 1
    return status


@COMMANDS.add("basename", "dirname")
async def name_part(call: Call) -> int:
    if not call.arguments:
        raise CommandFailed(f"{call.name}: Needs 1 argument\n")
    path = call.arguments[0].rstrip("/") or "/"
    part = posixpath.basename(path) or "/" if call.name == "basename" else posixpath.dirname(path) or "."
    await call.line(part.removesuffix(call.arguments[1]) if len(call.arguments) > 1 else part)
    return 0


@COMMANDS.add("df")
async def df(call: Call) -> int:
    await call.out(
        "Filesystem     1K-blocks     Used Available Use% Mounted on\n"
        "/dev/fuse       52428800 11010048  41418752  21% /storage/emulated\n"
    )
    return 0


async def _each(call: Call, names: list[str], action: Callable[[str], None]) -> int:
    """Does something to each file; says which could not be done and goes on. Status 1 if there were any."""
    status = 0
    for name in names:
        try:
            await call.work(action, name)
        except OSError as error:
            await call.err(f"{call.name}: {name}: {reason(error)}\n")
            status = 1
    return status
