"""`python -m work`, killed around publishing what is scheduled: it is published once. And whatever is done, a draft is one thing."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from dev.stack import Stack
from errors import Refusal
from models import kept_draft, schedule
from models.database import fetch, fetch_one, fetch_value
from models.draft_content import Content, PostContent
from models.transaction import transaction
from models.user import User
from models.wish import Wish
from settings import Settings
from tests.forked import Forked
from tests.jobs import HERE, job_world
from tests.people import PATIENCE_SECONDS
from tests.scheduling import claimed, loom, made, tick

_numbers = itertools.count(1)
MANY = 45  # of each author; no more than so many of one day are taken
SOON = "(SELECT now() + interval '1 hour')"


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "schedule_crash_test", PYTHONPATH=str(HERE)) as found:
        yield found


async def author() -> int:
    """Somebody who may publish."""
    number: int = (await User.create(handle=f"u{next(_numbers)}")).id
    return number


async def scheduled(owner: int, text: str) -> int:
    """A draft whose time has come."""
    async with transaction():
        number = await kept_draft.create(owner, Content((PostContent(text),)))
        await schedule.schedule(owner, number, await fetch_value(f"SELECT {SOON}"), in_the_open=False)
    await fetch("UPDATE drafts SET publish_at = now() WHERE id = $1", number)
    return number


def work(checkpoint: str = "") -> Forked:
    """A work process of its own, which kills itself at the checkpoint."""
    variables = {"CHECKPOINT": checkpoint} if checkpoint else {}
    return Forked("work", environment={**os.environ, **variables})


@pytest.mark.parametrize(("checkpoint", "posts"), [("schedule.before_commit", 0), ("schedule.after_commit", 1)])
async def test_killed_around_the_commit_it_publishes_once(checkpoint: str, posts: int) -> None:
    owner = await author()
    number = await scheduled(owner, "once")
    await killed(checkpoint)
    assert await fetch_value("SELECT count(*) FROM posts WHERE author_id = $1", owner) == posts
    assert (await fetch_one("SELECT 1 FROM drafts WHERE id = $1", number) is None) is bool(posts)
    while await schedule.fire_next():
        pass
    assert await fetch_value("SELECT count(*) FROM posts WHERE author_id = $1", owner) == 1
    told = await fetch_value("SELECT count(*) FROM events WHERE kind = 'draft_published' AND subject_id = $1", number)
    assert told == 1


async def wished(owner: int, engine: str) -> int:
    """A thread of two whose time has come, with a picture to be made first."""
    said = Content((PostContent("first"), PostContent("second")), wish=Wish("a fox", engine=engine))
    async with transaction():
        number = await kept_draft.create(owner, said)
        await schedule.schedule(owner, number, await fetch_value(f"SELECT {SOON}"), in_the_open=False)
    await fetch("UPDATE drafts SET publish_at = now() WHERE id = $1", number)
    return number


async def ended(one: Forked) -> None:
    """A process is killed wherever it is."""
    one.kill()
    assert await one.wait() == -signal.SIGKILL


async def killed(checkpoint: str) -> None:
    """A work process has come to a checkpoint and is no more, and PostgreSQL has let go of what it held."""
    crashing = work(checkpoint)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await crashing.wait() == -signal.SIGKILL
    await fetch("SELECT 1 FROM drafts FOR UPDATE")


async def counts(owner: int) -> tuple[int, int, int]:
    """Somebody's posts, jobs and credits set aside."""
    row = await fetch_one(
        """SELECT (SELECT count(*) FROM posts WHERE author_id = $1) AS posts,
            (SELECT count(*) FROM generation_jobs WHERE owner_id = $1) AS jobs,
            (SELECT count(*) FROM credit_entries WHERE owner_id = $1 AND kind = 'RESERVE') AS reserved""",
        owner,
    )
    assert row is not None
    return row["posts"], row["jobs"], row["reserved"]


async def test_killed_around_each_step_it_is_made_paid_and_published_once() -> None:
    owner, engine = await author(), await loom()
    number = await wished(owner, engine)
    await killed("schedule.before_commit")
    assert await counts(owner) == (0, 0, 0), "nothing was asked for, nothing set aside"
    await tick()
    assert await counts(owner) == (0, 1, 1)
    await tick()
    assert await counts(owner) == (0, 1, 1), "it is not asked for again"
    await made(await claimed(engine), 0)
    await killed("schedule.before_commit")
    assert await counts(owner) == (0, 1, 1)
    await killed("schedule.after_commit")
    await tick()
    assert await counts(owner) == (2, 1, 1)
    assert await fetch_value("SELECT count(*) FROM post_images") == 1
    assert await fetch_one("SELECT 1 FROM drafts WHERE id = $1", number) is None


