"""The child process that reads what a stranger's file says of itself (Content Credentials, XMP). Its parent gives no secret.

Run as a program by `provenance/examining.py`: it reads the roots to believe, the file's type and the file from its standard
input (8 bytes of length, then the bytes, each) and writes one line of JSON: the fields of `provenance.reading.Found`. No pixel
is decoded here. It has no environment and is held by limits of the kernel.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # `-I` leaves out where this file lies

from provenance.reading import Examiner

MEMORY_BYTES = 1 << 30  # of address space, of which the library's code takes a part
CPU_SECONDS = 10
NICE = 5
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


def confine() -> None:
    """Go with the parent, gain no rights, use no more than the limits, be nice."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(NICE)


def received() -> bytes:
    """The next length-prefixed bytes."""
    return sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(8), "big"))


def main() -> None:
    """Answer once."""
    confine()
    anchors, mime_type, picture = (received() for _ in range(3))
    found = asdict(Examiner(anchors.decode()).read(picture, mime_type.decode()))
    sys.stdout.write(json.dumps({**found, "standing": found["standing"].value}) + "\n")


if __name__ == "__main__":
    main()
