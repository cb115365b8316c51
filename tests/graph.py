"""Random small worlds of people and posts, straight into the tables, and the rules over them written a second time with sets."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from hypothesis import strategies as st

from models.database import fetch, fetch_value
from models.ids import Ids
from models.reason import RESTS
from models.user_list import ListReplies
from models.visibility import SIGNED_OUT, PostFacts, Relations, Visibility
from tests.graph_labels import listen, put_labels
from tests.graph_rows import keep_people, keep_pictures, keep_posts
from tests.graph_words import mute_words

PEOPLE = 4
MOST_ACTS = 20
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Written:
    """A post to be: people are 0 … PEOPLE-1; `parent` is the place among earlier posts that it answers."""

    author: int
    visibility: Visibility
    mentions: frozenset[int]
    parent: int | None
    deleted: bool
    text: str = ""
    pictures: str = ""  # of AI (a) and others (o)
    labels: str = ""  # which labels the post (1, 2, S), its author (u) and its first picture (i) have


@dataclass(frozen=True, slots=True)
class Passed:
    """A repost to be, of the post at this place (wrapped around) among those written so far."""

    reposter: int
    place: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A world as hypothesis draws it. Blocks end follows, so no pair has both."""

    follows: frozenset[Pair]
    blocks: frozenset[Pair]
    mutes: frozenset[Pair]
    apart: frozenset[Pair]
    acts: tuple[Written | Passed, ...]
    quiet: frozenset[Pair] = frozenset()  # follows without reposts
    private: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    words: frozenset[tuple[int, str]] = frozenset()
    sparing: frozenset[int] = frozenset()  # who hides pictures of AI
    hushed: frozenset[tuple[int, int]] = frozenset()  # who mutes the conversation of the post at which place
    wary: frozenset[tuple[int, str]] = frozenset()  # who lets which labels hide posts
    limited: frozenset[int] = frozenset()
    pauses: frozenset[int] = frozenset()  # before which acts half of the time passes that a post rests in a home


