"""A town to measure in, made by the database itself: `python -m bench.data --home FOLDER --size M`.

S has 10,000 people and 100,000 posts, M has 100,000 and 1,000,000. Follows are power-law both ways (readers follow 10 to
2,000, the best known authors have tens of thousands of followers); likes, reposts, replies, threads, mentions, quotes,
pictures, blocks, mutes, bookmarks, sessions, jobs and a million events (S: 100,000) come with them.

Everybody and everything is known by its number: person n has the id `person(n)`, post n the id `post(n)`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg

from dev import postgres
from dev.stack import Stack
from models.migrate import migrate
from settings import Settings, read

PEOPLE_FROM_MS = 1_700_000_000_000
POSTS_FROM_MS = 1_710_000_000_000
MONTHS_MS = 10_000_000_000  # how long the people have been writing: about four months
SHARED_BUFFERS = "1GB"


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each."""

    people: int
    posts: int
    events: int
    jobs: int


SIZES = {"S": Size(10_000, 100_000, 100_000, 2_000), "M": Size(100_000, 1_000_000, 1_000_000, 20_000)}


def person(number: str | int) -> str:
    """SQL (or digits) for the id of a person by number, from 1."""
    return f"(({PEOPLE_FROM_MS} + ({number})::bigint) << 16)"


def post(number: str | int, size: Size) -> str:
    """SQL for the id of a post by number, from 1: later posts have larger ids."""
    return f"(({POSTS_FROM_MS} + ({number})::bigint * {MONTHS_MS // size.posts}) << 16)"


