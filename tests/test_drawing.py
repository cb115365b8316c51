"""The vector drawing of a picture: whose it is, how it is handed out, and that it draws and does nothing else."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import Any

import orjson
import pytest
from redis.asyncio import Redis

from app import VECTOR_POINTS, Shared
from dev.stack import Stack
from generation.engines.atelier import make_scene
from generation.engines.atelier.caption import facts
from generation.engines.atelier.lexicon import entries
from generation.engines.atelier.vector import Unsafe, checked, drawn
from generation.vector import NotDrawn, drawing_of
from models import node_id
from models.database import fetch, fetch_value
from models.drawing import scene_of
from safety.limit import Limit
from safety.points import Points
from tests.conftest import Serving
from tests.making import Brush
from tests.people import Person, Town
from tests.selection import mutation
from tests.test_style_code import loom, work

UNTOUCHED = 3  # a database of Redis that only tests of budgets use
HOSTILE = (
    "a fox <script>alert(1)</script> in a meadow",
    '"/><image href="https://evil.example/x.png"/> a cat and a dog',
    "a castle ]]> <!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]> &x;",
    'a red fox" onload="alert(1)',
    "javascript:alert(1) url(https://evil.example) owl at night",
)
OUTPUT = """query($id: ID!) { node(id: $id) { ... on GenerationJob { outputs { vectorUrl image { id }
    mask { editedShare changedBefore meanShift changedAfter lossless stretched } edit { did undone varied } } } } }"""


def told(prompt: str) -> dict[str, Any]:
    """The facts of a picture of atelier's, as its row gives them back."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(facts(make_scene(prompt, 7, 256, 256, None, None))))
    return found


