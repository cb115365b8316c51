"""Apps themselves: their secrets and addresses, how they register, and what the addresses of OAuth take."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import quote_plus

import httpx
import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from models.database import fetch
from models.node_id import number_of
from models.token_text import TokenKind, kind_of, new_token
from tests.apps import BACK, Program, asked, made
from tests.people import PASSWORD, Town
from tests.selection import mutation

ME = "{ viewer { user { handle } } }"
PUBLIC = {"token_endpoint_auth_method": "none"}
CONNECTED = "{ viewer { connectedApps { id name website scopes isSelfRegistered lastUsedOn } } }"


# -- clients


async def test_a_confidential_app_shows_its_secret_in_one_way(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada, confidential=True)
    assert app.secret is not None
    assert kind_of(app.secret) is TokenKind.SECRET

    async def basic(secret: str, **more: str) -> httpx.Response:
        shown = b64encode(f"{quote_plus(app.client_id)}:{quote_plus(secret)}".encode()).decode()
        form = {
            "grant_type": "authorization_code",
            "code": await app.allowed(ada),
            "code_verifier": app.verifier,
            **more,
        }
        return await town.http.post(f"{town.url}/oauth/token", data=form, headers={"Authorization": f"Basic {shown}"})

    assert (await basic(app.secret)).status_code == 200
    assert (await basic(app.secret, client_secret=app.secret)).json()["error"] == "invalid_request"
    assert (await basic(app.secret, client_id="app_other")).json()["error"] == "invalid_request"
    refused = await basic(new_token(TokenKind.SECRET))
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    assert refused.headers["www-authenticate"].startswith("Basic")
    code = await app.allowed(ada)
    for secret in (None, "", "x", new_token(TokenKind.SECRET)):
        assert (await app.exchange(code, client_secret=secret)).status_code == 401
    assert (await app.exchange(code)).status_code == 200, "a wrong secret uses nothing up"
    public = await made(ada)
    public.secret = app.secret
    assert (await public.exchange(await public.allowed(ada))).status_code == 401, "a public app has no secret"
    assert (await app.post("token", client_id="app_" + "0" * 32)).status_code == 401


async def test_a_secret_is_rotated_with_a_day_for_the_old_one(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada, confidential=True)
    renewed = (await ada.do(mutation("rotateAppSecret"), appId=app.id))["secret"]
    for secret in (app.secret, renewed):
        assert (await app.exchange(await app.allowed(ada), client_secret=secret)).status_code == 200
    await fetch("UPDATE apps SET old_secret_until = now() WHERE id = $1", number_of("app", app.id))
    assert (await app.exchange(await app.allowed(ada))).status_code == 401
    public = await made(ada)
    assert await ada.refusal(mutation("rotateAppSecret"), appId=public.id) == ("BAD_USER_INPUT", ["appId"])


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "http://app.example.org/", "https://", "https://a b/",
        "https://user@app.example.org/", "https://app.example.org/#x", "https://app.example.org/../x", "app:/x", "myapp://host/x",
        "https://*.example.org/", "https://app.example.org:99999/", "https://app.example.org/\n", "https:\\\\app.example.org", "", "x" * 2_001,
        "//app.example.org/", "/back", "https://app.example.org/é",
    ],
)  # fmt: skip
async def test_what_can_be_no_address_to_go_back_to_is_refused(town: Town, uri: str) -> None:
    ada = await town.person("ada")
    refusal = await ada.refusal(mutation("createApp"), name="x", redirectUris=[uri])
    assert refusal == ("BAD_USER_INPUT", ["redirectUris"])


async def test_apps_are_their_developer_s_and_bounded(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada, redirect_uri="org.example.reader:/back")
    await ada.do(mutation("updateApp"), appId=app.id, name="Renamed", redirectUris=["https://new.example.org"])
    (listed,) = (await ada.ask("{ viewer { apps { name redirectUris isConfidential website } } }"))["viewer"]["apps"]
    assert listed == {
        "name": "Renamed",
        "redirectUris": ["https://new.example.org"],
        "isConfidential": False,
        "website": "",
    }
    assert (await asked(ada, app.parameters()))["problem"] == "WRONG_REDIRECT"
    uris = [f"https://a{n}.example.org" for n in range(11)]
    assert (await ada.refusal(mutation("createApp"), name="x", redirectUris=uris))[0] == "BAD_USER_INPUT"
    assert (await ada.refusal(mutation("createApp"), name="x", redirectUris=[]))[0] == "BAD_USER_INPUT"
    for _ in range(19):
        await made(ada)
    assert (await ada.refusal(mutation("createApp"), name="x", redirectUris=uris[:1]))[0] == "QUOTA_EXCEEDED"


# -- registering


async def register(town: Town, **given: Any) -> httpx.Response:
    return await town.http.post(f"{town.url}/oauth/register", json=given)


async def test_an_app_registers_itself_and_is_shown_as_such(town: Town) -> None:
    ada = await town.person("ada")
    answer = await register(
        town,
        redirect_uris=["http://localhost/callback"],
        client_name="An assistant",
        scope="read",
        logo_uri="x",
        **PUBLIC,
    )
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    made_up = answer.json()
    assert "client_secret" not in made_up
    app = Program(town, made_up["client_id"], "http://localhost:4000/callback")
    shown = await asked(ada, app.parameters())
    assert (shown["appName"], shown["developer"]) == ("An assistant", None)
    assert (await app.tokens(ada))["scope"] == "read"
    assert (await ada.ask(CONNECTED))["viewer"]["connectedApps"][0]["isSelfRegistered"]
    secret = (await register(town, redirect_uris=[BACK])).json()
    assert secret["client_secret_expires_at"] == 0
    confidential = Program(town, secret["client_id"], BACK, secret["client_secret"])
    assert (await confidential.tokens(ada))["scope"] == "read"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, "invalid_redirect_uri"),
        ({"redirect_uris": []}, "invalid_redirect_uri"),
        ({"redirect_uris": ["javascript:x"]}, "invalid_redirect_uri"),
        ({"redirect_uris": "https://a.example.org"}, "invalid_redirect_uri"),
        ({"redirect_uris": [5]}, "invalid_redirect_uri"),
        ({"redirect_uris": [BACK], "token_endpoint_auth_method": "private_key_jwt"}, "invalid_client_metadata"),
        ({"redirect_uris": [BACK], "grant_types": ["implicit"]}, "invalid_client_metadata"),
        ({"redirect_uris": [BACK], "response_types": ["token"]}, "invalid_client_metadata"),
        ({"redirect_uris": [BACK], "client_name": "x" * 61}, "invalid_client_metadata"),
        ({"redirect_uris": [BACK], "client_name": 5}, "invalid_client_metadata"),
        ({"redirect_uris": [BACK], "client_uri": "javascript:x"}, "invalid_client_metadata"),
    ],
)
async def test_what_is_no_app_does_not_register(town: Town, given: dict[str, Any], error: str) -> None:
    answer = await register(town, **given)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


# -- the addresses themselves


async def test_metadata_says_what_is_there(town: Town) -> None:
    server = (await town.http.get(f"{town.url}/.well-known/oauth-authorization-server")).json()
    AuthorizationServerMetadata(
        {**server, "issuer": "https://fresque.example"}
    ).validate_code_challenge_methods_supported()
    assert server["issuer"] == town.url
    assert server["code_challenge_methods_supported"] == ["S256"]
    assert server["response_types_supported"] == ["code"]
    assert server["authorization_response_iss_parameter_supported"] is True
    for path in ("", "/graphql"):
        answer = await town.http.get(f"{town.url}/.well-known/oauth-protected-resource{path}")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.json()["resource"] == town.url + path
        assert answer.json()["authorization_servers"] == [town.url]
    refused = await town.http.post(
        f"{town.url}/graphql",
        json={"query": ME},
        headers={"Authorization": "Bearer x", "Accept": "application/graphql-response+json"},
    )
    assert refused.status_code == 401
    assert (
        f'resource_metadata="{town.url}/.well-known/oauth-protected-resource/graphql"'
        in refused.headers["www-authenticate"]
    )


async def test_nothing_is_taken_from_an_address_nor_twice_nor_in_another_form(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    form = {
        "client_id": app.client_id,
        "grant_type": "authorization_code",
        "code_verifier": app.verifier,
        "code": await app.allowed(ada),
    }
    url = f"{town.url}/oauth/token"
    for answer, status in (
        (await town.http.post(url, params=form), 400),
        (await town.http.post(url, params={"code": form["code"]}, data=form), 400),
        (await town.http.get(url, params=form), 405),
        (await town.http.post(url, json=form), 415),
        (
            await town.http.post(url, content="a=b&a=c", headers={"content-type": "application/x-www-form-urlencoded"}),
            400,
        ),
        (
            await town.http.post(
                url, content=b"\xff=\xff", headers={"content-type": "application/x-www-form-urlencoded"}
            ),
            400,
        ),
        (
            await town.http.post(
                url, content=b"a=" + b"x" * 20_000, headers={"content-type": "application/x-www-form-urlencoded"}
            ),
            413,
        ),
        (await town.http.post(url, data=form, headers={"Authorization": "Bearer x"}), 400),
        (await town.http.post(url, data=form, headers={"Authorization": "Basic ***"}), 400),
    ):
        assert answer.status_code == status, answer.text
    answer = await app.post("token", grant_type="password", username=ada.handle, password=PASSWORD)
    assert answer.json()["error"] == "unsupported_grant_type"
    assert (await app.post("token", grant_type="client_credentials")).json()["error"] == "unsupported_grant_type"
    preflight = await town.http.options(
        url, headers={"Origin": "https://spa.example", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in preflight.headers
    assert (await town.http.post(url, data=form)).status_code == 200
