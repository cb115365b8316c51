"""Places where a process may kill or stop itself, so that tests can show what a crash or a fault there leaves behind."""

from __future__ import annotations

import os
import signal

from settings import settings


def checkpoint(name: str) -> None:
    """End this process at once (SIGKILL: nothing is cleaned up) when `settings().checkpoint` says this name.

    `name:stop` stops it instead, until it is told to go on (SIGCONT); `*:stop` does so at every checkpoint.
    """
    told = settings().checkpoint
    if not told:
        return
    if told == name:
        os.kill(os.getpid(), signal.SIGKILL)
    elif told in (f"{name}:stop", "*:stop"):
        os.kill(os.getpid(), signal.SIGSTOP)
