"""Python `gql`: asked, changed, followed live and taken up again. Runs with the Python of `tests/clients/.venv`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

URL = os.environ["FRESQUE_URL"] + "/graphql"
BEARER = {"authorization": f"Bearer {os.environ['ADA_TOKEN']}"}
SECONDS = 20
CREATE = gql("mutation Create($text: String!) { createPost(input: {text: $text}) { post { id text } } }")
HOME = gql("query Home { viewer { user { handle } homeTimeline(first: 1) { edges { node { text } } liveCursor } } }")
LIVE = gql(
    "subscription Live($after: String) { homeTimeline(after: $after) {"
    " __typename cursor ... on PostPublished { edge { node { id text } } } } }"
)


def http() -> Client:
    """By HTTP; fetches the schema by introspection first and checks every document against it."""
    return Client(transport=HTTPXAsyncTransport(url=URL, headers=BEARER), fetch_schema_from_transport=True)


def socket() -> Client:
    """By graphql-transport-ws."""
    address = URL.replace("http", "ws", 1)
    return Client(transport=WebsocketsTransport(url=address, init_payload=BEARER))


def with_values(document: Any, **values: Any) -> Any:
    """The document with its variables."""
    document.variable_values = values
    return document


async def published(feed: AsyncIterator[dict[str, Any]]) -> dict[str, Any]:
    """The next post of a live home."""
    async for result in feed:
        event: dict[str, Any] = result["homeTimeline"]
        if event["__typename"] == "PostPublished":
            return event
    raise AssertionError("The feed ended.")


async def refused(session: Any, document: str) -> str | None:
    """The code with which a document is refused; None when it is answered."""
    try:
        await session.execute(gql(document))
    except TransportQueryError as error:
        return str((error.errors or [{}])[0]["extensions"]["code"])
    return None


async def main() -> None:
    """Every check, in order."""
    async with http() as session:
        made = await session.execute(with_values(CREATE, text="From gql"))
        assert made["createPost"]["post"]["text"] == "From gql", made
        viewer = (await session.execute(HOME))["viewer"]
        assert viewer["user"]["handle"] == os.environ["ADA_HANDLE"], viewer
        assert viewer["homeTimeline"]["edges"][0]["node"]["text"] == "From gql", viewer

        # gql waits ten seconds for a feed that is left without being closed.
        after = viewer["homeTimeline"]["liveCursor"]
        async with socket() as first, aclosing(first.subscribe(with_values(LIVE, after=after))) as feed:
            await session.execute(with_values(CREATE, text="One"))
            one = await published(feed)
            while one["edge"]["node"]["text"] != "One":  # a feed may repeat what stood on the page
                one = await published(feed)
        for text in ("Two", "Three"):
            await session.execute(with_values(CREATE, text=text))
        async with socket() as second, aclosing(second.subscribe(with_values(LIVE, after=one["cursor"]))) as feed:
            assert [(await published(feed))["edge"]["node"]["text"] for _ in range(2)] == ["Two", "Three"]

    async with socket() as session:
        both = await asyncio.gather(session.execute(HOME), session.execute(with_values(CREATE, text="By socket")))
        assert both[1]["createPost"]["post"]["text"] == "By socket", both
        assert await refused(session, "{ nothingOfThisName }") == "GRAPHQL_VALIDATION_FAILED"
        assert (await session.execute(HOME))["viewer"], "an error ends its operation and not the socket"


asyncio.run(asyncio.wait_for(main(), SECONDS))
print("gql: all well")
