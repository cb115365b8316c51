"""An operation that was not run (or a stream that ended): the errors a client gets instead of data."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from graphql import GraphQLError

# A GraphQL error and a GraphQL result as they go into JSON.
ErrorObject = dict[str, Any]
ResultObject = dict[str, Any]

LONGEST_MESSAGE = 500

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
TOO_COMPLEX = "QUERY_TOO_COMPLEX"
UNRESOLVED_OPERATION = "OPERATION_RESOLUTION_FAILURE"
BAD_USER_INPUT = "BAD_USER_INPUT"
BAD_REQUEST = "BAD_REQUEST"
INTERNAL = "INTERNAL_SERVER_ERROR"


class Rejection(Exception):
    """The operation is refused as a whole; `errors` are fresh objects that the receiver may change."""

    def __init__(self, errors: Sequence[ErrorObject]) -> None:
        super().__init__(errors[0]["message"])
        self.errors: list[ErrorObject] = deepcopy(list(errors))


def error_object(message: str, code: str) -> ErrorObject:
    """An error without a place in the document."""
    return {"message": message, "extensions": {"code": code}}


def coded(error: GraphQLError, code: str) -> ErrorObject:
    """A GraphQL error as an object that carries `code` in its extensions."""
    formatted: ErrorObject = {**error.formatted}
    if len(formatted["message"]) > LONGEST_MESSAGE:  # graphql-core repeats literals whole
        formatted["message"] = formatted["message"][:LONGEST_MESSAGE] + " …"
    formatted["extensions"] = {**formatted.get("extensions", {}), "code": code}
    return formatted


def rejected(message: str, code: str) -> Rejection:
    """A rejection of one error without a place in the document."""
    return Rejection([error_object(message, code)])
