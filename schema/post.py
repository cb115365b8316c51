"""Posts and what they are made of."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.card import HashtagFacetRow, Hole, LinkRow, MentionRow, PostRow, UnavailableReason
from models.consent import PromptVisibility, RemixPolicy
from models.creation import CreationState
from models.policy import QuotePolicy, ReplyPolicy
from models.visibility import Visibility
from resolvers import approval as approvals
from resolvers import conversation as resolve
from resolvers import edit as versions
from resolvers import hashtag as hashtags
from resolvers import job as jobs
from resolvers import labeler as labelers
from resolvers import permit as permits
from resolvers import remix as remixing
from resolvers import view as views
from resolvers.mark import ALONE, HOLE, STATE
from schema.image import Image
from schema.insight import PostInsights
from schema.label import Label, LabelValue
from schema.labeler import GivenLabel
from schema.link import LinkCard
from schema.muting import PostFilter
from schema.node import Node
from schema.nullability import FALLIBLE
from schema.poll import Poll
from schema.user import User

if TYPE_CHECKING:
    from schema.acquaintance import UserConnection
    from schema.conversation import ConversationConnection
    from schema.edit import PostVersionConnection
    from schema.job import GenerationJob
    from schema.lineage import MaybeRemixSource
    from schema.remix import RemixConnection, RemixRequest
    from schema.timeline import TimelineConnection

LazyJob = Annotated["GenerationJob", strawberry.lazy("schema.job")]
LazyConversation = Annotated["ConversationConnection", strawberry.lazy("schema.conversation")]
LazyRemixes = Annotated["RemixConnection", strawberry.lazy("schema.remix")]
LazyRemixRequest = Annotated["RemixRequest", strawberry.lazy("schema.remix")]
LazySource = Annotated["MaybeRemixSource", strawberry.lazy("schema.lineage")]
LazyUsers = Annotated["UserConnection", strawberry.lazy("schema.acquaintance")]
LazyVersions = Annotated["PostVersionConnection", strawberry.lazy("schema.edit")]
LazyTimeline = Annotated["TimelineConnection", strawberry.lazy("schema.timeline")]


@strawberry.type(description="A hashtag. Upper and lower case are the same tag.")
class Hashtag:
    name: str = strawberry.field(description="As it was written, without the #.")
    posts = strawberry.field(
        resolver=hashtags.hashtag_posts,
        graphql_type=LazyTimeline | None,
        description="The public posts with it, replies too, newest first, without people the viewer blocks or mutes.",
        directives=FALLIBLE,
        metadata=ALONE,
    )


@strawberry.type(description="A range that names a person.")
class MentionFacet:
    user: User | None = strawberry.field(description="The person; null when they are gone.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, MentionRow)


@strawberry.type(description="A range that is a hashtag.")
class HashtagFacet:
    hashtag: Hashtag = strawberry.field(description="The hashtag.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, HashtagFacetRow)


@strawberry.type(description="A range that is a link.")
class LinkFacet:
    url: str = strawberry.field(description="Where it leads: http or https.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, LinkRow)


FacetFeature = Annotated[
    MentionFacet | HashtagFacet | LinkFacet, strawberry.union("FacetFeature", description="What a range of a text is.")
]


@strawberry.type(
    description="A half-open range of UTF-8 bytes of a text, and what it is. Facets come in order and never overlap."
)
class Facet:
    start: int = strawberry.field(description="The first byte.")
    end: int = strawberry.field(description="The byte after the last.")
    feature: FacetFeature = strawberry.field(description="What it is.")


@strawberry.type(description="A post that is not shown, in a place that must not be empty.")
class UnavailablePost:
    reason: UnavailableReason = strawberry.field(description="Why.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, Hole)


@strawberry.type(
    description="How the pictures of a post come along that was published while they are being made. Of the job behind it"
    " nobody but the author is told more."
)
class PostCreation:
    state: CreationState = strawberry.field(description="Where it is; how far is told live, by `PostProgressed`.")
    wanted: int = strawberry.field(description="How many pictures are to come, at most 4.")
    shows_partials: bool = strawberry.field(
        description="Whether the pictures may be watched as they appear: `PostProgressed` of `postsChanged` brings them."
    )
    job = strawberry.field(
        resolver=jobs.own_job,
        graphql_type=LazyJob | None,
        description="The job that makes them; null for everybody but the author.",
        metadata=ALONE,
    )


LazyMaybePost = Annotated["MaybePost", strawberry.lazy("schema.post")]


@strawberry.type(description="A post, as the viewer may see it: whoever may not finds null or an `UnavailablePost`.")
class Post(Node):
    version: int = strawberry.field(
        description="Rises with every visible change, counters included; keep the higher one."
    )
    text: str = strawberry.field(description="Plain text, normalised (NFC); may be empty when there are images.")
    facets: list[Facet] = strawberry.field(description="Mentions, hashtags and links in the text, in order.")
    created_at: datetime = strawberry.field(description="When it was published.")
    edited_at: datetime | None = strawberry.field(description="When it was last edited; null if never.")
    edit_count: int = strawberry.field(description="How often it was edited; at most 99 times.")
    edits = strawberry.field(
        resolver=versions.edits,
        graphql_type=LazyVersions | None,
        directives=FALLIBLE,
        description="Every version it had, newest first: the first is how it is now. Empty when it was never edited. Whoever may"
        " see the post may see them, and nobody else.",
        metadata=ALONE,
    )
    poll: Poll | None = strawberry.field(description="What it asks; null when it asks nothing.")
    visibility: Visibility = strawberry.field(description="Who it is for.")
    content_warning: str | None = strawberry.field(
        description="To be shown instead of the content until asked for; null when there is none."
    )
    author: User = strawberry.field(description="Who wrote it.")
    images: list[Image] = strawberry.field(description="Its pictures, at most 4, in order.")
    is_taken_down: bool = strawberry.field(
        description="Whether moderators took it away from everybody but its author, who alone can see this."
    )
    label_values: list[LabelValue] = strawberry.field(
        description="The same as `labels` in one word each, for lists of posts: it costs nothing."
    )
    labels: list[Label] = strawberry.field(description="What moderators say of it; each value at most once.")
    viewer_labels = strawberry.field(
        resolver=labelers.post_viewer_labels,
        graphql_type=list[GivenLabel],
        description="What labelers that the viewer listens to say of it; empty when signed out. Its author and its pictures have their own.",
        metadata=ALONE,
    )
    is_sensitive: bool = strawberry.field(
        description="Whether its pictures are to be covered until asked for, unless the viewer wants to see such at once."
    )
    creation: PostCreation | None = strawberry.field(
        description="How its pictures come along; null when none are on their way."
    )
    like_count: int = strawberry.field(description="How many people like it.")
    repost_count: int = strawberry.field(description="How many people reposted it.")
    reply_count: int = strawberry.field(
        description="How many direct replies it has, those for fewer people than itself apart."
    )
    quote_count: int = strawberry.field(
        description="How many posts quote it, those for fewer people than itself apart."
    )
    remix_count: int = strawberry.field(
        description="How many posts show remixes of its pictures, those for fewer people than itself apart."
    )
    remix_policy: RemixPolicy = strawberry.field(
        description="Who may remix its pictures, of those who see it; `viewerCanRemix` says whether the viewer may."
    )
    prompt_visibility: PromptVisibility = strawberry.field(
        description="Who may see how its pictures were made, of those who see it (`Image.recipe`)."
    )
    view_count: int = strawberry.field(
        description="How often it was seen: each person once a day, its author never; written down every half a minute."
    )
    viewer_has_liked: bool = strawberry.field(
        description="Whether the viewer likes it; false when signed out.", metadata=STATE
    )
    viewer_has_reposted: bool = strawberry.field(
        description="Whether the viewer reposted it; false when signed out.", metadata=STATE
    )
    viewer_has_bookmarked: bool = strawberry.field(
        description="Whether the viewer keeps it; false when signed out.", metadata=STATE
    )
    viewer_can_reply: bool = strawberry.field(
        description="Whether the viewer may reply; false when signed out.", metadata=STATE
    )
    viewer_can_quote: bool = strawberry.field(
        description="Whether the viewer may quote it; false when signed out.", metadata=STATE
    )
    viewer_can_remix: bool = strawberry.field(
        description="Whether the viewer may remix its pictures; false when signed out, and while it has none.",
        metadata=STATE,
    )
    viewer_can_hide: bool = strawberry.field(
        description="Whether the viewer may fold it away (`hideReply`): another's reply in a conversation they began.",
        metadata=STATE,
    )
    reply_policy: ReplyPolicy = strawberry.field(
        description="Who may answer it: what whoever began the conversation said for all of it."
    )
    quote_policy: QuotePolicy = strawberry.field(description="Who may quote it.")
    is_hidden: bool = strawberry.field(
        description="Whether whoever began the conversation folded it away: it stands in `hiddenReplies` of what it answers."
    )
    link_card: LinkCard | None = strawberry.field(
        description="What the page says of itself that its first link leads to; null when it has pictures, a quote or no link,"
        " when the page says nothing, while it is being read (`PostChanged` tells when it was), and when the author took it off."
    )
    viewer_has_muted_conversation: bool = strawberry.field(
        description="Whether the viewer mutes the conversation it stands in; false when signed out.", metadata=STATE
    )
    viewer_filter: PostFilter | None = strawberry.field(
        description="Why the post is to be folded for the viewer; null when it is to be shown as it is.", metadata=STATE
    )
    insights = strawberry.field(
        resolver=views.insights,
        graphql_type=PostInsights | None,
        description="What it has come to, in all and by day; null for everybody but its author.",
        metadata=ALONE,
    )
    quoted_post = strawberry.field(
        resolver=resolve.quoted_post,
        graphql_type=LazyMaybePost | None,
        description="The post it quotes, or why that is not shown; null when it quotes none.",
        metadata=HOLE,
    )
    reply_to = strawberry.field(
        resolver=resolve.reply_to,
        graphql_type=LazyMaybePost | None,
        description="The post it answers, or why that is not shown; null when it is no reply.",
        metadata=ALONE,
    )
    remix_of = strawberry.field(
        resolver=remixing.remix_of,
        graphql_type=LazySource | None,
        description="What the first remix among its pictures was made from, or why that is not shown; null when none is a remix."
        " `Image.remixedFrom` says it of each.",
        metadata=ALONE,
    )
    remixes = strawberry.field(
        resolver=remixing.remixes,
        graphql_type=LazyRemixes | None,
        directives=FALLIBLE,
        description="The posts that show remixes of its pictures, newest first, as far as the viewer sees them.",
        metadata=ALONE,
    )
    viewer_remix_request = strawberry.field(
        resolver=permits.viewer_request,
        graphql_type=LazyRemixRequest | None,
        description="The viewer's own request to remix it; null when they made none.",
        metadata=ALONE,
    )
    ancestors = strawberry.field(
        resolver=resolve.ancestors,
        graphql_type=LazyConversation | None,
        directives=FALLIBLE,
        description="The chain of posts above it, oldest first; a page holds the nearest 20 unless told.",
        metadata=ALONE,
    )
    replies = strawberry.field(
        resolver=resolve.replies,
        graphql_type=LazyConversation | None,
        directives=FALLIBLE,
        description="Its direct replies, oldest first, with holes for deleted ones and those of people the viewer blocks; hidden ones apart.",
        metadata=ALONE,
    )
    hidden_replies = strawberry.field(
        resolver=resolve.hidden_replies,
        graphql_type=LazyConversation | None,
        directives=FALLIBLE,
        description="The direct replies that whoever began the conversation folded away, oldest first, for everybody who asks.",
        metadata=ALONE,
    )
    quotes = strawberry.field(
        resolver=approvals.quotes,
        graphql_type=LazyTimeline | None,
        directives=FALLIBLE,
        description="The posts that quote it and that the viewer may see, newest first, without detached ones.",
        metadata=ALONE,
    )
    liked_by = strawberry.field(
        resolver=approvals.liked_by,
        graphql_type=LazyUsers | None,
        directives=FALLIBLE,
        description="Who likes it, the latest first: not across a block, and private accounts only to whom they let in; they count all the same.",
        metadata=ALONE,
    )
    reposted_by = strawberry.field(
        resolver=approvals.reposted_by,
        graphql_type=LazyUsers | None,
        directives=FALLIBLE,
        description="Who reposted it, the latest first: not across a block, and private accounts only to whom they let in; they count all the same.",
        metadata=ALONE,
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, PostRow)


MaybePost = Annotated[
    Post | UnavailablePost, strawberry.union("MaybePost", description="A post, or why there is none to be shown.")
]
