"""Mutations about people and what one does not want to read, with what they answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry

from resolvers import account, acquaintance, muting
from schema.muting import MutedWord
from schema.node import UserError
from schema.payload import LazyQuery, MuteUserPayload, errors_field, query_field
from schema.post import Post
from schema.user import User


def _user() -> Any:
    return strawberry.field(description="The person as they are now; null when refused, and when they are gone.")


def _post() -> Any:
    return strawberry.field(
        description="The post as it is now; null when refused, and when the viewer sees it no longer."
    )


@strawberry.type(description="What accepting a request to follow came to.")
class AcceptFollowRequestPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What declining a request to follow came to.")
class DeclineFollowRequestPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking a request to follow back came to.")
class CancelFollowRequestPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What removing a follower came to.")
class RemoveFollowerPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing how somebody is followed came to.")
class UpdateFollowPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What muting a conversation came to.")
class MuteConversationPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What hearing of a conversation again came to.")
class UnmuteConversationPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What muting a word came to.")
class MuteWordPayload:
    word: MutedWord | None = strawberry.field(description="The word as it is muted now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What ending the mute of a word came to.")
class UnmuteWordPayload:
    unmuted_word_id: strawberry.ID | None = strawberry.field(
        description="The word that is muted no longer; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What going private or public came to.")
class SetAccountPrivacyPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What closing the account came to.")
class DeactivateAccountPayload:
    reactivatable_until: datetime | None = strawberry.field(
        description="Until when signing in brings it back with everything; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing the password came to.")
class ChangePasswordPayload:
    revoked_session_ids: list[strawberry.ID] = strawberry.field(
        description="The sessions that ended with it: all of the viewer's but the one that asks."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What can be done about people, and what one does not want to read.")
class PeopleMutation:
    mute_user: MuteUserPayload = _mutation(
        muting.mute_user,
        MuteUserPayload,
        "Keep somebody's posts out of one's timelines, for good or for a while; they do not learn of it.",
    )
    accept_follow_request: AcceptFollowRequestPayload = _mutation(
        acquaintance.accept_follow_request, AcceptFollowRequestPayload, "Let somebody follow who asked to."
    )
    decline_follow_request: DeclineFollowRequestPayload = _mutation(
        acquaintance.decline_follow_request,
        DeclineFollowRequestPayload,
        "Turn down who asked to follow. They may ask again; block them to end that.",
    )
    cancel_follow_request: CancelFollowRequestPayload = _mutation(
        acquaintance.cancel_follow_request,
        CancelFollowRequestPayload,
        "Take back that one asked to follow somebody; `unfollowUser` does so, too.",
    )
    remove_follower: RemoveFollowerPayload = _mutation(
        acquaintance.remove_follower,
        RemoveFollowerPayload,
        "Have somebody follow one no longer. They are not told, and may follow or ask again.",
    )
    update_follow: UpdateFollowPayload = _mutation(
        acquaintance.update_follow, UpdateFollowPayload, "Change how somebody is followed."
    )
    mute_conversation: MuteConversationPayload = _mutation(
        muting.mute_conversation, MuteConversationPayload, "Keep the replies of a conversation out of one's home."
    )
    unmute_conversation: UnmuteConversationPayload = _mutation(
        muting.unmute_conversation, UnmuteConversationPayload, "Have the replies of a conversation in one's home again."
    )
    mute_word: MuteWordPayload = _mutation(
        muting.mute_word, MuteWordPayload, "Leave posts that say a word out of one's timelines, or fold them."
    )
    unmute_word: UnmuteWordPayload = _mutation(muting.unmute_word, UnmuteWordPayload, "Mute a word no longer.")
    set_account_privacy: SetAccountPrivacyPayload = _mutation(
        account.set_account_privacy,
        SetAccountPrivacyPayload,
        "Make one's account private, so that only accepted followers read it; or public again, which accepts who waits.",
    )
    change_password: ChangePasswordPayload = _mutation(
        account.change_password,
        ChangePasswordPayload,
        "Take another password, once the current one was said. Every other session ends, with its sockets. With a second factor"
        " on the account it needs a recent proof of who asks, too.",
    )
    deactivate_account: DeactivateAccountPayload = _mutation(
        account.deactivate_account,
        DeactivateAccountPayload,
        "Close one's account: nobody sees it or its posts, and one is signed out everywhere. Signing in within 30 days brings all"
        " of it back.",
    )