def steps(size: Size) -> list[tuple[str, str]]:
    """What is done, by name and in order. Every step is one or more statements."""
    people, posts = size.people, size.posts
    step_ms = MONTHS_MS // posts
    known = f"1 + floor({people} * power(random(), 3))::int"  # person 1 is the best known
    active = f"1 + floor({people} * power(random(), 1.5))::int"  # and writes the most
    some_post = f"1 + CASE WHEN random() < 0.5 THEN floor({posts} * random())::int ELSE floor({posts} / 200 * random())::int * 200 END"
    at = "to_timestamp((({id} >> 16)) / 1000.0)"
    return [
        (
            "people",
            f"""INSERT INTO users (id, handle, display_name, bio, location, website, pronouns, avatar_id, joined_at)
            SELECT {person("n")}, 'p' || n, 'Person ' || n, 'Number ' || n || ' of many.', '', '', '',
                CASE WHEN n % 5 < 3 THEN {person("n")} + 1 END, {at.format(id=person("n"))} FROM generate_series(1, {people}) n;
            INSERT INTO images (id, owner_id, prefix, mime_type, byte_size, width, height, blurhash)
            SELECT {person("n")} + 1, {person("n")}, 'images/' || md5('a' || n), 'image/png', 90000, 512, 512, 'LEHV6nWB2yk8pyo0adR*.7kCMdnj'
            FROM generate_series(1, {people}) n WHERE n % 5 < 3;
            INSERT INTO sessions (id, user_id, token_hash, bearer, device, created_at, last_used_at, expires_at)
            SELECT {person("n")} + 2, {person("n")}, encode(sha256(('frq_bench_' || n)::bytea), 'hex'), true, 'bench', now(), now(),
                now() + interval '90 days' FROM generate_series(1, {people}) n""",
        ),
        (
            "follows",
            f"""INSERT INTO follows (id, follower_id, followee_id, created_at)
            SELECT row_number() OVER (), {person("one")}, {person("other")}, now() FROM (
                SELECT *, row_number() OVER (PARTITION BY one) AS nth FROM (
                    SELECT DISTINCT one, {known} AS other
                    FROM (SELECT n AS one, least(4000, 10 / power(random(), 0.72))::int AS wanted FROM generate_series(1, {people}) n) AS readers,
                        LATERAL generate_series(1, wanted) AS draw
                ) AS drawn WHERE one <> other
            ) AS kept WHERE nth <= 2000""",
        ),
        (
            "blocks and mutes",
            f"""INSERT INTO blocks (id, blocker_id, blocked_id, created_at)
            SELECT n, {person("one")}, {person("other")}, now()
            FROM (SELECT n, 1 + n % {people} AS one, {active} AS other FROM generate_series(1, {people} / 2) n) AS drawn WHERE one <> other;
            INSERT INTO mutes (id, muter_id, muted_id, created_at)
            SELECT n, {person("one")}, {person("other")}, now()
            FROM (SELECT n, 1 + (n * 7) % {people} AS one, {known} AS other FROM generate_series(1, {people}) n) AS drawn
            WHERE one <> other ON CONFLICT DO NOTHING;
            DELETE FROM follows f USING blocks b WHERE (f.follower_id, f.followee_id) IN ((b.blocker_id, b.blocked_id), (b.blocked_id, b.blocker_id))""",
        ),
        (
            # Of ten posts, 3 and 6 answer one of the last 2,000, 9 answers 6 or goes on a thread of a hundred.
            "drafts",
            f"""CREATE UNLOGGED TABLE bench_drafts AS
            SELECT n, CASE WHEN chain THEN 1 + (n / 1000 * 7919) % {people} ELSE {active} END AS author, random() AS dice,
                CASE WHEN n <= 1000 THEN NULL WHEN n % 10 IN (3, 6) THEN (n - 1 - floor(900 * power(random(), 3))::int) / 10 * 10
                    WHEN chain AND n % 1000 > 10 THEN n - 10 WHEN n % 10 = 9 AND NOT chain THEN n - 3 END AS parent,
                chain
            FROM (SELECT n, n % 10 = 9 AND n > 1000 AND n / 1000 % 20 = 0 AS chain FROM generate_series(1, {posts}) n) AS numbers;
            ALTER TABLE bench_drafts ADD PRIMARY KEY (n); ANALYZE bench_drafts""",
        ),
        (
            "posts",
            f"""INSERT INTO posts (id, author_id, text, facets, mentioned_ids, visibility, content_warning, reply_to_id,
                reply_to_author_id, conversation_id, quoted_post_id, created_at, deleted_at)
            SELECT {post("d.n", size)}, {person("d.author")},
                CASE WHEN named > 0 THEN '@p' || named || ' ' ELSE '' END || substr(repeat(md5(d.n::text) || ' ', 8), 1, 40 + d.n % 200),
                CASE WHEN named > 0 THEN jsonb_build_array(jsonb_build_object('start', 0, 'end', length('@p' || named), 'kind', 'mention',
                    'value', 'p' || named, 'user_id', {person("named")})) ELSE '[]' END,
                CASE WHEN named > 0 THEN ARRAY[{person("named")}] ELSE '{{}}' END,
                CASE WHEN d.dice < 0.9 THEN 'PUBLIC' WHEN d.dice < 0.94 THEN 'UNLISTED' WHEN d.dice < 0.98 THEN 'FOLLOWERS' ELSE 'MENTIONED' END,
                CASE WHEN d.n % 50 = 0 THEN 'A warning' END,
                {post("d.parent", size)}, {person("parent.author")},
                {post("CASE WHEN d.chain THEN d.n / 1000 * 1000 + 9 ELSE coalesce(parent.parent, d.parent, d.n) END", size)},
                CASE WHEN d.n % 25 = 4 AND d.n > 1000 THEN {post("d.n - 100 - d.n % 700", size)} END,
                {at.format(id=post("d.n", size))}, CASE WHEN d.n % 97 = 0 THEN now() END
            FROM (SELECT *, CASE WHEN n % 10 = 1 THEN {known} ELSE 0 END AS named FROM bench_drafts) AS d
            LEFT JOIN bench_drafts parent ON parent.n = d.parent ORDER BY d.n""",
        ),
        (  # Some tags are on a tenth of all posts, most on a few.
            "hashtags",
            f"""INSERT INTO post_hashtags (hashtag, post_id)
            SELECT DISTINCT 'tag' || floor({posts} / 100 * power(random(), 4))::int, p.id
            FROM posts p, LATERAL generate_series(1, 1 + (p.id >> 17) % 2) AS draw
            WHERE p.visibility = 'PUBLIC' AND p.deleted_at IS NULL AND (p.id >> 16) % 3 = 0""",
        ),
        (
            "pictures",
            f"""INSERT INTO images (id, owner_id, prefix, mime_type, byte_size, width, height, blurhash, alt_text, generated)
            SELECT {post("n", size)} + place, {person("author")}, 'images/' || md5(n || '/' || place), 'image/png', 900000, 1024, 768,
                'LEHV6nWB2yk8pyo0adR*.7kCMdnj', 'A picture of number ' || n, n % 2 = 0
            FROM bench_drafts, LATERAL generate_series(1, CASE WHEN n % 40 = 0 THEN 4 ELSE 1 END) AS place WHERE n % 4 = 0;
            INSERT INTO post_images (id, post_id, image_id, position, alt_text)
            SELECT id, (id >> 16) << 16, id, (id & 7) - 1, alt_text FROM images WHERE id >= {post(0, size)}""",
        ),
        (
            "likes, reposts, bookmarks",
            f"""INSERT INTO likes (id, user_id, post_id, created_at)
            SELECT n, {person(f"1 + floor({people} * random())::int")}, {post(f"({some_post})", size)}, now()
            FROM generate_series(1, {posts} * 3 / 2) n ON CONFLICT DO NOTHING;
            INSERT INTO reposts (id, user_id, post_id, created_at)
            SELECT (p << 16) + ((({step_ms} / 2 + 60000000 * power(random(), 4))::bigint) << 16) + n % 65536, who, p << 16, now()
            FROM (SELECT n, {person(active)} AS who, {post(f"({some_post})", size)} >> 16 AS p FROM generate_series(1, {posts} / 4) n) AS drawn
            ON CONFLICT DO NOTHING;
            INSERT INTO bookmarks (id, user_id, post_id, created_at)
            SELECT n, {person(active)}, {post(f"({some_post})", size)}, now() FROM generate_series(1, {posts} / 5) n ON CONFLICT DO NOTHING""",
        ),
        (
            "counters",
            """INSERT INTO post_counts (subject_id, likes, reposts, replies, quotes)
            SELECT p.id, coalesce(l.n, 0), coalesce(r.n, 0), coalesce(a.n, 0), coalesce(q.n, 0) FROM posts p
            LEFT JOIN (SELECT post_id AS id, count(*) AS n FROM likes GROUP BY 1) l USING (id)
            LEFT JOIN (SELECT post_id AS id, count(*) AS n FROM reposts GROUP BY 1) r USING (id)
            LEFT JOIN (SELECT reply_to_id AS id, count(*) AS n FROM posts GROUP BY 1) a USING (id)
            LEFT JOIN (SELECT quoted_post_id AS id, count(*) AS n FROM posts GROUP BY 1) q USING (id);
            INSERT INTO user_counts (subject_id, followers, followings, posts)
            SELECT u.id, coalesce(f.n, 0), coalesce(g.n, 0), coalesce(p.n, 0) FROM users u
            LEFT JOIN (SELECT followee_id AS id, count(*) AS n FROM follows GROUP BY 1) f USING (id)
            LEFT JOIN (SELECT follower_id AS id, count(*) AS n FROM follows GROUP BY 1) g USING (id)
            LEFT JOIN (SELECT author_id AS id, count(*) AS n FROM posts GROUP BY 1) p USING (id);
            INSERT INTO post_count_deltas (subject_id, likes, reposts, replies, quotes, remixes)
            SELECT post_id, 0, 0, 0, 0, 0 FROM likes ORDER BY id DESC LIMIT 5000""",
        ),
        (
            "jobs",
            f"""INSERT INTO generation_jobs (id, owner_id, state, prompt, engine, model, width, height, count, seed, start_by, started_at, finished_at)
            SELECT n, {person("1 + n % 1000")}, CASE WHEN n > {size.jobs} * 9 / 10 THEN 'QUEUED' ELSE 'SUCCEEDED' END, 'a prompt', 'atelier', 'sketch',
                512, 512, 1, n, now() + interval '1 hour', CASE WHEN n <= {size.jobs} * 9 / 10 THEN now() - n * interval '1 second' END,
                CASE WHEN n <= {size.jobs} * 9 / 10 THEN now() END FROM generate_series(1, {size.jobs}) n;
            INSERT INTO generation_outputs (id, job_id, index) SELECT id, id, 0 FROM generation_jobs""",
        ),
        # The log's order is by transaction id: so many have to have been given out before events can bear them.
        (
            "burn",
            f"DO $$ BEGIN FOR i IN 1..{size.events // 3} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$",
        ),
        (
            "events",
            f"""DO $$ BEGIN FOR ago IN 1..3 LOOP EXECUTE format('CREATE TABLE events_%s PARTITION OF events FOR VALUES FROM (%L) TO (%L)',
                to_char((now() AT TIME ZONE 'UTC')::date - ago, 'YYYYMMDD'), ((now() AT TIME ZONE 'UTC')::date - ago) || ' 00:00+00',
                ((now() AT TIME ZONE 'UTC')::date - ago + 1) || ' 00:00+00'); END LOOP; END $$;
            INSERT INTO events (xid, at, kind, topics, actor_id, post_id)
            SELECT ((pg_current_xact_id()::text::bigint - {size.events // 3} - 10) + n / 3)::text::xid8,
                now() - interval '60 hours' * (1 - n / {size.events}.0), CASE WHEN n % 3 = 0 THEN 'post_created' ELSE 'post_counted' END,
                CASE WHEN n % 3 = 0 THEN ARRAY['author:' || {person("author")}] || CASE WHEN author % 4 = 0 THEN ARRAY['explore'] ELSE '{{}}' END
                    ELSE ARRAY['post:' || {post(f"({some_post})", size)}] END,
                {person("author")}, {post("n", size)}
            FROM (SELECT n, {active} AS author FROM generate_series(1, {size.events}) n) AS drawn ORDER BY n""",
        ),
        ("vacuum", "VACUUM ANALYZE"),
        ("done", "CREATE TABLE bench_made (at timestamptz DEFAULT now())"),
    ]


