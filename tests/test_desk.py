"""The desk: who may work at it, what they do, and the log that nobody changes."""

from __future__ import annotations

import asyncpg
import pytest

from models import account_desk
from models.database import fetch
from models.role import Role
from tests.moderating import (
    ACT,
    APPEAL,
    ASSIGN,
    CASE,
    DECIDE,
    MINE,
    NOTE,
    OPEN,
    REVERSE,
    SET_ROLE,
    act,
    act_about,
    actions,
    case_about,
    cases,
    employ,
    mine,
    report,
    staff,
)
from tests.people import Person, Town
from tests.scene import number
from tests.selection import UPDATE_PROFILE, mutations
from tests.telling import caught_up, lines

LOG = """{ viewer { desk { log(first: 30) { edges { node { kind detail actor { id } person { id } caseId } } }
  team { role user { id } } heldPictures { id } appeals { edges { node { id } } } } } }"""


CASE_OF = "query($id: ID!) { node(id: $id) { ... on ModerationAction { case { id handle evidence { text } } } } }"


async def test_who_decides_an_appeal_sees_the_case_and_whom_it_concerns_never_does(town: Town) -> None:
    ada, ben, mod = await town.person("ada"), await town.person("ben"), await staff(town)
    await ada.do(UPDATE_PROFILE, bio="I bite")
    action = await act_about(mod, "WARN", userId=ada.id)
    await ada.do(APPEAL, actionId=action, text="I do not.")
    seen = (await (await staff(town)).ask(CASE_OF, id=action))["node"]["case"]
    assert (seen["handle"], seen["evidence"][0]["text"].split("\n")[-1]) == (ada.handle, "I bite")
    assert (await mod.ask(CASE_OF, id=action))["node"]["case"] == seen
    for role in (Role.MEMBER, Role.MODERATOR):
        await employ(ada, role)
        assert (await ada.ask(CASE_OF, id=action))["node"] == {"case": None}
    for who in (ben, town):
        assert (await who.ask(CASE_OF, id=action))["node"] is None


async def test_to_others_nothing_of_the_desk_is_there(town: Town) -> None:
    ada, ben, mod = await town.person("ada"), await town.person("ben"), await staff(town)
    former = await staff(town)
    post = await ada.write("Bad")
    await report(ben, postId=post)
    case = (await case_about(mod, ada))["id"]
    action = await act_about(mod, "WARN", postId=await ada.write("Worse"))
    await employ(former, Role.MEMBER)
    for who in (ada, ben, former):
        assert (await mine(who))["desk"] is None
        assert (await mine(who))["role"] == "MEMBER"
        assert (await who.ask(CASE, id=case))["node"] is None
        for document, given in (
            (ASSIGN, {"caseId": case}),
            (NOTE, {"caseId": case, "text": "x"}),
            (ACT, {"caseId": case, "kind": "WARN", "rule": "SPAM"}),
        ):
            assert await who.refusal(document, **given) == ("NOT_FOUND", ["caseId"])
        assert await who.refusal(REVERSE, actionId=action) == ("NOT_FOUND", ["actionId"])
        assert await who.refusal(OPEN, postId=post) == ("NOT_FOUND", ["postId"])
        assert await who.refusal(DECIDE, appealId=action, grants=True) == ("NOT_FOUND", ["appealId"])
        assert (await who.refusal(SET_ROLE, userId=mod.id, role="MEMBER"))[0] == "FORBIDDEN"
    assert (await Person(town, "", "", None).ask(MINE))["viewer"] is None
    assert (await mod.refusal(SET_ROLE, userId=ben.id, role="MODERATOR"))[0] == "FORBIDDEN", "administrators give roles"


