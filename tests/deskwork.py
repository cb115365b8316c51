"""Everything that only moderators and administrators may call, with inputs that are good: for walks that go there as they do."""

from __future__ import annotations

from typing import Any

from models.database import fetch
from models.role import Role
from schema.scope import MODERATE, MUTATION
from tests.automating import RULE, draft, words
from tests.moderating import ACT, APPEAL, OPEN, act_about, hold_a_picture, staff
from tests.people import Person, Town
from tests.scene import number
from tests.selection import mutation, mutations

ADMINISTRATORS = ("setRole", *sorted(name for name in mutations() if "Automod" in name))
"""What moderators may not."""
DESK = tuple(sorted({*MUTATION[MODERATE].split(), *ADMINISTRATORS}))
NOT_THERE = {"NOT_FOUND", "FORBIDDEN"}


async def worker(town: Town, role: Role) -> tuple[Person, dict[str, dict[str, Any]]]:
    """Somebody at the desk in this role, and an input of each mutation of the desk, about what is there and waits."""
    who, judge, boss = await staff(town, role), await staff(town), await staff(town, Role.ADMINISTRATOR)
    ben, eve = await town.person("ben"), await town.person("eve")
    case = (await judge.do(OPEN, postId=await ben.write("Bad words")))["case"]["id"]
    action = (await judge.do(ACT, caseId=case, kind="WARN", rule="SPAM", keepsOpen=True))["action"]["id"]
    against = await act_about(judge, "WARN", userId=eve.id)
    appeal = (await eve.do(APPEAL, actionId=against, text="x"))["appeal"]["id"]
    rule, other = await draft(boss, words("some words")), await draft(boss, words("other words"))
    run = (await boss.do(mutation("startAutomodRun"), ruleId=rule))["run"]["id"]
    return who, {
        "openCase": {"postId": await ben.write("Worse words")},
        "assignCase": {"caseId": case},
        "addCaseNote": {"caseId": case, "text": "x"},
        "takeAction": {"caseId": case, "kind": "WARN", "rule": "SPAM", "keepsOpen": True},
        "reverseAction": {"actionId": action},
        "decideAppeal": {"appealId": appeal, "grants": True},
        "decideHeldPicture": {"heldPictureId": await hold_a_picture(eve), "approves": True},
        "setRole": {"userId": ben.id, "role": "MEMBER"},
        "createAutomodRule": {"rule": words("quite other words", outcome="LABEL")},
        "updateAutomodRule": {"ruleId": rule, "version": 1, "rule": words("some more words", outcome="LABEL")},
        "setAutomodRuleState": {"ruleId": rule, "version": 1, "state": "DRY"},
        "deleteAutomodRule": {"ruleId": other},
        "startAutomodRun": {"ruleId": rule},
        "cancelAutomodRun": {"runId": run},
    }


async def as_it_is(who: Person, given: dict[str, Any]) -> dict[str, Any]:
    """The input, about the version of its rule that there is now."""
    if "version" not in given:
        return given
    found = (await who.ask(RULE, id=given["ruleId"]))["node"]
    return {**given, "version": found["version"] if found else 1}


async def cleared(who: Person, inputs: dict[str, dict[str, Any]]) -> None:
    """Take out the rules that somebody made, since there is an end to how many there are, and the runs that go on."""
    mine = {number(inputs[name]["ruleId"]) for name in ("updateAutomodRule", "deleteAutomodRule")}
    made = await fetch("SELECT DISTINCT rule_id FROM automod_changes WHERE actor_id = $1", number(who.id))
    rules = [*mine, *(row["rule_id"] for row in made)]
    await fetch("UPDATE automod_rules SET state = 'OFF', deleted_at = now() WHERE id = ANY($1)", rules)
    await fetch(
        "UPDATE automod_runs SET state = 'CANCELLED', ended_at = now() WHERE rule_id = ANY($1) AND state = 'RUNNING'",
        rules,
    )
