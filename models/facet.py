"""Rich text as facets: half-open ranges of UTF-8 bytes over a text that itself stays plain.

`clean` makes the text that is stored, `measure` its length as people count, `find` the mentions, hashtags and links in it.
All three are pure; whether a mentioned handle exists is asked by the post.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
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
# Scripts that put no space between words: what stands before or after a mention there is no part of it.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_MENTION = regex.compile(
    rf"(?<![[\p{{L}}\p{{M}}\p{{N}}_@＠/.#&=]--[{_UNSPACED}]])[@＠]([A-Za-z0-9_]{{1,30}})(?![[\p{{L}}\p{{M}}\p{{N}}_@＠\u200c\u200d]--[{_UNSPACED}]])",
    regex.VERSION1,
)
# Within a word some scripts have marks that are no letters: the Catalan and the Japanese dot, Hebrew geresh, the Tibetan tsheg.
_TAGGED = r"[\p{L}\p{M}\p{N}_\u200c\u200d]|[\u00b7\u05be\u05f3\u05f4\u0f0b\u30fb](?=[\p{L}\p{N}_])"
_HASHTAG = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}\p{{N}}_#＃&/=])[#＃](?!\p{{M}})((?:{_TAGGED})*?[\p{{L}}_](?:{_TAGGED})*+)(?![\p{{L}}\p{{M}}\p{{N}}_#＃])"
)
_TRAILING = ".,:;!?…·、。，．！？：；'\"“”‘’*_~"
# Control characters, lone surrogates, what shows nothing and joins nothing (zero-width space, word joiner, BOM, soft hyphen,
# Hangul's blank letters), and what turns letters around: an override makes a link read backwards.
_UNWANTED = regex.compile(
    r"[[\p{Cc}\p{Cs}\p{Co}\u00ad\u180e\u200b\u202d\u202e\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]--[\n\t]]",
    regex.VERSION1,
)
_LINE_ENDS = regex.compile(r"\r\n|[\r\u2028\u2029]")
# Tag characters are seen nowhere but at the end of three flags: elsewhere they carry what nobody sees.
_TAGS = regex.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)|[\U000e0000-\U000e007f]")
_TURNS = regex.compile("[\u202a-\u202c\u2066-\u2069]")
_ISOLATES, _EMBEDDINGS, _POP_ISOLATE, _POP_EMBEDDING = "\u2066\u2067\u2068", "\u202a\u202b", "\u2069", "\u202c"
MOST_TURNS = 16  # within each other
_JOINERS = regex.compile(r"(?:(?<=\s|^)[\u200c\u200d]+|(?<=[\u200c\u200d])[\u200c\u200d]+)", regex.MULTILINE)
MOST_MARKS = 12  # upon one letter: no script has more, and with many a post grows over its neighbours
_MARKS = regex.compile(rf"(?<=\p{{M}}{{{MOST_MARKS}}})\p{{M}}+")
_DOTS = {ord(dot): "." for dot in "。｡․"}
_UNSEEN = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_SHOWN = regex.compile(
    r"[^\s\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{M}\p{Default_Ignorable_Code_Point}\u2800]"
)  # \u2800: a blank of braille


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
    """The text as it is stored: NFC, line ends as \\n, no space around it, and nothing in it that is not what it seems.

    No control characters or lone surrogates, no invisible ones but joiners between letters, no overrides of direction; what
    else turns the direction ends with its line. A text that shows nothing is empty.
    """
    found = tidied(text).strip()
    return found if _SHOWN.search(found) else ""


def tidied(text: str) -> str:
    """The text as it is stored but for the space around it, which is what ranges in a text of a client's own lie in."""
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    if text.isascii():
        return text
    text = _TAGS.sub(r"\1", text)
    if _TURNS.search(text):
        text = "\n".join(_closed(line) for line in text.split("\n"))
    kept: str = _MARKS.sub("", unicodedata.normalize("NFC", _JOINERS.sub("", text)))
    return kept


def _closed(line: str) -> str:
    """A line with every turn of direction closed in it, and no closing of what was not opened."""
    found: list[str] = []
    opened: list[str] = []
    for character in line:
        if character in _ISOLATES or character in _EMBEDDINGS:
            if len(opened) >= MOST_TURNS:
                continue
            opened.append(_POP_ISOLATE if character in _ISOLATES else _POP_EMBEDDING)
        elif character == _POP_EMBEDDING:
            if not opened or opened[-1] != character:
                continue
            opened.pop()
        elif character == _POP_ISOLATE:
            if character not in opened:
                continue
            while opened.pop() != character:
                found.append(_POP_EMBEDDING)
        found.append(character)
    return "".join([*found, *reversed(opened)])


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


def breaks(text: str) -> set[int]:
    """Where a text may be cut so that no character, as people see them, is cut in two: its ends, and between characters."""
    if text.isascii():
        return set(range(len(text) + 1))
    return {0, *(match.end() for match in _GRAPHEME.finditer(text))}


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
    return _whole(text, found) if found else found


def _whole(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that cut no character in two: one that joins with what follows it may stand before a link."""
    whole = breaks(text)
    return [(start, end) for start, end in spans if start in whole and end in whole]


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
    whole = breaks(text)
    spans = sorted(span for span in spans if span[0] in whole and span[1] in whole)
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


def is_link(address: str) -> bool:
    """Whether an address would be found as a link, all of it: http or https, a host with a dot, no name or password."""
    return _LINK.fullmatch(address) is not None and bool(_HOST.match(address) or _LOCAL_HOST.match(address))


def plain(text: str) -> str:
    """A text as it looks: wide letters and dots are those they look like, and what is not seen is not there."""
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).translate(_DOTS)


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
    """The name under which a hashtag is one and the same, whatever its case, its width and what is not seen in it."""
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", hashtag)).casefold()


def hashtags_stored(facets: Iterable[Mapping[str, object]]) -> list[str]:
    """The hashtags among facets as they stand in a row, each once, folded."""
    return sorted({folded(str(one["value"])) for one in facets if one["kind"] == FacetKind.HASHTAG.value})