async def drawing(person: Person, prompt: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """A job with a picture whose scene is kept; its id, and the output."""
    engine = await loom()
    job = (await person.do(mutation("generateImages"), prompt=prompt, engine=engine))["job"]["id"]
    await work(engine)
    given = told(prompt) | more
    await fetch(
        "UPDATE generation_outputs SET facts = $2::jsonb WHERE job_id = $1", node_id.number_of("job", job), given
    )
    (output,) = (await person.ask(OUTPUT, id=job))["node"]["outputs"]
    return job, output


async def test_the_drawing_is_handed_to_its_owner_to_be_kept(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    job, output = await drawing(ada, HOSTILE[0])
    answer = await town.http.get(output["vectorUrl"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.headers["content-disposition"] == f'attachment; filename="{output["image"]["id"]}.svg"'
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert checked(answer.text) == answer.content
    assert b"<script" not in answer.content
    assert (await bob.ask(OUTPUT, id=job))["node"] is None
    path, _, grant = output["vectorUrl"].partition("?grant=")
    _, theirs = await drawing(bob, "an owl")
    other = theirs["vectorUrl"].partition("?grant=")[2]
    for address in (path, f"{path}?grant={other}", f"{path}?grant={grant}x", f"{path[:-7]}/original?grant={grant}"):
        assert (await town.http.get(address, follow_redirects=False)).status_code == 404
    # Whoever sees the picture in a post does not see the prompt, which a scene tells of.
    await ada.write("Look", images=[{"imageId": output["image"]["id"]}])
    his = await town.http.get(f"{path}?grant={other}", follow_redirects=False)
    assert his.status_code == 404


async def test_what_a_remix_inherits_stays_its_first_maker_s(town: Town) -> None:
    """The scene and the manner of another's picture are in what is made of it, and in what is made of that."""
    ada, ben = await town.person("ada"), await town.person("ben")
    brush = await Brush.new()
    _, remix = await brush.remix(ben, await brush.post(ada))
    again = await brush.edit(ben, remix)
    own = await brush.paint(ben)
    query = """{ viewer { generationJobs(first: 5) { edges { node { outputs { vectorUrl styleCode image { id } } } } } } }"""
    for image in (remix, again, own):
        number = node_id.number_of("image", image) or 0
        kept = told("a secret fox") | {"style_code": "fs1-secret"}
        await fetch("UPDATE generation_outputs SET facts = $2::jsonb WHERE image_id = $1", number, kept)
        assert (await scene_of(node_id.number_of("user", ben.id) or 0, number) is None) is (image != own)
    outputs = [edge["node"]["outputs"][0] for edge in (await ben.ask(query))["viewer"]["generationJobs"]["edges"]]
    found = {one["image"]["id"]: (one["vectorUrl"] is not None, one["styleCode"]) for one in outputs}
    assert found == {remix: (False, None), again: (False, None), own: (True, "fs1-secret")}
    for image in (remix, again):
        assert (await ben.refusal(mutation("createStyleCode"), imageId=image, name="Mine"))[0] == "BAD_USER_INPUT"


async def test_a_picture_without_a_scene_has_no_drawing(town: Town) -> None:
    ada = await town.person("ada")
    engine = await loom()
    job = (await ada.do(mutation("generateImages"), prompt="a fox", engine=engine))["job"]["id"]
    await work(engine)
    (output,) = (await ada.ask(OUTPUT, id=job))["node"]["outputs"]
    assert (output["vectorUrl"], output["mask"], output["edit"]) == (None, None, None)
    _, broken = await drawing(ada, "a fox", graph={"version": 1, "nodes": ["<script>"]})
    assert (await town.http.get(broken["vectorUrl"])).status_code == 404


async def test_figures_of_masks_and_edits_are_told_to_the_owner(town: Town) -> None:
    ada = await town.person("ada")
    figures = {"edited_share": 0.25, "changed_before": 0.5, "mean_shift": 3, "changed_after": 0.0, "lossless": True}
    said = {"did": ["bluer"], "undone": ["not known: sparkly"]}
    _, output = await drawing(ada, "a fox", mask=figures | {"stretched": False}, edit=said)
    assert output["mask"] == {
        "editedShare": 0.25, "changedBefore": 0.5, "meanShift": 3.0, "changedAfter": 0.0, "lossless": True, "stretched": False
    }  # fmt: skip
    assert output["edit"] == {"did": ["bluer"], "undone": ["not known: sparkly"], "varied": None}
    _, odd = await drawing(ada, "a fox", mask={"edited_share": "much"}, edit="all of it")
    assert (odd["mask"], odd["edit"]) == (None, None)


async def test_drawings_cost_points(running: Serving, stack: Stack, town: Town) -> None:
    ada = await town.person("ada")
    _, output = await drawing(ada, "a fox")
    shared: Shared = running.application.state.shared
    url = stack.redis.database_url(UNTOUCHED)
    async with aclosing(Redis.from_url(url)) as redis:
        await redis.flushdb()
    house, limit = shared(), Limit(url)
    narrow = replace(running.settings, rate_limit_points_signed_in=VECTOR_POINTS, rate_limit_burst_signed_in=0)
    shared.house = replace(house, points=Points(narrow, limit))
    try:
        answers = [await town.http.get(output["vectorUrl"]) for _ in range(2)]
    finally:
        shared.house = house
        await limit.close()
    assert [answer.status_code for answer in answers] == [200, 429]
    assert int(answers[1].headers["retry-after"]) > 0


@pytest.mark.parametrize("prompt", HOSTILE)
def test_hostile_prompts_make_harmless_drawings(prompt: str) -> None:
    found = drawn(told(prompt))
    assert found is not None
    assert checked(found.decode()) == found
    for word in (b"<script", b"onload=", b"evil.example", b"<image", b"ENTITY", b"javascript:"):
        assert word not in found


def test_every_figure_may_stand_in_a_drawing() -> None:
    from_lexicon = [f"a {name.replace('-', ' ')}" for name in sorted(entries())][::40]
    assert all(drawn(told(prompt)) for prompt in from_lexicon)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<g onload='alert(1)'/>",
        "<image href='https://evil.example/x.png'/>",
        "<use href='https://evil.example/x.svg#y'/>",
        "<use xmlns:x='http://www.w3.org/1999/xlink' x:href='data:image/svg+xml,x'/>",
        "<a href='javascript:alert(1)'><rect width='9' height='9'/></a>",
        "<rect fill='url(https://evil.example/x)'/>",
        "<rect fill='URL(//evil.example/x)'/>",
        "<rect style='background:url(//evil.example)'/>",
        "<style>@import '//evil.example/x.css'</style>",
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
        "<animate attributeName='href' to='javascript:alert(1)'/>",
        "<set attributeName='onload' to='alert(1)'/>",
        "<rect xml:base='https://evil.example/'/>",
        "<text>words</text>",
        "<g>words</g>",
        "<?xml-stylesheet href='https://evil.example/x.css'?>",
        "<!-- words -->",
        "<rect",
    ],
)
def test_what_is_no_drawing_is_refused(inside: str) -> None:
    assert checked('<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(#sky)"/><use href="#a"/></svg>')
    with pytest.raises(Unsafe):
        checked(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>')


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE svg [<!ENTITY x "y">]><svg xmlns="http://www.w3.org/2000/svg"><title>&x;</title></svg>',
        "<svg/>",
        '<html xmlns="http://www.w3.org/1999/xhtml"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "",
    ],
)
def test_what_is_no_svg_is_refused(document: str) -> None:
    with pytest.raises(Unsafe):
        checked(document)


async def test_facts_that_were_tampered_with_draw_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    good = told("a red fox and a castle")
    assert await drawing_of(good) is not None
    graph = good["graph"]
    for change in (
        {"nodes": [[*graph["nodes"][0][:6], '"/><script>alert(1)</script>', *graph["nodes"][0][7:]]]},
        {"style": "<script>"},
        {"code": '"><script>'},
        {"place": ["<script>", *graph["place"][1:]]},
        {"size": [10**9, 10**9]},
    ):
        assert await drawing_of(good | {"graph": graph | change}) is None
    monkeypatch.setattr("generation.vector.WALL_SECONDS", 0.0)
    with pytest.raises(NotDrawn):
        await drawing_of(good)
    assert await fetch_value("SELECT 1") == 1
