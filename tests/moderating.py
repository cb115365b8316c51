"""Reports and the desk, for tests: who works there, and what they do, over GraphQL."""

from __future__ import annotations

from typing import Any

from models import node_id, role
from models.database import fetch, fetch_value
from models.job import Failure
from models.lease import NewImage
from models.review import hold_output
from models.role import Role
from models.transaction import transaction
from tests.chatting import said
from tests.labeling import labeler_inputs
from tests.making import Brush
from tests.people import Person, Town
from tests.scene import number
from tests.selection import everything, halves, mutation

REPORT, ACT, APPEAL, DECIDE = [
    mutation(name) for name in ("createReport", "takeAction", "appealAction", "decideAppeal")
]
REVERSE, OPEN, NOTE = [mutation(name) for name in ("reverseAction", "openCase", "addCaseNote")]
ASSIGN = mutation("assignCase", 2)
SET_ROLE = mutation("setRole")
DESK = """query($state: ModerationCaseState! = OPEN, $after: String, $first: Int) { viewer { desk { waitingCaseCount
  cases(state: $state, first: $first, after: $after) { pageInfo { hasNextPage endCursor } edges { node { ...Case } } } } } }
fragment Case on ModerationCase { id number state urgency subjectKind handle reportCount reasons strikes assignee { id } allowedActions
  evidence { text warning images { id url } context { text user { id } } } notes { text author { id } }
  reports { edges { node { id reason note reporter { id } } } } actions { edges { node { id kind rule moderator { id } } } } }"""
CASE = "query($id: ID!) { node(id: $id) { ...Case } }" + DESK[DESK.index("\nfragment") :]
RULE = {
    "name": "Words",
    "target": "POST",
    "outcome": "LABEL",
    "reason": "SPAM",
    "phrases": ["x y"],
    "label": {"value": "SPAM"},
}
MINE = """{ viewer { role strikes desk { waitingCaseCount } reports { edges { node { id reason note state post { id } } } }
  moderationActions { edges { node { id kind rule note strikes post { id } moderator { id } viewerCanAppeal reversedAt
    about { id } appeal { id state answer } } } } } }"""


async def staff(town: Town, given: Role = Role.MODERATOR) -> Person:
    """Somebody new who works at the desk."""
    found = await town.person("desk")
    await employ(found, given)
    return found


async def employ(person: Person, given: Role) -> None:
    """Give somebody a role, as whoever runs the place does."""
    async with transaction():
        # Those of earlier tests go: a team has an end.
        await fetch(
            "UPDATE users SET role = 'MEMBER' WHERE id IN (SELECT id FROM users WHERE role <> 'MEMBER' ORDER BY id DESC OFFSET 100)"
        )
        await role.give(None, number(person.id), given)


async def report(who: Person, reason: str = "SPAM", note: str = "", **subject: str) -> str:
    """Report something; the id."""
    found: str = (await who.do(REPORT, reason=reason, note=note, **subject))["report"]["id"]
    return found


async def cases(who: Person, **asked: Any) -> list[dict[str, Any]]:
    """All the cases of the queue, page by page."""
    found: list[dict[str, Any]] = []
    after: dict[str, Any] = {}
    while True:
        page = (await who.ask(DESK, **{"first": 50, **asked, **after}))["viewer"]["desk"]["cases"]
        found += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = {"after": page["pageInfo"]["endCursor"]}


async def case_about(who: Person, person: Person, **asked: Any) -> dict[str, Any]:
    """The newest case about somebody."""
    found = [one for one in await cases(who, **asked) if one["handle"] == person.handle]
    return max(found, key=lambda one: one["number"])


async def act(who: Person, case: str, kind: str, rule: str = "SPAM", **more: Any) -> str:
    """Do something about a case; the action's id."""
    found: str = (await who.do(ACT, caseId=case, kind=kind, rule=rule, **more))["action"]["id"]
    return found


async def act_about(
    who: Person, kind: str, rule: str = "SPAM", more: dict[str, Any] | None = None, **subject: str
) -> str:
    """Open a case about something and act; the action's id."""
    case = (await who.do(OPEN, **subject))["case"]["id"]
    return await act(who, case, kind, rule, **(more or {}))


async def mine(who: Person) -> dict[str, Any]:
    """What somebody sees of their own."""
    found: dict[str, Any] = (await who.ask(MINE))["viewer"]
    return found


async def actions(who: Person) -> list[dict[str, Any]]:
    """What was done about somebody, as they see it, newest first."""
    return [edge["node"] for edge in (await mine(who))["moderationActions"]["edges"]]


