"""What processes spend, read from /proc: CPU time to the microsecond, and memory."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU time that all threads of these processes have had, in user and kernel mode."""
    nanoseconds = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
                nanoseconds += int((task / "schedstat").read_text().split()[0])
    return nanoseconds / 1e9


def resident_bytes(pid: int) -> int:
    """Memory of a process; what lies in the kernel's buffers for its sockets is not in it."""
    return int(psutil.Process(pid).memory_info().rss)


def children(pid: int) -> list[int]:
    """The processes that a process has started: of a postmaster, its backends."""
    return [child.pid for child in psutil.Process(pid).children()]
