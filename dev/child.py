"""One server process of the embedded stack: started, waited for, ended, and found again after its runner was killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from dev.account import Account

POLL_SECONDS = 0.02
KILL_SECONDS = 10
LOG_LIMIT_BYTES = 16 * 1024 * 1024
TETHER = Path(__file__).with_name("tether.py")


class StartFailed(RuntimeError):
    """A server ended before it was ready; the message holds the end of its log."""


class Child:
    """A process with a pid file (`run/<name>.pid`) and a log (`logs/<name>.log`) below a home folder.

    `marker` (the home folder unless told) must occur in the command: that is how a pid file of a killed run is told
    from a stranger's process. The process gets `orphan_signal` when the thread that started it ends, so start it from
    one that lives as long as the stack should.
    """

    def __init__(
        self,
        name: str,
        home: Path,
        *,
        end_signal: signal.Signals,
        orphan_signal: signal.Signals,
        grace_seconds: float,
        marker: str = "",
    ) -> None:
        self.name = name
        self.log = home / "logs" / f"{name}.log"
        self._marker = marker or str(home)
        self._pid_file = home / "run" / f"{name}.pid"
        self._end_signal = end_signal
        self._orphan_signal = orphan_signal
        self._grace_seconds = grace_seconds
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def spawn(
        self, command: Sequence[str], cwd: Path, environment: dict[str, str], account: Account | None = None
    ) -> None:
        """Start `command`; what an earlier, killed run left is ended first. Raises `RuntimeError` if it runs already."""
        if self.pid is not None:
            raise RuntimeError(f"{self.name} runs already.")
        self.sweep()
        who = account or Account()
        for folder in (self.log.parent, self._pid_file.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.old"))
        tether = [sys.executable, "-I", "-S", str(TETHER), str(int(self._orphan_signal))]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*tether, str(who.uid), str(who.gid), str(os.getpid()), *command],
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._pid_file.write_text(str(self._process.pid))

    def wait_until(self, ready: Callable[[], bool], timeout_seconds: float) -> None:
        """Return once `ready()` says so; raises `StartFailed` when the process ends or the time is over."""
        deadline = time.monotonic() + timeout_seconds
        while not ready():
            if self.pid is None:
                raise StartFailed(f"{self.name} ended while it started:\n{self.last_lines()}")
            if time.monotonic() > deadline:
                raise StartFailed(f"{self.name} was not ready in {timeout_seconds:.0f} s:\n{self.last_lines()}")
            time.sleep(POLL_SECONDS)

    def join(self, timeout_seconds: float) -> int:
        """Wait until it ends by itself and return its code; it is killed when the time is over."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started.")
        try:
            code = self._process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return -int(signal.SIGKILL)
        self._forget()
        return code

    def ask_to_end(self) -> None:
        """Send the signal on which it ends by itself; returns at once."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(self._end_signal)

    def stop(self) -> None:
        """Ask it to end, wait, kill what is left; afterwards neither it nor a child of it runs."""
        if self._process is None:
            return
        family = self._family()
        self.ask_to_end()
        try:
            self._process.wait(self._grace_seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        end(family)
        self._forget()

    def kill(self) -> None:
        """SIGKILL to it and all its children, as a crash would; afterwards none of them runs."""
        if self._process is None:
            return
        family = self._family()
        self._process.kill()
        self._process.wait()
        end(family)
        self._forget()

    def sweep(self) -> None:
        """End what a killed run left: only if the pid of the pid file is really ours by its command line."""
        try:
            leftover = psutil.Process(int(self._pid_file.read_text()))
            if self._marker in " ".join(leftover.cmdline()):
                family = [leftover, *leftover.children(recursive=True)]
                leftover.send_signal(self._end_signal)
                are_gone([leftover], self._grace_seconds)
                end(family)
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
            pass
        self._pid_file.unlink(missing_ok=True)

    def last_lines(self, count: int = 20) -> str:
        """The end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def _family(self) -> list[psutil.Process]:
        if self._process is None or self._process.poll() is not None:
            return []
        return psutil.Process(self._process.pid).children(recursive=True)

    def _forget(self) -> None:
        self._process = None
        self._pid_file.unlink(missing_ok=True)


def end(processes: list[psutil.Process]) -> None:
    """Kill processes and return when they are gone."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    are_gone(processes, KILL_SECONDS)


def are_gone(processes: list[psutil.Process], within_seconds: float) -> bool:
    """Wait until none of them runs; one that is dead and waits for a parent that we are not counts as gone."""
    deadline = time.monotonic() + within_seconds
    while any(_runs(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
