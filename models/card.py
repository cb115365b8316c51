"""Hydration: the ids of a page become plain rows with everything a screen shows, in two statements.

Rows are made for one viewer (`viewer_has…`, holes, picture grants). A post the viewer may not see never becomes a `PostRow`:
it is a `Hole` that says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from asyncpg import Record

from models import counter, creation, held_down, label, link, node_id, policy, poll, post, post_filter, visibility
from models.consent import PromptVisibility, RemixPolicy, may_remix, permit_sql
from models.creation import CreationRow
from models.database import fetch
from models.disclosure import STORED, Disclosure
from models.facet import FacetKind
from models.label import LabelRow, LabelValue
from models.link import LinkCardRow
from models.policy import QuotePolicy, ReplyPolicy
from models.poll import PollRow
from models.visibility import Visibility


class UnavailableReason(Enum):
    """Why a post cannot be shown. BLOCKED only where the viewer is the one who blocks; DETACHED only in a quote of it."""

    DELETED = "DELETED"
    BLOCKED = "BLOCKED"
    DETACHED = "DETACHED"
    NOT_VISIBLE = "NOT_VISIBLE"


@dataclass(slots=True)
class Hole:
    """A post that is not shown, and why."""

    reason: UnavailableReason


@dataclass(slots=True)
class ImageRow:
    """A kept picture as one viewer sees it; `viewer_id` is whom a grant in its address is for."""

    id: int
    prefix: str
    mime_type: str
    width: int
    height: int
    blurhash: str
    alt_text: str
    generated: bool
    open_to_all: bool
    viewer_id: int
    sensitive: bool = False
    remixed: bool = False
    ai_disclosure: Disclosure | None = None
    post_id: int | None = None  # the post it is shown in, where it is shown in one

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("image", self.id)


@dataclass(slots=True)
class UserRow:
    """A person as one viewer sees them."""

    id: int
    handle: str
    display_name: str
    bio: str
    location: str
    website: str
    pronouns: str
    joined_at: datetime
    pinned_post_id: int | None
    banner_id: int | None
    avatar: ImageRow | None
    follower_count: int
    following_count: int
    post_count: int
    is_private: bool
    viewer_is_following: bool
    viewer_is_followed_by: bool
    viewer_is_blocking: bool
    viewer_is_muting: bool
    viewer_has_requested_follow: bool

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("user", self.id)


@dataclass(slots=True)
class HashtagRow:
    """A hashtag, as it was written."""

    name: str


@dataclass(slots=True)
class MentionRow:
    """A mention; the person may be gone."""

    user: UserRow | None


@dataclass(slots=True)
class HashtagFacetRow:
    """A range that is a hashtag."""

    hashtag: HashtagRow


@dataclass(slots=True)
class LinkRow:
    """A range that is a link."""

    url: str


@dataclass(slots=True)
class FacetRow:
    """Bytes `start` … `end` of the text are `feature`."""

    start: int
    end: int
    feature: MentionRow | HashtagFacetRow | LinkRow


@dataclass(slots=True)
class PostRow:
    """A post as one viewer sees it. `quoted` is filled for the posts that were asked for, not for those quoted by them.

    `kept` is there where one object is given to everybody who sees the same: what operations made of it.
    """

    id: int
    version: int
    text: str
    created_at: datetime
    edited_at: datetime | None
    visibility: Visibility
    content_warning: str | None
    reply_to_id: int | None
    conversation_id: int
    quoted_post_id: int | None
    author: UserRow
    like_count: int
    repost_count: int
    reply_count: int
    quote_count: int
    remix_count: int
    view_count: int
    viewer_has_liked: bool
    viewer_has_reposted: bool
    viewer_has_bookmarked: bool
    viewer_can_reply: bool
    viewer_can_quote: bool
    viewer_can_remix: bool
    viewer_has_muted_conversation: bool
    viewer_filter: post_filter.FilterRow | None
    images: list[ImageRow] = field(default_factory=list)
    facets: list[FacetRow] = field(default_factory=list)
    quoted: PostRow | Hole | None = None
    creation: CreationRow | None = None
    remix_policy: RemixPolicy = RemixPolicy.NOBODY
    prompt_visibility: PromptVisibility = PromptVisibility.NOBODY
    reply_policy: ReplyPolicy = ReplyPolicy.EVERYONE
    quote_policy: QuotePolicy = QuotePolicy.EVERYONE
    is_sensitive: bool = False
    is_hidden: bool = False
    viewer_can_hide: bool = False
    link_card: LinkCardRow | None = None
    poll: PollRow | None = None
    edit_count: int = 0
    labels: list[LabelRow] = field(default_factory=list)
    is_taken_down: bool = False
    kept: dict[object, Any] | None = field(default=None, compare=False, repr=False)

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("post", self.id)

    @property
    def label_values(self) -> list[LabelValue]:
        """What moderators say of it, in one word each."""
        return [one.value for one in self.labels]


@dataclass(frozen=True, slots=True)
class Cards:
    """Posts (or holes) and people by id; an id that never existed is in neither."""

    posts: Mapping[int, PostRow | Hole]
    users: Mapping[int, UserRow]


def posts_sql(more: str = "") -> str:
    """The statement for posts and those they quote: $1 is the viewer, $2 their ids; `more` columns come first."""
    return f"""WITH wanted AS (
    SELECT id FROM unnest($2::bigint[]) AS asked (id)
    UNION SELECT quoted_post_id FROM posts WHERE id = ANY($2::bigint[]) AND quoted_post_id IS NOT NULL AND NOT is_detached
) SELECT {more} p.id, p.author_id, p.text, p.facets, p.visibility, p.content_warning, p.reply_to_id, p.conversation_id,
    p.prompt_visibility, {permit_sql()} AS permit,
    CASE WHEN NOT p.is_detached THEN p.quoted_post_id END AS quoted_post_id, p.created_at, p.edited_at, p.remix_policy,
    {policy.COLUMNS},
    {visibility.visible.sql()} AS seen, ({visibility.deleted.sql()} AND {visibility.shown.sql()}) AS deleted, {visibility.walled.sql()} AS blocking,
    {visibility.author_private.sql()} AS author_private, {visibility.mutes_conversation.sql()} AS muted, {post_filter.FILTERED} AS filtered,
    counts.*, pictures.list AS images, {creation.COLUMNS}, {link.COLUMNS}, p.edit_count, p.poll_id, {poll.COLUMNS}, {label.COLUMNS},
    EXISTS (SELECT 1 FROM likes e WHERE e.user_id = $1 AND e.post_id = p.id) AS liked,
    EXISTS (SELECT 1 FROM reposts e WHERE e.user_id = $1 AND e.post_id = p.id) AS reposted,
    EXISTS (SELECT 1 FROM bookmarks e WHERE e.user_id = $1 AND e.post_id = p.id) AS bookmarked
