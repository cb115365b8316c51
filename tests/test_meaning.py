"""Meaning: texts and pictures as vectors, found by nearness, by those who may; worked out by a child that may die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures.process import BrokenProcessPool
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import pytest_asyncio
from PIL import Image, ImageDraw

from discovery import encoder
from discovery.kindred import kindred
from discovery.meaning import mixed
from models import node_id
from models.database import fetch, fetch_value
from settings import Settings
from storage.bucket import Bucket
from tests.making import Brush
from tests.people import Person, Town
from tests.saving import news, save
from tests.selection import mutation
from tests.test_for_you import anew
from tests.test_search import new_word
from work.meaning import Muse

HERE = Path(__file__).parent.parent
BEST = "query($text: String!) { search(text: $text) { best(first: 50) { edges { node { id } } } } }"
SIMILAR = "query($id: ID!) { node(id: $id) { ... on Image { similar { edges { node { id } } } } } }"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bucket(told: Settings) -> AsyncIterator[Bucket]:
    found = await Bucket.open(told)
    yield found
    await found.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def muse(bucket: Bucket) -> AsyncIterator[Muse]:
    found = Muse(bucket)
    yield found
    found.close()


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def nothing_else(town: Town) -> None:
    """What others wrote before means nothing here: of what is near, only the nearest few are looked at."""
    await fetch("TRUNCATE meanings_due, post_meanings, picture_meanings")


async def work(muse: Muse) -> None:
    """Work out all that is due."""
    while await muse.turn():
        pass


async def found(reader: Person | Town, text: str) -> list[str]:
    """The posts that fit best."""
    edges = (await reader.ask(BEST, text=text))["search"]["best"]["edges"]
    return [edge["node"]["id"] for edge in edges]


def vectors(lines: list[str]) -> Any:
    """Vectors as numbers."""
    return np.array([[float(value) for value in line[1:-1].split(",")] for line in lines])


def scene(shape: str, colour: str, ground: str) -> bytes:
    """A small picture, as a derivative is kept."""
    image = Image.new("RGB", (96, 96), ground)
    getattr(ImageDraw.Draw(image), shape)((24, 24, 72, 72), fill=colour)
    data = BytesIO()
    image.save(data, "WEBP")
    return data.getvalue()


def test_what_means_the_same_is_near() -> None:
    said = vectors(
        encoder.texts(["A fox runs through the snow", "a small red canine in the cold", "my tax return", ""])
    )
    near = said @ said.T
    assert np.allclose(np.linalg.norm(said, axis=1), 1, atol=1e-3)
    assert near[0, 1] > 0.35 > near[0, 2]
    assert encoder.tokens("Unaffable café!") == encoder.tokens("unaffable CAFE!")
    assert len(encoder.tokens("word " * 1_000)) == encoder.MOST_TOKENS
    seen = vectors(
        encoder.pictures(
            [
                scene("ellipse", "red", "white"),
                scene("ellipse", "crimson", "ivory"),
                scene("rectangle", "navy", "black"),
            ]
        )
    )
    alike = seen @ seen.T
    assert alike[0, 1] > alike[0, 2]


def test_two_rankings_become_one() -> None:
    assert mixed([[1, 2, 3], [3, 4], []]) == [3, 1, 4, 2]


async def test_a_post_is_found_by_what_it_means_by_those_who_may(town: Town, muse: Muse) -> None:
    ada, fan, stranger = [await town.person(name) for name in ("ada", "fan", "stranger")]
    await fan.follow(ada)
    mine = f"from:{ada.handle}"
    fox = await ada.write("A small red canine in the cold winter landscape")
    closed = await ada.write("A young fox walks over frozen ground in winter", visibility="FOLLOWERS")
    tax = await ada.write("Paying taxes to the tax office")
    await work(muse)
    text = f"fox in the snow {mine}"
    assert set(await found(fan, text)) == {fox, closed}
    assert await found(stranger, text) == await found(town, text) == [fox]
    assert await found(stranger, f"{text} -winter has:image") == []
    await ada.do(mutation("editPost"), postId=fox, text="Income tax is due")
    await work(muse)
    assert await found(stranger, text) == []
    assert set(await found(stranger, f"income taxes {mine}")) == {fox, tax}
    await ada.do("DeletePost", postId=tax)
    assert await found(stranger, f"income taxes {mine}") == [fox]


@pytest.mark.parametrize("audience", ["EVERYONE", "FOLLOWERS", "NOBODY"])
async def test_what_a_prompt_means_is_for_those_who_may_know_it(town: Town, muse: Muse, audience: str) -> None:
    ada, fan, stranger = [await town.person(name) for name in ("ada", "fan", "stranger")]
    await fan.follow(ada)
    brush, mark = await Brush.new(), new_word()
    image = await brush.paint(ada, "a lighthouse on a cliff above the sea at night")
    post = await ada.write(mark, images=[{"imageId": image}], promptVisibility=audience)
    await work(muse)
    for who, may in ((ada, True), (fan, audience != "NOBODY"), (stranger, audience == "EVERYONE")):
        assert (post in await found(who, f"beacon by the ocean from:{ada.handle}")) is may, who.handle


async def test_pictures_that_look_alike_are_found_from_each_other(town: Town, bucket: Bucket, muse: Muse) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    shown = []
    for number, data in enumerate(
        (scene("ellipse", "red", "white"), scene("ellipse", "crimson", "ivory"), scene("ellipse", "tomato", "snow"))
    ):
        prefix = f"pictures/test/{os.getpid()}{number}{ada.handle}/"
        await bucket.put(f"{prefix}small.webp", data, "image/webp")
        image = await fetch_value(
            "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash) VALUES ($1, $2, 'image/png', 9, 96, 96,"
            " 'L00000fQfQfQfQfQfQfQfQfQfQfQ') RETURNING id",
            node_id.number_of("user", ada.id),
            prefix,
        )
        gid = node_id.encode("image", image)
        audience = "PUBLIC" if number < 2 else "FOLLOWERS"
        shown.append((gid, await ada.write("", images=[{"imageId": gid}], visibility=audience)))
    await work(muse)
    edges = (await bob.ask(SIMILAR, id=shown[0][0]))["node"]["similar"]["edges"]
    posts = [edge["node"]["id"] for edge in edges]
    assert shown[1][1] in posts
    assert shown[0][1] not in posts
    assert shown[2][1] not in posts, "not for bob"
    assert (await bob.ask(SIMILAR, id=shown[2][0]))["node"] is None


async def test_a_child_that_dies_stops_nobody(town: Town, muse: Muse, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await town.person("ada")
    await work(muse)
    post = node_id.number_of("post", await ada.write("the last straw"))

    async def dies(*_: object) -> list[str]:
        raise BrokenProcessPool("gone")

    with monkeypatch.context() as patched:
        patched.setattr(muse, "_ask", dies)
        await work(muse)
    rows = await fetch("SELECT said FROM post_meanings WHERE post_id = $1", post)
    assert [row["said"] for row in rows] == [None]
    assert not await fetch("SELECT 1 FROM meanings_due WHERE post_id = $1", post)


async def test_a_search_saved_by_meaning_counts_what_means_the_same(town: Town, muse: Muse) -> None:
    ada, bob, fan = [await town.person(name) for name in ("ada", "bob", "fan")]
    await fan.follow(bob)
    for who in (ada, fan):
        await save(who, f"fox in the snow from:{bob.handle} -has:link -has:image", byMeaning=True)
        await save(who, f"a lighthouse by the sea from:{bob.handle}", byMeaning=True)
    await bob.write("A small red canine in the cold winter landscape")
    await bob.write("A small red canine in the cold winter landscape https://example.org/x")
    await bob.write("Paying taxes to the tax office")
    said = await bob.write("A fox in the snow, who would have thought")
    await bob.write("A young fox walks over frozen ground in winter", visibility="FOLLOWERS")
    image = await (await Brush.new()).paint(bob, "a beacon on a cliff above the ocean")
    await bob.write("Look", images=[{"imageId": image}], promptVisibility="FOLLOWERS")
    assert await news(ada) == [1, 0], "by its words at once"
    await work(muse)
    assert await news(ada) == [2, 0]
    assert await news(fan) == [3, 1]
    await bob.do("DeletePost", postId=said)
    assert await news(ada) == [1, 0]


async def test_what_is_near_to_what_one_liked_is_picked_and_says_so(town: Town, muse: Muse) -> None:
    reader, ada, bob, fan = [await town.person(name) for name in ("reader", "ada", "bob", "fan")]
    await fan.follow(bob)
    liked = await ada.write("A fox in the snow, who would have thought")
    near = await bob.write("A young fox walks over frozen ground in winter")
    closed = await bob.write("A fox sleeps in the snow", visibility="FOLLOWERS")
    warned = await bob.write("A fox hunts in the snow", contentWarning="blood")
    far = await bob.write("Paying taxes to the tax office")
    brush = await Brush.new()
    seen = await ada.write("Breakfast", images=[{"imageId": await brush.paint(ada)}])
    alike = await bob.write("An invoice", images=[{"imageId": await brush.paint(bob)}])
    prompted = await bob.write("Bicycles", images=[{"imageId": await brush.paint(bob, "a fox in the snow")}])
    (looks,) = encoder.pictures([scene("ellipse", "red", "white")])
    for post in (seen, alike):
        await fetch(
            "INSERT INTO picture_meanings SELECT image_id, $2::text::vector FROM post_images WHERE post_id = $1",
            node_id.number_of("post", post),
            looks,
        )
    await fetch(
        "UPDATE post_images SET alt_text = '' WHERE post_id = ANY($1::bigint[])",
        [node_id.number_of("post", post) for post in (seen, alike, prompted)],
    )
    await work(muse)
    for who in (reader, fan):
        assert "MEANING" not in (await anew(who)).values(), "nothing is near to nothing"
        await who.do("LikePost", postId=liked)
        await who.do(mutation("bookmarkPost"), postId=seen)
    found = await anew(reader)
    assert found[near] == "MEANING"
    assert found.get(prompted) in (None, "NEWCOMER", "FRESH"), "what prompts mean is no reason"
    assert not {closed, warned, far} & {post for post, reason in found.items() if reason == "MEANING"}
    number = node_id.number_of("user", reader.id) or 0
    about = [node_id.number_of("post", post) or 0 for post in (seen, alike, near)]
    nearness = await kindred(number, about[:1], 0, 2**63 - 1)
    assert nearness[about[1]] == pytest.approx(1.0, abs=0.01)
    assert about[0] not in nearness
    assert closed not in found
    assert (await anew(fan))[closed] == "FOLLOWED"
    await reader.do(mutation("blockUser"), userId=bob.id)
    assert not {near, alike} & (await anew(reader)).keys()


ORPHAN = """
import asyncio, os, signal, psutil
from discovery import encoder
from work.meaning import Muse

async def main():
    await Muse(None)._ask(encoder.texts, ["a fox in the snow"])
    print(*(child.pid for child in psutil.Process().children()), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="The kernel ends children with their parent on Linux alone.")
def test_the_child_goes_with_a_parent_that_is_killed_and_tells_its_maker_nothing(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    script = tmp_path / "orphan.py"
    script.write_text(ORPHAN)
    home = tmp_path / "home"
    home.mkdir()
    ended = subprocess.run(
        [sys.executable, str(script)],
        env={**environment, "HOME": str(home), "PYTHONPATH": str(HERE)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    children = [psutil.Process(int(pid)) for pid in ended.stdout.split() if psutil.pid_exists(int(pid))]
    assert not psutil.wait_procs(children, timeout=60)[1]
    assert not list(home.rglob("*")), "a network that runs keeps and sends nothing of it"
