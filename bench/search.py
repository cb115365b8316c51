"""What searching costs: `python -m bench.search --home FOLDER --size M [--rounds 60] [--explain]`.

A town's posts are given words first, drawn as words of a language are: the commonest stands in every second post, most in a
few. Each question is asked as the API asks it, by readers who follow many and few, every time with other words; printed are p50
and p99 in ms as the caller sees them, and with `--explain` how the database answers one of each.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sized
from pathlib import Path

import asyncpg

from bench.data import prepared
from bench.town import SIZES, person
from discovery import hashtag_search, people_search, post_search
from discovery.grammar import parse
from discovery.query import Every
from errors import BadInput
from models.database import close_database, fetch, open_database
from models.timeline import Window
from models.transaction import transaction

VOCABULARY = 50_000
STEEP = 4
PAGE = 21
WORDS = f"""UPDATE post_words w SET words = array_to_tsvector(ARRAY(
    SELECT lexeme FROM unnest(w.words) WHERE lexeme LIKE '%:%')) || fresque_vector((
        SELECT string_agg('w' || floor({VOCABULARY} * power(random(), {STEEP}))::int, ' ') FROM generate_series(1, 8 + ((w.post_id >> 18) % 12)::int)
    ), NULL, 0) WHERE w.post_id >= $1 AND w.post_id < $2"""
STRETCHES = 20


async def give_words(url: str) -> None:
    """Give every post its words, once; over a connection without the limits of requests."""
    connection = await asyncpg.connect(url)
    if await connection.fetchval("SELECT to_regclass('bench_words')") is None:
        began = time.monotonic()
        low, high = await connection.fetchrow("SELECT min(post_id), max(post_id) FROM post_words")
        step = (high - low) // STRETCHES + 1
        for place in range(STRETCHES):
            await connection.execute(WORDS, low + place * step, low + (place + 1) * step)
        await connection.execute("VACUUM ANALYZE post_words")
        await connection.execute("ANALYZE hashtag_names")
        await connection.execute("CREATE TABLE bench_words ()")
        print(f"gave words in {time.monotonic() - began:.0f} s", flush=True)
    await connection.close()


class Asker:
    """Draws readers, words and people."""

    def __init__(self, people: int, readers: list[int]) -> None:
        self.people = people
        self.readers = readers
        self.chance = random.Random(7)

    def word(self, least: float = 0.0) -> str:
        """A word as it is drawn for posts; with `least` towards 1 a rare one."""
        return f"w{int(VOCABULARY * max(self.chance.random(), least) ** STEEP)}"

    def reader(self) -> int:
        """Who asks."""
        return self.chance.choice(self.readers)

    def author(self) -> str:
        """Somebody's handle: those who write most write most of what is asked for."""
        return f"p{1 + int(self.people * self.chance.random() ** 1.5)}"


def texts(asker: Asker) -> dict[str, Callable[[], str]]:
    """What is looked for among posts."""
    return {
        "the commonest word": lambda: "w0",
        "a word": asker.word,
        "a rare word": lambda: asker.word(0.9),
        "a word nobody wrote": lambda: f"x{asker.chance.random()}",
        "two words": lambda: f"{asker.word()} {asker.word()}",
        "a phrase": lambda: f'"{asker.word()} {asker.word()}"',
        "words that begin so": lambda: f"{asker.word()[:3]}*",
        "a word or another, not a third": lambda: f"({asker.word()} OR {asker.word()}) -{asker.word()}",
        "not the commonest word": lambda: "-w0",
        "somebody's": lambda: f"from:{asker.author()}",
        "a word of somebody's": lambda: f"{asker.word()} from:{asker.author()}",
        "a word with a picture, no reply": lambda: f"{asker.word()} has:image -is:reply",
        "a word that was liked ten times": lambda: f"{asker.word()} min_likes:10",
        "a word of whom one follows": lambda: f"{asker.word()} is:followed",
        "whom one follows, with a picture": lambda: "is:followed has:image",
        "a word, years ago": lambda: f"{asker.word()} until:2024-04-01",
    }


async def posts(asker: Asker, text: str) -> Sized:
    """One page of posts."""
    tree = parse(text)
    assert isinstance(tree, Every), tree
    viewer = asker.reader()
    return await post_search.posts(viewer, await post_search.plan(viewer, tree), Window(PAGE))


async def explain(asker: Asker, text: str) -> None:
    """How the first stretch of a question is read."""
    tree = parse(text)
    assert isinstance(tree, Every)
    viewer = asker.reader()
    plan = await post_search.plan(viewer, tree)
    async with transaction():
        await fetch("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")
        older, newer = plan.older_than or 2**63 - 1, plan.newer_than or 0
        rows = await fetch(
            f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {post_search.STRETCH['DESC']}",
            viewer, older, newer, PAGE * 4, *post_search.arguments(plan),
        )  # fmt: skip
    print("\n".join(row[0] for row in rows), flush=True)


async def timed(ask: Callable[[], Awaitable[Sized]], rounds: int) -> str:
    """p50 and p99 of a question, how many rows it gave, and how often it was refused as too broad."""
    took, rows, refused = [], 0, 0
    for _ in range(rounds):
        began = time.perf_counter()
        try:
            rows += len(await ask())
        except BadInput:
            refused += 1
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
    return f"{p50:.1f} | {p99:.1f} | {rows / rounds:.1f} | {refused}"


async def main() -> None:
    """Make the words if need be, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--explain", action="store_true")
    given = parser.parse_args()
    size = SIZES[given.size]
    async with prepared(given.home, size) as (_, told):
        await open_database(told.database_url, 2)
        await give_words(told.database_url)
        rows = await fetch(f"SELECT id FROM users WHERE id IN ({', '.join(person(n * 97 + 1) for n in range(60))})")
        asker = Asker(size.people, [0, *(row["id"] for row in rows)])
        print("| what | p50 ms | p99 ms | rows | refused |\n|---|---|---|---|---|")
        for name, text in texts(asker).items():
            print(f"| {name} | {await timed(lambda text=text: posts(asker, text()), given.rounds)} |", flush=True)  # type: ignore[misc]
            if given.explain:
                await explain(asker, text())
        names: dict[str, Callable[[], Awaitable[Sized]]] = {
            "people, one letter and a digit": lambda: people_search.people(asker.reader(), asker.author()[:2]),
            "people, most of a handle": lambda: people_search.people(asker.reader(), asker.author()[:4]),
            "people, misspelt": lambda: people_search.people(asker.reader(), f"persn {asker.chance.random()}"),
            "hashtags": lambda: hashtag_search.hashtags(asker.reader(), f"tag{asker.chance.randint(1, 9)}"),
        }
        for name, ask in names.items():
            print(f"| {name} | {await timed(ask, given.rounds)} |", flush=True)
        await close_database()


if __name__ == "__main__":
    asyncio.run(main())