_person = st.integers(0, PEOPLE - 1)
_written = st.builds(
    Written,
    _person,
    st.sampled_from([*Visibility, Visibility.PUBLIC, Visibility.FOLLOWERS]),
    st.frozensets(_person, max_size=1),
    st.none() | st.integers(0, 12),
    st.sampled_from([False, False, True]),
    st.sampled_from(["", "a fox", "owls, FOX!", "foxes"]),
    st.sampled_from(["", "", "a", "aa", "ao", "o"]),
    st.sampled_from(["", "", "", "1", "2", "S", "u", "i", "12"]),
)
_acts = st.lists(
    st.one_of(_written, _written, st.builds(Passed, _person, st.integers(0, 12))), min_size=12, max_size=MOST_ACTS
)
_ALL_PAIRS = [(one, other) for one in range(PEOPLE) for other in range(PEOPLE) if one != other]
_bonds = st.lists(
    st.sampled_from(["", "f", "f", "f", "f", "fq", "fm", "fm", "m", "b", "fa", "a"]),
    min_size=len(_ALL_PAIRS),
    max_size=len(_ALL_PAIRS),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any world of four people who mostly follow each other, with 12 to 20 posts and reposts."""
    bonds = dict(zip(_ALL_PAIRS, draw(_bonds), strict=True))
    follows, blocks, mutes, apart = (frozenset(pair for pair in bonds if kind in bonds[pair]) for kind in "fbma")
    follows = frozenset(pair for pair in follows if pair[::-1] not in blocks)
    quiet = frozenset(pair for pair in follows if "q" in bonds[pair])
    kinds = ["", "", "", "private", "gone", "limited"]
    standing = draw(st.lists(st.sampled_from(kinds), min_size=PEOPLE, max_size=PEOPLE))
    private, gone, limited = (frozenset(n for n, kind in enumerate(standing) if kind == one) for one in kinds[3:])
    words = draw(st.frozensets(st.tuples(_person, st.sampled_from(["fox", "owls"])), max_size=2))
    hushed = draw(st.frozensets(st.tuples(_person, st.integers(0, 12)), max_size=2))
    sparing = draw(st.frozensets(_person, max_size=2))
    wary = draw(st.frozensets(st.tuples(_person, st.sampled_from("12S")), max_size=4))
    pauses = draw(st.frozensets(st.integers(0, MOST_ACTS - 1), max_size=8))
    acts = tuple(draw(_acts))
    return Plan(
        follows, blocks, mutes, apart, acts, quiet, private, gone, words, sparing, hushed, wary, limited, pauses
    )


@dataclass(frozen=True, slots=True)
class Repost:
    """A repost that was stored."""

    id: int
    user_id: int
    post_id: int


@dataclass(slots=True)
class World:
    """What was stored, by real ids."""

    people: list[int]
    relations: dict[int, Relations]
    posts: dict[int, PostFacts] = field(default_factory=dict)
    reposts: list[Repost] = field(default_factory=list)
    quiet: set[Pair] = field(default_factory=set)
    private: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    limited: set[int] = field(default_factory=set)
    pictures: dict[int, str] = field(default_factory=dict)
    lists: dict[int, int] = field(default_factory=dict)  # of each owner: whom they read apart
    labelled: dict[int, set[str]] = field(default_factory=dict)
    wary: set[tuple[int, str]] = field(default_factory=set)
    numbers: dict[str, str] = field(default_factory=dict)  # what labels are called in the tables

    @property
    def viewers(self) -> Iterator[Relations]:
        """Everybody, and nobody signed in."""
        return iter(self.relations.values())

    # -- the rules, a second time and in other words than models/visibility.py

    def visible(self, me: Relations, post: PostFacts) -> bool:
        """Deleted: nobody. One's own: yes. A block either way, and authors that are gone: no. Else as its author chose; of a
        private account what is for everyone is for followers."""
        if post.deleted:
            return False
        if post.author_id == me.viewer_id:
            return True
        if post.author_id in me.blocks | me.blocked_by | self.gone:
            return False
        if me.viewer_id in post.mentioned_ids:
            return True
        if post.visibility in (Visibility.PUBLIC, Visibility.UNLISTED) and post.author_id not in self.private:
            return True
        return post.visibility is not Visibility.MENTIONED and post.author_id in me.follows

    def _welcome(self, me: Relations, post: PostFacts) -> bool:
        if {post.author_id, *post.mentioned_ids} & (me.blocks | me.mutes):
            return False
        if post.reply_to_author_id is not None and post.conversation_id in me.muted_conversations:
            return False
        return not self._hidden(me, post)

    def _hidden(self, me: Relations, post: PostFacts) -> bool:
        if me.hides_ai and self.pictures[post.id] and set(self.pictures[post.id]) == {"a"}:
            return True
        if self.labelled[post.id] & {kind for who, kind in self.wary if who == me.viewer_id}:
            return True
        return bool({word.text for word in me.words} & set(post.folded.split()))

    def _listed(self, post: PostFacts) -> bool:
        return post.visibility is Visibility.PUBLIC and post.author_id not in self.private | self.gone | self.limited

    def original(self, me: Relations, post: PostFacts) -> bool:
        """Whether a post stands in a home by itself."""
        if not self.visible(me, post):
            return False
        if post.author_id == me.viewer_id:
            return True
        if post.author_id not in me.follows or post.author_id in me.apart or not self._welcome(me, post):
            return False
        if post.reply_to_author_id is None:
            return True
        return not post.reply_to_deleted and post.reply_to_author_id in {post.author_id, me.viewer_id} | me.follows

    def home(self, me: Relations) -> dict[int, list[tuple[int, int | None]]]:
        """post → (key, reposter): each place of a post, oldest first. What follows a reason too soon is no place."""
        found: dict[int, list[tuple[int, int | None]]] = {}
        quiet = {other for one, other in self.quiet if one == me.viewer_id}
        heard = (me.follows - me.mutes - me.apart - quiet - self.gone) | {me.viewer_id}
        for post in self.posts.values():
            why: list[tuple[int, int | None]] = [(post.id, None)] if self.original(me, post) else []
            if self.visible(me, post) and (post.author_id == me.viewer_id or self._welcome(me, post)):
                why += sorted((r.id, r.user_id) for r in self.reposts if r.post_id == post.id and r.user_id in heard)
            places = [why[n] for n in range(len(why)) if n == 0 or why[n][0] - why[n - 1][0] >= RESTS]
            if places:
                found[post.id] = places
        return found

    def listed(self, me: Relations, members: Set[int], replies: ListReplies) -> dict[int, list[tuple[int, int | None]]]:
        """The same for the list of these people: whoever stands on it counts, followed or not."""
        answered = {
            ListReplies.NONE: set[int](),
            ListReplies.LIST: set(members),
            ListReplies.FOLLOWED: set(me.follows),
        }[replies]
        found: dict[int, list[tuple[int, int | None]]] = {}
        heard = {one for one in members - me.mutes if self._lets_in(one, me)}
        for post in self.posts.values():
            if not self.visible(me, post) or (post.author_id != me.viewer_id and not self._welcome(me, post)):
                continue
            to = post.reply_to_author_id
            shown = to is None or (not post.reply_to_deleted and to in {post.author_id, me.viewer_id} | answered)
            why: list[tuple[int, int | None]] = [(post.id, None)] if post.author_id in members and shown else []
            why += sorted((r.id, r.user_id) for r in self.reposts if r.post_id == post.id and r.user_id in heard)
            places = [why[n] for n in range(len(why)) if n == 0 or why[n][0] - why[n - 1][0] >= RESTS]
            if places:
                found[post.id] = places
        return found

    def _lets_in(self, owner: int, me: Relations) -> bool:
        """Whether somebody shows a viewer what their page shows, reposts among it."""
        if owner == me.viewer_id:
            return True
        if owner in me.blocks | me.blocked_by or owner in self.gone:
            return False
        return owner not in self.private or owner in me.follows

    def explore(self, me: Relations) -> set[int]:
        """Everything public that answers nobody else, without the muted."""
        return {
            post.id
            for post in self.posts.values()
            if self.visible(me, post)
            and self._listed(post)
            and post.reply_to_author_id in (None, post.author_id)
            and (post.author_id == me.viewer_id or not (post.author_id in me.mutes or self._hidden(me, post)))
        }

    def profile(self, me: Relations, author: int) -> set[tuple[int, int | None]]:
        """(key, reposter) of a person's page."""
        own: set[tuple[int, int | None]] = {
            (post.id, None)
            for post in self.posts.values()
            if post.author_id == author and self.visible(me, post) and post.reply_to_author_id in (None, post.author_id)
        }
        if author in me.blocks | me.blocked_by:
            return own
        if author != me.viewer_id and (author in self.gone or author in self.private - set(me.follows)):
            return own
        return own | {
            (r.id, author) for r in self.reposts if r.user_id == author and self.visible(me, self.posts[r.post_id])
        }


async def build(plan: Plan) -> World:
    """Store a world among new people. Ids count up from a while ago, posts and reposts in the order of the plan."""
    clock = int(await fetch_value("SELECT fresque_id()")) - MOST_ACTS * RESTS
    people = [clock + number for number in range(PEOPLE)]
    await keep_people(people)
    world = World(people, {SIGNED_OUT: Relations(SIGNED_OUT)} | {number: Relations(number) for number in people})
    for table, columns, pairs in (
        ("follows", "follower_id, followee_id", plan.follows),
        ("blocks", "blocker_id, blocked_id", plan.blocks),
        ("mutes", "muter_id, muted_id", plan.mutes),
    ):
        rows = [(people[one], people[other]) for one, other in sorted(pairs)]
        await fetch(
            f"INSERT INTO {table} ({columns}, created_at)"
            " SELECT one, other, now() FROM unnest($1::bigint[], $2::bigint[]) AS n (one, other)",
            [one for one, _ in rows],
            [other for _, other in rows],
        )
        for one, other in rows:
            _add(world.relations[one], table, other)
            if table == "blocks":
                _add(world.relations[other], "blocked_by", one)
    world.quiet = {(people[one], people[other]) for one, other in plan.quiet}
    world.private, world.gone = {people[number] for number in plan.private}, {people[number] for number in plan.gone}
    await fetch(
        "UPDATE follows SET hides_reposts = true FROM unnest($1::bigint[], $2::bigint[]) AS n (one, other)"
        " WHERE follower_id = one AND followee_id = other",
        [one for one, _ in world.quiet],
        [other for _, other in world.quiet],
    )
    world.limited = {people[number] for number in plan.limited}
    await fetch("UPDATE users SET limited_at = now() WHERE id = ANY($1::bigint[])", list(world.limited))
    await fetch("UPDATE users SET is_private = true WHERE id = ANY($1::bigint[])", list(world.private))
    await fetch("UPDATE users SET suspended_at = now() WHERE id = ANY($1::bigint[])", list(world.gone))
    await mute_words(world, plan.words, clock + PEOPLE + 10_000)
    for number in plan.sparing:
        await fetch("INSERT INTO viewing_settings (person_id, ai_pictures) VALUES ($1, 'HIDE')", people[number])
        world.relations[people[number]].hides_ai = True
    for owner in sorted({one for one, _ in plan.apart}):
        members = [people[other] for one, other in sorted(plan.apart) if one == owner]
        world.lists[people[owner]] = await fetch_value(
            "WITH list AS (INSERT INTO lists (owner_id, name, description, is_private, is_exclusive, replies)"
            " VALUES ($1, 'x', '', true, true, 'NONE') RETURNING id, owner_id), people AS ("
            " INSERT INTO list_members (list_id, user_id, owner_id, exclusive)"
            " SELECT list.id, member, list.owner_id, true FROM list, unnest($2::bigint[]) AS member)"
            " SELECT id FROM list",
            people[owner],
            members,
        )
        for member in members:
            _add(world.relations[people[owner]], "apart", member)
    await listen(world, plan.wary, clock + PEOPLE + 20_000)
    await _publish(plan, world, clock + PEOPLE)
    return world


def _add(relations: Relations, name: str, other: int) -> None:
    setattr(relations, name, Ids([*getattr(relations, name), other]))


async def _publish(plan: Plan, world: World, key: int) -> None:
    parents: list[int | None] = []
    order: list[PostFacts] = []
    for place, act in enumerate(plan.acts):
        key += RESTS // 2 if place in plan.pauses else 1
        if isinstance(act, Passed):
            if order:
                repost = Repost(key, world.people[act.reposter], order[act.place % len(order)].id)
                if not any((r.user_id, r.post_id) == (repost.user_id, repost.post_id) for r in world.reposts):
                    world.reposts.append(repost)
            continue
        parent = order[act.parent % len(order)] if order and act.parent is not None else None
        mentions = frozenset(world.people[number] for number in act.mentions)
        order.append(
            PostFacts(
                key,
                world.people[act.author],
                act.visibility,
                mentions,
                act.deleted,
                parent.author_id if parent else None,
                parent.deleted if parent else False,
                key,
                "".join(f" {word}" for word in act.text.lower().replace(",", "").replace("!", "").split()) + " "
                if act.text
                else "",
                world.people[act.author] in world.private,
                world.people[act.author] in world.gone,
                set(act.pictures) == {"a"},
                author_limited=world.people[act.author] in world.limited,
            )
        )
        world.pictures[key] = act.pictures
        parents.append(parent.id if parent else None)
    world.posts = {post.id: post for post in order}
    await keep_posts(order, parents, [act.text for act in plan.acts if isinstance(act, Written)])
    await keep_pictures(world.pictures)
    await put_labels(world, [act for act in plan.acts if isinstance(act, Written)])
    for who, place in sorted(plan.hushed):
        if order:
            me, talk = world.relations[world.people[who]], order[place % len(order)].conversation_id
            await fetch(
                "INSERT INTO conversation_mutes (muter_id, conversation_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                me.viewer_id,
                talk,
            )
            me.muted_conversations = frozenset({*me.muted_conversations, talk})
    await fetch(
        "INSERT INTO reposts (id, user_id, post_id, created_at)"
        " SELECT id, who, what, now() FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS n (id, who, what)",
        [repost.id for repost in world.reposts],
        [repost.user_id for repost in world.reposts],
        [repost.post_id for repost in world.reposts],
    )
