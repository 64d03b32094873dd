"""What is installed and what it may do: `pm`, `cmd package`, `dumpsys package`."""

from __future__ import annotations

from datetime import datetime

from device.virtual.packages import Package, PackageError
from device.virtual.shell.call import COMMANDS, DUMPSYS, SERVICES, Call, CommandFailed
from device.virtual.shell.commands import ime
from device.virtual.shell.intents import read_intent, resolve
from device.virtual.shell.options import integer, letters, read_options
from device.virtual.shell.words import component, full_activity, java_failure, main_activity, object_id

TARGET_SDK = 33
# Permissions a person is asked for (Android's "dangerous" ones); all others are granted at installation.
ASKED_FOR = frozenset(
    f"android.permission.{name}"
    for name in (
        "ACCESS_COARSE_LOCATION", "ACCESS_FINE_LOCATION", "BLUETOOTH_CONNECT", "BLUETOOTH_SCAN", "BODY_SENSORS",
        "CALL_PHONE", "CAMERA", "GET_ACCOUNTS", "POST_NOTIFICATIONS", "READ_CALENDAR", "READ_CALL_LOG",
        "READ_CONTACTS", "READ_EXTERNAL_STORAGE", "READ_MEDIA_AUDIO", "READ_MEDIA_IMAGES", "READ_MEDIA_VIDEO",
        "READ_PHONE_STATE", "READ_SMS", "RECEIVE_SMS", "RECORD_AUDIO", "SEND_SMS", "WRITE_CALENDAR",
        "WRITE_CONTACTS", "WRITE_EXTERNAL_STORAGE",
    )
)  # fmt: skip
_VALUED = ("--user", "-i", "-S", "--abi", "--install-location", "--pkg", "-p", "--originating-uri")


@COMMANDS.add("pm")
@SERVICES.add("package")
async def pm(call: Call) -> int:
    match call.arguments:
        case ["list", *rest]:
            return await _list(call, rest)
        case ["path", *rest]:
            return await _path(call, _name(rest))
        case ["install", *rest]:
            return await _install(call, rest)
        case ["uninstall", *rest]:
            return await _uninstall(call, _name(rest))
        case ["clear", *rest]:
            return await _clear(call, _name(rest))
        case ["grant" | "revoke" as verb, *rest]:
            return await _permission(call, verb, rest)
        case ["dump", *rest]:
            await call.out(_dump(call, _name(rest)))
        case ["resolve-activity", *rest]:
            return await _resolve(call, rest)
        case ["disable" | "enable" | "disable-user" as verb, *rest]:
            await call.line(f"Package {_name(rest)} new state: {'enabled' if verb == 'enable' else verb}")
        case ["get-install-location"]:
            await call.line("0[auto]")
        case ["has-feature", *_]:
            await call.line("true")
        case [word, *_]:
            raise CommandFailed(f"Unknown command: {word}\n", 255)
        case []:
            raise CommandFailed("Package manager (package) commands: list, path, install, uninstall, clear, …\n", 255)
    return 0


@DUMPSYS.add("package")
async def dumpsys_package(call: Call) -> int:
    options = read_options(call.arguments)
    if options.words:
        await call.out(_dump(call, options.words[-1]))
    else:
        for package in call.phone.packages.installed():
            await call.out(_dump(call, package.name))
    return 0


async def _list(call: Call, arguments: list[str]) -> int:
    """An empty filter is none: uiautomator2's app_list() sends it."""
    what, *rest = arguments or [""]
    match what:
        case "packages" | "package":
            options = read_options(rest, valued=("--user", "--uid"))
            given = letters(options)
            word = options.words[0] if options.words else ""
            for package in call.phone.packages.installed():
                if _listed(package, given) and word in package.name:
                    await call.line("package:" + _listing(package, given))
        case "users":
            await call.out("Users:\n\tUserInfo{0:Owner:c13} running\n")
        case "features":
            await call.out("feature:android.hardware.touchscreen\nfeature:android.hardware.wifi\n")
        case "permissions" | "permission-groups" | "libraries" | "instrumentation":
            await call.line(f"All {what.capitalize()}:")
        case _:
            raise CommandFailed(f"Error: unknown list type '{what}'\n", 255)
    return 0


def _listed(package: Package, given: set[str]) -> bool:
    if "d" in given:  # disabled ones: there are none
        return False
    return not ("3" in given and package.system) and not ("s" in given and not package.system)


def _listing(package: Package, given: set[str]) -> str:
    words = f"{package.apk_path}={package.name}" if "f" in given else package.name
    words += f" uid:{package.uid}" if "U" in given else ""
    return words + ("  installer=null" if "i" in given else "")


async def _path(call: Call, name: str) -> int:
    package = call.phone.packages.find(name)
    if package is None:
        return 1
    await call.line(f"package:{package.apk_path}")
    return 0


async def _install(call: Call, arguments: list[str]) -> int:
    """From a file of the phone, or with -S from standard input."""
    options = read_options(arguments, valued=_VALUED)
    if "-S" in options.values:
        data = await _take(call, integer(options.values["-S"]))
    elif options.words and options.words[-1] != "-":
        try:
            data = call.phone.files.read(call.path(options.words[-1]))
        except OSError as error:
            raise CommandFailed(
                f"Error: Unable to open file: {options.words[-1]}\n"
                "Consider using a file under /data/local/tmp/\n"
                f"Failure [INSTALL_FAILED_INVALID_URI: {options.words[-1]}]\n"
            ) from error
    else:
        raise CommandFailed("Error: must either specify a package size or an APK file\n")
    try:
        name = await call.work(call.phone.packages.install_apk, data)
    except PackageError as error:
        await call.line(f"Failure [{error}]")
        return 1
    call.phone.log.write("PackageManager", f"Package {name} installed")
    await call.line("Success")
    return 0


