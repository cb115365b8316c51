"""Outlook: posts as many viewers see them, loaded once for all.

A stretch of events is looked at by everybody at once: one statement for the posts, one for the people in them, one for
what all these viewers did about them. `row` then makes what one viewer sees, and gives the same object to all whose view
is the same. A view has parts, and only those are worked out that were asked for: whatever else depends on the viewer is
`UNREAD`, which no field can show. Who may see what is asked of `visibility`, over the viewers' sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, cast

from asyncpg import Record

from models import card, policy, poll, visibility
from models.card import Hole, PostRow, UnavailableReason, UserRow
from models.database import fetch
from models.post import FACT_COLUMNS, facts_of, is_for_anyone
from models.post_filter import filtered
from models.visibility import SIGNED_OUT, PostFacts, Relations, Rule

STATE: Final = "STATE"
"""What the viewer did, and may do."""
HOLE: Final = "HOLE"
"""Whether what is quoted is shown to the viewer."""
GRANT: Final = "GRANT"
"""Grants in the addresses of pictures that are not open to all."""

Parts = frozenset[object]


class Kind:
    """Viewers who are alike to the people of a post; `viewer` stands for them. Compared by identity."""

    __slots__ = ("viewer",)

    def __init__(self, viewer: Relations) -> None:
        self.viewer = viewer


class Unread:
    """Stands for a value that was not worked out for anybody. Whoever uses it fails."""

    def _refuse(self, *_: object) -> NoReturn:
        raise RuntimeError("This value depends on the viewer, and the field that reads it does not say so.")

    __bool__ = __str__ = __format__ = __eq__ = __hash__ = __int__ = __index__ = __iter__ = _refuse
    __getattr__ = _refuse


UNREAD: Any = Unread()
POST_STATE = (
    "viewer_has_liked",
    "viewer_has_reposted",
    "viewer_has_bookmarked",
    "viewer_has_muted_conversation",
    "viewer_filter",
)
POST_RIGHTS = ("viewer_can_reply", "viewer_can_quote", "viewer_can_remix", "viewer_can_hide")
USER_STATE = (
    "viewer_is_following",
    "viewer_is_followed_by",
    "viewer_is_blocking",
    "viewer_is_muting",
    "viewer_has_requested_follow",
)

_POSTS = card.posts_sql(f"{FACT_COLUMNS},")
_PEOPLE = card.users_sql("u.gone,", "true")
_DONE = """SELECT 'liked' AS what, user_id AS viewer_id, post_id AS other_id FROM likes WHERE post_id = ANY($1::bigint[]) AND user_id = ANY($2::bigint[])
UNION ALL SELECT 'reposted', user_id, post_id FROM reposts WHERE post_id = ANY($1::bigint[]) AND user_id = ANY($2::bigint[])
UNION ALL SELECT 'bookmarked', user_id, post_id FROM bookmarks WHERE post_id = ANY($1::bigint[]) AND user_id = ANY($2::bigint[])
UNION ALL SELECT CASE state WHEN 'ACCEPTED' THEN 'accepted' ELSE 'revoked' END, person_id, post_id FROM remix_permits
    WHERE post_id = ANY($1::bigint[]) AND person_id = ANY($2::bigint[]) AND state IN ('ACCEPTED', 'REVOKED')
UNION ALL SELECT 'followed_by', followee_id, follower_id FROM follows WHERE follower_id = ANY($3::bigint[]) AND followee_id = ANY($2::bigint[])"""

Pairs = set[tuple[int, int]]  # viewer, and post or person


@dataclass(slots=True)
class _Done:
    """What viewers did about posts, and who follows them."""

    liked: Pairs = field(default_factory=set)
    reposted: Pairs = field(default_factory=set)
    bookmarked: Pairs = field(default_factory=set)
    accepted: Pairs = field(default_factory=set)
    revoked: Pairs = field(default_factory=set)
    followed_by: Pairs = field(default_factory=set)
    voted: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)

    def permit(self, viewer_id: int, post_id: int) -> str | None:
        """The state of the viewer's permit for a post, where it matters."""
        if (viewer_id, post_id) in self.accepted:
            return "ACCEPTED"
        return "REVOKED" if (viewer_id, post_id) in self.revoked else None