async def test_a_case_is_taken_noted_and_decided(town: Town) -> None:
    ada, ben, mod, other = [await town.person(name) for name in ("ada", "ben")] + [await staff(town), await staff(town)]
    post = await ada.write("Bad")
    await report(ben, postId=post)
    case = (await case_about(mod, ada))["id"]
    assert (await mod.do(ASSIGN, caseId=case))["case"]["assignee"]["id"] == mod.id
    assert (await other.do(ASSIGN, caseId=case))["case"]["assignee"]["id"] == other.id, "from whoever has it"
    await other.do(ASSIGN, caseId=case, toMe=False)
    await other.do(NOTE, caseId=case, text="I know him.")
    found = (await mod.ask(CASE, id=case))["node"]
    assert (found["assignee"], [(one["text"], one["author"]["id"]) for one in found["notes"]]) == (
        None,
        [("I know him.", other.id)],
    )
    await act(mod, case, "WARN", keepsOpen=True)
    await act(other, case, "LIMIT")
    assert await mod.refusal(ACT, caseId=case, kind="WARN", rule="SPAM") == ("CONFLICT", ["caseId"])
    assert case not in {one["id"] for one in await cases(mod)}
    closed = await case_about(mod, ada, state="CLOSED")
    assert [edge["node"]["kind"] for edge in closed["actions"]["edges"]] == ["LIMIT", "WARN"]
    assert (closed["id"], closed["strikes"]) == (case, 2)
    told = (await mod.ask(LOG))["viewer"]["desk"]
    line_kinds = [
        edge["node"]["kind"]
        for edge in told["log"]["edges"]
        if edge["node"]["caseId"] == case and edge["node"]["person"]["id"] == ada.id
    ]
    assert line_kinds == ["ACTED", "ACTED", "NOTED", "UNASSIGNED", "ASSIGNED", "ASSIGNED"]
    assert {mod.id, other.id} <= {one["user"]["id"] for one in told["team"]}


async def test_the_person_concerned_learns_what_and_why_and_not_who(town: Town) -> None:
    ada, ben, mod = await town.person("ada"), await town.person("ben"), await staff(town)
    post = await ada.write("Bad")
    await report(ben, postId=post)
    await act(mod, (await case_about(mod, ada))["id"], "HIDE", "HARASSMENT", note="Be kind.")
    (found,) = await actions(ada)
    assert (found["kind"], found["rule"], found["note"], found["post"]["id"]) == (
        "HIDE",
        "HARASSMENT",
        "Be kind.",
        post,
    )
    assert (found["moderator"], found["viewerCanAppeal"]) == (None, True)
    await caught_up()
    line = (await lines(ada, "MODERATION"))[0]
    assert line["actors"] == []
    asked = "{ viewer { notifications(kinds: [MODERATION]) { edges { node { moderationAction { id kind } job { id } } } } } }"
    (edge,) = (await ada.ask(asked))["viewer"]["notifications"]["edges"]
    assert edge["node"] == {"moderationAction": {"id": found["id"], "kind": "HIDE"}, "job": None}


async def test_nobody_judges_what_concerns_them(town: Town) -> None:
    ada, mod, other, boss = [
        await town.person("ada"),
        await staff(town),
        await staff(town),
        await staff(town, Role.ADMINISTRATOR),
    ]
    post = await mod.write("I am a moderator, too")
    await report(ada, "HARASSMENT", postId=post)
    case = (await case_about(other, mod))["id"]
    assert case not in {one["id"] for one in await cases(mod)}
    assert (await mod.ask(CASE, id=case))["node"] is None
    assert await mod.refusal(NOTE, caseId=case, text="No.") == ("NOT_FOUND", ["caseId"])
    assert (await other.refusal(ACT, caseId=case, kind="HIDE", rule="HATE"))[0] == "FORBIDDEN", (
        "the team is for administrators"
    )
    action = await act(boss, case, "HIDE", "HATE")
    assert await mod.refusal(REVERSE, actionId=action) == ("NOT_FOUND", ["actionId"])
    assert (await other.refusal(REVERSE, actionId=action))[0] == "FORBIDDEN"
    assert (await actions(mod))[0]["moderator"] is None, "not even moderators learn who acted about them"
    for who, told in ((mod, False), (other, True)):
        edges = (await who.ask(LOG))["viewer"]["desk"]["log"]["edges"]
        about = [edge["node"] for edge in edges if edge["node"]["kind"] == "ACTED" and edge["node"]["caseId"] == case]
        assert bool(about) is told, "nor out of the log"


