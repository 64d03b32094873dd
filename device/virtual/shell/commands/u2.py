"""`app_process … com.wetest.uia2.Main -p PORT`: uiautomator2's server on the phone.

It listens before anything is printed, holds the shell's stream open, and stops listening the moment it is killed or
its stream is closed: clients wait for both.
"""

from __future__ import annotations

import asyncio

from device.virtual.shell.call import COMMANDS, Call, CommandFailed
from device.virtual.shell.options import integer
from device.virtual.u2 import Server

MAIN_CLASS = "com.wetest.uia2.Main"
DEFAULT_PORT = 9008
KILLED = 137
ALREADY_REGISTERED = (
    "[server] ERROR: java.lang.IllegalStateException: UiAutomationService "
    "android.accessibilityservice.IAccessibilityServiceClient$Stub$Proxy@5a8d1c7 already registered!\n"
)


@COMMANDS.add("app_process", "app_process64")
async def app_process(call: Call) -> int:
    words = [word for word in call.arguments if not word.startswith("--")]
    main = words[1] if len(words) > 1 else ""
    jar = call.env.get("CLASSPATH", "")
    if main != MAIN_CLASS or call.phone.files.stat(call.path(jar or "/none")) is None:
        raise CommandFailed(f"Error: Could not find or load main class {main or '(none)'}\nAborted\n", 134)
    port = integer(words[words.index("-p") + 1]) if "-p" in words[:-1] else DEFAULT_PORT
    if any(name == "app_process" for _, _, name in call.phone.packages.processes()):
        await call.out(ALREADY_REGISTERED)
        return 1
    return await _serve(call, port)


async def _serve(call: Call, port: int) -> int:
    loop = asyncio.get_running_loop()
    killed = asyncio.Event()
    server = Server(call.phone, port)
    server.start()
    pid = call.phone.packages.spawn_shell_process("app_process", lambda: loop.call_soon_threadsafe(killed.set))
    try:
        await call.line("[server] INFO: [UiAutomator2Server] Starting Server")
        await call.line(f"[server] INFO: http server listening on *:{port}")
        await killed.wait()
        return KILLED
    finally:
        server.stop()
        call.phone.packages.kill_pid(pid)
