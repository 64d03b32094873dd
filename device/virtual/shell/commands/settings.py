"""`settings`: Android's system, secure and global tables. The window system obeys them at its next frame."""

from __future__ import annotations

from device.virtual.shell.call import COMMANDS, SERVICES, Call, CommandFailed
from device.virtual.shell.options import read_options
from device.virtual.shell.words import JAVA_FAILED

_NAMESPACES = ("system", "secure", "global")


@COMMANDS.add("settings")
@SERVICES.add("settings")
async def settings(call: Call) -> int:
    words = read_options(call.arguments, valued=("--user",)).words
    table = call.phone.settings
    if len(words) > 1 and words[1] not in _NAMESPACES:
        raise CommandFailed(f"Invalid namespace '{words[1]}'\n", JAVA_FAILED)
    match words:
        case ["get", space, key]:
            value = table.get(space, key)
            await call.line("null" if value is None else value)
        case ["put", space, key, value, *_]:
            table.put(space, key, value)
        case ["delete" | "reset", space, key]:
            await call.line(f"Deleted {int(table.delete(space, key))} rows")
        case ["list", space]:
            await call.out("".join(f"{key}={value}\n" for key, value in sorted(table.all(space).items())))
        case _:
            raise CommandFailed("Error: Not enough arguments\n", JAVA_FAILED)
    return 0
