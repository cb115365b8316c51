"""Becoming a labeler, putting labels on things, listening to labelers and choosing what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import labeler as resolve
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.user import User


def _user() -> Any:
    return strawberry.field(description="The account, with its `labeler` as it is now; null when refused.")


def _identifiers() -> Any:
    return strawberry.field(description="Which of the viewer's labels stand on it now; empty when refused.")


@strawberry.type(description="What declaring oneself a labeler came to.")
class DeclareLabelerPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What being a labeler no longer came to.")
class CloseLabelerPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What putting a label on something came to.")
class PutLabelPayload:
    identifiers: list[str] = _identifiers()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking a label off something came to.")
class RemoveLabelPayload:
    identifiers: list[str] = _identifiers()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What listening to a labeler came to.")
class SubscribeToLabelerPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What listening to a labeler no longer came to.")
class UnsubscribeFromLabelerPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What choosing what comes of a label came to.")
class ChooseLabelPayload:
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type
class LabelerMutations:
    declare_labeler: DeclareLabelerPayload = _mutation(
        resolve.declare_labeler,
        DeclareLabelerPayload,
        "Become a labeler, or change what one says of oneself and one's labels. Refused for a private account.",
    )
    close_labeler: CloseLabelerPayload = _mutation(
        resolve.close_labeler,
        CloseLabelerPayload,
        "Be a labeler no longer: nothing one said shows any more, until one declares it again.",
    )
    put_label: PutLabelPayload = _mutation(
        resolve.put_label,
        PutLabelPayload,
        "Put a label of one's own on what one sees, for who listens; twice is the same as once. At most 5,000 in 24 hours.",
    )
    remove_label: RemoveLabelPayload = _mutation(
        resolve.remove_label,
        RemoveLabelPayload,
        "Take a label of one's own off again, whether or not one still sees what it is on; twice is the same as once.",
    )
    subscribe_to_labeler: SubscribeToLabelerPayload = _mutation(
        resolve.subscribe_to_labeler,
        SubscribeToLabelerPayload,
        "Listen to a labeler: its labels show and act. Nobody learns of it.",
    )
    unsubscribe_from_labeler: UnsubscribeFromLabelerPayload = _mutation(
        resolve.unsubscribe_from_labeler,
        UnsubscribeFromLabelerPayload,
        "Listen to a labeler no longer, and forget what one chose of its labels.",
    )
    choose_label: ChooseLabelPayload = _mutation(
        resolve.choose_label, ChooseLabelPayload, "Say what is to come of a label of a labeler that one listens to."
    )
