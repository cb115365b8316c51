"""Turn bytes that somebody sent into a picture that may be shown: decoded and encoded anew, in a child with limits.

The bytes of strangers are never decoded in this process. `storage/intake_child.py` says what becomes of a picture.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from errors import BadInput, RateLimited

MIME_TYPES = ("image/png", "image/jpeg", "image/webp")
CHILDREN_MAX = 2
WAITING_MAX = 16
ANSWER_MAX_BYTES = 64 * 1024 * 1024
READ_AHEAD_BYTES = 1024 * 1024
SIDE_MAX = 4_096
PICTURES = ("original", "large", "medium", "small")
LUMA_ALONE = "?"
GRID_SIDE = 512
SENTENCES = {
    "not_a_picture": "The file is not a PNG, JPEG or WebP picture.",
    "too_many_pixels": "The picture is too large: at most 40 million pixels and 16,384 pixels a side are taken.",
    "corrupt": "The picture cannot be read: the file is damaged or not complete.",
    "too_long": "The picture took too long to read.",
    "memory": "The picture needs too much memory to be read.",
}
_PROGRAM = str(Path(__file__).with_name("intake_child.py"))
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use; `wall_seconds` counts from its start, not the wait for a free place."""

    memory_bytes: int = 768 * 1024 * 1024
    cpu_seconds: int = 15
    wall_seconds: float = 20.0


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Luma:
    """A picture in grey on a grid whose longest side is 512: a byte a pixel, row by row. Hash and mark are read from it."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at of a picture that is not kept; `width` and `height` as it would be."""

    mime_type: str
    width: int
    height: int
    luma: Luma


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture as it is kept. `width` and `height` are those of `original`; `derivatives` are WebP by size name.

    `colour` is the mean, as `#rrggbb`; `blurhash` has 4 × 3 components.
    """

    original: bytes
    mime_type: str
    width: int
    height: int
    blurhash: str
    colour: str
    derivatives: Mapping[str, bytes]
    luma: Luma


class _Answer(TypedDict, total=False):
    """The line a child writes: a refusal (the first three), or the rest."""

    refused: str
    found: str
    cause: str
    mime_type: str
    width: int
    height: int
    blurhash: str
    colour: str
    sizes: dict[str, int]
    luma: list[int]


_Told = tuple[_Answer, dict[str, bytes]]


class IntakeFault(Exception):
    """The child could not work for a reason that is no fault of the picture."""


class _Places:
    """Two children at once, so that pictures never take the whole machine; and a bound on those who wait."""

    def __init__(self) -> None:
        self.waiting = 0
        self.free = asyncio.Semaphore(CHILDREN_MAX)


_places = _Places()


async def intake(data: bytes, declared_mime: str | None, limits: Limits = LIMITS) -> Taken:
    """Take a picture that a person sent; `declared_mime` is what they said it is (None: nothing).

    Raises BadInput with a sentence for them (no picture, another type, too many pixels, damaged, too slow, too much
    memory), RateLimited when too many wait already, IntakeFault when the fault is ours.
    """
    if declared_mime is not None and declared_mime not in MIME_TYPES:
        raise BadInput("Only PNG, JPEG and WebP pictures are taken.")
    _find_room()
    return _kept(*await _take(data, declared_mime, limits))


async def look(data: bytes, limits: Limits = LIMITS) -> Seen:
    """Look at a picture that is not to be kept: the same child and the same bounds. Raises as `intake` does."""
    _find_room()
    answer, pictures = await _take(data, LUMA_ALONE, limits)
    return Seen(answer["mime_type"], answer["width"], answer["height"], _luma(answer, pictures))


async def derive(data: bytes, limits: Limits = LIMITS, *, tile: bytes = b"") -> Taken:
    """Take a picture that an engine made: the same child and the same rules, but it may wait for its place.

    `tile` is the invisible mark that is laid on before anything is derived (`provenance.watermark`). Raises as `intake`
    does, save for RateLimited.
    """
    return _kept(*await _take(data, None, limits, tile))


def _find_room() -> None:
    if _places.waiting >= WAITING_MAX:
        raise RateLimited("Too many pictures are being read just now; please try again in a moment.")


async def _take(data: bytes, declared: str | None, limits: Limits, tile: bytes = b"") -> _Told:
    _places.waiting += 1
    try:
        await _places.free.acquire()
    finally:
        _places.waiting -= 1
    try:
        return await _in_child(data, tile, declared, limits)
    finally:
        _places.free.release()


async def _in_child(data: bytes, tile: bytes, declared: str | None, limits: Limits) -> _Told:
    child, ours = _spawn(declared, limits)
    try:
        async with asyncio.timeout(limits.wall_seconds):
            try:
                return await _converse(ours, data, tile, declared)
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError) as error:
                raise _verdict(await asyncio.to_thread(child.wait)) from error
    except TimeoutError as error:
        raise BadInput(SENTENCES["too_long"]) from error
    finally:
        child.kill()
        await asyncio.to_thread(child.wait)


def _spawn(declared: str | None, limits: Limits) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A new child and our end of the line to it.

    Not by asyncio: cancelled at the wrong moment, `create_subprocess_exec` of Python 3.11 waits for ever.
    """
    told = [str(os.getpid()), str(limits.memory_bytes), str(limits.cpu_seconds), declared or ""]
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            child = subprocess.Popen(
                [sys.executable, "-I", _PROGRAM, *told],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
            )
        except OSError as error:
            ours.close()
            raise IntakeFault(f"No child could be started: {error}") from error
    ours.setblocking(False)
    return child, ours


