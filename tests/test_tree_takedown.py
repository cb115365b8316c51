"""A takedown follows a remix tree of any size: a part with the decision, the rest batch by batch, and back the same way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import replace
from typing import Any

import pytest

from errors import Conflict
from models import moderation, node_id, standing, tree_takedown
from models.database import fetch, fetch_one, fetch_value
from models.job import Failure
from models.lease import Claimed, NewImage, keep_output
from models.moderation import Order
from models.moderation_action import ModerationActionKind
from models.report import ReportReason
from models.review import Decision, decide, hold_output
from models.transaction import transaction
from tests.making import Brush, seen
from tests.moderating import APPEAL, DECIDE, OPEN, REVERSE, actions, staff
from tests.people import Person, Town
from tests.scene import number
from tests.selection import mutation
from tests.test_takedown import sees

NEVER_THERE = NewImage("p/x/", "image/png", 9, 64, 64, "L00000fQfQfQfQfQfQfQfQfQfQfQ", "x")


class Tree:
    """A post that was remixed five times, the first remix twice more, and the first of those once."""

    def __init__(self, town: Town, people: Sequence[Person], brush: Brush) -> None:
        self.town, self.brush = town, brush
        self.ada, self.ben, self.eve, self.mod = people
        self.posts: list[tuple[str, str]] = []

    @classmethod
    async def grown(cls, town: Town) -> Tree:
        """One of a test's own."""
        people = [await town.person(name) for name in ("ada", "ben", "eve")] + [await staff(town)]
        tree = cls(town, people, await Brush.new())
        for above in (None, 0, 0, 0, 0, 0, 1, 1, 6):
            if above is None:
                tree.posts.append(await tree.brush.post(tree.ada, remixPolicy="EVERYONE"))
            else:
                await tree.remixed(above)
        return tree

    async def remixed(self, above: int) -> None:
        """One picture more."""
        who = (self.ben, self.eve)[len(self.posts) % 2]
        self.posts.append(await self.brush.remix(who, self.posts[above], remixPolicy="EVERYONE"))

    @property
    def pictures(self) -> list[str]:
        """All of them, as they were made."""
        return [image for _, image in self.posts]

    async def there(self) -> list[int]:
        """Which of them everybody sees."""
        return [at for at, one in enumerate(await sees(self.town, *self.pictures)) if one]

    async def counts(self) -> list[int]:
        """How many remixes each post says it has."""
        return [(await seen(self.ada, post))["remixCount"] for post, _ in self.posts]

    async def removed(self, most: int) -> int:
        """The root is removed by a decision that takes so many; the action's number."""
        case = number((await self.mod.do(OPEN, imageId=self.posts[0][1]))["case"]["id"])
        order = Order(ModerationActionKind.REMOVE, ReportReason.DEEPFAKE, "It is no joke.")
        async with transaction():
            return await moderation.act(number(self.mod.id), case, order, most)

    async def reversed(self, action: int, most: int) -> None:
        """That is undone."""
        async with transaction():
            await moderation.reverse(number(self.mod.id), action, "It was.", most)


async def state(action: int) -> str:
    """How far it is."""
    return str(await fetch_value("SELECT state FROM tree_takedowns WHERE action_id = $1", action))


async def finish(most: int = 2, width: int = 1_000) -> None:
    """Do all that is left to do, batch by batch."""
    while await tree_takedown.step(most, width):
        pass


async def logged(action: int) -> list[tuple[str, str]]:
    """What the log says of the whole tree."""
    rows = await fetch(
        "SELECT kind, detail FROM moderation_log WHERE action_id = $1 AND kind LIKE 'TREE%' ORDER BY id", action
    )
    return [(row["kind"], row["detail"]) for row in rows]


