"""The receiver of docs/clients/webhooks.md, as it stands there: it takes what we send, once, and nothing else."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from dev.stack import Stack
from models import webhook
from models.delivery_move import redeliver
from models.transaction import transaction
from models.webhook import WebhookEvent
from settings import Settings
from tests.hooks import HOST, attempts_of, deliveries_of, done, owner_of, sent, told
from tests.jobs import HERE, fresh_queue, job_world
from tests.people import PATIENCE_SECONDS

PAGE = HERE / "docs" / "clients" / "webhooks.md"


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "webhook_page_test", OUTSIDE_LOOPBACK_HOSTS=HOST) as found:
        yield found


async def test_the_receiver_of_the_page(tmp_path: Path) -> None:
    await fresh_queue()
    (code,) = re.findall(r"```python receive\.py\n(.*?)```", PAGE.read_text(), re.S)
    (tmp_path / "receive.py").write_text(code)
    owner = await owner_of(f"http://{HOST}:1/", WebhookEvent.GENERATION_SUCCEEDED)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "receive.py",
        cwd=tmp_path,
        stdout=PIPE,
        env={**os.environ, "PORT": "0", "WEBHOOK_SECRET": owner.secret},
    )
    try:
        assert process.stdout is not None
        url = f"http://{HOST}:{int((await process.stdout.readline()).split()[-1])}/"
        async with transaction():
            await webhook.update(owner.id, owner.webhook_id, url=url)
        await done(owner.id)
        (row,) = await told(owner.webhook_id, 1)
        await sent()
        assert (await process.stdout.readline()).startswith(b"generation.succeeded {'jobId': 'job_")
        async with transaction():
            await redeliver(owner.id, row["id"])
        await sent()
        assert [one["status"] for one in await attempts_of(row["id"])] == [204, 204]
        headers = {"webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA v1,BBBB"}
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            assert (await client.post(url, content=b"{}", headers=headers)).status_code == 400
    finally:
        process.kill()
        said, _ = await process.communicate()
    assert said == b"", "what comes twice is done once"
    assert {one["state"] for one in await deliveries_of(owner.webhook_id)} == {"DELIVERED"}
