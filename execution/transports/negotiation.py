"""Which of the media types we offer an `Accept` header prefers."""

from __future__ import annotations

from collections.abc import Sequence

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
HTML = "text/html"


def negotiate(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer with the highest quality; among equals what the client names first, for wildcards what we offer first.

    No header means anything goes. None when nothing we offer is acceptable.
    """
    ranges = _ranges(accept if accept is not None and accept.strip() else "*/*")
    ranked: list[tuple[float, int, int, str]] = []
    for place, offer in enumerate(offers):
        matching = [
            (_precision(media), quality, index)
            for index, (media, quality) in enumerate(ranges)
            if _covers(media, offer)
        ]
        if matching:
            _, quality, index = max(matching, key=lambda match: (match[0], -match[2]))  # the most precise range speaks
            if quality > 0:
                ranked.append((-quality, index, place, offer))
    return min(ranked)[3] if ranked else None


def _ranges(accept: str) -> list[tuple[str, float]]:
    ranges: list[tuple[str, float]] = []
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
        ranges.append((media, quality))
    return ranges


def _covers(media: str, offer: str) -> bool:
    return media in (offer, "*/*") or (media.endswith("/*") and offer.startswith(media[:-1]))


def _precision(media: str) -> int:
    return 0 if media == "*/*" else 1 if media.endswith("/*") else 2
