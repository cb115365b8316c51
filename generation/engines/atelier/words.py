"""A prompt as words: folded, cut, and each with the singular forms it may stand for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from generation.engines.atelier.terms import ALWAYS_PLURAL, PLURALS, UNCHANGED

LONGEST_PROMPT = 4000  # characters that are read
TOKEN = re.compile(r"[^\W\d_]+|\d+|[,.;:!?()|/\n]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number, breaking mark or emoji of a prompt. `figure` is set for an emoji that is a figure."""

    text: str
    mark: bool = False
    figure: str | None = None


def words(prompt: str, emoji: dict[str, str]) -> list[Word]:
    """The words of `prompt`, lower case and without accents; `emoji` maps single emoji to figures. Never fails."""
    found: list[Word] = []
    for piece in emoji_split(prompt[:LONGEST_PROMPT], emoji):
        if piece in emoji:
            found.append(Word(piece, figure=emoji[piece]))
            continue
        # Surrogates on their own cannot be encoded later; folding drops accents, width and compatibility forms.
        clean = piece.encode("utf-8", "ignore").decode("utf-8").replace("'s ", " ").replace("’s ", " ")
        folded = unicodedata.normalize("NFKD", clean.lower())
        folded = "".join(char for char in folded if not unicodedata.combining(char))
        folded = folded.replace("'", "").replace("’", "").replace("-", " ").replace("œ", "oe")
        for match in TOKEN.finditer(folded):
            text = match.group()
            found.append(Word(text, mark=not text[0].isalnum()))
    return found


def emoji_split(text: str, emoji: dict[str, str]) -> list[str]:
    """`text` cut around the emoji that are figures (a variation selector after one is dropped)."""
    if text.isascii():
        return [text]
    pieces, start, at = [], 0, 0
    longest = max(map(len, emoji), default=1)
    while at < len(text):
        if ord(text[at]) >= 0x203C:
            for length in range(min(longest, len(text) - at), 0, -1):
                if text[at : at + length] in emoji:
                    pieces += [text[start:at], text[at : at + length]]
                    at += length
                    while (
                        at < len(text) and text[at] in "\ufe0f\u200d\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
                    ):
                        at += 1
                    start = at
                    break
            else:
                at += 1
        else:
            at += 1
    return [*pieces, text[start:]]


def singulars(word: str) -> tuple[tuple[str, bool], ...]:
    """What `word` may be the form of: (singular, is it plural), the likeliest first."""
    if word in PLURALS:
        return ((PLURALS[word], True),)
    if word in UNCHANGED:
        return ((word, False),)
    forms = [(word, word in ALWAYS_PLURAL)]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        forms.append((word[:-1], True))
        if word.endswith("ies"):
            forms.append((word[:-3] + "y", True))
        if word.endswith(("ches", "shes", "xes", "ses", "oes", "zes")):
            forms.append((word[:-2], True))
        if word.endswith("ves"):
            forms += [(word[:-3] + "f", True), (word[:-3] + "fe", True)]
    return tuple(forms)
