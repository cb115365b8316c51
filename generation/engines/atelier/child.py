"""The child process that does the heavy work: `python -m generation.engines.atelier.child`.

It reads one request frame at a time from standard input (and after it a frame for each picture it names) and answers with frames on standard output: `ready` once, then
for each request `stage` frames, and a last one of kind `done` or `failed`. It ends when its input does.
"""

from __future__ import annotations

import os
import resource
import sys
import traceback
from collections.abc import Mapping
from typing import BinaryIO

from generation.engines.atelier.frames import Header, packed, receive
from generation.engines.atelier.studio import BadPicture, Order, Studio, decoded
from generation.engines.tether import die_with_parent

NICENESS = 10
MAX_MEMORY_BYTES = 3 << 30  # of address space; a 1536² picture takes less than half of it


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


def order_of(header: Header, pictures: Mapping[str, bytes]) -> Order:
    """A request as the studio takes it."""
    strength, facts = header.get("strength"), header.get("facts")
    return Order(
        kind=text(header, "kind") or "GENERATE",
        prompt=text(header, "prompt") or "",
        seed=number(header, "seed"),
        width=number(header, "width"),
        height=number(header, "height"),
        output_format=text(header, "output_format") or "png",
        previews=number(header, "previews"),
        style=text(header, "style"),
        background=text(header, "background"),
        strength=float(strength) if isinstance(strength, (int, float)) else None,
        scale=number(header, "scale"),
        facts=facts if isinstance(facts, dict) else {},
        pictures={name: decoded(data) for name, data in pictures.items()},
    )


def answer(studio: Studio, header: Header, pictures: Mapping[str, bytes], out: BinaryIO) -> None:
    """Make one picture and send its stages."""
    for made in studio.work(order_of(header, pictures)):
        stage = made.stage
        told: Header = {"kind": "done" if stage.done else "stage", "phase": stage.phase, "share": stage.share}
        if stage.done:
            told |= {"alt_text": made.alt_text, "facts": dict(made.facts)}
        out.write(packed(told, stage.data))
        out.flush()


def main() -> None:
    """Serve until the input ends."""
    die_with_parent()
    # What a library prints must not end up between the frames: the pipe gets a number of its own.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    restrain()
    studio = Studio(threads=min(2, os.cpu_count() or 1))
    studio.warm()
    out.write(packed({"kind": "ready"}))
    out.flush()
    while (frame := receive(sys.stdin.buffer)) is not None:
        pictures: dict[str, bytes] = {}
        names = frame[0].get("pictures")
        for name in names if isinstance(names, list) else []:
            picture = receive(sys.stdin.buffer)
            if picture is None:
                return
            pictures[name] = picture[1]
        try:
            answer(studio, frame[0], pictures, out)
        except BrokenPipeError:
            return
        except BadPicture as error:
            out.write(packed({"kind": "refused", "message": str(error)}))
            out.flush()
        except Exception as error:
            traceback.print_exc()
            out.write(packed({"kind": "failed", "message": f"{type(error).__name__}: {error}"[:500]}))
            out.flush()


if __name__ == "__main__":
    main()
