"""Apps as they come from outside: registered, sent to ask, answered, given tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from tests.people import Person, Town
from tests.selection import mutation

BACK = "https://app.example.org/back?from=fresque"
CREATE = mutation("createApp")
AUTHORIZE = mutation("authorizeApp")
REQUEST = """query($parameters: String!) { authorizationRequest(parameters: $parameters) {
    problem appName website developer { handle } destination isOnDevice scopes grantedScopes isRemembered refusalUri ticket } }"""


@dataclass(slots=True)
class Program:
    """An app outside, with what it keeps."""

    town: Town
    client_id: str
    redirect_uri: str = BACK
    secret: str | None = None
    id: str = ""
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def parameters(self, **more: str | None) -> str:
        """What it sends a person to `/authorize` with; None leaves something out."""
        given: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "read",
            "state": "st/ate & more",
            "code_challenge": create_s256_code_challenge(self.verifier),
            "code_challenge_method": "S256",
        }
        return urlencode({name: value for name, value in (given | more).items() if value is not None})

    async def post(self, path: str, **form: str | None) -> httpx.Response:
        """A form, with who it is where nothing else is said."""
        given: dict[str, str | None] = {"client_id": self.client_id, "client_secret": self.secret}
        sent = {name: value for name, value in (given | form).items() if value is not None}
        return await self.town.http.post(f"{self.town.url}/oauth/{path}", data=sent)

    async def exchange(self, code: str, **more: str | None) -> httpx.Response:
        """Ask for the tokens of a code."""
        return await self.post(
            "token", **{"grant_type": "authorization_code", "code": code, "code_verifier": self.verifier, **more}
        )

    async def renew(self, refresh: str, **more: str | None) -> httpx.Response:
        """Ask for the next tokens."""
        return await self.post("token", **{"grant_type": "refresh_token", "refresh_token": refresh, **more})

    async def allowed(self, person: Person, **more: str | None) -> str:
        """A code: the person is asked, and says yes."""
        answer = await answered(person, self.parameters(**more))
        return answer["code"]

    async def tokens(self, person: Person, **more: str | None) -> dict[str, Any]:
        """What it has once a person said yes."""
        found = await self.exchange(await self.allowed(person, **more))
        assert found.status_code == 200, found.text
        told: dict[str, Any] = found.json()
        return told

    def acting(self, person: Person, access: str) -> Person:
        """The person as the app is them."""
        return Person(self.town, person.handle, person.id, access)


async def made(developer: Person, *, confidential: bool = False, redirect_uri: str = BACK) -> Program:
    """An app that a developer made."""
    done = await developer.do(
        CREATE,
        name="A reader",
        redirectUris=[redirect_uri],
        website="https://app.example.org",
        isConfidential=confidential,
    )
    return Program(developer.town, done["app"]["clientId"], redirect_uri, done["secret"], done["app"]["id"])


async def asked(person: Person, parameters: str) -> dict[str, Any]:
    """What a person is shown of a request."""
    found: dict[str, Any] = (await person.ask(REQUEST, parameters=parameters))["authorizationRequest"]
    return found


async def answered(person: Person, parameters: str, *, allow: bool = True, remember: bool = False) -> dict[str, str]:
    """What the app is told, by the parameters of the address the person is sent to."""
    shown = await asked(person, parameters)
    done = await person.do(AUTHORIZE, parameters=parameters, ticket=shown["ticket"], allow=allow, remember=remember)
    return told(done["redirectUri"])


def told(address: str) -> dict[str, str]:
    """The parameters of an address, each once."""
    found = parse_qs(urlsplit(address).query, keep_blank_values=True)
    assert all(len(values) == 1 for values in found.values()), address
    return {name: values[0] for name, values in found.items()}
