"""What a client may know of an error: refusals and errors raised on purpose as they are, everything else a request id."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence

from graphql import ExecutionResult, GraphQLError

from errors import Refusal
from execution.rejection import BAD_USER_INPUT, INTERNAL, TOO_COMPLEX, ErrorObject, ResultObject, coded, error_object

logger = logging.getLogger("fresque.execution")

MASK = "Something went wrong on our side."
MAX_LOGGED_CHARACTERS = 200
MAX_ERRORS = 100


def present(error: Exception, request_id: str) -> ErrorObject:
    """One error as the client sees it; a fault of ours is logged here, once, with the request id."""
    located = error if isinstance(error, GraphQLError) else None
    cause = _cause(error)
    if isinstance(cause, Refusal):
        shown = error_object(cause.message, cause.code.value)
        return _at_place(shown, located)
    if isinstance(cause, GraphQLError):
        code = (cause.extensions or {}).get("code")
        if isinstance(code, str):
            return coded(located or cause, code)
        # graphql-core says so when a null variable meets a non-null argument: the client's doing.
        if cause.nodes and cause.message.startswith("Argument "):
            return coded(located or cause, BAD_USER_INPUT)
    _log(cause, located, request_id)
    shown = error_object(MASK, INTERNAL)
    shown["extensions"]["requestId"] = request_id
    return _at_place(shown, located)


def present_all(errors: Sequence[GraphQLError], request_id: str) -> list[ErrorObject]:
    """The errors of a result, in order; of more than `MAX_ERRORS` the first, and one that says how many are left out."""
    shown = [present(error, request_id) for error in errors[:MAX_ERRORS]]
    left_out = len(errors) - len(shown)
    if left_out:
        logger.warning("request %s had %d errors more than are told", request_id, left_out)
        shown.append(error_object(f"There are {left_out} more errors, which are left out.", TOO_COMPLEX))
    return shown


def present_result(result: ExecutionResult, request_id: str) -> ResultObject:
    """An executed result as JSON-ready objects; `data` is there even when it is null."""
    shown: ResultObject = {"data": result.data}
    if result.errors:
        shown["errors"] = present_all(result.errors, request_id)
    return shown


def _cause(error: Exception) -> Exception:
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def _at_place(shown: ErrorObject, located: GraphQLError | None) -> ErrorObject:
    if located is not None:
        formatted = located.formatted
        if "locations" in formatted:
            shown["locations"] = formatted["locations"]
        if "path" in formatted:
            shown["path"] = formatted["path"]
    return shown


def _log(cause: Exception, located: GraphQLError | None, request_id: str) -> None:
    # The first line of the message only: drivers put values of rows into the others. Frames go without their source, which may hold literals.
    first_line = str(cause).partition("\n")[0][:MAX_LOGGED_CHARACTERS]
    frames = "\n".join(
        f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(cause.__traceback__)
    )
    path = ".".join(map(str, located.path)) if located is not None and located.path else ""
    logger.error(
        "request %s failed at %s: %s: %s\n%s",
        request_id,
        path or "(no field)",
        type(cause).__name__,
        first_line,
        frames,
        extra={"request_id": request_id, "graphql_path": path, "error_type": type(cause).__name__},
    )
