"""A job continues the last: threads of turns as a tree, going on by editing or anew, and the list of one's own threads."""

from __future__ import annotations

from typing import Any

import pytest_asyncio

from models import node_id
from models.database import fetch, fetch_value
from models.engine import announce
from tests.people import Person, Town
from tests.selection import mutation
from tests.test_wish import LOOM, picture

TURN = """job { id kind prompt instruction seed width height style engine { name } inputs { role image { id } }
  parent { outputIndex job { id } } thread { id title turnCount } } userErrors { code message path }"""
GENERATE = f"mutation($input: GenerateImagesInput!) {{ generateImages(input: $input) {{ {TURN} }} }}"
CONTINUE = f"mutation($input: ContinueGenerationInput!) {{ continueGeneration(input: $input) {{ {TURN} }} }}"
VARY = f"mutation($input: VaryImageInput!) {{ varyImage(input: $input) {{ {TURN} }} }}"
THREADS = """query($archived: Boolean! = false, $first: Int, $after: String) { viewer { generationThreads(archived: $archived, first: $first,
  after: $after) { edges { cursor node { id title turnCount isArchived cover { id } } } pageInfo { hasNextPage endCursor } } } }"""
TURNS = """query($id: ID!) { node(id: $id) { ... on GenerationThread { turns(first: 50) { edges { node { id parent { outputIndex
  job { id } } } } pageInfo { hasNextPage } } } } }"""
QUILL = {"min_side": 64, "max_side": 512, "side_step": 8, "max_count": 4, "supports_seeds": True, "styles": ["plain"]}


@pytest_asyncio.fixture(autouse=True)
async def _engines(town: Town) -> None:
    """The loom edits; the quill only begins anew."""
    for name, can in (("loom", LOOM), ("quill", QUILL)):
        await announce(name, [{"name": "one", "default_width": 64, "default_height": 64, "capabilities": can}], True)


async def made(owner: Person, job: str, index: int = 0) -> str:
    """Let a job have made a picture, and end; the picture's id."""
    kept = await picture(owner)
    number = node_id.number_of("job", job)
    await fetch(
        "UPDATE generation_outputs SET state = 'SUCCEEDED', image_id = $3 WHERE job_id = $1 AND index = $2",
        number,
        index,
        node_id.number_of("image", kept),
    )
    await fetch("UPDATE generation_jobs SET state = 'SUCCEEDED' WHERE id = $1", number)
    return kept


async def test_the_last_picture_is_edited_where_the_engine_can(town: Town) -> None:
    ada = await town.person("ada")
    first = (await ada.do(GENERATE, prompt="a lighthouse in a storm", engine="loom", count=2, style="plain"))["job"]
    assert first["thread"] == {
        "id": first["thread"]["id"],
        "title": "a lighthouse in a storm",
        "turnCount": 1,
    }
    assert (first["parent"], first["instruction"]) == (None, None)
    thread = first["thread"]["id"]
    one, two = await made(ada, first["id"], 0), await made(ada, first["id"], 1)
    bluer = (await ada.do(CONTINUE, threadId=thread, prompt="bluer, and at night"))["job"]
    assert (bluer["kind"], bluer["prompt"], bluer["instruction"]) == ("EDIT", *["bluer, and at night"] * 2)
    assert bluer["inputs"] == [{"role": "IMAGE", "image": {"id": one}}]
    assert (bluer["engine"]["name"], bluer["style"]) == ("loom", "plain")
    assert bluer["parent"] == {"outputIndex": 0, "job": {"id": first["id"]}}
    # From any picture of the thread it may branch; a variation of one is a turn, too.
    branch = (await ada.do(CONTINUE, threadId=thread, prompt="calmer", fromImageId=two))["job"]
    assert branch["parent"] == {"outputIndex": 1, "job": {"id": first["id"]}}
    varied = (await ada.do(VARY, imageId=two, engine="loom"))["job"]
    assert varied["thread"]["id"] == thread
    turns = (await ada.ask(TURNS, id=thread))["node"]["turns"]["edges"]
    assert sorted(edge["node"]["id"] for edge in turns) == sorted(job["id"] for job in (first, bluer, branch, varied))
    assert varied["thread"]["turnCount"] == 4
    # The newest picture is that of the newest turn which has one.
    third = await made(ada, bluer["id"])
    last = (await ada.do(CONTINUE, threadId=thread, prompt="brighter"))["job"]
    assert last["inputs"][0]["image"]["id"] == third