class Stored:
    """A post as it is stored: its `row` as if everybody saw it, and what is asked of it for each viewer."""

    __slots__ = ("at_the_gate", "author_id", "is_for_some", "is_private", "number", "people", "quoted_id", "row")

    def __init__(self, found: Record) -> None:
        row: dict[str, Any] = dict(found)
        row["seen"] = True
        self.row = row
        self.number: int = row["id"]
        self.author_id: int = row["author_id"]
        self.quoted_id: int | None = row["quoted_post_id"]
        self.people = card.named(row)
        self.at_the_gate = policy.named_at_the_gate(row)
        self.is_for_some = not is_for_anyone(row)
        self.is_private = bool(row["images"]) and self.is_for_some


class Outlook:
    """Posts and people, and what some viewers did about them."""

    def __init__(self, posts: Mapping[int, Stored], people: Mapping[int, Record], done: _Done) -> None:
        self._posts = posts
        self._people = people
        self._done = done
        self._facts: dict[int, PostFacts] = {}
        self.labels = {label for post in posts.values() for label in post.row["given_labels"]}
        self.touched = {
            viewer
            for pairs in (
                done.liked,
                done.reposted,
                done.bookmarked,
                done.accepted,
                done.revoked,
                done.followed_by,
                done.voted,
            )
            for viewer, _ in pairs
        }
        self.kinds: dict[tuple[frozenset[int], tuple[object, ...]], Kind] = {}
        self.viewers: dict[frozenset[int], dict[int, Kind]] = {}  # what each is to these people
        self._rows: dict[tuple[object, ...], PostRow] = {}
        self._users: dict[tuple[object, ...], UserRow] = {}

    def facts(self, post_id: int) -> PostFacts | None:
        """What the rules need to know of a post, deleted or not; None when there never was one."""
        found = self._facts.get(post_id)
        if found is None and post_id in self._posts:
            found = self._facts[post_id] = facts_of(self._posts[post_id].row)
        return found

    def shown(self, post_id: int) -> list[Stored]:
        """The post and what it quotes, as they are stored; empty when there is none."""
        post = self._posts.get(post_id)
        if post is None:
            return []
        quoted = self._posts.get(post.quoted_id) if post.quoted_id is not None else None
        return [post] if quoted is None else [post, quoted]

    def sole(self, post_id: int, viewer: Relations, parts: Parts, rule: Rule) -> PostRow | None:
        """As `row`, where the rule holds, too; made for this viewer alone, who is the only one to get it."""
        known = self.facts(post_id)
        if known is None or not rule.holds(known, viewer) or not visibility.visible.holds(known, viewer):
            return None
        post = self._posts[post_id]
        quoted = self._posts.get(post.quoted_id) if post.quoted_id is not None else None
        hole = self.hole(quoted.number, viewer) if quoted is not None and HOLE in parts else None
        return self._make(post, quoted, hole, viewer, parts)

    def row(self, post_id: int, viewer: Relations, parts: Parts) -> PostRow | None:
        """The post as this viewer sees it, one object for all who see the same; None when they may not."""
        known = self.facts(post_id)
        if known is None or not visibility.visible.holds(known, viewer):
            return None
        post = self._posts[post_id]
        quoted = self._posts.get(post.quoted_id) if post.quoted_id is not None else None
        hole = self.hole(quoted.number, viewer) if quoted is not None and HOLE in parts else None
        shown = [post] if quoted is None or HOLE not in parts or hole is not None else [post, quoted]
        state = STATE in parts
        people = sorted({number for one in shown for number in one.people}) if state else ()
        done, me = self._done, viewer.viewer_id
        grant = GRANT in parts and any(one.is_private for one in shown)
        key = (
            post_id,
            hole,
            len(shown),
            state,
            GRANT in parts,
            me if grant else None,
            *(
                (
                    me == one.author_id,
                    (me, one.number) in done.liked,
                    (me, one.number) in done.reposted,
                    (me, one.number) in done.bookmarked,
                    done.permit(me, one.number),
                    one.row["conversation_id"] in viewer.muted_conversations,
                    tuple(filtered(one.row, viewer)) if viewer.words else (),
                    policy.place_at_the_gate(one.row, me),
                    done.voted.get((me, one.number)),
                )
                for one in (shown if state else ())
            ),
            me != SIGNED_OUT if state else None,
            *(self._bonds(number, viewer) for number in people),
        )
        found = self._rows.get(key)
        if found is None:
            found = self._rows[key] = self._make(post, quoted, hole, viewer, parts)
        return found

    def user(self, user_id: int, viewer: Relations, parts: Parts) -> UserRow | None:
        """A person as this viewer sees them, one object for all who see the same; None when they are gone."""
        row = self._people.get(user_id)
        if row is None or (row["gone"] and user_id != viewer.viewer_id):
            return None
        bonds = self._bonds(user_id, viewer) if STATE in parts else None
        found = self._users.get((user_id, bonds))
        if found is None:
            found = card.user_row(row, SIGNED_OUT)
            for name, value in zip(USER_STATE, bonds or (UNREAD,) * len(USER_STATE), strict=True):
                setattr(found, name, value)
            self._users[user_id, bonds] = found
        return found

    def _bonds(self, user_id: int, viewer: Relations) -> tuple[bool, ...]:
        return (
            user_id in viewer.follows,
            (viewer.viewer_id, user_id) in self._done.followed_by,
            user_id in viewer.blocks,
            user_id in viewer.mutes,
            user_id in viewer.requested,
        )

    def hole(self, post_id: int, viewer: Relations) -> UnavailableReason | None:
        """Why a post is not shown to this viewer; None when it is, or when there never was one."""
        known = self.facts(post_id)
        if known is None or visibility.visible.holds(known, viewer):
            return None
        if visibility.deleted.holds(known, viewer) and visibility.shown.holds(known, viewer):
            return UnavailableReason.DELETED
        blocks = visibility.walled.holds(known, viewer)
        return UnavailableReason.BLOCKED if blocks else UnavailableReason.NOT_VISIBLE

    def _make(
        self,
        post: Stored,
        quoted: Stored | None,
        hole: UnavailableReason | None,
        viewer: Relations,
        parts: Parts,
    ) -> PostRow:
        found = self._card(post, viewer, parts)
        if hole is not None:
            found.quoted = Hole(hole)
        elif quoted is not None:
            found.quoted = self._card(quoted, viewer, parts) if HOLE in parts else UNREAD
        return found

    def _card(self, post: Stored, viewer: Relations, parts: Parts) -> PostRow:
        me, number, row = viewer.viewer_id, post.number, post.row
        done = self._done
        row["liked"] = (me, number) in done.liked
        row["reposted"] = (me, number) in done.reposted
        row["bookmarked"] = (me, number) in done.bookmarked
        row["permit"] = done.permit(me, number)
        row["muted"] = row["conversation_id"] in viewer.muted_conversations
        row["filtered"] = filtered(row, viewer) if viewer.words else None
        row["choices"] = done.voted.get((me, number))
        known = {person: user for person in post.people if (user := self.user(person, viewer, parts)) is not None}
        made = cast(PostRow, card.post_row(row, known, me, rights=STATE in parts))
        if STATE not in parts:
            for name in (*POST_STATE, *POST_RIGHTS):
                setattr(made, name, UNREAD)
            if made.poll is not None:
                made.poll.viewer_choices = made.poll.viewer_can_vote = UNREAD
                for option in made.poll.options:
                    option.vote_count = UNREAD
        for image in made.images:
            if image.open_to_all:
                image.viewer_id = SIGNED_OUT
            elif GRANT not in parts:
                image.viewer_id = UNREAD
        return made


