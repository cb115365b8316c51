"""What a picture costs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from dev.stack import Stack
from models.database import fetch, fetch_value
from models.engine import KnownCapabilities, KnownModel
from models.job import JobKind
from models.job_move import Ending, ask
from models.lease import finish, keep_output
from models.price import credits_per_picture
from models.transaction import transaction
from models.wish import Order, Wish
from settings import Settings
from tests.jobs import ANN, EASEL, IMAGE, claimed, fresh_queue, job_world
from tests.ledger import poor


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "price_test") as told:
        yield told


@pytest.mark.parametrize(
    ("price", "width", "height", "quality", "each"),
    [
        (1, 1024, 1024, None, 1),
        (1, 64, 64, None, 1),
        (1, 1024, 1025, None, 2),
        (1, 4096, 4096, None, 16),
        (4, 1024, 1024, "low", 2),
        (1, 1024, 1024, "low", 1),
        (3, 1024, 1024, "low", 2),
        (5, 1536, 1024, "high", 20),
        (5, 1024, 1024, "max", 20),
        (5, 1024, 1024, "of its own", 5),
        (0, 4096, 4096, "max", 0),
    ],
)
def test_what_a_picture_costs(price: int, width: int, height: int, quality: str | None, each: int) -> None:
    order = Order(
        "x", "e", "m", width, height, 1, 1, None, None, JobKind.GENERATE, quality, None, None, None, None
    )  # fmt: skip
    assert credits_per_picture(order, KnownModel("m", KnownCapabilities(credits_per_picture=price))) == each


async def test_a_free_model_takes_nothing(told: Settings) -> None:
    await fresh_queue()
    await poor(ANN, 0)
    await fetch(
        "UPDATE engines SET models = jsonb_set(models, '{0,capabilities,credits_per_picture}', '0') WHERE name = $1",
        EASEL,
    )
    async with transaction():
        job_id = await ask(ANN, Wish("a fox", count=4))
    job = await claimed()
    assert await keep_output(job_id, job.token, 0, IMAGE)
    await finish(job_id, job.token, Ending.DONE)
    assert not await fetch_value("SELECT count(*) FROM credit_entries WHERE job_id = $1", job_id)
