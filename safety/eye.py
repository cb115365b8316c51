"""Looking at pictures, in a child that is started once: how sexual one looks, and what is written in it. Bounded in time.

The event loop never waits for a network of neurons, and a child that hangs, dies or answers nonsense is replaced by another:
`look` then says so, and whoever asked decides what follows.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROGRAM = str(Path(__file__).with_name("eye_child.py"))
ANSWER_MAX_BYTES = 256 * 1024
LUMA_SIDE = 512
TRIES = 2  # a child that has died between two pictures is not the second picture's fault
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen: `sexual` is 0 to 1, and `texts` are the lines that are written in it, where these were asked for.

    `luma` is the picture in grey, a byte a pixel, `width` × `height`, at most 512 a side.
    """

    sexual: float | None
    texts: tuple[str, ...]
    luma: bytes
    width: int
    height: int


class EyeFault(Exception):
    """A picture could not be looked at, in time or at all."""


@dataclass(slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Eye:
    """One child that looks at one picture after the other. Safe to be asked by many tasks; started when first asked."""

    def __init__(self, seconds: float, program: str = PROGRAM) -> None:
        self._seconds = seconds
        self._program = program
        self._turn = asyncio.Lock()
        self._child: _Child | None = None
        self._looking: set[asyncio.Task[Sight]] = set()

    @property
    def process_id(self) -> int | None:
        """The child's, None while there is none."""
        return None if self._child is None else self._child.process.pid

    async def start(self) -> None:
        """Start the child now; it loads its networks while other things are done."""
        async with self._turn:
            if self._child is None:
                self._child = await self._spawned()

    async def look(self, picture: bytes, *, sexual: bool = True, text: bool = False) -> Sight:
        """What is seen in an encoded picture (WebP, PNG or JPEG). Raises EyeFault; after `seconds` at the latest."""
        # Not broken off with whoever asked: the child would have to be started anew for the next picture.
        looking = asyncio.create_task(self._looked(picture, sexual, text))
        self._looking.add(looking)
        looking.add_done_callback(self._ended)
        return await asyncio.shield(looking)

    def _ended(self, looking: asyncio.Task[Sight]) -> None:
        self._looking.discard(looking)
        if not looking.cancelled():
            looking.exception()  # whoever asked may be gone

    async def _looked(self, picture: bytes, sexual: bool, text: bool) -> Sight:
        try:
            async with asyncio.timeout(self._seconds), self._turn:
                for left in reversed(range(TRIES)):
                    try:
                        return await self._asked(picture, sexual, text)
                    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
                        await self._drop()
                        log.warning("the child that looks at pictures broke off: %r", error)
                        if not left:
                            raise EyeFault(f"The child broke off: {error!r}") from error
                    except asyncio.CancelledError:  # its answer would be taken for the next picture's
                        await self._drop()
                        raise
        except TimeoutError as error:
            raise EyeFault(f"It took longer than {self._seconds:g} seconds.") from error
        raise AssertionError  # the loop returns or raises

    async def _asked(self, picture: bytes, sexual: bool, text: bool) -> Sight:
        if self._child is None:
            self._child = await self._spawned()
        child = self._child
        told = {"size": len(picture), "sexual": sexual, "text": text}
        child.writer.write(json.dumps(told).encode() + b"\n" + picture)
        await child.writer.drain()
        answer = json.loads(await child.reader.readuntil(b"\n"))
        if "fault" in answer:
            raise EyeFault(str(answer["fault"]))
        width, height = int(answer["width"]), int(answer["height"])
        if not (0 < width <= LUMA_SIDE and 0 < height <= LUMA_SIDE):
            raise ValueError("no such luma")
        luma = await child.reader.readexactly(width * height)
        score = None if answer["sexual"] is None else float(answer["sexual"])
        return Sight(score, tuple(str(one) for one in answer["texts"]), luma, width, height)

    async def _spawned(self) -> _Child:
        process, ours = _spawn(self._program)
        try:
            reader, writer = await asyncio.open_connection(sock=ours, limit=ANSWER_MAX_BYTES)
        except BaseException:  # cancelled: nobody else holds the child yet
            ours.close()
            await _end(process)
            raise
        return _Child(process, reader, writer)

    async def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.writer.transport.abort()
            await _end(child.process)

    async def close(self) -> None:
        """Let the child go."""
        for looking in self._looking:
            looking.cancel()
        async with self._turn:
            await self._drop()


def _spawn(program: str) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A new child and our end of the line to it.

    Not by asyncio: cancelled at the wrong moment, `create_subprocess_exec` of Python 3.11 waits for ever.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            process = subprocess.Popen(
                [sys.executable, "-I", program, str(os.getpid())],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
            )
        except OSError as error:
            ours.close()
            raise EyeFault(f"No child could be started: {error}") from error
    ours.setblocking(False)
    return process, ours


async def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    await asyncio.shield(asyncio.to_thread(process.wait))  # also when cancelled nobody is left unwaited for
