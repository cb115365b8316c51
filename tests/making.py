"""Pictures for tests: an engine of one's own that makes nothing, and people who ask it, keep what it made and publish it."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from typing import Any

from models import node_id
from models.engine import announce
from models.job_end import Ending
from models.lease import Claimed, NewImage, claim, finish, keep_output
from tests.people import Person
from tests.selection import mutation
from tests.test_wish import LOOM

_brushes = itertools.count(1)
POST = """query($id: ID!) { node(id: $id) { ... on Post { id version remixCount remixPolicy promptVisibility viewerCanRemix
  viewerRemixRequest { state } remixOf { ...Source } remixes { edges { permission node { id } } }
  images { id remixed remixedFrom { ...Source } recipe { prompt seed references { id } referenceCount }
    madeWith { engine model kind } } } } }
fragment Source on MaybeRemixSource { __typename ... on RemixSource { post { id } image { id } }
  ... on UnavailableRemixSource { reason } }"""


@dataclass(slots=True)
class Brush:
    """An engine of one test's own, so that nobody else's jobs are claimed."""

    name: str

    @classmethod
    async def new(cls) -> Brush:
        """One that can do everything."""
        found = cls(f"brush_{os.getpid()}_{next(_brushes)}")
        model = {"name": "one", "default_width": 64, "default_height": 64, "capabilities": LOOM}
        await announce(found.name, [model], True)
        return found

    async def claimed(self) -> Claimed:
        """Its next job, which must be there."""
        found = await claim([self.name])
        assert found is not None
        return found

    async def made(self, work: Claimed, seed: int = 7) -> list[str]:
        """The pictures of a job, kept; their ids."""
        found = []
        for index in work.wanted:
            image = NewImage(
                f"p/{self.name}/{work.id}/{index}/",
                "image/png",
                9,
                64,
                64,
                "L00000fQfQfQfQfQfQfQfQfQfQfQ",
                "A fox",
                seed,
                source_type="trainedAlgorithmicMedia",
            )
            number = await keep_output(work.id, work.token, index, image)
            assert number is not None
            found.append(node_id.encode("image", number))
        await finish(work.id, work.token, Ending.DONE)
        return found

    async def paint(self, who: Person, prompt: str = "a fox", **given: Any) -> str:
        """A picture made out of words; its id."""
        await who.do(mutation("generateImages"), prompt=prompt, engine=self.name, **given)
        return (await self.made(await self.claimed()))[0]

    async def edit(self, who: Person, image: str, prompt: str = "a fox at night", **given: Any) -> str:
        """A picture changed; `remixOf` names the post it stands in where it is another's."""
        await who.do(mutation("editImage"), imageId=image, prompt=prompt, engine=self.name, **given)
        return (await self.made(await self.claimed()))[0]

    async def post(self, who: Person, prompt: str = "a fox", **given: Any) -> tuple[str, str]:
        """A post with a picture made out of words; the ids of both."""
        image = await self.paint(who, prompt)
        return await who.write("Look", images=[{"imageId": image}], **given), image

    async def remix(
        self, who: Person, source: tuple[str, str], prompt: str = "a fox at night", **given: Any
    ) -> tuple[str, str]:
        """A post with a remix of a picture in a post; the ids of both."""
        image = await self.edit(who, source[1], prompt, remixOf=source[0])
        return await who.write("Remixed", images=[{"imageId": image}], **given), image


async def seen(who: Person, post: str) -> dict[str, Any]:
    """A post as somebody sees it, who must."""
    found: dict[str, Any] | None = (await who.ask(POST, id=post))["node"]
    assert found is not None
    return found


async def remix_rows(ada: Person, bob: Person) -> dict[str, str]:
    """A line of remixes with a hole in it, and a request; ids by name."""
    brush = await Brush.new()
    first = await brush.post(ada, promptVisibility="EVERYONE")
    second = await brush.remix(bob, first, promptVisibility="EVERYONE")
    third = await brush.remix(ada, second)
    gone = await brush.post(bob)
    orphan = await brush.remix(ada, gone)
    await bob.do("DeletePost", postId=gone[0])
    closed = (await brush.post(bob, remixPolicy="ASK"))[0]
    asked = (await brush.post(ada, remixPolicy="ASK"))[0]
    request = (await bob.do(mutation("requestRemix"), postId=asked))["request"]["id"]
    return {
        "first": first[0], "picture": first[1], "middle": second[1], "remix": third[0], "theirs": second[0],
        "orphan": orphan[0], "closed": closed, "request": request,
    }  # fmt: skip
