"""A small schema, authoriser and server of the tests' own, so that `execution/` is tested apart from the product."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import httpx
import strawberry
import uvicorn
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route, WebSocketRoute
from strawberry.scalars import JSON
from strawberry.types.nodes import SelectedField
from websockets.asyncio.client import connect

from errors import NotFound, RateLimited, Unauthenticated
from execution.documents import Documents
from execution.executor import Runner
from execution.protocol import RequestProtocol, SocketProtocol, listen, server_config
from execution.receipt import Receipt
from execution.transports.cors import Cors
from execution.transports.http import HttpEndpoint
from execution.transports.origin import Origins
from execution.transports.reservation import ReservationBounds
from execution.transports.socket import Bounds, SocketEndpoint
from execution.transports.sockets import Sockets
from execution.transports.status import AUDITS, Profile
from execution.transports.stream import StreamBounds
from execution.trusted import Trusted
from schema.directive import declare_directives
from settings import Settings
from tests.people import PATIENCE_SECONDS


@dataclass(frozen=True)
class Caller:  # who asks, as the toy's authoriser finds it
    user_id: str | None = None
    session_id: str | None = None
    expires_at: datetime | None = None
    by_cookie: bool = False
    scopes: None = None


@dataclass
class World:
    """What the resolvers touch, for tests to look at and to hold up."""

    written: list[str] = field(default_factory=list)
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: int = 0
    sources: int = 0  # event sources that are open right now
    contexts: int = 0
    token_lifetime: timedelta | None = None

    async def authenticate(self, connection: HTTPConnection, authorization: str | None) -> Caller:
        if authorization is not None:
            name = authorization.removeprefix("Bearer ")
            if name == "busy":
                raise RateLimited("Too many attempts.")
            if name not in ("ann", "bob"):
                raise Unauthenticated("The token is not valid.")
            expires = datetime.now(UTC) + self.token_lifetime if self.token_lifetime is not None else None
            return Caller(name, f"session-{name}", expires)
        if "session" in connection.cookies:
            return Caller(connection.cookies["session"], "session-cookie", None, by_cookie=True)
        return Caller()

    def make_context(self, connection: HTTPConnection, identity: Any) -> Context:
        self.contexts += 1
        return Context(self, identity, self.contexts)


@dataclass
class Context:
    """What resolvers get."""

    world: World
    identity: Caller
    serial: int
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    receipt: Receipt | None = None
    stranger: str | None = None

    def for_event(self) -> Self:
        self.world.contexts += 1
        return type(self)(self.world, self.identity, self.world.contexts)

    for_group = for_event


Info = strawberry.Info[Context, None]


@strawberry.type
class User:
    id: strawberry.ID
    name: str

    @strawberry.field
    def boss(self) -> User:
        return User(id=strawberry.ID("boss"), name="Boss")

    @strawberry.field
    def pets(self) -> list[User]:
        return []

    @strawberry.field
    def viewer_is_friend(self, info: Info) -> bool:
        return info.context.identity.user_id is not None

    @strawberry.field
    def lost(self) -> str | None:
        raise NotFound("It is lost.")

    @strawberry.field
    def friends(self, first: int | None = None, last: int | None = None) -> UserConnection:
        return UserConnection(edges=[UserEdge(cursor="a", node=self)], page_info=PageInfo(has_next_page=False))


@strawberry.type
class UserEdge:
    cursor: str
    node: User


@strawberry.type
class PageInfo:
    has_next_page: bool


@strawberry.type
class UserConnection:
    edges: list[UserEdge]
    page_info: PageInfo


@strawberry.input
class Tree:
    name: str
    branch: Tree | None = None


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "you") -> str:
        return f"Hello, {name}."

    @strawberry.field
    def whoami(self, info: Info) -> str | None:
        assert info.schema is not None
        (selected,) = info.selected_fields
        assert isinstance(selected, SelectedField)
        assert selected.name == info.field_name == "whoami"
        return info.context.identity.user_id

    @strawberry.field
    def viewer(self, info: Info) -> User | None:
        asker = info.context.identity.user_id
        return None if asker is None else User(id=strawberry.ID(asker), name=asker.title())

    @strawberry.field
    async def user(self) -> User:
        return User(id=strawberry.ID("u"), name="Ann")

    @strawberry.field
    def users(self, first: int | None = None, last: int | None = None) -> UserConnection:
        return UserConnection(edges=[], page_info=PageInfo(has_next_page=False))

    @strawberry.field
    def nodes(self, ids: list[strawberry.ID]) -> list[User | None]:
        return [None for _ in ids]

    @strawberry.field
    def crowd(self, size: int) -> list[User]:
        return [User(id=strawberry.ID(str(number)), name="Someone") for number in range(size)]

    @strawberry.field
    def plant(self, tree: Tree) -> str:
        return tree.name

    @strawberry.field
    def needs(self, number: int) -> int | None:
        return number

    @strawberry.field
    def refused(self) -> str | None:
        raise NotFound("There is no such thing.")

    @strawberry.field
    def crashed(self) -> str | None:
        raise RuntimeError("password=hunter2\nDETAIL: Key (email)=(ann@example.org)")

    @strawberry.field
    def on_purpose(self) -> str | None:
        raise GraphQLError("Said on purpose.", extensions={"code": "CONFLICT"})

    @strawberry.field
    def broken_promise(self) -> str:
        return None  # type: ignore[return-value]  # what a fault of ours looks like

    @strawberry.field
    def no_json(self) -> JSON:
        return JSON({"number": 2**70})

    @strawberry.field
    async def slow(self, info: Info) -> str:
        return await _wait(info.context.world)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def write(self, info: Info, text: str) -> str:
        info.context.world.written.append(text)
        return text

    @strawberry.mutation
    async def slow_write(self, info: Info, text: str) -> str:
        await _wait(info.context.world)
        info.context.world.written.append(text)
        return text

    @strawberry.mutation
    def sign_in(self, info: Info) -> bool:
        info.context.response_headers.append(("set-cookie", "session=ann; HttpOnly"))
        return True


async def _wait(world: World) -> str:
    world.entered.set()
    try:
        await world.gate.wait()
    except asyncio.CancelledError:
        world.cancelled += 1
        raise
    return "at last"


@contextlib.contextmanager
def counted(world: World) -> Iterator[None]:
    world.sources += 1
    try:
        yield
    finally:
        world.sources -= 1


@strawberry.type
class Event:
    number: int
    filler: str = ""

    @strawberry.field
    def cursor(self) -> str:
        return f"c{self.number}"

    @strawberry.field
    def context(self, info: Info) -> int:
        return info.context.serial

    @strawberry.field
    def refused(self) -> int | None:
        raise NotFound("Not for you.")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, info: Info, to: int = 3) -> AsyncGenerator[Event, None]:
        with counted(info.context.world):
            for number in range(to):
                yield Event(number=number)

    @strawberry.subscription
    async def ticks(self, info: Info, after: str | None = None, to: int = 3) -> AsyncGenerator[Event, None]:
        with counted(info.context.world):
            for number in range(int(after.removeprefix("c")) + 1 if after else 0, to):
                yield Event(number=number)

    @strawberry.subscription
    async def forever(self, info: Info) -> AsyncGenerator[Event, None]:
        with counted(info.context.world):
            yield Event(number=0)
            await asyncio.Event().wait()

    @strawberry.subscription
    async def flood(self, info: Info) -> AsyncGenerator[Event, None]:
        with counted(info.context.world):
            number = 0
            while True:
                yield Event(number=number, filler="x" * 10_000)
                number += 1

    @strawberry.subscription
    async def breaks(self, info: Info) -> AsyncGenerator[Event, None]:
        with counted(info.context.world):
            yield Event(number=0)
            raise RuntimeError("the secret reason")

    @strawberry.subscription
    async def refuses(self) -> AsyncGenerator[Event, None]:
        raise NotFound("No such stream.")
        yield Event(number=0)


schema = strawberry.Schema(Query, Mutation, Subscription)
declare_directives(schema._schema)


def runner(trusted: Trusted | None = None) -> Runner:
    return Runner(schema, Documents(schema._schema, trusted=trusted))


class Quiet(uvicorn.Server):
    """A server that leaves the signals of the test process alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Served:
    """A running server and what it is made of."""

    world: World
    sockets: Sockets
    runner: Runner
    http: HttpEndpoint
    server: Quiet
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=PATIENCE_SECONDS)

    def dial(self, **options: Any) -> connect:
        return connect(f"ws://127.0.0.1:{self.port}/graphql", **{"subprotocols": ["graphql-transport-ws"], **options})

    async def idle(self) -> None:
        """Waits until no request or socket is being served."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while tasks := set(self.server.server_state.tasks):
                await asyncio.wait(tasks)


@contextlib.asynccontextmanager
async def serving(
    bounds: Bounds | None = None,
    sockets: Sockets | None = None,
    socket_protocol: type[SocketProtocol] = SocketProtocol,
    request_protocol: type[RequestProtocol] = RequestProtocol,
    ping_seconds: float = 600.0,
    pong_seconds: float = 600.0,
    body_seconds: float = 10.0,
    allowed: tuple[str, ...] = ("https://friend.example",),
    trusted: Trusted | None = None,
    stream_bounds: StreamBounds | None = None,
    reservation_bounds: ReservationBounds | None = None,
    profile: Profile = AUDITS,
) -> AsyncIterator[Served]:
    """A real uvicorn in this loop on a free port. Nobody is cut off for want of a pong unless a test says so."""
    world, run, registry = World(), runner(trusted), sockets or Sockets()
    origins = Origins(allowed)
    http = HttpEndpoint(
        run,
        world.authenticate,
        world.make_context,
        origins,
        b"<p>hi</p>",
        body_seconds=body_seconds,
        sockets=registry,
        stream_bounds=stream_bounds,
        reservation_bounds=reservation_bounds,
        profile=profile,
    )
    ws = SocketEndpoint(run, world.authenticate, world.make_context, origins, registry, bounds)
    routes = [Route("/graphql", http), Route("/graphql/{document_id}", http), WebSocketRoute("/graphql", ws)]
    app = Cors(Starlette(routes=routes), origins, methods=profile.methods)
    config = server_config(app, Settings(), socket_protocol, request_protocol, ping_seconds, pong_seconds)
    config.timeout_graceful_shutdown = 5
    listening, server = listen("127.0.0.1", 0), Quiet(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield Served(world, registry, run, http, server, listening.getsockname()[1])
    finally:
        server.should_exit = True
        await running