async def make(url: str, size: Size) -> None:
    """Fill an empty, migrated database, saying how long each step took."""
    connection = await asyncpg.connect(url, server_settings={"work_mem": "256MB", "maintenance_work_mem": "512MB"})
    try:
        await connection.execute("SELECT setseed(0.42)")
        for name, sql in steps(size):
            began = time.monotonic()
            await connection.execute(sql)
            print(f"made {name} in {time.monotonic() - began:.1f} s", flush=True)
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def prepared(home: Path, size: str) -> AsyncIterator[tuple[Stack, Settings]]:
    """A started stack whose database holds a town of this size: made when it is not there, kept for the next time."""
    postgres.SETTINGS["shared_buffers"] = (
        SHARED_BUFFERS  # what a server of this size is given; the stack's own is for a laptop
    )
    stack = Stack(home, durable=False)
    stack.start()
    try:
        told = replace(read(stack.environment()), argon2_memory_kib=64, argon2_time_cost=1)
        await migrate(told.database_url)
        connection = await asyncpg.connect(told.database_url)
        made = await connection.fetchval("SELECT to_regclass('bench_made')")
        await connection.close()
        if made is None:
            await make(told.database_url, SIZES[size])
        yield stack, told
    finally:
        stack.stop()


async def main() -> None:
    """Make the data, and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--size", choices=SIZES, default="M")
    given = parser.parse_args()
    async with prepared(given.home, given.size) as (_, told):
        print(f"{given.size} lies in {given.home}: {told.database_url.rpartition('@')[2]}")


if __name__ == "__main__":
    asyncio.run(main())
