"""Automod rules as administrators keep them: drafted, tried, turned on and off; every change is a version that stays written down.

A rule goes from DRAFT to DRY, where it counts and touches nothing, and from there to ON. What changes in a rule that is on puts it
back to DRY, so that nothing acts that was never tried. Changes of all rules are made one after another: by the newest change's number
every process knows whether the rules it has are those that hold.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from asyncpg import Record

from errors import BadInput, Conflict, Forbidden, NotFound, QuotaExceeded
from models import audit, automod_definition, node_id, role
from models.audit import ModerationLogKind
from models.automod_definition import UNREADABLE, Definition
from models.database import fetch, fetch_one, fetch_value
from models.role import Permission

MOST_RULES = 50
MOST_CHANGES = 100  # of a rule's history, in one answer
DAYS_SHOWN = 30
log = logging.getLogger(__name__)


class AutomodState(Enum):
    """What a rule does."""

    DRAFT = "DRAFT"
    DRY = "DRY"
    ON = "ON"
    OFF = "OFF"


MOVES: dict[AutomodState, frozenset[AutomodState]] = {
    AutomodState.DRAFT: frozenset({AutomodState.DRY}),
    AutomodState.DRY: frozenset({AutomodState.ON, AutomodState.OFF}),
    AutomodState.ON: frozenset({AutomodState.DRY, AutomodState.OFF}),
    AutomodState.OFF: frozenset({AutomodState.DRY}),
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the desk sees it."""

    id: int
    state: AutomodState
    version: int
    definition: Definition
    created_at: datetime
    changed_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("rule", self.id)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One version of a rule, and who made it. `actor_id` None: the house stopped it."""

    version: int
    state: AutomodState
    definition: Definition
    actor_id: int | None
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DayRow:
    """How much a rule looked at on one day (UTC), and how much of it it matched."""

    day: date
    examined: int
    matched: int


def _row(row: Record) -> RuleRow:
    return RuleRow(
        row["id"],
        AutomodState(row["state"]),
        row["version"],
        automod_definition.read(row["definition"]),
        row["created_at"],
        row["changed_at"],
    )


async def rules() -> list[RuleRow]:
    """All rules, oldest first."""
    rows = await fetch("SELECT * FROM automod_rules WHERE deleted_at IS NULL ORDER BY id LIMIT $1", MOST_RULES)
    return _rows(rows)


def _rows(rows: Sequence[Record]) -> list[RuleRow]:
    """Rules as far as they can be read: what a newer version wrote is left out."""
    found = []
    for row in rows:
        try:
            found.append(_row(row))
        except UNREADABLE:
            log.warning("automod rule %d cannot be read", row["id"])
    return found


async def rule(number: int) -> RuleRow | None:
    """A rule by its number; who may see it is the caller's question."""
    row = await fetch_one("SELECT * FROM automod_rules WHERE id = $1 AND deleted_at IS NULL", number)
    return None if row is None else next(iter(_rows([row])), None)


async def rules_of_case(case_id: int) -> list[RuleRow]:
    """The rules that brought something into a case."""
    rows = await fetch(
        "SELECT r.* FROM automod_rules r JOIN automod_matches m ON m.rule_id = r.id WHERE m.case_id = $1 ORDER BY r.id",
        case_id,
    )
    return _rows(rows)


async def history(rule_id: int) -> list[ChangeRow]:
    """The versions of a rule, the newest `MOST_CHANGES`, newest first."""
    rows = await fetch(
        "SELECT * FROM automod_changes WHERE rule_id = $1 ORDER BY version DESC LIMIT $2", rule_id, MOST_CHANGES
    )
    return [
        ChangeRow(
            row["version"],
            AutomodState(row["state"]),
            automod_definition.read(row["definition"]),
            row["actor_id"],
            row["note"],
            row["at"],
        )
        for row in rows
    ]


async def days(rule_id: int) -> list[DayRow]:
    """What a rule saw since it runs, the newest `DAYS_SHOWN` days, newest first."""
    rows = await fetch("SELECT * FROM automod_days WHERE rule_id = $1 ORDER BY day DESC LIMIT $2", rule_id, DAYS_SHOWN)
    return [DayRow(row["day"], row["examined"], row["matched"]) for row in rows]


async def revision() -> int:
    """The number of the newest change of any rule."""
    return int(await fetch_value("SELECT coalesce(max(id), 0) FROM automod_changes"))


async def create(actor_id: int, given: Mapping[str, Any]) -> int:
    """Draft a rule; its id. The caller holds the transaction. Raises Forbidden, BadInput, QuotaExceeded."""
    await check_editor(actor_id)
    definition = automod_definition.checked(given)
    await _one_at_a_time()
    if await fetch_value("SELECT count(*) FROM automod_rules WHERE deleted_at IS NULL") >= MOST_RULES:
        raise QuotaExceeded(f"There are at most {MOST_RULES} rules.")
    row = await fetch_one(
        "INSERT INTO automod_rules (state, definition) VALUES ('DRAFT', $1::jsonb) RETURNING *",
        automod_definition.stored(definition),
    )
    assert row is not None
    await _written(row, actor_id, "", "")
    return int(row["id"])


