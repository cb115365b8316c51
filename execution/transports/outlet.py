"""Where the frames of members go out: straight onto a WebSocket, or into the mailbox of a task that writes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from execution.frame import Rendered
from execution.groups import Groups
from execution.member import Member, State

WIRE_EXTENSION = "fresque.wire"  # a `Wire` in scope["extensions"]
MOST_PENDING_BYTES = 256 * 1024  # of one tick for one connection
MOST_PENDING = 64  # results in a mailbox


class Wire(Protocol):
    """A WebSocket as the server's protocol has it, past ASGI."""

    @property
    def has_room(self) -> bool:
        """Whether the socket is open and the peer has taken nearly all it was sent."""

    def write_frames(self, frames: bytes) -> bool:
        """Writes whole frames; False, and nothing is written, when there is no room."""

    async def room(self) -> None:
        """Waits until there is room, or nobody left."""


class SocketOutlet:
    """The outlet of one WebSocket. `later` sends bytes when there is room again; `drive` asks a member's source again."""

    __slots__ = ("_drive", "_groups", "_later", "_pending", "_size", "_wire", "stuck")

    def __init__(
        self, groups: Groups, wire: Wire, later: Callable[[bytes], None], drive: Callable[[Member], None]
    ) -> None:
        self._groups = groups
        self._wire = wire
        self._later = later
        self._drive = drive
        self._pending: list[tuple[Member, Rendered]] = []
        self._size = 0
        self.stuck = False  # `later` has yet to send something

    @property
    def clear(self) -> bool:
        """Whether the peer takes what it is sent."""
        return self._size < MOST_PENDING_BYTES and not self.stuck and self._wire.has_room

    def offer(self, member: Member, rendered: Rendered) -> bool:
        """Takes a result, unless the peer lags behind."""
        if self.stuck or self._size >= MOST_PENDING_BYTES:
            return False
        if not self._pending:
            self._groups.dirty.append(self)
        self._pending.append((member, rendered))
        self._size += len(rendered.payload)
        return True

    def flush(self) -> None:
        """One write for all that was offered."""
        pending = self._pending
        if not pending:
            return
        self._pending = []
        self._size = 0
        if len(pending) == 1:
            member, rendered = pending[0]
            frames = rendered.frame(member.prefix) if member.state is not State.GONE else b""
        else:
            frames = b"".join([r.frame(m.prefix) for m, r in pending if m.state is not State.GONE])
        if frames and not self._wire.write_frames(frames):
            self.stuck = True
            self._later(frames)

    def alone(self, member: Member) -> None:
        """What was offered goes first."""
        self.flush()
        self._drive(member)


class Mailbox:
    """The outlet of one member whose results a task takes out and writes by itself."""

    __slots__ = ("_ended", "_pending", "_waiting")

    def __init__(self) -> None:
        self._pending: list[Rendered] = []
        self._waiting: asyncio.Future[None] | None = None
        self._ended = False

    @property
    def clear(self) -> bool:
        """Whether the task keeps up."""
        return len(self._pending) < MOST_PENDING

    def offer(self, member: Member, rendered: Rendered) -> bool:
        """Takes a result, unless the task lags behind."""
        if not self.clear:
            return False
        self._pending.append(rendered)
        self._wake()
        return True

    def flush(self) -> None:
        """Nothing waits here for anybody but the task."""

    def alone(self, member: Member) -> None:
        """After what is in here, the task asks the source again."""
        self._ended = True
        self._wake()

    async def take(self) -> list[Rendered]:
        """The next results; none when the source is to be asked again."""
        while not self._pending and not self._ended:
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
        pending, self._pending = self._pending, []
        if not pending:
            self._ended = False
        return pending

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
