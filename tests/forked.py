"""Processes of Fresque that are forked from one that has imported it all: begun in moments instead of seconds of work.

A forked process is `python -m MODULE ARGUMENT…` in all but its start: it has a session, an environment, a log and connections
of its own, and may be killed, stopped and waited for. `tests/test_stack.py` and `make run` start processes the long way.
It ends with the test process, however that ends.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import ctypes
import multiprocessing
import os
import runpy
import signal
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from multiprocessing import connection
from pathlib import Path

import psutil

from dev.child import end
from dev.tether import PR_SET_PDEATHSIG

HERE = Path(__file__).parent.parent
LOOK_SECONDS = 0.02
NOWHERE = Path(os.devnull)
_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["tests.loaded"])


class Forked:
    """One such process, which runs from when this is made. Its standard output and errors go to the end of `log`."""

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str], log: Path = NOWHERE) -> None:
        given = (module, arguments, dict(environment), log)
        self._process = _forking.Process(target=_become, args=given, daemon=True)
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid
        self._log = log
        self._looking = threading.Lock()

    @property
    def returncode(self) -> int | None:
        """What it ended with (less than 0: minus the signal that killed it); None while it runs."""
        with self._looking:
            return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL to it and all its children, as a crash would; afterwards none of them runs."""
        family = self._family()
        self.send_signal(signal.SIGKILL)
        self.join()
        end(family)

    def stop(self, grace_seconds: float) -> None:
        """SIGTERM; what is left after so long is killed."""
        family = self._family()
        self.send_signal(signal.SIGTERM)
        if self.join(grace_seconds) is None:
            self.kill()
        end(family)

    def join(self, timeout_seconds: float | None = None) -> int | None:
        """Wait until it ends by itself; its return code, None when the time is over."""
        connection.wait([self._process.sentinel], timeout_seconds)
        return self.returncode

    async def wait(self) -> int:
        """Wait until it ends by itself; its return code."""
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        code = self.returncode
        assert code is not None
        return code

    def said(self) -> str:
        """All that is in its log, also by those that were there before it."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def _family(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.pid).children(recursive=True) if self.returncode is None else []
        except psutil.NoSuchProcess:
            return []


def _become(module: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """In the fork: be that program until it ends, and end as programs do: threads first, then what asked to be told."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    assert "tests.loaded" in sys.modules, "nothing was loaded before the fork"
    multiprocessing.current_process().daemon = False  # it may have children, as any program
    os.setsid()
    os.chdir(HERE)
    with log.open("ab", buffering=0) as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [module, *arguments]
    code: object = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as asked:
        code = asked.code
    except BaseException:
        traceback.print_exc()
        code = 1
    if code is not None and not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]  # as multiprocessing does, which ends pools of processes before it
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code or 0)


def run(module: str, *arguments: str, environment: Mapping[str, str], log: Path) -> None:
    """Run such a program to its end. Raises AssertionError, with what it said, when it ends badly."""
    forked = Forked(module, *arguments, environment=environment, log=log)
    assert forked.join() == 0, f"{module} ended with {forked.returncode}:\n{forked.said()[-4_000:]}"