@pytest.mark.parametrize("width", [1, 2, 1_000])
async def test_a_tree_larger_than_a_batch_goes_to_its_last_leaf_and_comes_back(town: Town, width: int) -> None:
    tree = await Tree.grown(town)
    counts = await tree.counts()
    assert counts == [5, 2, 0, 0, 0, 0, 1, 0, 0]
    action = await tree.removed(3)
    assert await tree.there() == [3, 4, 5, 6, 7, 8], "the nearest go with the decision"
    assert (await tree.counts())[0] == 3
    assert (await state(action), await logged(action)) == ("TAKING", [])
    await finish(2, width)
    assert await tree.there() == []
    assert await tree.counts() == [0] * 9
    assert (await state(action), await logged(action)) == ("TAKEN", [("TREE_TAKEN", "8")])
    for who, pictures in ((tree.ada, 1), (tree.ben, 4), (tree.eve, 4)):
        found = [one for one in await actions(who) if one["kind"] == "REMOVE"]
        assert len(found) == pictures, "an action for each picture"
        assert all(one["viewerCanAppeal"] and one["note"] == "It is no joke." for one in found)
    assert await fetch_value("SELECT sum(strikes) FROM moderation_actions WHERE root_id = $1", action) == 0
    await tree.reversed(action, 3)
    assert (await tree.there(), await state(action)) == ([0, 1, 2, 3], "RETURNING")
    await finish()
    assert await tree.there() == list(range(9))
    assert await tree.counts() == counts
    assert (await state(action), await logged(action)) == ("RETURNED", [("TREE_TAKEN", "8"), ("TREE_RETURNED", "8")])
    assert not await fetch(
        "SELECT 1 FROM moderation_undo WHERE action_id IN (SELECT id FROM moderation_actions WHERE root_id = $1)",
        action,
    )


async def test_what_is_undone_while_it_goes_on_stops_where_it_is(town: Town) -> None:
    tree = await Tree.grown(town)
    counts = await tree.counts()
    action = await tree.removed(2)
    assert await tree_takedown.step(2)
    assert await tree.there() == [4, 5, 6, 7, 8]
    await tree.reversed(action, 1)
    await finish(1)
    assert await tree.there() == list(range(9))
    assert await tree.counts() == counts
    assert await logged(action) == [("TREE_RETURNED", "3")]
    taken = await fetch("SELECT subject_id FROM moderation_actions WHERE root_id = $1 AND kind = 'REMOVE'", action)
    assert len(taken) == 3, "the rest was never touched"
    again = await tree.removed(100)
    assert await tree.there() == [], "it can be decided anew"
    assert await logged(again) == [("TREE_TAKEN", "8")]


async def test_what_an_appeal_gives_back_is_not_taken_again(town: Town) -> None:
    tree = await Tree.grown(town)
    action = await tree.removed(2)
    (told,) = [one for one in await actions(tree.eve) if one["kind"] == "REMOVE"]
    appeal = (await tree.eve.do(APPEAL, actionId=told["id"], text="Mine is harmless."))["appeal"]["id"]
    judge = await staff(town)
    await judge.do(DECIDE, appealId=appeal, grants=True)
    assert await tree.there() == [1, 2, 3, 4, 5, 6, 7, 8]
    await finish()
    assert await tree.there() == [1], "what was made of it has appeals of its own"
    assert await tree.counts() == [1, 0, 0, 0, 0, 0, 0, 0, 0]
    await tree.remixed(1)
    await finish()
    assert await tree.there() == [1, 9], "what is made of what was given back stays, too"
    await judge.do(REVERSE, actionId=node_id.encode("action", action))
    await finish()
    assert await tree.there() == list(range(10))
    assert await logged(action) == [("TREE_TAKEN", "8"), ("TREE_RETURNED", "7")]


