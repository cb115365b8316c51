"""What happens between a match and what follows from it, and beside it: edits, people who decide, floods, accounts that open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models import automod_news
from models.automod_fact import Facts
from models.automod_matcher import Match, Matcher
from models.database import fetch, fetch_value
from models.role import Role
from models.subject import ReportSubjectKind, Subject
from resolvers.context import Asker
from tests.automating import DELETE, RULE, RUN, UPDATE, draft, retire, screened, switched_on, tried, turn, words
from tests.conftest import Serving
from tests.moderating import act_about, actions, case_about, cases, report, staff
from tests.people import Person, Town
from tests.scene import number
from tests.selection import UPDATE_PROFILE, mutation
from tests.test_queries import listening as listening
from tests.test_queries import statements
from tests.test_takedown import LABELS, sees

EDIT, AUDIENCE, PRIVACY = mutation("editPost"), mutation("updatePostVisibility"), mutation("setAccountPrivacy")


async def boss_of(town: Town) -> Person:
    """An administrator."""
    return await staff(town, Role.ADMINISTRATOR)


async def heard() -> None:
    """Everything that happened was held against the rules, and nothing of what follows was done yet."""
    while await automod_news._READER.follow(automod_news._hear) is not None:
        pass


async def pending(rule: str) -> int:
    """How many of a rule's matches wait to be acted on."""
    found: int = await fetch_value(
        "SELECT count(*) FROM automod_matches WHERE rule_id = $1 AND state = 'PENDING'", number(rule)
    )
    return found


async def matched(rule: str, count: int) -> None:
    """So many of a rule's matches wait, as soon as no older transaction is open."""
    while await pending(rule) < count:
        await heard()


async def test_what_was_edited_since_it_matched_is_let_be(town: Town) -> None:
    boss, ada = await boss_of(town), await town.person("ada")
    rule = await switched_on(boss, words("cheap watches", outcome="HOLD"))
    edited, narrowed, still = [await ada.write(f"Cheap watches {at}") for at in range(3)]
    await matched(rule, 3)
    await ada.do(EDIT, postId=edited, text="Something else")
    await ada.do(AUDIENCE, postId=narrowed, visibility="FOLLOWERS")
    await ada.do(EDIT, postId=still, text="Cheap watches, still")
    await screened()
    assert await sees(town, edited, still) == [True, False]
    assert await sees(ada, narrowed) == [True]
    assert [one["kind"] for one in await actions(ada)] == ["HIDE"], "and what still says so is held once"
    await retire(boss, rule)


async def test_what_matched_an_older_version_of_a_rule_is_let_be(town: Town) -> None:
    boss, ada = await boss_of(town), await town.person("ada")
    rule = await switched_on(boss, words("cheap watches", outcome="HOLD"))
    post = await ada.write("Cheap watches")
    await matched(rule, 1)
    version = (await boss.ask(RULE, id=rule))["node"]["version"]
    await boss.do(UPDATE, ruleId=rule, version=version, rule=words("free coins", outcome="HOLD"))
    await turn(boss, rule, "ON")
    await screened()
    assert await sees(town, post) == [True]
    await retire(boss, rule)


async def test_what_a_person_decided_no_rule_decides_again(town: Town) -> None:
    boss, mod, ada = await boss_of(town), await staff(town), await town.person("ada")
    fine, hidden, labelled = [await ada.write(f"Cheap watches {at}") for at in range(3)]
    await act_about(mod, "DISMISS", postId=fine)
    taken = await act_about(mod, "HIDE", postId=hidden)
    await act_about(
        mod, "LABEL", postId=labelled, more={"label": {"value": "SPAM", "severity": "ALERT", "blur": "CONTENT"}}
    )
    await ada.do(EDIT, postId=labelled, text="Cheap watches, again")
    rules = [await switched_on(boss, words("cheap watches", outcome=outcome)) for outcome in ("HOLD", "LABEL")]
    await turn(boss, rules[0], "OFF")
    await mod.do(mutation("reverseAction"), actionId=taken)
    await ada.do(AUDIENCE, postId=fine, visibility="UNLISTED")
    await screened()
    assert not [one for one in await cases(mod) if one["handle"] == ada.handle]
    assert (await ada.ask(LABELS, id=labelled))["node"]["labels"] == [
        {"value": "SPAM", "severity": "ALERT", "blur": "CONTENT"}
    ], "a label of a person's is not replaced"
    await turn(boss, rules[0], "DRY", "ON")
    await ada.do(AUDIENCE, postId=fine, visibility="PUBLIC")
    await screened()
    assert await sees(town, fine, hidden) == [True, True]
    await ada.do(EDIT, postId=fine, text="Cheap watches, and what nobody looked at")
    await screened()
    assert await sees(town, fine) == [False]
    await retire(boss, *rules)


