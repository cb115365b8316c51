"""Whoever reported something is told once that it is decided, and learns no more of it than their list of reports says."""

from __future__ import annotations

from typing import Any

import pytest

from models import evidence, moderation_case, notification_spread
from models.database import fetch_value
from models.subject import ReportSubjectKind, Subject
from models.transaction import transaction
from tests.moderating import APPEAL, DECIDE, REVERSE, act, act_about, case_about, mine, report, staff
from tests.people import Person, Town
from tests.scene import number
from tests.telling import LIVE, SWITCH, caught_up, kinds, lines

KIND = "REPORT_DECIDED"
TOLD = f"""{{ viewer {{ notifications(kinds: [{KIND}]) {{ edges {{ node {{ kind count actors {{ id }} post {{ id }} moderationAction {{ id }}
    report {{ id state post {{ id }} user {{ id }} reporter {{ id }} }} }} }} }} }} }}"""


async def told(who: Person) -> list[dict[str, Any]]:
    """What somebody is told of their reports."""
    await caught_up()
    return [edge["node"] for edge in (await who.ask(TOLD))["viewer"]["notifications"]["edges"]]


@pytest.mark.parametrize(("kind", "state"), [("REMOVE", "ACTED"), ("DISMISS", "DISMISSED")])
async def test_who_reported_is_told_what_came_of_it_and_nobody_else(town: Town, kind: str, state: str) -> None:
    ada, ben, eve, mod = [await town.person(name) for name in ("ada", "ben", "eve")] + [await staff(town)]
    post = await ada.write("Bad")
    mine_of_ben = await report(ben, "HATE", postId=post)
    await report(await town.person("carl"), "SPAM", postId=post)
    await caught_up()
    assert await told(ben) == []
    async with ben.live(LIVE) as feed:
        await act(mod, (await case_about(mod, ada))["id"], kind, "HATE", note="For ada alone.")
        await caught_up()
        changed = await feed.until("NotificationChanged")
    assert (changed["edge"]["node"]["kind"], changed["unreadNotificationCount"]) == (KIND, 1)
    (line,) = await told(ben)
    assert (line["count"], line["actors"], line["post"], line["moderationAction"]) == (1, [], None, None)
    shown = line["report"]
    assert (shown["id"], shown["state"], shown["reporter"]["id"]) == (mine_of_ben, state, ben.id)
    assert shown["post"] == (None if kind == "REMOVE" else {"id": post}), "as the list of reports says"
    assert KIND not in await kinds(ada), "whom it is about never learns of reports"
    assert await kinds(eve) == []


async def test_once_and_only_when_it_is_decided(town: Town) -> None:
    ada, ben, mod, judge = [await town.person(name) for name in ("ada", "ben")] + [await staff(town), await staff(town)]
    await report(ben, userId=ada.id)
    case = (await case_about(mod, ada))["id"]
    first = await act(mod, case, "WARN", keepsOpen=True)
    assert await told(ben) == [], "it is not decided while the case is open"
    second = await act(mod, case, "LIMIT")
    (line,) = await lines(ben, KIND)
    made = (await ada.do(APPEAL, actionId=second, text="No."))["appeal"]["id"]
    await judge.do(DECIDE, appealId=made, grants=True)
    await mod.do(REVERSE, actionId=first)
    await act_about(mod, "WARN", userId=ada.id)
    (again,) = await lines(ben, KIND)
    assert again == line, "nor is it told what became of it later"
    assert [edge["node"]["state"] for edge in (await mine(ben))["reports"]["edges"]] == ["ACTED"]


async def test_several_are_one_line_and_it_can_be_switched_off(town: Town) -> None:
    ada, ben, eve, mod = [await town.person(name) for name in ("ada", "ben", "eve")] + [await staff(town)]
    await eve.do(SWITCH, kind=KIND, source="NOBODY")
    for kind in ("DISMISS", "WARN"):
        post = await ada.write("Bad")
        for who in (ben, eve):
            await report(who, postId=post)
        await act(mod, (await case_about(mod, ada))["id"], kind)
        await caught_up()
    (line,) = await told(ben)
    assert (line["count"], line["report"]["state"]) == (2, "ACTED"), "the latest"
    assert await told(eve) == []
    switches = (await ben.ask("{ viewer { notificationSettings { switches { kind source pushes } } } }"))["viewer"]
    assert {"kind": KIND, "source": "EVERYONE", "pushes": False} in switches["notificationSettings"]["switches"]


async def test_it_tells_nothing_of_what_is_hidden_meanwhile(town: Town) -> None:
    ada, ben, mod = await town.person("ada"), await town.person("ben"), await staff(town)
    post = await ada.write("Bad")
    await report(ben, postId=post)
    await report(ben, userId=ada.id)
    await ada.do("BlockUser", userId=ben.id)
    await ada.do("DeletePost", postId=post)
    for _ in range(2):
        await act(mod, (await case_about(mod, ada))["id"], "DISMISS")
    (line,) = await told(ben)
    listed = "{ viewer { reports { edges { node { id state post { id } user { id } reporter { id } } } } } }"
    found = [edge["node"] for edge in (await ben.ask(listed))["viewer"]["reports"]["edges"]]
    assert line["report"] in found, "word for word what the list says"
    assert line["report"]["post"] is None


async def test_what_no_person_reported_is_told_to_nobody(town: Town) -> None:
    """A case that a rule or a moderator opened has no report."""
    ada, mod = await town.person("ada"), await staff(town)
    async with transaction():
        subject = Subject(ReportSubjectKind.USER, number(ada.id))
        found = await evidence.gather(number(mod.id), subject)
        case = await moderation_case.open_case(subject, found, 0, reports=0)
        await moderation_case.close(case, acted=True)
    await caught_up()
    assert not await fetch_value("SELECT 1 FROM events WHERE kind = 'case_closed' AND subject_id = $1", case), (
        "nothing is told of it at all"
    )
    await act_about(mod, "WARN", userId=ada.id)
    assert await told(mod) == []


async def test_many_are_told_some_at_a_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notification_spread, "PEOPLE_AT_ONCE", 2)
    ada, mod = await town.person("ada"), await staff(town)
    people = [await town.person("ben") for _ in range(5)]
    for who in people:
        await report(who, userId=ada.id)
    await act(mod, (await case_about(mod, ada))["id"], "WARN")
    for who in people:
        (line,) = await told(who)
        assert line["count"] == 1