async def moderated(person: Person) -> dict[str, str]:
    """A report by somebody, the case about them, what was done about them, and their appeal; ids by kind."""
    town = person.town
    moderator, other = await staff(town), await town.person("reported")
    mine_of_them = await report(person, userId=other.id)
    action = await act_about(moderator, "WARN", userId=person.id)
    appeal = (await person.do(APPEAL, actionId=action, text="x"))["appeal"]["id"]
    case = (await case_about(moderator, person, state="CLOSED"))["id"]
    return {"report": mine_of_them, "action": action, "appeal": appeal, "case": case}


async def hold_a_picture(owner: Person) -> str:
    """A picture that checks held, of somebody; its id."""
    brush = await Brush.new()
    await owner.do(mutation("generateImages"), prompt="a cat", engine=brush.name)
    work = await brush.claimed()
    image = NewImage(f"p/{brush.name}/held/", "image/png", 9, 64, 64, "L00000fQfQfQfQfQfQfQfQfQfQfQ", "A cat")
    assert await hold_output(work.id, work.token, 0, image, Failure("in_review", "Held.", "output", ("gore",)))
    return node_id.encode("review", await fetch_value("SELECT id FROM reviews WHERE job_id = $1", work.id))


async def at_desk(ada: Person, bob: Person, chat: str) -> dict[str, str]:
    """Somebody with everything a desk has, as its administrator; ids by name."""
    town = ada.town
    own = await moderated(ada)
    judge, ben, eve = await staff(town), await town.person("ben"), await town.person("eve")
    post = await ben.write("Bad words")
    await report(ada, "HARASSMENT", messageId=await said(bob, chat, "Bad words"))
    await report(ada, "SPAM", postId=post)
    await report(eve, "HATE", userId=ben.id)
    await hold_a_picture(eve)
    reported = [one for one in await cases(judge) if one["subjectKind"] == "MESSAGE"][-1]["id"]
    await employ(ada, Role.ADMINISTRATOR)
    case = (await ada.do(OPEN, postId=post))["case"]["id"]
    await ada.do(ASSIGN, caseId=case)
    await ada.do(NOTE, caseId=reported, text="x")
    label = {"value": "SPAM"}
    await act(ada, case, "LABEL", label=label, keepsOpen=True)
    against = await act_about(judge, "WARN", userId=eve.id)
    appeal = (await eve.do(APPEAL, actionId=against, text="x"))["appeal"]["id"]
    undone = await act_about(judge, "WARN", userId=eve.id)
    await judge.do(REVERSE, actionId=undone)
    told = await act_about(judge, "WARN", userId=ben.id)
    await report(eve, postId=post)
    rule, run = await _tried(ada)
    ids = [number(one) for one in (rule, post, ben.id, case)]
    await fetch(
        """INSERT INTO automod_matches (rule_id, subject_kind, subject_id, person_id, version, said, state, case_id)
        VALUES ($1, 'POST', $2, $3, 2, '', 'DONE', $4)""",
        *ids,
    )
    automatic = await fetch_value(
        """INSERT INTO moderation_actions (case_id, kind, subject_kind, subject_id, person_id, rule, note, strikes, automod_rule_id)
        VALUES ($4, 'LABEL', 'POST', $2, $3, 'SPAM', '', 0, $1) RETURNING id""",
        *ids,
    )
    return {
        "rule": rule, "run": run, "automatic": node_id.encode("action", automatic),
        "case": case, "against": told, "undone": undone, "appeal": appeal, "action": own["action"], "report": own["report"],
        "labelled": post, "reported": reported,
    }  # fmt: skip


async def _tried(boss: Person) -> tuple[str, str]:
    """A rule and a dry run of it, with all that they can have."""
    rule = (await boss.do(mutation("createAutomodRule"), rule=RULE))["rule"]["id"]
    run = (await boss.do(mutation("startAutomodRun"), ruleId=rule))["run"]["id"]
    for kind in ("post", "user"):
        found = await fetch_value(f"SELECT max(id) FROM {kind}s WHERE true")
        await fetch(
            "INSERT INTO automod_run_examples (run_id, subject_id, phrases, decision) VALUES ($1, $2, '{x y}', 'UPHELD')",
            number(run),
            found,
        )
    await fetch("INSERT INTO automod_run_days (run_id, day, examined, matched) VALUES ($1, now(), 2, 1)", number(run))
    await fetch("INSERT INTO automod_days (rule_id, day, examined, matched) VALUES ($1, now(), 2, 1)", number(rule))
    await fetch("UPDATE automod_runs SET state = 'DONE', ended_at = now() WHERE id = $1", number(run))
    return rule, run


