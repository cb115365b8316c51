"""The client that ariadne-codegen made of the core operations. Runs with the Python of `tests/clients/.venv`."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime, timedelta

from fresque import Client, CreatePostInput, ErrorCode, LikePostInput
from fresque.home_live import HomeLiveHomeTimelinePostPublished

URL = os.environ["FRESQUE_URL"] + "/graphql"
BEARER = {"authorization": f"Bearer {os.environ['ADA_TOKEN']}"}
SECONDS = 20


async def main() -> None:
    """Every check, in order."""
    address = URL.replace("http", "ws", 1)
    async with Client(URL, headers=BEARER, ws_url=address, ws_connection_init_payload=BEARER) as client:
        viewer = (await client.viewer()).viewer
        assert viewer is not None
        assert viewer.user.handle == os.environ["ADA_HANDLE"]

        post = (await client.create_post(CreatePostInput(text="From ariadne-codegen"))).create_post.post
        assert post is not None
        assert isinstance(post.created_at, datetime)
        assert post.created_at.utcoffset() == timedelta(0)
        liked = (await client.like_post(LikePostInput(post_id=post.id))).like_post.post
        assert liked is not None
        assert liked.viewer_has_liked
        (refused,) = (await client.create_post(CreatePostInput(text=""))).create_post.user_errors
        assert refused.code is ErrorCode.BAD_USER_INPUT

        home = (await client.home(first=1)).viewer
        assert home is not None
        assert home.home_timeline is not None
        assert home.home_timeline.edges[0].node.id == post.id
        await client.create_post(CreatePostInput(text="Live"))
        async for event in client.home_live(after=home.home_timeline.live_cursor):
            happened = event.home_timeline
            if isinstance(happened, HomeLiveHomeTimelinePostPublished) and happened.edge.node.text == "Live":
                break

        page = (await client.user_page(handle=viewer.user.handle)).user
        assert page is not None
        assert page.posts is not None
        assert [edge.node.text for edge in page.posts.edges][:2] == ["Live", "From ariadne-codegen"]


asyncio.run(asyncio.wait_for(main(), SECONDS))
print("ariadne-codegen: all well")
