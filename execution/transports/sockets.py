"""Every open socket of this process: bounds per person and per address, and closing from outside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Iterable
from typing import Any, Protocol

from execution.identity import Identity
from execution.transports.message import FORBIDDEN, RESTARTING

MAX_SOCKETS_PER_PERSON = 20
MAX_SIGNED_OUT_PER_ADDRESS = 50
MAX_SOCKETS = 10_000
ENDED_SECONDS = 60.0  # longer than any look-up of a session that began before it was revoked
SESSION_ENDED = "The session has ended."


class Closable(Protocol):
    """A socket as the registry sees it."""

    async def close(self, code: int, reason: str) -> None:
        """Closes with a code and a reason; returns at once when it is closed already."""


class Sockets:
    """The sockets of this process, found by person and by session. `network_of` says which addresses count as one."""

    def __init__(
        self,
        max_per_person: int = MAX_SOCKETS_PER_PERSON,
        max_sockets: int = MAX_SOCKETS,
        max_per_address: int = MAX_SIGNED_OUT_PER_ADDRESS,
        network_of: Callable[[str], str] = str,
    ) -> None:
        self.max_per_person = max_per_person
        self.max_per_address = max_per_address
        self.network_of = network_of
        self.max_sockets = max_sockets
        self.open: dict[Closable, Identity | None] = {}
        self.persons: dict[Hashable, set[Closable]] = {}
        self.sessions: dict[Hashable, set[Closable]] = {}
        self.signed_out: dict[Hashable, set[Closable]] = {}  # by network
        self.networks: dict[Closable, str] = {}  # of those signed out
        self.ended: dict[Hashable, float] = {}
        self.closing: set[asyncio.Task[None]] = set()

    @property
    def count(self) -> int:
        """How many sockets are open."""
        return len(self.open)

    @property
    def full(self) -> bool:
        """Whether this process takes no more sockets."""
        return len(self.open) >= self.max_sockets

    def add(self, socket: Closable) -> None:
        """Notes a socket that has said nothing yet."""
        self.open[socket] = None

    def sign_in(self, socket: Closable, identity: Identity, address: str) -> str | None:
        """Notes whose socket it is; None, or why it may not be: too many, or the session ended a moment ago.

        `address` is the peer's, by which the sockets of the signed-out are counted.
        """
        if identity.session_id is not None and identity.session_id in self.ended:
            return SESSION_ENDED
        if identity.user_id is not None:
            if len(self.persons.get(identity.user_id, ())) >= self.max_per_person:
                return f"{self.max_per_person} sockets are open already, which is the most for one person."
            self.persons.setdefault(identity.user_id, set()).add(socket)
        else:
            network = self.network_of(address)
            if len(self.signed_out.get(network, ())) >= self.max_per_address:
                return f"{self.max_per_address} sockets are open from here without signing in, which is the most."
            self.signed_out.setdefault(network, set()).add(socket)
            self.networks[socket] = network
        if identity.session_id is not None:
            self.sessions.setdefault(identity.session_id, set()).add(socket)
        self.open[socket] = identity
        return None

    def remove(self, socket: Closable) -> None:
        """Forgets a socket that has ended."""
        identity = self.open.pop(socket, None)
        _forget(self.signed_out, self.networks.pop(socket, None), socket)
        if identity is not None:
            _forget(self.persons, identity.user_id, socket)
            _forget(self.sessions, identity.session_id, socket)

    async def close_sessions(self, session_id: Hashable, code: int = FORBIDDEN, reason: str = SESSION_ENDED) -> int:
        """Closes every socket of a session (signed out, revoked); how many there were.

        A socket that is signing in by this session right now, looked up before it was revoked, is refused as well.
        """
        now = asyncio.get_running_loop().time()
        self.ended = {ended: until for ended, until in self.ended.items() if until > now}
        self.ended[session_id] = now + ENDED_SECONDS
        return await _close(self.sessions.get(session_id, ()), code, reason)

    async def close_user(self, user_id: Hashable, code: int = FORBIDDEN, reason: str = SESSION_ENDED) -> int:
        """Closes every socket of a person (password changed, suspended); how many there were."""
        return await _close(self.persons.get(user_id, ()), code, reason)

    async def close_all(self, code: int = RESTARTING, reason: str = "The server restarts.") -> int:
        """Closes every socket, as before the process ends; how many there were."""
        return await _close(self.open, code, reason)

    def later(self, closing: Coroutine[Any, Any, None]) -> None:
        """Runs a closing that nobody waits for, and keeps hold of it until it is done."""
        task = asyncio.create_task(closing)
        self.closing.add(task)
        task.add_done_callback(self.closing.discard)


async def _close(sockets: Iterable[Closable], code: int, reason: str) -> int:
    chosen = list(sockets)
    await asyncio.gather(*(socket.close(code, reason) for socket in chosen))
    return len(chosen)


def _forget(index: dict[Hashable, set[Closable]], key: Hashable | None, socket: Closable) -> None:
    if key is None or key not in index:
        return
    index[key].discard(socket)
    if not index[key]:
        del index[key]
