"""`python -m work`, killed in the middle of a dry run, of holding posts against rules, and of acting: it ends as if nobody had been."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from dev.stack import Stack
from models import automod_rule, automod_run, role
from models.automod_definition import AutomodOutcome, AutomodTarget
from models.automod_rule import AutomodState
from models.database import fetch_one, fetch_value
from models.publishing import Draft, write
from models.report import ReportReason
from models.role import Role
from models.transaction import transaction
from settings import Settings
from tests.forked import Forked
from tests.hooks import PATIENCE_SECONDS, somebody
from tests.jobs import HERE, job_world
from tests.test_webhook_crash import work

POSTS = 500


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _world(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "automod_crash_test", PYTHONPATH=str(HERE)) as found:
        yield found


async def rule_for(boss: int, phrase: str) -> int:
    """A rule that holds what says so, still a draft."""
    async with transaction():
        await role.give(None, boss, Role.ADMINISTRATOR)
        return await automod_rule.create(
            boss,
            {
                "name": "Words",
                "target": AutomodTarget.POST,
                "outcome": AutomodOutcome.HOLD,
                "reason": ReportReason.SPAM,
                "phrases": [phrase],
            },
        )


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    """What is so at last."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (found := await look()):  # noqa: ASYNC110  # other processes write it
            await asyncio.sleep(0.05)
    return found


async def end(process: Forked) -> None:
    """Tell it to stop, and wait until it has."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await process.wait() in (0, -signal.SIGTERM)


async def killed(checkpoint: str) -> None:
    """A `work` that comes to this place, and goes no further."""
    crashing = work(checkpoint)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await crashing.wait() == -signal.SIGKILL


async def test_a_run_that_was_killed_goes_on_and_counts_everything_once() -> None:
    ada, boss = await somebody(), await somebody()
    for at in range(POSTS):
        async with transaction():
            await write(ada, Draft(f"Cheap watches {at}" if at % 5 == 0 else f"Fine {at}"))
    rule = await rule_for(boss, "cheap watches")
    async with transaction():
        run = await automod_run.begin(boss, rule, 2, 10_000)
    assert await automod_run.step()
    first = await automod_run.run_of(run)
    assert first is not None
    assert (first.passed, first.state.value) == (automod_run.PIECE, "RUNNING")
    await killed("automod.piece")
    again = await automod_run.run_of(run)
    assert again == first, "of the piece in which it was killed nothing stays"
    others = [work(), work()]

    async def ended() -> Any:
        return await fetch_one("SELECT * FROM automod_runs WHERE id = $1 AND state = 'DONE'", run)

    row = await until(ended)
    for one in others:
        await end(one)
    assert (row["passed"], row["examined"], row["matched"]) == (POSTS, POSTS, POSTS // 5)
    sums = "SELECT (sum(examined), sum(matched))::text FROM automod_run_days WHERE run_id = $1"
    assert await fetch_value(sums, run) == f"({POSTS},{POSTS // 5})"
    assert (
        await fetch_value("SELECT count(*) FROM automod_run_examples WHERE run_id = $1", run)
        == automod_run.MOST_EXAMPLES
    )
    assert await fetch_value("SELECT count(*) FROM moderation_cases") == 0


@pytest.mark.parametrize("checkpoint", ["automod.matched", "automod.acted"])
async def test_whatever_is_killed_a_post_is_held_once(checkpoint: str) -> None:
    ada, boss = await somebody(), await somebody()
    phrase = checkpoint.replace(".", " ")
    rule = await rule_for(boss, phrase)
    async with transaction():
        await automod_rule.set_state(boss, rule, 1, AutomodState.DRY)
        await automod_rule.set_state(boss, rule, 2, AutomodState.ON)
        post = await write(ada, Draft(phrase))
    await killed(checkpoint)
    assert await fetch_value("SELECT moderated FROM posts WHERE id = $1", post) is None, "nothing was written down"
    others = [work(), work()]

    async def held() -> Any:
        return await fetch_value("SELECT moderated FROM posts WHERE id = $1", post)

    assert await until(held) == "HIDDEN"
    for one in others:
        await end(one)
    assert await fetch_value("SELECT count(*) FROM moderation_actions WHERE subject_id = $1", post) == 1
    assert await fetch_value("SELECT count(*) FROM moderation_cases WHERE subject_id = $1", post) == 1
    assert await fetch_value("SELECT matched FROM automod_days WHERE rule_id = $1", rule) == 1
