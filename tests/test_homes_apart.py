"""Several API processes: what was done at one is in the next read at another, whether or not it has heard of it yet."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.people import PATIENCE_SECONDS, Person, Town
from tests.processes import Api, Processes, own_stack
from tests.test_homes import STEPS, circle, step


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house() -> AsyncIterator[Processes]:
    """API processes, the last without lists; and no relay: each hears of what happened when it looks, four times a second."""
    with own_stack("homes") as stack:
        processes = Processes(stack)
        try:
            await processes.begin(processes.api("one"), processes.api("two"), processes.api("plain", HOME_LISTS="0"))
            yield processes
        finally:
            processes.end()


def towns(house: Processes, http: httpx.AsyncClient) -> list[Town]:
    """The same people, reached at each of the processes."""
    return [Town(process.url, http) for process in house.all if isinstance(process, Api)]


@pytest.mark.parametrize("away", ["nobody", "Redis"])
async def test_one_s_own_writes_are_in_the_next_read_at_any_process(house: Processes, away: str) -> None:
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as http:
        here, there, plain = towns(house, http)
        if away == "Redis":
            house.stack.redis.stop()
        try:
            reader, ada, bob, post = await circle(here)
            posts = [post, await bob.write("His")]
            elsewhere, fresh = [Person(town, reader.handle, reader.id, reader.token) for town in (there, plain)]
            for _ in range(3):
                assert (await elsewhere.home())["edges"] == (await fresh.home())["edges"]
            for what in [*STEPS[:-1], ("reader", "UnfollowUser"), STEPS[-1]]:
                await step(reader, ada, bob, posts, what)
                for _ in range(2):
                    assert (await elsewhere.home())["edges"] == (await fresh.home())["edges"], what
            mine = await reader.write("Once more")
            for _ in range(3):
                assert (await elsewhere.home())["edges"][0]["node"]["likeCount"] == 0
            for verb, liked in (("LikePost", True), ("UnlikePost", False)):
                await reader.do(verb, postId=mine)
                node = (await elsewhere.home())["edges"][0]["node"]
                assert (node["id"], node["viewerHasLiked"], node["likeCount"]) == (mine, liked, int(liked))
        finally:
            if away == "Redis":
                house.stack.redis.start()
