"""`cmd SERVICE …` and `dumpsys SERVICE …`: finding the service."""

from __future__ import annotations

from device.virtual.shell.call import COMMANDS, DUMPSYS, SERVICES, Call, CommandFailed


@COMMANDS.add("cmd")
async def cmd(call: Call) -> int:
    words = call.arguments[1:] if call.arguments[:1] == ["-w"] else call.arguments
    if words[:1] == ["-l"]:
        await call.out("Currently running services:\n" + "".join(f"  {name}\n" for name in SERVICES.names()))
        return 0
    if not words:
        raise CommandFailed(
            "cmd: No service specified; use -l to list all running services. Use -w to start and wait.\n", 20
        )
    service = SERVICES.find(words[0])
    if service is None:
        raise CommandFailed(f"cmd: Can't find service: {words[0]}\n", 20)
    return await service(call.with_argv(words))


@COMMANDS.add("dumpsys")
async def dumpsys(call: Call) -> int:
    words = list(call.arguments)
    while words[:1] and words[0] in ("-t", "-T"):
        words = words[2:]
    if words[:1] == ["-l"]:
        await call.out("Currently running services:\n" + "".join(f"  {name}\n" for name in DUMPSYS.names()))
        return 0
    if words:
        service = DUMPSYS.find(words[0])
        if service is None:
            await call.err(f"Can't find service: {words[0]}\n")
            return 0  # as the real one
        return await service(call.with_argv(words))
    for name in DUMPSYS.names():
        await call.out(f"{'-' * 79}\nDUMP OF SERVICE {name}:\n")
        if (service := DUMPSYS.find(name)) is not None:
            await service(call.with_argv([name]))
    return 0
