"""Filters people pipe into: `grep`, `head`, `tail`, `wc`, `sort`, `uniq`, `cut`, `tr`, `tee`, `xargs`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from device.virtual.shell.call import COMMANDS, Call, CommandFailed
from device.virtual.shell.commands.builtins import unescape
from device.virtual.shell.interpreter import reason
from device.virtual.shell.options import letters, read_options
from device.virtual.shell.streams import BytesSource, Source, read_all


@COMMANDS.add("grep", "egrep", "fgrep")
async def grep(call: Call) -> int:
    """-i -v -c -o -q -n -F -E -w -e PATTERN -m N. Patterns are Python's, which agrees for what is common."""
    options = read_options(call.arguments, valued=("-e", "-m", "-A", "-B", "-C"))
    given = letters(options)
    words = list(options.words)
    if "-e" not in options.values and not words:
        raise CommandFailed("usage: grep [-EFciovnqw] [-e PATTERN] [FILE...]\n", 2)
    text = options.values["-e"] if "-e" in options.values else words.pop(0)
    pattern = _pattern(text, given, fixed=call.name == "fgrep", extended=call.name == "egrep")
    most = options.number("-m", 0)
    count, number = 0, 0
    async for line in _lines(call, words):
        number += 1
        found = pattern.search(line)
        if bool(found) == ("v" in given):
            continue
        count += 1
        if not given & {"c", "q"}:
            shown = [match.group() for match in pattern.finditer(line)] if "o" in given else [line]
            prefix = f"{number}:" if "n" in given else ""
            await call.out("".join(f"{prefix}{piece}\n" for piece in shown))
        if "q" in given or count == most:
            break
    if "c" in given:
        await call.line(str(count))
    return 0 if count else 1


def _pattern(text: str, given: set[str], *, fixed: bool, extended: bool) -> re.Pattern[str]:
    if fixed or "F" in given:
        text = re.escape(text)
    elif not extended and "E" not in given:
        text = _basic(text)
    if "w" in given:
        text = rf"\b(?:{text})\b"
    try:
        return re.compile(text, re.IGNORECASE if "i" in given else 0)
    except re.error as error:
        raise CommandFailed(f"grep: bad regex '{text}': {error}\n", 2) from error


def _basic(text: str) -> str:
    r"""A basic expression as an extended one: `\|` is an operator, `|` a character; the same for + ? ( ) { }."""
    return re.sub(
        r"\\?[|+?(){}]", lambda match: match.group()[1:] if len(match.group()) == 2 else "\\" + match.group(), text
    )


@COMMANDS.add("head", "tail")
async def ends(call: Call) -> int:
    """The first or last lines (-n N or -N, 10 unless told) or bytes (-c N). `tail -n +N` starts at line N."""
    arguments = ["-n" + word[1:] if re.fullmatch(r"-\d+", word) else word for word in call.arguments]
    arguments = [part for word in arguments for part in ([word[:2], word[2:]] if re.match(r"-[nc].", word) else [word])]
    options = read_options(arguments, valued=("-n", "-c"))
    if "-c" in options.values:
        data = b"".join([await read_all(source) for source in _sources(call, options.words)])
        count = options.number("-c", 0)
        await call.out(data[:count] if call.name == "head" else data[max(0, len(data) - count) :])
        return 0
    count = abs(options.number("-n", 10))
    if call.name == "head":
        left = count
        async for line in _lines(call, options.words):
            if left > 0:
                await call.line(line)
            left -= 1
            if left <= 0:
                break
        return 0
    lines = [line async for line in _lines(call, options.words)]
    start = count - 1 if options.values.get("-n", "").startswith("+") else max(0, len(lines) - count)
    await call.out("".join(f"{line}\n" for line in lines[start:]))
    return 0


@COMMANDS.add("wc")
async def wc(call: Call) -> int:
    options = read_options(call.arguments)
    given = letters(options) or {"l", "w", "c"}
    data = b"".join([await read_all(source) for source in _sources(call, options.words)])
    counts = {"l": data.count(b"\n"), "w": len(data.split()), "c": len(data), "m": len(data.decode("utf-8", "replace"))}
    shown = [str(counts[letter]) for letter in "lwcm" if letter in given]
    await call.line(" ".join([*shown, *options.words[:1]]))
    return 0


