"""Reports: what is handed over, to whom, and who learns what of it."""

from __future__ import annotations

import pytest

from models import report as reports
from models.database import fetch
from tests.chatting import opened, said
from tests.making import Brush
from tests.moderating import ACT, REPORT, act, case_about, cases, mine, report, staff
from tests.people import Person, Town
from tests.scene import number
from tests.selection import mutation
from tests.telling import caught_up, kinds

NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"


async def test_a_report_reaches_the_desk_and_nobody_else(town: Town) -> None:
    ada, ben, eve, mod = [await town.person(name) for name in ("ada", "ben", "eve")] + [await staff(town)]
    post = await ada.write("Buy my pills", contentWarning="pills")
    mine_of_ben = await report(ben, "SPAM", "He does that all day.", postId=post)
    await report(eve, "DEEPFAKE", postId=post)
    case = await case_about(mod, ada)
    assert (case["subjectKind"], case["reportCount"], case["urgency"], case["strikes"]) == ("POST", 2, 1, 0)
    assert case["reasons"] == ["DEEPFAKE", "SPAM"]
    assert [(one["text"], one["warning"]) for one in case["evidence"]] == [("Buy my pills", "pills")], "once, not twice"
    told = {edge["node"]["reporter"]["id"]: edge["node"] for edge in case["reports"]["edges"]}
    assert (set(told), told[ben.id]["note"]) == ({ben.id, eve.id}, "He does that all day.")
    found = (await mine(ben))["reports"]["edges"]
    assert [(one["node"]["id"], one["node"]["state"], one["node"]["post"]["id"]) for one in found] == [
        (mine_of_ben, "OPEN", post)
    ]
    for stranger in (ada, eve, Person(town, "", "", None)):
        answer = await stranger.ask(NODES, ids=[mine_of_ben, case["id"]])
        assert answer["nodes"] == [None, None], "neither whom it is about nor others learn of it"
    await caught_up()
    assert await kinds(ada) == []
    assert (await mine(ada))["moderationActions"]["edges"] == []
    await act(mod, case["id"], "DISMISS")
    assert [one["node"]["state"] for one in (await mine(ben))["reports"]["edges"]] == ["DISMISSED"]
    await caught_up()
    assert await kinds(ada) == [], "nobody is told that nothing was done"
    again = await report(ben, "SPAM", postId=post)
    assert again != mine_of_ben, "what is decided can be reported anew"
    await act(mod, (await case_about(mod, ada))["id"], "WARN")
    assert [one["node"]["state"] for one in (await mine(ben))["reports"]["edges"]] == ["ACTED", "DISMISSED"]


async def test_what_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, ben = await town.person("ada"), await town.person("ben")
    post, hidden = await ada.write("Hello"), await ada.write("For me", visibility="MENTIONED")
    assert await ben.refusal(REPORT, reason="SPAM") == ("BAD_USER_INPUT", None)
    assert await ben.refusal(REPORT, reason="SPAM", postId=post, userId=ada.id) == ("BAD_USER_INPUT", None)
    assert await ada.refusal(REPORT, reason="SPAM", postId=post) == ("BAD_USER_INPUT", None)
    assert await ada.refusal(REPORT, reason="SPAM", userId=ada.id) == ("BAD_USER_INPUT", None)
    assert await ben.refusal(REPORT, reason="OTHER", postId=post) == ("BAD_USER_INPUT", ["note"])
    assert await ben.refusal(REPORT, reason="SPAM", note="x" * 1_001, postId=post) == ("BAD_USER_INPUT", ["note"])
    assert await ben.refusal(REPORT, reason="SPAM", postId=hidden) == ("NOT_FOUND", ["postId"])
    await report(ben, postId=post)
    assert await ben.refusal(REPORT, reason="HATE", postId=post) == ("CONFLICT", None)
    await report(ben, userId=ada.id)
    monkeypatch.setattr(reports, "MOST_A_DAY", 2)
    assert await ben.refusal(REPORT, reason="SPAM", postId=await ada.write("More")) == ("QUOTA_EXCEEDED", None)
    signed_out = await Person(town, "", "", None).refusal(REPORT, reason="SPAM", postId=post)
    assert signed_out == ("UNAUTHENTICATED", None)


