"""Reads what a stranger's file says of itself, in a child with limits: nothing that anybody sends is parsed in this process."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from provenance.reading import Found, Standing

WALL_SECONDS = 15.0
ANSWER_MAX_BYTES = 1 << 20
AT_ONCE = 2
# Whoever puts a statement into a file writes one of these: without any there is nothing to read, and no child to start.
TRACES = (b"c2pa", b"DigitalSourceType", b"XML:com.adobe.xmp")
_PROGRAM = str(Path(__file__).with_name("examining_child.py"))
_places = asyncio.Semaphore(AT_ONCE)
_log = logging.getLogger(__name__)


class ExaminingFault(Exception):
    """The file could not be read: it takes too long, or too much, or the child came to no end."""


async def examined(picture: bytes, mime_type: str, anchors: str) -> Found:
    """What the file says of itself; nothing found is a `Found` too. `anchors` (PEM) are believed. Raises ExaminingFault."""
    if not any(trace in picture for trace in TRACES):
        return Found()
    async with _places:
        child = await asyncio.to_thread(_spawned)
        told = b"".join(struct.pack(">Q", len(part)) + part for part in (anchors.encode(), mime_type.encode(), picture))
        talk = asyncio.create_task(asyncio.to_thread(child.communicate, told))
        try:
            async with asyncio.timeout(WALL_SECONDS):
                out, _ = await asyncio.shield(talk)
        except TimeoutError as error:
            raise ExaminingFault("The file took too long to read.") from error
        finally:
            child.kill()
            await asyncio.wait((talk,))
    try:
        return _found(json.loads(out[:ANSWER_MAX_BYTES]))
    except (ValueError, KeyError, TypeError) as error:
        _log.warning("a file's statements were not read: the child ended with %s", child.returncode)
        raise ExaminingFault("The file could not be read.") from error


def _spawned() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [sys.executable, "-I", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
        )
    except OSError as error:
        raise ExaminingFault(f"No child could be started: {error}") from error


def as_json(found: Found) -> dict[str, Any]:
    """For `from_json`."""
    return {
        "standing": found.standing.value,
        "generator": found.generator,
        "signer": found.signer,
        "source_types": found.source_types,
        "declared": found.declared,
        "facts": {name: text for name, text in found.facts.items() if isinstance(text, str)},
        "ancestors": found.ancestors,
        "failures": found.failures,
    }


def from_json(told: Mapping[str, Any]) -> Found:
    """What `as_json` told. Raises ValueError, KeyError or TypeError for anything else."""
    return _found(told)


def _found(told: Mapping[str, Any]) -> Found:
    return Found(
        standing=Standing(told["standing"]),
        generator=_text(told["generator"]),
        signer=_text(told["signer"]),
        source_types=tuple(str(word).replace("\0", "")[:60] for word in told["source_types"]),
        declared=_text(told["declared"]),
        facts={str(name): str(text)[:200] for name, text in dict(told["facts"]).items()},
        ancestors=tuple(str(title)[:200] for title in told["ancestors"]),
        failures=tuple(str(code)[:100] for code in told["failures"]),
    )


def _text(told: object) -> str | None:
    return told.replace("\0", "")[:200] if isinstance(told, str) else None  # the database keeps no NUL