async def _take(call: Call, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = await call.streams.stdin.read(min(size - len(data), 65536))
        if not piece:
            raise CommandFailed("Error: failed to write; the stream ended early\n")
        data += piece
    return bytes(data)


async def _uninstall(call: Call, name: str) -> int:
    found = call.phone.packages.find(name)
    if found is not None and not found.system:
        await call.work(call.phone.windows.force_stop, name)
    if not await call.work(call.phone.packages.uninstall, name):
        await call.line("Failure [DELETE_FAILED_INTERNAL_ERROR]")
        return 1
    current = ime.current(call.phone)
    if current.partition("/")[0] == name:
        ime.disable(call.phone, current)
    await call.line("Success")
    return 0


async def _clear(call: Call, name: str) -> int:
    if call.phone.packages.find(name) is None:
        await call.line("Failed")
        return 1
    await call.work(call.phone.windows.force_stop, name)
    await call.work(call.phone.packages.clear, name)
    await call.line("Success")
    return 0


async def _permission(call: Call, verb: str, arguments: list[str]) -> int:
    words = read_options(arguments, valued=("--user",)).words
    if len(words) < 2:
        raise CommandFailed("Error: no permission specified\n", 255)
    name, permission = words[0], words[1]
    package = call.phone.packages.find(name)
    if package is None:
        raise java_failure(verb, f"java.lang.IllegalArgumentException: Unknown package: {name}")
    if permission not in package.permissions:
        raise java_failure(
            verb, f"java.lang.SecurityException: Package {name} has not requested permission {permission}"
        )
    if permission not in ASKED_FOR:
        raise java_failure(
            verb,
            f"java.lang.SecurityException: Permission {permission} requested by {name} is not a changeable "
            "permission type",
        )
    await call.work(getattr(call.phone.packages, verb), name, permission)
    return 0


async def _resolve(call: Call, arguments: list[str]) -> int:
    intent = read_intent(arguments)
    answerer = resolve(call.phone, intent)
    activity = None if answerer is None else answerer.activity or main_activity(call.phone, answerer.package)
    if answerer is None or activity is None:
        await call.line("No activity found")
        return 0
    await call.line("priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=true")
    where = component(answerer.package, full_activity(answerer.package, activity))
    await call.line(where if "--brief" in intent.options else f"  ActivityInfo:\n    name={where}")
    return 0


def _name(arguments: list[str]) -> str:
    words = read_options(arguments, valued=("--user",)).words
    if not words:
        raise CommandFailed("Error: no package specified\n", 255)
    return words[0]


def _dump(call: Call, name: str) -> str:
    package = call.phone.packages.find(name)
    if package is None:
        return f"Dexopt state:\n  Unable to find package: {name}\n"
    installed = [permission for permission in package.permissions if permission not in ASKED_FOR]
    asked = [permission for permission in package.permissions if permission in ASKED_FOR]
    flags = "SYSTEM HAS_CODE ALLOW_CLEAR_USER_DATA" if package.system else "HAS_CODE ALLOW_CLEAR_USER_DATA ALLOW_BACKUP"
    lines = [
        *_activity_table(call, package),
        "Packages:",
        f"  Package [{name}] ({object_id(name)}):",
        f"    appId={package.uid}",
        f"    pkg=Package{{{object_id('pkg', name)} {name}}}",
        f"    codePath={package.apk_path.removesuffix('/base.apk')}",
        f"    versionCode={package.version_code} minSdk=24 targetSdk={TARGET_SDK}",
        f"    versionName={package.version}",
        f"    signatures=PackageSignatures{{{object_id('signatures', name)} version:3, "
        f"signatures:[{object_id('signature', name)}], past signatures:[]}}",
        f"    flags=[ {flags} ]",
        f"    pkgFlags=[ {flags} ]",
        f"    dataDir=/data/user/0/{name}",
        f"    timeStamp={_moment(call, package.last_update)}",
        f"    firstInstallTime={_moment(call, package.first_install)}",
        f"    lastUpdateTime={_moment(call, package.last_update)}",
        "    requested permissions:",
        *(f"      {permission}" for permission in package.permissions),
        "    install permissions:",
        *(f"      {permission}: granted=true" for permission in installed),
        "    User 0: ceDataInode=1000 installed=true hidden=false suspended=false stopped=false enabled=0",
        f"      firstInstallTime={_moment(call, package.first_install)}",
        "      runtime permissions:",
        *(f"        {permission}: granted={_answer(call, name, permission)}, flags=[ ]" for permission in asked),
    ]
    return "\n".join(lines) + "\n"


def _activity_table(call: Call, package: Package) -> list[str]:
    activity = main_activity(call.phone, package.name)
    if activity is None:
        return []
    where = component(package.name, full_activity(package.name, activity))
    return [
        "Activity Resolver Table:",
        "  Non-Data Actions:",
        "      android.intent.action.MAIN:",
        f"        {object_id(where)} {where} filter {object_id('filter', where)}",
        '          Action: "android.intent.action.MAIN"',
        '          Category: "android.intent.category.LAUNCHER"',
        "",
    ]


def _moment(call: Call, moment: datetime) -> str:
    return f"{call.local_time(moment):%Y-%m-%d %H:%M:%S}"


def _answer(call: Call, name: str, permission: str) -> str:
    return str(bool(call.phone.packages.granted(name, permission))).lower()
