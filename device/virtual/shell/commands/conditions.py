"""`test` and `[`: questions about files, texts and numbers."""

from __future__ import annotations

from device.virtual.shell.call import COMMANDS, Call, CommandFailed

_NUMBERS = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}


@COMMANDS.add("test", "[")
async def test(call: Call) -> int:
    words = call.arguments
    if call.name == "[":
        if not words or words[-1] != "]":
            raise CommandFailed("/system/bin/sh: [: missing ]\n", 2)
        words = words[:-1]
    return 0 if _holds(call, words) else 1


def _holds(call: Call, words: list[str]) -> bool:
    """AND binds closer than OR; `!` negates one question."""
    for joint, combine in (("-o", any), ("-a", all)):
        if joint in words[1:-1]:
            at = words.index(joint, 1)
            return combine((_holds(call, words[:at]), _holds(call, words[at + 1 :])))
    if words[:1] == ["!"] and len(words) > 1:
        return not _holds(call, words[1:])
    return _answer(call, words)


def _answer(call: Call, words: list[str]) -> bool:
    match words:
        case []:
            answer = False
        case [word] | ["-n", word]:
            answer = word != ""
        case ["-z", word]:
            answer = word == ""
        case [("-e" | "-f" | "-d" | "-s" | "-r" | "-w" | "-x") as question, path]:
            answer = _file(call, question, path)
        case [a, "=" | "==" | "!=" as operator, b]:
            answer = (a == b) == (operator != "!=")
        case [a, operator, b] if operator in _NUMBERS:
            answer = bool(_NUMBERS[operator](_integer(a), _integer(b)))
        case _:
            raise CommandFailed(f"/system/bin/sh: test: {' '.join(words)}: unexpected operator/operand\n", 2)
    return answer


def _file(call: Call, question: str, path: str) -> bool:
    info = call.phone.files.stat(call.path(path))
    if info is None:
        return False
    match question:
        case "-f":
            return not info.is_dir
        case "-d":
            return info.is_dir
        case "-s":
            return info.size > 0
        case "-x":
            return bool(info.mode & 0o111)
        case _:
            return True


def _integer(word: str) -> int:
    try:
        return int(word)
    except ValueError:
        raise CommandFailed(f"/system/bin/sh: test: {word}: bad number\n", 2) from None
