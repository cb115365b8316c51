"""Runs the processes of a Procfile: prefixes what they say, starts again what dies, ends all of it.

Parsing and printing are honcho's. Its `Manager` is not used: it ends everything when one process ends
(`docs/decisions/0001-own-supervisor.md`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import psutil
from honcho.colour import get_colours
from honcho.environ import parse_procfile
from honcho.printer import Message, Printer

from dev.child import TETHER, end

MARK = "FRESQUE_RUNNER"  # in the environment of everything we start, so that a later run finds what an earlier one left
SYSTEM = "system"
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0
STEADY_SECONDS = 30.0  # a process that lived this long is started again at once, as if for the first time
GRACE_SECONDS = 10.0
LAST_WORDS_SECONDS = 1.0
LINE_LIMIT_BYTES = 1024 * 1024


def read_procfile(path: Path) -> dict[str, str]:
    """Name → command, in the order of the file."""
    return dict(parse_procfile(path.read_text()).processes)


class Supervisor:
    """Processes by name, each in a process group of its own. All of them end with the thread that runs the loop."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        mark: str,
        *,
        printer: Printer | None = None,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self._folder = folder
        self._environment = {**environment, MARK: mark, "PYTHONUNBUFFERED": "1"}
        self._printer = printer or Printer(sys.stdout)
        self._printer.width = len(SYSTEM)
        self._colours = get_colours()
        self._grace_seconds = grace_seconds
        self._ending = asyncio.Event()

    def say(self, text: str) -> None:
        """Print a line of our own."""
        self._print(SYSTEM, text, None)

    def end(self) -> None:
        """Ask everything to end; `keep` and `once` return when it has."""
        self._ending.set()

    @property
    def ending(self) -> bool:
        """Whether `end` was called."""
        return self._ending.is_set()

    async def once(self, name: str, command: str) -> int:
        """Run a command to its end; returns its exit code (negative: the signal that ended it)."""
        return await self._run(name, command, next(self._colours))

    async def keep(self, commands: Mapping[str, str]) -> None:
        """Run commands until `end`; one that ends by itself is started again, after a pause that doubles."""
        async with asyncio.TaskGroup() as group:
            for name, command in commands.items():
                group.create_task(self._keep(name, command))

    async def _keep(self, name: str, command: str) -> None:
        colour = next(self._colours)
        pause = FIRST_PAUSE_SECONDS
        while not self.ending:
            began = time.monotonic()
            code = await self._run(name, command, colour)
            if self.ending:
                return
            pause = FIRST_PAUSE_SECONDS if time.monotonic() - began > STEADY_SECONDS else pause
            self.say(f"{name} ended by itself ({_cause(code)}); it starts again in {pause:.1f} s.")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _run(self, name: str, command: str, colour: str) -> int:
        self._printer.width = max(self._printer.width, len(name))
        tether = [sys.executable, "-I", "-S", str(TETHER), str(int(signal.SIGTERM)), "-1", "-1", str(os.getpid())]
        # A pipe of our own, which can be closed while a child that left the group still holds its other end.
        inlet, outlet = os.pipe()
        with os.fdopen(outlet, "wb", buffering=0) as output:
            process = await asyncio.create_subprocess_exec(
                *tether,
                *("sh", "-c", f"exec {command}"),  # exec: the process itself is tied to us, not a shell before it
                cwd=self._folder,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        stream = asyncio.StreamReader(limit=LINE_LIMIT_BYTES)
        pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(inlet, "rb", buffering=0)
        )
        reader = asyncio.create_task(self._relay(name, stream, colour))
        exited = asyncio.create_task(process.wait())
        ending = asyncio.create_task(self._ending.wait())
        try:
            await asyncio.wait((exited, ending), return_when=asyncio.FIRST_COMPLETED)
            if not exited.done():
                _signal_group(process.pid, signal.SIGTERM)
                await asyncio.wait((exited,), timeout=self._grace_seconds)
                if not exited.done():
                    self.say(f"{name} did not end in {self._grace_seconds:.0f} s and is killed.")
            _signal_group(process.pid, signal.SIGKILL)  # its children too, whether or not it minded them
            code = await exited
            await asyncio.wait((reader,), timeout=LAST_WORDS_SECONDS)
        finally:
            _signal_group(process.pid, signal.SIGKILL)
            ending.cancel()
            reader.cancel()
            pipe.close()
        return code

    async def _relay(self, name: str, stream: asyncio.StreamReader, colour: str) -> None:
        while True:
            try:
                line = await stream.readline()
            except ValueError:  # a line beyond the limit was thrown away
                line = b"(a line too long to show)\n"
            if not line:
                return
            self._print(name, line, colour)

    def _print(self, name: str, text: str | bytes, colour: str | None) -> None:
        # Whoever read our output may be gone (`make run | head`); what we run must still be ended in order.
        with contextlib.suppress(BrokenPipeError):
            self._printer.write(Message("line", text, datetime.now(), name, colour))


def sweep(mark: str) -> int:
    """Kill every process that an earlier, killed runner of this mark left; returns how many there were.

    Call it under the home folder's lock: nobody else's processes may carry the mark then.
    """
    ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    left: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            if process.pid not in ours and process.environ().get(MARK) == mark:
                left.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    end(left)
    return len(left)


def _signal_group(pid: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, what)


def _cause(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