async def test_a_report_that_waits_is_a_persons_to_decide(town: Town) -> None:
    boss, mod, ada, ben = await boss_of(town), await staff(town), await town.person("ada"), await town.person("ben")
    rule = await switched_on(boss, words("cheap watches", outcome="LABEL"))
    alone, told = await ada.write("Cheap watches"), await ada.write("Cheap watches, too")
    await matched(rule, 2)
    await report(ben, postId=told)
    await screened()
    assert (await case_about(mod, ada))["reportCount"] == 1
    assert len([one for one in await cases(mod) if one["handle"] == ada.handle]) == 1
    for post in (alone, told):
        assert [one["value"] for one in (await town.ask(LABELS, id=post))["node"]["labels"]] == ["SPAM"]
    await retire(boss, rule)


def test_a_veil_is_nothing_that_a_post_says() -> None:
    """A rule's own label may bring one, or the undoing of it take one away: it is the same post, about which a rule acts once."""
    post = Facts(Subject(ReportSubjectKind.POST, 1), 2, datetime.now(UTC), ["Cheap watches"], 1.0, on_team=False)
    assert replace(post, is_sensitive=True).hash == post.hash
    assert replace(post, texts=["Cheap watches!"]).hash != post.hash


async def test_nobody_alone_turns_a_rule_off_by_writing_much(town: Town) -> None:
    boss, ada = await boss_of(town), await town.person("ada")
    rule = await switched_on(boss, words("cheap watches", outcome="HOLD", mostAnHour=20))
    flood = [await ada.write(f"Cheap watches {at}") for at in range(24)]
    await screened()
    assert await sees(town, *flood) == [False] * 24
    assert (await boss.ask(RULE, id=rule))["node"]["state"] == "ON"
    await retire(boss, rule)


async def test_what_was_written_behind_a_private_account_is_looked_at_when_it_opens(town: Town) -> None:
    boss, ada = await boss_of(town), await town.person("ada")
    rule = await switched_on(boss, words("cheap watches", outcome="HOLD"))
    await ada.do(PRIVACY, isPrivate=True)
    post = await ada.write("Cheap watches")
    await screened()
    assert await actions(ada) == []
    await ada.do(PRIVACY, isPrivate=False)
    await screened()
    assert await sees(town, post) == [False]
    await retire(boss, rule)


async def test_a_run_tells_nothing_of_cases_about_the_team_nor_of_who_left(town: Town) -> None:
    boss, mod, ada = await boss_of(town), await staff(town), await town.person("ada")
    word = f"w{ada.id[-8:]}"
    judged = await boss.write(word)
    await act_about(mod, "DISMISS", postId=judged)
    rule = await draft(boss, words(word, sparesTeam=False))
    run = await tried(boss, rule)
    assert (run["matched"], run["dismissed"], [one["decision"] for one in run["examples"]]) == (1, 0, [None])
    await ada.do(UPDATE_PROFILE, bio=word)
    await act_about(mod, "WARN", userId=ada.id)
    accounts = await draft(boss, words(word, target="ACCOUNT"))
    assert (await tried(boss, accounts))["matched"] == 1
    await fetch("UPDATE users SET deactivated_at = now() WHERE id = $1", number(ada.id))
    assert (await tried(boss, accounts))["matched"] == 0, "who left is looked at by nobody"
    for one in (rule, accounts):
        await boss.do(DELETE, ruleId=one)


async def test_examples_of_a_run_cost_as_much_whether_few_or_many(
    town: Town, running: Serving, listening: None
) -> None:
    boss, ada = await boss_of(town), await town.person("ada")
    word = f"w{ada.id[-8:]}"
    for at in range(2):
        await ada.write(f"{word} {at}")
    rule = await draft(boss, words(word))

    async def cost() -> int:
        run = await tried(boss, rule)
        return len(await statements(running, Asker(number(boss.id)), RUN, id=run["id"]))

    few = await cost()
    for at in range(10):
        await ada.write(f"{word} more {at}")
    assert await cost() == few
    await boss.do(DELETE, ruleId=rule)


async def test_one_post_that_cannot_be_looked_at_keeps_no_other_from_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss, ada = await boss_of(town), await town.person("ada")
    rule = await switched_on(boss, words("cheap watches", outcome="HOLD"))
    odd, post = await ada.write("Odd cheap watches"), await ada.write("Cheap watches")
    matches = Matcher.matches

    def fails(self: Matcher, facts: Facts) -> list[Match]:
        if facts.subject.id == number(odd):
            raise ZeroDivisionError
        return matches(self, facts)

    with monkeypatch.context() as patched:
        patched.setattr(Matcher, "matches", fails)
        await screened()
    assert await sees(town, odd, post) == [True, False]
    await retire(boss, rule)
