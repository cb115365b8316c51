"""Dry runs over what is there already: what they count, who may ask for them, and that they end the same whatever stops them."""

from __future__ import annotations

import pytest

from models import automod_run
from models.database import fetch, fetch_value
from models.role import Role
from tests.automating import CANCEL, DELETE, RULE, RUN, START, draft, tried, words
from tests.moderating import act_about, employ, staff
from tests.people import Person, Town
from tests.scene import number
from tests.test_takedown import sees


async def test_a_run_counts_what_a_rule_would_have_matched_and_what_moderators_decided(town: Town) -> None:
    boss, mod, ada, ben = (
        await staff(town, Role.ADMINISTRATOR),
        await staff(town),
        await town.person("ada"),
        await town.person("ben"),
    )
    word = f"w{ada.id[-8:]}"
    posts = [await ada.write(f"{word} {at}") for at in range(5)]
    await ada.write("Fine")
    await ada.write(word, visibility="FOLLOWERS")
    gone = await ada.write(word)
    await ada.do("DeletePost", postId=gone)
    await act_about(mod, "REMOVE", postId=posts[0])
    await act_about(mod, "WARN", postId=posts[1])
    await act_about(mod, "DISMISS", postId=posts[2])
    spared = await mod.write(word)
    rule = await draft(boss, words(word, outcome="HOLD"))
    run = await tried(boss, rule)
    assert (run["state"], run["matched"], run["upheld"], run["dismissed"]) == ("DONE", 5, 2, 1)
    assert run["examined"] <= run["passed"] <= run["expected"]
    assert sum(day["matched"] for day in run["days"]) == 5
    assert sum(day["examined"] for day in run["days"]) == run["examined"]
    found = {one["post"] and one["post"]["id"]: one["decision"] for one in run["examples"]}
    assert found == {posts[4]: None, posts[3]: None, posts[2]: "DISMISSED", posts[1]: "UPHELD", None: "UPHELD"}, (
        "what was removed is there for nobody"
    )
    assert {tuple(one["phrases"]) for one in run["examples"]} == {(word,)}
    assert await sees(town, *posts[1:], spared) == [True] * 5, "nothing was touched"
    assert await fetch_value("SELECT count(*) FROM automod_matches WHERE rule_id = $1", number(rule)) == 0
    accounts = await draft(boss, words(ben.handle.split("_")[-1], target="ACCOUNT"))
    assert ben.id in {one["user"]["id"] for one in (await tried(boss, accounts))["examples"]}
    for one in (rule, accounts):
        await boss.do(DELETE, ruleId=one)


async def test_a_run_goes_no_further_than_it_was_asked_to(town: Town) -> None:
    boss, ada = await staff(town, Role.ADMINISTRATOR), await town.person("ada")
    word = f"w{ada.id[-8:]}"
    for at in range(4):
        await ada.write(f"{word} {at}")
    rule = await draft(boss, words(word))
    run = await tried(boss, rule, most=2)
    assert (run["passed"], run["expected"], run["matched"]) == (2, 2, 2)
    assert len((await tried(boss, rule, days=1))["days"]) <= 2
    for given, path in (
        ({"days": 0}, "days"),
        ({"days": 366}, "days"),
        ({"most": 0}, "most"),
        ({"most": 100_001}, "most"),
    ):
        assert await boss.refusal(START, ruleId=rule, **given) == ("BAD_USER_INPUT", [path])
    for _ in range(6):
        await tried(boss, rule, most=1)
    assert len((await boss.ask(RULE, id=rule))["node"]["runs"]) == automod_run.MOST_KEPT
    assert (
        await fetch_value("SELECT count(*) FROM automod_runs WHERE rule_id = $1", number(rule)) == automod_run.MOST_KEPT
    )
    await boss.do(DELETE, ruleId=rule)


async def test_one_run_of_a_rule_at_a_time_and_it_can_be_cancelled(town: Town) -> None:
    boss, mod, ada = await staff(town, Role.ADMINISTRATOR), await staff(town), await town.person("ada")
    former = await staff(town, Role.ADMINISTRATOR)
    await employ(former, Role.MEMBER)
    rule = await draft(boss, words("cheap watches"))
    run = (await boss.do(START, ruleId=rule))["run"]["id"]
    assert await boss.refusal(START, ruleId=rule) == ("CONFLICT", ["ruleId"])
    for who, code in ((mod, "FORBIDDEN"), (ada, "NOT_FOUND"), (former, "NOT_FOUND")):
        assert (await who.refusal(START, ruleId=rule))[0] == code
        assert (await who.refusal(CANCEL, runId=run))[0] == code
    assert (await Person(town, "", "", None).attempt(START, ruleId=rule))["userErrors"][0]["code"] == "UNAUTHENTICATED"
    assert (await mod.ask(RUN, id=run))["node"]["state"] == "RUNNING"
    assert [(await who.ask(RUN, id=run))["node"] for who in (ada, former)] == [None, None]
    assert (await boss.do(CANCEL, runId=run))["run"]["state"] == "CANCELLED"
    place = await fetch_value("SELECT place FROM automod_runs WHERE id = $1", number(run))
    while await automod_run.step():
        pass
    assert await fetch_value("SELECT place FROM automod_runs WHERE id = $1", number(run)) == place
    assert (await boss.do(CANCEL, runId=run))["run"]["state"] == "CANCELLED"
    await boss.do(DELETE, ruleId=rule)
    assert (await boss.ask(RUN, id=run))["node"] is None


async def test_a_run_that_cannot_be_read_or_done_ends_and_others_go_on(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = await staff(town, Role.ADMINISTRATOR)
    rule, other = await draft(boss, words("cheap watches")), await draft(boss, words("free coins"))
    run = (await boss.do(START, ruleId=rule))["run"]["id"]
    await fetch("UPDATE automod_runs SET definition = '{}' WHERE id = $1", number(run))
    assert (await tried(boss, other, most=1))["state"] == "DONE"
    assert (await boss.ask(RUN, id=run))["node"]["state"] == "FAILED"
    again = (await boss.do(START, ruleId=rule))["run"]["id"]

    async def fails(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(automod_run, "_matched", fails)
        while (await boss.ask(RUN, id=again))["node"]["state"] == "RUNNING":
            await automod_run.step()
    assert (await boss.ask(RUN, id=again))["node"]["state"] == "FAILED"
    for one in (rule, other):
        await boss.do(DELETE, ruleId=one)
