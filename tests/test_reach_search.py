"""What is hidden is reached by no way round: by meaning, by looks, by what a saved search counts or tells; cell by cell.

The same people and posts as in `tests/test_matrix.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from discovery import encoder, saved_search
from discovery.percolation import TRY, keep
from models.database import fetch
from models.transaction import transaction
from tests.people import Person, Town
from tests.saving import percolated, save, saved
from tests.scene import TAG, Kinds, Scene, number, sees, set_scene
from tests.selection import mutation
from tests.test_matrix import by_its_words
from tests.test_search import new_word

BEST = "query($text: String!) { search(text: $text) { best(first: 100) { edges { node { id } } } } }"
SIMILAR = "query($id: ID!) { node(id: $id) { ... on Image { similar(first: 100) { edges { node { id } } } } } }"
TOLD = """{ viewer { notifications(first: 50, kinds: [SAVED_SEARCH]) { edges { node { count actors { id } post { id } savedSearch { text } } } } } }"""


@pytest.fixture
async def scene(town: Town) -> Scene:
    """All of them, anew."""
    return await set_scene(town)


def is_news(relation: str, kind: Kinds) -> bool:
    """What is found, but for one's own."""
    return relation != "self" and by_its_words(relation, kind)


async def test_by_meaning_and_by_looks_each_finds_what_the_rules_say(scene: Scene) -> None:
    word = new_word()
    (vector,) = await asyncio.to_thread(encoder.texts, [f"a lighthouse {word}"])
    shown = [number(one) for one in scene.posts.values()]
    pictures = [number(one) for one in scene.images.values()]
    await fetch(
        """INSERT INTO post_meanings (post_id, said) SELECT id, $2::text::vector FROM unnest($1::bigint[]) AS n (id)
        ON CONFLICT (post_id) DO UPDATE SET said = excluded.said""",
        shown,
        vector,
    )
    await fetch(
        """INSERT INTO picture_meanings (image_id, looks) SELECT id, $2::text::vector FROM unnest($1::bigint[]) AS n (id)
        ON CONFLICT (image_id) DO UPDATE SET looks = excluded.looks""",
        pictures,
        vector,
    )
    like = scene.images[("open", "PUBLIC")]
    for relation, asker, kinds in scene.askers():
        best = (await asker.ask(BEST, text=f"a lighthouse {word} -is:reply"))["search"]["best"]["edges"]
        there = {edge["node"]["id"] for edge in best}
        for kind in kinds:
            assert (scene.posts[kind] in there) is by_its_words(relation, kind), (relation, kind)
        image = (await asker.ask(SIMILAR, id=like))["node"]
        assert (image is not None) is sees(relation, ("open", "PUBLIC")), relation
        alike = {edge["node"]["id"] for edge in image["similar"]["edges"]} if image else set()
        for kind in kinds:
            found = is_similar(image is not None)(relation, kind)
            assert (scene.posts[kind] in alike) is found, (relation, kind)


def is_similar(asked: bool) -> Callable[[str, Kinds], bool]:
    """What looks like the picture of the open account's public post, which itself is not among it."""
    return lambda relation, kind: asked and kind != ("open", "PUBLIC") and by_its_words(relation, kind)


async def test_saved_searches_count_and_tell_what_the_rules_say(scene: Scene) -> None:
    text = f"#{TAG} -is:reply -is:quote"
    posts = {number(gid): kind for kind, gid in scene.posts.items()}
    savers: list[tuple[str, Person, list[Kinds]]] = [
        one for one in scene.askers() if one[1].token is not None and one[1] is not scene.authors["suspended"]
    ]
    for _, asker, _ in savers:
        await save(asker, text)
        await asker.do(mutation("updateNotificationSwitch"), kind="SAVED_SEARCH", source="EVERYONE")
    owners = [number(asker.id) for _, asker, _ in savers]
    await fetch("UPDATE saved_searches SET seen_until = $2 WHERE owner_id = ANY($1::bigint[])", owners, min(posts) - 1)
    async with transaction():  # as if all were published now
        await keep(await fetch(TRY, list(posts)))
    await percolated()
    cells = 0
    for relation, asker, kinds in savers:
        (row,) = await saved_search.saved(number(asker.id))
        for kind in kinds:
            found = await saved_search.finds(number(asker.id), row.query_id, number(scene.posts[kind]))
            assert found is is_news(relation, kind), (relation, kind)
            cells += 1
        wanted = {kind for kind in posts.values() if is_news(_role(scene, relation, asker, kind), kind)}
        assert [one["newPostCount"] for one in await saved(asker)] == [len(wanted)], relation
        lines = (await asker.ask(TOLD))["viewer"]["notifications"]["edges"]
        assert [line["node"]["count"] for line in lines] == ([len(wanted)] if wanted else []), relation
        people = {actor["id"] for line in lines for actor in line["node"]["actors"]}
        assert people == {scene.authors[kind[0]].id for kind in wanted}, relation
    assert cells > 100


def _role(scene: Scene, relation: str, asker: Person, kind: Kinds) -> str:
    """What an asker is to the author of this post: authors are strangers to each other."""
    return "stranger" if relation == "self" and scene.authors[kind[0]] is not asker else relation