async def _converse(ours: socket.socket, data: bytes, tile: bytes, declared: str | None) -> _Told:
    """Send the picture and read the answer, which is believed no further than `_checked` goes: it may come from anybody."""
    try:
        reader, writer = await asyncio.open_connection(sock=ours, limit=READ_AHEAD_BYTES)
    except BaseException:  # cancelled: nobody else holds our end yet
        ours.close()
        raise
    try:
        for told in (data, tile):
            writer.write(struct.pack(">Q", len(told)))
            writer.write(told)
        await writer.drain()
        return await _answer(reader, declared)
    finally:
        writer.transport.abort()


async def _answer(reader: asyncio.StreamReader, declared: str | None) -> _Told:
    answer = _checked(await reader.readuntil(b"\n"), declared)
    return answer, {name: await reader.readexactly(size) for name, size in answer["sizes"].items()}


def _kept(answer: _Answer, pictures: dict[str, bytes]) -> Taken:
    return Taken(
        original=pictures["original"],
        mime_type=answer["mime_type"],
        width=answer["width"],
        height=answer["height"],
        blurhash=answer["blurhash"],
        colour=answer["colour"],
        derivatives={name: pictures[name] for name in PICTURES[1:]},
        luma=_luma(answer, pictures),
    )


def _luma(answer: _Answer, pictures: dict[str, bytes]) -> Luma:
    return Luma(pictures["luma"], *answer["luma"])


def _checked(line: bytes, declared: str | None) -> _Answer:
    try:
        answer: _Answer = json.loads(line)
        word = answer.get("refused")
        if word is not None:
            _log.info("picture refused: %.40r %.40r", word, answer.get("cause"))
            if word == "other_type" and answer["found"] in MIME_TYPES:
                raise BadInput(f"The file is {answer['found']}, but {declared} was declared.")
            raise BadInput(SENTENCES[word])
        sizes, luma = answer["sizes"], answer["luma"]
        sound = (
            tuple(sizes) == (("luma",) if declared == LUMA_ALONE else (*PICTURES, "luma"))
            and len(luma) == 2
            and all(type(side) is int and 0 < side <= GRID_SIDE for side in luma)
            and max(luma) == GRID_SIDE
            and sizes["luma"] == luma[0] * luma[1]
            and all(type(size) is int and size > 0 for size in sizes.values())
            and sum(sizes.values()) <= ANSWER_MAX_BYTES
            and answer["mime_type"] in MIME_TYPES
            and all(type(side) is int and 0 < side <= SIDE_MAX for side in (answer["width"], answer["height"]))
            and (declared == LUMA_ALONE or _looks(answer))
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IntakeFault(f"The child answered {line[:200]!r}.") from error
    if not sound:
        raise IntakeFault(f"The child answered {line[:200]!r}.")
    return answer


def _looks(answer: _Answer) -> bool:
    return (
        re.fullmatch(r"[!-~]{6,99}", answer["blurhash"]) is not None
        and re.fullmatch(r"#[0-9a-f]{6}", answer["colour"]) is not None
    )


def _verdict(code: int) -> BadInput | IntakeFault:
    """Why a child ended without its whole answer, from how it ended."""
    _log.warning("picture child ended with %s", code)
    if code >= 0:
        return IntakeFault(f"The child ended with {code} and no answer.")
    if code == -signal.SIGXCPU:
        return BadInput(SENTENCES["too_long"])
    if code == -signal.SIGKILL:  # not by us: the machine ran out of memory, or its processor time was over for good
        return BadInput(SENTENCES["memory"])
    return BadInput(SENTENCES["corrupt"])
