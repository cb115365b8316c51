"""What mutations about remixing and sharing answer."""

from __future__ import annotations

from typing import Any

import strawberry

from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.post import Post
from schema.remix import RemixRequest
from schema.viewer import Viewer


def _post() -> Any:
    return strawberry.field(description="The post as it is now; null when refused.")


def _request() -> Any:
    return strawberry.field(description="The request as it is now; null when refused.")


@strawberry.type(description="What changing who may remix a post came to.")
class UpdateRemixPolicyPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing who may see prompts came to.")
class UpdatePromptVisibilityPayload:
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What settling how one's posts begin came to.")
class UpdateSharingPayload:
    viewer: Viewer | None = strawberry.field(description="The viewer as they are now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking permission back came to.")
class RevokeRemixPayload:
    post: Post | None = strawberry.field(description="The post with the remix as it is now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What giving permission again came to.")
class RestoreRemixPayload:
    post: Post | None = strawberry.field(description="The post with the remix as it is now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What asking for leave to remix came to.")
class RequestRemixPayload:
    request: RemixRequest | None = _request()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What saying yes to a request came to.")
class AcceptRemixRequestPayload:
    request: RemixRequest | None = _request()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What saying no to a request came to.")
class DeclineRemixRequestPayload:
    request: RemixRequest | None = _request()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()