class View:
    """One post as those see it for whom a rule holds, asked once for all viewers who are alike to the post.

    Alike are two viewers who have the same of the people in it (its author, whom it mentions and answers; the same of what
    it quotes) in each of their sets, neither is one of these people nor did anything about the post, and neither mutes words
    or its conversation, or hides pictures of AI or posts under a label that is about. The rules ask for nothing else, which `tests/test_outlook.py` holds them to.
    """

    def __init__(self, known: Outlook, post_id: int, rule: Rule) -> None:
        self._known = known
        self._post_id = post_id
        self._facts = known.facts(post_id)
        self._rule = rule
        shown = known.shown(post_id)
        facts = [found for one in shown if (found := known.facts(one.number)) is not None]
        people = {number for one in shown for number in (*one.people, *one.at_the_gate)}
        for one in facts:
            people.update(one.mentioned_ids)
            if one.reply_to_author_id is not None:
                people.add(one.reply_to_author_id)
        self._people = tuple(people)
        self._named = frozenset(people)
        self.kinds = known.viewers.setdefault(self._named, {})  # of viewers that were looked at, by id
        self._apart = people | known.touched | {SIGNED_OUT}
        self._private = any(one.is_private for one in shown)
        open_to_all = not any(one.is_for_some for one in shown)
        # What all are to it who are strangers to its people, where their own state is not asked for.
        self.everybody = Kind(Relations(SIGNED_OUT)) if open_to_all and rule in visibility.FOR_STRANGERS_TOO else None
        self._holds: dict[Kind, bool] = {}
        self._rows: dict[tuple[Kind, Parts], PostRow | None] = {}

    def kind(self, viewer: Relations) -> Kind:
        """What the viewer is to the post: one object for all who are alike."""
        sets: tuple[Set[int], ...] = (viewer.follows,)
        if viewer.blocks or viewer.blocked_by or viewer.mutes or viewer.requested or viewer.apart:
            sets = (viewer.follows, viewer.blocks, viewer.blocked_by, viewer.mutes, viewer.requested, viewer.apart)
        apart = viewer.viewer_id in self._apart or viewer.words or viewer.muted_conversations or self._spares(viewer)
        who = viewer.viewer_id if apart else None
        key = (who, *[person in some for some in sets for person in self._people])
        found = self._known.kinds.get((self._named, key))
        if found is None:
            found = self._known.kinds[self._named, key] = Kind(viewer)
        self.kinds[viewer.viewer_id] = found
        return found

    def is_anybody(self, viewer: Relations) -> bool:
        """Whether nothing but their own state could set this viewer apart from `everybody`."""
        named = self._named
        if viewer.words or viewer.viewer_id in named or self._spares(viewer):
            return False
        # Most people block or mute somebody, hardly ever one of these.
        return not (
            (viewer.blocks and not named.isdisjoint(viewer.blocks))
            or (viewer.blocked_by and not named.isdisjoint(viewer.blocked_by))
            or (viewer.mutes and not named.isdisjoint(viewer.mutes))
        )

    def _spares(self, viewer: Relations) -> bool:
        """Whether what is here could be hidden from a viewer for what it shows. Kinds serve all posts here, hence the labels of all."""
        return viewer.hides_ai or not viewer.hidden_labels.isdisjoint(self._known.labels)

    def holds(self, viewer: Relations) -> bool:
        """Whether the rule holds for a viewer."""
        kind = self.kinds.get(viewer.viewer_id) or self.kind(viewer)
        found = self._holds.get(kind)
        if found is None:
            found = self._holds[kind] = self._facts is not None and self._rule.holds(self._facts, kind.viewer)
        return found

    def row(self, viewer: Relations, parts: Parts) -> PostRow | None:
        """The post as this viewer sees it; None where the rule does not hold, or they may not see it."""
        if self._private and GRANT in parts:  # addresses are for one viewer alone
            return self._known.row(self._post_id, viewer, parts) if self.holds(viewer) else None
        kind = self.kinds.get(viewer.viewer_id) or self.kind(viewer)
        if (kind, parts) not in self._rows:
            seen = self.holds(kind.viewer)
            self._rows[kind, parts] = self._known.row(self._post_id, kind.viewer, parts) if seen else None
        return self._rows[kind, parts]

    @property
    def is_private(self) -> bool:
        """Whether a grant may stand in the address of a picture."""
        return self._private


async def outlook(post_ids: Iterable[int], viewer_ids: Iterable[int] = (), people: Iterable[int] = ()) -> Outlook:
    """These posts, those they quote, everybody named in them and `people`, with what these viewers did about them."""
    wanted = list(set(post_ids))
    rows = await fetch(_POSTS, SIGNED_OUT, wanted) if wanted else []
    posts = {row["id"]: Stored(row) for row in rows}
    named = set(people)
    for post in posts.values():
        named.update(post.people)
    found = await fetch(_PEOPLE, SIGNED_OUT, list(named)) if named else []
    done = _Done()
    viewers = list(set(viewer_ids) - {SIGNED_OUT})
    if viewers and (posts or named):
        for row in await fetch(_DONE, list(posts), viewers, list(named)):
            pairs: Pairs = getattr(done, row["what"])
            pairs.add((row["viewer_id"], row["other_id"]))
        asking = [post.row["poll_id"] for post in posts.values() if post.row["poll_id"] is not None]
        if asking:
            done.voted = await poll.votes(asking, viewers)
    return Outlook(posts, {row["id"]: row for row in found}, done)
