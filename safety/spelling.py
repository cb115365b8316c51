"""What a text says, whatever it is written with: words as they read, with look-alikes, spacing and digits for letters undone.

Words are whole words: nothing is looked for inside of another word, so Scunthorpe and Essex are left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_SPELLED_LETTERS = 16  # of a word that is s p e l l e d
SHORTEST_SPELLED_LETTERS = 3
MOST_SPELLED = 400  # letters that stand alone, in one text, from which a word may begin
MOST_LETTERS = 64  # of a word; what is longer is no word of any list
_LOOKALIKES = str.maketrans(
    {
        # Cyrillic
        **dict(zip("авекмнорстухієїјѕһԁԛԝґԍӏьпгиля", "abekmhopctyxieijshdqwrglbnruna", strict=True)),
        # Greek
        **dict(zip("αβγδεζηθικλμνξοπρστυφχψω", "abydeznoiklmvxonpotuoxyw", strict=True)),
        # Latin letters that no decomposition undoes
        **dict(zip("ıøłđðþħɑɡɩʟɴʀʏᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢ", "iolddphagilnryacdejkmoptuvwz", strict=True)),
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "’": "'",
    }
)
_DIGITS = str.maketrans("0345789@$€!|+¡", "oeastbgaseilti")
_ONE = {"i": str.maketrans("1", "i"), "l": str.maketrans("1!|", "lll")}
_PIECE = re.compile(r"[^\W_]+")
_EDGES = ".,;:!?¡¿\"'()[]{}<>*~`…-–—"
_LONG_RUN = re.compile(r"(.)\1{2,}")
_SIGNS = re.compile(r"[@$€!|+¡\d]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: `text` as it is written, without accents and case; `readings` all that it may be meant for."""

    text: str
    readings: frozenset[str]


def plain(text: str) -> str:
    """The text in small Latin letters where they look so: compatibility forms, accents, what does not show and case undone."""
    spread = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(sign for sign in spread if unicodedata.category(sign) not in ("Mn", "Cf", "Me"))
    return kept.translate(_LOOKALIKES)


def words(text: str) -> list[Word]:
    """The words of a text, in order. Work and answer grow with its length alone."""
    found: list[Word] = []
    for chunk in plain(text).split():
        found.extend(_of_chunk(chunk.strip(_EDGES) or chunk))
    for at, spelled in _spelled([word.text for word in found]):
        found[at] = Word(found[at].text, found[at].readings | spelled)
    return found


def _of_chunk(chunk: str) -> Iterator[Word]:
    pieces = _PIECE.findall(chunk)
    for at, piece in enumerate(pieces):
        readings = _readings(piece)
        if at == 0 and (len(pieces) > 1 or _SIGNS.search(chunk)) and len(chunk) <= MOST_LETTERS:
            readings |= {"".join(_PIECE.findall(meant)) for meant in _readings(chunk)}
        yield Word(piece, frozenset(readings))


def _readings(written: str) -> set[str]:
    """What may be meant by some signs without a space: digits for letters, and letters held down."""
    if len(written) > MOST_LETTERS:
        return {written}
    found = {written}
    if any(sign.isalpha() for sign in written) and _SIGNS.search(written):
        found |= {written.translate(one).translate(_DIGITS) for one in _ONE.values()}
    for one in [*found]:
        if _LONG_RUN.search(one):
            found |= {_LONG_RUN.sub(r"\1", one), _LONG_RUN.sub(r"\1\1", one)}
    return found


def _spelled(texts: list[str]) -> Iterator[tuple[int, set[str]]]:
    """Words written letter by letter: where each may begin, and what it may be."""
    end = 0
    alone = [at for at, text in enumerate(texts) if len(text) == 1][:MOST_SPELLED]
    for first in alone:
        if first >= end:
            end = first
            while end < len(texts) and len(texts[end]) == 1:
                end += 1
        left = min(end - first, LONGEST_SPELLED_LETTERS)
        if left < SHORTEST_SPELLED_LETTERS:
            continue
        whole = "".join(texts[first : first + left])
        if any(sign.isalpha() for sign in whole):
            meant = whole if whole.isalpha() else whole.translate(_ONE["i"]).translate(_DIGITS)
            yield first, {meant[:letters] for letters in range(SHORTEST_SPELLED_LETTERS, left + 1)}
