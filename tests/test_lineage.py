"""Lineage: lines of remixes upwards and trees downwards, with a hole wherever somebody may not see."""

from __future__ import annotations

from typing import Any

import pytest

from models import node_id
from models.database import fetch_value
from resolvers.lineage import compared
from tests.making import Brush
from tests.people import Person, Town
from tests.selection import mutation

STEP = "depth reason permission kind promptChange { change text } post { id author { handle } } image { id }"
DEEPER = f"remixes(first: 5) {{ edges {{ node {{ {STEP} }} }} }}"
DEEP = f"remixes(first: 5) {{ edges {{ node {{ {STEP} {DEEPER} }} }} }}"
TREE = f"""query($id: ID!) {{ node(id: $id) {{ ... on Image {{ lineage {{ isCut ancestors {{ {STEP} }}
  step {{ {STEP} remixes(first: 5) {{ edges {{ node {{ {STEP} {DEEP} }} }} }} }} }} }} }} }}"""
PAGE = """query($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Image { lineage { step {
  remixes(first: $first, after: $after) { pageInfo { hasNextPage endCursor } edges { node { image { id } } } } } } } } }"""


@pytest.fixture
async def brush(town: Town) -> Brush:
    return await Brush.new()


async def tree(who: Person, image: str) -> dict[str, Any]:
    found: dict[str, Any] = (await who.ask(TREE, id=image))["node"]["lineage"]
    return found


def below(step: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in step["remixes"]["edges"]]


async def chain(town: Town, brush: Brush, names: str) -> tuple[list[Person], list[tuple[str, str]]]:
    """Somebody's picture, and each following person's remix of the one before."""
    people = [await town.person(name) for name in names.split()]
    posts = [await brush.post(people[0], "a fox", promptVisibility="EVERYONE")]
    for at, person in enumerate(people[1:], 1):
        prompt = " ".join(["a", *["very"] * at, "red fox"])
        posts.append(await brush.remix(person, posts[-1], prompt, promptVisibility="EVERYONE"))
    return people, posts


async def test_five_remixes_by_five_people_read_right(town: Town, brush: Brush) -> None:
    people, posts = await chain(town, brush, "ada ben cai dot eve fay")
    guest = Person(town, "", "", None)
    last = await tree(guest, posts[-1][1])
    assert [step["depth"] for step in last["ancestors"]] == [-5, -4, -3, -2, -1]
    assert [step["post"]["author"]["handle"] for step in last["ancestors"]] == [one.handle for one in people[:-1]]
    assert [step["image"]["id"] for step in last["ancestors"]] == [image for _, image in posts[:-1]]
    assert [step["permission"] for step in last["ancestors"]] == [None, *["GIVEN"] * 4]
    assert [step["kind"] for step in last["ancestors"]] == ["GENERATE", *["EDIT"] * 4]
    assert (last["step"]["depth"], last["step"]["permission"], last["isCut"]) == (0, "GIVEN", False)
    assert last["step"]["promptChange"] == [
        {"change": "KEPT", "text": "a"},
        {"change": "ADDED", "text": "very"},
        {"change": "KEPT", "text": "very very very very red fox"},
    ]
    first = await tree(guest, posts[0][1])
    assert (first["ancestors"], first["step"]["promptChange"], first["step"]["permission"]) == ([], None, None)
    step, seen = first["step"], []
    while "remixes" in step and below(step):
        (step,) = below(step)
        seen.append((step["depth"], step["post"]["id"], step["post"]["author"]["handle"]))
    assert seen == [(at, posts[at][0], people[at].handle) for at in (1, 2, 3)]


async def test_branches_come_in_pages(town: Town, brush: Brush) -> None:
    ada, ben = await town.person("ada"), await town.person("ben")
    source = await brush.post(ada)
    images = [(await brush.remix(ben, source))[1] for _ in range(3)]
    page = (await ada.ask(PAGE, id=source[1], first=2))["node"]["lineage"]["step"]["remixes"]
    assert [edge["node"]["image"]["id"] for edge in page["edges"]] == images[:2]
    after = page["pageInfo"]["endCursor"]
    page = (await ada.ask(PAGE, id=source[1], first=2, after=after))["node"]["lineage"]["step"]["remixes"]
    assert [edge["node"]["image"]["id"] for edge in page["edges"]] == images[2:]
    assert page["pageInfo"]["hasNextPage"] is False


