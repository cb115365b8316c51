"""`python -m tests.unsafe_process VARIANT`: an API process with one of its protections taken out.

A test that holds a protection runs the same scenario against the variant and sees it fail, so it is known to be able to.
"""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from tortoise.backends.base.client import TransactionalDBClient, TransactionContextPooled

import app
import resolvers.image
import resolvers.outcome
from execution import protocol
from execution.compiled import Programs
from execution.documents import Operation
from execution.executor import Execution, Runner
from execution.protocol import RequestProtocol, SocketProtocol, serve
from execution.transports.http import HttpEndpoint
from execution.transports.socket import Bounds, SocketEndpoint
from execution.transports.stream import StreamBounds
from models import idempotency
from models.checkpoint import checkpoint
from models.database import fetch, fetch_value
from models.event import Cursor, Event, read_log
from models.idempotency import Claim
from models.image import Image
from models.transaction import _Open, _open, _SafeTransaction, transaction
from models.upload import Upload
from realtime import hub
from realtime.hub import Hub
from resolvers.outcome import Act, Outcome
from settings import settings


def trusting() -> None:
    """The hub believes what is said on Redis and nothing else."""

    async def follow(self: Hub) -> None:
        while True:
            batch = await self._batches.get()
            if batch is not None:
                await self._hand_out(batch.events, batch.end)

    Hub._follow = follow  # type: ignore[method-assign]


def hasty() -> None:
    """The hub reads the log by row id, as a plain sequence would be read, open transactions or not."""

    async def read(after: Cursor, limit: int) -> tuple[Sequence[Event], Cursor]:
        rows = await fetch(
            "SELECT xid::text AS xid, id FROM events WHERE id > $1 ORDER BY id LIMIT $2", after.id, limit
        )
        found: list[Event] = []
        for row in rows:
            one, _ = await read_log(Cursor(int(row["xid"]), row["id"] - 1), 1)
            found += [event for event in one if event.cursor.id == row["id"]]
        return found, Cursor(after.xid, rows[-1]["id"], after.epoch) if rows else after

    hub.read_log = read  # type: ignore[attr-defined]


def forward() -> None:
    """The hub stands at the oldest open transaction, not at the last event."""

    async def read(after: Cursor, limit: int) -> tuple[Sequence[Event], Cursor]:
        events, end = await read_log(after, limit)
        head = await fetch_value("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        return events, max(end, Cursor(int(head), 0, end.epoch))

    hub.read_log = read  # type: ignore[attr-defined]


def remembering() -> None:
    """Every event is run by graphql-core, and the executor keeps what it worked out for each, as graphql-core does."""
    Programs.find = lambda *_: None  # type: ignore[method-assign]
    plain = StrawberryGraphQLCoreExecutionContext.build_per_event_executor
    Execution.build_per_event_executor = plain  # type: ignore[method-assign,assignment]


def careless() -> None:
    """Mutations end with their caller, and a transaction begins as Tortoise has it."""

    async def run(self: Runner, operation: Operation, context: Any, request_id: str) -> Any:
        return await self._execute(operation, self._coerce(operation), context, request_id)

    begin: Callable[[Any], Awaitable[TransactionalDBClient]] = TransactionContextPooled.__aenter__
    _SafeTransaction.__aenter__ = begin  # type: ignore[method-assign,assignment]
    Runner.run = run  # type: ignore[method-assign]


def piecemeal() -> None:
    """Every statement of a mutation is a transaction of its own."""

    @asynccontextmanager
    async def nothing() -> AsyncIterator[None]:
        token = _open.set(_Open())
        try:
            yield
        finally:
            _open.reset(token)

    resolvers.outcome.transaction = nothing  # type: ignore[attr-defined]


def late() -> None:
    """An idempotency key is written in a transaction of its own, after what it stands for."""

    async def once(claimed: Claim, name: str, viewer_id: int, act: Act) -> Outcome:
        async with transaction():
            outcome = Outcome(await act(viewer_id))
        checkpoint(f"{name}.after_commit")
        async with transaction():
            await idempotency.take(claimed)
            await idempotency.keep(claimed, {"found": dict(outcome.found), "errors": []})
        return outcome

    resolvers.outcome._once = once


def forgetful() -> None:
    """Completing an upload does not ask whether it was completed before."""

    async def keep(owner_id: int, upload_id: int, image: Image | None) -> int:
        assert image is not None
        await image.save()
        await Upload.filter(id=upload_id).update(image_id=image.id)
        return int(image.id)

    resolvers.image.keep_upload = keep  # type: ignore[attr-defined]


def brisk() -> None:
    """No protection less: a socket or stream that takes nothing for a second (not ten) is cut."""
    _wait_for_readers(1.0)


def patient() -> None:
    """Whoever takes nothing and answers no ping stays, and so does what is kept for them."""
    _wait_for_readers(600.0)
    protocol.USER_TIMEOUT_MILLISECONDS = 600_000
    SocketProtocol.keepalive_timeout = lambda self: None  # type: ignore[method-assign]


def boundless() -> None:
    """Nothing waits for a reader: whatever is to be sent is kept in the buffer of its connection, however long that gets."""
    patient()
    SocketProtocol.max_buffer_bytes = 10**12
    SocketProtocol.pause_writing = lambda self: None  # type: ignore[method-assign]
    RequestProtocol.pause_writing = lambda self: None  # type: ignore[method-assign]


def _wait_for_readers(seconds: float) -> None:
    bounds, stream_bounds = Bounds(send_seconds=seconds), StreamBounds(send_seconds=seconds)
    app.SocketEndpoint = functools.partial(SocketEndpoint, bounds=bounds)  # type: ignore[attr-defined,assignment]
    app.HttpEndpoint = functools.partial(HttpEndpoint, stream_bounds=stream_bounds)  # type: ignore[attr-defined,assignment]


VARIANTS = {
    variant.__name__: variant
    for variant in (
        trusting,
        hasty,
        forward,
        remembering,
        careless,
        piecemeal,
        late,
        forgetful,
        brisk,
        patient,
        boundless,
    )
}

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    VARIANTS[sys.argv[1]]()
    serve(app.create_app(settings()), settings())
