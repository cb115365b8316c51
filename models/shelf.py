"""The shelf: copies of posts and people that many readers look at, kept in this process and checked at every use.

A copy holds nothing that depends on who looks, and is never shown without a `glance` that found its stamp and its version to
be those of the row. What a copy gives to viewers who see the same is one and the same object, so that what is made of it
(`PostRow.kept`) is made once. Bounded: the least recently used copies go first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from asyncpg import Record

from models import card, policy
from models.card import Hole, PostRow, UserRow
from models.database import fetch
from models.glance import Glance, Held, array
from models.post import is_for_anyone
from models.post_filter import SAYS, filtered
from models.visibility import SIGNED_OUT, Relations

MOST_POSTS = 8_000
MOST_PEOPLE = 8_000
MOST_VIEWS = 16  # of one copy that are remembered
POST_COUNTS = ("likes", "reposts", "replies", "quotes", "remixes", "views", "version")
USER_COUNTS = {"followers": "likes", "followings": "reposts", "posts": "replies", "version": "version"}
STATE = ("liked", "reposted", "bookmarked", "permit", "choices")
NO_STATE = (False, False, False, None, ())
BONDS = ("following", "followed_by", "blocking", "muting", "requested")
_POSTS = card.posts_sql(f"p.xmin AS stamp, fresque_folded({SAYS}) AS folded,")
_USERS = card.users_sql("u.xmin AS stamp, counts.version,")

Copied = TypeVar("Copied", "PostCopy", "UserCopy")


class UserCopy:
    """A person, and what is made of them by what they are to the viewer."""

    __slots__ = ("made", "row", "told", "version")

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row
        self.version: int = row["version"]
        self.told = _told(row)
        self.made: dict[tuple[bool, ...], UserRow] = {}

    def seen(self, bonds: tuple[bool, ...]) -> UserRow:
        """The person as those see them to whom they are this; one object for all."""
        found = self.made.get(bonds)
        if found is None:
            row = {**self.row, **dict(zip(BONDS, bonds, strict=True))}
            found = self.made[bonds] = card.user_row(row, SIGNED_OUT)
        return found


class PostCopy:
    """A post, whom it names, and what is made of it."""

    __slots__ = ("author_id", "is_open", "made", "people", "quoted_id", "row", "told", "version")

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row
        self.version: int = row["version"]
        self.told = _told(row)
        self.author_id: int = row["author_id"]
        self.quoted_id: int | None = row["quoted_post_id"]
        self.people = tuple(card.named(row))
        # The address of a picture that is not open to all carries a grant for one viewer.
        self.is_open = not row["images"] or is_for_anyone(row)
        self.made: dict[tuple[object, ...], PostRow] = {}


class Looked:
    """The copies that a glance is about; None where there is none. They alone may be shown on its word."""

    __slots__ = ("people", "posts")

    def __init__(self, posts: Mapping[int, PostCopy | None], people: Mapping[int, UserCopy | None]) -> None:
        self.posts = posts
        self.people = people

    @property
    def told_posts(self) -> Held:
        """What the glance is told of the posts."""
        return _all_told(self.posts)

    @property
    def told_people(self) -> Held:
        """What the glance is told of the people."""
        return _all_told(self.people)


class Shelf:
    """The copies of this process. What it gives may be shown to one who may see it by a glance, and to nobody else."""

    def __init__(self, most_posts: int = MOST_POSTS, most_people: int = MOST_PEOPLE) -> None:
        self._posts: OrderedDict[int, PostCopy] = OrderedDict()
        self._people: OrderedDict[int, UserCopy] = OrderedDict()
        self._most_posts, self._most_people = most_posts, most_people

    def held(self, post_ids: Iterable[int], people: Iterable[int]) -> Looked:
        """What is held of these posts, those they quote, and all who are named in them."""
        posts: dict[int, PostCopy | None] = {}
        named = set(people)
        for number in post_ids:
            copy = posts[number] = self._post(number, named)
            if copy is not None and copy.quoted_id is not None and copy.quoted_id not in posts:
                posts[copy.quoted_id] = self._post(copy.quoted_id, named)
        found = self._people
        for number in named:
            if number in found:
                found.move_to_end(number)
        return Looked(posts, {number: found.get(number) for number in named})

    def _post(self, number: int, named: set[int]) -> PostCopy | None:
        copy = self._posts.get(number)
        if copy is not None:
            self._posts.move_to_end(number)
            named.update(copy.people)
        return copy

    async def cards(
        self, viewer: Relations, post_ids: Sequence[int], people: Iterable[int], looked: Looked, seen: Glance
    ) -> card.Cards:
        """What `models.card.cards` gives, out of the copies that the glance found good; of others the rows are read."""
        posts = dict(looked.posts)
        said: dict[int, Mapping[str, Any]] = dict(seen.posts)
        # A poll changes by the clock, and by what the viewer chose: a post with one is read each time.
        wanted = [number for number, copy in posts.items() if copy is None or copy.row["poll_id"] is not None]
        for number, row in seen.posts.items():
            copy = posts[number]
            if copy is None or copy.row["poll_id"] is not None:
                continue
            if not row["same"] or (copy.row["creation_job_id"] is not None and copy.version != row["version"]):
                wanted.append(number)  # of a post in the making more may be new than its counters
            elif copy.version != row["version"]:
                posts[number] = self._keep(self._posts, number, PostCopy(_recounted(copy.row, row)), self._most_posts)
        wanted += [number for number, copy in posts.items() if copy is not None and _turned(copy, looked, seen)]
        if wanted:
            for row in await fetch(_POSTS, viewer.viewer_id, wanted):
                posts[row["id"]] = self._keep(self._posts, row["id"], PostCopy(_kept(row)), self._most_posts)
                said[row["id"]] = row
        shown = {
            number: copy for number, copy in posts.items() if copy and (number not in said or said[number]["seen"])
        }
        users = await self._users(
            viewer, {*people, *(one for copy in shown.values() for one in copy.people)}, looked, seen
        )
        return self._made(viewer, post_ids, posts, said, users)

    async def _users(
        self, viewer: Relations, wanted: Iterable[int], looked: Looked, seen: Glance
    ) -> Mapping[int, UserRow]:
        users: dict[int, UserRow] = {}
        missing: list[int] = []
        copies, rows = looked.people, seen.people
        follows, blocks, mutes, requested = viewer.follows, viewer.blocks, viewer.mutes, viewer.requested
        for number in wanted:
            copy = copies.get(number)
            if copy is None:
                missing.append(number)
                continue
            row = rows.get(number)
            followed_by = False
            if row is not None:
                if not row["same"]:
                    missing.append(number)
                    continue
                followed_by = row["seen"]
                if copy.version != row["version"]:
                    counts = {name: row[column] for name, column in USER_COUNTS.items()}
                    copy = self._keep(self._people, number, UserCopy({**copy.row, **counts}), self._most_people)
            bonds = (number in follows, followed_by, number in blocks, number in mutes, number in requested)
            users[number] = copy.made.get(bonds) or copy.seen(bonds)
        if missing:
            for row in await fetch(_USERS, viewer.viewer_id, missing):
                copy = self._keep(self._people, row["id"], UserCopy(dict(row)), self._most_people)
                users[row["id"]] = copy.seen(tuple(row[name] for name in BONDS))
        return users

    def _made(
        self,
        viewer: Relations,
        post_ids: Sequence[int],
        copies: Mapping[int, PostCopy | None],
        said: Mapping[int, Mapping[str, Any]],
        users: Mapping[int, UserRow],
    ) -> card.Cards:
        alone: dict[int, PostRow | Hole] = {}  # as they stand in a post that quotes them
        posts: dict[int, PostRow | Hole] = {}
        for number in post_ids:
            copy = copies.get(number)
            if copy is None:
                continue
            quoted: PostRow | Hole | None = None
            if copy.quoted_id is not None:
                quoted = alone.get(copy.quoted_id)
                other = copies.get(copy.quoted_id)
                if quoted is None and other is not None:
                    quoted = alone[copy.quoted_id] = _seen(viewer, copy.quoted_id, other, said, users, None)
            posts[number] = _seen(viewer, number, copy, said, users, quoted)
        return card.Cards(posts, users)

    def _keep(self, kept: OrderedDict[int, Copied], number: int, copy: Copied, most: int) -> Copied:
        kept[number] = copy
        kept.move_to_end(number)
        while len(kept) > most:
            kept.popitem(last=False)
        return copy


def _told(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Id, stamp and version as text: a page has forty of them."""
    return str(row["id"]), str(row["stamp"]), str(row["version"])


