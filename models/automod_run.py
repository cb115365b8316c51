"""Dry runs: what a rule would have matched of what is there already, newest first. Nothing is touched.

`work` does a run in pieces. A piece is read and judged outside of any transaction and written in one that goes on from where the run
stood, or not at all: whoever is stopped in between does the piece again, and of two that do the same piece one is let through.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from asyncpg import Record

from errors import BadInput, Conflict, NotFound
from models import automod_definition, automod_fact, automod_rule, node_id
from models.automod_definition import AutomodTarget, Definition
from models.automod_fact import AutomodDecision, Facts
from models.automod_matcher import Match, Matcher
from models.automod_rule import DayRow
from models.checkpoint import checkpoint
from models.database import AWAY, fetch, fetch_one
from models.subject import ReportSubjectKind, Subject
from models.transaction import transaction

MOST_DAYS = 365
MOST_EXAMINED = 100_000
MOST_EXAMPLES = 50
MOST_KEPT = 5  # runs of a rule
PIECE = 200
AT_ONCE = 50  # facts between two turns of whatever else this process does
_TABLES = {AutomodTarget.POST: "posts", AutomodTarget.ACCOUNT: "users"}
log = logging.getLogger(__name__)


class AutomodRunState(Enum):
    """How far a run is."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the desk sees it. `passed` counts towards `expected`; `examined` is what of it everybody can see."""

    id: int
    rule_id: int
    version: int
    state: AutomodRunState
    day_count: int
    most: int
    expected: int
    passed: int
    examined: int
    matched: int
    upheld: int
    dismissed: int
    asked_by: int | None
    created_at: datetime
    ended_at: datetime | None

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("run", self.id)


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """Something that a run matched."""

    subject: Subject
    phrases: Sequence[str]
    decision: AutomodDecision | None


def _row(row: Record) -> RunRow:
    return RunRow(
        row["id"],
        row["rule_id"],
        row["version"],
        AutomodRunState(row["state"]),
        row["days"],
        row["most"],
        row["expected"],
        row["passed"],
        row["examined"],
        row["matched"],
        row["upheld"],
        row["dismissed"],
        row["asked_by"],
        row["created_at"],
        row["ended_at"],
    )


async def run_of(number: int) -> RunRow | None:
    """A run by its number; who may see it is the caller's question."""
    row = await fetch_one(
        "SELECT n.* FROM automod_runs n JOIN automod_rules r ON r.id = n.rule_id AND r.deleted_at IS NULL WHERE n.id = $1",
        number,
    )
    return None if row is None else _row(row)


async def runs(rule_id: int) -> list[RunRow]:
    """The runs of a rule, newest first."""
    rows = await fetch("SELECT * FROM automod_runs WHERE rule_id = $1 ORDER BY id DESC LIMIT $2", rule_id, MOST_KEPT)
    return [_row(row) for row in rows]


async def days(run_id: int) -> list[DayRow]:
    """What a run saw of each day (UTC), newest first."""
    rows = await fetch(
        "SELECT * FROM automod_run_days WHERE run_id = $1 ORDER BY day DESC LIMIT $2", run_id, MOST_DAYS + 1
    )
    return [DayRow(row["day"], row["examined"], row["matched"]) for row in rows]


async def examples(run_id: int) -> list[ExampleRow]:
    """Some of what a run matched, newest first."""
    rows = await fetch(
        """SELECT e.*, n.definition->>'target' AS target FROM automod_run_examples e JOIN automod_runs n ON n.id = e.run_id
        WHERE e.run_id = $1 ORDER BY e.subject_id DESC LIMIT $2""",
        run_id,
        MOST_EXAMPLES,
    )
    return [
        ExampleRow(
            Subject(ReportSubjectKind.POST if row["target"] == "POST" else ReportSubjectKind.USER, row["subject_id"]),
            row["phrases"],
            None if row["decision"] is None else AutomodDecision(row["decision"]),
        )
        for row in rows
    ]


async def begin(actor_id: int, rule_id: int, day_count: int, most: int) -> int:
    """Begin a run of a rule as it is now; its id. The caller holds the transaction.

    Raises NotFound, Forbidden, BadInput, Conflict while one runs.
    """
    await automod_rule.check_editor(actor_id)
    for name, number, largest in (("days", day_count, MOST_DAYS), ("most", most, MOST_EXAMINED)):
        if not 1 <= number <= largest:
            raise BadInput(f"1 to {largest:,}.", [name])
    rule = await fetch_one("SELECT * FROM automod_rules WHERE id = $1 AND deleted_at IS NULL FOR UPDATE", rule_id)
    if rule is None:
        raise NotFound("There is no such rule.", ["ruleId"])
    table = _TABLES[automod_definition.read(rule["definition"]).target]
    row = await fetch_one(
        f"""INSERT INTO automod_runs (rule_id, version, definition, asked_by, days, most, place, floor, expected)
        SELECT $1, $2, $3::jsonb, $4, $5::int, $6::int, fresque_id() | 65535, span.floor,
            (SELECT count(*) FROM (SELECT 1 FROM {table} WHERE id > span.floor LIMIT $6::int) AS newer)
        FROM (SELECT (extract(epoch FROM now() - make_interval(days => $5::int)) * 1000)::bigint << 16 AS floor) AS span
        ON CONFLICT (rule_id) WHERE state = 'RUNNING' DO NOTHING RETURNING id""",
        rule_id,
        rule["version"],
        rule["definition"],
        actor_id,
        day_count,
        most,
    )
    if row is None:
        raise Conflict("This rule is being tried. Wait, or cancel that.", ["ruleId"])
    await fetch(
        """DELETE FROM automod_runs WHERE id IN (SELECT id FROM automod_runs WHERE rule_id = $1 ORDER BY id DESC OFFSET $2)""",
        rule_id,
        MOST_KEPT,
    )
    return int(row["id"])