async def change(actor_id: int, rule_id: int, version: int, given: Mapping[str, Any]) -> None:
    """Give a rule other words; one that is on is tried first again. The caller holds the transaction.

    Raises Forbidden, NotFound, BadInput, Conflict where somebody else changed it meanwhile.
    """
    await check_editor(actor_id)
    definition = automod_definition.checked(given)
    row = await _held(rule_id, version)
    if definition == automod_definition.read(row["definition"]):
        return
    state = AutomodState.DRY if row["state"] == AutomodState.ON.value else AutomodState(row["state"])
    await _put(row, state, definition, actor_id, "")


async def set_state(actor_id: int, rule_id: int, version: int, state: AutomodState) -> None:
    """Try a rule, turn it on or off. The caller holds the transaction. Raises Forbidden, NotFound, BadInput, Conflict."""
    await check_editor(actor_id)
    row = await _held(rule_id, version)
    was = AutomodState(row["state"])
    if state is was:
        return
    if state not in MOVES[was]:
        raise BadInput("A rule is tried (DRY) before it is turned on.", ["state"])
    await _put(row, state, automod_definition.read(row["definition"]), actor_id, "")


async def delete(actor_id: int, rule_id: int) -> None:
    """Take a rule out; what it was and did stays written down. The caller holds the transaction.

    Raises Forbidden, NotFound, Conflict while it runs.
    """
    await check_editor(actor_id)
    row = await _held(rule_id, None)
    if AutomodState(row["state"]) in (AutomodState.DRY, AutomodState.ON):
        raise Conflict("Turn the rule off first.", ["ruleId"])
    await fetch(
        "UPDATE automod_runs SET state = 'CANCELLED', ended_at = now() WHERE rule_id = $1 AND state = 'RUNNING'",
        rule_id,
    )
    gone = await fetch_one(
        "UPDATE automod_rules SET deleted_at = now(), version = version + 1 WHERE id = $1 RETURNING *", rule_id
    )
    assert gone is not None
    await _written(gone, actor_id, "", "DELETED")


async def stop(rule_id: int, why: str) -> None:
    """The house puts a rule that acts too much back to DRY. The caller holds the transaction."""
    row = await _held(rule_id, None)
    if row["state"] == AutomodState.ON.value:
        await _put(row, AutomodState.DRY, automod_definition.read(row["definition"]), None, why)


async def check_editor(actor_id: int, path: str = "ruleId") -> None:
    """Whether somebody may change rules. Raises NotFound for who does not work at the desk, Forbidden for who does."""
    await role.check_desk(actor_id, path, "rule")
    if not await role.may(actor_id, Permission.EDIT_RULES):
        raise Forbidden("Administrators change rules.")


async def _one_at_a_time() -> None:
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('automod', 0))")


async def _held(rule_id: int, version: int | None) -> Record:
    await _one_at_a_time()
    row = await fetch_one("SELECT * FROM automod_rules WHERE id = $1 AND deleted_at IS NULL FOR UPDATE", rule_id)
    if row is None:
        raise NotFound("There is no such rule.", ["ruleId"])
    if version is not None and row["version"] != version:
        raise Conflict("Somebody else changed this rule meanwhile. Look at it again.", ["version"])
    return row


async def _put(row: Record, state: AutomodState, definition: Definition, actor_id: int | None, why: str) -> None:
    now = await fetch_one(
        """UPDATE automod_rules SET state = $2, definition = $3::jsonb, version = version + 1, changed_at = now()
        WHERE id = $1 RETURNING *""",
        row["id"],
        state.value,
        automod_definition.stored(definition),
    )
    assert now is not None
    await _written(now, actor_id, why, row["state"])


async def _written(row: Record, actor_id: int | None, why: str, before: str) -> None:
    """Write a version down, in the rule's own history and in the desk's log."""
    await fetch(
        """INSERT INTO automod_changes (rule_id, version, state, definition, actor_id, note) VALUES ($1, $2, $3, $4::jsonb, $5, $6)""",
        row["id"],
        row["version"],
        row["state"],
        row["definition"],
        actor_id,
        why,
    )
    moved = before or "NEW"
    if before not in ("", "DELETED"):
        moved = row["state"] if before == row["state"] else f"{before} → {row['state']}"
    detail = f"{row['definition']['name']} (v{row['version']}): {moved}" + (f", {why}" if why else "")
    await audit.note(actor_id, ModerationLogKind.RULE, detail=detail)
