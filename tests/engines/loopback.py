"""Servers of this machine that speak what engines speak: what they are told to do is said in the prompt."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web
from PIL import Image

LARGEST_BODY_BYTES = 100 * 2**20


@dataclass(slots=True)
class Asked:
    """One request as it arrived: fields are JSON values, or texts and (file name, type, bytes) of a form."""

    path: str
    headers: dict[str, str]
    fields: dict[str, Any] = field(default_factory=dict)
    files: list[tuple[str, str, str, bytes]] = field(default_factory=list)  # field, file name, type, bytes

    @property
    def words(self) -> set[str]:
        """The words of the prompt, which say how to behave."""
        return set(str(self.fields.get("prompt", "")).split())


async def read(request: web.Request) -> Asked:
    """A request, JSON or multipart."""
    found = Asked(request.path, {name.lower(): value for name, value in request.headers.items()})
    if not request.content_type.startswith("multipart/"):
        found.fields = await request.json()
        return found
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        assert part.name is not None
        data = bytes(await part.read())
        if part.filename is None:
            found.fields[part.name] = data.decode()
        else:
            found.files.append((part.name, part.filename, part.headers.get("Content-Type", ""), data))
    return found


@asynccontextmanager
async def served(application: web.Application) -> AsyncIterator[str]:
    """The address of a server on a free port of 127.0.0.1."""
    runner = web.AppRunner(application, shutdown_timeout=1.0, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def application() -> web.Application:
    """An application that takes large bodies."""
    return web.Application(client_max_size=LARGEST_BODY_BYTES)


def png(width: int = 64, height: int = 64, colour: str = "#336699", *, signed: bool = False) -> bytes:
    """A PNG picture; a signed one carries a chunk of the kind that C2PA puts its statement into."""
    kept = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(kept, "PNG")
    data = kept.getvalue()
    if not signed:
        return data
    body = b"caBX" + b"a statement signed by nobody"
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + chunk + data[33:]  # after the signature and IHDR


def see_through(width: int = 64, height: int = 64) -> bytes:
    """A mask: a PNG that is transparent in its middle."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 255))
    image.paste((0, 0, 0, 0), (width // 4, height // 4, width * 3 // 4, height * 3 // 4))
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


async def nobody_listens() -> str:
    """An address where a connection is refused: its port was free a moment ago."""
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return f"http://127.0.0.1:{port}"
