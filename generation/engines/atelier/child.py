"""The child process that does the heavy work: `python -m generation.engines.atelier.child`.

It reads one request frame at a time from standard input and answers with frames on standard output: `ready` once, then
for each request `stage` frames, and a last one of kind `done` or `failed`. It ends when its input does.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import traceback
from typing import BinaryIO

from generation.engines.atelier.caption import alt_text, facts
from generation.engines.atelier.composition import make_scene
from generation.engines.atelier.frames import Header, packed, receive
from generation.engines.atelier.painter import Painter

NICENESS = 10
MAX_MEMORY_BYTES = 3 << 30  # of address space; a 1536² picture takes less than half of it
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends; where it cannot, the end of input does the same."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def restrain() -> None:
    """Be nice, and bounded in memory."""
    os.nice(NICENESS)
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    bound = MAX_MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MAX_MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))


def text(header: Header, key: str) -> str | None:
    """A text of the request, or None."""
    value = header.get(key)
    return value if isinstance(value, str) else None


def number(header: Header, key: str) -> int:
    """A number of the request."""
    value = header[key]
    if not isinstance(value, int):
        raise ValueError(f"{key} is no number")
    return value


def answer(painter: Painter, header: Header, out: BinaryIO) -> None:
    """Make one picture and send its stages."""
    scene = make_scene(
        text(header, "prompt") or "",
        number(header, "seed"),
        number(header, "width"),
        number(header, "height"),
        text(header, "style"),
        text(header, "background"),
    )
    for stage in painter.paint(scene, text(header, "output_format") or "png", number(header, "previews")):
        told: Header = {"kind": "done" if stage.done else "stage", "phase": stage.phase, "share": stage.share}
        if stage.done:
            told |= {"alt_text": alt_text(scene), "facts": facts(scene)}
        out.write(packed(told, stage.data))
        out.flush()


def main() -> None:
    """Serve until the input ends."""
    die_with_parent()
    # What a library prints must not end up between the frames: the pipe gets a number of its own.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    restrain()
    painter = Painter(threads=min(2, os.cpu_count() or 1))
    painter.warm()
    out.write(packed({"kind": "ready"}))
    out.flush()
    while (frame := receive(sys.stdin.buffer)) is not None:
        try:
            answer(painter, frame[0], out)
        except BrokenPipeError:
            return
        except Exception as error:
            traceback.print_exc()
            out.write(packed({"kind": "failed", "message": f"{type(error).__name__}: {error}"[:500]}))
            out.flush()


if __name__ == "__main__":
    main()
