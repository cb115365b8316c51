"""Creating in the open, tried again: what the first job did not make comes into the post that was published for it."""

from __future__ import annotations

from models import node_id
from models.job_end import Ending
from models.lease import finish
from tests.people import Town
from tests.selection import mutation
from tests.test_creation import LIVE, UNMADE, Kiln, kiln, opened, seen

__all__ = ["kiln"]


async def test_a_retry_makes_the_post_that_failed(town: Town, kiln: Kiln) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    job = await opened(ada, kiln)
    work = await kiln.claimed()
    await finish(work.id, work.token, Ending.FAILED, UNMADE)
    assert (await seen(bob, job["post"]["id"]) or {})["creation"]["state"] == "FAILED"
    await ada.do(mutation("retryGeneration"), jobId=job["id"])
    waiting = await seen(ada, job["post"]["id"])
    assert waiting is not None
    assert waiting["creation"]["state"] == "WAITING"
    assert waiting["creation"]["job"]["id"] != job["id"]
    later = await kiln.claimed()
    image = await kiln.kept(later, 0)
    await finish(later.id, later.token, Ending.DONE)
    found = await seen(bob, job["post"]["id"])
    assert found is not None
    assert ([one["id"] for one in found["images"]], found["creation"]) == ([node_id.encode("image", image)], None)


async def test_a_retry_adds_what_was_missing_to_its_post(town: Town, kiln: Kiln) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    job, deleted = await opened(ada, kiln, count=2), await opened(ada, kiln, "regretted", count=2)
    first = None
    for _ in range(2):
        work = await kiln.claimed()
        image = await kiln.kept(work, 1)
        first = image if node_id.encode("job", work.id) == job["id"] else first
        await finish(work.id, work.token, Ending.FAILED, UNMADE)
    assert first is not None
    found = await seen(bob, job["post"]["id"])
    assert found is not None
    assert (len(found["images"]), found["creation"]) == (1, None)
    await ada.do("DeletePost", postId=deleted["post"]["id"])
    await ada.do(mutation("retryGeneration"), jobId=deleted["id"])
    work = await kiln.claimed()
    await kiln.kept(work, 0)
    await finish(work.id, work.token, Ending.DONE)
    assert await seen(bob, deleted["post"]["id"]) is None

    await ada.do(mutation("retryGeneration"), jobId=job["id"])
    found = await seen(bob, job["post"]["id"])
    assert found is not None
    assert (len(found["images"]), found["creation"]["state"], found["creation"]["wanted"]) == (1, "WAITING", 2)
    work = await kiln.claimed()
    async with bob.live(LIVE, ids=[job["post"]["id"]]) as feed:
        image = await kiln.kept(work, 0)
        assert [one["id"] for one in (await feed.until("PostChanged"))["post"]["images"]] == [
            node_id.encode("image", number) for number in (image, first)
        ]
    await finish(work.id, work.token, Ending.DONE)
    found = await seen(bob, job["post"]["id"])
    assert found is not None
    assert (len(found["images"]), found["creation"]) == (2, None)
