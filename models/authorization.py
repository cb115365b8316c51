"""A request of an app to act for somebody, as it comes to `/authorize`: read, looked at, answered (OAuth 2.1, RFC 7636, RFC 9207).

Whoever is not known, or names an address that is not theirs, is never answered there: then a person is told, and goes nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl

from models import app
from models.app import AppRow
from models.app_grant import CHALLENGE
from models.redirect import answered, matches
from models.scope import Scope, scopes_in

LONGEST_CHARACTERS = 8_000
LONGEST_STATE = 2_000
TICKET_SECONDS = 900
DEFAULT_SCOPE = Scope.READ


class AuthorizationProblem(Enum):
    """Why a request cannot be answered at all."""

    BROKEN = "BROKEN"
    UNKNOWN_APP = "UNKNOWN_APP"
    WRONG_REDIRECT = "WRONG_REDIRECT"


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that can be answered: with a code, or with `error` where it asks for what there is not."""

    app: AppRow
    redirect_uri: str
    state: str | None
    scopes: tuple[Scope, ...]
    challenge: str
    error: tuple[str, str] | None
    asks_again: bool  # the app wants the person to be asked whatever was said before

    def refused(self, issuer: str, error: str = "access_denied", why: str = "The person said no.") -> str:
        """Where the app is told that it gets nothing."""
        return self._answered(issuer, [("error", error), ("error_description", why)])

    def granted(self, issuer: str, code: str) -> str:
        """Where the app is told the code."""
        return self._answered(issuer, [("code", code)])

    def _answered(self, issuer: str, parameters: Sequence[tuple[str, str]]) -> str:
        state = [] if self.state is None else [("state", self.state)]
        return answered(self.redirect_uri, [*parameters, *state, ("iss", issuer)])


async def read(parameters: str, issuer: str) -> Asking | AuthorizationProblem:
    """What an app asks for in a query string."""
    given = _parsed(parameters)
    if given is None:
        return AuthorizationProblem.BROKEN
    known = await app.client(given.get("client_id", ""))
    if known is None:
        return AuthorizationProblem.UNKNOWN_APP
    wanted = given.get("redirect_uri")
    if wanted is None and len(known.redirect_uris) == 1:
        wanted = known.redirect_uris[0]
    if wanted is None or not matches(known.redirect_uris, wanted):
        return AuthorizationProblem.WRONG_REDIRECT
    state, challenge = given.get("state"), given.get("code_challenge", "")
    scopes = scopes_in(given["scope"]) if given.get("scope") else [DEFAULT_SCOPE]
    error = _error(given, challenge, scopes, issuer)
    if state is not None and len(state) > LONGEST_STATE:
        return AuthorizationProblem.BROKEN
    asks_again = "consent" in given.get("prompt", "").split(" ")
    return Asking(known, wanted, state, tuple(scopes or ()), challenge, error, asks_again)


def ticket(secret_key: str, session_id: int, parameters: str, seconds: int | None = None) -> str:
    """Shows that this very session was shown this very request a while ago."""
    until = int(time.time()) + TICKET_SECONDS if seconds is None else seconds
    told = f"fresque consent\0{session_id}\0{until}\0{hashlib.sha256(parameters.encode(errors='surrogatepass')).hexdigest()}"
    return f"{until}.{hmac.digest(secret_key.encode(), told.encode(), hashlib.sha256).hex()}"


def is_good(shown: str, secret_key: str, session_id: int, parameters: str) -> bool:
    """Whether this is such a ticket, and its time is not over."""
    until = shown.partition(".")[0]
    if not until.isascii() or not until.isdigit() or len(until) > 12 or int(until) < time.time():
        return False
    made = ticket(secret_key, session_id, parameters, int(until))
    return hmac.compare_digest(made.encode(), shown.encode(errors="surrogatepass"))


def _parsed(parameters: str) -> dict[str, str] | None:
    """Each parameter once; None for what is no query string, and for one that says something twice."""
    if len(parameters) > LONGEST_CHARACTERS or not parameters.isprintable():
        return None
    try:
        pairs = parse_qsl(
            parameters.removeprefix("?"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=50,
        )
    except ValueError:
        return None
    found = dict(pairs)
    return found if len(found) == len(pairs) and all(one.isprintable() for one in found.values()) else None


def _error(
    given: dict[str, str], challenge: str, scopes: Sequence[Scope] | None, issuer: str
) -> tuple[str, str] | None:
    if given.get("response_type") != "code":
        return "unsupported_response_type", "Only response_type=code is answered."
    if given.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(challenge):
        return "invalid_request", "PKCE is needed: code_challenge with code_challenge_method=S256."
    if given.get("response_mode", "query") != "query":
        return "invalid_request", "Only response_mode=query is answered."
    if "request" in given or "request_uri" in given:
        return "request_not_supported", "Requests are taken as parameters only."
    if scopes is None:
        return "invalid_scope", "One of the scopes is none of ours."
    if "none" in given.get("prompt", "").split(" "):
        return "interaction_required", "The person is always asked or told here."
    resource = given.get("resource")
    if resource is not None and resource.rstrip("/") not in (issuer, f"{issuer}/graphql", f"{issuer}/mcp"):
        return "invalid_target", "There is no such resource here."
    return None
