"""Phrasing: what a text names. Found by the server, or said by the client and then checked against the text.

A client that gives facets decides alone what is a mention, a hashtag or a link, and its ranges may not lie: they are bytes of
the text it sent, cut no character, do not overlap, and show nothing that leads elsewhere than it looks (a link whose text
is another address, a mention whose text is another's handle).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import urlsplit

import regex

from errors import BadInput, NotFound
from models import facet
from models.database import fetch
from models.facet import Facet, FacetKind

LONGEST_LINK_CHARACTERS = 2_000
_ADDRESS = regex.compile(
    r"(?:https?://)?((?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*)\.)+[\p{L}][\p{L}\p{N}\p{M}-]+)(?:[:/?#].*)?", regex.I
)
_HANDLE = regex.compile(r"[@＠]([A-Za-z0-9_]{1,30})")
_AROUND = " \t\n()[]<>«»“”‘’\"'.,:;!?…"


@dataclass(frozen=True, slots=True)
class Given:
    """A facet as a client says it: bytes `start` … `end` of the text as it was sent; one of the others says what it is."""

    start: int
    end: int
    user_id: int | None = None
    hashtag: str | None = None
    link: str | None = None


async def said(author_id: int, raw: str, text: str, given: Sequence[Given]) -> list[Facet]:
    """The facets a client gave, in order, as ranges of `text`, which is `raw` as it is stored.

    Raises BadInput for those that lie and NotFound for mentions of nobody, each with the path of what is wrong.
    """
    if len(given) > facet.MOST_FACETS:
        raise BadInput(f"A text has at most {facet.MOST_FACETS} facets.", ["facets"])
    people = await _people(author_id, [one.user_id for one in given if one.user_id is not None])
    ruler = _Ruler(raw, text)
    placed: list[tuple[int, Facet]] = []
    for index, one in enumerate(given):
        path = ["facets", str(index)]
        start, end = ruler.place(one.start, [*path, "start"]), ruler.place(one.end, [*path, "end"])
        if start >= end:
            raise BadInput("A facet ends after it starts.", [*path, "end"])
        kind, value = _meaning(one, text[start:end], people, [*path, "feature"])
        begin = len(text[:start].encode())
        placed.append((index, Facet(begin, begin + len(text[start:end].encode()), kind, value, one.user_id)))
    placed.sort(key=lambda item: item[1].start)
    for (_, before), (index, after) in pairwise(placed):
        if after.start < before.end:
            raise BadInput("Two facets overlap.", ["facets", str(index), "start"])
    return [found for _, found in placed]


class _Ruler:
    """Turns places in the text as it was sent into places in the text as it is stored."""

    def __init__(self, raw: str, text: str) -> None:
        self._raw = raw.encode("utf-8", "surrogatepass")
        self._text = text
        self._same = raw == text
        self._tidied = text if self._same else facet.tidied(raw)
        self._left = len(self._tidied) - len(self._tidied.lstrip())
        self._breaks = facet.breaks(text)

    def place(self, byte: int, path: Sequence[str]) -> int:
        """The character at which this byte begins. Raises BadInput outside of the text and inside of a character."""
        if not 0 <= byte <= len(self._raw):
            raise BadInput("A facet lies within the bytes of the text.", path)
        try:
            before = self._raw[:byte].decode("utf-8", "surrogatepass")
            after = self._raw[byte:].decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise BadInput("A facet is a range of UTF-8 bytes and cuts no character.", path) from None
        if not self._same:
            before = facet.tidied(before)
            if before + facet.tidied(after) != self._tidied:
                raise BadInput("The text is changed here before it is kept: send it in NFC.", path)
        found = min(max(len(before) - self._left, 0), len(self._text))
        if found not in self._breaks:
            raise BadInput("A facet cuts no character as people see them.", path)
        return found


def _meaning(given: Given, shown: str, people: dict[int, str], path: Sequence[str]) -> tuple[FacetKind, str]:
    if given.user_id is not None:
        handle = people.get(given.user_id)
        if handle is None:
            raise NotFound("There is no such person.", [*path, "mention"])
        named = _HANDLE.fullmatch(shown)
        if named and named.group(1).lower() != handle:
            raise BadInput("The text names somebody else than the mention.", [*path, "mention"])
        return FacetKind.MENTION, handle
    if given.hashtag is not None:
        name = facet.hashtag_in(given.hashtag)
        if name is None or facet.folded(shown.removeprefix("#").removeprefix("＃")) != facet.folded(name):
            raise BadInput("The text shows another hashtag, or none.", [*path, "hashtag"])
        return FacetKind.HASHTAG, name
    link = given.link or ""
    if len(link) > LONGEST_LINK_CHARACTERS or not facet.is_link(link):
        raise BadInput("A link is an http or https address.", [*path, "link"])
    if _HANDLE.fullmatch(shown) or any(not _leads_to(host, link) for host in _hosts(shown)):
        raise BadInput("The text looks like an address that the link does not lead to.", [*path, "link"])
    return FacetKind.LINK, link


def _hosts(shown: str) -> list[str]:
    """The hosts that a text shows, as words that look like addresses."""
    words = facet.plain(shown).split()
    found = [_ADDRESS.fullmatch(word.strip(_AROUND)) for word in words]
    return [match.group(1) for match in found if match]


def _leads_to(shown: str, link: str) -> bool:
    """Whether a link leads to the host that is shown, or to one of its own."""
    real, looks = _ascii(urlsplit(facet.plain(link)).hostname or ""), _ascii(shown)
    return real == looks or real.endswith(f".{looks}")


def _ascii(host: str) -> str:
    bare = host.lower().removeprefix("www.")
    try:
        return bare.encode("idna").decode()
    except UnicodeError:
        return bare


async def _people(author_id: int, wanted: Sequence[int]) -> dict[int, str]:
    """Handles by id of those who are there and do not block the author."""
    if not wanted:
        return {}
    rows = await fetch(
        f"SELECT u.id, u.handle FROM users u WHERE u.id = ANY($1::bigint[]) AND NOT u.gone AND {_MAY_NAME}",
        wanted,
        author_id,
    )
    return {row["id"]: row["handle"] for row in rows}


_MAY_NAME = "NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $2)"


async def found(author_id: int, text: str) -> list[Facet]:
    """The facets the server finds; a handle nobody has (or that blocks the author) stays plain text."""
    facets = facet.find(text)
    handles = {one.value for one in facets if one.kind is FacetKind.MENTION}
    if not handles:
        return facets
    rows = await fetch(
        f"SELECT u.id, u.handle FROM users u WHERE u.handle = ANY($1::text[]) AND NOT u.gone AND {_MAY_NAME}",
        list(handles),
        author_id,
    )
    people = {row["handle"]: row["id"] for row in rows}
    return [
        replace(one, user_id=people.get(one.value)) if one.kind is FacetKind.MENTION else one
        for one in facets
        if one.kind is not FacetKind.MENTION or one.value in people
    ]


def check_allowed(facets: Sequence[Facet], author_id: int, allowed: Collection[int] | None) -> None:
    """Raise BadInput where a text names somebody whom the client did not say it may. None allows everybody."""
    if allowed is None:
        return
    surprising = sorted(
        {f"@{one.value}" for one in facets if one.user_id is not None and one.user_id not in {author_id, *allowed}}
    )
    if surprising:
        raise BadInput(f"This would mention {', '.join(surprising)}, which was not allowed.", ["allowedMentionIds"])
