"""What mutations answer: one payload type each, with what changed, `query`, and the refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from resolvers.query import again
from schema.image import Image, ImageUpload
from schema.node import ERRORS, UserError
from schema.post import Post
from schema.second_factor import PendingLogin
from schema.timeline import TimelineEdge
from schema.user import User
from schema.viewer import Viewer
from schema.webhook import Webhook, WebhookDelivery

if TYPE_CHECKING:
    from schema.query import Query

LazyQuery = Annotated["Query", strawberry.lazy("schema.query")]


def query_field() -> Any:
    """Every payload leads on to everything else."""
    return strawberry.field(
        resolver=again, graphql_type=LazyQuery, description="Everything else, as it is after this mutation."
    )


def errors_field() -> Any:
    """Every payload has its refusals."""
    return strawberry.field(description=ERRORS)


def _post() -> Any:
    return strawberry.field(description="The post as it is now; null when refused.")


def _user() -> Any:
    return strawberry.field(description="The person as they are now; null when refused.")


@strawberry.type(description="What signing up came to.")
class SignUpPayload:
    viewer: Viewer | None = strawberry.field(description="Who is signed in now; null when refused.")
    token: str | None = strawberry.field(
        description="The bearer token, told once; null when none was asked for and when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What signing in came to.")
class LogInPayload:
    viewer: Viewer | None = strawberry.field(
        description="Who is signed in now; null when refused, and when a second factor is wanted."
    )
    token: str | None = strawberry.field(
        description="The bearer token, told once; null when none was asked for, when refused, and when a second factor is wanted."
    )
    pending_login: PendingLogin | None = strawberry.field(
        description="What `completeLogIn` completes by a second factor; null when the account has none and when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What signing out came to.")
class LogOutPayload:
    revoked_session_ids: list[strawberry.ID] = strawberry.field(description="The sessions that ended.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What ending a session came to.")
class RevokeSessionPayload:
    revoked_session_ids: list[strawberry.ID] = strawberry.field(
        description="The session that ended, if it was one of the viewer's."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What ending all other sessions came to.")
class RevokeOtherSessionsPayload:
    revoked_session_ids: list[strawberry.ID] = strawberry.field(
        description="The sessions that ended; empty when there was no other."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing the profile came to.")
class UpdateProfilePayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What following came to.")
class FollowUserPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What ending a follow came to.")
class UnfollowUserPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What blocking came to.")
class BlockUserPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What ending a block came to.")
class UnblockUserPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What muting came to.")
class MuteUserPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What ending a mute came to.")
class UnmuteUserPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What publishing a post came to.")
class CreatePostPayload:
    post: Post | None = _post()
    edge: TimelineEdge | None = strawberry.field(
        description="The post's place in the timelines it enters; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deleting a post came to.")
class DeletePostPayload:
    deleted_post_id: strawberry.ID | None = strawberry.field(description="The post that is gone; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What liking came to.")
class LikePostPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking a like back came to.")
class UnlikePostPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What reposting came to.")
class RepostPostPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking a repost back came to.")
class UnrepostPostPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What keeping a post came to.")
class BookmarkPostPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What keeping a post no longer came to.")
class UnbookmarkPostPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What asking for an upload came to.")
class CreateImageUploadPayload:
    upload: ImageUpload | None = strawberry.field(description="Where and how to send the picture; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What completing an upload came to.")
class CompleteImageUploadPayload:
    image: Image | None = strawberry.field(description="The kept image; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


TOLD_ONCE = (
    "What its messages are signed with, as whsec_ and base 64: told here once, so keep it. Null when refused, and when a newer one"
    " has taken its place."
)


def _webhook() -> Any:
    return strawberry.field(description="The webhook as it is now; null when refused.")


def _delivery() -> Any:
    return strawberry.field(description="The message as it is now; null when refused.")


@strawberry.type(description="What making a webhook came to.")
class CreateWebhookPayload:
    webhook: Webhook | None = _webhook()
    secret: str | None = strawberry.field(description=TOLD_ONCE)
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing a webhook came to.")
class UpdateWebhookPayload:
    webhook: Webhook | None = _webhook()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deleting a webhook came to.")
class DeleteWebhookPayload:
    deleted_webhook_id: strawberry.ID | None = strawberry.field(
        description="The webhook that is gone; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What giving a webhook a new secret came to.")
class RotateWebhookSecretPayload:
    webhook: Webhook | None = _webhook()
    secret: str | None = strawberry.field(description=TOLD_ONCE)
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What sending a message again came to.")
class RedeliverWebhookPayload:
    delivery: WebhookDelivery | None = _delivery()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What sending a test came to.")
class TestWebhookPayload:
    delivery: WebhookDelivery | None = _delivery()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()