AT_DESK = {
    "subjectKind": "query($v: ReportSubjectKind) { viewer { desk { cases(subjectKind: $v) { edges { cursor } } } } }",
    "assignedToMe": "query($v: Boolean!) { viewer { desk { cases(assignedToMe: $v) { edges { cursor } } } } }",
    "urgent": "query($v: Boolean!) { viewer { desk { cases(urgent: $v) { edges { cursor } } } } }",
    "months": "query($v: Int!) { transparency(count: $v) { month } }",
}
"""Arguments of the desk, each in a query of its own."""


def inputs_of_moderation(post: str, user: str) -> dict[str, dict[str, Any]]:
    """Inputs by the mutation's name, those of labelers too, all right but for what does not exist."""
    case, action, rule = (node_id.encode(kind, 5) for kind in ("case", "action", "rule"))
    return {
        "createReport": {"postId": post, "reason": "SPAM"},
        "appealAction": {"actionId": action, "text": "x"},
        "openCase": {"postId": post},
        "assignCase": {"caseId": case},
        "addCaseNote": {"caseId": case, "text": "x"},
        "takeAction": {"caseId": case, "kind": "WARN", "rule": "SPAM"},
        "reverseAction": {"actionId": action},
        "decideAppeal": {"appealId": node_id.encode("appeal", 5), "grants": True},
        "decideHeldPicture": {"heldPictureId": node_id.encode("review", 5), "approves": True},
        "setRole": {"userId": user, "role": "MEMBER"},
        **labeler_inputs(post, user),
        "createAutomodRule": {"rule": RULE},
        "updateAutomodRule": {"ruleId": rule, "version": 1, "rule": RULE},
        "setAutomodRuleState": {"ruleId": rule, "version": 1, "state": "DRY"},
        "deleteAutomodRule": {"ruleId": rule},
        "startAutomodRun": {"ruleId": rule},
        "cancelAutomodRun": {"runId": node_id.encode("run", 5)},
    }


def desk_documents(ids: dict[str, str]) -> list[str]:
    """Queries that ask for every field of the desk's types."""
    node = '{{ node(id: "{id}") {{ __typename ... on {name} {fields} }} }}'
    return [
        *(f"{{ viewer {{ __typename desk {half} }} }}" for half in halves("Desk", 4, 3)),
        *(node.format(id=ids["rule"], name="AutomodRule", fields=half) for half in halves("AutomodRule", 3, 3)),
        *(node.format(id=ids["run"], name="AutomodRun", fields=half) for half in halves("AutomodRun", 2, 3)),
        node.format(
            id=ids["automatic"], name="ModerationAction", fields="{ __typename automodRule { __typename id } }"
        ),
        f"{{ __typename transparency(count: 1) {everything('ModerationMonth', 1)} }}",
        *(node.format(id=ids["reported"], name="ModerationCase", fields=half) for half in halves("ModerationCase", 3)),
        node.format(id=ids["labelled"], name="Post", fields=f"{{ __typename labels {everything('Label')} }}"),
    ]


LISTS_AT_DESK = {
    "Post.labels", "Post.labelValues", "User.labels", "ModerationCase.reasons", "ModerationCase.evidence", "ModerationCase.notes",
    "ModerationCase.allowedActions", "CaseEvidence.images", "CaseEvidence.context", "Desk.heldPictures", "Desk.team",
    "Query.transparency", "ModerationMonth.reports", "ModerationMonth.actions", "ModerationMonth.automaticActions",
    "ModerationCase.automodRules", "Desk.automodRules", "AutomodDefinition.phrases", "AutomodDefinition.hashtags",
    "AutomodRule.nextStates", "AutomodRule.history", "AutomodRule.days", "AutomodRule.runs", "AutomodRun.days",
    "AutomodRun.examples", "AutomodExample.phrases",
}  # fmt: skip
"""Lists that cannot grow beyond a bound of the house."""


def asked_at_desk(words: list[Any], numbers: list[Any], flags: list[Any]) -> dict[str, tuple[str, list[Any]]]:
    """Each argument of the desk in a query, with what is given for it."""
    given = {"subjectKind": words, "months": numbers}
    return {name: (document, given.get(name, flags)) for name, document in AT_DESK.items()}