def _all_told(copies: Mapping[int, PostCopy | None] | Mapping[int, UserCopy | None]) -> Held:
    told = [(str(number), "0", "0") if copy is None else copy.told for number, copy in copies.items()]
    ids, stamps, versions = zip(*told, strict=True) if told else ((), (), ())
    return array(ids), array(stamps), array(versions)


def _kept(row: Record) -> Mapping[str, Any]:
    """The row without what is so for one viewer."""
    return {**row, "seen": True, "deleted": False, "blocking": False, **dict(zip(STATE, NO_STATE, strict=True))}


def _recounted(row: Mapping[str, Any], found: Record) -> Mapping[str, Any]:
    return {**row, **{name: found[name] for name in POST_COUNTS}}


def _turned(copy: PostCopy, looked: Looked, seen: Glance) -> bool:
    """Whether the author of a post may have gone private, or public again, since the post was copied."""
    author = looked.people.get(copy.author_id)
    if author is None or (copy.author_id in seen.people and not seen.people[copy.author_id]["same"]):
        return True
    said: bool = author.row["is_private"] != copy.row["author_private"]
    return said


def _seen(
    viewer: Relations,
    number: int,
    copy: PostCopy,
    said: Mapping[int, Mapping[str, Any]],
    users: Mapping[int, UserRow],
    quoted: PostRow | Hole | None,
) -> PostRow | Hole:
    """The post as this viewer sees it; one object for all who see the same, where no address is for one alone."""
    row, viewer_id = said.get(number), viewer.viewer_id
    if row is not None and not row["seen"]:
        found = card.post_row({"seen": False, "deleted": row["deleted"], "blocking": row["blocking"]}, users, viewer_id)
        return found
    state: tuple[object, ...] = NO_STATE
    if row is not None:
        state = (*(row[name] for name in STATE[:-1]), tuple(row.get("choices") or ()))
    own, people = copy.author_id == viewer_id, copy.people
    muted = copy.row["conversation_id"] in viewer.muted_conversations
    said_words = filtered(copy.row, viewer) if viewer.words else ()
    key: tuple[object, ...] = (own, state, id(users.get(people[0])), muted, *said_words)
    key = (*key, policy.place_at_the_gate(copy.row, viewer_id))
    shared = copy.is_open
    if quoted is not None or len(people) > 1:
        if isinstance(quoted, Hole):
            part: object = quoted.reason
        else:
            shared, part = shared and (quoted is None or quoted.kept is not None), id(quoted)
        key = (*key, part, *[id(users.get(person)) for person in people[1:]])
    if shared and (known := copy.made.get(key)) is not None:
        return known
    told = {**copy.row, **dict(zip(STATE, state, strict=True)), "muted": muted, "filtered": said_words}
    made = card.post_row(told, users, viewer_id)
    assert isinstance(made, PostRow)
    if quoted is not None:
        made.quoted = quoted
    if shared:
        made.kept = {}
        for picture in made.images:
            picture.viewer_id = SIGNED_OUT
        if len(copy.made) >= MOST_VIEWS:
            copy.made.clear()
        copy.made[key] = made
    return made
