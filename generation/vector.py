"""The vector drawing of a picture, drawn in a process of its own: the API keeps neither the figures nor numpy in memory."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import orjson

PROGRAM = "generation.engines.atelier.vector"
ROOT = Path(__file__).parents[1]  # where the package `generation` lies
WALL_SECONDS = 15.0
MOST_AT_ONCE = 2  # for the whole process: each takes a moment of a core
_places = asyncio.Semaphore(MOST_AT_ONCE)


class NotDrawn(Exception):
    """It could not be drawn: the process failed, or took too long."""


async def drawing_of(facts: Mapping[str, object]) -> bytes | None:
    """An SVG file that draws and does nothing else, None when these facts hold no scene. Raises NotDrawn."""
    async with _places:
        child = _spawned()
        talk = asyncio.create_task(asyncio.to_thread(child.communicate, orjson.dumps(facts)))
        try:
            async with asyncio.timeout(WALL_SECONDS):
                out, _ = await asyncio.shield(talk)
        except TimeoutError as error:
            raise NotDrawn("It took too long.") from error
        finally:
            child.kill()
            await asyncio.wait((talk,))
        if child.returncode != 0:
            raise NotDrawn(f"The painter ended with {child.returncode}.")
        return out or None


def _spawned() -> subprocess.Popen[bytes]:
    # Not by asyncio: cancelled at the wrong moment, `create_subprocess_exec` of Python 3.11 waits for ever.
    return subprocess.Popen(
        [sys.executable, "-m", PROGRAM],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PATH") if name in os.environ},
    )