FROM wanted JOIN posts p ON p.id = wanted.id {policy.JOIN} JOIN LATERAL {counter.POSTS.shown("p.id")} AS counts ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(i.id::text, i.prefix, i.mime_type, i.width, i.height, i.blurhash, pi.alt_text, i.generated,
        i.sensitive, i.remix_post_id IS NOT NULL, i.ai_disclosure)
        ORDER BY pi.position) AS list
    FROM post_images pi JOIN images i ON i.id = pi.image_id WHERE pi.post_id = p.id
) AS pictures ON true {creation.JOINS} {link.JOINS}"""


_POSTS = posts_sql()


def users_sql(more: str = "", gone: str = "u.id = $1") -> str:
    """The statement for people: $1 is the viewer, $2 their ids; `more` columns come first. Whoever is gone is there only where
    `gone` holds: for themselves."""
    return f"""SELECT {more} u.id, u.handle, u.display_name, u.bio, u.location, u.website, u.pronouns, u.joined_at, u.pinned_post_id,
    u.is_private, u.banner_id, u.avatar_id, counts.followers, counts.followings, counts.posts, i.prefix, i.mime_type, i.width, i.height, i.blurhash, i.alt_text, i.generated,
    i.sensitive, i.remix_post_id, i.ai_disclosure, EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = $1 AND e.followee_id = u.id) AS following,
    EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = u.id AND e.followee_id = $1) AS followed_by,
    EXISTS (SELECT 1 FROM blocks e WHERE e.blocker_id = $1 AND e.blocked_id = u.id) AS blocking,
    {visibility.muting("$1", "u.id")} AS muting,
    EXISTS (SELECT 1 FROM follow_requests e WHERE e.requester_id = $1 AND e.target_id = u.id) AS requested
