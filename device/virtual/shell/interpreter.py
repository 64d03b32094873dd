"""Runs a parsed script against the phone.

Nothing is ever handed to the host's shell: a command is an async function of `COMMANDS` or does not exist. Cancelling
the task that runs a script cancels every command and every job that still writes to the host; a job whose output goes
elsewhere lives on, as on a real phone.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import assert_never

from device.virtual.shell.call import COMMANDS, SHELL, Call, CommandFailed, CommandFunction, ShellExit, State
from device.virtual.shell.expansion import Expansion
from device.virtual.shell.parser import parse
from device.virtual.shell.phone import Phone
from device.virtual.shell.streams import BytesSource, Collector, FileSink, Nothing, Pipe, Streams
from device.virtual.shell.syntax import (
    AndOr,
    Command,
    Group,
    Pipeline,
    Redirect,
    Script,
    ShellSyntaxError,
    Simple,
    Statement,
    Word,
)

SIGPIPE_STATUS = 141
_PROGRAM_FOLDERS = ("/system/bin/", "/system/xbin/", "/bin/", "/vendor/bin/")
_SHELL_DEPTH_MAX = 32

_detached: set[asyncio.Task[int]] = set()  # jobs that outlive their stream; a task must be held to live


@dataclass(slots=True)
class Session:
    """What all shells of one stream share."""

    phone: Phone
    jobs: set[asyncio.Task[int]] = field(default_factory=set)  # those that hold the host's stream open

    async def finished(self) -> None:
        """Returns once no job holds the stream any more."""
        while self.jobs:
            await asyncio.wait(set(self.jobs))

    async def end(self) -> None:
        """Ends the jobs that are left."""
        for job in self.jobs:
            job.cancel()
        await self.finished()


class Interpreter:
    """One shell: a state, and how scripts change it. `Runner` is what commands see of it."""

    def __init__(self, session: Session, state: State | None = None, depth: int = 0) -> None:
        self.session = session
        self.state = State() if state is None else state
        self._depth = depth

    async def source(self, text: str, streams: Streams) -> int:
        try:
            script = parse(text)
        except ShellSyntaxError as error:
            await streams.stderr.write(f"{SHELL}: {error}\n".encode("utf-8", "surrogateescape"))
            self.state.status = 1
            return 1
        return await self.script(script, streams)

    async def shell(self, text: str, streams: Streams, environment: dict[str, str], arguments: list[str]) -> int:
        if self._depth >= _SHELL_DEPTH_MAX:
            raise CommandFailed(f"{SHELL}: shells call each other too deeply\n")
        state = State(dict(environment), set(environment), tuple(arguments), cwd=self.state.cwd)
        try:
            return await Interpreter(self.session, state, self._depth + 1).source(text, streams)
        except ShellExit as end:
            return end.status

    async def isolated(self, script: Script, streams: Streams) -> int:
        """Runs a script to its end or its `exit`, for a subshell."""
        try:
            return await self.script(script, streams)
        except ShellExit as end:
            return end.status

    async def script(self, script: Script, streams: Streams) -> int:
        for statement in script.statements:
            if statement.background:
                self._start_job(statement, streams)
                self.state.status = 0
            else:
                await self._and_or(statement.run, streams)
        return self.state.status

    async def command(self, argv: list[str], streams: Streams, environment: dict[str, str]) -> int:
        """Runs one command, by the name `argv[0]`."""
        function = _find(argv[0])
        if function is None:
            return await self._script_file(argv, streams, environment)
        call = Call(argv, streams, environment, self.session.phone, self.state, self)
        try:
            return await function(call)
        except CommandFailed as failure:
            await streams.stderr.write(failure.message.encode("utf-8", "surrogateescape"))
            return failure.status

    async def _script_file(self, argv: list[str], streams: Streams, environment: dict[str, str]) -> int:
        files = self.session.phone.files
        path = files.normalise(argv[0], self.state.cwd)
        info = files.stat(path) if "/" in argv[0] else None
        if info is None:
            words = f"{SHELL}: {argv[0]}: inaccessible or not found\n"
            await streams.stderr.write(words.encode("utf-8", "surrogateescape"))
            return 127
        if info.is_dir or not info.mode & 0o111:
            await streams.stderr.write(f"{SHELL}: {argv[0]}: can't execute: Permission denied\n".encode())
            return 126
        text = files.read(path).decode("utf-8", "surrogateescape")
        return await self.shell(text, streams, environment, argv[1:])

    async def _and_or(self, run: AndOr, streams: Streams) -> int:
        status = await self._pipeline(run.first, streams)
        for operator, pipeline in run.rest:
            if (status == 0) == (operator == "&&"):
                status = await self._pipeline(pipeline, streams)
        return status

    async def _pipeline(self, pipeline: Pipeline, streams: Streams) -> int:
        if len(pipeline.commands) == 1:
            status = await self._one(pipeline.commands[0], streams)
        else:
            status = await self._piped(pipeline.commands, streams)
        self.state.status = int(status == 0) if pipeline.negated else status
        return self.state.status

    async def _piped(self, commands: tuple[Command, ...], streams: Streams) -> int:
        pipes = [Pipe() for _ in commands[1:]]

        async def part(number: int, command: Command) -> int:
            own = streams if number == 0 else streams.with_stdin(pipes[number - 1])
            own = own if number == len(pipes) else own.with_sink(1, pipes[number])
            try:
                return await self._fork()._one(command, own)
            except ShellExit as end:
                return end.status
            except BrokenPipeError:
                return SIGPIPE_STATUS
            finally:
                if number > 0:
                    pipes[number - 1].abandon()
                if number < len(pipes):
                    await pipes[number].close()

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(part(number, command)) for number, command in enumerate(commands)]
        return tasks[-1].result()

    async def _one(self, command: Command, streams: Streams) -> int:
        expansion = Expansion(self.state, self.session.phone.files, lambda script: self._capture(script, streams))
        try:
            match command:
                case Simple():
                    return await self._simple(command, expansion, streams)
                case Group():
                    streams = await self._redirected(command.redirects, expansion, streams)
                    shell = self._fork() if command.subshell else self
                    return await (shell.isolated if command.subshell else shell.script)(command.body, streams)
                case _:
                    assert_never(command)
        except CommandFailed as failure:  # a redirection that cannot be done
            await streams.stderr.write(failure.message.encode("utf-8", "surrogateescape"))
            return failure.status

    async def _simple(self, command: Simple, expansion: Expansion, streams: Streams) -> int:
        argv = await expansion.fields(command.words)
        values = {name: await expansion.single(word) for name, word in command.assignments}
        streams = await self._redirected(command.redirects, expansion, streams)
        if not argv:
            self.state.variables.update(values)
            return 0
        return await self.command(argv, streams, {**self.state.environment(), **values})

    async def _redirected(self, redirects: tuple[Redirect, ...], expansion: Expansion, streams: Streams) -> Streams:
        for redirect in redirects:
            streams = self._redirect(redirect, await expansion.single(redirect.target), streams)
        return streams

    def _redirect(self, redirect: Redirect, target: str, streams: Streams) -> Streams:
        if redirect.fd > 2:
            return streams
        if redirect.operator == ">&":
            if target in ("1", "2"):
                return streams.with_sink(redirect.fd, streams.stdout if target == "1" else streams.stderr)
            if target in ("0", "-"):
                return streams
            raise CommandFailed(f"{SHELL}: {target}: bad file descriptor\n")
        if target == "/dev/null":
            nothing = Nothing()
            return streams.with_stdin(nothing) if redirect.fd == 0 else streams.with_sink(redirect.fd, nothing)
        files = self.session.phone.files
        path = files.normalise(target, self.state.cwd)
        verb = "open" if redirect.operator == "<" else "create"
        try:
            if redirect.operator == "<":
                return streams.with_stdin(BytesSource(files.read(path)))
            return streams.with_sink(redirect.fd, FileSink(files, path, append=redirect.operator == ">>"))
        except OSError as error:
            raise CommandFailed(f"{SHELL}: can't {verb} {target}: {reason(error)}\n") from error

    async def _capture(self, script: Script, streams: Streams) -> str:
        collector = Collector()
        self.state.status = await self._fork().isolated(script, streams.with_sink(1, collector))
        return collector.text()

    def _start_job(self, statement: Statement, streams: Streams) -> None:
        shell = self._fork()
        streams = replace(streams, stdin=Nothing())

        async def job() -> int:
            try:
                return await shell._and_or(statement.run, streams)
            except ShellExit as end:
                return end.status

        task = asyncio.create_task(job())
        loop = asyncio.get_running_loop()
        packages = self.session.phone.packages
        pid = packages.spawn_shell_process(statement.source, lambda: loop.call_soon_threadsafe(task.cancel))
        task.add_done_callback(lambda _: packages.kill_pid(pid))
        holders = self.session.jobs if _reaches_host(statement, streams) else _detached
        holders.add(task)
        task.add_done_callback(holders.discard)
        self.state.jobs.append(task)
        self.state.last_job = pid

    def _fork(self) -> Interpreter:
        return Interpreter(self.session, self.state.fork(), self._depth)


def reason(error: OSError) -> str:
    """Android's words for an error of the file system."""
    match error:
        case FileNotFoundError():
            return "No such file or directory"
        case PermissionError():
            return "Permission denied"
        case IsADirectoryError():
            return "Is a directory"
        case NotADirectoryError():
            return "Not a directory"
        case FileExistsError():
            return "File exists"
        case _:
            return error.strerror or "I/O error"


def _find(name: str) -> CommandFunction | None:
    for folder in _PROGRAM_FOLDERS:
        if name.startswith(folder):
            program = name.removeprefix(folder)
            return COMMANDS.find(program) if COMMANDS.is_program(program) else None
    return COMMANDS.find(name)


def _reaches_host(statement: Statement, streams: Streams) -> bool:
    """Whether a job keeps the host's stream open: unless every command of it sends both outputs elsewhere."""
    if not streams.reach_host:
        return False
    pipelines = [statement.run.first, *(pipeline for _, pipeline in statement.run.rest)]
    return not all(_elsewhere(pipeline.commands[-1].redirects) for pipeline in pipelines)


def _elsewhere(redirects: tuple[Redirect, ...]) -> bool:
    led = {redirect.fd: redirect for redirect in redirects}
    files = {fd for fd, redirect in led.items() if redirect.operator in (">", ">>")}
    joined = {fd for fd, redirect in led.items() if redirect.operator == ">&" and _names_one_of(redirect.target, files)}
    return {1, 2} <= files | joined


def _names_one_of(target: Word, fds: set[int]) -> bool:
    return target.plain is not None and target.plain.isdigit() and int(target.plain) in fds
