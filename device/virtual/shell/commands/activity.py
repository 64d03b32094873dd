"""Starting and stopping apps, and what is in front: `am`, `monkey`, `dumpsys activity`."""

from __future__ import annotations

from device.virtual.shell.call import COMMANDS, DUMPSYS, SERVICES, Call, CommandFailed
from device.virtual.shell.commands.broadcast import broadcast
from device.virtual.shell.intents import Intent, page_extras, read_intent, resolve
from device.virtual.shell.options import read_options
from device.virtual.shell.words import (
    JAVA_FAILED,
    component,
    full_activity,
    main_activity,
    object_id,
    short_activity,
    task_id,
)

MONKEY_ABORTED = 252


@COMMANDS.add("am")
@SERVICES.add("activity")
async def am(call: Call) -> int:
    match call.arguments:
        case ["start" | "start-activity", *rest]:
            return await _start(call, read_intent(rest))
        case ["broadcast", *rest]:
            return await broadcast(call, read_intent(rest))
        case ["force-stop" | "stop-app", *rest]:
            for package in read_options(rest, valued=("--user",)).words:
                await call.work(call.phone.windows.force_stop, package)
        case ["kill", *rest]:
            await _kill_in_background(call, read_options(rest, valued=("--user",)).words)
        case ["kill-all"]:
            await _kill_in_background(call, [package for package, _ in call.phone.windows.tasks()])
        case ["stack" | "task", "list", *_]:
            await _tasks(call)
        case ["get-current-user"]:
            await call.line("0")
        case ["startservice" | "start-service" | "start-foreground-service", *rest]:
            await call.line(f"Starting service: {read_intent(rest)}")
            await call.line("Error: Not found; no service started.")
        case ["instrument", *_]:
            raise CommandFailed("INSTRUMENTATION_FAILED: no instrumentation on this phone\n")
        case []:
            raise CommandFailed("Activity manager (activity) commands: start, broadcast, force-stop, kill, …\n", 255)
        case [word, *_]:
            raise CommandFailed(f"Unknown command: {word}\n", JAVA_FAILED)
    return 0


@COMMANDS.add("monkey")
async def monkey(call: Call) -> int:
    """Starts the launcher's activity of a package: what clients use it for. Random events are not made."""
    options = read_options(call.arguments, valued=("-p", "-c", "-s", "--throttle", "--pct-syskeys", "--pct-touch"))
    package = options.values.get("-p", "")
    activity = main_activity(call.phone, package)
    await call.out("".join(f"  bash arg: {argument}\n" for argument in call.arguments))
    if activity is None or not await call.work(call.phone.windows.start, package):
        raise CommandFailed("** No activities found to run, monkey aborted.\n", MONKEY_ABORTED)
    await call.line(f"Events injected: {options.words[0] if options.words else 1}")
    await call.line("## Network stats: elapsed time=15ms (0ms mobile, 0ms wifi, 15ms not connected)")
    return 0


@DUMPSYS.add("activity")
async def dumpsys_activity(call: Call) -> int:
    """`activities` and `top` are what adbutils asks, in this order; the last activity printed by `top` is in front."""
    part = next((word for word in call.arguments if not word.startswith("-")), "activities")
    match part:
        case "activities" | "a" | "containers":
            await call.out(await call.work(_activities, call))
        case "top":
            await call.out(await call.work(_top, call))
        case "recents" | "r":
            await call.out(await call.work(_recents, call))
        case "processes" | "p" | "lru":
            await call.line("ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)")
            for _, pid, name in call.phone.packages.processes():
                await call.line(f"  *APP* UID 10000 ProcessRecord{{{object_id(name)} {pid}:{name}/u0}}")
        case "services" | "broadcasts" | "providers" | "intents":
            await call.line(f"ACTIVITY MANAGER {part.upper()} (dumpsys activity {part})\n  (nothing)")
        case _:
            await call.line(f"Bad activity command, or no activities match: {part}")
    return 0


def record(package: str, activity: str) -> str:
    """How Android names a running activity."""
    where = component(package, activity)
    return f"ActivityRecord{{{object_id(where)} u0 {where} t{task_id(package)}}}"


