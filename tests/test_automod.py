"""Automod rules: who writes them, how they are tried before they act, what they do, and what they never do."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from models import automod_news, moderation
from models.database import fetch, fetch_value
from models.event import Cursor, Event, log_state, read_log
from models.role import Role
from models.transaction import transaction
from resolvers.context import Asker
from tests.automating import (
    CREATE,
    DELETE,
    RULE,
    RULES,
    SET_STATE,
    UPDATE,
    draft,
    retire,
    screened,
    switched_on,
    turn,
    words,
)
from tests.conftest import Serving
from tests.moderating import APPEAL, DECIDE, act, actions, case_about, cases, employ, staff
from tests.people import Person, Town
from tests.scene import number
from tests.selection import UPDATE_PROFILE, mutation
from tests.test_queries import _heard, statements
from tests.test_queries import listening as listening
from tests.test_takedown import sees

WHY = "query($id: ID!) { node(id: $id) { ... on ModerationCase { automodRules { id } actions { edges { node { isAutomatic moderator { id } automodRule { id } } } } } } }"
EDIT = mutation("editPost")


async def boss_of(town: Town) -> Person:
    """An administrator."""
    return await staff(town, Role.ADMINISTRATOR)


async def test_a_rule_is_drafted_tried_and_turned_on_and_each_version_stays(town: Town) -> None:
    boss, mod = await boss_of(town), await staff(town)
    rule = await draft(boss, words("cheap watches"))
    assert await boss.refusal(SET_STATE, ruleId=rule, version=1, state="ON") == ("BAD_USER_INPUT", ["state"])
    await turn(boss, rule, "DRY", "ON")
    changed = (await boss.do(UPDATE, ruleId=rule, version=3, rule=words("cheap watches", "free coins")))["rule"]
    assert (changed["state"], changed["version"]) == ("DRY", 4), "what was never tried does not act"
    assert await boss.refusal(UPDATE, ruleId=rule, version=3, rule=words("x")) == ("CONFLICT", ["version"])
    assert (await boss.refusal(DELETE, ruleId=rule))[0] == "CONFLICT"
    seen = (await mod.ask(RULE, id=rule))["node"]
    assert [(one["version"], one["state"], one["actor"]["id"]) for one in seen["history"]] == [
        (4, "DRY", boss.id), (3, "ON", boss.id), (2, "DRY", boss.id), (1, "DRAFT", boss.id),
    ]  # fmt: skip
    assert [one["definition"]["phrases"] for one in seen["history"]][:2] == [
        ["cheap watches", "free coins"],
        ["cheap watches"],
    ]
    for change in ("UPDATE automod_changes SET note = 'x'", "DELETE FROM automod_changes", "TRUNCATE automod_changes"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await fetch(change)
    details = await fetch(
        "SELECT detail FROM moderation_log WHERE kind = 'RULE' AND actor_id = $1 ORDER BY id", number(boss.id)
    )
    assert [row["detail"] for row in details] == [
        "Words (v1): NEW", "Words (v2): DRAFT → DRY", "Words (v3): DRY → ON", "Words (v4): ON → DRY",
    ]  # fmt: skip
    await retire(boss, rule)
    assert (await boss.ask(RULE, id=rule))["node"] is None


async def test_administrators_alone_write_rules_and_moderators_read_them(town: Town) -> None:
    boss, mod, ada = await boss_of(town), await staff(town), await town.person("ada")
    rule = await draft(boss, words("cheap watches"))
    former = await boss_of(town)
    await employ(former, Role.MEMBER)
    deeds = (
        (CREATE, {"rule": words("x")}),
        (UPDATE, {"ruleId": rule, "version": 1, "rule": words("x")}),
        (SET_STATE, {"ruleId": rule, "version": 1, "state": "DRY"}),
        (DELETE, {"ruleId": rule}),
    )
    for document, given in deeds:
        assert (await mod.refusal(document, **given))[0] == "FORBIDDEN"
        for who in (ada, former):
            assert await who.refusal(document, **given) == ("NOT_FOUND", ["ruleId"])
        assert (await Person(town, "", "", None).attempt(document, **given))["userErrors"][0][
            "code"
        ] == "UNAUTHENTICATED"
    told = (await mod.ask(RULES))["viewer"]["desk"]
    assert (told["canEditAutomodRules"], rule in {one["id"] for one in told["automodRules"]}) == (False, True)
    assert (await boss.ask(RULES))["viewer"]["desk"]["canEditAutomodRules"]
    for who in (ada, former):
        assert (await who.ask(RULE, id=rule))["node"] is None
        assert (await who.ask(RULES))["viewer"]["desk"] is None
    await boss.do(DELETE, ruleId=rule)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"phrases": ["x"] * 201}, ["rule", "phrases"]),
        ({"phrases": ["x" * 101]}, ["rule", "phrases", "0"]),
        ({"phrases": ["fine", "…"]}, ["rule", "phrases", "1"]),
        ({"phrases": ["a b c d e f g h i j k l m"]}, ["rule", "phrases", "0"]),
        ({"phrases": []}, ["rule"]),
        ({"hashtags": ["two words"]}, ["rule", "hashtags", "0"]),
        ({"minLinks": 0}, ["rule", "minLinks"]),
        ({"youngerThanDays": 3_651}, ["rule", "youngerThanDays"]),
        ({"mostAnHour": 1_001}, ["rule", "mostAnHour"]),
        ({"name": ""}, ["rule", "name"]),
        ({"name": "x" * 61}, ["rule", "name"]),
        ({"outcome": "LABEL"}, ["rule", "label"]),
        ({"label": {"value": "SPAM"}}, ["rule", "label"]),
        ({"target": "ACCOUNT", "outcome": "HOLD"}, ["rule", "outcome"]),
        ({"target": "ACCOUNT", "minLinks": 1}, ["rule", "minLinks"]),
    ],
)
async def test_a_rule_has_bounds(town: Town, given: dict[str, object], path: list[str]) -> None:
    boss = await boss_of(town)
    assert await boss.refusal(CREATE, rule={**words("x"), **given}) == ("BAD_USER_INPUT", path)


async def test_a_dry_rule_counts_and_touches_nothing(town: Town) -> None:
    boss, ada = await boss_of(town), await town.person("ada")
    rule = await draft(boss, words("cheap watches", outcome="HOLD"))
    await turn(boss, rule, "DRY")
    await ada.write("Ch3ap w a t c h e s")
    post = await ada.write("Buy CHEAP watches!")
    await ada.write("A cheap pen")
    await screened()
    (day,) = (await boss.ask(RULE, id=rule))["node"]["days"]
    assert day["matched"] == 2
    assert day["examined"] >= 3
    assert await sees(town, post) == [True]
    assert await actions(ada) == []
    assert not [one for one in await cases(boss) if one["handle"] == ada.handle]
    await turn(boss, rule, "ON")
    await screened()
    assert await sees(town, post) == [True], "what it matched before it was on stays"
    await retire(boss, rule)


async def test_a_rule_that_queues_opens_a_case_that_says_why(town: Town) -> None:
    boss, mod, ada = await boss_of(town), await staff(town), await town.person("ada")
    rule = await switched_on(boss, words("cheap watches", reason="COPYRIGHT"))
    post = await ada.write("Cheap watches")
    await screened()
    case = await case_about(mod, ada)
    assert (case["reasons"], case["reportCount"], case["evidence"][0]["text"]) == (["COPYRIGHT"], 0, "Cheap watches")
    assert [one["id"] for one in (await mod.ask(WHY, id=case["id"]))["node"]["automodRules"]] == [rule]
    assert await sees(town, post) == [True]
    await act(mod, case["id"], "DISMISS")
    await ada.do(EDIT, postId=post, text="Cheap watches, again")
    await screened()
    assert (await case_about(mod, ada))["id"] != case["id"], "it says something else now"
    await act(mod, (await case_about(mod, ada))["id"], "DISMISS")
    await ada.do(mutation("updatePostVisibility"), postId=post, visibility="UNLISTED")
    await screened()
    assert not [one for one in await cases(mod) if one["handle"] == ada.handle], "what was let pass is let be"
    await retire(boss, rule)


async def test_what_is_held_is_its_authors_alone_until_a_moderator_decides(town: Town) -> None:
    boss, mod, ada, ben = await boss_of(town), await staff(town), await town.person("ada"), await town.person("ben")
    rule = await switched_on(boss, words("cheap watches", outcome="HOLD"))
    held, other = await ada.write("Cheap watches"), await ben.write("Cheap watches, too")
    await screened()
    assert await sees(town, held, other) == [False, False]
    assert await sees(ada, held) == [True]
    case = await case_about(mod, ada)
    (edge,) = (await mod.ask(WHY, id=case["id"]))["node"]["actions"]["edges"]
    assert edge["node"] == {"isAutomatic": True, "moderator": None, "automodRule": {"id": rule}}
    (found,) = await actions(ada)
    assert (found["kind"], found["rule"], found["strikes"], found["viewerCanAppeal"]) == ("HIDE", "SPAM", 0, True)
    asked = "query($id: ID!) { node(id: $id) { ... on ModerationAction { isAutomatic automodRule { id } } } }"
    assert (await ada.ask(asked, id=found["id"]))["node"] == {"isAutomatic": True, "automodRule": None}
    await act(mod, case["id"], "DISMISS")
    assert await sees(town, held) == [True]
    assert [one["kind"] for one in await actions(ada)] == ["REVERSE", "HIDE"]
    await act(mod, (await case_about(mod, ben))["id"], "REMOVE")
    assert await sees(town, other) == [False]
    assert [one["kind"] for one in await actions(ben)] == ["REMOVE", "REVERSE", "HIDE"]
    await screened()
    assert await sees(town, held) == [True], "no rule does again what a moderator undid"
    await retire(boss, rule)


async def test_what_a_rule_did_is_appealed_like_anything_else(town: Town) -> None:
    boss, mod, ada = await boss_of(town), await staff(town), await town.person("ada")
    rule = await switched_on(boss, words("cheap watches", outcome="HOLD"))
    post = await ada.write("Cheap watches are what I repair")
    await screened()
    (found,) = await actions(ada)
    appeal = (await ada.do(APPEAL, actionId=found["id"], text="I repair them."))["appeal"]["id"]
    await mod.do(DECIDE, appealId=appeal, grants=True)
    assert await sees(town, post) == [True]
    months = "{ transparency(count: 1) { automaticActions { name count } actions { name count } } }"
    (month,) = (await town.ask(months))["transparency"]
    automatic = {one["name"]: one["count"] for one in month["automaticActions"]}
    every = {one["name"]: one["count"] for one in month["actions"]}
    assert automatic["HIDE"] >= 1
    assert set(automatic) <= {"HIDE", "LABEL"}
    assert every["HIDE"] >= automatic["HIDE"]
    await retire(boss, rule)


async def test_a_label_is_put_on_and_the_case_closed_unless_somebody_waits(town: Town) -> None:
    boss, mod, ada = await boss_of(town), await staff(town), await town.person("ada")
    rules = [
        await switched_on(boss, words("cheap watches", outcome="LABEL")),
        await switched_on(boss, words("watchmaker", outcome="LABEL", target="ACCOUNT")),
    ]
    post = await ada.write("Cheap watches")
    await ada.do(UPDATE_PROFILE, bio="Your W4tchmaker")
    await screened()
    asked = (
        "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Post { labels { value } } ... on User { labels { value } } } }"
    )
    nodes = (await town.ask(asked, ids=[post, ada.id]))["nodes"]
    assert nodes == [{"labels": [{"value": "SPAM"}]}] * 2
    assert not [one for one in await cases(mod) if one["handle"] == ada.handle]
    assert len([one for one in await cases(mod, state="CLOSED") if one["handle"] == ada.handle]) == 2
    assert [one["kind"] for one in await actions(ada)] == ["LABEL", "LABEL"]
    await retire(boss, *rules)


async def test_whom_a_rule_spares(town: Town) -> None:
    boss, mod, ada, ben, eve = [await boss_of(town), await staff(town)] + [
        await town.person(name) for name in ("ada", "ben", "eve")
    ]
    rule = await switched_on(
        boss, words("cheap watches", outcome="HOLD", sparesOlderThanDays=30, sparesAnswersToFollowers=True)
    )
    await fetch("UPDATE users SET joined_at = now() - interval '31 days' WHERE id = $1", number(eve.id))
    await ben.follow(ada)
    root = await ben.write("What do you mend?")
    spared = [
        await eve.write("Cheap watches"),
        await mod.write("Cheap watches"),
        await ada.write("Cheap watches", replyToId=root),
    ]
    private = await ada.write("Cheap watches", visibility="FOLLOWERS")
    held = await ada.write("Cheap watches")
    await screened()
    assert await sees(town, *spared, held) == [True, True, True, False]
    assert await sees(ben, private) == [True], "what is not for everybody is looked at by no rule"
    every = await switched_on(boss, words("free coins", outcome="HOLD", sparesTeam=False))
    told = await mod.write("Free coins")
    await screened()
    assert await sees(town, told) == [True], "about the team people act"
    assert [one for one in await cases(boss) if one["handle"] == mod.handle]
    await retire(boss, rule, every)


async def test_links_mentions_hashtags_and_the_age_of_an_account(town: Town) -> None:
    boss, mod, ada, ben, eve = [await boss_of(town), await staff(town)] + [
        await town.person(name) for name in ("ada", "ben", "eve")
    ]
    await fetch("UPDATE users SET joined_at = now() - interval '3 days' WHERE id = $1", number(eve.id))
    wanted: dict[str, dict[str, Any]] = {
        "links": {"minLinks": 2},
        "mentions": {"minMentions": 2, "youngerThanDays": 1},
        "tags": {"hashtags": ["#Coins"], "minHashtags": 2},
    }
    rules = {name: await switched_on(boss, {**words(outcome="HOLD"), **given}) for name, given in wanted.items()}
    many = f"@{ben.handle} @{mod.handle}"
    texts = ["https://a.example.org https://b.example.org", many, "#coins #free"]
    held = [await ada.write(text) for text in texts]
    fine = [await ada.write(text) for text in ("https://a.example.org", f"@{ben.handle}", "#coins", "#other #free")]
    fine.append(await eve.write(many))
    await screened()
    assert await sees(town, *held) == [False] * 3
    assert await sees(town, *fine) == [True] * 5
    await retire(boss, *rules.values())


async def test_a_rule_that_matches_too_much_is_put_back_by_itself(town: Town) -> None:
    boss = await boss_of(town)
    rule = await switched_on(boss, words("hello", outcome="HOLD", mostAnHour=2))
    posts = [await (await town.person("ada")).write(f"Hello {at}") for at in range(4)]
    await screened()
    assert sorted(await sees(town, *posts)) == [False, False, True, True]
    found = (await boss.ask(RULE, id=rule))["node"]
    assert (found["state"], found["history"][0]["actor"], found["history"][0]["note"]) == (
        "DRY",
        None,
        "more than 2 in an hour",
    )
    assert (
        await fetch_value("SELECT count(*) FROM automod_matches WHERE rule_id = $1 AND state = 'PENDING'", number(rule))
        == 0
    )
    await retire(boss, rule)


async def test_a_rule_that_is_broken_stops_nobody(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    boss, ada = await boss_of(town), await town.person("ada")
    broken = await switched_on(boss, words("cheap watches", outcome="HOLD"))
    fine = await switched_on(boss, words("cheap watches", outcome="HOLD"))
    await fetch(
        'UPDATE automod_rules SET definition = definition || \'{"outcome": "EXPLODE"}\'::jsonb WHERE id = $1',
        number(broken),
    )
    await turn(boss, fine, "DRY", "ON")  # whoever has rules reads them anew
    post = await ada.write("Cheap watches")
    await screened()
    assert await sees(town, post) == [False]
    assert "cannot be read" in caplog.text
    await fetch(
        'UPDATE automod_rules SET definition = definition || \'{"outcome": "HOLD"}\'::jsonb WHERE id = $1',
        number(broken),
    )
    await retire(boss, broken, fine)


async def test_what_cannot_be_done_is_tried_again_and_given_up(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    boss, ada = await boss_of(town), await town.person("ada")
    rule = await switched_on(boss, words("cheap watches", outcome="HOLD"))
    post, calls = await ada.write("Cheap watches"), []

    async def fails(*_: object) -> int:
        calls.append(1)
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(moderation, "act_by_rule", fails)
        await screened()
    assert len(calls) == automod_news.MOST_TRIES
    assert await fetch_value("SELECT state FROM automod_matches WHERE rule_id = $1", number(rule)) == "FAILED"
    assert await sees(town, post) == [True]
    assert not [one for one in await cases(boss) if one["handle"] == ada.handle], "nothing of it stays"
    await retire(boss, rule)


async def test_writing_and_reading_the_log_cost_as_much_with_many_rules_as_with_one(
    town: Town, running: Serving, listening: None
) -> None:
    boss, ada = await boss_of(town), await town.person("ada")
    asker = Asker(number(ada.id))

    async def costs() -> tuple[int, int]:
        wrote = len(await statements(running, asker, "CreatePost", input={"text": "Cheap pens"}))
        await screened()
        return wrote, await cost_of(await newest_event())

    await costs()  # what is prepared once
    without = (await costs())[0]
    rules = [await switched_on(boss, words("cheap watches"))]
    await costs()
    with_one = await costs()
    rules += [await switched_on(boss, words(*(f"free coins {at} {n}" for n in range(50)))) for at in range(12)]
    await costs()
    assert await costs() == with_one
    assert with_one == (without, 4), "the newest change, the facts, what matched, the days"
    await retire(boss, *rules)


async def cost_of(event: Event) -> int:
    """How many statements it takes to hold what an event tells of against the rules."""
    async with transaction():
        token = _heard.set([])
        try:
            await automod_news._hear([event])
            return len(_heard.get() or [])
        finally:
            _heard.reset(token)


async def newest_event() -> Event:
    """The newest post as the log tells of it."""
    row = await fetch("SELECT * FROM events WHERE kind = 'post_created' ORDER BY xid DESC, id DESC LIMIT 1")
    events, _ = await read_log(Cursor(int(row[0]["xid"]), row[0]["id"] - 1, (await log_state()).head.epoch), 1)
    return events[0]
