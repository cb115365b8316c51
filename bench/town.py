"""What a town to measure in is made of: how many of each, and the statements whose rows are copied into the tables.

Everybody and everything is known by its number: person n has the id `person(n)`, post n the id `post(n)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PEOPLE_FROM_MS = 1_700_000_000_000
POSTS_FROM_MS = 1_710_000_000_000
MONTHS_MS = 10_000_000_000  # how long the people have been writing: about four months


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each. `least_followed`: nobody follows fewer (but for those who drew the same people twice)."""

    people: int
    posts: int
    events: int
    jobs: int
    least_followed: int = 10
    followed: int | None = None  # everybody follows about so many


SIZES = {
    "S": Size(10_000, 100_000, 100_000, 2_000),
    "M": Size(100_000, 1_000_000, 1_000_000, 20_000),
    "M5": Size(100_000, 1_000_000, 1_000_000, 20_000, least_followed=25),  # about 5 million follows
    "L": Size(1_000_000, 10_000_000, 1_000_000, 20_000, least_followed=6),  # about 20 million follows
}

LISTENERS = Size(10_000, 20_000, 20_000, 100, followed=200)
"""For delivery, whose cost is not in the posts that lie about: 10,000 people who follow 200 each."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for the columns of a table, as a statement makes them."""

    table: str
    columns: str
    sql: str


Step = tuple[str, Sequence[Rows | str]]


def person(number: str | int) -> str:
    """SQL (or digits) for the id of a person by number, from 1."""
    return f"(({PEOPLE_FROM_MS} + ({number})::bigint) << 16)"


def post(number: str | int, size: Size) -> str:
    """SQL for the id of a post by number, from 1: later posts have larger ids."""
    return f"(({POSTS_FROM_MS} + ({number})::bigint * {MONTHS_MS // size.posts}) << 16)"


def steps(size: Size) -> list[Step]:
    """What is done, by name and in order: rows that are copied, and statements that are run."""
    people, posts = size.people, size.posts
    step_ms = MONTHS_MS // posts
    known = f"1 + floor({people} * power(random(), 3))::int"  # person 1 is the best known
    active = f"1 + floor({people} * power(random(), 1.5))::int"  # and writes the most
    some_post = f"1 + CASE WHEN random() < 0.5 THEN floor({posts} * random())::int ELSE floor({posts} / 200 * random())::int * 200 END"
    at = "to_timestamp((({id} >> 16)) / 1000.0)"
    return [
        ("people", _people(people, at)),
        ("follows, blocks, mutes", _relations(size, known, active)),
        ("drafts", [_drafts(people, posts, active)]),
        ("posts", [_posts(size, known, at), _hashtags(posts)]),
        ("pictures", _pictures(size)),
        ("likes, reposts, bookmarks", _reactions(size, active, some_post, step_ms)),
        ("counters", _counters()),
        ("jobs", _jobs(size)),
        ("events", _events(size, active, some_post)),
    ]


def _people(people: int, at: str) -> Sequence[Rows]:
    return [
        Rows(
            "users",
            "id, handle, display_name, bio, location, website, pronouns, avatar_id, joined_at",
            f"""SELECT {person("n")}, 'p' || n, 'Person ' || n, 'Number ' || n || ' of many.', '', '', '',
                CASE WHEN n % 5 < 3 THEN {person("n")} + 1 END, {at.format(id=person("n"))} FROM generate_series(1, {people}) n""",
        ),
        Rows(
            "images",
            "id, owner_id, prefix, mime_type, byte_size, width, height, blurhash",
            f"""SELECT {person("n")} + 1, {person("n")}, 'images/' || md5('a' || n), 'image/png', 90000, 512, 512, 'LEHV6nWB2yk8pyo0adR*.7kCMdnj'
            FROM generate_series(1, {people}) n WHERE n % 5 < 3""",
        ),
        Rows(
            "sessions",
            "id, user_id, token_hash, bearer, device, created_at, last_used_at, expires_at",
            f"""SELECT {person("n")} + 2, {person("n")}, encode(sha256(('frq_bench_' || n)::bytea), 'hex'), true, 'bench', now(), now(),
                now() + interval '90 days' FROM generate_series(1, {people}) n""",
        ),
    ]


