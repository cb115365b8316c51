"""Handles that complete what is being written."""

from __future__ import annotations

from tests.people import Town

SUGGEST = "query($prefix: String!) { viewer { userSuggestions(prefix: $prefix) { id handle avatar { url } } } }"


async def test_a_prefix_finds_those_one_follows_first(town: Town) -> None:
    ada = await town.person("ada")
    people = [await town.person("zoo_suggest") for _ in range(10)]
    await ada.follow(people[9], people[8])

    async def suggested(prefix: str) -> list[str]:
        found = (await ada.ask(SUGGEST, prefix=prefix))["viewer"]["userSuggestions"]
        return [one["id"] for one in found]

    found = await suggested("zoo_suggest")
    assert len(found) == 8
    assert set(found[:2]) == {people[8].id, people[9].id}
    assert set(found) <= {person.id for person in people}
    assert await suggested(f" @{people[3].handle.upper()} "[:40]) == [people[3].id]
    await ada.do("BlockUser", userId=people[3].id)
    assert await suggested(people[3].handle) == []
    await people[4].do("BlockUser", userId=ada.id)
    assert await suggested(people[4].handle) == [people[4].id], "who blocks one is not told"
    for nobody in ("", "@", " ", "a b", "zoo%", "zoo_suggest\u0000", "é", "x" * 5_000):
        assert await suggested(nobody) == []
    assert (await town.ask(SUGGEST, prefix="zoo"))["viewer"] is None


async def test_an_underscore_is_a_letter_and_no_wildcard(town: Town) -> None:
    ada = await town.person("ada")
    zed = await town.person("zedxq")
    found = (await ada.ask(SUGGEST, prefix="zed_q"))["viewer"]["userSuggestions"]
    assert zed.id not in [one["id"] for one in found]
