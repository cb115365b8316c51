"""The cast: people who speak GraphQL to a running Fresque, over HTTP and WebSocket, as anybody outside would."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect

from execution.protocol import KEEP_ALIVE_SECONDS

OPERATIONS = (Path(__file__).parent / "operations" / "core.graphql").read_text()
PASSWORD = "correct horse battery staple"  # noqa: S105  # everybody's, in tests
PATIENCE_SECONDS = 60.0
# Connections are let go of before the server does so, which on a busy machine would be while they are used again.
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=KEEP_ALIVE_SECONDS / 2)
_numbers = itertools.count(1)


class Refused(AssertionError):
    """The API answered with errors where none were expected."""


@dataclass(slots=True)
class Town:
    """One running Fresque, by its address; whoever asks through it is signed out."""

    url: str
    http: httpx.AsyncClient

    async def post(self, query: str, variables: dict[str, Any], name: str | None, token: str | None) -> dict[str, Any]:
        """The whole answer to one operation."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body: dict[str, Any] = {"query": query, "variables": variables, "operationName": name}
        answer = await self.http.post(f"{self.url}/graphql", json=body, headers=headers)
        self.http.cookies.clear()  # whoever is signed out stays so
        result: dict[str, Any] = answer.json()
        return result

    async def person(self, name: str = "ada") -> Person:
        """Somebody new by that name (a number is added), signed up with a bearer token."""
        handle = f"{name}_{os.getpid()}_{next(_numbers)}"
        given = {"handle": handle, "email": f"{handle}@example.org", "password": PASSWORD, "bearer": True}
        done = await self.ask("SignUp", input=given)
        assert not done["signUp"]["userErrors"], done
        return Person(self, handle, done["signUp"]["viewer"]["user"]["id"], done["signUp"]["token"])

    async def ask(self, operation: str, /, **variables: Any) -> dict[str, Any]:
        """The data of a core operation (by name) or of a document, signed out. Raises Refused for GraphQL errors."""
        return await Person(self, "", "", None).ask(operation, **variables)

    @asynccontextmanager
    async def live(self, operation: str, /, **variables: Any) -> AsyncIterator[Feed]:
        """A subscription, signed out."""
        async with Person(self, "", "", None).live(operation, **variables) as feed:
            yield feed


@dataclass(slots=True)
class Person:
    """Somebody with an account and a bearer token."""

    town: Town
    handle: str
    id: str
    token: str | None = field(repr=False)

    async def answer(self, operation: str, /, **variables: Any) -> dict[str, Any]:
        """The whole answer, errors included."""
        known = "{" not in operation
        return await self.town.post(
            OPERATIONS if known else operation, variables, operation if known else None, self.token
        )

    async def ask(self, operation: str, /, **variables: Any) -> dict[str, Any]:
        """The data of a core operation (by name) or of a document. Raises Refused for GraphQL errors."""
        answer = await self.answer(operation, **variables)
        if answer.get("errors"):
            raise Refused(answer["errors"])
        data: dict[str, Any] = answer["data"]
        return data

    async def do(self, operation: str, /, **given: Any) -> dict[str, Any]:
        """The payload of a core mutation on this input. Raises Refused when it has user errors."""
        payload = await self.attempt(operation, **given)
        if payload["userErrors"]:
            raise Refused(payload["userErrors"])
        return payload

    async def attempt(self, operation: str, /, **given: Any) -> dict[str, Any]:
        """The payload of a core mutation on this input, user errors and all."""
        (payload,) = (await self.ask(operation, input=given)).values()
        found: dict[str, Any] = payload
        return found

    async def refusal(self, operation: str, /, **given: Any) -> tuple[str, list[str] | None]:
        """Code and path of the one user error of a core mutation that must be refused."""
        payload = await self.attempt(operation, **given)
        assert len(payload["userErrors"]) == 1, payload
        return payload["userErrors"][0]["code"], payload["userErrors"][0]["path"]

    async def write(self, text: str, **more: Any) -> str:
        """Publish a post; its id."""
        payload = await self.do("CreatePost", text=text, **more)
        found: str = payload["post"]["id"]
        return found

    async def follow(self, *others: Person) -> None:
        """Follow others."""
        for other in others:
            await self.do("FollowUser", userId=other.id)

    async def home(self, **page: Any) -> dict[str, Any]:
        """One page of the home timeline."""
        found: dict[str, Any] = (await self.ask("Home", **page))["viewer"]["homeTimeline"]
        return found

    async def home_set(self) -> set[tuple[str, str | None]]:
        """The whole home as a set of (post, reposter)."""
        found: set[tuple[str, str | None]] = set()
        after = None
        while True:
            page = await self.home(first=100, **({"after": after} if after else {}))
            for edge in page["edges"]:
                found.add((edge["node"]["id"], edge["repostedBy"] and edge["repostedBy"]["id"]))
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    @asynccontextmanager
    async def live(self, operation: str, /, **variables: Any) -> AsyncIterator[Feed]:
        """A subscription on a socket of its own, up to its first message (a heartbeat, a job's snapshot or a Reset)."""
        async with self.socket() as socket:
            known = "{" not in operation
            payload: dict[str, Any] = {"query": OPERATIONS if known else operation, "variables": variables}
            if known:
                payload["operationName"] = operation
            await socket.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": payload}).decode())
            feed = Feed(socket)
            feed.first = await feed.next(heartbeats=True)
            yield feed

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[ClientConnection]:
        """A socket that was acknowledged."""
        address = self.town.url.replace("http", "ws", 1) + "/graphql"
        async with connect(address, subprotocols=["graphql-transport-ws"], max_size=None) as socket:  # type: ignore[list-item]
            shown = {"authorization": f"Bearer {self.token}"} if self.token else {}
            await socket.send(orjson.dumps({"type": "connection_init", "payload": shown}).decode())
            assert orjson.loads(await socket.recv())["type"] == "connection_ack"
            yield socket


class Feed:
    """What one subscription delivers."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.first: dict[str, Any] = {}
        self.cursor: str | None = None

    async def next(self, *, heartbeats: bool = False) -> dict[str, Any]:
        """The next message of the feed, heartbeats passed over. Fails when none comes in time or the feed ends."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                message = orjson.loads(await self.socket.recv())
                if message["type"] != "next":
                    raise Refused(message)
                if message["payload"].get("errors"):
                    raise Refused(message["payload"]["errors"])
                (event,) = message["payload"]["data"].values()
                found: dict[str, Any] = event
                self.cursor = found["cursor"]
                if heartbeats or found["__typename"] != "LiveHeartbeat":
                    return found

    async def until(self, typename: str) -> dict[str, Any]:
        """The next message of this type; others are passed over."""
        while True:
            found = await self.next()
            if found["__typename"] == typename:
                return found
