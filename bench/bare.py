"""The limit for a home in Python: a bare asyncpg loop with the statements of the product, rows to JSON, no GraphQL.

`python -m bench.bare` serves it on HOST and PORT from DATABASE_URL, on uvicorn with nothing in between.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import orjson
import uvicorn

from bench.statements import CONNECTION, statements
from models.database import PlainConnection
from models.timeline import NEWEST

PAGE = 20
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


async def page(connection: asyncpg.Connection, token: str) -> bytes:
    """A home as JSON: the rows as they come, posts in the order of the page."""
    sql = statements()
    who = await connection.fetchrow(sql["identify"], hashlib.sha256(token.encode()).hexdigest(), 300.0, True)
    viewer = who["user_id"]
    entries = await connection.fetch(sql["home"], viewer, NEWEST, 0, PAGE + 1)
    if entries[0]["short"]:
        entries = await connection.fetch(sql["thorough"], viewer, NEWEST, 0, PAGE + 1)
    shown = [entry for entry in entries if entry["key"] is not None][:PAGE]
    posts = {
        row["id"]: dict(row) for row in await connection.fetch(sql["posts"], viewer, [e["post_id"] for e in shown])
    }
    named = {row["author_id"] for row in posts.values()} | {e["reposter_id"] for e in shown if e["reposter_id"]}
    for row in posts.values():
        row["images"] = orjson.Fragment(row["images"] or "[]")
        facets = row["facets"]
        if facets != "[]":
            named.update(facet["user_id"] for facet in orjson.loads(facets) if facet["user_id"] is not None)
        row["facets"] = orjson.Fragment(facets)
    users = [dict(row) for row in await connection.fetch(sql["users"], viewer, list(named))]
    return orjson.dumps({"order": [entry["post_id"] for entry in shown], "posts": list(posts.values()), "users": users})


class Bare:
    """The ASGI application."""

    def __init__(self) -> None:
        self.pool: asyncpg.Pool | None = None

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Every path but /readyz is a home."""
        if self.pool is None:
            size = int(os.environ["PEER_CONNECTIONS"])
            self.pool = await asyncpg.create_pool(
                os.environ["DATABASE_URL"],
                min_size=size,
                max_size=size,
                connection_class=PlainConnection,
                server_settings=CONNECTION,
            )
        body = b"ready"
        if scope["path"] != "/readyz":
            token = next(value for name, value in scope["headers"] if name == b"authorization")[7:].decode()
            while (await receive()).get("more_body"):
                pass
            async with self.pool.acquire() as connection:
                body = await page(connection, token)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(
        Bare(), host=os.environ["HOST"], port=int(os.environ["PORT"]), log_level="warning", lifespan="off", ws="none"
    )
