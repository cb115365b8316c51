"""`python -m work`, killed between two batches of a takedown and of its reversal: every picture goes once, and comes back once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from dev.stack import Stack
from models import evidence, moderation, moderation_case, role
from models.consent import RemixPolicy
from models.database import fetch, fetch_one, fetch_value
from models.moderation import Order
from models.moderation_action import ModerationActionKind
from models.publishing import Attachment, Draft, write
from models.report import ReportReason
from models.role import Role
from models.subject import ReportSubjectKind, Subject
from models.transaction import transaction
from models.tree_takedown import AT_ONCE
from settings import Settings
from tests.hooks import somebody
from tests.jobs import HERE, job_world
from tests.test_automod_crash import end, killed, until
from tests.test_webhook_crash import work

REMIXES = AT_ONCE * 5 // 2


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _world(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "tree_takedown_crash_test", PYTHONPATH=str(HERE)) as found:
        yield found


async def picture(owner: int, of: tuple[int, int] | None = None) -> tuple[int, int]:
    """A post with a picture, which is a remix of that one; the numbers of both."""
    async with transaction():
        image = await fetch_value(
            """INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash, generated, remix_post_id,
                remix_image_id) VALUES ($1, 'p/' || fresque_id(), 'image/png', 9, 9, 9, 'L00000fQfQfQfQfQfQfQfQfQfQfQ', true, $2, $3)
            RETURNING id""",
            owner,
            *(of or (None, None)),
        )
        return await write(owner, Draft("Look", [Attachment(image)], remix_policy=RemixPolicy.EVERYONE)), image


async def remixes(post: int) -> int:
    """What is counted of a post."""
    return int(
        await fetch_value(
            """SELECT c.remixes + coalesce((SELECT sum(d.remixes) FROM post_count_deltas d WHERE d.subject_id = $1), 0)
            FROM post_counts c WHERE c.subject_id = $1""",
            post,
        )
    )


async def test_a_large_tree_goes_once_and_comes_back_once_whoever_is_killed() -> None:
    ada, ben, mod = [await somebody() for _ in range(3)]
    async with transaction():
        await role.give(None, mod, Role.MODERATOR)
    root = await picture(ada)
    for _ in range(REMIXES):
        await picture(ben, root)
    subject = Subject(ReportSubjectKind.IMAGE, root[1])
    async with transaction():
        case = await moderation_case.open_case(subject, await evidence.gather(mod, subject), 0, reports=0)
        action = await moderation.act(mod, case, Order(ModerationActionKind.REMOVE, ReportReason.DEEPFAKE))
    assert await remixes(root[0]) == REMIXES - AT_ONCE + 1
    await killed("takedown.batch")
    assert await remixes(root[0]) == REMIXES - AT_ONCE + 1, "of the batch in which it was killed nothing stays"
    assert await settled(action, "TAKEN") == REMIXES
    assert await remixes(root[0]) == 0
    actions = "SELECT count(*) FROM moderation_actions WHERE root_id = $1 AND kind = 'REMOVE'"
    assert await fetch_value(actions, action) == REMIXES
    async with transaction():
        await moderation.reverse(mod, action, "")
    await killed("takedown.batch")
    assert await remixes(root[0]) == AT_ONCE
    assert await settled(action, "RETURNED") == REMIXES
    assert await remixes(root[0]) == REMIXES
    assert not await fetch("SELECT 1 FROM images WHERE taken_at IS NOT NULL")
    details = await fetch("SELECT detail FROM moderation_log WHERE kind LIKE 'TREE%' ORDER BY id")
    assert [row["detail"] for row in details] == [str(REMIXES)] * 2


async def settled(action: int, state: str) -> int:
    """How many pictures it took, or gave back, when two at work side by side have done all of it."""
    others = [work(), work()]

    async def done() -> Any:
        return await fetch_one("SELECT * FROM tree_takedowns WHERE action_id = $1 AND state = $2", action, state)

    row = await until(done)
    for one in others:
        await end(one)
    return int(row["taken"] if state == "TAKEN" else row["returned"])
