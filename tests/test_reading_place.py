"""How far somebody has read at home: kept for all of their devices, and for nobody else."""

from __future__ import annotations

import asyncio

from tests.people import Person, Town
from tests.selection import mutation

PLACE = "{ viewer { homePlace { cursor readAt } } }"
KEEP = mutation("keepHomePlace")


async def place(person: Person) -> str | None:
    """The cursor that is kept."""
    found = (await person.ask(PLACE))["viewer"]["homePlace"]
    return found and str(found["cursor"])


async def test_another_device_goes_on_where_one_has_read(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    assert await place(ada) is None
    for number in range(5):
        await ada.write(f"Number {number}")
    cursors = [edge["cursor"] for edge in (await ada.home())["edges"]]
    await ada.do(KEEP, cursor=cursors[3])
    assert await place(ada) == cursors[3]
    assert await place(bob) is None, "nobody else's"
    newer = (await ada.ask(
        "query($before: String) { viewer { homeTimeline(last: 3, before: $before) { edges { cursor } } } }",
        before=cursors[3],
    ))["viewer"]["homeTimeline"]["edges"]  # fmt: skip
    assert [edge["cursor"] for edge in newer] == cursors[:3], "what is newer lies before it"
    await ada.do(KEEP, cursor=cursors[4])
    assert await place(ada) == cursors[4], "the last that is said counts, further down too"


async def test_what_is_no_place_is_refused(town: Town) -> None:
    ada = await town.person("ada")
    for cursor in ("", "k", "nonsense", "k0", "k" + "z" * 40):
        assert await ada.refusal(KEEP, cursor=cursor) == ("BAD_USER_INPUT", ["cursor"])
    assert await place(ada) is None
    nobody = Person(town, "", "", None)
    assert await nobody.refusal(KEEP, cursor="k1") == ("UNAUTHENTICATED", None)
    assert (await nobody.ask(PLACE))["viewer"] is None


async def test_two_devices_at_once_leave_one_place(town: Town) -> None:
    ada = await town.person("ada")
    told = [f"k{number}" for number in range(1, 9)]
    await asyncio.gather(*(ada.do(KEEP, cursor=cursor) for cursor in told))
    assert await place(ada) in told
