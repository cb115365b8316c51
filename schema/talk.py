"""Mutations about who may talk to whom: policies, hidden replies, detached quotes, threads, covered pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import gate, link, talk
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.post import Post
from schema.timeline import TimelineEdge
from schema.viewer import Viewer


def _post() -> Any:
    return strawberry.field(description="The post as it is now; null when refused.")


@strawberry.type(description="What publishing a thread came to.")
class CreateThreadPayload:
    posts: list[Post] | None = strawberry.field(description="The posts, in order; null when refused.")
    edges: list[TimelineEdge] | None = strawberry.field(
        description="Their places in the timelines they enter, in order; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What saying anew who may answer came to.")
class SetReplyPolicyPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What saying anew who may quote came to.")
class SetQuotePolicyPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What marking a post's pictures came to.")
class SetPostSensitivePayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What folding a reply away came to.")
class HideReplyPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What putting a reply back came to.")
class UnhideReplyPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What detaching a quote came to.")
class DetachQuotePayload:
    post: Post | None = strawberry.field(description="The post that quotes, as it is now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What putting a post back into a quote came to.")
class ReattachQuotePayload:
    post: Post | None = strawberry.field(description="The post that quotes, as it is now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking the card of a link off came to.")
class RemoveLinkCardPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing preferences came to.")
class UpdatePreferencesPayload:
    viewer: Viewer | None = strawberry.field(description="The viewer as they are now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type
class TalkMutation:
    create_thread: CreateThreadPayload = _mutation(
        talk.create_thread,
        CreateThreadPayload,
        "Publish several posts at once, each answering the one before: all, or none where one is refused.",
    )
    set_reply_policy: SetReplyPolicyPayload = _mutation(
        gate.set_reply_policy,
        SetReplyPolicyPayload,
        "Say anew who may answer in a conversation that the viewer began. Answers that are there stay.",
    )
    set_quote_policy: SetQuotePolicyPayload = _mutation(
        gate.set_quote_policy,
        SetQuotePolicyPayload,
        "Say anew who may quote a post of one's own. Quotes that are there stay.",
    )
    set_post_sensitive: SetPostSensitivePayload = _mutation(
        gate.set_post_sensitive, SetPostSensitivePayload, "Have the pictures of a post of one's own covered, or not."
    )
    hide_reply: HideReplyPayload = _mutation(
        gate.hide_reply,
        HideReplyPayload,
        "Fold another's reply away in a conversation that the viewer began; it stays reachable in `hiddenReplies`.",
    )
    unhide_reply: UnhideReplyPayload = _mutation(
        gate.unhide_reply, UnhideReplyPayload, "Put a reply that was folded away back among the others."
    )
    detach_quote: DetachQuotePayload = _mutation(
        gate.detach_quote,
        DetachQuotePayload,
        "Take one's own post out of another's quote of it: a hole (DETACHED) stands there from then on.",
    )
    reattach_quote: ReattachQuotePayload = _mutation(
        gate.reattach_quote, ReattachQuotePayload, "Put one's own post back into a quote that one detached."
    )
    remove_link_card: RemoveLinkCardPayload = _mutation(
        link.remove_link_card,
        RemoveLinkCardPayload,
        "Take the card of its link off a post of one's own; the link stays.",
    )
    update_preferences: UpdatePreferencesPayload = _mutation(
        gate.update_preferences, UpdatePreferencesPayload, "Change how things are shown to the viewer, everywhere."
    )