def _relations(size: Size, known: str, active: str) -> Sequence[Rows | str]:
    people = size.people
    wanted = f"least(4000, {size.least_followed} / power(random(), 0.72))::int"
    if size.followed is not None:
        wanted = str(size.followed * 3)  # draws, of which many hit the same
    return [
        Rows(
            "follows",
            "id, follower_id, followee_id, created_at",
            f"""SELECT row_number() OVER (), {person("one")}, {person("other")}, now()
            FROM (SELECT n AS one, {wanted} AS wanted FROM generate_series(1, {people}) n) AS readers,
            LATERAL (SELECT DISTINCT {known} AS other FROM generate_series(1, wanted) LIMIT {size.followed or 2_000}) AS drawn
            WHERE one <> other""",
        ),
        Rows(
            "blocks",
            "id, blocker_id, blocked_id, created_at",
            f"""SELECT n, {person("one")}, {person("other")}, now()
            FROM (SELECT n, 1 + n % {people} AS one, {active} AS other FROM generate_series(1, {people} / 2) n) AS drawn WHERE one <> other""",
        ),
        Rows(
            "mutes",
            "id, muter_id, muted_id, created_at",
            f"""SELECT n, {person("one")}, {person("other")}, now()
            FROM (SELECT n, 1 + (n * 7) % {people} AS one, {known} AS other FROM generate_series(1, {people}) n) AS drawn WHERE one <> other""",
        ),
        "ANALYZE follows, blocks",
        """DELETE FROM follows f USING (
            SELECT blocker_id AS one, blocked_id AS other FROM blocks UNION SELECT blocked_id, blocker_id FROM blocks
        ) AS apart WHERE f.follower_id = apart.one AND f.followee_id = apart.other""",
    ]


def _drafts(people: int, posts: int, active: str) -> str:
    # Of ten posts, 3 and 6 answer one of the last 2,000, 9 answers 6 or goes on a thread of a hundred.
    return f"""CREATE UNLOGGED TABLE bench_drafts AS
        SELECT n, CASE WHEN chain THEN 1 + (n / 1000 * 7919) % {people} ELSE {active} END AS author, random() AS dice,
            CASE WHEN n <= 1000 THEN NULL WHEN n % 10 IN (3, 6) THEN (n - 1 - floor(900 * power(random(), 3))::int) / 10 * 10
                WHEN chain AND n % 1000 > 10 THEN n - 10 WHEN n % 10 = 9 AND NOT chain THEN n - 3 END AS parent,
            chain
        FROM (SELECT n, n % 10 = 9 AND n > 1000 AND n / 1000 % 20 = 0 AS chain FROM generate_series(1, {posts}) n) AS numbers;
        ALTER TABLE bench_drafts ADD PRIMARY KEY (n); ANALYZE bench_drafts"""


