"""Masks obeyed to the pixel, whatever the engine did: the original is put back wherever the mask does not allow a change.

The mask follows OpenAI's convention: only where it is wholly transparent (alpha 0) the picture may change. Engines treat
that as advice; `obeyed` makes it a promise, and says in the output's facts (`mask`) how far the engine had gone astray.
"""

from __future__ import annotations

import asyncio
import json
import os
import struct
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from generation.engine import Engine, EngineError, Picture, Request, Step
from generation.mask_child import Figures

WALL_SECONDS = 60.0
ANSWER_MAX_BYTES = 64 << 20
MIME_TYPES = {b"\x89PNG": "image/png", b"RIFF": "image/webp", b"\xff\xd8\xff": "image/jpeg"}
FORMS = ("png", "webp", "jpeg")
SENTENCES = {
    "mask_without_alpha": ("bad_mask", "The mask has no transparency: nothing says where the picture may change."),
    "mask_of_other_shape": ("bad_mask", "The mask has another shape than the picture."),
    "picture_of_other_shape": ("bad_picture", "The engine answered with a picture of quite another shape."),
    "not_a_picture": ("bad_picture", "The engine's picture is no PNG, JPEG or WebP."),
    "too_many_pixels": ("bad_picture", "The engine's picture is too large."),
    "corrupt": ("bad_picture", "The engine's picture is damaged."),
}
_PROGRAM = str(Path(__file__).with_name("mask_child.py"))


def no_tile(index: int) -> bytes:
    """No mark for any output."""
    return b""


async def obeyed(
    engine: Engine, request: Request, tile_of: Callable[[int], bytes] = no_tile
) -> AsyncGenerator[Step, None]:
    """The steps of an engine; with a mask, every picture is the original outside of it and as large as the original.

    Then the tile of its invisible mark is laid on inside, and only there; `tile_of` an output's index gives it.

    Raises what the engine raises; EngineError "bad_mask" for a mask without alpha or of another shape, "bad_picture"
    (retryable) when the engine's picture cannot be put under the mask.
    """
    steps = engine.generate(request)
    try:
        async for step in steps:
            if isinstance(step, Picture) and request.image is not None and request.mask is not None:
                tile = await asyncio.to_thread(tile_of, step.index)
                yield await masked(step, request.image, request.mask, request.output_format, tile)
            else:
                yield step
    finally:
        if isinstance(steps, AsyncGenerator):
            await steps.aclose()


async def masked(picture: Picture, original: bytes, mask: bytes, form: str, tile: bytes = b"") -> Picture:
    """The picture with the mask obeyed, `form` (png, webp, jpeg; anything else is png) its type. Raises as `obeyed` does."""
    figures, data = await _in_child((original, mask, picture.data, tile), form if form in FORMS else "png")
    width, height = figures["size"]
    return replace(
        picture,
        data=data,
        mime_type=next(mime for mark, mime in MIME_TYPES.items() if data.startswith(mark)),
        width=width,
        height=height,
        facts={**picture.facts, "mask": figures},
        as_it_came=False,  # what the engine signed of its own bytes is not true of these
    )


async def _in_child(blobs: tuple[bytes, ...], form: str) -> tuple[Figures, bytes]:
    """What `generation/mask_child.py` answers; it is killed when this is cancelled or takes too long."""
    told = b"".join(struct.pack(">Q", len(blob)) + blob for blob in blobs)
    child = _spawned(form)
    talk = asyncio.create_task(asyncio.to_thread(child.communicate, told))
    try:
        async with asyncio.timeout(WALL_SECONDS):
            out, _ = await asyncio.shield(talk)
    except TimeoutError as error:
        raise EngineError("mask_failed", "The mask took too long.", retryable=True) from error
    finally:
        child.kill()
        await asyncio.wait((talk,))
    return _answer(out)


def _spawned(form: str) -> subprocess.Popen[bytes]:
    # Not by asyncio: cancelled at the wrong moment, `create_subprocess_exec` of Python 3.11 waits for ever.
    try:
        return subprocess.Popen(
            [sys.executable, "-I", _PROGRAM, form],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
        )
    except OSError as error:
        raise EngineError("mask_failed", f"The mask could not be seen to: {error}", retryable=True) from error


def _answer(out: bytes) -> tuple[Figures, bytes]:
    line, _, data = out.partition(b"\n")
    try:
        answer = json.loads(line)
        word = answer.get("refused")
    except (ValueError, AttributeError) as error:
        raise EngineError("mask_failed", "The mask could not be seen to.", retryable=True) from error
    if word is not None:
        code, sentence = SENTENCES[word]
        raise EngineError(code, sentence, retryable=code == "bad_picture")
    if len(data) > ANSWER_MAX_BYTES or not data.startswith(tuple(MIME_TYPES)):
        raise EngineError("mask_failed", "The mask could not be seen to.", retryable=True)
    return cast("Figures", answer), data
