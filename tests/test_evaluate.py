"""The offline evaluation: what it measures, on a small world whose answer is known."""

from __future__ import annotations

import pytest

from discovery.evaluate import FEWEST_ACTS, gain, replay
from discovery.for_you import pick
from models import node_id
from tests.people import Town


def test_gains_are_what_is_written() -> None:
    assert gain([1, 2, 3], frozenset({1}), 3) == (1.0, 1.0)
    hit, second = gain([2, 1, 3], frozenset({1}), 3)
    assert hit == 1.0
    assert second == pytest.approx(0.6309, abs=1e-3)
    assert gain([2, 3, 1], frozenset({1}), 2) == (0.0, 0.0)
    assert gain([], frozenset({1}), 2) == (0.0, 0.0)


async def test_a_replay_asks_what_was_known_before(town: Town) -> None:
    reader, ada = await town.person("reader"), await town.person("ada")
    await reader.follow(ada)
    posts = [await ada.write(f"{n}") for n in range(FEWEST_ACTS + 1)]
    for post in posts[:FEWEST_ACTS]:
        await reader.do("LikePost", postId=post)
    count, found = await replay(1_000, 20)
    assert count >= 1
    assert set(found) == {"picked", "no meaning", "newest", "most liked"}
    assert all(0 <= outcome.ndcg <= outcome.hit <= 1 for outcome in found.values())
    assert found["picked"].hit > 0
    number = node_id.number_of("user", reader.id) or 0
    last = node_id.number_of("post", posts[-1]) or 0
    then = await pick(number, at=(last >> 16) / 1_000)
    assert last not in {one.post_id for one in then}, "what came later was not known"
    assert last in {one.post_id for one in await pick(number)}
