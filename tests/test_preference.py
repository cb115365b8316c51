"""What an `Accept` header means, as the clients that others wrote send it: JSON, a stream, or a stream for all."""

from __future__ import annotations

import pytest

from execution.transports.negotiation import EVENT_STREAM, GRAPHQL_RESPONSE, JSON, MULTIPART, preference

URQL = f"{GRAPHQL_RESPONSE}, application/graphql+json, {JSON}, {EVENT_STREAM}, {MULTIPART}"
APOLLO = f"{MULTIPART};boundary=graphql;subscriptionSpec=1.0,{GRAPHQL_RESPONSE},{JSON};q=0.9"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, (JSON, None, None)),
        ("*/*", (JSON, None, None)),
        ("text/*", (None, None, None)),
        (EVENT_STREAM, (None, EVENT_STREAM, EVENT_STREAM)),
        (URQL, (GRAPHQL_RESPONSE, EVENT_STREAM, None)),
        (f"{EVENT_STREAM}, {MULTIPART}", (None, EVENT_STREAM, EVENT_STREAM)),
        (f"{EVENT_STREAM}, {JSON}", (JSON, EVENT_STREAM, EVENT_STREAM)),
        (f"{EVENT_STREAM}, */*", (JSON, EVENT_STREAM, EVENT_STREAM)),
        (f"*/*, {EVENT_STREAM}", (JSON, EVENT_STREAM, None)),
        (f"{EVENT_STREAM};q=0.5, {JSON}", (JSON, EVENT_STREAM, None)),
        (f"{JSON};q=0.5, {EVENT_STREAM};q=0.6", (JSON, EVENT_STREAM, EVENT_STREAM)),
        (f"{EVENT_STREAM};q=0, {JSON}", (JSON, None, None)),
        (f"application/graphql+json, {EVENT_STREAM}, {JSON}", (JSON, EVENT_STREAM, None)),
        (APOLLO, (GRAPHQL_RESPONSE, MULTIPART, None)),
        (f'{JSON}, Multipart/Mixed; SubscriptionSpec="1.0"', (JSON, MULTIPART, None)),
        (f"{MULTIPART};subscriptionSpec=1.0;q=0.5, {EVENT_STREAM}", (None, EVENT_STREAM, EVENT_STREAM)),
        (f"{MULTIPART};subscriptionSpec=1.0", (None, MULTIPART, MULTIPART)),
        (f"{MULTIPART};deferSpec=20220824, {JSON}", (JSON, None, None)),
        (MULTIPART, (None, None, None)),
    ],
)
def test_what_an_accept_header_means(accept: str | None, expected: tuple[str | None, str | None, str | None]) -> None:
    wish = preference(accept)
    assert (wish.media, wish.stream, wish.always) == expected
