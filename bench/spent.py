"""What processes spend, read from /proc: CPU time to the microsecond, and memory."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU time that all threads of these processes have had, in user and kernel mode; nothing of those that are gone."""
    return sum(_by_pid(pids).values())


class Meter:
    """What processes spend from now on. One that ends meanwhile, as an idle backend may, is left out."""

    def __init__(self, pids: Iterable[int]) -> None:
        self._before = _by_pid(pids)

    @property
    def seconds(self) -> float:
        """CPU time since then."""
        return sum(now - self._before[pid] for pid, now in _by_pid(self._before).items())


def _by_pid(pids: Iterable[int]) -> dict[int, float]:
    found = {}
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            found[pid] = sum(_thread_seconds(task) for task in Path(f"/proc/{pid}/task").iterdir())
    return found


def _thread_seconds(task: Path) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
        return int((task / "schedstat").read_text().split()[0]) / 1e9
    return 0.0


def resident_bytes(pid: int) -> int:
    """Memory of a process; what lies in the kernel's buffers for its sockets is not in it."""
    return int(psutil.Process(pid).memory_info().rss)


def children(pid: int) -> list[int]:
    """The processes that a process has started: of a postmaster, its backends."""
    return [child.pid for child in psutil.Process(pid).children()]
