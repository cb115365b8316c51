"""Rich text as facets: half-open ranges of UTF-8 bytes over a text that itself stays plain.

`clean` makes the text that is stored, `measure` its length as people count, `find` the mentions, hashtags and links in it.
All three are pure; whether a mentioned handle exists is asked by the post.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

import regex

LONGEST_GRAPHEMES = 500
LONGEST_BYTES = 3_000
LINK_GRAPHEMES = 23
MOST_FACETS = 100
LONGEST_HASHTAG = 100

_GRAPHEME = regex.compile(r"\X")
_LINK = regex.compile(r"(?<![\p{L}\p{N}_@/])https?://[^\s\p{C}<>\"'`{}|\\^\[\]]+", regex.IGNORECASE)
_HOST = regex.compile(
    r"https?://(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]*(?::\d{1,5})?(?=[/?#]|$)",
    regex.IGNORECASE,
)
_LOCAL_HOST = regex.compile(r"https?://(?:localhost|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?(?=[/?#]|$)", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<![\p{L}\p{N}_@/.#&=])@([A-Za-z0-9_]{1,30})(?![\p{L}\p{N}_@])")
_HASHTAG = regex.compile(
    r"(?<![\p{L}\p{N}_#&/=])[#＃]([\p{L}\p{M}\p{N}_\u200c\u200d]*[\p{L}\p{M}_][\p{L}\p{M}\p{N}_\u200c\u200d]*)(?![\p{L}\p{M}\p{N}_#])"
)
_TRAILING = ".,:;!?…·、。，．！？：；'\"“”‘’*_~"
# Control characters, lone surrogates, and what shows nothing and joins nothing (zero-width space, word joiner, BOM).
_UNWANTED = regex.compile(r"[[\p{Cc}\p{Cs}\p{Co}\u200b\u2060\ufeff]--[\n\t]]", regex.VERSION1)


class FacetKind(Enum):
    """What a range of the text is."""

    MENTION = "mention"
    HASHTAG = "hashtag"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Facet:
    """Bytes `start` … `end` (half-open, UTF-8) are a mention (value: handle), a hashtag (value: name) or a link (value: URL).

    `user_id` is who a mention means, once the handle has been looked up.
    """

    start: int
    end: int
    kind: FacetKind
    value: str
    user_id: int | None = None


def clean(text: str) -> str:
    """The text as it is stored: NFC, line ends as \\n, no control characters or lone surrogates, no space around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text)).strip()


def kept(text: str, longest_graphemes: int, longest_bytes: int) -> str | None:
    """The text as it is stored, or None when it is too long; what is far too long is not even looked at."""
    if len(text) > 2 * longest_bytes:
        return None
    found = clean(text)
    return found if len(found.encode()) <= longest_bytes and measure(found) <= longest_graphemes else None


def measure(text: str) -> int:
    """Length in grapheme clusters, a link counting `LINK_GRAPHEMES`."""
    total = 0
    place = 0
    for start, end in _links(text):
        total += _graphemes(text[place:start]) + LINK_GRAPHEMES
        place = end
    return total + _graphemes(text[place:])


def _graphemes(text: str) -> int:
    return len(text) if text.isascii() and "\r" not in text else sum(1 for _ in _GRAPHEME.finditer(text))


def _links(text: str) -> list[tuple[int, int]]:
    found = []
    for match in _LINK.finditer(text):
        link = match.group()
        end, unopened = len(link), link.count(")") - link.count("(")
        while end and (link[end - 1] in _TRAILING or (link[end - 1] == ")" and unopened > 0)):
            end -= 1
            unopened -= link[end] == ")"
        link = link[:end]
        if _HOST.match(link) or _LOCAL_HOST.match(link):
            found.append((match.start(), match.start() + len(link)))
    return found


def find(text: str) -> list[Facet]:
    """Every facet in `text`, in order, never overlapping, at most `MOST_FACETS`. Mentions carry the handle in lower case."""
    spans: list[tuple[int, int, FacetKind, str]] = []
    taken: list[tuple[int, int]] = []
    for start, end in _links(text):
        spans.append((start, end, FacetKind.LINK, text[start:end]))
        taken.append((start, end))
    for pattern, kind in ((_MENTION, FacetKind.MENTION), (_HASHTAG, FacetKind.HASHTAG)):
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            value = match.group(1)
            if kind is FacetKind.HASHTAG and len(value) > LONGEST_HASHTAG:
                continue
            spans.append((start, end, kind, value.lower() if kind is FacetKind.MENTION else value))
            taken.append((start, end))
    spans.sort()
    facets: list[Facet] = []
    place = 0
    byte = 0
    for start, end, kind, value in spans[:MOST_FACETS]:
        byte += len(text[place:start].encode())
        length = len(text[start:end].encode())
        facets.append(Facet(byte, byte + length, kind, value))
        byte += length
        place = end
    return facets


def hashtag_in(text: str) -> str | None:
    """The name in `name` or `#name` as it would be found in a post, None when a post cannot have such a hashtag."""
    if len(text) > 2 * LONGEST_HASHTAG:
        return None
    bare = clean(text)
    found = _HASHTAG.fullmatch(bare if bare[:1] in ("#", "＃") else f"#{bare}")
    return found.group(1) if found and len(found.group(1)) <= LONGEST_HASHTAG else None


def hashtags(facets: Iterable[Facet]) -> list[str]:
    """The hashtags among the facets, each once, folded."""
    return sorted({folded(found.value) for found in facets if found.kind is FacetKind.HASHTAG})


def folded(hashtag: str) -> str:
    """The name under which a hashtag is one and the same, whatever its case and width."""
    return unicodedata.normalize("NFKC", hashtag).casefold()
