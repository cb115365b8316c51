"""What is hidden is reached by no custom feed: cell by cell, over sources of each kind, newest first, ranked, previewed and live."""

from __future__ import annotations

from models.event import Kind, record
from models.transaction import transaction
from tests.feeds import LIVE, PREVIEW, made, posts
from tests.scene import Kinds, number
from tests.test_matrix import by_its_words
from tests.test_reach import Gathered, gathered

__all__ = ["gathered"]


async def test_feeds_show_each_what_the_rules_say(gathered: Gathered) -> None:
    scene = gathered.scene
    kind_of = {gid: kind for kind, gid in scene.posts.items()}
    friend = scene.friend
    people = [scene.authors[standing].id for standing in ("open", "private")]
    handles = " OR ".join(f"from:{author.handle}" for author in scene.authors.values())
    sources = {
        "board": [{"boardId": gathered.board}],
        "list": [{"userListId": gathered.people}],
        "search": [{"search": handles}],
        "everyone": [{"circle": "EVERYONE"}, {"boardId": gathered.board}],
    }
    feeds = {name: await made(friend, *some) for name, some in sources.items()}
    feeds["ranked"] = await made(friend, {"search": handles}, order="RANKED")
    cells = 0
    wrong: list[tuple[str, str, Kinds | None]] = []
    for relation, asker, kinds in scene.askers():
        wanted = {kind for kind in kinds if by_its_words(relation, kind)}
        for name, feed in feeds.items():
            there = {kind_of.get(gid) for gid in await posts(asker, feed, first=100)}
            wrong += [(name, relation, kind) for kind in kinds if (kind in there) is not (kind in wanted)]
            cells += len(kinds)
        if asker.token is not None and relation not in ("blocks", "blocked"):
            shown = (await asker.ask(PREVIEW, rules={"sources": sources["list"]}))["viewer"]["feedPreview"]
            there = {kind_of.get(edge["node"]["id"]) for edge in shown["edges"]}
            wrong += [("preview", relation, kind) for kind in there & set(kinds) if kind not in wanted]
    assert wrong == []
    assert cells >= 700
    by_name = await made(friend, {"people": people})
    for relation, asker, kinds in scene.askers():
        if relation in ("blocks", "blocked"):
            assert not {kind_of.get(gid) for gid in await posts(asker, by_name)} & set(kinds)


async def test_live_feeds_tell_each_what_the_rules_say(gathered: Gathered) -> None:
    scene = gathered.scene
    kind_of = {gid: kind for kind, gid in scene.posts.items()}
    people = [scene.friend.id, *(scene.authors[standing].id for standing in ("open", "private"))]
    feed = await made(scene.friend, {"circle": "FOLLOWED"}, {"userListId": gathered.people}, {"people": people})
    for relation, viewer in scene.viewers.items():
        async with viewer.live(LIVE, id=feed) as live:
            async with transaction():  # as if all were published now
                for kind, gid in scene.posts.items():
                    author = number(scene.authors[kind[0]].id)
                    await record(Kind.POST_CREATED, ["posts", f"author:{author}"], actor_id=author, post_id=number(gid))
            last = await scene.friend.write("The last")
            there: set[str] = set()
            while last not in there:
                there.add((await live.until("PostPublished"))["edge"]["node"]["id"])
        wanted = {kind for kind in scene.posts if by_its_words(relation, kind)}
        assert {kind_of[gid] for gid in there if gid in kind_of} == wanted, relation
