"""What can be done with saved searches, and what that answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import saved_search as resolve
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.saved_search import SavedSearch

SAVED = "The saved search as it is now; null when refused."


@strawberry.type(description="What saving a search came to.")
class SaveSearchPayload:
    saved_search: SavedSearch | None = strawberry.field(description=SAVED)
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What calling a saved search otherwise came to.")
class RenameSavedSearchPayload:
    saved_search: SavedSearch | None = strawberry.field(description=SAVED)
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What moving a saved search came to.")
class MoveSavedSearchPayload:
    saved_search: SavedSearch | None = strawberry.field(description=SAVED)
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What marking a saved search as seen came to.")
class MarkSavedSearchSeenPayload:
    saved_search: SavedSearch | None = strawberry.field(description=SAVED)
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deleting a saved search came to.")
class DeleteSavedSearchPayload:
    deleted_saved_search_id: strawberry.ID | None = strawberry.field(
        description="The saved search that is gone; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type
class SavedSearchMutations:
    save_search: SaveSearchPayload = _mutation(
        resolve.save_search,
        SaveSearchPayload,
        "Keep a search, at the end of the list. One that asks the same stays, and is called so where a name is given.",
    )
    rename_saved_search: RenameSavedSearchPayload = _mutation(
        resolve.rename_saved_search, RenameSavedSearchPayload, "Call a saved search otherwise."
    )
    move_saved_search: MoveSavedSearchPayload = _mutation(
        resolve.move_saved_search, MoveSavedSearchPayload, "Put a saved search at another place of the list."
    )
    mark_saved_search_seen: MarkSavedSearchSeenPayload = _mutation(
        resolve.mark_saved_search_seen,
        MarkSavedSearchSeenPayload,
        "What a saved search found is seen, on all devices. People it names are looked up anew, by their handles of now.",
    )
    delete_saved_search: DeleteSavedSearchPayload = _mutation(
        resolve.delete_saved_search, DeleteSavedSearchPayload, "Delete a saved search, with what was told of it."
    )
