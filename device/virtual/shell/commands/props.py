"""System properties, and the small programs that say who and what runs here."""

from __future__ import annotations

from device.virtual.shell.call import COMMANDS, Call, CommandFailed
from device.virtual.shell.phone import Phone

BUILD = "UQ1A.240205.002"
DOCUMENT = "shell.properties"


def properties(phone: Phone) -> dict[str, str]:
    """All properties: what the phone is, and what `setprop` changed."""
    config = phone.config
    name = config.model.lower().replace(" ", "_")
    language, _, region = config.locale.partition("-")
    fixed = {
        "dalvik.vm.isa.arm64.variant": "generic",
        "gsm.operator.alpha": "VPhone Mobile",
        "gsm.sim.state": "LOADED",
        "init.svc.adbd": "running",
        "init.svc.bootanim": "stopped",
        "persist.sys.locale": f"{language}-{region}" if region else language,
        "persist.sys.timezone": config.time_zone,
        "ro.boot.qemu": "0",
        "ro.build.characteristics": "default",
        "ro.build.display.id": f"{BUILD} release-keys",
        "ro.build.fingerprint": f"vphone/{name}/{name}:{config.release}/{BUILD}/1:user/release-keys",
        "ro.build.id": BUILD,
        "ro.build.tags": "release-keys",
        "ro.build.type": "user",
        "ro.build.version.codename": "REL",
        "ro.build.version.release": config.release,
        "ro.build.version.sdk": str(config.sdk),
        "ro.debuggable": "0",
        "ro.hardware": "vphone",
        "ro.product.brand": "vphone",
        "ro.product.cpu.abi": "arm64-v8a",
        "ro.product.cpu.abilist": "arm64-v8a,armeabi-v7a,armeabi",
        "ro.product.device": name,
        "ro.product.locale": "en-US",
        "ro.product.manufacturer": "vphone",
        "ro.product.model": config.model,
        "ro.product.name": name,
        "ro.secure": "1",
        "ro.serialno": config.serialno,
        "ro.sf.lcd_density": str(config.density_dpi),
        "ro.boot.serialno": config.serialno,
        "sys.boot_completed": "1",
        "sys.usb.config": "adb",
        "sys.usb.state": "adb",
    }
    changed: dict[str, str] = phone.store.document(DOCUMENT, {})
    return {**fixed, **changed}


@COMMANDS.add("getprop")
async def getprop(call: Call) -> int:
    known = properties(call.phone)
    if call.arguments:
        default = call.arguments[1] if len(call.arguments) > 1 else ""
        await call.line(known.get(call.arguments[0]) or default)
    else:
        await call.out("".join(f"[{key}]: [{value}]\n" for key, value in sorted(known.items())))
    return 0


@COMMANDS.add("setprop")
async def setprop(call: Call) -> int:
    if len(call.arguments) != 2:
        raise CommandFailed("usage: setprop NAME VALUE\n")
    key, value = call.arguments
    if key.startswith("ro."):
        raise CommandFailed(f"Failed to set property '{key}' to '{value}'.\nSee dmesg for error reason.\n")
    call.phone.store.change(DOCUMENT, {}, lambda changed: {**changed, key: value})
    return 0


@COMMANDS.add("id")
async def identity(call: Call) -> int:
    await call.line(
        "uid=2000(shell) gid=2000(shell) groups=2000(shell),1004(input),1007(log),1011(adb),1015(sdcard_rw),"
        "1028(sdcard_r),3001(net_bt_admin),3002(net_bt),3003(inet),3006(net_bw_stats),3009(readproc) "
        "context=u:r:shell:s0"
    )
    return 0


@COMMANDS.add("whoami")
async def whoami(call: Call) -> int:
    await call.line("shell")
    return 0


@COMMANDS.add("hostname")
async def hostname(call: Call) -> int:
    await call.line("localhost")
    return 0


@COMMANDS.add("uname")
async def uname(call: Call) -> int:
    release = "6.1.43-android14-11"
    whole = f"Linux localhost {release} #1 SMP PREEMPT aarch64 Toybox"
    answers = {"-a": whole, "-r": release, "-m": "aarch64", "-n": "localhost"}
    await call.line(answers.get(call.arguments[0], "Linux") if call.arguments else "Linux")
    return 0


@COMMANDS.add("env", "printenv")
async def environment(call: Call) -> int:
    """All variables, or one; `env NAME=value … COMMAND` runs a command with more of them."""
    more: dict[str, str] = {}
    words = list(call.arguments)
    while call.name == "env" and words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        more[name] = value
    inherited = {**call.env, **more}
    if call.name == "env" and words:
        return await call.runner.command(words, call.streams, inherited)
    if words:
        if words[0] not in inherited:
            return 1
        await call.line(inherited[words[0]])
        return 0
    await call.out("".join(f"{name}={value}\n" for name, value in inherited.items()))
    return 0


@COMMANDS.add("date")
async def date(call: Call) -> int:
    """The phone's time; `+FORMAT`, `-u`. The clock cannot be set from here."""
    moment = call.phone.clock.now() if "-u" in call.arguments else call.local_time()
    form = next((word[1:] for word in call.arguments if word.startswith("+")), "%a %b %e %H:%M:%S %Z %Y")
    if any(word[:1].isdigit() for word in call.arguments):
        raise CommandFailed("date: cannot set date: Operation not permitted\n")
    await call.line(moment.strftime(form.replace("%s", str(int(moment.timestamp())))))
    return 0


@COMMANDS.add("uptime")
async def uptime(call: Call) -> int:
    seconds = int(call.phone.clock.monotonic_s())
    hours, minutes = seconds // 3600, seconds // 60 % 60
    await call.line(f" {call.local_time():%H:%M:%S} up {hours}:{minutes:02},  0 users,  load average: 0.52, 0.48, 0.45")
    return 0