async def _start(call: Call, intent: Intent) -> int:
    windows = call.phone.windows
    if "-S" in intent.options and intent.package:
        await call.work(windows.force_stop, intent.package)
    await call.line(f"Starting: {intent}")
    package, activity, extras = intent.package, intent.activity or None, page_extras(intent)
    if activity is None:
        answerer = resolve(call.phone, intent)
        if answerer is None:
            await call.err(f"Error: Activity not started, unable to resolve {intent}\n")
            return 1
        package, activity, extras = answerer.package, answerer.activity, {**extras, **answerer.extras}
    if _as_launcher(call, intent):
        activity = None  # its task comes to the front as it was left
    before = await call.work(windows.current)
    started = await call.work(windows.start, package, activity and short_activity(package, activity), **extras)
    if not started:
        await call.err(f"Error type 3\nError: Activity class {{{package}/{activity}}} does not exist.\n")
        return 1
    current = await call.work(windows.current)
    if current == before:
        await call.line("Warning: Activity not started, its current task has been brought to the front")
    if "-W" in intent.options:
        state = "HOT" if current == before else "COLD"
        where = component(current[0], current[1])
        await call.out(
            f"Status: ok\nLaunchState: {state}\nActivity: {where}\nTotalTime: 312\nWaitTime: 320\nComplete\n"
        )
    return 0


def _as_launcher(call: Call, intent: Intent) -> bool:
    """Whether the intent is the one a launcher icon sends: to the app's main activity, with nothing else in it."""
    if intent.action != "android.intent.action.MAIN" or "android.intent.category.LAUNCHER" not in intent.categories:
        return False
    main = main_activity(call.phone, intent.package)
    return main is not None and intent.activity == full_activity(intent.package, main)


async def _kill_in_background(call: Call, packages: list[str]) -> None:
    """`am kill` ends only what is not in front."""
    in_front = (await call.work(call.phone.windows.current))[0]
    for package in packages:
        if package != in_front:
            await call.work(call.phone.windows.force_stop, package)


async def _tasks(call: Call) -> None:
    for package, activity in await call.work(call.phone.windows.tasks):
        number = task_id(package)
        await call.line(f"RootTask id={number} type=standard mode=fullscreen")
        await call.line(f"  taskId={number}: {component(package, activity)} visible=true")


def _activities(call: Call) -> str:
    tasks = call.phone.windows.tasks()
    lines = ["ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)", "Display #0 (activities from top to bottom):"]
    for package, activity in tasks:
        lines.append(
            f"  * Task{{{object_id('task', package)} #{task_id(package)} type=standard A=10000:{package} U=0 "
            "visible=true mode=fullscreen translucent=false sz=1}"
        )
        lines.append(f"    * Hist  #0: {record(package, activity)}")
    package, activity, _ = call.phone.windows.current()
    if call.phone.windows.screen_on:
        lines.append(f"  mResumedActivity: {record(package, activity)}")
        lines.append(f"  topResumedActivity={record(package, activity)}")
    lines.append(f"  mFocusedApp={record(package, activity)}")
    return "\n".join(lines) + "\n"


def _top(call: Call) -> str:
    """The tasks from the bottom up, so that the one in front is the last."""
    front = call.phone.windows.current()
    shown = [(package, activity) for package, activity in call.phone.windows.tasks() if package != front[0]]
    lines = []
    for package, activity in [*reversed(shown), front[:2]]:
        pid = front[2] if package == front[0] else call.phone.packages.process(package)
        if pid is None:
            continue
        where = component(package, activity)
        lines.append(f"TASK {package} id={task_id(package)} userId=0")
        lines.append(f"  ACTIVITY {where} {object_id(where)} pid={pid}")
        lines.append(f"    Local Activity {object_id('local', where)} State:")
        lines.append(f"      mResumed={str(package == front[0]).lower()} mStopped=false mFinished=false")
    return "\n".join(lines) + "\n"


def _recents(call: Call) -> str:
    lines = ["ACTIVITY MANAGER RECENT TASKS (dumpsys activity recents)", "mRecentsUid=10100", "  Recent tasks:"]
    for number, (package, activity) in enumerate(call.phone.windows.tasks()):
        lines.append(
            f"  * Recent #{number}: Task{{{object_id('task', package)} #{task_id(package)} type=standard "
            f"A=10000:{package} U=0 visible={str(number == 0).lower()}}}"
        )
        lines.append(f"    intent={{act=android.intent.action.MAIN cmp={component(package, activity)}}}")
        lines.append(f"    realActivity={component(package, activity)}")
    return "\n".join(lines) + "\n"