async def test_holes_keep_their_places(town: Town, brush: Brush) -> None:
    people, posts = await chain(town, brush, "ada ben cai dot")
    guest = await town.person("guest")
    await people[1].do("DeletePost", postId=posts[1][0])
    above = (await tree(guest, posts[3][1]))["ancestors"]
    assert [(step["reason"], step["image"] is None, step["post"] is None) for step in above] == [
        (None, False, False), ("DELETED", True, True), (None, False, False)
    ]  # fmt: skip
    assert [step["promptChange"] for step in above] == [None] * 3, (
        "of what is gone no word is told, nor of what came of it"
    )
    (hole,) = below((await tree(guest, posts[0][1]))["step"])
    assert (hole["reason"], hole["image"], hole["depth"]) == ("DELETED", None, 1)
    assert [step["post"]["id"] for step in below(hole)] == [posts[2][0]]
    await guest.do("BlockUser", userId=people[2].id)
    assert [step["reason"] for step in (await tree(guest, posts[3][1]))["ancestors"]] == [None, "DELETED", "BLOCKED"]
    await people[3].do("DeletePost", postId=posts[3][0])
    assert below((await tree(people[0], posts[0][1]))["step"])[0]["reason"] == "DELETED"
    await people[2].do("DeletePost", postId=posts[2][0])
    assert below((await tree(people[0], posts[0][1]))["step"]) == [], "what nothing hangs on leaves no hole"


async def test_permission_taken_back_stands_in_the_line(town: Town, brush: Brush) -> None:
    people, posts = await chain(town, brush, "ada ben cai")
    guest = await town.person("guest")
    await people[0].do(mutation("revokeRemix"), postId=posts[1][0])
    found = await tree(guest, posts[2][1])
    assert (found["ancestors"][0]["reason"], found["ancestors"][0]["post"]) == ("REVOKED", None)
    assert [step["permission"] for step in found["ancestors"]] == [None, "TAKEN_BACK"]
    assert found["ancestors"][1]["promptChange"] is None
    (step,) = below((await tree(guest, posts[0][1]))["step"])
    assert (step["permission"], step["post"]["id"], step["promptChange"]) == ("TAKEN_BACK", posts[1][0], None)


async def test_whom_a_post_is_not_for_sees_a_hole(town: Town, brush: Brush) -> None:
    ada, ben, cai, fan, guest = [await town.person(name) for name in ("ada", "ben", "cai", "fan", "guest")]
    for one in (cai, fan):
        await one.follow(ben)
    source = await brush.post(ada)
    middle = await brush.remix(ben, source, visibility="FOLLOWERS", remixPolicy="EVERYONE")
    last = await brush.remix(cai, middle)
    reasons = {}
    for name, who in (("fan", fan), ("guest", guest)):
        reasons[name] = [step["reason"] for step in (await tree(who, last[1]))["ancestors"]]
        (step,) = below((await tree(who, source[1]))["step"])
        assert (step["reason"], [one["post"]["id"] for one in below(step)]) == (reasons[name][1], [last[0]])
    assert reasons == {"fan": [None, None], "guest": [None, "NOT_VISIBLE"]}
    assert (await guest.ask("query($id: ID!) { node(id: $id) { id } }", id=middle[1]))["node"] is None


async def test_a_long_line_is_cut(town: Town, brush: Brush) -> None:
    ada = await town.person("ada")
    post = await brush.post(ada)
    source, image = (node_id.number_of(kind, one) for kind, one in zip(("post", "image"), post, strict=True))
    for _ in range(21):
        image = await fetch_value(
            """INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash, generated, remix_post_id,
                remix_image_id) VALUES ($1, 'p/' || fresque_id(), 'image/png', 9, 9, 9, 'L00000fQfQfQfQfQfQfQfQfQfQfQ', true, $2, $3)
            RETURNING id""",
            node_id.number_of("user", ada.id),
            source,
            image,
        )
    found = await tree(ada, node_id.encode("image", image or 0))
    assert (len(found["ancestors"]), found["isCut"], found["ancestors"][0]["depth"]) == (20, True, -20)


async def test_one_s_own_unpublished_remix_has_a_line(town: Town, brush: Brush) -> None:
    ada, ben = await town.person("ada"), await town.person("ben")
    source = await brush.post(ada)
    image = await brush.edit(ben, source[1], remixOf=source[0])
    found = await tree(ben, image)
    assert (found["step"]["post"], found["step"]["image"]["id"]) == (None, image)
    assert [step["post"]["id"] for step in found["ancestors"]] == [source[0]]
    assert below((await tree(ada, source[1]))["step"]) == []


@pytest.mark.parametrize(
    ("before", "now", "parts"),
    [
        ("a fox", "a fox", [("KEPT", "a fox")]),
        ("", "a fox", [("ADDED", "a fox")]),
        ("a red  fox\nat night", "a blue fox", [("KEPT", "a"), ("REMOVED", "red"), ("ADDED", "blue"), ("KEPT", "fox"), ("REMOVED", "at night")]),
        ("", "", []),
    ],
)  # fmt: skip
def test_prompts_are_compared_word_by_word(before: str, now: str, parts: list[tuple[str, str]]) -> None:
    assert [(part.change.value, part.text) for part in compared(before, now)] == parts
