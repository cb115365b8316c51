"""Run a program that ends when its parent ends, as another account if told.

    python -I -S dev/tether.py SIGNAL UID GID PARENT PROGRAM ARGUMENT…

Becomes PROGRAM (exec). SIGNAL is sent to it by the kernel when the thread that started it is gone, so that `kill -9` of
the runner leaves no orphan (Linux; elsewhere the sweep at the next start must do). UID and GID of -1 stay as they are.
Run as a file of its own: it must come between fork and exec, where Python code of the parent would not be safe.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Drop to the account, tie the life to the parent's, become the program."""
    signal, uid, gid, parent = (int(word) for word in arguments[:4])
    program = arguments[4:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":  # after setuid, which clears it
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal)
        if os.getppid() != parent:  # it died before we asked to be told
            os._exit(1)
    os.execvp(program[0], program)  # noqa: S606  # becoming another program is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])