async def test_elsewhere_it_is_made_anew_out_of_all_that_was_said(town: Town) -> None:
    ada = await town.person("ada")
    first = (await ada.do(GENERATE, prompt="a lighthouse.", engine="quill", seed="42", width=128, height=64))["job"]
    await made(ada, first["id"])
    thread = first["thread"]["id"]
    second = (await ada.do(CONTINUE, threadId=thread, prompt="at night"))["job"]
    assert (second["kind"], second["prompt"], second["instruction"]) == (
        "GENERATE",
        "a lighthouse, at night",
        "at night",
    )
    assert (second["seed"], second["width"], second["height"], second["inputs"]) == ("42", 128, 64, [])
    # Without a picture it goes on from the newest turn all the same.
    third = (await ada.do(CONTINUE, threadId=thread, prompt="bluer", engine="loom"))["job"]
    assert third["kind"] == "EDIT"  # of the only picture there is
    fourth = (await ada.do(CONTINUE, threadId=thread, prompt="with a ship", seed="7"))["job"]
    assert (fourth["prompt"], fourth["seed"]) == ("a lighthouse, with a ship", "7")


async def test_a_thread_is_its_owners_alone(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    first = (await ada.do(GENERATE, prompt="a fox", engine="loom"))["job"]
    thread, mine, theirs = first["thread"]["id"], await made(ada, first["id"]), await picture(bob)
    assert (await bob.ask(TURNS, id=thread))["node"] is None
    assert (await town.ask(TURNS, id=thread))["node"] is None
    assert (await bob.ask(THREADS))["viewer"]["generationThreads"]["edges"] == []
    for name, more in (
        ("continueGeneration", {"prompt": "x"}),
        ("renameGenerationThread", {"title": "x"}),
        ("archiveGenerationThread", {}),
        ("deleteGenerationThread", {}),
    ):
        given: dict[str, Any] = {"threadId": thread, **more}
        assert await bob.refusal(mutation(name), **given) == ("NOT_FOUND", ["threadId"])
        assert await ada.refusal(mutation(name), **{**given, "threadId": "x"}) == ("NOT_FOUND", ["threadId"])
        assert await Person(town, "", "", None).refusal(mutation(name), **given) == ("UNAUTHENTICATED", None)
    other = {"threadId": thread, "prompt": "x"}
    assert await ada.refusal(CONTINUE, **other, fromImageId=theirs) == ("NOT_FOUND", ["fromImageId"])
    away = (await ada.do(GENERATE, prompt="a hen", engine="loom"))["job"]["thread"]["id"]
    assert await ada.refusal(CONTINUE, threadId=away, prompt="x", fromImageId=mine) == ("NOT_FOUND", ["fromImageId"])


async def test_threads_are_listed_named_put_away_and_forgotten(town: Town) -> None:
    ada = await town.person("ada")
    jobs = [(await ada.do(GENERATE, prompt=f"number {at} " + "x" * 90, engine="quill"))["job"] for at in range(3)]
    threads = [job["thread"]["id"] for job in jobs]
    assert len(jobs[0]["thread"]["title"]) == 80
    await ada.do(CONTINUE, threadId=threads[0], prompt="more")  # a new turn brings it to the front

    async def listed(**given: Any) -> list[str]:
        page = (await ada.ask(THREADS, **given))["viewer"]["generationThreads"]
        return [edge["node"]["id"] for edge in page["edges"]]

    assert await listed() == [threads[0], threads[2], threads[1]]
    page = (await ada.ask(THREADS, first=2))["viewer"]["generationThreads"]["pageInfo"]
    assert page["hasNextPage"]
    assert await listed(after=page["endCursor"]) == [threads[1]]
    renamed = (await ada.do(mutation("renameGenerationThread"), threadId=threads[1], title=" Hens "))["thread"]
    assert renamed["title"] == "Hens"
    for title in ("", " ", "x" * 81, "two\nlines"):
        refusal = await ada.refusal(mutation("renameGenerationThread"), threadId=threads[1], title=title)
        assert refusal == ("BAD_USER_INPUT", ["title"])
    assert (await ada.do(mutation("archiveGenerationThread"), threadId=threads[0]))["thread"]["isArchived"]
    assert (await listed(), await listed(archived=True)) == ([threads[2], threads[1]], [threads[0]])
    await ada.do(CONTINUE, threadId=threads[0], prompt="even more")
    assert await listed(archived=True) == []
    gone = await ada.do(mutation("deleteGenerationThread"), threadId=threads[2])
    assert gone["deletedThreadId"] == threads[2]
    assert await listed() == [threads[0], threads[1]]
    seen = await ada.ask(
        "query($id: ID!) { node(id: $id) { ... on GenerationJob { id thread { id } } } }", id=jobs[2]["id"]
    )
    assert seen["node"] == {"id": jobs[2]["id"], "thread": None}
    assert (
        await fetch_value(
            "SELECT count(*) FROM generation_threads WHERE id = $1", node_id.number_of("thread", threads[2])
        )
        == 0
    )
