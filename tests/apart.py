"""Answers in parts as a client of the tests reads them, and what they add up to."""

from __future__ import annotations

from email.parser import BytesParser
from typing import Any

import httpx
import orjson

from execution.transports.negotiation import DEFER_2022, GRAPHQL_RESPONSE, INCREMENTAL, JSON

KINDS = {"2022": DEFER_2022, "now": INCREMENTAL}
HEAD = "\r\nContent-Type: application/json\r\n\r\n"


def accepting(kind: str) -> dict[str, str]:
    """As Apollo Client asks."""
    return {"accept": f"{KINDS[kind]},{GRAPHQL_RESPONSE},{JSON};q=0.9"}


def parts_of(answer: httpx.Response) -> list[Any]:
    """Every part of the answer, as the standard library's MIME reader finds them, defects refused."""
    head = f"content-type: {answer.headers['content-type']}\r\n\r\n".encode()
    whole = BytesParser().parsebytes(head + answer.content)
    assert (whole.defects, whole.preamble, whole.epilogue) == ([], "", "")
    found = []
    for one in whole.get_payload():
        assert not isinstance(one, str)
        assert (one.defects, one.items()) == ([], [("Content-Type", "application/json")])
        found.append(orjson.loads(one.get_payload(decode=True)))  # type: ignore[arg-type]  # bytes, when decoded
    assert [part["hasNext"] for part in found] == [True] * (len(found) - 1) + [False]
    return found


async def asked(client: httpx.AsyncClient, url: str, kind: str, query: str, **headers: str) -> list[Any]:
    """Every part of the answer to a query with something deferred."""
    answer = await client.post(url, json={"query": query}, headers={**accepting(kind), **headers})
    spec = KINDS[kind].partition(";")[2]
    assert (answer.status_code, answer.headers["content-type"]) == (200, f'multipart/mixed;boundary="graphql";{spec}')
    assert (answer.headers["cache-control"], answer.headers["vary"]) == ("no-store", "Accept, Origin")
    return parts_of(answer)


def joined(parts: list[Any]) -> tuple[Any, list[Any]]:
    """What a client has when all parts have come, whichever format: the data, and the errors."""
    data, errors = parts[0]["data"], list(parts[0].get("errors", ()))
    places: dict[str, list[Any]] = {}
    for part in parts:
        places |= {one["id"]: one["path"] for one in part.get("pending", ())}
        for one in part.get("incremental", ()):
            path = one["path"] if "path" in one else [*places[one["id"]], *one.get("subPath", ())]
            place = data
            for step in path:
                place = place[step]
            merge(place, one["data"] or {})
            errors += one.get("errors", ())
        for one in part.get("completed", ()):
            del places[one["id"]]
            errors += one.get("errors", ())
    assert places == {}
    return data, errors


def merge(into: Any, given: Any) -> None:
    """Objects into objects, lists place by place."""
    for key, value in given.items() if isinstance(given, dict) else enumerate(given):
        if isinstance(value, dict | list) and isinstance(into, dict) and key not in into:
            into[key] = value
        elif isinstance(value, dict | list):
            merge(into[key], value)
        else:
            into[key] = value
