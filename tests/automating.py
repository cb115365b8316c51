"""Automod for tests: rules over GraphQL, and `work` done here and now."""

from __future__ import annotations

import asyncio
from typing import Any

from models import automod_news, automod_run
from models.database import fetch_value
from tests.people import PATIENCE_SECONDS, Person
from tests.selection import mutation

CREATE, UPDATE = mutation("createAutomodRule", 2), mutation("updateAutomodRule", 2)
SET_STATE, DELETE = mutation("setAutomodRuleState", 2), mutation("deleteAutomodRule")
START, CANCEL = mutation("startAutomodRun", 2), mutation("cancelAutomodRun", 2)
RULES = """{ viewer { desk { canEditAutomodRules automodRules { ...Rule } } } }
fragment Rule on AutomodRule { id state version nextStates definition { name phrases target outcome mostAnHour label { value } }
  days { day examined matched } history { version state note actor { id } definition { phrases } } runs { id } }"""
RULE = "query($id: ID!) { node(id: $id) { ...Rule } }" + RULES[RULES.index("\nfragment") :]
RUN = """query($id: ID!) { node(id: $id) { ... on AutomodRun { id state version dayCount most expected passed examined matched upheld
  dismissed days { day examined matched } examples { post { id } user { id } phrases decision } endedAt } } }"""


def words(*phrases: str, outcome: str = "QUEUE", **more: Any) -> dict[str, Any]:
    """What a rule for these phrases says."""
    given = {"name": "Words", "target": "POST", "outcome": outcome, "reason": "SPAM", "phrases": list(phrases), **more}
    return {**given, "label": {"value": "SPAM"}} if outcome == "LABEL" else given


async def draft(boss: Person, rule: dict[str, Any]) -> str:
    """A rule that is drafted; its id."""
    found: str = (await boss.do(CREATE, rule=rule))["rule"]["id"]
    return found


async def turn(boss: Person, rule: str, *states: str) -> dict[str, Any]:
    """Move a rule through these states; it is given as it is then."""
    found: dict[str, Any] = (await boss.ask(RULE, id=rule))["node"]
    for state in states:
        found = (await boss.do(SET_STATE, ruleId=rule, version=found["version"], state=state))["rule"]
    return found


async def switched_on(boss: Person, rule: dict[str, Any]) -> str:
    """A rule that is on; its id."""
    found = await draft(boss, rule)
    await turn(boss, found, "DRY", "ON")
    return found


async def retire(boss: Person, *rules: str) -> None:
    """Take rules out again: there is room for few, and they see what other tests write."""
    for rule in rules:
        await turn(boss, rule, "OFF")
        await boss.do(DELETE, ruleId=rule)


async def screened() -> None:
    """Everything that happened so far was held against the rules, and what follows was done."""
    last = await fetch_value("SELECT (xid::text, id) FROM events ORDER BY xid DESC, id DESC LIMIT 1")
    if last is None:
        return
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            while await automod_news.screen():
                pass
            if await fetch_value(
                "SELECT (xid, event_id) >= ($1::text::xid8, $2::bigint) FROM log_readers WHERE name = 'automod'", *last
            ):
                return
            await asyncio.sleep(0.01)  # a transaction that is older than the last event is still open


async def tried(boss: Person, rule: str, **asked: int) -> dict[str, Any]:
    """A dry run of a rule, done to its end."""
    run = (await boss.do(START, ruleId=rule, **asked))["run"]["id"]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (found := (await boss.ask(RUN, id=run))["node"])["state"] == "RUNNING":
            await automod_run.step()
    result: dict[str, Any] = found
    return result
