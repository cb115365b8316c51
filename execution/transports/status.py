"""Which status an answer has, and of which media type it is: two readings of GraphQL over HTTP, one chosen per deployment.

`AUDITS` is what the audits of graphql-http and today's clients expect: 400 for what is wrong with a request, and 200 for every
well-formed request of a client that takes only `application/json`. `DRAFT_2026` is the text of the working draft of August
2026: 422 for what can be read and not be run, 294 for data beside errors, and the same codes for every client.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from execution.rejection import (
    BAD_USER_INPUT,
    TOO_COMPLEX,
    UNRESOLVED_OPERATION,
    VALIDATION_FAILED,
    ErrorObject,
    ResultObject,
)
from execution.transports.body import HttpProblem, IllFormed
from execution.transports.negotiation import GRAPHQL_RESPONSE, JSON

PARTIAL_SUCCESS = 294
UNPROCESSABLE = 422
UNPROCESSABLE_CODES = frozenset({VALIDATION_FAILED, TOO_COMPLEX, UNRESOLVED_OPERATION, BAD_USER_INPUT})


@dataclass(frozen=True, slots=True)
class Profile:
    """One reading; `methods` is what the address of GraphQL takes, as `Allow` says it."""

    name: str
    methods: str
    partial: int  # data beside errors
    unprocessable: int  # what can be read and not be run
    modest: bool  # clients of plain JSON get 200 for every well-formed request

    @property
    def takes_query(self) -> bool:
        """Whether the method QUERY is taken: a safe request with a body."""
        return "QUERY" in self.methods

    def of_problem(self, problem: HttpProblem) -> int:
        """The status of a request that no document was looked at of."""
        return self.unprocessable if isinstance(problem, IllFormed) else problem.status

    def of_rejection(self, errors: Sequence[ErrorObject]) -> int:
        """The status of an operation that was not run; the first error decides."""
        return self.unprocessable if errors[0]["extensions"]["code"] in UNPROCESSABLE_CODES else 400

    def of_result(self, result: ResultObject) -> int:
        """The status of an operation that was run."""
        return self.partial if "errors" in result else 200

    def of_media(self, status: int, media: str | None) -> str:
        """The media type of an answer to a client that prefers `media`; None when it takes nothing of ours."""
        if self.modest or status < 300:
            return media or JSON
        return GRAPHQL_RESPONSE  # a failure in plain JSON could be a proxy's


AUDITS = Profile("audits", "GET, POST, PUT, DELETE", 200, 400, modest=True)
DRAFT_2026 = Profile("draft-2026", "GET, POST, QUERY, PUT, DELETE", PARTIAL_SUCCESS, UNPROCESSABLE, modest=False)
PROFILES = {profile.name: profile for profile in (AUDITS, DRAFT_2026)}


def profile_of(name: str) -> Profile:
    """The profile of that name. Stops the process with a sentence when there is none."""
    if name not in PROFILES:
        raise SystemExit(f"HTTP_PROFILE cannot be read: {name!r} (say {' or '.join(PROFILES)}).")
    return PROFILES[name]