FROM users u JOIN LATERAL {counter.USERS.shown("u.id")} AS counts ON true LEFT JOIN images i ON i.id = u.avatar_id
WHERE u.id = ANY($2::bigint[]) AND (NOT u.gone OR {gone})"""


USERS_SQL = users_sql()


async def users(viewer_id: int, user_ids: Iterable[int]) -> dict[int, UserRow]:
    """People by id, as this viewer sees them. 0 is the signed-out viewer."""
    wanted = list(set(user_ids))
    if not wanted:
        return {}
    return {row["id"]: user_row(row, viewer_id) for row in await fetch(USERS_SQL, viewer_id, wanted)}


async def cards(viewer_id: int, post_ids: Sequence[int], people: Iterable[int] = ()) -> Cards:
    """The posts, whom they mention and quote, and `people` (reposters), as this viewer sees them."""
    rows = await fetch(_POSTS, viewer_id, list(post_ids)) if post_ids else []
    shown = [row for row in rows if row["seen"]]
    known = await users(viewer_id, {*people, *(number for row in shown for number in named(row))})
    posts: dict[int, PostRow | Hole] = {row["id"]: post_row(row, known, viewer_id) for row in rows}
    for found in posts.values():
        if isinstance(found, PostRow) and found.quoted_post_id is not None:
            found.quoted = posts.get(found.quoted_post_id)
    return Cards(posts, known)


def named(row: Record | Mapping[str, Any]) -> tuple[int, ...]:
    """Who is shown with a post (its author, and whom its text names), and who says whether the viewer may answer."""
    gate = policy.gatekeepers(row)
    return (row["author_id"], *[one["user_id"] for one in row["facets"] or () if one["user_id"] is not None], *gate)


def open_image(number: int, row: Record | Mapping[str, Any], viewer_id: int) -> ImageRow:
    """A picture that everybody may see, with what it says of itself."""
    return ImageRow(
        number,
        row["prefix"],
        row["mime_type"],
        row["width"],
        row["height"],
        row["blurhash"],
        row["alt_text"],
        row["generated"],
        True,
        viewer_id,
        row["sensitive"],
        row["remix_post_id"] is not None,
        STORED.get(row["ai_disclosure"]),
    )


def user_row(row: Record | Mapping[str, Any], viewer_id: int) -> UserRow:
    """What `USERS_SQL` found, as this viewer sees it."""
    avatar = None if row["prefix"] is None else open_image(row["avatar_id"], row, viewer_id)
    return UserRow(
        row["id"],
        row["handle"],
        row["display_name"],
        row["bio"],
        row["location"],
        row["website"],
        row["pronouns"],
        row["joined_at"],
        row["pinned_post_id"],
        row["banner_id"],
        avatar,
        row["followers"],
        row["followings"],
        row["posts"],
        row["is_private"],
        row["following"],
        row["followed_by"],
        row["blocking"],
        row["muting"],
        row["requested"],
    )


def post_row(
    row: Record | Mapping[str, Any], known: Mapping[int, UserRow], viewer_id: int, *, rights: bool = True
) -> PostRow | Hole:
    """What `posts_sql` found, as this viewer sees it; without `rights` what they may do with it is not worked out."""
    if not row["seen"]:
        if row["deleted"]:
            return Hole(UnavailableReason.DELETED)
        return Hole(UnavailableReason.BLOCKED if row["blocking"] else UnavailableReason.NOT_VISIBLE)
    own, author = row["author_id"] == viewer_id, known[row["author_id"]]
    signed_in = rights and viewer_id != visibility.SIGNED_OUT
    open_to_all = post.is_for_anyone(row)
    return PostRow(
        row["id"],
        row["version"],
        row["text"],
        row["created_at"],
        row["edited_at"],
        Visibility(row["visibility"]),
        row["content_warning"],
        row["reply_to_id"],
        row["conversation_id"],
        row["quoted_post_id"],
        author,
        row["likes"],
        row["reposts"],
        row["replies"],
        row["quotes"],
        row["remixes"],
        row["views"],
        row["liked"],
        row["reposted"],
        row["bookmarked"],
        signed_in and policy.may_reply(row, known, viewer_id),
        signed_in and policy.may_quote(row, known, viewer_id),
        signed_in and bool(row["images"]) and _may_remix(row, author, own=own),
        row["muted"],
        None if own else post_filter.filter_of(row["filtered"]),
        [_picture(item, row["id"], open_to_all, viewer_id) for item in row["images"] or ()],
        [facet_row(item, known) for item in row["facets"]],
        quoted=Hole(UnavailableReason.DETACHED) if row["is_detached"] else None,
        creation=creation.creation_of(row),
        remix_policy=RemixPolicy(row["remix_policy"]),
        prompt_visibility=PromptVisibility(row["prompt_visibility"]),
        reply_policy=policy.REPLY_POLICIES[row["reply_policy"]],
        quote_policy=policy.QUOTE_POLICIES[row["quote_policy"]],
        is_sensitive=row["is_sensitive"],
        is_hidden=row["is_hidden"],
        link_card=link.card_of(row, ImageRow),
        viewer_can_hide=signed_in and policy.may_hide(row, viewer_id),
        poll=poll.poll_of(row, viewer_id, signed_in=signed_in),
        edit_count=row["edit_count"],
        labels=[label.label_of(one) for one in row["labels"] or ()],
        is_taken_down=row["moderated"] in held_down.DOWN,
    )


def _may_remix(row: Record | Mapping[str, Any], author: UserRow, *, own: bool) -> bool:
    return may_remix(row["remix_policy"], own=own, follows=author.viewer_is_following, permit=row["permit"])


def _picture(item: Sequence[Any], post_id: int, open_to_all: bool, viewer_id: int) -> ImageRow:
    number, prefix, mime_type, width, height, blurhash, alt_text, generated, sensitive, remixed, disclosed = item
    told = (prefix, mime_type, width, height, blurhash, alt_text, generated)
    return ImageRow(int(number), *told, open_to_all, viewer_id, sensitive, remixed, STORED.get(disclosed), post_id)


def facet_row(item: Mapping[str, Any], known: Mapping[int, UserRow]) -> FacetRow:
    """A facet as it stands in a row, with whom it names."""
    kind = FacetKind(item["kind"])
    feature: MentionRow | HashtagFacetRow | LinkRow
    if kind is FacetKind.MENTION:
        feature = MentionRow(known.get(item["user_id"]))
    elif kind is FacetKind.HASHTAG:
        feature = HashtagFacetRow(HashtagRow(item["value"]))
    else:
        feature = LinkRow(item["value"])
    return FacetRow(item["start"], item["end"], feature)
