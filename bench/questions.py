"""The hot questions of the product, as the API asks them, for readers who follow 50, 500 and 2,000 people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bench.town import Size
from discovery import feed_plan, feed_ranking, feed_timeline
from models import card, conversation, event, gallery, hashtag, image, profile, relation, session, timeline, user
from models.database import fetch, fetch_one, fetch_value
from models.event import Cursor
from models.feed_rules import MOST_PEOPLE, FeedChoice, FeedOrder, FeedSourceKind, Filters, Rules, Source
from models.lease import claim
from models.timeline import Window
from models.visibility import SIGNED_OUT

FOLLOWED = (50, 500, 2_000)
PAGE = Window(21)  # 20, and one more to know whether there is more
DEEP_PAGE = {50: 400, 500: 2_000, 2_000: 5_000}  # how many entries lie above the deep page, by people followed
EVENTS_PER_READ = 500


@dataclass(frozen=True, slots=True)
class Question:
    """One thing the API asks of the database. `writes`: it is asked in a transaction that is undone."""

    name: str
    ask: Callable[[], Awaitable[object]]
    writes: bool = False


async def readers() -> dict[int, int]:
    """For each number of people followed, who follows about so many (and blocks and mutes somebody, where there is one)."""
    found = {}
    for wanted in FOLLOWED:
        found[wanted] = await fetch_value(
            """SELECT follower_id FROM (SELECT follower_id, count(*) AS n FROM follows GROUP BY 1) AS counted
            WHERE abs(n - $1) <= $1 / 20 ORDER BY EXISTS (SELECT 1 FROM blocks WHERE blocker_id = follower_id) DESC,
                EXISTS (SELECT 1 FROM mutes WHERE muter_id = follower_id) DESC, abs(n - $1), follower_id LIMIT 1""",
            wanted,
        )
    return found


async def questions(size: Size) -> AsyncIterator[Question]:
    """Every question, cheapest to find first."""
    known = await readers()
    for followed, reader in known.items():
        yield Question(f"home {followed}", partial(timeline.home, reader, PAGE))
        below = (await timeline.home(reader, Window(DEEP_PAGE[followed]))).entries[-1].key
        yield Question(f"home {followed}, deep", partial(timeline.home, reader, Window(21, older_than=below)))
        yield Question(
            f"home {followed}, backward", partial(timeline.home, reader, Window(21, newer_than=below, backward=True))
        )
    reader = known[500]
    best = await fetch_value("SELECT subject_id FROM user_counts ORDER BY followers DESC LIMIT 1")
    for name, viewer in (("signed out", SIGNED_OUT), ("500", reader)):
        yield Question(f"explore {name}", partial(timeline.explore, viewer, PAGE))
        middle = await fetch_value("SELECT id FROM posts OFFSET $1 LIMIT 1", size.posts // 2)
        yield Question(f"explore {name}, deep", partial(timeline.explore, viewer, Window(21, older_than=middle)))
        yield Question(f"profile {name}", partial(timeline.profile, viewer, best, PAGE))
    tags = await fetch("SELECT hashtag, count(*) AS n FROM post_hashtags GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1000")
    for name, viewer in (("signed out", SIGNED_OUT), ("500", reader)):
        for kind, row in (("large", tags[0]), ("small", tags[-1])):
            yield Question(f"hashtag {kind} {name}", partial(hashtag.timeline, viewer, row["hashtag"], PAGE))
    middle = await fetch_value("SELECT id FROM posts OFFSET $1 LIMIT 1", size.posts // 2)
    deep = Window(21, older_than=middle)
    yield Question("hashtag large 500, deep", partial(hashtag.timeline, reader, tags[0]["hashtag"], deep))
    yield Question("hashtag has author", partial(hashtag.has_author, tags[0]["hashtag"], best))
    follows = await fetch_value("SELECT followee_id FROM follows WHERE follower_id = $1 LIMIT 1", reader)
    yield Question("profile touches", partial(profile.touches, reader, best, follows, True))
    keeper = await fetch_value("SELECT user_id FROM bookmarks GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    for name, author in (("of the most followed", best), ("of one of many", reader)):
        yield Question(f"media {name}", partial(timeline.media, SIGNED_OUT, author, PAGE))
    yield Question("own pictures", partial(image.ids_of, best, PAGE))
    yield Question("suggestions", partial(user.suggestions, reader, "a"))
    yield Question("bookmarks", partial(timeline.bookmarks, keeper, PAGE))
    liked = await fetch_value(
        "SELECT subject_id FROM post_counts JOIN posts p ON p.id = subject_id"
        " WHERE p.deleted_at IS NULL AND p.visibility = 'PUBLIC' ORDER BY reposts DESC, p.id LIMIT 1"
    )
    some = [row["id"] for row in await fetch("SELECT id FROM users ORDER BY id LIMIT 1000")]
    yield Question("home_entries, 1,000 readers", partial(timeline.home_entries, liked, some))
    yield Question("orphans at home", partial(timeline.has_orphans_at_home, reader, liked))
    answered = await fetch_value("SELECT subject_id FROM post_counts ORDER BY replies DESC LIMIT 1")
    yield Question("replies", partial(conversation.replies, reader, answered, Window(21, backward=True)))
    talk = await fetch_value("SELECT conversation_id FROM posts WHERE id = $1", answered)
    yield Question("conversation touches", partial(conversation.touches, reader, talk, follows, True))
    chained = await fetch_value(
        "SELECT id FROM posts WHERE conversation_id = (SELECT conversation_id FROM posts"
        " WHERE reply_to_author_id = author_id GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)"
        " ORDER BY id DESC LIMIT 1"
    )
    yield Question("ancestors of 100", partial(conversation.ancestors, chained, PAGE))
    for followed, who in known.items():
        entries = (await timeline.home(who, PAGE)).entries
        people = {entry.reposter_id for entry in entries if entry.reposter_id is not None}
        posts = [entry.post_id for entry in entries]
        yield Question(f"cards of home {followed}", partial(_cards, who, posts, people))
    yield Question("cards, one post", partial(_cards, reader, [liked], set()))
    yield Question("users, 20", partial(card.users, reader, some[:20]))
    pictures = [
        row["image_id"] for row in await fetch("SELECT image_id FROM post_images ORDER BY image_id DESC LIMIT 20")
    ]
    yield Question("images, 20", partial(gallery.images, reader, pictures))
    yield Question("place_of a picture", partial(image.place_of, SIGNED_OUT, pictures[0]))
    avatar = await fetch_value("SELECT avatar_id FROM users WHERE avatar_id IS NOT NULL LIMIT 1")
    yield Question("place_of an avatar", partial(image.place_of, SIGNED_OUT, avatar))
    for followed, who in known.items():
        yield Question(f"relations of {followed}", partial(relation.relations_of, [who]))
    yield Question("identify", partial(session.identify, "frq_bench_7", bearer=True))
    async for question in _of_feeds(known, tags[0]["hashtag"], tags[-1]["hashtag"]):
        yield question
    async for question in _of_the_log(known[500]):
        yield question
    yield Question("claim", partial(claim, ["atelier"]), writes=True)


async def _of_feeds(known: Mapping[int, int], large: str, small: str) -> AsyncIterator[Question]:
    followed, everyone = Source(FeedSourceKind.FOLLOWED), Source(FeedSourceKind.EVERYONE)
    pictures = Filters(pictures=FeedChoice.ONLY)
    people = [
        row["followee_id"]
        for row in await fetch(
            "SELECT followee_id FROM follows WHERE follower_id = $1 LIMIT $2", known[500], MOST_PEOPLE
        )
    ]
    mixed = (followed, Source(FeedSourceKind.HASHTAG, text=large), Source(FeedSourceKind.PEOPLE, tuple(people)))
    for name, reader, rules in (
        ("everyone", known[500], Rules((everyone,))),
        *((f"followed {number}", reader, Rules((followed,))) for number, reader in known.items()),
        ("followed 2000, with a picture", known[2_000], Rules((followed,), pictures)),
        ("a small hashtag", known[500], Rules((Source(FeedSourceKind.HASHTAG, text=small),))),
        ("three sources", known[500], Rules(mixed)),
        ("three sources, with a picture", known[500], Rules(mixed, pictures)),
        ("three sources, ten likes", known[500], Rules(mixed, Filters(min_likes=10))),
    ):
        plan = await feed_plan.plan(reader, reader, rules)
        yield Question(f"feed: {name}", partial(feed_timeline.posts, reader, plan, PAGE))
    plan = await feed_plan.plan(known[500], known[500], Rules(mixed, order=FeedOrder.RANKED))
    yield Question("feed: three sources, ranked", partial(feed_ranking.pick, known[500], plan))
    new = [row["id"] for row in await fetch("SELECT id FROM posts ORDER BY id DESC LIMIT 10")]
    asked = [
        branch
        for row in await fetch("SELECT id FROM users ORDER BY id LIMIT 500")
        for branch in (await feed_plan.plan(row["id"], row["id"], Rules((followed, everyone), pictures))).branches
    ]
    yield Question("feed: 10 new posts, 500 listeners", partial(feed_timeline.matching, new, asked))


async def _of_the_log(reader: int) -> AsyncIterator[Question]:
    state = await event.log_state()
    row = await fetch_one(
        "SELECT xid::text AS xid, id FROM events ORDER BY events.xid, id OFFSET 500000 * (SELECT count(*) FROM events) / 1000000 LIMIT 1"
    )
    late = await fetch_one(
        "SELECT xid::text AS xid, id FROM events ORDER BY events.xid DESC, id DESC OFFSET 20000 LIMIT 1"
    )
    if row is None or late is None:
        raise RuntimeError("There are no events.")
    middle = Cursor(int(row["xid"]), row["id"], state.head.epoch)
    missed = Cursor(int(late["xid"]), late["id"], state.head.epoch)
    yield Question("log_state", event.log_state)
    yield Question("read_log at the head", partial(event.read_log, state.head, EVENTS_PER_READ))
    yield Question("read_log in the middle", partial(event.read_log, middle, EVENTS_PER_READ))
    followees = [
        f"author:{r['followee_id']}"
        for r in await fetch("SELECT followee_id FROM follows WHERE follower_id = $1", reader)
    ]
    yield Question(
        "replay 500, missed nothing", partial(event.replay, followees, state.head, state.head, EVENTS_PER_READ)
    )
    yield Question("replay 500, missed 20,000", partial(event.replay, followees, missed, state.head, EVENTS_PER_READ))
    yield Question("replay 500, missed half", partial(event.replay, followees, middle, state.head, EVENTS_PER_READ))
    yield Question(
        "replay one post, missed half", partial(event.replay, ["post:1"], middle, state.head, EVENTS_PER_READ)
    )


async def _cards(viewer: int, posts: list[int], people: set[int]) -> object:
    return (await card.cards(viewer, posts, people)).posts
