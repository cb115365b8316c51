"""Migrations meet databases in which people have lived for a while: what was there stays, and gets what is new."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from dev.stack import Stack

HERE = Path(__file__).parent.parent
PROGRAM = """
import asyncio, sys
from tortoise.migrations.api.migrate import migrate
from models.database import tortoise_config
asyncio.run(migrate(config=tortoise_config(sys.argv[1], 2), target=sys.argv[2]))
"""
LIVED = """
INSERT INTO users (id, handle, display_name, bio, location, website, pronouns, joined_at)
    VALUES (1, 'ada', 'Ada', '', '', '', '', now());
INSERT INTO posts (id, author_id, text, conversation_id, facets, mentioned_ids, visibility, reply_policy, quote_policy,
    remix_policy, created_at) VALUES (2, 1, 'Hello', 2, '[]', '{}', 'PUBLIC', 'EVERYONE', 'EVERYONE', 'NOBODY', now());
INSERT INTO images (id, owner_id, prefix, mime_type, byte_size, width, height, blurhash, alt_text, generated,
    created_at) VALUES (3, 1, 'pictures/aa/bb/', 'image/png', 10, 8, 8, 'L00000fQfQfQfQfQfQfQfQfQfQfQ', '', true, now());
INSERT INTO generation_jobs (id, owner_id, state, prompt, engine, model, width, height, count, seed, start_by)
    VALUES (4, 1, 'SUCCEEDED', 'A fox', 'atelier', 'atelier-1', 512, 512, 1, 7, now()),
           (5, 1, 'QUEUED', 'An owl', 'atelier', 'atelier-1', 512, 512, 1, 8, now() + interval '1 hour');
INSERT INTO generation_outputs (job_id, index, state, image_id) VALUES (4, 0, 'SUCCEEDED', 3), (5, 0, 'PENDING', NULL);
"""


def run(program: list[str], url: str) -> None:
    """A child that must come to a good end."""
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(HERE)}
    subprocess.run([sys.executable, *program], cwd=HERE, env=environment, check=True, timeout=120)


@pytest.mark.parametrize("begun", ["0002_spine", "0006_hashtags", "0010_creating"])
async def test_a_database_with_people_posts_and_jobs_comes_up_to_date(stack: Stack, begun: str) -> None:
    url = stack.postgres.fresh_database(f"lived_{begun}")
    run(["-c", PROGRAM, url, f"models.{begun}"], url)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(LIVED)
        run(["-m", "models.migrate"], url)
        run(["-m", "models.migrate"], url)  # again is harmless
        jobs = await connection.fetch("SELECT id, kind, state, handed_back, priority FROM generation_jobs ORDER BY id")
        assert [tuple(job) for job in jobs] == [
            (4, "GENERATE", "SUCCEEDED", 0, 0),
            (5, "GENERATE", "QUEUED", 0, 0),
        ]
        assert await connection.fetchval("SELECT count(*) FROM posts") == 1
        assert await connection.fetchval("SELECT image_id FROM generation_outputs WHERE job_id = 4") == 3
    finally:
        await connection.close()
