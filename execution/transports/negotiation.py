"""Which of the media types we offer an `Accept` header prefers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
GRAPHQL_JSON = "application/graphql+json"  # not offered, yet whoever names it wants JSON
HTML = "text/html"
EVENT_STREAM = "text/event-stream"
MULTIPART = "multipart/mixed"
SUBSCRIPTION_SPEC = "1.0"
DEFER_2022 = "multipart/mixed;deferSpec=20220824"  # two formats of answers in parts, for `@defer`
INCREMENTAL = "multipart/mixed;incrementalSpec=v0.2"


@dataclass(frozen=True, slots=True)
class Preference:
    """What one `Accept` header means: a JSON type, the stream for a subscription, the stream for all else, the format of parts.

    Each is None when it is not wanted. Clients name streams on every request, so a stream carries a query or mutation only
    when it comes before every JSON type, or when no JSON type is acceptable. `parts` is for what has `@defer`.
    """

    media: str | None
    stream: str | None
    always: str | None
    parts: str | None


@lru_cache(maxsize=256)
def preference(accept: str | None) -> Preference:
    """What the header prefers. A stream must be named: wildcards stand for JSON."""
    media = negotiate(accept, (JSON, GRAPHQL_RESPONSE))
    ranges = _ranges(accept or "")
    streams = [
        (-quality, index, kind)
        for index, (kind, quality, parameters) in enumerate(ranges)
        if quality > 0 and (kind == EVENT_STREAM or (kind == MULTIPART and _is_for_subscriptions(parameters)))
    ]
    stream = min(streams)[2] if streams else None
    parts = _parts(ranges)
    if media is None:
        return Preference(None, stream, stream or parts, None if stream else parts)
    named = any(kind == EVENT_STREAM for _, _, kind in streams)
    first = named and negotiate(accept, (JSON, GRAPHQL_RESPONSE, GRAPHQL_JSON, EVENT_STREAM)) == EVENT_STREAM
    return Preference(media, stream, EVENT_STREAM if first else None, None if first else parts)


def _is_for_subscriptions(parameters: dict[str, str]) -> bool:
    return parameters.get("subscriptionspec") == SUBSCRIPTION_SPEC


def _parts(ranges: Sequence[tuple[str, float, dict[str, str]]]) -> str | None:
    """The format that is named, first or with the highest quality, when no JSON type is liked better."""
    named: list[tuple[float, int, str]] = []
    json = 0.0
    for index, (media, quality, parameters) in enumerate(ranges):
        if media in (JSON, GRAPHQL_RESPONSE):
            json = max(json, quality)
        elif media == MULTIPART and quality > 0:
            if parameters.get("deferspec") == "20220824":
                named.append((-quality, index, DEFER_2022))
            elif parameters.get("incrementalspec") == "v0.2":
                named.append((-quality, index, INCREMENTAL))
    return min(named)[2] if named and -min(named)[0] >= json else None


def negotiate(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer with the highest quality; among equals what the client names first, for wildcards what we offer first.

    No header means anything goes. None when nothing we offer is acceptable.
    """
    ranges = _ranges(accept if accept is not None and accept.strip() else "*/*")
    ranked: list[tuple[float, int, int, str]] = []
    for place, offer in enumerate(offers):
        matching = [
            (_precision(media), quality, index)
            for index, (media, quality, _) in enumerate(ranges)
            if _covers(media, offer)
        ]
        if matching:
            _, quality, index = max(matching, key=lambda match: (match[0], -match[2]))  # the most precise range speaks
            if quality > 0:
                ranked.append((-quality, index, place, offer))
    return min(ranked)[3] if ranked else None


def _ranges(accept: str) -> list[tuple[str, float, dict[str, str]]]:
    ranges: list[tuple[str, float, dict[str, str]]] = []
    for part in accept.split(","):
        media, *pieces = (piece.strip().lower() for piece in part.split(";"))
        pairs = (piece.partition("=") for piece in pieces)
        parameters = {name.strip(): value.strip().strip('"') for name, _, value in pairs}
        try:
            quality = min(max(float(parameters.get("q", 1.0)), 0.0), 1.0)
        except ValueError:
            quality = 0.0
        ranges.append((media, quality, parameters))
    return ranges


def _covers(media: str, offer: str) -> bool:
    return media in (offer, "*/*") or (media.endswith("/*") and offer.startswith(media[:-1]))


def _precision(media: str) -> int:
    return 0 if media == "*/*" else 1 if media.endswith("/*") else 2