async def test_roles_are_given_by_command_and_by_administrators(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    ada, ben = await town.person("ada"), await town.person("ben")
    assert await account_desk.run(["role", f"@{ada.handle}", "administrator"]) == 0
    assert "administrator" in capsys.readouterr().out
    assert (await mine(ada))["role"] == "ADMINISTRATOR"
    assert (await ada.do(SET_ROLE, userId=ben.id, role="MODERATOR"))["role"] == "MODERATOR"
    assert (await mine(ben))["desk"] is not None
    assert await ada.refusal(SET_ROLE, userId=ada.id, role="MEMBER") == ("BAD_USER_INPUT", ["userId"])
    await act_about(ada, "SUSPEND", userId=ben.id)
    assert (await mine(ben))["desk"] is None, "whoever is suspended works nowhere"
    roles = await fetch(
        "SELECT actor_id, detail FROM moderation_log WHERE kind = 'ROLE' AND person_id = $1", number(ada.id)
    )
    assert [(row["actor_id"], row["detail"]) for row in roles] == [(None, "MEMBER → ADMINISTRATOR")]


async def test_nobody_changes_what_was_done(town: Town) -> None:
    ada, mod = await town.person("ada"), await staff(town)
    await act_about(mod, "WARN", userId=ada.id)
    for table in ("moderation_log", "moderation_actions"):
        for sql in (f"UPDATE {table} SET kind = 'DISMISS'", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(asyncpg.RestrictViolationError):
                await fetch(sql)
    assert not [name for name in mutations() if "log" in name.lower().replace("login", "").replace("logout", "")]


async def test_what_is_refused_of_an_action(town: Town) -> None:
    ada, mod = await town.person("ada"), await staff(town)
    case = (await mod.do(OPEN, userId=ada.id))["case"]["id"]
    for kind in ("HIDE", "REMOVE", "REVERSE", "UPHOLD"):
        assert await mod.refusal(ACT, caseId=case, kind=kind, rule="SPAM") == ("BAD_USER_INPUT", ["kind"])
    assert await mod.refusal(ACT, caseId=case, kind="LABEL", rule="SPAM") == ("BAD_USER_INPUT", ["label"])
    assert await mod.refusal(ACT, caseId=case, kind="WARN", rule="SPAM", label={"value": "SPAM"}) == (
        "BAD_USER_INPUT",
        ["label"],
    )
    assert await mod.refusal(OPEN, userId=mod.id) == ("BAD_USER_INPUT", None)


async def test_figures_are_public_and_name_nobody(town: Town) -> None:
    ada, ben, mod = await town.person("ada"), await town.person("ben"), await staff(town)
    asked = "{ transparency(count: 1) { reportCount reports { name count } actions { name count } appealCount grantedAppealCount } }"
    (before,) = (await town.ask(asked))["transparency"]
    await report(ben, "HATE", userId=ada.id)
    await act(mod, (await case_about(mod, ada))["id"], "WARN", "HATE")
    (after,) = (await town.ask(asked))["transparency"]
    assert after["reportCount"] > before["reportCount"]

    def of(month: dict[str, list[dict[str, object]]], which: str, name: str) -> int:
        return next((int(str(one["count"])) for one in month[which] if one["name"] == name), 0)

    assert of(after, "reports", "HATE") > of(before, "reports", "HATE")
    assert of(after, "actions", "WARN") > of(before, "actions", "WARN")
    answer = await town.post("{ transparency(count: 25) { month } }", {}, None, None)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