@COMMANDS.add("sort", "uniq")
async def sort(call: Call) -> int:
    options = read_options(call.arguments, valued=("-k", "-t"))
    given = letters(options)
    lines = [line async for line in _lines(call, options.words)]
    if call.name == "sort":
        key = _leading_number if "n" in given else None
        lines = sorted(lines, key=key, reverse="r" in given)
        lines = list(dict.fromkeys(lines)) if "u" in given else lines
    else:
        lines = [line for number, line in enumerate(lines) if number == 0 or line != lines[number - 1]]
    await call.out("".join(f"{line}\n" for line in lines))
    return 0


def _leading_number(line: str) -> float:
    match = re.match(r"\s*-?\d+(\.\d+)?", line)
    return float(match.group()) if match else 0.0


@COMMANDS.add("cut")
async def cut(call: Call) -> int:
    """`-d CHARACTER -f LIST`, with numbers and ranges in the list."""
    arguments = [
        part for word in call.arguments for part in ([word[:2], word[2:]] if re.match(r"-[df].", word) else [word])
    ]
    options = read_options(arguments, valued=("-d", "-f"))
    delimiter = options.values.get("-d", "\t")
    wanted = _ranges(options.values.get("-f", ""))
    async for line in _lines(call, options.words):
        parts = line.split(delimiter)
        if len(parts) > 1:
            parts = [part for number, part in enumerate(parts, 1) if any(low <= number <= high for low, high in wanted)]
        await call.line(delimiter.join(parts))
    return 0


def _ranges(text: str) -> list[tuple[int, int]]:
    found = []
    for piece in text.split(","):
        match = re.fullmatch(r"(\d*)(-?)(\d*)", piece)
        if match is None or not piece:
            raise CommandFailed(f"cut: bad -f {text}\n")
        low = int(match.group(1) or 1)
        found.append((low, int(match.group(3) or 1 << 30) if match.group(2) else low))
    return found


@COMMANDS.add("tr")
async def tr(call: Call) -> int:
    """`tr A B`, `tr -d A`, character for character; ranges such as a-z."""
    options = read_options(call.arguments)
    sets = [_characters(word) for word in options.words]
    text = (await read_all(call.streams.stdin)).decode("utf-8", "surrogateescape")
    if "d" in letters(options) and sets:
        await call.out(text.translate(dict.fromkeys(map(ord, sets[0]))))
    elif len(sets) == 2 and sets[1]:
        second = sets[1] + sets[1][-1] * max(0, len(sets[0]) - len(sets[1]))
        await call.out(text.translate(dict(zip(map(ord, sets[0]), second, strict=False))))
    else:
        raise CommandFailed("tr: Needs 2 arguments\n")
    return 0


def _characters(word: str) -> str:
    text, _ = unescape(word)
    return re.sub(
        r"(.)-(.)", lambda match: "".join(map(chr, range(ord(match.group(1)), ord(match.group(2)) + 1))), text
    )


@COMMANDS.add("tee")
async def tee(call: Call) -> int:
    options = read_options(call.arguments)
    paths = [call.path(name) for name in options.words]
    try:
        for path in paths:
            if "a" not in letters(options):
                call.phone.files.write(path, b"", parents=False)
        while piece := await call.streams.stdin.read(65536):
            await call.out(piece)
            for path in paths:
                call.phone.files.append(path, piece)
    except OSError as error:
        raise CommandFailed(f"tee: {' '.join(options.words)}: {reason(error)}\n") from error
    return 0


@COMMANDS.add("xargs")
async def xargs(call: Call) -> int:
    """Adds the words of standard input to a command; `-n N` at a time."""
    options = read_options(call.arguments, valued=("-n",), stop_at_word=True)
    words = (await read_all(call.streams.stdin)).decode("utf-8", "surrogateescape").split()
    command = options.words or ["echo"]
    step = options.number("-n", 0) or max(1, len(words))
    status = 0
    for start in range(0, max(1, len(words)), step):
        found = await call.runner.command([*command, *words[start : start + step]], call.streams, call.env)
        status = status or found
    return status


def _sources(call: Call, names: list[str]) -> list[Source]:
    try:
        return [BytesSource(call.phone.files.read(call.path(name))) for name in names] or [call.streams.stdin]
    except OSError as error:
        raise CommandFailed(f"{call.name}: {names[0]}: {reason(error)}\n", 2) from error


async def _lines(call: Call, names: list[str]) -> AsyncIterator[str]:
    """The lines of the named files, or of standard input as they come, without their ends."""
    for source in _sources(call, names):
        rest = b""
        while piece := await source.read(65536):
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield line.decode("utf-8", "surrogateescape")
        if rest:
            yield rest.decode("utf-8", "surrogateescape")
