"""`python -m dev.seed`: the cast moves in, with its posts, follows and pictures made by the built-in engine.

Everything goes through the verbs the API uses; pictures are jobs, made by a worker in this process. What is there already is
left alone, so it may be repeated, also after it was broken off.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence

from dev.people import CAST, LINES, PASSWORD, Line, Member
from generation.engines.atelier import Atelier
from generation.worker import Worker
from models import credit_move, follow, like, repost, user
from models.database import close_database, open_database
from models.engine import known
from models.image import Image
from models.job import OPEN_STATES, GenerationJob, JobState, jobs
from models.job_move import ask
from models.migrate import migrate
from models.post import Post
from models.publishing import Attachment, Draft, write
from models.tier import Tier
from models.transaction import transaction
from models.user import User
from models.wish import Wish
from realtime.wire import Wire
from resolvers.password import hashed
from settings import Settings, set_up_logging, settings
from storage.bucket import Bucket

PORTRAIT_PIXELS = 256
ENGINE = "atelier"
LOOK_SECONDS = 0.1
PLENTY_CREDITS = 100_000
log = logging.getLogger("seed")


async def people() -> dict[str, int]:
    """The cast by handle: whoever is missing signs up."""
    found: dict[str, int] = {}
    secret = ""
    for member in CAST:
        row = await User.get_or_none(handle=member.handle)
        if row is None:
            secret = secret or await hashed(PASSWORD, settings())
            async with transaction():
                row = await user.sign_up(member.handle, f"{member.handle}@example.org", secret, member.name)
                await user.update_profile(row.id, {"bio": member.bio, "location": member.location})
        await credit_move.set_tier(row.id, Tier.PRO)
        await credit_move.grant(row.id, PLENTY_CREDITS, f"seed:{row.id}", "To play with.")
        found[member.handle] = row.id
    for member in CAST:
        for other in member.follows:
            async with transaction():
                await follow.follow(found[member.handle], found[other])
    return found


async def pictures(told: Settings, wishes: Mapping[str, tuple[int, Wish]]) -> dict[str, int]:
    """Images by key: each wish (owner, wish) is a job, made here and now by a worker of our own."""
    if not wishes:
        return {}
    wire, bucket = Wire(told.redis_url), await Bucket.open(told)
    worker = Worker([Atelier()], wire, bucket, told)
    working = asyncio.create_task(worker.run())
    try:
        while not any(engine.available for engine in await known()):
            await asyncio.wait([working], timeout=LOOK_SECONDS)
            if working.done():
                working.result()
                raise RuntimeError("The worker ended before its engine was ready.")
        asked: dict[str, tuple[int, int]] = {}
        for key, (owner_id, wish) in wishes.items():
            async with transaction():
                asked[key] = owner_id, await ask(owner_id, wish)
        while await GenerationJob.filter(id__in=[n for _, n in asked.values()], state__in=OPEN_STATES).exists():
            await asyncio.wait([working], timeout=LOOK_SECONDS)
        return {key: await _made(*job) for key, job in asked.items()}
    finally:
        worker.stop()
        await working
        await bucket.close()
        await wire.close()


async def _made(owner_id: int, job_id: int) -> int:
    job = (await jobs([job_id], owner_id))[job_id]
    if job.state is not JobState.SUCCEEDED or job.outputs[0].image_id is None:
        raise RuntimeError(f"A picture of the seed was not made: {job.failure}")
    return job.outputs[0].image_id


async def missing() -> tuple[Sequence[Member], Sequence[Line]]:
    """Who has no portrait yet, and which pictures are still to be made for lines that are still to be said."""
    faceless = [m for m in CAST if not await User.filter(handle=m.handle, avatar_id__isnull=False).exists()]
    unsaid = [line for line in LINES if await said(line) is None]
    return faceless, unsaid


async def said(line: Line) -> int | None:
    """The post a line became, if it was said."""
    author = await User.get_or_none(handle=line.author)
    row = await Post.filter(author_id=author.id, text=line.text).first() if author else None
    return row.id if row else None


async def say(line: Line, cast: Mapping[str, int], images: Mapping[str, int], posts: Mapping[str, int]) -> int:
    """Post one line."""
    attachments = [Attachment(images[line.key])] if line.key in images else []
    async with transaction():
        return await write(
            cast[line.author],
            Draft(line.text, attachments, posts.get(line.answers) or None, posts.get(line.quotes) or None),
        )


async def hang_banners(cast: Mapping[str, int]) -> None:
    """Whoever has none shows the widest of their pictures across the top of their page."""
    for user_id in cast.values():
        bare = await User.filter(id=user_id, banner_id__isnull=True).exists()
        widest = await Image.filter(owner_id=user_id, width__gt=PORTRAIT_PIXELS).order_by("-width", "id").first()
        if bare and widest is not None:
            async with transaction():
                await user.update_profile(user_id, {"banner_id": widest.id})


async def seed(told: Settings) -> None:
    """Bring in whatever is missing of the cast and its lines."""
    began = time.monotonic()
    cast = await people()
    faceless, unsaid = await missing()
    wishes = {
        f"@{m.handle}": (cast[m.handle], Wish(m.portrait, ENGINE, width=PORTRAIT_PIXELS, height=PORTRAIT_PIXELS))
        for m in faceless
    } | {
        line.key: (
            cast[line.author],
            Wish(line.prompt, ENGINE, width=line.size[0], height=line.size[1], style=line.style or None),
        )
        for line in unsaid
        if line.prompt
    }
    images = await pictures(told, wishes)
    for member in faceless:
        async with transaction():
            await user.update_profile(cast[member.handle], {"avatar_id": images[f"@{member.handle}"]})
    posts: dict[str, int] = {}
    for line in LINES:
        posts[line.key] = await said(line) or await say(line, cast, images, posts)
        for handle in line.likes:
            async with transaction():
                await like.like(cast[handle], posts[line.key])
        for handle in line.reposts:
            async with transaction():
                await repost.repost(cast[handle], posts[line.key])
    await hang_banners(cast)
    if not (faceless or unsaid):
        log.info("everybody and everything of the seed is there already")
    else:
        log.info("seeded %d people and %d posts in %.1f s", len(CAST), len(LINES), time.monotonic() - began)


async def main() -> None:
    """Migrate, then seed the database of the process's settings."""
    told = settings()
    await migrate(told.database_url)
    await open_database(told.database_url, 4)
    try:
        await seed(told)
    finally:
        await close_database()


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(main())
