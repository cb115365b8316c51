"""What a ComfyUI server tells over its socket while it works: messages, and previews as binary frames.

A socket that drops is opened anew under the same client id; while there is none, `next` only lets time pass.
"""

from __future__ import annotations

import asyncio
import logging
import struct
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

from generation.engines.remote import Remote

PREVIEW, PREVIEW_WITH_METADATA = 1, 4
LARGEST_FRAME_BYTES = 32 * 2**20
HELLO = {"type": "feature_flags", "data": {"supports_preview_metadata": True}}
OPEN_SECONDS = 5.0
CLOSE_SECONDS = 1.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """What the server says: `kind` as ComfyUI names it ("preview" for a picture, whose bytes are `data`)."""

    kind: str
    told: dict[str, Any] = field(default_factory=dict)
    data: bytes = b""


class Ear:
    """A socket to a server under a client id, which is whom it tells of the work handed in under that id."""

    def __init__(self, remote: Remote, client: str) -> None:
        self._remote = remote
        self._client = client
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def __aenter__(self) -> Self:
        await self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    @property
    def hears(self) -> bool:
        """Whether there is a socket."""
        return self._socket is not None and not self._socket.closed

    async def next(self, seconds: float) -> Message | None:
        """The next message; None when none came for so long, or the socket was lost (it is opened again meanwhile)."""
        if not self.hears:
            await self._close()
            if not await self._open():
                await asyncio.sleep(seconds)
                return None
        assert self._socket is not None
        try:
            async with asyncio.timeout(seconds):
                frame = await self._socket.receive()
        except TimeoutError:
            return None
        if frame.type is aiohttp.WSMsgType.TEXT:
            return _text(frame.data)
        if frame.type is aiohttp.WSMsgType.BINARY:
            return _binary(frame.data)
        log.warning("%s: the socket was lost (%s)", self._remote.address, frame.type.name)
        await self._close()
        return None

    async def _open(self) -> bool:
        address = self._remote.address.replace("http", "ws", 1)
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                self._socket = await self._remote.session.ws_connect(
                    f"{address}/ws",
                    params={"clientId": self._client},
                    headers=self._remote.headers,
                    max_msg_size=LARGEST_FRAME_BYTES,
                )
                await self._socket.send_json(HELLO)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("%s: no socket: %r", self._remote.address, error)
            return False
        return True

    async def _close(self) -> None:
        socket, self._socket = self._socket, None
        if socket is None:
            return
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await socket.close()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("%s: the socket did not close: %r", self._remote.address, error)


def _text(text: str) -> Message | None:
    """A message of text; None for one that is no message."""
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(message, dict) or not isinstance(message.get("data"), dict):
        return None
    return Message(str(message.get("type", "")), message["data"])


def _binary(frame: bytes) -> Message | None:
    """A frame of bytes: a big-endian number says what it is, a second one the picture's format or its words' length."""
    if len(frame) < 8:
        return None
    kind, number = struct.unpack(">II", frame[:8])
    if kind == PREVIEW:
        return Message("preview", {}, frame[8:])
    if kind != PREVIEW_WITH_METADATA or len(frame) < 8 + number:
        return None
    try:
        told = orjson.loads(frame[8 : 8 + number])
    except orjson.JSONDecodeError:
        return None
    return Message("preview", told if isinstance(told, dict) else {}, frame[8 + number :])
