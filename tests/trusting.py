"""Documents of the toy schema, manifests of them as each tool writes its own, and how tests ask by id and by hash."""

from __future__ import annotations

from hashlib import md5, sha256
from typing import Any

from execution.transports.negotiation import GRAPHQL_RESPONSE
from execution.trusted import Trusted
from tests.speaking import greet, hear, say
from tests.toy import Served

HELLO = "query Hello($n: String) { hello(name: $n) }"
WHO = "query Who { whoami user { ...F } } fragment F on User { boss { name viewerIsFriend } }"
WRITE = "mutation Write($t: String!) { write(text: $t) }"
COUNT = "subscription Count { count(to: 1) { number } }"
VIEWER = "query Viewer { viewer { id } }"
REFUSED = "query Refused { refused }"
ANN = {"authorization": "Bearer ann"}
RESPONSE = {"accept": GRAPHQL_RESPONSE}


def sha(text: str) -> str:
    """The hash by which documents are known, in hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def relay(*texts: str) -> dict[str, str]:
    """As relay-compiler writes it: MD5 unless told otherwise."""
    return {md5(text.encode(), usedforsecurity=False).hexdigest(): text for text in texts}


def codegen(*texts: str) -> dict[str, str]:
    """As the client preset of graphql-codegen writes it."""
    return {f"sha256:{sha(text)}": text for text in texts}


def apollo(*texts: str) -> dict[str, Any]:
    """As generate-persisted-query-manifest writes it."""
    operations = [{"id": sha(text), "body": text, "name": text.split()[1], "type": text.split()[0]} for text in texts]
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations}


def hashed(text: str) -> dict[str, Any]:
    """The extensions of an automatic persisted query."""
    return {"persistedQuery": {"version": 1, "sha256Hash": sha(text)}}


KNOWN = Trusted({**codegen(HELLO, WHO, WRITE, COUNT, VIEWER, REFUSED), "custom:hello.v1": HELLO})


def code(result: dict[str, Any]) -> str:
    """The code of the one error of an operation that was not run."""
    assert "data" not in result
    (error,) = result["errors"]
    return str(error["extensions"]["code"])


async def over_socket(served: Served, **payload: Any) -> dict[str, Any]:
    """The first answer to an operation on a socket of its own, as HTTP would show it."""
    async with served.dial() as socket:
        await greet(socket)
        await say(socket, type="subscribe", id="1", payload=payload)
        heard = await hear(socket)
        answer: dict[str, Any] = {"errors": heard["payload"]} if heard["type"] == "error" else heard["payload"]
        # Whatever it was, the socket lives.
        await say(socket, type="ping")
        while heard["type"] != "pong":
            heard = await hear(socket)
    return answer