async def test_of_many_that_are_due_each_is_published_once_while_processes_die() -> None:
    """Two at work at once, of which one after the other is killed wherever it is, until all is out."""
    owners = [await author() for _ in range(3)]
    numbers = {await scheduled(owner, str(number)) for owner in owners for number in range(MANY)}
    at_work = [work() for _ in range(2)]
    killings = 0
    async with asyncio.timeout(6 * PATIENCE_SECONDS):
        while remaining := await fetch_value("SELECT count(*) FROM drafts"):
            if killings < 2 and remaining < len(numbers) * (3 - killings) / 4:
                killings += 1
                await ended(at_work.pop(0))
                at_work.append(work())
    for one in at_work:
        await ended(one)
    assert killings == 2
    rows = await fetch("SELECT count(*) AS times FROM posts WHERE author_id = ANY($1) GROUP BY author_id, text", owners)
    assert [row["times"] for row in rows] == [1] * len(numbers)
    told = await fetch(
        "SELECT subject_id, count(*) AS times FROM events WHERE kind = 'draft_published' AND actor_id = ANY($1) GROUP BY 1",
        owners,
    )
    assert {(row["subject_id"], row["times"]) for row in told} == {(number, 1) for number in numbers}


STEPS = st.lists(
    st.sampled_from(["save", "schedule", "unschedule", "publish", "delete", "fire", "late", "time"]),
    min_size=1,
    max_size=12,
)


@given(steps=STEPS)
@hypothesis(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
async def test_whatever_is_done_it_is_a_draft_or_one_post(steps: list[str]) -> None:
    """Against a model of five lines: what state it is in after each step, and that no more than one post ever comes of it."""
    owner = await author()
    await fetch("DELETE FROM drafts")  # what another example left due would be published first
    async with transaction():
        number = await kept_draft.create(owner, Content((PostContent("0"),)))
    state, is_due, version = "DRAFT", False, 1
    for count, step in enumerate(steps, 1):
        alive = state in ("DRAFT", "SCHEDULED", "FAILED")
        try:
            async with transaction():
                if step == "save":
                    await kept_draft.change(owner, number, Content((PostContent(str(count)),)), None)
                elif step == "schedule":
                    when = await fetch_value(f"SELECT {SOON}")
                    await schedule.schedule(owner, number, when, in_the_open=False)
                elif step == "unschedule":
                    await schedule.unschedule(owner, number)
                elif step == "publish":
                    await schedule.publish_now(owner, number, None)
                elif step == "delete":
                    await kept_draft.delete(owner, number)
            assert alive or step in ("fire", "late", "time")
        except Refusal:
            assert not alive
            continue
        if step in ("late", "time") and state == "SCHEDULED":
            past = "25 hours" if step == "late" else "1 second"
            await fetch(f"UPDATE drafts SET publish_at = now() - interval '{past}' WHERE id = $1", number)
            is_due = True
        overdue = is_due and await fetch_value(
            "SELECT publish_at < now() - interval '1 day' FROM drafts WHERE id = $1", number
        )
        if step == "fire":
            assert await schedule.fire_next() is (state == "SCHEDULED" and is_due)
            state = state if state != "SCHEDULED" or not is_due else ("FAILED" if overdue else "POST")
        elif step == "save" and state == "FAILED":
            state = "DRAFT"
        elif step in ("schedule", "publish", "delete"):
            state = {"schedule": "SCHEDULED", "publish": "POST", "delete": "GONE"}[step]
        elif step == "unschedule" and state == "SCHEDULED":
            state = "DRAFT"
        is_due = is_due and state == "SCHEDULED" and step != "schedule"
        row = await fetch_one("SELECT state, version, problem FROM drafts WHERE id = $1", number)
        posts = await fetch_value("SELECT count(*) FROM posts WHERE author_id = $1", owner)
        assert ((row and row["state"]) or ("POST" if posts else "GONE"), posts) == (state, int(state == "POST"))
        if row is not None:
            assert row["version"] >= version
            assert (row["problem"] is not None) is (state == "FAILED")
            version = row["version"]