async def cancel(actor_id: int, run_id: int) -> None:
    """End a run where it is; what it found so far stays. The caller holds the transaction. Raises NotFound, Forbidden."""
    await automod_rule.check_editor(actor_id, "runId")
    if await run_of(run_id) is None:
        raise NotFound("There is no such run.", ["runId"])
    await fetch(
        "UPDATE automod_runs SET state = 'CANCELLED', ended_at = now() WHERE id = $1 AND state = 'RUNNING'", run_id
    )


async def step() -> bool:
    """Do the next piece of the run that was asked for first; True while there is more. Safe in parallel."""
    row = await fetch_one("SELECT * FROM automod_runs WHERE state = 'RUNNING' ORDER BY id LIMIT 1")
    if row is None:
        return False
    wanted = min(PIECE, row["most"] - row["passed"])
    try:
        ids, facts, matched = await _piece(row, wanted)
    except AWAY:
        raise
    except Exception:  # whatever it is: other runs wait behind it
        log.exception("dry run %d cannot go on", row["id"])
        await fetch(
            "UPDATE automod_runs SET state = 'FAILED', ended_at = now() WHERE id = $1 AND state = 'RUNNING'", row["id"]
        )
        return True
    ended = len(ids) < wanted or row["passed"] + len(ids) >= row["most"]
    await _keep(row, ids, facts, matched, ended=ended)
    return True


async def _piece(row: Record, wanted: int) -> tuple[list[int], list[Facts], list[tuple[Facts, Match]]]:
    """The next piece of a run: what there is, what of it is looked at, and what of that matches. Raises what a broken run raises."""
    definition = automod_definition.read(row["definition"])
    found = await fetch(
        f"SELECT id FROM {_TABLES[definition.target]} WHERE id < $1 AND id > $2 ORDER BY id DESC LIMIT $3",
        row["place"],
        row["floor"],
        wanted,
    )
    ids = [one["id"] for one in found]
    facts = await _facts(definition, ids, row["created_at"])
    return ids, facts, await _matched(definition, facts)


async def _facts(definition: Definition, ids: Sequence[int], now: datetime) -> list[Facts]:
    if not ids:
        return []
    if definition.target is AutomodTarget.POST:
        return await automod_fact.posts(ids, past=True)
    return await automod_fact.accounts(ids, now, past=True)


async def _matched(definition: Definition, facts: Sequence[Facts]) -> list[tuple[Facts, Match]]:
    matcher = Matcher({0: definition})
    found = []
    for at, one in enumerate(facts):
        if at % AT_ONCE == AT_ONCE - 1:
            await asyncio.sleep(0)
        found += [(one, match) for match in matcher.matches(one)]
    return found


async def _keep(
    row: Record, ids: Sequence[int], facts: Sequence[Facts], matched: Sequence[tuple[Facts, Match]], *, ended: bool
) -> None:
    """Write a piece down, where the run still stands at its beginning."""
    decisions = Counter(one.decision for one, _ in matched)
    async with transaction():
        moved = await fetch(
            """UPDATE automod_runs SET place = $3, passed = passed + $4, examined = examined + $5, matched = matched + $6,
                upheld = upheld + $7, dismissed = dismissed + $8, state = CASE WHEN $9 THEN 'DONE' ELSE state END,
                ended_at = CASE WHEN $9 THEN now() END WHERE id = $1 AND place = $2 AND state = 'RUNNING' RETURNING id""",
            row["id"],
            row["place"],
            ids[-1] if ids else row["place"],
            len(ids),
            len(facts),
            len(matched),
            decisions[AutomodDecision.UPHELD],
            decisions[AutomodDecision.DISMISSED],
            ended,
        )
        if not moved:
            return
        examined, found = Counter(_day(one) for one in facts), Counter(_day(one) for one, _ in matched)
        await fetch(
            """INSERT INTO automod_run_days (run_id, day, examined, matched)
            SELECT $1, * FROM unnest($2::date[], $3::int[], $4::int[])
            ON CONFLICT (run_id, day) DO UPDATE SET examined = automod_run_days.examined + excluded.examined,
                matched = automod_run_days.matched + excluded.matched""",
            row["id"],
            list(examined),
            list(examined.values()),
            [found[day] for day in examined],
        )
        for one, match in matched[: max(0, MOST_EXAMPLES - row["matched"])]:
            await fetch(
                "INSERT INTO automod_run_examples (run_id, subject_id, phrases, decision) VALUES ($1, $2, $3, $4)",
                row["id"],
                one.subject.id,
                list(match.phrases)[:10],
                None if one.decision is None else one.decision.value,
            )
        checkpoint("automod.piece")


def _day(one: Facts) -> date:
    return one.at.date()
