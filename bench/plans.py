"""What the hot queries cost, and how the database does them: `python -m bench.plans --home FOLDER --size M [--only home] [--explain]`.

Each question is asked as the API asks it, through `models/` and a pooled connection with prepared statements. Printed for
each: rows given, p50 in ms as the caller sees it, CPU ms of the PostgreSQL backend, pages touched (of 8 KiB, by EXPLAIN),
whether the prepared statements have settled on a generic (g) or on custom (c) plans, and warnings: a sequential scan over
a large table, many rows thrown away by a filter, planning that costs more than a millisecond on every call.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from asyncpg import Connection

from bench.data import prepared
from bench.questions import Question, questions
from bench.town import SIZES
from models.database import client, close_database, open_database
from models.transaction import transaction

RUNS = 40
LARGE_TABLE_ROWS = 10_000
MANY_REMOVED = 1_000
SLOW_PLANNING_MS = 1.0


class Undo(Exception):
    """Leaves a transaction so that nothing of it stays."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one question costs. `plans` is g, c or a mixture, one letter per statement."""

    rows: int
    p50_ms: float
    cpu_ms: float
    pages: int
    plans: str
    warnings: Sequence[str]
    drawn: Sequence[str]


def backend_cpu_ms(pid: int) -> float:
    """CPU time that a process has had."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's node and everything below it."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def warnings_of(explained: dict[str, Any], large: set[str]) -> Iterator[str]:
    """What is suspicious in a plan."""
    for node in nodes(explained["Plan"]):
        removed = int(
            (node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0))
            * node["Actual Loops"]
        )
        where = node.get("Relation Name") or node.get("Alias") or ""
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in large and node["Actual Loops"]:
            yield f"sequential scan of {where}"
        if removed > MANY_REMOVED:
            yield f"{removed} rows removed at {node['Node Type']} {where}".strip()


def drawn(plan: dict[str, Any], depth: int = 0) -> Iterator[str]:
    """What a plan did, a line for each step that ran: rows in all, times, pages with what is below."""
    if plan["Actual Loops"]:
        what = [
            plan["Node Type"],
            *(f"{word} {plan[key]}" for word, key in (("by", "Index Name"), ("of", "CTE Name")) if key in plan),
        ]
        rows, loops = plan["Actual Rows"] * plan["Actual Loops"], plan["Actual Loops"]
        pages = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        yield f"{'  ' * depth}{' '.join(what)} {plan.get('Relation Name', '')}: {rows:.0f} rows, {loops:.0f} times, {pages} pages"
        for below in plan.get("Plans", ()):
            yield from drawn(below, depth + 1)


async def run(question: Question) -> object:
    """Ask once; what writes is undone."""
    if not question.writes:
        return await question.ask()
    given: object = None
    try:
        async with transaction():
            given = await question.ask()
            raise Undo
    except Undo:
        return given


async def measure(question: Question, connection: Connection, large: set[str]) -> Cost:
    """Ask often, then have each statement explained. `connection` is the pool's only one."""
    heard: list[tuple[str, tuple[object, ...]]] = []

    def hear(query: Any) -> None:
        if query.query.lstrip("( \n").partition(" ")[0] in ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE"):
            heard.append((query.query, tuple(query.args)))

    for _ in range(8):  # five custom plans, then the choice is made
        given = await run(question)
    connection.add_query_logger(hear)
    await run(question)
    connection.remove_query_logger(hear)
    times = []
    pid = connection.get_server_pid()
    before = backend_cpu_ms(pid)
    for _ in range(RUNS):
        began = time.perf_counter()
        await run(question)
        times.append((time.perf_counter() - began) * 1000)
    cpu = (backend_cpu_ms(pid) - before) / RUNS
    pages, kinds, warnings, plans = 0, "", list[str](), list[str]()
    for sql, arguments in heard:
        settled = await connection.fetchrow(
            "SELECT generic_plans > custom_plans AS generic FROM pg_prepared_statements WHERE statement = $1", sql
        )
        generic = bool(settled and settled["generic"])
        kinds += "g" if generic else "c"
        undone = connection.transaction()
        await undone.start()
        await connection.execute(f"SET LOCAL plan_cache_mode = force_{'generic' if generic else 'custom'}_plan")
        answer = await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", *arguments)
        await undone.rollback()
        (explained,) = answer if isinstance(answer, list) else orjson.loads(answer)
        pages += explained["Plan"]["Shared Hit Blocks"] + explained["Plan"]["Shared Read Blocks"]
        warnings += warnings_of(explained, large)
        plans += drawn(explained["Plan"])
        if not generic and explained["Planning Time"] > SLOW_PLANNING_MS:
            warnings.append(f"planning {explained['Planning Time']:.1f} ms each time")
    rows = len(given) if isinstance(given, Sized) else int(given is not None)
    return Cost(rows, statistics.median(times), cpu, pages, kinds, warnings, plans)


async def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--only", default="", help="questions whose name begins so")
    parser.add_argument("--explain", action="store_true", help="draw the plans")
    given = parser.parse_args()
    async with prepared(given.home, SIZES[given.size]) as (_, told):
        await open_database(told.database_url, 1)
        async with client().acquire_connection() as pooled:
            large = {
                row[0]
                for row in await pooled.fetch(f"SELECT relname FROM pg_class WHERE reltuples > {LARGE_TABLE_ROWS}")
            }
            connection: Connection = pooled._con  # the pool's only one, behind the proxy it hands out
        print(f"| {'question':34} | rows |  p50 ms |  CPU ms |  pages | plans | warnings")
        async for question in questions(SIZES[given.size]):
            if question.name.startswith(given.only):
                cost = await measure(question, connection, large)
                print(
                    f"| {question.name:34} | {cost.rows:4} | {cost.p50_ms:7.2f} | {cost.cpu_ms:7.2f} | {cost.pages:6} | {cost.plans:5} |"
                    f" {'; '.join(cost.warnings)}",
                    flush=True,
                )
                for line in cost.drawn if given.explain else ():
                    print(line)
        await close_database()


if __name__ == "__main__":
    asyncio.run(main())