def _posts(size: Size, known: str, at: str) -> Rows:
    return Rows(
        "posts",
        "id, author_id, text, facets, mentioned_ids, visibility, content_warning, reply_to_id, reply_to_author_id,"
        " conversation_id, quoted_post_id, created_at, deleted_at",
        f"""SELECT {post("d.n", size)}, {person("d.author")},
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
    )


def _hashtags(posts: int) -> Rows:
    # Some tags are on a tenth of all posts, most on a few.
    return Rows(
        "post_hashtags",
        "hashtag, post_id",
        f"""SELECT DISTINCT 'tag' || floor({posts} / 100 * power(random(), 4))::int, p.id
        FROM posts p, LATERAL generate_series(1, 1 + (p.id >> 17) % 2) AS draw
        WHERE p.visibility = 'PUBLIC' AND p.deleted_at IS NULL AND (p.id >> 16) % 3 = 0""",
    )


def _pictures(size: Size) -> Sequence[Rows]:
    return [
        Rows(
            "images",
            "id, owner_id, prefix, mime_type, byte_size, width, height, blurhash, alt_text, generated",
            f"""SELECT {post("n", size)} + place, {person("author")}, 'images/' || md5(n || '/' || place), 'image/png', 900000, 1024, 768,
                'LEHV6nWB2yk8pyo0adR*.7kCMdnj', 'A picture of number ' || n, n % 2 = 0
            FROM bench_drafts, LATERAL generate_series(1, CASE WHEN n % 40 = 0 THEN 4 ELSE 1 END) AS place WHERE n % 4 = 0""",
        ),
        Rows(
            "post_images",
            "id, post_id, image_id, position, alt_text",
            f"SELECT id, (id >> 16) << 16, id, (id & 7) - 1, alt_text FROM images WHERE id >= {post(0, size)}",
        ),
    ]


def _reactions(size: Size, active: str, some_post: str, step_ms: int) -> Sequence[Rows]:
    people, posts = size.people, size.posts
    return [
        Rows(
            "likes",
            "id, user_id, post_id, created_at",
            f"""SELECT row_number() OVER (), who, post, now() FROM (SELECT DISTINCT who, post FROM (
                SELECT {person(f"1 + floor({people} * random())::int")} AS who, {post(f"({some_post})", size)} AS post
                FROM generate_series(1, {posts} * 3 / 2)) AS drawn) AS kept""",
        ),
        Rows(
            "reposts",
            "id, user_id, post_id, created_at",
            f"""SELECT DISTINCT ON (id) id, who, p << 16, now() FROM (SELECT DISTINCT ON (who, p)
                (p << 16) + ((({step_ms} / 2 + 60000000 * power(random(), 4))::bigint) << 16) + n % 65536 AS id, who, p
                FROM (SELECT n, {person(active)} AS who, {post(f"({some_post})", size)} >> 16 AS p FROM generate_series(1, {posts} / 4) n) AS drawn
            ) AS kept""",
        ),
        Rows(
            "bookmarks",
            "id, user_id, post_id, created_at",
            f"""SELECT row_number() OVER (), who, post, now() FROM (SELECT DISTINCT who, post FROM (
                SELECT {person(active)} AS who, {post(f"({some_post})", size)} AS post FROM generate_series(1, {posts} / 5)) AS drawn) AS kept""",
        ),
    ]


def _counters() -> Sequence[Rows | str]:
    return [
        "ANALYZE users, follows, posts, likes, reposts",
        Rows(
            "post_counts",
            "subject_id, likes, reposts, replies, quotes",
            """SELECT p.id, coalesce(l.n, 0), coalesce(r.n, 0), coalesce(a.n, 0), coalesce(q.n, 0) FROM posts p
            LEFT JOIN (SELECT post_id AS id, count(*) AS n FROM likes GROUP BY 1) l USING (id)
            LEFT JOIN (SELECT post_id AS id, count(*) AS n FROM reposts GROUP BY 1) r USING (id)
            LEFT JOIN (SELECT reply_to_id AS id, count(*) AS n FROM posts GROUP BY 1) a USING (id)
            LEFT JOIN (SELECT quoted_post_id AS id, count(*) AS n FROM posts GROUP BY 1) q USING (id)""",
        ),
        Rows(
            "user_counts",
            "subject_id, followers, followings, posts",
            """SELECT u.id, coalesce(f.n, 0), coalesce(g.n, 0), coalesce(p.n, 0) FROM users u
            LEFT JOIN (SELECT followee_id AS id, count(*) AS n FROM follows GROUP BY 1) f USING (id)
            LEFT JOIN (SELECT follower_id AS id, count(*) AS n FROM follows GROUP BY 1) g USING (id)
            LEFT JOIN (SELECT author_id AS id, count(*) AS n FROM posts GROUP BY 1) p USING (id)""",
        ),
        Rows(
            "post_count_deltas",
            "subject_id, likes, reposts, replies, quotes, remixes",
            "SELECT post_id, 0, 0, 0, 0, 0 FROM likes ORDER BY id DESC LIMIT 5000",
        ),
    ]


def _jobs(size: Size) -> Sequence[Rows]:
    return [
        Rows(
            "generation_jobs",
            "id, owner_id, state, prompt, engine, model, width, height, count, seed, start_by, started_at, finished_at",
            f"""SELECT n, {person("1 + n % 1000")}, CASE WHEN n > {size.jobs} * 9 / 10 THEN 'QUEUED' ELSE 'SUCCEEDED' END, 'a prompt', 'atelier', 'sketch',
                512, 512, 1, n, now() + interval '1 hour', CASE WHEN n <= {size.jobs} * 9 / 10 THEN now() - n * interval '1 second' END,
                CASE WHEN n <= {size.jobs} * 9 / 10 THEN now() END FROM generate_series(1, {size.jobs}) n""",
        ),
        Rows("generation_outputs", "id, job_id, index", "SELECT id, id, 0 FROM generation_jobs"),
    ]


def _events(size: Size, active: str, some_post: str) -> Sequence[Rows | str]:
    return [
        # The log's order is by transaction id: so many have to have been given out before events can bear them.
        f"DO $$ BEGIN FOR i IN 1..{size.events // 3} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$",
        """DO $$ BEGIN FOR ago IN 1..3 LOOP EXECUTE format('CREATE TABLE events_%s PARTITION OF events FOR VALUES FROM (%L) TO (%L)',
            to_char((now() AT TIME ZONE 'UTC')::date - ago, 'YYYYMMDD'), ((now() AT TIME ZONE 'UTC')::date - ago) || ' 00:00+00',
            ((now() AT TIME ZONE 'UTC')::date - ago + 1) || ' 00:00+00'); END LOOP; END $$""",
        Rows(
            "events",
            "xid, at, kind, topics, actor_id, post_id",
            f"""SELECT ((pg_current_xact_id()::text::bigint - {size.events // 3} - 10) + n / 3)::text::xid8,
                now() - interval '60 hours' * (1 - n / {size.events}.0), CASE WHEN n % 3 = 0 THEN 'post_created' ELSE 'post_counted' END,
                CASE WHEN n % 3 = 0 THEN ARRAY['author:' || {person("author")}] || CASE WHEN author % 4 = 0 THEN ARRAY['explore'] ELSE '{{}}' END
                    ELSE ARRAY['post:' || {post(f"({some_post})", size)}] END,
                {person("author")}, {post("n", size)}
            FROM (SELECT n, {active} AS author FROM generate_series(1, {size.events}) n) AS drawn ORDER BY n""",
        ),
    ]