async def test_of_a_chat_the_desk_gets_the_message_two_before_it_and_no_more(town: Town) -> None:
    ada, ben, mod = await town.person("ada"), await town.person("ben"), await staff(town)
    brush = await Brush.new()
    await ada.follow(ben)
    await ben.follow(ada)
    chat = await opened(ada, ben)
    for text in ("One", "Two", "Three"):
        await said(ben, chat, text)
    picture = await brush.paint(ada)
    bad = await said(ada, chat, "Something bad", imageIds=[picture])
    await said(ben, chat, "After it")
    await report(ben, "HARASSMENT", messageId=bad)
    case = await case_about(mod, ada)
    (shown,) = case["evidence"]
    assert (case["subjectKind"], shown["text"]) == ("MESSAGE", "Something bad")
    assert [(one["text"], one["user"]["id"]) for one in shown["context"]] == [("Two", ben.id), ("Three", ben.id)]
    assert [one["id"] for one in shown["images"]] == [picture]
    others = await ben.ask(
        "query($id: ID!) { node(id: $id) { ... on Chat { messages(last: 20) { edges { node { id } } } } } }", id=chat
    )
    messages = [edge["node"]["id"] for edge in others["node"]["messages"]["edges"]]
    assert (await mod.ask(NODES, ids=[chat, *messages]))["nodes"] == [None] * (len(messages) + 1), (
        "the chat stays theirs"
    )
    eve = await town.person("eve")
    assert await eve.refusal(REPORT, reason="SPAM", messageId=bad) == ("NOT_FOUND", ["messageId"])
    assert (await eve.ask(NODES, ids=[picture]))["nodes"] == [None]
    assert (await mod.ask(NODES, ids=[picture]))["nodes"] == [{"id": picture}]


async def test_what_was_reported_is_judged_as_it_was(town: Town) -> None:
    """Whoever edits or deletes what they said does not get away with it, nor does who says it only after a first report."""
    ada, ben, eve, mod = [await town.person(name) for name in ("ada", "ben", "eve")] + [await staff(town)]
    post = await ada.write("Vile words")
    await report(ben, "HATE", postId=post)
    await ada.do(mutation("editPost"), postId=post, text="Kind words")
    await report(eve, "HATE", postId=post)
    case = await case_about(mod, ada)
    assert [one["text"] for one in case["evidence"]] == ["Vile words", "Kind words"]
    await ada.do("DeletePost", postId=post)
    assert [one["text"] for one in (await case_about(mod, ada))["evidence"]] == ["Vile words", "Kind words"]
    assert await mod.refusal(ACT, caseId=case["id"], kind="REMOVE", rule="HATE") == ("CONFLICT", ["caseId"])
    await act(mod, case["id"], "WARN", "HATE")


async def test_the_queue_has_the_urgent_first_and_pages(town: Town) -> None:
    ada, mod = await town.person("ada"), await staff(town)
    people = [await town.person("bad") for _ in range(4)]
    reasons = ["SPAM", "CHILD_SAFETY", "DEEPFAKE", "SPAM"]
    for person, reason in zip(people, reasons, strict=True):
        await report(ada, reason, userId=person.id)
    handles = [person.handle for person in people]
    order = [one["handle"] for one in await cases(mod) if one["handle"] in handles]
    assert order == [handles[at] for at in (1, 2, 0, 3)], "the urgent first, then the oldest"
    assert [one["handle"] for one in await cases(mod, first=1) if one["handle"] in handles] == order, "page by page"
    await report(await town.person("ben"), "SELF_HARM", userId=people[3].id)
    assert (await case_about(mod, people[3]))["urgency"] == 2, "one urgent report makes it so"


async def test_a_case_is_of_one_thing_whoever_reports_at_once(town: Town) -> None:
    ada = await town.person("ada")
    post = await ada.write("Hello")
    for who in [await town.person("ben") for _ in range(3)]:
        await report(who, postId=post)
    rows = await fetch("SELECT report_count FROM moderation_cases WHERE subject_id = $1", number(post))
    assert [row["report_count"] for row in rows] == [3]