async def test_nothing_grows_below_what_is_taken(town: Town) -> None:
    tree = await Tree.grown(town)
    late = await begun(tree, 1)
    held = await begun(tree, 1)
    done = await tree.brush.claimed()
    waits = await tree.brush.claimed()
    assert await hold_output(waits.id, waits.token, 0, NEVER_THERE, Failure("in_review", "Held.", "output", ("gore",)))
    action = await tree.removed(2)
    await tree.remixed(3)
    edit = mutation("editImage")
    refused = await tree.ben.refusal(
        edit, imageId=tree.pictures[1], remixOf=tree.posts[1][0], prompt="x", engine=tree.brush.name
    )
    assert refused[0] == "NOT_FOUND", "nobody begins anew with what is taken"
    kept = await keep(done)
    assert kept is False, "what was being made of it does not become one"
    assert await keep(done) is False
    row = await output(late)
    assert (row["state"], row["failure_code"], row["image_id"]) == ("BLOCKED", "source_taken", None)
    review = await fetch_value("SELECT id FROM reviews WHERE job_id = $1", waits.id)
    with pytest.raises(Conflict):
        await decide(review, Decision.APPROVED, "@mod")
    await decide(review, Decision.REFUSED, "@mod")
    assert (await output(held))["image_id"] is None
    await finish()
    assert await tree.there() == [], "and what was made of what was not taken yet goes, too"
    assert await logged(action) == [("TREE_TAKEN", "9")]


async def begun(tree: Tree, above: int) -> int:
    """A job that makes a remix, asked for; its number."""
    post, image = tree.posts[above]
    payload = await tree.ben.do(
        mutation("editImage"), imageId=image, remixOf=post, prompt="a fox", engine=tree.brush.name
    )
    return number(payload["job"]["id"])


async def output(job: int) -> Any:
    """Its first output."""
    return await fetch_one("SELECT * FROM generation_outputs WHERE job_id = $1 ORDER BY index LIMIT 1", job)


async def test_who_takes_waits_for_who_makes(town: Town) -> None:
    """A picture that is being kept while its source is taken is found by who takes it."""
    tree = await Tree.grown(town)
    job = await begun(tree, 0)
    work = await tree.brush.claimed()
    case = number((await tree.mod.do(OPEN, imageId=tree.pictures[0]))["case"]["id"])

    async def take() -> None:
        async with transaction():
            await moderation.act(
                number(tree.mod.id), case, Order(ModerationActionKind.REMOVE, ReportReason.DEEPFAKE), 100
            )

    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
    outside = copy_context()
    async with transaction():
        assert await keep(work)
        taking = asyncio.create_task(take(), context=outside)
        while not taking.done() and not await fetch(waiting):
            pass
    await taking
    made = (await output(job))["image_id"]
    assert await fetch_value("SELECT taken_at IS NOT NULL FROM images WHERE id = $1", made)


async def keep(work: Claimed) -> Any:
    """What comes of the first picture of a job."""
    return await keep_output(work.id, work.token, 0, replace(NEVER_THERE, prefix=f"p/{work.id}/"))


async def test_whoever_is_gone_stops_no_takedown(town: Town) -> None:
    """A picture goes out of posts that say nothing else, whether their authors are there, suspended or closed."""
    tree = await Tree.grown(town)
    bare = []
    for who in (tree.ben, tree.eve):
        image = await tree.brush.edit(who, tree.pictures[0], remixOf=tree.posts[0][0])
        bare.append((await who.write("", images=[{"imageId": image}]), image))
    async with transaction():
        await standing.suspend(number(tree.ben.id))
        await standing.deactivate(number(tree.eve.id))
    action = await tree.removed(3)
    await finish()
    assert await logged(action) == [("TREE_TAKEN", "10")]
    async with transaction():
        await standing.restore(number(tree.ben.id))
        await standing.reactivate(number(tree.eve.id))
    assert await sees(town, *(post for post, _ in bare)) == [False, False]
    async with transaction():
        await standing.suspend(number(tree.ben.id))
    await tree.reversed(action, 1)
    await finish()
    async with transaction():
        await standing.restore(number(tree.ben.id))
    assert await sees(town, *(one for pair in bare for one in pair)) == [True] * 4
    assert await tree.there() == list(range(9))
