"""The operations of one WebSocket: each is a task, until it is level and goes on in company, without one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from graphql import OperationType

from execution.gate import admit, charge_least
from execution.identity import Identity
from execution.masking import present
from execution.member import Member
from execution.rejection import Rejection, ResultObject
from execution.source import Source
from execution.transports.message import Subscribe, complete_frame, error_frame, next_frame
from execution.transports.outlet import SocketOutlet
from execution.wire import encode
from realtime.level import Level

if TYPE_CHECKING:
    from execution.transports.socket import Socket


class Ended(Exception):
    """The socket is closed: there is nobody to deliver to."""


class Operations:
    """What runs on a socket, by the ids that the client chose. `running` holds a task, or a member of a company."""

    __slots__ = ("_endings", "_members", "_outlet", "_socket", "_tasks", "running")

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self.running: dict[str, asyncio.Task[None] | Member] = {}
        self._members: dict[str, Member] = {}  # of these: in company, or alone for a while
        self._tasks: set[asyncio.Task[None]] = set()  # operations and those still ending after a complete
        self._endings: set[asyncio.Task[None]] = set()  # apart from tasks, since they must not be cut off
        self._outlet: SocketOutlet | None = None

    @property
    def task_count(self) -> int:
        """How many tasks there are."""
        return len(self._tasks)

    def start(self, message: Subscribe, identity: Identity) -> None:
        """Begins an operation, whose id is free."""
        self.running[message.id] = self._track(self._operate(message, identity))

    def complete(self, operation_id: str) -> None:
        """The client wants no more of it; unknown ids are passed over."""
        operation = self.running.pop(operation_id, None)
        member = self._members.pop(operation_id, None)
        if isinstance(operation, asyncio.Task):
            operation.cancel()
        if member is not None:
            self._leave(member)
            ending = asyncio.create_task(self._let_go(member, operation))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    async def end(self) -> None:
        """Ends everything, and waits until it has ended."""
        members = list(self._members.values())
        for member in members:  # all before anything is waited for, so that none is asked to go on alone meanwhile
            self._leave(member)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for member in members:
            await member.source.close()
        await asyncio.gather(*self._endings)
        self.running.clear()
        self._members.clear()

    def _track(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _operate(self, message: Subscribe, identity: Identity) -> None:
        request_id = token_hex(8)
        await self._finish(message.id, request_id, partial(self._deliver, message, identity, request_id))

    async def _finish(self, operation_id: str, request_id: str, deliver: Callable[[], Awaitable[bool]]) -> None:
        """Delivers, and says how it ended; nothing when it goes on in company."""
        try:
            if not await deliver():
                return
            farewell = complete_frame(operation_id)
        except Ended:
            return
        except Rejection as rejection:
            farewell = error_frame(operation_id, rejection.errors)
        except Exception as error:
            farewell = error_frame(operation_id, [present(error, request_id)])
        # The id is free before the client hears of the end, so that it may be used again at once; a client that said
        # complete itself wants to hear nothing, and its id may be another operation's by now.
        if self.running.get(operation_id) is asyncio.current_task():
            del self.running[operation_id]
            await self._socket.say(farewell)

    async def _deliver(self, message: Subscribe, identity: Identity, request_id: str) -> bool:
        runner, gate = self._socket.endpoint.runner, self._socket.endpoint.gate
        try:
            operation = runner.prepare(message.request, identity.user_id is not None)
        except Rejection:
            await charge_least(gate, self._socket.connection, identity)
            raise
        receipt = await admit(gate, self._socket.connection, identity, operation)
        context = self._socket.endpoint.make_context(self._socket.connection, identity)
        context.receipt = receipt
        if operation.kind is not OperationType.SUBSCRIPTION:
            await self._next(message.id, await runner.run(operation, context, request_id))
            return True
        return await self._drive(message.id, await runner.open(operation, context, request_id), None)

    async def _drive(self, operation_id: str, source: Source, member: Member | None) -> bool:
        """Asks a source until it ends (True) or goes on in company (False)."""
        parked = False
        try:
            while not parked and (found := await source.next()) is not None:
                if isinstance(found, Level):
                    parked = self._park(operation_id, source, found, member)
                else:
                    await self._next(operation_id, found)
        finally:
            if not parked:
                if member is not None:
                    if self._members.get(operation_id) is member:
                        del self._members[operation_id]
                    await self._let_go(member)
                await source.close()
        return not parked

    def _park(self, operation_id: str, source: Source, level: Level, member: Member | None) -> bool:
        groups = self._socket.endpoint.runner.groups
        # A client that said complete meanwhile has freed the id, and this task is about to be cancelled.
        if groups is None or self._socket.wire is None or self.running.get(operation_id) is not asyncio.current_task():
            return False
        if member is None:
            if self._outlet is None:
                self._outlet = SocketOutlet(groups, self._socket.wire, self._send_later, self._go_on)
            member = groups.join(level, source, self._outlet, operation_id)
        elif not groups.rejoin(member):
            return False
        if member is None:
            return False
        self.running[operation_id] = self._members[operation_id] = member
        return True

    def _go_on(self, member: Member) -> None:
        """Asks the source of a member itself, until that is level again."""
        drive = partial(self._drive, member.operation_id, member.source, member)
        self.running[member.operation_id] = self._track(
            self._finish(member.operation_id, member.source.request_id, drive)
        )

    async def _let_go(self, member: Member, operation: object = None) -> None:
        """Takes a member out of its company and closes its source, once the task that asked it has ended."""
        if isinstance(operation, asyncio.Task):
            await asyncio.gather(operation, return_exceptions=True)
        self._leave(member)
        await member.source.close()

    def _leave(self, member: Member) -> None:
        if self._socket.endpoint.runner.groups is not None:
            self._socket.endpoint.runner.groups.leave(member)

    def _send_later(self, frames: bytes) -> None:
        self._track(self._send_stuck(frames))

    async def _send_stuck(self, frames: bytes) -> None:
        """Sends what the peer had no room for; ahead of whatever else waits to be sent."""
        assert self._socket.wire is not None
        assert self._outlet is not None
        try:
            async with asyncio.timeout(self._socket.endpoint.bounds.send_seconds), self._socket.sending:
                await self._socket.wire.room()
                self._socket.wire.write_frames(frames)  # nobody is left to write to when it does not
            self._outlet.stuck = False
        except TimeoutError:
            self._socket.cut()

    async def _next(self, operation_id: str, result: ResultObject) -> None:
        if self._socket.closed:
            raise Ended
        await self._socket.say(next_frame(operation_id, encode(result)))
        await self._socket.breathe()
