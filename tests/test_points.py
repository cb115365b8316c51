"""Points on the wire: one budget over every transport, told as clients expect, whoever pretends to be somebody else."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
from redis.asyncio import Redis

from app import Shared
from dev.run import process_environment
from dev.stack import Stack
from execution.protocol import listen, server_config
from safety.limit import Limit
from safety.points import Points
from settings import Settings, read
from tests.conftest import Serving
from tests.people import PASSWORD, PATIENCE_SECONDS, Person, Town
from tests.toy import Quiet

CHEAP = "{ __typename }"
DATABASE = 3  # what nobody else uses

Strict = Callable[..., AbstractAsyncContextManager[Town]]


@pytest.fixture
async def strict(running: Serving, stack: Stack) -> Strict:
    """The running Fresque with these limits and budgets that nobody has touched, at an address of its own."""
    shared: Shared = running.application.state.shared

    @asynccontextmanager
    async def start(**changes: Any) -> AsyncIterator[Town]:
        narrow, house = replace(running.settings, **changes), shared()
        url = stack.redis.database_url(DATABASE)
        async with aclosing(Redis.from_url(url)) as redis:
            await redis.flushdb()
        # A busy machine answers late, and what is late is not counted: here everything is.
        limit, listening = Limit(url, answer_seconds=PATIENCE_SECONDS), listen("127.0.0.1", 0)
        config = server_config(running.application, narrow)
        config.lifespan = "off"  # the application runs already
        server = Quiet(config)
        served = asyncio.create_task(server.serve(sockets=[listening]))
        shared.house = replace(house, points=Points(narrow, limit))
        try:
            async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
                yield Town(f"http://127.0.0.1:{listening.getsockname()[1]}", client)
        finally:
            shared.house = house
            server.should_exit = True
            await served
            await limit.close()

    return start


async def ask(town: Town, query: str, token: str | None = None, **headers: str) -> httpx.Response:
    """One request, and all of its answer."""
    shown = {"Authorization": f"Bearer {token}"} if token else {}
    return await town.http.post(f"{town.url}/graphql", json={"query": query}, headers={**shown, **headers})


def left(answer: httpx.Response) -> int:
    """What the header says is left."""
    return int(answer.headers["ratelimit"].split(";")[1].removeprefix("r="))


async def test_headers_of_strangers_are_not_believed(strict: Strict) -> None:
    async with strict(rate_limit_points_signed_out=5) as town:
        found = []
        for number in range(7):
            spoofed = f"203.0.113.{number}"
            answer = await ask(
                town, CHEAP, **{"X-Forwarded-For": spoofed, "X-Real-IP": spoofed, "Forwarded": f"for={spoofed}"}
            )
            found.append(answer.status_code)
        assert found == [200] * 5 + [429] * 2


async def test_a_trusted_proxy_is_believed_and_only_its_own_word(strict: Strict) -> None:
    async with strict(rate_limit_points_signed_out=2, trusted_proxies="10.0.0.0/8, 127.0.0.1") as town:

        async def status(forwarded: str) -> int:
            return (await ask(town, CHEAP, **{"X-Forwarded-For": forwarded})).status_code

        assert [await status("203.0.113.1") for _ in range(3)] == [200, 200, 429]
        # What stands left of the address that the proxy saw, the client wrote itself.
        assert await status("198.51.100.9, 203.0.113.1, 10.1.2.3") == 429
        assert await status("203.0.113.2") == 200
        assert [await status(f"2001:db8::{number}") for number in range(3)] == [200, 200, 429]


# -- on the wire


async def test_two_hundred_calls_at_once_spend_what_there_is(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    async with strict(rate_limit_points_signed_in=40) as narrow:
        answers = await asyncio.gather(*(ask(narrow, CHEAP, ada.token) for _ in range(200)))
        assert sorted(answer.status_code for answer in answers) == [200] * 40 + [429] * 160
        assert sorted(left(answer) for answer in answers if answer.status_code == 200) == list(range(40))


async def test_headers_and_body_of_a_refusal(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    like = 'mutation { likePost(input: {postId: "x"}) { userErrors { code } } }'
    async with strict(rate_limit_points_signed_in=72) as narrow:
        first = await ask(narrow, CHEAP, ada.token)
        assert first.headers["ratelimit-policy"] == '"points";q=72;w=3600;fresque-unit="points"'
        assert first.headers["ratelimit"] == '"points";r=71;t=50'
        assert first.json()["extensions"]["cost"] == {"requested": 0, "maximum": 20_000, "points": 1}
        for _ in range(14):
            assert (await ask(narrow, like, ada.token)).status_code == 200
        for media in ("application/json", "application/graphql-response+json"):
            refused = await ask(narrow, like, ada.token, Accept=media)
            assert (refused.status_code, refused.headers["content-type"].split(";")[0]) == (429, media)
            (error,) = refused.json()["errors"]
            assert "data" not in refused.json()
            seconds = int(refused.headers["retry-after"])
            assert 150 < seconds <= 200  # four points at 50 s each, less what has come back meanwhile
            assert error["extensions"] == {"code": "RATE_LIMITED", "retryAfter": seconds, "limit": 72, "remaining": 1}
            assert error["message"] == f"This costs 5 points, and 1 point remains. Try again in {seconds} s."
            assert refused.headers["ratelimit"].startswith('"points";r=1;t=')
        assert (await ask(narrow, CHEAP, ada.token)).status_code == 200


async def test_what_is_refused_costs_a_point_and_tells(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    async with strict(rate_limit_points_signed_in=100, rate_limit_points_signed_out=100) as narrow:
        kind = {"Accept": "application/graphql-response+json"}
        tried = [
            (await ask(narrow, "{", ada.token, **kind), 400, 99),
            (await ask(narrow, "{ nope }", ada.token, **kind), 400, 98),
            (
                await ask(narrow, "query($x: Int!) { exploreTimeline(first: $x) { liveCursor } }", ada.token, **kind),
                400,
                97,
            ),
            (await ask(narrow, CHEAP, "frq_wrong", **kind), 401, 99),
            (await ask(narrow, CHEAP, **kind), 200, 98),
        ]
        assert [(answer.status_code, left(answer)) for answer, _, _ in tried] == [(a, b) for _, a, b in tried]


async def test_aliases_are_counted(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    likes = " ".join(f'l{n}: likePost(input: {{postId: "x"}}) {{ userErrors {{ code }} }}' for n in range(9))
    async with strict(rate_limit_points_signed_in=100) as narrow:
        assert left(await ask(narrow, f"mutation {{ {likes} }}", ada.token)) == 55
        wide = "{ a: exploreTimeline(first: 100) { edges { node { author { id } } repostedBy { id } } } b: exploreTimeline(first: 100) { edges { node { author { id } } repostedBy { id } } } }"
        answer = await ask(narrow, wide, ada.token)
        cost = answer.json()["extensions"]["cost"]
        assert cost["points"] == math.ceil(cost["requested"] / 100) > 2
        assert left(answer) == 55 - cost["points"]


async def test_sockets_and_http_share_one_budget(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    async with strict(rate_limit_points_signed_in=25) as narrow:
        here = Person(narrow, ada.handle, ada.id, ada.token)
        async with here.socket() as socket:

            async def over_socket(query: str) -> dict[str, Any]:
                message = {"id": "1", "type": "subscribe", "payload": {"query": query}}
                await socket.send(orjson.dumps(message).decode())
                heard: dict[str, Any] = orjson.loads(await socket.recv())
                if heard["type"] == "next":
                    assert orjson.loads(await socket.recv())["type"] == "complete"
                return heard

            assert (await over_socket(CHEAP))["type"] == "next"
            assert left(await ask(narrow, CHEAP, ada.token)) == 23
            live = "subscription { homeTimeline { __typename cursor } }"
            for number in ("a", "b"):
                message = {"id": number, "type": "subscribe", "payload": {"query": live}}
                await socket.send(orjson.dumps(message).decode())
                assert orjson.loads(await socket.recv())["type"] == "next"
            assert left(await ask(narrow, CHEAP, ada.token)) == 2
            assert (await over_socket("{"))["payload"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
            assert (await over_socket(CHEAP))["type"] == "next"
            refused = await over_socket(CHEAP)
            assert (refused["type"], refused["id"]) == ("error", "1")
            assert refused["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
            assert refused["payload"][0]["extensions"]["retryAfter"] > 0
            assert (await ask(narrow, CHEAP, ada.token)).status_code == 429
            await socket.send('{"type": "ping"}')
            assert orjson.loads(await socket.recv())["type"] == "pong"


async def test_streams_over_http_spend_it_too(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    shown = {"Authorization": f"Bearer {ada.token}", "Accept": "text/event-stream"}
    live = {"query": "subscription { homeTimeline { __typename } }"}
    async with strict(rate_limit_points_signed_in=15) as narrow:
        address = f"{narrow.url}/graphql"
        async with narrow.http.stream("POST", address, json=live, headers=shown) as stream:
            assert (stream.status_code, left(stream)) == (200, 5)
            refused = await narrow.http.post(address, json=live, headers=shown)
            assert (refused.status_code, left(refused)) == (429, 5)
            assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_what_never_fits_is_not_put_off(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    post = 'mutation { createPost(input: {text: "x"}) { userErrors { code } } }'
    async with strict(rate_limit_points_signed_in=1_000, rate_limit_burst_signed_in=20) as narrow:
        answer = await ask(narrow, post, ada.token, Accept="application/graphql-response+json")
        assert (answer.status_code, "retry-after" in answer.headers) == (400, False)
        assert answer.json()["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"
        policy = '"points";q=1000;w=3600;fresque-burst=20;fresque-unit="points"'
        assert (await ask(narrow, CHEAP, ada.token)).headers["ratelimit-policy"] == policy


async def test_without_limits_nothing_is_told(strict: Strict) -> None:
    async with strict(rate_limit_points_signed_out=0) as free:
        answer = await ask(free, "{ rateLimit { limit } }")
        assert answer.json()["data"] == {"rateLimit": None}
        assert not [name for name in answer.headers if name.startswith("ratelimit")]


def test_the_embedded_stack_raises_them_unless_told(stack: Stack) -> None:
    usual = Settings()
    found = read(process_environment(stack, {"RATE_LIMIT_SIGN_INS": "7"}, 8000))
    assert found.rate_limit_sign_ins == 7
    assert found.rate_limit_points_signed_in > 10 * usual.rate_limit_points_signed_in
    assert found.rate_limit_points_signed_out > 10 * usual.rate_limit_points_signed_out


# -- rateLimit

BUDGET = "limit cost remaining nodeCount resetAt"
PAGE = "exploreTimeline(first: 100) { edges { node { author { id } } repostedBy { id } } }"


async def test_the_budget_can_be_asked_for(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    async with strict(rate_limit_points_signed_in=3_600) as narrow:
        answer = await ask(narrow, f"{{ rateLimit {{ {BUDGET} }} {PAGE} }}", ada.token)
        body = answer.json()
        found, cost = body["data"]["rateLimit"], body["extensions"]["cost"]
        reset_at = datetime.fromisoformat(found.pop("resetAt"))
        assert abs(datetime.now(UTC) + timedelta(seconds=cost["points"]) - reset_at) < timedelta(seconds=20)
        whole = {"limit": 3_600, "cost": cost["points"], "remaining": left(answer), "nodeCount": cost["requested"]}
        assert found == whole
        assert left(answer) == 3_600 - cost["points"]


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (f"{{ rateLimit(dryRun: true) {{ {BUDGET} }} {PAGE} }}", {}),
        (f"query($dry: Boolean!) {{ rateLimit(dryRun: $dry) {{ {BUDGET} }} {PAGE} }}", {"dry": True}),
        (f"query($dry: Boolean! = true) {{ {PAGE} rateLimit(dryRun: $dry) {{ {BUDGET} }} }}", {}),
        (
            f"{{ ...R ...P }} fragment R on Query {{ rateLimit(dryRun: true) {{ {BUDGET} }} }} fragment P on Query {{ {PAGE} }}",
            {},
        ),
    ],
)
async def test_a_dry_run_tells_and_runs_nothing(strict: Strict, query: str, variables: dict[str, Any]) -> None:
    async with strict(rate_limit_points_signed_out=100) as narrow:
        answer = await narrow.post(query, variables, None, None)
        assert list(answer["data"]) == ["rateLimit"]
        found = answer["data"]["rateLimit"]
        assert found["cost"] == answer["extensions"]["cost"]["points"] == math.ceil(found["nodeCount"] / 100) > 1
        assert (found["limit"], found["remaining"]) == (100, 99)


async def test_a_dry_run_that_says_no_runs(strict: Strict) -> None:
    query = f"query($dry: Boolean!) {{ rateLimit(dryRun: $dry) {{ {BUDGET} }} {PAGE} }}"
    async with strict(rate_limit_points_signed_out=100) as narrow:
        assert sorted((await narrow.post(query, {"dry": False}, None, None))["data"]) == [
            "exploreTimeline",
            "rateLimit",
        ]


async def test_nothing_is_dry_inside_a_mutation(strict: Strict) -> None:
    query = "mutation { logOut(input: {}) { query { rateLimit(dryRun: true) { cost } } } }"
    async with strict() as narrow:
        (error,) = (await ask(narrow, query)).json()["errors"]
        assert (error["extensions"]["code"], error["path"]) == ("BAD_USER_INPUT", ["logOut", "query", "rateLimit"])


# -- signing in


LOG_IN = 'logIn(input: {login: "nobody", password: "wrong wrong", bearer: true}) { userErrors { code message } }'


async def refused_log_in(narrow: Town, **headers: str) -> str:
    """The code with which one try to sign in is refused."""
    answer = await ask(narrow, f"mutation {{ {LOG_IN} }}", **headers)
    code: str = answer.json()["data"]["logIn"]["userErrors"][0]["code"]
    return code


async def test_tries_to_sign_in_are_counted_by_address(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    async with strict(rate_limit_sign_ins=4, trusted_proxies="127.0.0.1") as narrow:
        codes = [await refused_log_in(narrow, **{"X-Forwarded-For": "203.0.113.1"}) for _ in range(6)]
        assert codes == ["UNAUTHENTICATED"] * 4 + ["RATE_LIMITED"] * 2
        right = (
            f'mutation {{ logIn(input: {{login: "{ada.handle}", password: "{PASSWORD}", bearer: true}}) {{ token }} }}'
        )
        elsewhere = await ask(narrow, right, **{"X-Forwarded-For": "203.0.113.2"})
        assert elsewhere.json()["data"]["logIn"]["token"]
        up = 'mutation { signUp(input: {handle: "zed_zed", email: "z@example.org", password: "long enough", bearer: true}) { token userErrors { code retryAfter } } }'
        refused = await ask(narrow, up, **{"X-Forwarded-For": "203.0.113.1"})
        payload = refused.json()["data"]["signUp"]
        [error] = payload["userErrors"]
        assert (payload["token"], error["code"]) == (None, "RATE_LIMITED")
        assert 0 < error["retryAfter"] <= 225  # four tries in a quarter of an hour


# -- Redis away


@asynccontextmanager
async def without_redis(stack: Stack) -> AsyncIterator[None]:
    stack.redis.kill()
    try:
        yield
    finally:
        stack.redis.start()


async def test_without_redis_all_goes_on_uncounted(
    strict: Strict, town: Town, stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    ada = await town.person("ada")
    async with strict(rate_limit_points_signed_in=35) as narrow:
        assert (await ask(narrow, CHEAP, ada.token)).status_code == 200
        with caplog.at_level(logging.WARNING, "safety.limit"):
            async with without_redis(stack):
                post = 'mutation { createPost(input: {text: "x"}) { post { id } } }'
                for query in [CHEAP, post] * 20:
                    answer = await ask(narrow, query, ada.token)
                    assert (answer.status_code, "errors" in answer.json()) == (200, False)
                    assert "ratelimit" not in answer.headers
                assert (await ask(narrow, "{ rateLimit { limit } }", ada.token)).json()["data"] == {"rateLimit": None}

            async with asyncio.timeout(PATIENCE_SECONDS):  # within a second it is tried again
                while "ratelimit" not in (await ask(narrow, CHEAP, ada.token)).headers:
                    pass
        said = [record.getMessage() for record in caplog.records if record.name == "safety.limit"]
        assert len([line for line in said if line.startswith("redis does not count points")]) == 1
        (again,) = [line for line in said if line.startswith("redis counts points again")]
        assert int(again.split("; ")[1].split()[0]) >= 41


async def test_without_redis_all_is_refused_where_that_is_wanted(strict: Strict, stack: Stack) -> None:
    async with strict(rate_limit_required=True) as narrow, without_redis(stack):
        answer = await ask(narrow, CHEAP)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
        assert answer.json()["errors"][0]["extensions"] == {"code": "RATE_LIMITED", "retryAfter": 5}


async def test_without_redis_tries_to_sign_in_are_still_counted(strict: Strict, stack: Stack) -> None:
    async with strict(rate_limit_sign_ins=3) as narrow, without_redis(stack):
        codes = [await refused_log_in(narrow) for _ in range(5)]
        assert codes == ["UNAUTHENTICATED"] * 3 + ["RATE_LIMITED"] * 2
